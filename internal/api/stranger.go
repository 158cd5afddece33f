package api

import (
	"net/http"
	"strings"

	"diapason/internal/app"
	"diapason/internal/finding"
	"diapason/internal/language"
)

// doors are what whoever has no session may send something to: the ways in.
var doors = map[string]bool{"session": true, "example-session": true, "first-administrator": true, "password": true}

// strangerBody is the most that is read from whoever has no session, in bytes: a
// name and a password.
const strangerBody = 16 << 10

// strangers keeps whoever has no session from making the server read: what he may
// not ask for is refused before its body, the rest is bounded.
func (s *Server) strangers(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c := callerOf(r.Context())
		what, isAPI := strings.CutPrefix(r.URL.Path, "/api/v1/")
		if c.who != nil || !isAPI || s.takesSamples(r) || r.Method == http.MethodGet || r.Method == http.MethodHead || r.Method == http.MethodOptions {
			next.ServeHTTP(w, r)
			return
		}
		switch {
		case !doors[what]:
			s.writeProblem(w, r, &app.Error{Code: app.CodeSignIn})
		case r.ContentLength > strangerBody:
			s.writeProblem(w, r, tooMuch(c.lang, strangerBody))
		default:
			r.Body = http.MaxBytesReader(w, r.Body, strangerBody)
			next.ServeHTTP(w, r)
		}
	})
}

// tooMuch refuses a body of more than limit bytes.
func tooMuch(lang language.Lang, limit int64) *Problem {
	return problemOf(http.StatusRequestEntityTooLarge, "body-too-large", language.Writer{Lang: lang}.Message("error.body-too-large", finding.Args{"limit": int(limit >> 10)}))
}
