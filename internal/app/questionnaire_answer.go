package app

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"diapason/internal/finding"
	"diapason/internal/identity"
	"diapason/internal/language"
	"diapason/internal/model"
	"diapason/internal/store"
)

// ImpactHorizons are the lengths of an interruption that the questionnaire asks
// about.
var ImpactHorizons = []model.Duration{model.Duration(time.Hour), model.Duration(4 * time.Hour), model.Duration(24 * time.Hour), model.Duration(3 * 24 * time.Hour), model.Duration(7 * 24 * time.Hour)}

// ImpactTypes are the categories of impact, as the schema lists them.
var ImpactTypes = func() []model.Choice {
	for _, f := range model.KindOf("business-activity").Fields {
		if f.Name == "impact" {
			for _, x := range f.Item.Fields {
				if x.Name == "type" {
					return x.Choices
				}
			}
		}
	}
	return nil
}()

// Bounds of an answer.
const (
	ImpactLevels  = 4    // the highest level of impact
	answerName    = 120  // characters
	answerText    = 4000 // characters
	answerLongest = model.Duration(366 * 24 * time.Hour)
	evidenceLimit = 256 << 10 // bytes
)

// ImpactAnswer is what a business manager answers to an impact questionnaire.
// Nil durations are not known.
type ImpactAnswer struct {
	Name     string          `json:"name"`
	Function string          `json:"function,omitempty"`
	Activity string          `json:"activity,omitempty"` // where the questionnaire is about a service
	Impact   []model.Impact  `json:"impact,omitempty"`
	MTPD     *model.Duration `json:"mtpd,omitempty"`
	RTO      *model.Duration `json:"rto,omitempty"`
	RPO      *model.Duration `json:"rpo,omitempty"`
	Minimum  string          `json:"minimum,omitempty"`
	Peaks    string          `json:"peaks,omitempty"`
	Relies   string          `json:"relies,omitempty"`
	Comments string          `json:"comments,omitempty"`
	// Confirmed says that the respondent stands by what looks contradictory.
	Confirmed bool `json:"confirmed,omitempty"`
}

// AnswerProblem is what is wrong with an answer: a field, and the key of the
// sentence.
type AnswerProblem struct {
	Field, Key string
	Args       finding.Args
	Confirm    bool // may be confirmed instead of corrected
}

// QuestionnaireForm is all that whoever holds a link is told.
type QuestionnaireForm struct {
	State     QuestionnaireState
	Title     model.Text // of the activity or service
	Language  language.Lang
	OfService bool
	Expires   time.Time
	Answered  time.Time
}

// OpenQuestionnaire tells the holder of a link what it opens; a link that is none
// is not found. Opening changes nothing: mail scanners open links, too.
func (a *App) OpenQuestionnaire(ctx context.Context, token identity.Token) (*QuestionnaireForm, error) {
	q, err := a.byToken(ctx, token)
	if err != nil {
		return nil, err
	}
	state := q.state(a.now())
	*q = a.shown(*q)
	return &QuestionnaireForm{State: state, Title: Name(a.Head(), q.Subject).Title, Language: q.Language, OfService: q.Subject.Kind == "service", Expires: q.Expires, Answered: q.Answered}, nil
}

func (a *App) byToken(ctx context.Context, token identity.Token) (*storedQuestionnaire, error) {
	var q *storedQuestionnaire
	err := a.store.View(ctx, func(t store.Querier) (err error) {
		q, err = questionnaireByToken(ctx, t, token)
		return err
	})
	if err == nil && q == nil {
		err = notFound("questionnaire")
	}
	return q, err
}

// clean takes control signs out of what somebody typed.
func clean(s string) string {
	s = strings.ReplaceAll(strings.ToValidUTF8(s, "\ufffd"), "\r\n", "\n")
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' || r == '\u202e' || r == '\u202d' || r == '\u2066' || r == '\u2067' {
			return -1
		}
		return r
	}, s))
}

// Check cleans an answer and lists what is wrong with it, in the order of the
// form.
func (x *ImpactAnswer) Check(ofService bool) []AnswerProblem {
	var out []AnswerProblem
	add := func(field, key string, args finding.Args) {
		out = append(out, AnswerProblem{Field: field, Key: "questionnaire.problem." + key, Args: args})
	}
	words := func(field string, s *string, most int, needed bool) {
		*s = clean(*s)
		if most == answerName {
			*s = strings.Join(strings.Fields(*s), " ")
		}
		switch n := utf8.RuneCountInString(*s); {
		case n > most:
			add(field, "long", finding.Args{"most": most})
		case n == 0 && needed:
			add(field, "needed", nil)
		}
	}
	words("name", &x.Name, answerName, true)
	words("function", &x.Function, answerName, false)
	if !ofService {
		x.Activity = ""
	}
	words("activity", &x.Activity, answerName, ofService)
	seen := map[model.Impact]bool{}
	for _, i := range x.Impact {
		known := slices.ContainsFunc(ImpactTypes, func(c model.Choice) bool { return c.Value == i.Type }) && slices.Contains(ImpactHorizons, i.After)
		key := model.Impact{Type: i.Type, After: i.After}
		if !known || i.Level < 0 || i.Level > ImpactLevels || seen[key] {
			add("impact", "level", nil)
			break
		}
		seen[key] = true
	}
	if len(x.Impact) == 0 {
		add("impact", "impact", nil)
	}
	for _, d := range []struct {
		field string
		value *model.Duration
		least model.Duration
	}{{"mtpd", x.MTPD, 1}, {"rto", x.RTO, 1}, {"rpo", x.RPO, 0}} {
		if d.value != nil && (*d.value < d.least || *d.value > answerLongest) {
			add(d.field, "duration", nil)
		}
	}
	words("minimum", &x.Minimum, answerText, false)
	words("peaks", &x.Peaks, answerText, false)
	words("relies", &x.Relies, answerText, false)
	words("comments", &x.Comments, answerText, false)
	if len(out) > 0 || x.Confirmed {
		return out
	}
	return x.doubts()
}

// doubts are contradictions that a respondent corrects or confirms: impact that
// falls while an interruption lasts, a recovery wanted later than the longest
// tolerable interruption.
func (x *ImpactAnswer) doubts() []AnswerProblem {
	var out []AnswerProblem
	for _, c := range ImpactTypes {
		last := -1
		for _, h := range ImpactHorizons {
			for _, i := range x.Impact {
				if i.Type != c.Value || i.After != h {
					continue
				}
				if i.Level < last {
					out = append(out, AnswerProblem{Field: "impact-" + c.Value, Key: "questionnaire.problem.falls", Args: finding.Args{"type": c.Label, "after": h}, Confirm: true})
				}
				last = i.Level
			}
		}
	}
	if x.MTPD != nil && x.RTO != nil && *x.RTO > *x.MTPD {
		out = append(out, AnswerProblem{Field: "rto", Key: "questionnaire.problem.late", Args: finding.Args{"rto": *x.RTO, "mtpd": *x.MTPD}, Confirm: true})
	}
	return out
}

// errClosed says that a link was closed while its answer was on the way.
var errClosed = errors.New("closed")

// AnswerQuestionnaire takes the answer of whoever holds a link, once. The answer
// becomes evidence, word for word, and a draft that its manager reviews: nothing
// of the model changes by it. What is wrong with the answer is told, and the link
// stays open. A link that was answered before gives its state and keeps the
// first answer.
func (a *App) AnswerQuestionnaire(ctx context.Context, token identity.Token, x ImpactAnswer) (QuestionnaireState, []AnswerProblem, error) {
	q, err := a.byToken(ctx, token)
	if err != nil {
		return "", nil, err
	}
	now := a.now().UTC()
	if state := q.state(now); state != QuestionnaireSent {
		return state, nil, nil
	}
	if problems := x.Check(q.Subject.Kind == "service"); len(problems) > 0 {
		return QuestionnaireSent, problems, nil
	}
	raw, err := json.Marshal(x)
	if err != nil {
		return "", nil, err
	}
	blob, err := a.store.PutBlob(ctx, "text/plain; charset=utf-8", strings.NewReader(a.transcript(q, &x, now)), evidenceLimit)
	if err != nil {
		return "", nil, err
	}
	err = a.store.Tx(ctx, func(t store.Querier) error {
		n, err := t.Exec(ctx, `UPDATE questionnaire SET answered = $2, respondent = $3, answer = $4, evidence = $5
			WHERE id = $1 AND answered IS NULL AND revoked IS NULL AND expires > $2`, q.ID, now.UnixMicro(), x.Name, raw, blob.SHA256)
		if err == nil && n == 0 {
			return errClosed
		}
		return err
	})
	if errors.Is(err, errClosed) { // somebody was faster, or the manager closed it
		if q, err = a.byToken(ctx, token); err != nil {
			return "", nil, err
		}
		return q.state(now), nil, nil
	}
	if err != nil {
		return "", nil, err
	}
	// The answer is safe; a draft that cannot be made now is made when it is reviewed.
	q.Answered, q.Respondent, q.Answer, q.Evidence = now, x.Name, &x, blob.SHA256
	if _, err := a.draftOfAnswer(ctx, q, q.Author); err != nil {
		a.log.Error("no draft could be made of an answer", "questionnaire", q.ID, "error", err)
	}
	return QuestionnaireAnswered, nil, nil
}
