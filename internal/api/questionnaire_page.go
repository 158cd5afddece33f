package api

import (
	"bytes"
	"embed"
	"errors"
	"html/template"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"diapason/internal/app"
	"diapason/internal/finding"
	"diapason/internal/identity"
	"diapason/internal/language"
	"diapason/internal/model"
)

//go:embed questionnaire/form.html
var questionnaireFile embed.FS

var questionnaireTemplate = sync.OnceValue(func() *template.Template {
	return template.Must(template.New("form.html").ParseFS(questionnaireFile, "questionnaire/form.html"))
})

// questionnaireBody bounds what a respondent may send, in bytes: the longest
// answer that is taken, written in the widest characters, with room to spare.
const questionnaireBody = 128 << 10

// Who opens links, and how often, per network. A team behind one address can
// fill its forms; a machine that tries links is slowed down.
var (
	questionnaireReads  = identity.Limit{Burst: 60, Every: time.Second}
	questionnaireWrites = identity.Limit{Burst: 20, Every: 6 * time.Second}
)

// questionnairePages serve whoever holds a link: a form that needs neither an
// account nor JavaScript.
func (s *Server) questionnairePages() {
	reads, writes := identity.NewLimiter(questionnaireReads), identity.NewLimiter(questionnaireWrites)
	limited := func(l *identity.Limiter, next http.HandlerFunc) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			if wait := l.Take(time.Now(), callerOf(r.Context()).origin.Address); wait > 0 {
				w.Header().Set("Retry-After", strconv.Itoa(int(wait.Seconds())+1))
				s.showQuestionnaire(w, r, http.StatusTooManyRequests, &questionnairePage{Message: "busy"})
				return
			}
			next(w, r)
		}
	}
	s.mux.HandleFunc("GET /questionnaire/{token}", limited(reads, s.openQuestionnaire))
	s.mux.HandleFunc("POST /questionnaire/{token}", limited(writes, s.answerQuestionnaire))
}

// questionnairePage is what the respondent's page shows. It knows nothing of the
// model but the title of what is asked about.
type questionnairePage struct {
	Lang         language.Lang
	Organisation string
	Style        string
	Theme        template.CSS
	Title        string
	Message      string // what is said instead of the form: a key
	Until        string
	OfService    bool
	Values       url.Values
	Problems     []questionnaireProblem
	Confirm      bool // what looks contradictory may be confirmed
	w            language.Writer
}

type questionnaireProblem struct{ Field, Text string }

// Q writes a message; pairs are its arguments by name.
func (p *questionnairePage) Q(key string, pairs ...any) string {
	args := finding.Args{}
	for i := 0; i+1 < len(pairs); i += 2 {
		args[pairs[i].(string)] = pairs[i+1]
	}
	text := p.w.Message("questionnaire."+key, args)
	if p.Lang == language.FR {
		text = frenchSpaces.Replace(text)
	}
	return text
}

// Other is the language that the page can be switched to.
func (p *questionnairePage) Other() language.Lang {
	if p.Lang == language.FR {
		return language.EN
	}
	return language.FR
}

// Value is what was typed into a field.
func (p *questionnairePage) Value(field string) string { return p.Values.Get(field) }

// Wrong is the problem of a field, "" for none.
func (p *questionnairePage) Wrong(field string) string {
	for _, x := range p.Problems {
		if x.Field == field {
			return x.Text
		}
	}
	return ""
}

// questionPart hands a field to its template.
type questionPart struct {
	P     *questionnairePage
	Field string
}

// Field hands a field to the template of its kind.
func (p *questionnairePage) Field(field string) questionPart { return questionPart{p, field} }

// choice is an option of a list.
type choice struct {
	Value, Label string
	Chosen       bool
}

// impactRow is a category of impact with its horizons.
type impactRow struct {
	Type, Label, Help string
	Cells             []impactCell
}

type impactCell struct {
	Field, Label string
	Options      []choice
}

// Rows are the questions on impact.
func (p *questionnairePage) Rows() []impactRow {
	var out []impactRow
	for _, c := range app.ImpactTypes {
		row := impactRow{Type: c.Value, Label: c.Label.In(string(p.Lang)), Help: p.Q("help." + c.Value)}
		for _, h := range app.ImpactHorizons {
			field := "impact-" + c.Value + "-" + h.String()
			cell := impactCell{Field: field, Label: p.Q("after", "after", h), Options: []choice{{"", p.Q("level.none"), p.Value(field) == ""}}}
			for level := range app.ImpactLevels + 1 {
				v := strconv.Itoa(level)
				cell.Options = append(cell.Options, choice{v, v + " – " + p.Q("level."+v), p.Value(field) == v})
			}
			row.Cells = append(row.Cells, cell)
		}
		out = append(out, row)
	}
	return out
}

// Units are the units of a length of time.
func (p *questionnairePage) Units(field string) []choice {
	chosen := p.Value(field + "-unit")
	if chosen == "" {
		chosen = "h"
	}
	var out []choice
	for _, u := range []string{"min", "h", "d", "w"} {
		out = append(out, choice{u, p.Q("unit." + u), u == chosen})
	}
	return out
}

func (s *Server) showQuestionnaire(w http.ResponseWriter, r *http.Request, code int, p *questionnairePage) {
	head := s.app.Head()
	if p.Lang == "" {
		p.Lang = callerOf(r.Context()).lang
	}
	switch r.URL.Query().Get("lang") {
	case "fr":
		p.Lang = language.FR
	case "en":
		p.Lang = language.EN
	}
	p.w, p.Style, p.Theme, p.Organisation = language.Writer{Lang: p.Lang}, catalogueStyleAddress, themeOf(head.Organisation().Color), "Diapason"
	for _, h := range head.OfKind("organisation") {
		p.Organisation = head.Object(h).Title(string(p.Lang))
	}
	var b bytes.Buffer
	if err := questionnaireTemplate().Execute(&b, p); err != nil {
		s.log.Error("the questionnaire could not be written", "error", err)
		http.Error(w, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	h.Set("Referrer-Policy", "no-referrer") // the address is the secret
	h.Set("X-Robots-Tag", "noindex, nofollow")
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self' 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
	w.WriteHeader(code)
	_, _ = w.Write(b.Bytes())
}

// questionnaireStatus is the HTTP status of a state.
var questionnaireStatus = map[app.QuestionnaireState]int{app.QuestionnaireSent: 200, app.QuestionnaireAnswered: 200, app.QuestionnaireExpired: 410, app.QuestionnaireRevoked: 410}

// questionnaireForm opens a link; where it opens nothing it has answered.
func (s *Server) questionnaireForm(w http.ResponseWriter, r *http.Request) (*app.QuestionnaireForm, identity.Token) {
	token := identity.Token(r.PathValue("token"))
	f, err := s.app.OpenQuestionnaire(r.Context(), token)
	var known *app.Error
	switch {
	case err == nil:
		return f, token
	case errors.As(err, &known) && known.Code == app.CodeNotFound:
		s.showQuestionnaire(w, r, http.StatusNotFound, &questionnairePage{Message: "unknown-link"})
	default:
		s.log.Error("a questionnaire could not be opened", "error", err)
		s.showQuestionnaire(w, r, http.StatusServiceUnavailable, &questionnairePage{Message: "failed"})
	}
	return nil, token
}

// pageOf is the page of a form in the state it is in.
func (s *Server) pageOf(r *http.Request, f *app.QuestionnaireForm, state app.QuestionnaireState) *questionnairePage {
	p := &questionnairePage{Lang: f.Language, OfService: f.OfService, Values: url.Values{}}
	if l := r.URL.Query().Get("lang"); l == "fr" || l == "en" {
		p.Lang = language.Lang(l)
	}
	p.w = language.Writer{Lang: p.Lang}
	p.Title, p.Until = f.Title.In(string(p.Lang)), p.w.Date(model.DateOf(f.Expires))
	if state != app.QuestionnaireSent {
		p.Message = string(state)
	}
	return p
}

func (s *Server) openQuestionnaire(w http.ResponseWriter, r *http.Request) {
	if f, _ := s.questionnaireForm(w, r); f != nil {
		s.showQuestionnaire(w, r, questionnaireStatus[f.State], s.pageOf(r, f, f.State))
	}
}

func (s *Server) answerQuestionnaire(w http.ResponseWriter, r *http.Request) {
	f, token := s.questionnaireForm(w, r)
	if f == nil {
		return
	}
	p := s.pageOf(r, f, f.State)
	if f.State != app.QuestionnaireSent {
		s.showQuestionnaire(w, r, questionnaireStatus[f.State], p)
		return
	}
	if t, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || t != "application/x-www-form-urlencoded" {
		p.Message = "failed"
		s.showQuestionnaire(w, r, http.StatusUnsupportedMediaType, p)
		return
	}
	r.Body = http.MaxBytesReader(w, r.Body, questionnaireBody)
	if err := r.ParseForm(); err != nil {
		p.Message = "too-large"
		code := http.StatusBadRequest
		var large *http.MaxBytesError
		if errors.As(err, &large) {
			code = http.StatusRequestEntityTooLarge
		}
		s.showQuestionnaire(w, r, code, p)
		return
	}
	x, problems := readAnswer(r.PostForm)
	state := app.QuestionnaireSent
	if len(problems) == 0 {
		var err error
		if state, problems, err = s.app.AnswerQuestionnaire(r.Context(), token, x); err != nil {
			s.log.Error("an answer could not be kept", "error", err)
			p.Message = "failed"
			s.showQuestionnaire(w, r, http.StatusServiceUnavailable, p)
			return
		}
	} else {
		problems = append(problems, x.Check(f.OfService)...)
	}
	if len(problems) > 0 {
		p.Values, p.Confirm = r.PostForm, true
		for _, x := range problems {
			p.Problems = append(p.Problems, questionnaireProblem{x.Field, p.Q(strings.TrimPrefix(x.Key, "questionnaire."), pairsOf(x.Args)...)})
			p.Confirm = p.Confirm && x.Confirm
		}
		s.showQuestionnaire(w, r, http.StatusUnprocessableEntity, p)
		return
	}
	if state != app.QuestionnaireAnswered {
		s.showQuestionnaire(w, r, questionnaireStatus[state], s.pageOf(r, f, state))
		return
	}
	// See other: going back or loading again sends nothing twice.
	to := url.URL{Path: r.URL.Path}
	if l := r.URL.Query().Get("lang"); l == "fr" || l == "en" {
		to.RawQuery = "lang=" + l
	}
	w.Header().Set("Referrer-Policy", "no-referrer")
	w.Header().Set("Cache-Control", "no-store")
	http.Redirect(w, r, to.String(), http.StatusSeeOther)
}

func pairsOf(args finding.Args) []any {
	var out []any
	for k, v := range args {
		out = append(out, k, v)
	}
	return out
}

var unitLengths = map[string]time.Duration{"min": time.Minute, "h": time.Hour, "d": 24 * time.Hour, "w": 7 * 24 * time.Hour}

// readAnswer reads what the form sends. Fields that it does not know are left
// alone; what cannot be read is told beside its field.
func readAnswer(v url.Values) (app.ImpactAnswer, []app.AnswerProblem) {
	x := app.ImpactAnswer{Name: v.Get("name"), Function: v.Get("function"), Activity: v.Get("activity"), Minimum: v.Get("minimum"), Peaks: v.Get("peaks"), Relies: v.Get("relies"), Comments: v.Get("comments"), Confirmed: v.Get("confirmed") == "yes"}
	var problems []app.AnswerProblem
	for _, c := range app.ImpactTypes {
		for _, h := range app.ImpactHorizons {
			text := v.Get("impact-" + c.Value + "-" + h.String())
			if text == "" {
				continue
			}
			level, err := strconv.Atoi(text)
			if err != nil || level < 0 || level > app.ImpactLevels {
				problems = append(problems, app.AnswerProblem{Field: "impact-" + c.Value, Key: "questionnaire.problem.level"})
				continue
			}
			x.Impact = append(x.Impact, model.Impact{Type: c.Value, After: h, Level: level})
		}
	}
	for _, d := range []struct {
		field string
		to    **model.Duration
	}{{"mtpd", &x.MTPD}, {"rto", &x.RTO}, {"rpo", &x.RPO}} {
		text := strings.ReplaceAll(strings.TrimSpace(v.Get(d.field)), ",", ".")
		if text == "" {
			continue
		}
		n, err := strconv.ParseFloat(text, 64)
		unit := unitLengths[v.Get(d.field+"-unit")]
		if err != nil || unit == 0 || !(n >= 0 && n <= 1e6) {
			problems = append(problems, app.AnswerProblem{Field: d.field, Key: "questionnaire.problem.duration"})
			continue
		}
		// The bound keeps the product from overflowing: it is refused as too long.
		value := model.Duration(time.Duration(min(n*unit.Hours(), 1e6) * float64(time.Hour)).Round(time.Minute))
		*d.to = &value
	}
	return x, problems
}
