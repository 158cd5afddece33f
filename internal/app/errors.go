package app

import (
	"errors"
	"maps"

	"diapason/internal/finding"
	"diapason/internal/language"
	"diapason/internal/model"
	"diapason/internal/store"
)

// Code is the stable name of what went wrong; its sentence is the message
// "error.<code>" of package language.
type Code string

// The codes of the use cases.
const (
	CodeNotFound    Code = "not-found"
	CodeForbidden   Code = "forbidden"
	CodeSignIn      Code = "sign-in-required"
	CodeInvalid     Code = "invalid"
	CodeConflict    Code = "conflict"
	CodeBlocked     Code = "publication-blocked"
	CodeSamePerson  Code = "same-person"
	CodeReason      Code = "reason-required"
	CodeEmpty       Code = "nothing-to-do"
	CodeAlready     Code = "already-decided"
	CodeClosed      Code = "questionnaire-closed"
	CodeTooLarge    Code = "too-large"
	CodeUnavailable Code = "unavailable"
	CodeReserved    Code = "reserved-kind"

	CodePeriod          Code = "period-unreadable"
	CodeTooEarly        Code = "period-too-early"
	CodeNothingPromised Code = "nothing-promised"
	CodeSealGone        Code = "seal-gone"
	CodeNoStatement     Code = "no-statement"
	CodeNoAddress       Code = "no-address"
)

// Error is a failure of a use case that a person can act on.
type Error struct {
	Code      Code
	Args      finding.Args
	Issues    []model.Issue    // with CodeInvalid
	Conflicts []model.Conflict // with CodeConflict
	Findings  []string         // identifiers of findings, with CodeBlocked
	Cause     error
}

// Error is the English sentence.
func (e *Error) Error() string { return e.In(language.EN) }

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Cause }

// In is the sentence in a language.
func (e *Error) In(l language.Lang) string {
	w := language.Writer{Lang: l}
	args := e.Args
	if e.Code == CodeInvalid && len(e.Issues) > 0 {
		args = maps.Clone(args)
		args["first"] = w.Issue(e.Issues[0]).Message
	}
	return w.Message("error."+string(e.Code), args)
}

func fail(code Code, args finding.Args) *Error { return &Error{Code: code, Args: args} }

func notFound(what string) *Error { return fail(CodeNotFound, finding.Args{"what": what}) }

// fromStore turns a store's not-found into the use case's.
func fromStore(err error, what string) error {
	var e *store.Error
	if errors.As(err, &e) && e.Code == store.CodeNotFound {
		return notFound(what)
	}
	return err
}

func codeIs(err error, code Code) bool {
	var e *Error
	return errors.As(err, &e) && e.Code == code
}
