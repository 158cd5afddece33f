package identity

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestWeaknesses(t *testing.T) {
	for _, c := range []struct {
		name, login, password string
		want                  []Weakness
	}{
		{"a sentence is accepted", "jeanne", "le chat dort sous la table", nil},
		{"twelve unrelated characters are accepted", "jeanne", "k7Lq-zP0v!xW", nil},
		{"accents and other scripts are accepted", "jeanne", "чудесный обед à Étretat", nil},
		{"eleven characters are too few", "jeanne", "k7Lq-zP0v!x", []Weakness{WeakTooShort}},
		{"characters are counted, not bytes", "jeanne", "ééàùçœéàùçœ", []Weakness{WeakTooShort}},
		{"compatibility forms count as what they stand for", "jeanne", "ﬃﬃﬃﬃ", []Weakness{WeakRepetitive}},
		{"256 characters are accepted", "jeanne", strings.Repeat("abcdefgh", 32), nil},
		{"257 characters are too many", "jeanne", strings.Repeat("abcdefgh", 32) + "i", []Weakness{WeakTooLong}},
		{"a megabyte is refused at once", "jeanne", strings.Repeat("a", 1<<20), []Weakness{WeakTooLong}},
		{"the login is refused", "jeanne.durand", "jeanne.durand", []Weakness{WeakIsLogin}},
		{"the login in capitals is refused", "jeanne.durand", "JEANNE.DURAND", []Weakness{WeakIsLogin}},
		{"the login with a year is refused", "jeanne.durand", "jeanne.durand2027!", []Weakness{WeakIsLogin}},
		{"the login twice is refused", "jeanne", "JeanneJeanne", []Weakness{WeakIsLogin}},
		{"the local part of an address is refused", "jeanne.durand@hopital.fr", "jeanne-durand-1", []Weakness{WeakIsLogin}},
		{"the login inside a sentence is accepted", "jeanne", "jeanne mange du pain", nil},
		{"a common password is refused", "jeanne", "Motdepasse123", []Weakness{WeakCommon}},
		{"a common word with digits around is refused", "jeanne", "2027Bienvenue!!", []Weakness{WeakCommon}},
		{"a row of the keyboard is refused", "jeanne", "azertyuiopqs", []Weakness{WeakCommon}},
		{"one character over and over is refused", "jeanne", "aaaaaaaaaaaaaa", []Weakness{WeakRepetitive}},
		{"a few characters over and over are refused", "jeanne", "xy7-xy7-xy7-xy", []Weakness{WeakRepetitive}},
		{"counting up is refused", "jeanne", "123456789012", []Weakness{WeakRepetitive}},
		{"counting down is refused", "jeanne", "zyxwvutsrqpo", []Weakness{WeakRepetitive}},
		{"what is not text is refused", "jeanne", "abcdefghijk\xff", []Weakness{WeakNotText}},
		{"control characters are refused", "jeanne", "le chat\x00 dort ici", []Weakness{WeakNotText}},
		{"an empty password is too short", "jeanne", "", []Weakness{WeakTooShort}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := Weaknesses(c.login, c.password); !slices.Equal(got, c.want) {
				t.Errorf("got %v, want %v", got, c.want)
			}
		})
	}
}

func TestEveryCommonPasswordOfSufficientLengthIsRefused(t *testing.T) {
	for p := range commonPasswords() {
		if len(p) >= MinPassword && !slices.Contains(Weaknesses("jeanne", p), WeakCommon) {
			t.Errorf("%q is accepted", p)
		}
	}
	if len(commonPasswords()) < 150 {
		t.Errorf("the list has %d passwords", len(commonPasswords()))
	}
}

func TestNormaliseLogin(t *testing.T) {
	for _, c := range []struct{ name, login, want string }{
		{"capitals and space around do not count", "  Jeanne.Durand ", "jeanne.durand"},
		{"an address is a login", "Jeanne@Hopital.FR", "jeanne@hopital.fr"},
		{"accents are kept, composed or not", "He\u0301le\u0300ne", "hélène"},
		{"full-width letters are letters", "ｊｅａｎｎｅ", "jeanne"},
		{"one character is too short", "j", ""},
		{"a space inside is refused", "jeanne durand", ""},
		{"a control character is refused", "jeanne\x00", ""},
		{"a direction override is refused", "jeanne\u202e", ""},
		{"bytes that are no text are refused", "jeanne\xff", ""},
		{"129 characters are too many", strings.Repeat("a", 129), ""},
		{"nothing is refused", "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := NormaliseLogin(c.login)
			if got != c.want || (err != nil) != (c.want == "") {
				t.Errorf("got %q, %v; want %q", got, err, c.want)
			}
			if err != nil && CodeOf(err) != CodeLoginInvalid {
				t.Errorf("code %q", CodeOf(err))
			}
		})
	}
	rapid.Check(t, func(t *rapid.T) {
		once, err := NormaliseLogin(rapid.String().Draw(t, "login"))
		if err != nil {
			return
		}
		if twice, err := NormaliseLogin(once); err != nil || twice != once {
			t.Fatalf("%q normalises to %q (%v)", once, twice, err)
		}
	})
}

func FuzzParsePHC(f *testing.F) {
	f.Add("$argon2id$v=19$m=32768,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$RdescudvJCsgt3ub+b1dWRWJTmaaJObGRdescudvJCs")
	f.Add("$argon2id$v=19$m=4294967295,t=4294967295,p=0$$")
	f.Add("$argon2i$v=19$m=8,t=1,p=1$c29tZXNhbHQ$c29tZXNhbHQ")
	f.Add("")
	f.Fuzz(func(t *testing.T, s string) {
		p, err := parsePHC(s)
		if err != nil {
			return
		}
		if p.Memory > maxMemory || p.Time > maxTime || p.Threads == 0 || len(p.salt) == 0 || len(p.hash) < 16 {
			t.Fatalf("%q is accepted as %+v", s, p)
		}
		again, err := parsePHC(p.String())
		if err != nil || again.String() != p.String() {
			t.Fatalf("%q does not read back: %v", p.String(), err)
		}
	})
}
