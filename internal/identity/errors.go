package identity

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// Code names what went wrong, in a form that never changes. The HTTP status
// and the words a user reads are derived from it elsewhere.
type Code string

// Codes of this package's errors.
const (
	// CodeInvalidCredentials: login or password wrong, or the account cannot
	// sign in. Which of these is never said.
	CodeInvalidCredentials Code = "invalid-credentials"
	// CodeTooManyAttempts: wait Error.RetryAfter, then try again.
	CodeTooManyAttempts Code = "too-many-attempts"
	// CodeWeakPassword: Error.Weaknesses says why.
	CodeWeakPassword Code = "weak-password"
	// CodeLinkUnknown: no such one-time link (mistyped, or replaced by a newer one).
	CodeLinkUnknown Code = "link-unknown"
	// CodeLinkUsed: the one-time link has been used.
	CodeLinkUsed Code = "link-used"
	// CodeLinkExpired: the one-time link was not used in time.
	CodeLinkExpired Code = "link-expired"
	// CodeLoginTaken: another account has this login.
	CodeLoginTaken Code = "login-taken"
	// CodeLoginInvalid: the login does not have the form of one.
	CodeLoginInvalid Code = "login-invalid"
	// CodeLanguageInvalid: the language is not one the product speaks.
	CodeLanguageInvalid Code = "language-invalid"
	// CodeLastAdministrator: the change would leave no active administrator.
	CodeLastAdministrator Code = "last-administrator"
	// CodeAccountUnknown: no account has this identifier.
	CodeAccountUnknown Code = "account-unknown"
	// CodeAccountInactive: the account is deactivated or erased.
	CodeAccountInactive Code = "account-inactive"
	// CodeSessionUnknown: the session does not exist, has expired or was revoked.
	CodeSessionUnknown Code = "session-unknown"
	// CodeGrantInvalid: the grant names no role, a scope the role cannot have,
	// or dates that do not follow each other.
	CodeGrantInvalid Code = "grant-invalid"
	// CodeGrantUnknown: the account does not hold the grant to be revoked.
	CodeGrantUnknown Code = "grant-unknown"
	// CodeGrantHeld: the account already holds this grant.
	CodeGrantHeld Code = "grant-held"
	// CodeAccessDenied: a policy, or the absence of one, refuses; Error.Decision says which.
	CodeAccessDenied Code = "access-denied"
)

// Error is the error type of this package for everything a caller can act on.
// Failures of the store are returned as they are, wrapped.
type Error struct {
	Code Code
	// Field is the input the error is about ("login", "password", "role", …), or "".
	Field string
	// Value is the offending input where it is safe to repeat it, or "".
	Value string
	// RetryAfter is set with CodeTooManyAttempts.
	RetryAfter time.Duration
	// Weaknesses is set with CodeWeakPassword.
	Weaknesses []Weakness
	// Decision is set with CodeAccessDenied.
	Decision *Decision
}

var sentences = map[Code]string{
	CodeInvalidCredentials: "login or password is wrong",
	CodeTooManyAttempts:    "too many attempts to sign in",
	CodeWeakPassword:       "the password is too weak",
	CodeLinkUnknown:        "no such one-time link: ask for a new one",
	CodeLinkUsed:           "the one-time link has been used: ask for a new one",
	CodeLinkExpired:        "the one-time link has expired: ask for a new one",
	CodeLoginTaken:         "another account has this login: choose another",
	CodeLoginInvalid:       "a login has 2 to 128 letters, digits or . _ - @ + and no space",
	CodeLanguageInvalid:    "the language is one of fr, en",
	CodeLastAdministrator:  "this would leave no active administrator: make another account administrator first",
	CodeAccountUnknown:     "no such account",
	CodeAccountInactive:    "the account is not active",
	CodeSessionUnknown:     "the session has ended: sign in again",
	CodeGrantInvalid:       "the grant is not valid",
	CodeGrantUnknown:       "the account does not hold this grant",
	CodeGrantHeld:          "the account already holds this grant",
	CodeAccessDenied:       "access denied",
}

// Error is an English sentence for logs; users read the translation of Code.
func (e *Error) Error() string {
	var b strings.Builder
	if s, ok := sentences[e.Code]; ok {
		b.WriteString(s)
	} else {
		b.WriteString(string(e.Code))
	}
	if e.RetryAfter > 0 {
		fmt.Fprintf(&b, ": retry in %s", e.RetryAfter.Round(time.Second))
	}
	for i, w := range e.Weaknesses {
		if i == 0 {
			b.WriteString(": ")
		} else {
			b.WriteString(", ")
		}
		b.WriteString(string(w))
	}
	if e.Field != "" {
		b.WriteString(" (" + e.Field)
		if e.Value != "" {
			fmt.Fprintf(&b, " %q", e.Value)
		}
		b.WriteString(")")
	}
	if e.Decision != nil {
		fmt.Fprintf(&b, " (%s)", e.Decision.Reason)
	}
	return b.String()
}

// Is makes errors.Is compare codes.
func (e *Error) Is(target error) bool {
	t, ok := target.(*Error)
	return ok && t.Code == e.Code
}

// CodeOf gives the code of the first Error in err's chain, or "".
func CodeOf(err error) Code {
	var e *Error
	if errors.As(err, &e) {
		return e.Code
	}
	return ""
}
