package app

import (
	"cmp"
	"context"
	"slices"

	"diapason/internal/finding"
	"diapason/internal/identity"
	"diapason/internal/language"
	"diapason/internal/model"
	"diapason/internal/process/servicelevel"
)

// Reviews are the service reviews of an organisation: of what, when, and what they asked
// for.
type Reviews struct {
	On     model.Date     `json:"on"`
	Agreed []ReviewDue    `json:"agreed" doc:"Agreements and contracts in force with their reviews, the next due first"`
	Held   []ReviewRow    `json:"reviews" doc:"Reviews planned and held, the latest first"`
	Action []ReviewAction `json:"actions" doc:"Open actions that reviews asked for, the next due first"`
	// MayPlan tells that the reader may plan reviews.
	MayPlan bool `json:"mayPlan"`
}

// ReviewDue is an agreement or contract in force with its reviews.
type ReviewDue struct {
	Named
	With     *Named     `json:"with,omitempty" doc:"Customer, team or supplier"`
	Interval string     `json:"interval,omitempty" doc:"How often it is reviewed; absent where nothing was agreed"`
	Last     model.Date `json:"last,omitzero"`
	Held     *Named     `json:"held,omitempty"`
	Planned  model.Date `json:"planned,omitzero"`
	Next     *Named     `json:"next,omitempty"`
	Due      model.Date `json:"due,omitzero"`
	Overdue  bool       `json:"overdue"`
}

// ReviewRow is a review in a list.
type ReviewRow struct {
	Named
	Type    string     `json:"type"`
	About   []Named    `json:"about"`
	Planned model.Date `json:"planned,omitzero"`
	Held    model.Date `json:"held,omitzero"`
	Open    int        `json:"open" doc:"Actions that are not done"`
	Late    int        `json:"late" doc:"Those of them that are overdue"`
}

// ReviewAction is an action that a review asked for.
type ReviewAction struct {
	Named
	Owner   *Named     `json:"owner,omitempty"`
	Due     model.Date `json:"due,omitzero"`
	Done    model.Date `json:"done,omitzero"`
	State   string     `json:"state" enum:"open,overdue,done"`
	Review  Named      `json:"review"`
	Version int64      `json:"version"`
	MayEdit bool       `json:"mayEdit"`
}

// of service levels: the types of review that this list is about.
var reviewTypes = []string{"service", "supplier", "committee", ""}

// ServiceReviews lists the reviews of agreements, customers, contracts and suppliers, what
// is to be reviewed when, and the actions that are still open.
func (a *App) ServiceReviews(ctx context.Context, actor identity.Actor, lang language.Lang) (*Reviews, error) {
	if err := a.SignedIn(actor); err != nil {
		return nil, err
	}
	s, err := a.Current(ctx, a.Head().Seq)
	if err != nil {
		return nil, err
	}
	if err := a.Authorize(actor, identity.ActionReadFindings, identity.Resource{Kind: "organisation"}); err != nil {
		return nil, err
	}
	w := WriterFor(s.Snap, lang)
	out := &Reviews{On: s.On, Agreed: a.reviewsDue(actor, s, w), Held: []ReviewRow{}, Action: []ReviewAction{}, MayPlan: a.May(actor, identity.ActionChangeCommit, identity.Resource{Kind: "review"})}
	seen := map[model.Ref]bool{}
	for _, h := range s.Snap.OfKind("review") {
		o := s.Snap.Object(h)
		x := o.Spec.(*model.Review)
		if !slices.Contains(reviewTypes, x.Type) || !a.Visible(actor, s.Snap, o) {
			continue
		}
		row := ReviewRow{Named: Name(s.Snap, o.Ref()), Type: choiceOf("review", "type", x.Type).In(string(lang)), About: names(s, x.About), Planned: x.Planned, Held: x.Date}
		for _, act := range a.actionsOf(actor, s, o.Ref(), x.Actions) {
			if act.State == "done" {
				continue
			}
			row.Open++
			if act.State == "overdue" {
				row.Late++
			}
			if !seen[act.Ref] {
				seen[act.Ref] = true
				out.Action = append(out.Action, act)
			}
		}
		out.Held = append(out.Held, row)
	}
	slices.SortStableFunc(out.Held, func(x, y ReviewRow) int {
		return cmp.Compare(cmp.Or(y.Held, y.Planned), cmp.Or(x.Held, x.Planned))
	})
	slices.SortStableFunc(out.Action, byDue)
	return out, nil
}

// byDue puts what is due first first, what has no day last.
func byDue(x, y ReviewAction) int {
	return cmp.Or(boolOrder(!x.Due.IsZero())-boolOrder(!y.Due.IsZero()), cmp.Compare(x.Due, y.Due), x.Ref.Compare(y.Ref))
}

// reviewsDue lists what is to be reviewed, the next first; what has no interval last.
func (a *App) reviewsDue(actor identity.Actor, s *State, w language.Writer) []ReviewDue {
	out := []ReviewDue{}
	x, ok := finding.Use[*servicelevel.Analysis](s.Result.Facts)
	if !ok {
		return out
	}
	for _, kind := range []string{"agreement", "contract"} {
		for _, h := range s.Snap.OfKind(kind) {
			o := s.Snap.Object(h)
			if !x.Binding(h) || !a.Visible(actor, s.Snap, o) {
				continue
			}
			p := servicelevel.ReviewPlanOf(s.Result.Facts, h)
			d := ReviewDue{Named: Name(s.Snap, o.Ref()), Last: p.Last, Planned: p.Planned, Due: p.Due, Overdue: p.Overdue(s.On), Held: named(s.Snap, p.Held), Next: named(s.Snap, p.Next), With: named(s.Snap, partyOf(o))}
			if !p.Interval.IsZero() {
				d.Interval = w.Value(p.Interval)
			}
			out = append(out, d)
		}
	}
	slices.SortStableFunc(out, func(x, y ReviewDue) int {
		return cmp.Or(boolOrder(!x.Due.IsZero())-boolOrder(!y.Due.IsZero()), cmp.Compare(x.Due, y.Due))
	})
	return out
}

// named is the title of a reference, nil for none.
func named(s *model.Snapshot, r model.Ref) *Named {
	if r.IsZero() {
		return nil
	}
	n := Name(s, r)
	return &n
}

// partyOf is with whom something was agreed.
func partyOf(o *model.Object) model.Ref {
	switch x := o.Spec.(type) {
	case *model.Agreement:
		return cmp.Or(x.Customer, x.Provider)
	case *model.Contract:
		return x.Supplier
	}
	return model.Ref{}
}

// actionsOf writes the actions that a review asked for.
func (a *App) actionsOf(actor identity.Actor, s *State, review model.Ref, list []model.Ref) []ReviewAction {
	out := []ReviewAction{}
	for _, r := range list {
		o := s.Snap.Get(r)
		if o == nil || !a.Visible(actor, s.Snap, o) {
			continue
		}
		x := o.Spec.(*model.Action)
		v := ReviewAction{Named: Name(s.Snap, r), Owner: named(s.Snap, o.Metadata.Owner), Due: x.Due, Done: x.Done, State: "open", Review: Name(s.Snap, review), Version: o.Version, MayEdit: a.May(actor, identity.ActionChangeCommit, Resource(s.Snap, o))}
		switch {
		case !x.Done.IsZero():
			v.State = "done"
		case !x.Due.IsZero() && x.Due < s.On:
			v.State = "overdue"
		}
		out = append(out, v)
	}
	slices.SortStableFunc(out, byDue)
	return out
}

// ReviewSheet is one review: its agenda, who was there, what was said and decided, and what
// it asked for.
type ReviewSheet struct {
	Named
	Version   int64            `json:"version"`
	Type      string           `json:"type"`
	TypeText  string           `json:"typeText"`
	About     []Named          `json:"about"`
	Planned   model.Date       `json:"planned,omitzero"`
	Held      model.Date       `json:"held,omitzero"`
	Since     model.Date       `json:"since,omitzero" doc:"The agenda looks at what happened since"`
	Next      model.Date       `json:"next,omitzero" doc:"When the next review is due"`
	Attendees []Named          `json:"attendees"`
	Agenda    []AgendaItem     `json:"agenda"`
	Fresh     bool             `json:"fresh" doc:"The agenda is drawn up from how things stand now, and not yet recorded"`
	Minutes   string           `json:"minutes"`
	Measures  []ReviewMeasure  `json:"measures"`
	Decisions []ReviewDecision `json:"decisions"`
	Actions   []ReviewAction   `json:"actions"`
	MayEdit   bool             `json:"mayEdit"`
	Today     model.Date       `json:"today"`
}

// AgendaItem is a point of an agenda in the reader's language.
type AgendaItem struct {
	Name      string  `json:"name"`
	Topic     string  `json:"topic" enum:"targets,trend,credit,exclusion,outage,action,change,renewal,finding,customer,other"`
	TopicText string  `json:"topicText"`
	Text      string  `json:"text"`
	Said      string  `json:"said,omitempty"`
	Refs      []Named `json:"refs,omitempty" doc:"What the point is about"`
}

// ReviewMeasure is a figure that a review looked at.
type ReviewMeasure struct {
	Name   string `json:"name"`
	Of     *Named `json:"of,omitempty"`
	Value  string `json:"value"`
	Missed bool   `json:"missed,omitempty"`
}

// ReviewDecision is a decision of a review.
type ReviewDecision struct {
	Name string `json:"name,omitempty"`
	Text string `json:"text" maxLength:"4000"`
	By   string `json:"by,omitempty" doc:"person/NAME, team/NAME, customer/NAME or supplier/NAME"`
}

// Review gives one review; the agenda of one that was not yet held is drawn up from how
// things stand now.
func (a *App) Review(ctx context.Context, actor identity.Actor, name string, lang language.Lang) (*ReviewSheet, error) {
	if err := a.SignedIn(actor); err != nil {
		return nil, err
	}
	s, err := a.Current(ctx, a.Head().Seq)
	if err != nil {
		return nil, err
	}
	o, err := a.readable(actor, s.Snap, model.Ref{Kind: "review", Name: name})
	if err != nil {
		return nil, err
	}
	x, w := o.Spec.(*model.Review), WriterFor(s.Snap, lang)
	res := Resource(s.Snap, o)
	out := &ReviewSheet{
		Named: Name(s.Snap, o.Ref()), Version: o.Version, Type: x.Type, TypeText: choiceOf("review", "type", x.Type).In(string(lang)), About: names(s, x.About), Planned: x.Planned, Held: x.Date,
		Attendees: names(s, x.Attendees), Agenda: []AgendaItem{}, Minutes: x.Minutes.In(string(lang)), Measures: []ReviewMeasure{}, Decisions: []ReviewDecision{},
		Actions: a.actionsOf(actor, s, o.Ref(), x.Actions), MayEdit: a.May(actor, identity.ActionChangeCommit, res), Today: s.On,
	}
	for _, m := range x.Measures {
		out.Measures = append(out.Measures, ReviewMeasure{m.Name, named(s.Snap, m.Contract), m.Value, m.Missed})
	}
	for _, d := range x.Decisions {
		out.Decisions = append(out.Decisions, ReviewDecision{d.Name, d.Text.In(string(lang)), d.By.String()})
	}
	for _, p := range x.Agenda {
		out.Agenda = append(out.Agenda, AgendaItem{Name: p.Name, Topic: p.Topic, TopicText: topicText(p.Topic, lang), Text: p.Text.In(string(lang)), Said: p.Said.In(string(lang))})
	}
	scope := reviewScope(s, x.About)
	out.Since, out.Next = scope.since(x.Date, o.Ref()), scope.next()
	// Only those who read findings see what the model says now.
	if x.Date.IsZero() && a.May(actor, identity.ActionReadFindings, identity.Resource{Kind: "organisation"}) {
		live, err := a.agenda(ctx, actor, scope, out.Since)
		if err != nil {
			return nil, err
		}
		out.Fresh = len(x.Agenda) == 0
		for _, p := range live {
			item := p.in(w)
			item.Refs = p.named(s)
			if i := slices.IndexFunc(out.Agenda, func(q AgendaItem) bool { return q.Name == p.name }); i >= 0 {
				out.Agenda[i].Refs = item.Refs
				if out.Agenda[i].Said == "" {
					out.Agenda[i].Text = item.Text
				}
				continue
			}
			out.Agenda = append(out.Agenda, item)
		}
		slices.SortStableFunc(out.Agenda, func(p, q AgendaItem) int { return topicOrder(p.Topic) - topicOrder(q.Topic) })
	}
	return out, nil
}

// Agenda draws up the agenda of a review of something, from how things stand now.
func (a *App) Agenda(ctx context.Context, actor identity.Actor, about []model.Ref, lang language.Lang) ([]AgendaItem, error) {
	if err := a.SignedIn(actor); err != nil {
		return nil, err
	}
	s, err := a.Current(ctx, a.Head().Seq)
	if err != nil {
		return nil, err
	}
	if err := a.Authorize(actor, identity.ActionReadFindings, identity.Resource{Kind: "organisation"}); err != nil {
		return nil, err
	}
	if err := a.reviewable(actor, s.Snap, about); err != nil {
		return nil, err
	}
	scope := reviewScope(s, about)
	live, err := a.agenda(ctx, actor, scope, scope.since(0, model.Ref{}))
	if err != nil {
		return nil, err
	}
	out, w := []AgendaItem{}, WriterFor(s.Snap, lang)
	for _, p := range live {
		item := p.in(w)
		item.Refs = p.named(s)
		out = append(out, item)
	}
	return out, nil
}

// reviewable refuses a review of nothing, and of what is not reviewed here.
func (a *App) reviewable(actor identity.Actor, s *model.Snapshot, about []model.Ref) error {
	if len(about) == 0 {
		return refused("/about", &model.Fault{Format: "say what is reviewed: an agreement, a customer, a contract or a supplier"})
	}
	for _, r := range about {
		if !slices.Contains([]string{"agreement", "customer", "contract", "supplier"}, r.Kind) {
			return refused("/about", &model.Fault{Format: "%q is not reviewed here: name an agreement, a customer, a contract or a supplier", Args: []any{r.String()}})
		}
		if _, err := a.readable(actor, s, r); err != nil {
			return err
		}
	}
	return nil
}

// topics are those of an agenda, in the order in which they are talked about.
var topics = []string{"action", "targets", "trend", "credit", "exclusion", "outage", "change", "renewal", "finding", "customer", "other"}

func topicOrder(topic string) int {
	if i := slices.Index(topics, topic); i >= 0 {
		return i
	}
	return len(topics)
}

// topicText is the heading of a topic.
func topicText(topic string, lang language.Lang) string {
	return choiceOf("review", "topic", topic).In(string(lang))
}
