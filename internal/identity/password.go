package identity

import (
	_ "embed"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Bounds of a password's length, in characters after normalisation.
const (
	MinPassword = 12
	MaxPassword = 256
)

// Weakness is one reason why a password is refused.
type Weakness string

// The weaknesses.
const (
	// WeakTooShort: fewer than MinPassword characters.
	WeakTooShort Weakness = "too-short"
	// WeakTooLong: more than MaxPassword characters.
	WeakTooLong Weakness = "too-long"
	// WeakIsLogin: the login itself, alone or with digits and signs around it.
	WeakIsLogin Weakness = "is-login"
	// WeakCommon: one of the passwords that are tried first.
	WeakCommon Weakness = "common"
	// WeakRepetitive: a few characters over and over, or a run such as 123456789012.
	WeakRepetitive Weakness = "repetitive"
	// WeakNotText: not UTF-8 text, or with control characters in it.
	WeakNotText Weakness = "not-text"
	// WeakUnchanged: the same as the password it replaces.
	WeakUnchanged Weakness = "unchanged"
)

//go:embed common-passwords.txt
var commonPasswordsText string

var commonPasswords = sync.OnceValue(func() map[string]bool {
	m := map[string]bool{}
	for line := range strings.Lines(commonPasswordsText) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			m[plain(line)] = true
		}
	}
	return m
})

// normalise gives the password that is hashed: NFKC, so that the same keys
// give the same password on every keyboard and system (NIST SP 800-63B 3.1.1.2).
func normalise(password string) string { return norm.NFKC.String(password) }

// Weaknesses says why a password is refused for a login; none means it is
// accepted. Length and the passwords tried first are what counts: there are no
// rules about kinds of characters (NIST SP 800-63B).
func Weaknesses(login, password string) []Weakness {
	// Before any work: four bytes a character, and room for compatibility forms.
	if len(password) > 8*MaxPassword {
		return []Weakness{WeakTooLong}
	}
	if !utf8.ValidString(password) || strings.ContainsFunc(password, unicode.IsControl) {
		return []Weakness{WeakNotText}
	}
	password = normalise(password)
	var out []Weakness
	switch n := utf8.RuneCountInString(password); {
	case n < MinPassword:
		out = append(out, WeakTooShort)
	case n > MaxPassword:
		out = append(out, WeakTooLong)
	}
	if isLogin(login, password) {
		out = append(out, WeakIsLogin)
	}
	bare := plain(password)
	if commonPasswords()[bare] || commonPasswords()[strings.TrimFunc(bare, notLetter)] && len(bare) < 20 {
		out = append(out, WeakCommon)
	}
	if repetitive([]rune(bare)) {
		out = append(out, WeakRepetitive)
	}
	return out
}

// plain is a password without case, for comparisons.
func plain(password string) string { return strings.ToLower(normalise(password)) }

func notLetter(r rune) bool { return !unicode.IsLetter(r) }

// isLogin reports whether the password is the login, or the part of it before
// the @, with nothing but digits and signs besides, once or several times.
func isLogin(login, password string) bool {
	letters := func(s string) string {
		return strings.Map(func(r rune) rune {
			if unicode.IsLetter(r) {
				return r
			}
			return -1
		}, plain(s))
	}
	local, _, _ := strings.Cut(login, "@")
	got := letters(password)
	for _, name := range []string{letters(login), letters(local)} {
		if name != "" && got != "" && strings.ReplaceAll(got, name, "") == "" {
			return true
		}
	}
	return login != "" && plain(password) == plain(login)
}

// repetitive reports whether the text repeats a unit of up to four characters,
// or goes up or down one character at a time.
func repetitive(text []rune) bool {
	if len(text) < 4 {
		return false
	}
	for unit := 1; unit <= 4; unit++ {
		if follows(text, unit, func(before, after rune) bool { return before == after }) {
			return true
		}
	}
	return follows(text, 1, func(before, after rune) bool { return after == before+1 || before == '9' && after == '0' }) ||
		follows(text, 1, func(before, after rune) bool { return after == before-1 || before == '0' && after == '9' })
}

func follows(text []rune, distance int, same func(before, after rune) bool) bool {
	if len(text) < 3*distance {
		return false
	}
	for i := distance; i < len(text); i++ {
		if !same(text[i-distance], text[i]) {
			return false
		}
	}
	return true
}
