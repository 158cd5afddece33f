package app

import (
	"context"
	"encoding/json"
	"slices"
	"sync"

	"diapason/internal/app/assess"
	"diapason/internal/finding"
	"diapason/internal/identity"
	"diapason/internal/language"
	"diapason/internal/model"
	"diapason/internal/store"
)

// Notices are what concerns an actor, and what of it is new since he last
// looked.
type Notices struct {
	Items  []Notice `json:"items"`
	Unread int      `json:"unread"`
	// Seq is the entry of the log that the list was made at: sending it back
	// marks all of it as read.
	Seq int64 `json:"seq"`
}

// Notice is one thing that concerns an actor.
type Notice struct {
	ID   string     `json:"id"`
	Kind string     `json:"kind" enum:"submission,publication,refusal,withdrawal,questionnaire,alert,finding,date"`
	Text string     `json:"text"`
	Ref  model.Ref  `json:"ref"`
	Name model.Text `json:"title"`
	// Seq of the entry that brought it, for decisions; Date on which it was
	// decided or fell due.
	Seq    int64  `json:"seq,omitempty"`
	Date   string `json:"date,omitempty"`
	Unread bool   `json:"unread"`
}

const (
	// noticesShown bounds each kind of notice.
	noticesShown = 40
	// datesKept is how many days a date that was reached stays among the notices.
	datesKept = 14
	// decidedKept is how many days a decision stays among the notices.
	decidedKept = 30
)

// seen is where an account stood when it last looked: its cursor in the log is
// that of a consumer; the rest cannot be told from the log.
type seen struct {
	On     model.Date `json:"on"`
	Errors []string   `json:"errors"`
	// Answers are the questionnaires whose answer was seen.
	Answers []string `json:"answers,omitempty"`
	// Alerts are the events of alerts that were seen.
	Alerts []string `json:"alerts,omitempty"`
}

func noticeKey(account string) string { return "notices/" + account }

// Notices lists what concerns the actor: submissions that wait for him, decisions
// on what he submitted or owns, answers to his questionnaires, alerts of his
// service levels, errors on what he owns or manages, dates reached.
func (a *App) Notices(ctx context.Context, actor identity.Actor, lang language.Lang) (*Notices, error) {
	if !actor.SignedIn() {
		return nil, fail(CodeSignIn, nil)
	}
	s, err := a.Current(ctx, a.Head().Seq)
	if err != nil {
		return nil, err
	}
	cursor, err := a.store.Cursor(ctx, noticeKey(actor.ID()))
	if err != nil {
		return nil, err
	}
	was, err := a.lastSeen(ctx, actor)
	if err != nil {
		return nil, err
	}
	w := WriterFor(s.Snap, lang)
	out := &Notices{Items: []Notice{}, Seq: s.Snap.Seq}
	mine, managed := a.concerns(actor)
	out.Items = append(out.Items, a.decided(s, actor, w, mine, int64(cursor))...)
	answers, err := a.answersToReview(ctx, actor)
	if err != nil {
		return nil, err
	}
	for _, q := range answers {
		q = a.shown(q)
		args := finding.Args{"name": q.Respondent, "subject": q.Subject}
		out.Items = append(out.Items, Notice{ID: "questionnaire/" + q.ID, Kind: "questionnaire", Text: w.Message("notice.questionnaire", args), Ref: q.Subject, Name: Name(s.Snap, q.Subject).Title, Date: model.DateOf(q.Answered).String(), Unread: !slices.Contains(was.Answers, q.ID)})
	}
	alerts, err := a.alertNotices(ctx, s, actor, w, mine, managed, was)
	if err != nil {
		return nil, err
	}
	out.Items = append(out.Items, alerts...)
	for _, j := range a.ownErrors(s, actor, mine, managed) {
		id := j.Fingerprint()
		out.Items = append(out.Items, Notice{ID: id, Kind: "finding", Text: w.Finding(j.Finding), Ref: j.Subject, Name: Name(s.Snap, j.Subject).Title, Unread: !slices.Contains(was.Errors, id)})
	}
	for _, d := range a.reached(s, actor, w, mine) {
		day, _ := model.ParseDate(d.Date)
		out.Items = append(out.Items, Notice{ID: "date/" + d.Ref.String() + "/" + d.Date, Kind: "date", Text: d.What, Ref: d.Ref, Name: d.Title, Date: d.Date, Unread: day > was.On})
	}
	slices.SortStableFunc(out.Items, func(x, y Notice) int {
		if x.Unread != y.Unread {
			return boolOrder(x.Unread)
		}
		return 0
	})
	for _, n := range out.Items {
		if n.Unread {
			out.Unread++
		}
	}
	return out, nil
}

// SeeNotices marks as read what concerned the actor at an entry of the log.
func (a *App) SeeNotices(ctx context.Context, actor identity.Actor, seq int64) error {
	if !actor.SignedIn() {
		return fail(CodeSignIn, nil)
	}
	s, err := a.Current(ctx, min(seq, a.Head().Seq))
	if err != nil {
		return err
	}
	now := seen{On: s.On, Errors: []string{}}
	mine, managed := a.concerns(actor)
	was, err := a.lastSeen(ctx, actor)
	if err != nil {
		return err
	}
	for _, j := range a.ownErrors(s, actor, mine, managed) {
		id := j.Fingerprint()
		// An error that came after the list was made has not been seen yet.
		if s.Snap.Seq <= seq || slices.Contains(was.Errors, id) {
			now.Errors = append(now.Errors, id)
		}
	}
	answers, err := a.answersToReview(ctx, actor)
	if err != nil {
		return err
	}
	for _, q := range answers {
		now.Answers = append(now.Answers, q.ID)
	}
	alerts, err := a.alertNotices(ctx, s, actor, WriterFor(s.Snap, language.EN), mine, managed, was)
	if err != nil {
		return err
	}
	for _, n := range alerts {
		now.Alerts = append(now.Alerts, n.ID)
	}
	body, err := json.Marshal(now)
	if err != nil {
		return err
	}
	if err := a.store.SetSetting(ctx, noticeKey(actor.ID()), body); err != nil {
		return err
	}
	cursor, err := a.store.Cursor(ctx, noticeKey(actor.ID()))
	if err != nil || int64(cursor) >= seq {
		return err
	}
	return a.store.SetCursor(ctx, noticeKey(actor.ID()), store.Seq(min(seq, s.Snap.Seq)))
}

func (a *App) lastSeen(ctx context.Context, actor identity.Actor) (seen, error) {
	body, err := a.store.Setting(ctx, noticeKey(actor.ID()))
	if store.CodeOf(err) == store.CodeNotFound {
		return seen{}, nil
	}
	var v seen
	if err == nil {
		err = json.Unmarshal(body, &v)
	}
	return v, err
}

// concerns gives the owners by whose name the actor owns objects, and the
// processes that he manages.
func (a *App) concerns(actor identity.Actor) (mine map[model.Ref]bool, managed map[string]bool) {
	mine, managed = map[model.Ref]bool{}, map[string]bool{}
	if p := personOf(actor); !p.IsZero() {
		mine[p] = true
		for _, t := range a.Teams(p.String()) {
			if r, err := model.ParseRef(t); err == nil {
				mine[r] = true
			}
		}
	}
	for _, r := range actor.Roles() {
		if p := managerOf[r]; p != "" {
			managed[p] = true
		}
	}
	return mine, managed
}

// decided lists submissions that wait for the actor, and recent decisions on
// what he submitted or owns, the latest first.
func (a *App) decided(s *State, actor identity.Actor, w language.Writer, mine map[model.Ref]bool, cursor int64) []Notice {
	out := []Notice{}
	list := s.Snap.OfKind("decision")
	for _, h := range list {
		o := s.Snap.Object(h)
		d := o.Spec.(*model.Decision)
		svc := s.Snap.Get(d.Service)
		if svc == nil || model.DateOf(d.At.Time) < s.On.AddDays(-decidedKept) && d.Type != "submission" {
			continue
		}
		kind := ""
		switch d.Type {
		case "submission":
			r := Resource(s.Snap, svc)
			r.Author, r.AuthorPerson = d.Account, d.By.String()
			if open := openSubmission(s.Snap, d.Service); open == nil || open.Metadata.Name != o.Metadata.Name || !a.May(actor, identity.ActionPublish, r) {
				continue
			}
			kind = "submission"
		case "publication", "refusal":
			asked := s.Snap.Get(model.Ref{Kind: "decision", Name: d.Answers})
			if d.Account == actor.ID() || !mine[svc.Metadata.Owner] && (asked == nil || asked.Spec.(*model.Decision).Account != actor.ID()) {
				continue
			}
			kind = d.Type
		case "withdrawal":
			if d.Account == actor.ID() || !mine[svc.Metadata.Owner] {
				continue
			}
			kind = "withdrawal"
		default:
			continue
		}
		if !a.Visible(actor, s.Snap, svc) {
			continue
		}
		args := finding.Args{"service": d.Service, "reason": w.Value(d.Reason)}
		out = append(out, Notice{ID: "decision/" + o.Metadata.Name, Kind: kind, Text: noticeText(w, kind, args), Ref: d.Service, Name: Name(s.Snap, d.Service).Title, Seq: o.Version, Date: model.DateOf(d.At.Time).String(), Unread: o.Version > cursor})
	}
	slices.SortStableFunc(out, func(x, y Notice) int { return int(y.Seq - x.Seq) })
	return out[:min(len(out), noticesShown)]
}

func noticeText(w language.Writer, kind string, args finding.Args) string {
	switch kind {
	case "submission":
		return w.Message("notice.submission", args)
	case "publication":
		return w.Message("notice.publication", args)
	case "refusal":
		return w.Message("notice.refusal", args)
	}
	return w.Message("notice.withdrawal", args)
}

// ownErrors lists the errors that stand on what the actor owns, then those of
// the processes that he manages.
func (a *App) ownErrors(s *State, actor identity.Actor, mine map[model.Ref]bool, managed map[string]bool) []assess.Judged {
	var out []assess.Judged
	filter := a.authz.Filter(actor, identity.ActionReadFindings)
	for _, j := range s.Judged {
		if !j.Counts() || j.Outcome != finding.Violated || j.Severity != finding.Error {
			continue
		}
		o := s.Snap.Get(j.Subject)
		r := assess.Rule(j.Rule)
		if o == nil || !mine[o.Metadata.Owner] && (r == nil || !managed[string(r.Process)]) || !allowed(filter, Resource(s.Snap, o)) {
			continue
		}
		out = append(out, j)
	}
	SortWorstFirst(out)
	return out[:min(len(out), noticesShown)]
}

// lately keeps what fell due in the last days: one search through the model
// serves every reader of a state.
type lately struct {
	once sync.Once
	list []due
}

func (l *lately) of(s *State) []due {
	l.once.Do(func() { l.list = dueBetween(s, s.On.AddDays(-datesKept), s.On) })
	return l.list
}

// reached lists the dates of what the actor owns that came in the last days, the
// latest first.
func (a *App) reached(s *State, actor identity.Actor, w language.Writer, mine map[model.Ref]bool) []DateAhead {
	var out []due
	for _, d := range s.recent.of(s) {
		if o := s.Snap.Get(d.ref); o != nil && mine[o.Metadata.Owner] && a.Visible(actor, s.Snap, o) {
			out = append(out, d)
		}
	}
	slices.Reverse(out)
	return written(s, w, out[:min(len(out), noticesShown)])
}
