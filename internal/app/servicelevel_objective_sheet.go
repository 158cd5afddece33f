package app

import (
	"context"
	"slices"
	"time"

	"diapason/internal/engine/slo"
	"diapason/internal/engine/worktime"
	"diapason/internal/finding"
	"diapason/internal/identity"
	"diapason/internal/language"
	"diapason/internal/model"
	"diapason/internal/store/ledger"
)

// ObjectiveSheet is one objective with what its figures are made of.
type ObjectiveSheet struct {
	ObjectiveView
	Predicted     string             `json:"predicted,omitempty" doc:"What the design, the teams and the contracts give"`
	Source        *Named             `json:"source,omitempty"`
	Series        string             `json:"series,omitempty" doc:"Series of its evidence"`
	Hours         *Named             `json:"hours,omitempty"`
	Zone          string             `json:"zone"`
	Method        string             `json:"method,omitempty"`
	Working       *ObjectiveWorking  `json:"working,omitempty" doc:"What the attained figure is computed from; absent where it is not from evidence"`
	Days          []ObjectiveDay     `json:"days" doc:"Days of the last year with evidence in counted time, UTC"`
	Interruptions []ObjectiveOutage  `json:"interruptions" doc:"Of the last year, the last first"`
	Unseen        []ObjectiveOutage  `json:"unseen" doc:"Counted time of the last year, since the first evidence of it, that nobody measured, the last first"`
	Excluded      []ObjectiveLeftOut `json:"excluded" doc:"Time left out, or asked to be, in the last year"`
	Corrections   []ObjectiveSaid    `json:"corrections" doc:"Days of the last year that somebody corrected or reported"`
	MaySeal       bool               `json:"maySeal"`
	MayCorrect    bool               `json:"mayCorrect"`
	MayExclude    bool               `json:"mayExclude"`
	MayDeclare    bool               `json:"mayDeclare"`
	DeclaredIn    string             `json:"declaredIn,omitempty" doc:"Unit of figures typed by hand; absent where none can be"`
}

// ObjectiveWorking is what attained, coverage and budget of the present window are computed
// from.
type ObjectiveWorking struct {
	Agreed      string `json:"agreed" doc:"Agreed time so far"`
	Excluded    string `json:"excluded" doc:"Left out of it"`
	Counted     string `json:"counted" doc:"Agreed less excluded"`
	Good        string `json:"good"`
	Bad         string `json:"bad"`
	Unknown     string `json:"unknown"`
	Treatment   string `json:"treatment" enum:"excluded,up,down" doc:"What unknown time is taken for"`
	Target      string `json:"target"`
	TotalEvents string `json:"totalEvents,omitempty"`
	GoodEvents  string `json:"goodEvents,omitempty"`
}

// ObjectiveDay is what one UTC day attained.
type ObjectiveDay struct {
	Date     model.Date `json:"date"`
	Attained string     `json:"attained,omitempty"`
	Good     string     `json:"good"`
	Bad      string     `json:"bad"`
	Unknown  string     `json:"unknown"`
	Lost     int        `json:"lost" doc:"Minutes interrupted"`
	Mark     Mark       `json:"mark"`
}

// ObjectiveOutage is counted time that was judged bad.
type ObjectiveOutage struct {
	From   model.Instant `json:"from"`
	Until  model.Instant `json:"until"`
	Length string        `json:"length"`
}

// ObjectiveLeftOut is time that is left out, or why it is not.
type ObjectiveLeftOut struct {
	// ID is the exclusion of the ledger; absent for planned maintenance of the model.
	ID        int64         `json:"id,omitempty"`
	MayChange bool          `json:"mayChange,omitempty" doc:"The reader may withdraw it"`
	From      model.Instant `json:"from"`
	Until     model.Instant `json:"until"`
	Kind      string        `json:"kind"`
	Holds     bool          `json:"holds"`
	Standing  string        `json:"standing" doc:"Whether it counts, in words"`
	Announced model.Instant `json:"announced,omitzero"`
	By        *Named        `json:"by,omitempty" doc:"Planned maintenance"`
	Author    string        `json:"author,omitempty"`
	Reason    string        `json:"reason,omitempty"`
}

// ObjectiveSaid is a day whose evidence somebody stated.
type ObjectiveSaid struct {
	Date     model.Date    `json:"date"`
	Revision int           `json:"revision"`
	Author   string        `json:"author"`
	Reason   string        `json:"reason,omitempty"`
	At       model.Instant `json:"at"`
}

// Objective gives one objective, by its identity, with what its figures are made of.
func (a *App) Objective(ctx context.Context, actor identity.Actor, id string, lang language.Lang) (*ObjectiveSheet, error) {
	if err := a.SignedIn(actor); err != nil {
		return nil, err
	}
	v, err := a.stands(ctx)
	if err != nil {
		return nil, err
	}
	i, ok := v.by[id]
	if !ok {
		return nil, notFound(id)
	}
	st, snap := &v.list[i], v.state.Snap
	of, err := a.readable(actor, snap, st.o.Of)
	if err != nil {
		return nil, err
	}
	if err := v.fillClosed(ctx, []int{i}); err != nil {
		return nil, err
	}
	w := WriterFor(snap, lang)
	x := &ObjectiveSheet{ObjectiveView: v.view(w, i), Zone: st.o.Location.String(), Series: st.o.Series, Days: []ObjectiveDay{}, Interruptions: []ObjectiveOutage{}, Unseen: []ObjectiveOutage{}, Excluded: []ObjectiveLeftOut{}, Corrections: []ObjectiveSaid{}}
	if !st.o.Hours.IsZero() {
		n := Name(snap, st.o.Hours)
		x.Hours = &n
	}
	reads := a.readsSource(actor, snap, st)
	if !reads {
		x.hideSource(w)
		x.Series = ""
	}
	if reads && !st.o.Source.IsZero() {
		n := Name(snap, st.o.Source)
		x.Source = &n
		x.MayCorrect = st.o.Series != "" && a.maySay(actor, snap, st.o.Source) == nil
	}
	if _, r, err := a.scopeOf(snap, st.o.Service.String()); err == nil && v.ledger != nil {
		x.MayExclude = a.May(actor, identity.ActionChangeCommit, r)
	}
	x.DeclaredIn = declarable(st.o.Target)
	x.MayDeclare = x.DeclaredIn != "" && a.May(actor, identity.ActionChangeCommit, declaredOn(&st.o))
	x.MaySeal = v.ledger != nil && a.May(actor, identity.ActionChangeCommit, Resource(snap, of))
	if ag, ok := of.Spec.(*model.Agreement); ok && a.May(actor, identity.ActionReadFindings, identity.Resource{Kind: "organisation"}) {
		if h, found := snap.Find(st.o.Service); found {
			x.Predicted = v.state.promise(w, of, ag, st.o.Index, h, v.state.behind(h)).Predicted
		}
	}
	if st.o.Gap == "" {
		x.Method = w.Message("statement.method."+st.o.Rules.Method.String(), finding.Args{"slice": time.Duration(max(st.o.Rules.Slice, 1)) * time.Minute})
	}
	if r := st.reached; r != nil && r.Attained != nil {
		x.Working = &ObjectiveWorking{
			Agreed: w.Duration(r.Agreed), Excluded: w.Duration(r.Excluded), Counted: w.Duration(r.Agreed - r.Excluded), Good: w.Duration(r.Good), Bad: w.Duration(r.Bad), Unknown: w.Duration(r.Unknown),
			Treatment: st.o.Rules.Unknown.String(), Target: ShareText(w, st.o.Rules.Target),
		}
		if r.TotalEvents > 0 {
			x.Working.TotalEvents, x.Working.GoodEvents = w.Value(r.TotalEvents.Events()), w.Value(r.GoodEvents.Events())
		}
	}
	if v.ledger == nil {
		return x, nil
	}
	a.fillLeftOut(ctx, actor, v, st, x, w)
	if st.o.Gap != "" || st.o.Series == "" {
		return x, nil
	}
	if err := a.fillYear(ctx, v, st, x, w); err != nil {
		return nil, err
	}
	if !reads {
		x.Corrections = []ObjectiveSaid{}
	}
	return x, nil
}

// yearShown is how far back an objective opens its days.
const yearShown = 366 * 24 * time.Hour

// fillYear reads the evidence of a year: what each day attained, the interruptions, and who
// said what.
func (a *App) fillYear(ctx context.Context, v *overview, st *standing, x *ObjectiveSheet, w language.Writer) error {
	end := st.until
	year := worktime.Interval{Start: end.Add(-yearShown).Truncate(24 * time.Hour), End: end}
	var days []slo.Day
	for r, err := range v.ledger.Read(ctx, []ledger.Series{ledger.Series(st.o.Series)}, slo.DayOf(year.Start), slo.DayOf(year.End), time.Time{}) {
		if err != nil {
			return err
		}
		day, err := slo.DecodeDay(r.Slices)
		if err != nil {
			return err
		}
		days = append(days, day)
		if r.Author != "" {
			x.Corrections = append(x.Corrections, ObjectiveSaid{dateOf(r.Day), r.Revision, a.ActorName(ctx, r.Author), r.Reason, model.Instant{Time: r.At}})
		}
	}
	slices.Reverse(x.Corrections)
	if len(days) == 0 {
		return nil
	}
	agreed, excluded := st.o.Agreed(year), v.excluded(&st.o)
	for _, d := range days {
		span := worktime.Interval{Start: startOf(d.Number), End: startOf(d.Number + 1)}
		got := slo.Attain([]slo.Day{d}, slo.NewFrame(span, end, agreed, excluded), st.o.Rules)
		if got.Good+got.Bad+got.Unknown == 0 {
			continue
		}
		day := ObjectiveDay{Date: dateOf(d.Number), Good: w.Duration(got.Good), Bad: w.Duration(got.Bad), Unknown: w.Duration(got.Unknown), Lost: int(got.Bad / time.Minute), Mark: markOfVerdict(got.Verdict.String())}
		if got.Attained != nil {
			day.Attained = ShareText(w, *got.Attained)
		}
		if day.Mark == MarkGap && got.Budget.Used <= st.allowed() {
			day.Mark = MarkRisk // the day alone does not break the promise
		}
		x.Days = append(x.Days, day)
	}
	year.Start = startOf(days[0].Number) // nothing is missed before anything was measured
	for _, s := range slices.Backward(slo.Stretches(days, slo.NewFrame(year, end, agreed, excluded), st.o.Rules)) {
		each := ObjectiveOutage{model.Instant{Time: s.Interval.Start.UTC()}, model.Instant{Time: s.Interval.End.UTC()}, w.Duration(s.Interval.Duration())}
		switch {
		case s.State == slo.Bad:
			x.Interruptions = append(x.Interruptions, each)
		case s.State == slo.Unknown && len(x.Unseen) < mostUnseen:
			x.Unseen = append(x.Unseen, each)
		}
	}
	return nil
}

// mostUnseen is how many stretches that nobody measured are listed.
const mostUnseen = 500

// allowed is the budget of the present window.
func (st *standing) allowed() time.Duration {
	if st.reached == nil {
		return 0
	}
	return st.reached.Budget.Allowed
}

// fillLeftOut lists what is left out, and what is not although somebody asked.
func (a *App) fillLeftOut(ctx context.Context, actor identity.Actor, v *overview, st *standing, x *ObjectiveSheet, w language.Writer) {
	from, inside := v.now.Add(-yearShown), a.readsInternally(actor)
	for _, e := range v.excludable(&st.o) {
		if e.To.Before(from) && !e.To.IsZero() {
			continue
		}
		standing := st.o.Standing(e).String()
		if standing == slo.Holds.String() && !slices.Contains(st.o.Exclusions, e.Kind) {
			standing = "not-agreed"
		}
		out := ObjectiveLeftOut{From: model.Instant{Time: e.From}, Until: model.Instant{Time: e.To}, Kind: w.Message("objective.kind."+e.Kind, nil), Holds: standing == slo.Holds.String(), Standing: w.Message("objective.standing."+standing, nil), Announced: model.Instant{Time: e.Announced}, Reason: e.Reason}
		if work, ok := e.Maintenance(); ok {
			n := Name(v.state.Snap, work)
			out.By = &n
		}
		if e.Author != "" && inside {
			out.Author = a.ActorName(ctx, e.Author)
		}
		if left, id := v.leftBy(e.Source); left != nil {
			_, r, err := a.scopeOf(v.state.Snap, left.Scope)
			out.ID, out.MayChange = id, err == nil && a.May(actor, identity.ActionChangeCommit, r)
		}
		x.Excluded = append(x.Excluded, out)
	}
	slices.SortStableFunc(x.Excluded, func(p, q ObjectiveLeftOut) int { return q.From.Compare(p.From.Time) })
}
