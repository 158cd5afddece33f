package api

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"runtime/debug"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"diapason/internal/app"
	"diapason/internal/finding"
	"diapason/internal/identity"
	"diapason/internal/language"
	"diapason/internal/model"
	"diapason/internal/store"
)

// Problem is an error as RFC 9457 has it, in the reader's language.
type Problem struct {
	Type      string           `json:"type"`
	Title     string           `json:"title"`
	Status    int              `json:"status"`
	Detail    string           `json:"detail"`
	Code      string           `json:"code"`
	Errors    []model.Issue    `json:"errors,omitempty"`
	Conflicts []model.Conflict `json:"conflicts,omitempty"`
	Findings  []string         `json:"findings,omitempty"`
	Retry     int              `json:"retryAfterSeconds,omitempty"`
	Reference string           `json:"reference,omitempty"`
}

// Error is the sentence.
func (p *Problem) Error() string { return p.Detail }

// GetStatus is the HTTP status.
func (p *Problem) GetStatus() int { return p.Status }

// ContentType is that of RFC 9457.
func (p *Problem) ContentType(string) string { return "application/problem+json" }

func init() {
	// huma's own refusals (types, ranges, sizes) take the same form.
	huma.NewErrorWithContext = func(ctx huma.Context, status int, msg string, errs ...error) huma.StatusError {
		lang := language.EN
		if ctx != nil {
			lang = callerOf(ctx.Context()).lang
		}
		return requestProblem(lang, status, msg, errs)
	}
	huma.NewError = func(status int, msg string, errs ...error) huma.StatusError {
		return requestProblem(language.EN, status, msg, errs)
	}
}

func requestProblem(lang language.Lang, status int, msg string, errs []error) *Problem {
	if len(errs) == 1 {
		var p *Problem
		if errors.As(errs[0], &p) {
			return p
		}
	}
	for _, e := range errs {
		var most *http.MaxBytesError
		if errors.As(e, &most) {
			return tooMuch(lang, most.Limit)
		}
	}
	w := language.Writer{Lang: lang}
	p := problemOf(status, "bad-request", w.Message("error.bad-request", finding.Args{"detail": w.Library(msg)}))
	for _, e := range errs {
		var d *huma.ErrorDetail
		if errors.As(e, &d) {
			p.Errors = append(p.Errors, model.Issue{Pointer: d.Location, Message: w.Library(d.Message)})
		} else if e != nil {
			p.Errors = append(p.Errors, model.Issue{Message: w.Library(e.Error())})
		}
	}
	return p
}

func problemOf(status int, code, detail string) *Problem {
	return &Problem{Type: "about:blank", Title: http.StatusText(status), Status: status, Code: code, Detail: detail}
}

var statusOf = map[app.Code]int{
	app.CodePeriod: 422, app.CodeTooEarly: 422, app.CodeNothingPromised: 422, app.CodeSealGone: 410, app.CodeNoStatement: 404, app.CodeNoChannel: 422, app.CodeNoMailbox: 422,
	app.CodeNotFound: 404, app.CodeForbidden: 403, app.CodeSignIn: 401, app.CodeInvalid: 422, app.CodeConflict: 409, app.CodeBlocked: 409,
	app.CodeSamePerson: 403, app.CodeReason: 422, app.CodeEmpty: 422, app.CodeAlready: 409, app.CodeClosed: 409, app.CodeTooLarge: 413, app.CodeUnavailable: 503, app.CodeReserved: 403,
}

var statusOfStore = map[store.Code]int{
	store.CodeNotFound: 404, store.CodeErased: 410, store.CodeConflict: 409, store.CodeDraftChanged: 409, store.CodeBlobTooLarge: 413, store.CodeInvalid: 422,
	store.CodeDiskFull: 507, store.CodeReadOnly: 503, store.CodeLocked: 503, store.CodeUnavailable: 503, store.CodeOutcomeUnknown: 503,
}

var statusOfIdentity = map[identity.Code]int{
	identity.CodeInvalidCredentials: 401, identity.CodeTooManyAttempts: 429, identity.CodeSessionUnknown: 401, identity.CodeAccessDenied: 403, identity.CodeAccountUnknown: 404,
}

// problem turns any error into what a person can act on; the unexpected goes to
// the log under a reference.
func (s *Server) problem(ctx context.Context, err error) error {
	lang := callerOf(ctx).lang
	var already *Problem
	var known *app.Error
	var stored *store.Error
	var who *identity.Error
	switch {
	case errors.As(err, &already):
		return already
	case errors.As(err, &known):
		p := problemOf(statusOf[known.Code], string(known.Code), s.sentence(known, lang))
		p.Errors, p.Conflicts, p.Findings = language.Writer{Lang: lang}.Issues(known.Issues), known.Conflicts, known.Findings
		return p
	case errors.As(err, &who):
		return identityProblem(who, lang)
	case errors.As(err, &stored):
		status := statusOfStore[stored.Code]
		if status == 0 {
			status = 500
		}
		if status >= 500 {
			s.log.Error("store", "error", err, "cause", stored.Cause)
		}
		return problemOf(status, "store-"+string(stored.Code), StoreSentence(stored, lang))
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return problemOf(503, string(app.CodeUnavailable), language.Writer{Lang: lang}.Message("error.unavailable", nil))
	}
	reference := rand.Text()[:10]
	s.log.Error("unexpected", "reference", reference, "error", err)
	p := problemOf(500, "internal", language.Writer{Lang: lang}.Message("error.internal", finding.Args{"reference": reference}))
	p.Reference = reference
	return p
}

// sentence renders an error of a use case with titles and role names.
func (s *Server) sentence(e *app.Error, lang language.Lang) string {
	w := app.WriterFor(s.app.Head(), lang)
	args := finding.Args{}
	for k, v := range e.Args {
		args[k] = v
	}
	if e.Code == app.CodeInvalid && len(e.Issues) > 0 {
		args["first"] = w.Issue(e.Issues[0]).Message
	}
	if roles, ok := args["roles"].([]string); ok {
		labels := make([]string, len(roles))
		for i, r := range roles {
			label, _ := model.ChoiceLabel(model.RoleName(r))
			labels[i] = label.In(string(lang))
		}
		args["roles"] = labels
	}
	return w.Message("error."+string(e.Code), args)
}

// StoreSentence says a failure of the store in a language.
func StoreSentence(e *store.Error, lang language.Lang) string {
	if lang == language.EN {
		return e.Error()
	}
	key := "store." + string(e.Code)
	if text := (language.Writer{Lang: lang}).Message(key, finding.Args{"place": e.Place, "format": int(e.Format), "known": int(e.Known)}); text != key {
		return text
	}
	return e.Error()
}

func identityProblem(e *identity.Error, lang language.Lang) *Problem {
	status := statusOfIdentity[e.Code]
	if status == 0 {
		status = 422
	}
	weak := make([]string, len(e.Weaknesses))
	w := language.Writer{Lang: lang}
	for i, x := range e.Weaknesses {
		weak[i] = w.Message("weakness."+string(x), nil)
	}
	p := problemOf(status, string(e.Code), w.Message("identity."+string(e.Code), finding.Args{"field": e.Field, "value": e.Value, "after": e.RetryAfter.Round(time.Second), "why": weak}))
	if e.Field != "" {
		p.Errors = []model.Issue{{Pointer: "/" + e.Field, Message: p.Detail}}
	}
	p.Retry = int(e.RetryAfter.Seconds())
	return p
}

func (s *Server) writeProblem(w http.ResponseWriter, r *http.Request, err error) {
	p := s.problem(r.Context(), err).(*Problem)
	w.Header().Set("Content-Type", "application/problem+json")
	if p.Retry > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(p.Retry))
	}
	w.WriteHeader(p.Status)
	_ = json.NewEncoder(w).Encode(p)
}

// recover answers a request whose handler failed beyond errors, and keeps serving.
func (s *Server) recover(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			if v := recover(); v != nil && v != http.ErrAbortHandler {
				s.log.Error("panic", "path", r.URL.Path, "panic", v, "stack", string(debug.Stack()))
				s.writeProblem(w, r, fmt.Errorf("panic: %v", v))
			}
		}()
		next.ServeHTTP(w, r)
	})
}
