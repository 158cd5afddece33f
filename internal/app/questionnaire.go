package app

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/hex"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"diapason/internal/finding"
	"diapason/internal/identity"
	"diapason/internal/language"
	"diapason/internal/model"
	"diapason/internal/store"
)

// QuestionnaireState is where a questionnaire stands.
type QuestionnaireState string

// The states of a questionnaire.
const (
	QuestionnaireSent     QuestionnaireState = "sent"     // waits for its answer
	QuestionnaireExpired  QuestionnaireState = "expired"  // was not answered in time
	QuestionnaireRevoked  QuestionnaireState = "revoked"  // was taken back
	QuestionnaireAnswered QuestionnaireState = "answered" // waits for its review
	QuestionnaireTaken    QuestionnaireState = "taken"    // its answer is in force
)

// Bounds of questionnaires.
const (
	questionnaireDays    = 21 // days that a link stays open unless said otherwise
	questionnaireMostDay = 90
	questionnaireLinks   = 10  // links of one questionnaire, reminders included
	recipientLength      = 200 // characters
)

// NewQuestionnaire is what a continuity manager asks.
type NewQuestionnaire struct {
	Subject   model.Ref // business activity, or service whose activity is not known yet
	Recipient string    // whom it is sent to, as a reminder for the manager
	Language  language.Lang
	Days      int // until it closes; 0 for the usual term
	// For is the account that reviews the answer; the operator must name one.
	For string
}

// Questionnaire is an impact questionnaire as its manager sees it.
type Questionnaire struct {
	ID         string
	Subject    Named
	Recipient  string
	Language   language.Lang
	Author     string // account
	State      QuestionnaireState
	Created    time.Time
	Expires    time.Time
	Answered   time.Time
	Respondent string
	Draft      string // where the actor may work on it
	Answer     *ImpactAnswer
}

// Invitation is a link to hand over, with a text to send it with. The link is
// shown once: only its hash is kept.
type Invitation struct {
	Questionnaire Questionnaire
	Path          string
	Subject, Text string
}

// mayAsk finds what a questionnaire would be about, for those who may change the
// impact analysis that comes of it.
func (a *App) mayAsk(actor identity.Actor, subject model.Ref) (*model.Object, error) {
	s := a.Head()
	o, err := a.readable(actor, s, subject)
	if err != nil {
		return nil, err
	}
	r := Resource(s, o)
	switch subject.Kind {
	case "business-activity":
	case "service": // the activity that needs it is still to be made
		r = identity.Resource{Kind: "business-activity", Services: []string{subject.String()}, ServiceOwners: []string{o.Metadata.Owner.String()}}
	default:
		return nil, refused("/subject", &model.Fault{Format: "a questionnaire is about a business activity or a service"})
	}
	return o, a.Authorize(actor, identity.ActionChangeCommit, r)
}

// Ask makes a questionnaire and its first link. base is the address of the
// server, for the text.
func (a *App) Ask(ctx context.Context, actor identity.Actor, n NewQuestionnaire, base string) (*Invitation, error) {
	if _, err := a.mayAsk(actor, n.Subject); err != nil {
		return nil, err
	}
	if n.Days == 0 {
		n.Days = questionnaireDays
	}
	n.Recipient = strings.TrimSpace(n.Recipient)
	bad := func(pointer, message string) error {
		return fail(CodeInvalid, finding.Args{"n": 1, "first": message}).with(pointer, message)
	}
	w := language.Writer{Lang: n.Language}
	switch {
	case n.Days < 1 || n.Days > questionnaireMostDay:
		return nil, bad("/days", w.Message("questionnaire.days", finding.Args{"most": questionnaireMostDay}))
	case !slices.Contains(language.Languages, n.Language):
		return nil, bad("/language", "en, fr")
	case utf8.RuneCountInString(n.Recipient) > recipientLength:
		return nil, bad("/recipient", w.Message("questionnaire.long", finding.Args{"most": recipientLength}))
	}
	author := actor.ID()
	if n.For != "" && n.For != author {
		// Others may only be asked to review by the operator, who cannot himself.
		if actor.SignedIn() {
			return nil, fail(CodeForbidden, finding.Args{"action": "questionnaire", "roles": []string{}})
		}
		author = n.For
	}
	now := a.now().UTC()
	q := storedQuestionnaire{ID: freshID(), Subject: n.Subject, Recipient: n.Recipient, Language: n.Language, Author: author, Created: now, Expires: now.AddDate(0, 0, n.Days)}
	token := identity.NewToken()
	err := a.store.Tx(ctx, func(t store.Querier) error {
		if err := insertQuestionnaire(ctx, t, q); err != nil {
			return err
		}
		return insertQuestionnaireLink(ctx, t, q.ID, token, now)
	})
	if err != nil {
		return nil, err
	}
	return a.invitation(ctx, actor, q, token, base, "invitation"), nil
}

// Remind makes another link of a questionnaire that waits: those given before
// stay good, since nobody can read them again to send them once more.
func (a *App) Remind(ctx context.Context, actor identity.Actor, id, base string) (*Invitation, error) {
	q, err := a.questionnaire(ctx, actor, id)
	if err != nil {
		return nil, err
	}
	now := a.now().UTC()
	if state := q.state(now); state != QuestionnaireSent {
		return nil, fail(CodeClosed, finding.Args{"state": string(state)})
	}
	token := identity.NewToken()
	err = a.store.Tx(ctx, func(t store.Querier) error {
		var n int64
		if err := t.QueryRow(ctx, `SELECT COUNT(*) FROM questionnaire_link WHERE questionnaire = $1`, id).Scan(&n); err != nil {
			return err
		}
		if n >= questionnaireLinks {
			return fail(CodeInvalid, finding.Args{"n": 1, "first": id}).with("/id", language.Writer{Lang: language.EN}.Message("questionnaire.many", finding.Args{"most": questionnaireLinks}))
		}
		return insertQuestionnaireLink(ctx, t, id, token, now)
	})
	if err != nil {
		return nil, err
	}
	return a.invitation(ctx, actor, *q, token, base, "reminder"), nil
}

func (a *App) invitation(ctx context.Context, actor identity.Actor, q storedQuestionnaire, token identity.Token, base, kind string) *Invitation {
	path := "/questionnaire/" + string(token)
	w := WriterFor(a.Head(), q.Language)
	zone, err := time.LoadLocation(a.Head().Organisation().Zone)
	if err != nil {
		zone = time.UTC
	}
	args := finding.Args{"subject": q.Subject, "link": base + path, "until": model.DateOf(a.shown(q).Expires.In(zone)), "sender": a.ActorName(ctx, q.Author), "known": !identityIsOperator(q.Author)}
	return &Invitation{Questionnaire: a.viewQuestionnaire(ctx, actor, q), Path: path, Subject: w.Message("questionnaire."+kind+".subject", args), Text: w.Message("questionnaire."+kind+".text", args)}
}

// shown moves the instants of a questionnaire to the day on which an application
// with a fixed date stands: what is asked today has its term counted from today.
func (a *App) shown(q storedQuestionnaire) storedQuestionnaire {
	if !a.fixed.IsZero() {
		by := a.fixed.UTC().Sub(model.DateOf(q.Created).UTC())
		q.Created, q.Expires = q.Created.Add(by), q.Expires.Add(by)
		if !q.Answered.IsZero() {
			q.Answered = q.Answered.Add(by)
		}
	}
	return q
}

func identityIsOperator(id string) bool { return id == identity.ByOperator }

// RevokeQuestionnaire closes a questionnaire that waits: its links open nothing
// any more. Doing it twice changes nothing.
func (a *App) RevokeQuestionnaire(ctx context.Context, actor identity.Actor, id string) error {
	if _, err := a.questionnaire(ctx, actor, id); err != nil {
		return err
	}
	return a.store.Tx(ctx, func(t store.Querier) error {
		n, err := t.Exec(ctx, `UPDATE questionnaire SET revoked = COALESCE(revoked, $2) WHERE id = $1 AND answered IS NULL`, id, a.now().UnixMicro())
		if err == nil && n == 0 {
			return fail(CodeClosed, finding.Args{"state": string(QuestionnaireAnswered)})
		}
		return err
	})
}

// ForgetQuestionnaire removes what is kept of a questionnaire, the names in it
// included. What has come of it stays: the draft, the object and its attachment.
func (a *App) ForgetQuestionnaire(ctx context.Context, actor identity.Actor, id string) error {
	if _, err := a.questionnaire(ctx, actor, id); err != nil {
		return err
	}
	return a.store.Tx(ctx, func(t store.Querier) error {
		if _, err := t.Exec(ctx, `DELETE FROM questionnaire_link WHERE questionnaire = $1`, id); err != nil {
			return err
		}
		_, err := t.Exec(ctx, `DELETE FROM questionnaire WHERE id = $1`, id)
		return err
	})
}

// questionnaire reads one that the actor may manage.
func (a *App) questionnaire(ctx context.Context, actor identity.Actor, id string) (*storedQuestionnaire, error) {
	if actor.ID() == "" {
		return nil, fail(CodeSignIn, nil)
	}
	var q *storedQuestionnaire
	err := a.store.View(ctx, func(t store.Querier) (err error) {
		q, err = questionnaireWhere(ctx, t, `id = $1`, id)
		return err
	})
	if err != nil {
		return nil, err
	}
	if q == nil || !a.mayManage(actor, *q) {
		return nil, notFound(id)
	}
	return q, nil
}

// mayManage reports whether the actor may manage a questionnaire. Where its
// subject has been deleted since, managers of all activities still may.
func (a *App) mayManage(actor identity.Actor, q storedQuestionnaire) bool {
	if _, err := a.mayAsk(actor, q.Subject); err == nil {
		return true
	}
	return a.Head().Get(q.Subject) == nil && a.May(actor, identity.ActionChangeCommit, identity.Resource{Kind: "business-activity"})
}

// Questionnaires lists those that the actor may manage, the last made first.
func (a *App) Questionnaires(ctx context.Context, actor identity.Actor) ([]Questionnaire, error) {
	if actor.ID() == "" {
		return nil, fail(CodeSignIn, nil)
	}
	var list []storedQuestionnaire
	err := a.store.View(ctx, func(t store.Querier) (err error) {
		list, err = allQuestionnaires(ctx, t)
		return err
	})
	if err != nil {
		return nil, err
	}
	out := []Questionnaire{}
	for _, q := range list {
		if a.mayManage(actor, q) {
			out = append(out, a.viewQuestionnaire(ctx, actor, q))
		}
	}
	if len(out) == 0 && !a.mayAskAnything(actor) {
		return nil, a.Authorize(actor, identity.ActionChangeCommit, identity.Resource{Kind: "business-activity"})
	}
	slices.SortStableFunc(out, func(x, y Questionnaire) int { return cmp.Or(y.Created.Compare(x.Created), cmp.Compare(x.ID, y.ID)) })
	return out, nil
}

// mayAskAnything reports whether there is a place where the actor may ask.
func (a *App) mayAskAnything(actor identity.Actor) bool {
	return a.May(actor, identity.ActionChangeCommit, identity.Resource{Kind: "business-activity"}) || actor.Holds(identity.RoleContinuityManager)
}

// viewQuestionnaire makes what a manager sees of a questionnaire.
func (a *App) viewQuestionnaire(ctx context.Context, actor identity.Actor, q storedQuestionnaire) Questionnaire {
	head, state := a.Head(), q.state(a.now())
	q = a.shown(q)
	out := Questionnaire{
		ID: q.ID, Subject: Name(head, q.Subject), Recipient: q.Recipient, Language: q.Language, Author: q.Author, State: state,
		Created: q.Created, Expires: q.Expires, Answered: q.Answered, Respondent: q.Respondent, Answer: q.Answer,
	}
	if q.Evidence != "" && carriesEvidence(head, q) {
		out.State = QuestionnaireTaken
	}
	if q.Draft != "" {
		if _, err := a.draft(ctx, actor, q.Draft); err == nil {
			out.Draft = q.Draft
		}
	}
	return out
}

// carriesEvidence reports whether the answer is in force: an activity carries it.
func carriesEvidence(s *model.Snapshot, q storedQuestionnaire) bool {
	has := func(o *model.Object) bool {
		return o != nil && slices.ContainsFunc(o.Metadata.Attachments, func(x model.Attachment) bool { return x.Hash == q.Evidence })
	}
	if q.Subject.Kind == "business-activity" {
		return has(s.Get(q.Subject))
	}
	h, ok := s.Find(q.Subject)
	if !ok {
		return false
	}
	for _, in := range s.In(h) {
		if s.Ref(in.From).Kind == "business-activity" && has(s.Object(in.From)) {
			return true
		}
	}
	return false
}

// freshID makes an opaque identifier: 128 random bits in hexadecimal.
func freshID() string {
	b := make([]byte, 16)
	rand.Read(b)
	return hex.EncodeToString(b)
}
