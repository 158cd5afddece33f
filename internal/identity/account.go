package identity

import (
	"net/netip"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Account is somebody who can sign in.
type Account struct {
	// ID is opaque and random. It names the account in the log, for ever.
	ID string
	// Login is what is typed to sign in, normalised: lower case, NFKC. Empty once erased.
	Login string
	// Name is shown to others.
	Name string
	// Language of the texts for this account: "fr" or "en".
	Language string
	// Active accounts can sign in.
	Active bool
	// Erased accounts have lost login and name for ever.
	Erased bool
	// Person and Customer are references of the model ("person/jeanne",
	// "customer/emergency"), or "".
	Person, Customer string
	// Created is when; PasswordChanged is zero while there is no password.
	Created, PasswordChanged time.Time
}

// Languages are those in which the product speaks, the default first.
var Languages = []string{"fr", "en"}

var loginForm = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^[\p{L}\p{N}][\p{L}\p{M}\p{N}._@+-]{1,127}$`)
})

// NormaliseLogin gives the form in which logins are kept and compared: without
// surrounding space, compatibility forms folded (NFKC), lower case. It fails
// with CodeLoginInvalid.
func NormaliseLogin(login string) (string, error) {
	if len(login) <= 1024 {
		n := norm.NFKC.String(strings.ToLower(norm.NFKC.String(strings.TrimSpace(login))))
		if utf8.ValidString(login) && utf8.RuneCountInString(n) <= 128 && loginForm().MatchString(n) {
			return n, nil
		}
	}
	return "", &Error{Code: CodeLoginInvalid, Field: "login"}
}

// maxName is the longest name of an account, in characters; longer ones are cut.
const maxName = 200

func cleanName(name, login string) string {
	name = clip(strings.Join(strings.Fields(strings.ToValidUTF8(name, "")), " "), maxName)
	if name == "" {
		return login
	}
	return name
}

// clip cuts a text to at most n characters.
func clip(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n])
	}
	return s
}

func checkLanguage(language string) (string, error) {
	if language == "" {
		return Languages[0], nil
	}
	if !slices.Contains(Languages, language) {
		return "", &Error{Code: CodeLanguageInvalid, Field: "language", Value: clip(language, 40)}
	}
	return language, nil
}

// Method says how somebody proved who he is.
type Method string

// MethodPassword is a sign-in with login and password. Single sign-on and
// passkeys add theirs.
const MethodPassword Method = "password"

// Origin is where a request comes from.
type Origin struct {
	// Address of the client, as the server trusts it.
	Address netip.Addr
	// Agent is the client's description of itself, shown in the list of sessions.
	Agent string
}

const maxAgent = 300

// Session is one sign-in that has not ended.
type Session struct {
	// ID names the session in lists; it is not the token.
	ID      string
	Account string
	Method  Method
	// Created, LastSeen (to the minute) and Expires, whatever use is made of it.
	Created, LastSeen, Expires time.Time
	Origin                     Origin
}

// Opened is a session just begun: the only time that its token is known.
type Opened struct {
	Token   Token
	Session Session
	Account Account
}

// Purpose says what a one-time link lets its bearer do.
type Purpose string

// The purposes.
const (
	// PurposeFirstAdministrator creates the first account of an organisation.
	PurposeFirstAdministrator Purpose = "first-administrator"
	// PurposePassword sets the password of an account.
	PurposePassword Purpose = "password"
)

// Link is a one-time link as it is given out: the only time that its token is known.
type Link struct {
	Token   Token
	Purpose Purpose
	// Account is the account whose password it sets, or "".
	Account string
	Expires time.Time
}
