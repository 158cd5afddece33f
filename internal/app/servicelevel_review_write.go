package app

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"diapason/internal/finding"
	"diapason/internal/identity"
	"diapason/internal/language"
	"diapason/internal/model"
)

// ReviewPlanned asks for a review to be planned.
type ReviewPlanned struct {
	About     []model.Ref `json:"about" minItems:"1" doc:"agreement/NAME, customer/NAME, contract/NAME or supplier/NAME"`
	Planned   model.Date  `json:"planned"`
	Title     string      `json:"title,omitempty" maxLength:"200"`
	Attendees []model.Ref `json:"attendees,omitempty"`
}

// PlanReview plans a review and gives its name and the entry of the log.
func (a *App) PlanReview(ctx context.Context, actor identity.Actor, q ReviewPlanned) (name string, seq int64, err error) {
	head := a.Head()
	if err := a.reviewable(actor, head, q.About); err != nil {
		return "", 0, err
	}
	if q.Planned.IsZero() {
		return "", 0, refused("/planned", &model.Fault{Format: "say for which day the review is planned"})
	}
	x := &model.Review{Type: "service", About: q.About, Planned: q.Planned, Attendees: q.Attendees}
	if slices.ContainsFunc(q.About, func(r model.Ref) bool { return r.Kind == "contract" || r.Kind == "supplier" }) {
		x.Type = "supplier"
	}
	title := model.Text{All: strings.TrimSpace(q.Title)}
	if title.IsZero() {
		say := func(l language.Lang) string {
			return WriterFor(head, l).Message("review.title", finding.Args{"about": q.About[0], "month": monthOf(l, q.Planned)})
		}
		title = model.T(say(language.EN), say(language.FR))
	}
	name = unusedName(head, "review", "review-"+q.About[0].Name+"-"+q.Planned.String()[:7])
	o := &model.Object{Kind: model.KindOf("review"), Metadata: model.Metadata{Name: name, Title: title, Owner: cmp.Or(personOf(actor), ownerIn(head, q.About[0]))}, Spec: x}
	seq, err = a.Commit(ctx, actor, Change{Base: head.Seq, Title: titleIn(o), Puts: []Put{{Object: o}}})
	return name, seq, err
}

func monthOf(l language.Lang, d model.Date) string {
	w := language.Writer{Lang: l}
	return inSentence(w, monthInWords(w, d))
}

func ownerIn(s *model.Snapshot, r model.Ref) model.Ref {
	if o := s.Get(r); o != nil {
		return o.Metadata.Owner
	}
	return model.Ref{}
}

func titleIn(o *model.Object) string { return o.Title(string(language.EN)) }

// unusedName is a name that no object of a kind bears yet.
func unusedName(s *model.Snapshot, kind, wanted string) string {
	base := model.Slugify(wanted)
	base = strings.TrimRight(base[:min(len(base), 56)], "-.")
	name := base
	for n := 2; s.Get(model.Ref{Kind: kind, Name: name}) != nil; n++ {
		name = base + "-" + (language.Writer{Lang: language.EN}).Value(n)
	}
	return name
}

// ReviewMinutes is what is written of a review: all of it, as it is to stand.
type ReviewMinutes struct {
	Version   int64            `json:"version" minimum:"1" doc:"Version of the review that the writer saw"`
	Planned   model.Date       `json:"planned,omitzero"`
	Held      model.Date       `json:"held,omitzero" doc:"Day on which it was held; absent while it is prepared"`
	Attendees []model.Ref      `json:"attendees,omitempty"`
	Minutes   string           `json:"minutes,omitempty" maxLength:"100000"`
	Agenda    []AgendaSaid     `json:"agenda,omitempty" doc:"Points of the agenda, with what was said"`
	Decisions []ReviewDecision `json:"decisions,omitempty"`
}

// AgendaSaid is a point of an agenda with what was said of it. Points that the agenda drew
// up are known by their name; others bring their text.
type AgendaSaid struct {
	Name  string `json:"name,omitempty"`
	Topic string `json:"topic,omitempty" enum:"targets,trend,credit,exclusion,outage,action,change,renewal,finding,customer,other"`
	Text  string `json:"text,omitempty" maxLength:"4000"`
	Said  string `json:"said,omitempty" maxLength:"20000"`
}

// WriteReview records agenda, minutes, participants and decisions of a review. Once it was
// held, the figures of the targets it is about are recorded as the measures it looked at,
// where none are yet.
func (a *App) WriteReview(ctx context.Context, actor identity.Actor, name string, q ReviewMinutes, lang language.Lang) (int64, error) {
	s, err := a.Current(ctx, a.Head().Seq)
	if err != nil {
		return 0, err
	}
	o, err := a.readable(actor, s.Snap, model.Ref{Kind: "review", Name: name})
	if err != nil {
		return 0, err
	}
	if err := a.Authorize(actor, identity.ActionChangeCommit, Resource(s.Snap, o)); err != nil {
		return 0, err
	}
	if q.Held > s.On {
		return 0, refused("/held", &model.Fault{Format: "the review cannot have been held on %s, which lies ahead: leave the day empty until it was held", Args: []any{q.Held.String()}})
	}
	next := o.Clone()
	x := next.Spec.(*model.Review)
	scope := reviewScope(s, x.About)
	live, err := a.agenda(ctx, actor, scope, scope.since(cmp.Or(x.Date, q.Held), o.Ref()))
	if err != nil {
		return 0, err
	}
	x.Agenda = said(s.Snap, x.Agenda, live, q.Agenda, lang)
	x.Planned, x.Date, x.Attendees = q.Planned, q.Held, q.Attendees
	x.Minutes = rewritten(x.Minutes, q.Minutes, lang)
	if x.Decisions, err = resolved(x.Decisions, q.Decisions, lang); err != nil {
		return 0, err
	}
	if !x.Date.IsZero() && len(x.Measures) == 0 {
		if x.Measures, err = a.measuresFor(ctx, scope, scope.since(x.Date, o.Ref()), lang); err != nil {
			return 0, err
		}
	}
	expect := q.Version
	if expect == 0 {
		expect = o.Version
	}
	return a.Commit(ctx, actor, Change{Base: min(expect, s.Snap.Seq), Title: titleIn(o), Puts: []Put{{Object: next, Expect: expect}}})
}

// rewritten is a text after somebody wrote it in his language: what was said in the other
// language stays, where there was one.
func rewritten(was model.Text, now string, lang language.Lang) model.Text {
	now = strings.TrimSpace(now)
	if now == strings.TrimSpace(was.In(string(lang))) {
		return was
	}
	if was.EN == "" && was.FR == "" || now == "" {
		return model.Text{All: now}
	}
	out := model.Text{EN: cmp.Or(was.EN, was.All), FR: cmp.Or(was.FR, was.All)}
	if lang == language.FR {
		out.FR = now
	} else {
		out.EN = now
	}
	return out
}

// said is the agenda as it is recorded: each point in both languages where the agenda was
// drawn up here.
func said(s *model.Snapshot, was []model.AgendaPoint, live []agendaPoint, now []AgendaSaid, lang language.Lang) []model.AgendaPoint {
	var out []model.AgendaPoint
	for _, p := range now {
		point := model.AgendaPoint{Name: p.Name, Topic: cmp.Or(p.Topic, "other"), Text: model.Text{All: strings.TrimSpace(p.Text)}}
		if i := slices.IndexFunc(was, func(w model.AgendaPoint) bool { return w.Name == p.Name }); i >= 0 && p.Name != "" {
			point = was[i]
		} else if i := slices.IndexFunc(live, func(l agendaPoint) bool { return l.name == p.Name }); i >= 0 && p.Name != "" {
			point.Topic = live[i].topic
			point.Text = model.T(live[i].text(WriterFor(s, language.EN)), live[i].text(WriterFor(s, language.FR)))
		}
		if point.Text.IsZero() {
			continue
		}
		if point.Name == "" {
			point.Name = model.Slugify(point.Topic + "-" + point.Text.In("en"))
			point.Name = strings.TrimRight(point.Name[:min(len(point.Name), 50)], "-.")
		}
		for n := 2; slices.ContainsFunc(out, func(q model.AgendaPoint) bool { return q.Name == point.Name }); n++ {
			point.Name += "-" + (language.Writer{Lang: language.EN}).Value(n)
		}
		point.Said = rewritten(point.Said, p.Said, lang)
		out = append(out, point)
	}
	slices.SortStableFunc(out, func(p, q model.AgendaPoint) int { return topicOrder(p.Topic) - topicOrder(q.Topic) })
	return out
}

// resolved are the decisions as they are recorded.
func resolved(was []model.Resolution, now []ReviewDecision, lang language.Lang) ([]model.Resolution, error) {
	var out []model.Resolution
	for _, d := range now {
		if strings.TrimSpace(d.Text) == "" {
			continue
		}
		r := model.Resolution{Name: d.Name}
		if i := slices.IndexFunc(was, func(w model.Resolution) bool { return w.Name == d.Name }); i >= 0 && d.Name != "" {
			r = was[i]
		}
		r.Text, r.By = rewritten(r.Text, d.Text, lang), model.Ref{}
		if d.By != "" {
			by, err := model.ParseRef(d.By)
			if err != nil {
				return nil, refused("/decisions/by", &model.Fault{Format: "%q is no reference: write person/NAME, team/NAME, customer/NAME or supplier/NAME", Args: []any{d.By}})
			}
			r.By = by
		}
		for n := len(out) + 1; r.Name == "" || slices.ContainsFunc(out, func(o model.Resolution) bool { return o.Name == r.Name }); n++ {
			r.Name = "decision-" + (language.Writer{Lang: language.EN}).Value(n)
		}
		out = append(out, r)
	}
	return out, nil
}

// measuresFor are the figures that a review of some agreements looks at: the last window
// of each target that is over, since the review before.
func (a *App) measuresFor(ctx context.Context, c *scope, since model.Date, lang language.Lang) ([]model.Measure, error) {
	v, err := a.stands(ctx)
	if err != nil {
		return nil, err
	}
	var places []int
	for i := range v.list {
		if slices.Contains(c.agreed, v.list[i].o.Of) {
			places = append(places, i)
		}
	}
	if err := v.fillClosed(ctx, places); err != nil {
		return nil, err
	}
	w := WriterFor(v.state.Snap, lang)
	slices.SortStableFunc(places, func(x, y int) int { return cmp.Compare(v.list[x].id, v.list[y].id) })
	var out []model.Measure
	for _, i := range places {
		st, x := &v.list[i], v.view(w, i)
		v.mu.Lock()
		closed := v.closed[i]
		v.mu.Unlock()
		for n := len(x.Trend) - 1; n >= 0; n-- {
			end := model.DateOf(closed[n].interval.End.Add(-1).In(st.o.Location))
			if x.Trend[n].Attained == "" || end < since {
				continue
			}
			name := w.Value(st.o.Service) + " – " + x.Label + ", " + x.Trend[n].Label
			out = append(out, model.Measure{Name: name, Contract: st.o.Of, Target: st.o.Target.Name, Value: x.Trend[n].Attained, Missed: x.Trend[n].Mark == MarkGap})
		}
		if st.figures != nil && x.Attained != "" && st.figures.Until >= since && !slices.ContainsFunc(out, func(m model.Measure) bool { return m.Contract == st.o.Of && m.Target == st.o.Target.Name }) {
			out = append(out, model.Measure{Name: w.Value(st.o.Service) + " – " + x.Label + ", " + x.Window.Label, Contract: st.o.Of, Target: st.o.Target.Name, Value: x.Attained, Missed: x.Mark == MarkGap})
		}
	}
	return out, nil
}

// ActionAsked is an action that a review asks for.
type ActionAsked struct {
	Title    string     `json:"title" minLength:"1" maxLength:"200"`
	Owner    string     `json:"owner,omitempty" doc:"person/NAME or team/NAME"`
	Due      model.Date `json:"due,omitzero"`
	Type     string     `json:"type,omitempty" enum:"corrective,improvement,preventive,task"`
	Priority string     `json:"priority,omitempty" enum:"low,medium,high"`
}

// AskAction records an action that a review asks for.
func (a *App) AskAction(ctx context.Context, actor identity.Actor, review string, q ActionAsked) (name string, seq int64, err error) {
	head := a.Head()
	o, err := a.readable(actor, head, model.Ref{Kind: "review", Name: review})
	if err != nil {
		return "", 0, err
	}
	if strings.TrimSpace(q.Title) == "" {
		return "", 0, refused("/title", &model.Fault{Format: "say what is to be done"})
	}
	if q.Due.IsZero() {
		return "", 0, refused("/due", &model.Fault{Format: "say by which day it is to be done"})
	}
	var owner model.Ref
	if q.Owner != "" {
		if owner, err = model.ParseRef(q.Owner); err != nil || head.Get(owner) == nil {
			return "", 0, refused("/owner", &model.Fault{Format: "%q is nobody known: write person/NAME or team/NAME", Args: []any{q.Owner}})
		}
	}
	next := o.Clone()
	x := next.Spec.(*model.Review)
	name = unusedName(head, "action", q.Title)
	act := &model.Object{Kind: model.KindOf("action"), Metadata: model.Metadata{Name: name, Title: model.Text{All: strings.TrimSpace(q.Title)}, Owner: owner}, Spec: &model.Action{Due: q.Due, Type: cmp.Or(q.Type, "task"), Priority: q.Priority, About: x.About}}
	x.Actions = append(x.Actions, act.Ref())
	seq, err = a.Commit(ctx, actor, Change{Base: head.Seq, Title: titleIn(act), Puts: []Put{{Object: act}, {Object: next, Expect: o.Version}}})
	return name, seq, err
}

// ActionFollowed is what became of an action.
type ActionFollowed struct {
	Done   model.Date `json:"done,omitzero" doc:"Day on which it was done; absent opens it again"`
	Due    model.Date `json:"due,omitzero" doc:"Another day by which it is to be done"`
	Reason string     `json:"reason,omitempty" maxLength:"2000"`
}

// FollowAction records that an action is done, or is to be done by another day.
func (a *App) FollowAction(ctx context.Context, actor identity.Actor, name string, q ActionFollowed) (int64, error) {
	head, today := a.Head(), a.Today()
	o, err := a.readable(actor, head, model.Ref{Kind: "action", Name: name})
	if err != nil {
		return 0, err
	}
	if q.Done > today {
		return 0, refused("/done", &model.Fault{Format: "it cannot have been done on %s, which lies ahead", Args: []any{q.Done.String()}})
	}
	next := o.Clone()
	x := next.Spec.(*model.Action)
	x.Done = q.Done
	if !q.Due.IsZero() {
		x.Due = q.Due
	}
	return a.Commit(ctx, actor, Change{Base: head.Seq, Title: titleIn(o), Reason: q.Reason, Puts: []Put{{Object: next, Expect: o.Version}}})
}
