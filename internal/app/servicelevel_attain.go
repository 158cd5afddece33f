package app

import (
	"cmp"
	"context"
	"slices"
	"time"

	"diapason/internal/app/assess"
	"diapason/internal/finding"
	"diapason/internal/identity"
	"diapason/internal/language"
	"diapason/internal/model"
	"diapason/internal/process/availability"
	"diapason/internal/process/servicelevel"
)

// Attainable says of each wish whether it can be promised, why, and what would make
// it so.
type Attainable struct {
	Service   Named                 `json:"service"`
	Customer  *Named                `json:"customer,omitempty"`
	Outcome   string                `json:"outcome"` // can, risky, cannot, open; empty where nothing is wished
	Word      string                `json:"word"`
	Mark      Mark                  `json:"mark"`
	Sentence  string                `json:"sentence"`
	Hours     *WishedHoursView      `json:"hours,omitempty"`
	Wishes    []WishView            `json:"wishes"`
	Conflicts []PromiseConflictView `json:"conflicts"`
	Advice    *WishAdvice           `json:"advice,omitempty"`
	Table     Table                 `json:"table"`
}

// WishedHoursView is whether the agreed service time is supported.
type WishedHoursView struct {
	Calendar Named   `json:"calendar"`
	Typed    bool    `json:"typed"` // the draft would add it to the model
	Outcome  string  `json:"outcome"`
	Word     string  `json:"word"`
	Mark     Mark    `json:"mark"`
	Sentence string  `json:"sentence"`
	By       []Named `json:"by"`
}

// WishView is one wish with the chain that it would rest on.
type WishView struct {
	ChainView
	ID       string      `json:"id"` // name of the target
	Outcome  string      `json:"outcome"`
	Computed string      `json:"computed"` // what is attained, in words
	Best     string      `json:"best"`     // the best that can be promised, in words
	Value    string      `json:"value"`    // the same as it is typed
	Risk     *RiskView   `json:"risk,omitempty"`
	Levers   []LeverView `json:"levers"`
}

// RiskView is how often the window of an availability would be missed.
type RiskView struct {
	Miss     float64 `json:"miss"`
	Text     string  `json:"text"`
	Sentence string  `json:"sentence"`
	Formula  string  `json:"formula"`
	Credit   string  `json:"credit,omitempty"`
}

// LeverView is a change that would help.
type LeverView struct {
	Kind    string `json:"kind"`
	By      Named  `json:"by"`
	Text    string `json:"text"`
	Reaches bool   `json:"reaches"`
}

// PromiseConflictView is an agreement with the same customer that promises otherwise.
type PromiseConflictView struct {
	Agreement Named  `json:"agreement"`
	Text      string `json:"text"`
	Mark      Mark   `json:"mark"`
}

// WishAdvice is the cheapest way of changing the design until it keeps an
// availability.
type WishAdvice struct {
	Sentence string             `json:"sentence"`
	Proven   bool               `json:"proven"`
	Bundles  []BundleView       `json:"bundles"` // the cheapest that reaches the wish first, else the best
	Changes  []DesignChangeView `json:"changes"` // without a price
}

// DesignChangeView is one change to the design that nobody has priced yet.
type DesignChangeView struct {
	Of      Named  `json:"of"`
	Text    string `json:"text"`
	Reaches bool   `json:"reaches"`
}

// Attain says what of some wishes can be promised.
func (a *App) Attain(ctx context.Context, actor identity.Actor, v View, w Wishes, lang language.Lang) (*Attainable, error) {
	s, err := a.At(ctx, v)
	if err != nil {
		return nil, err
	}
	if err := a.Authorize(actor, identity.ActionReadFindings, identity.Resource{Kind: "organisation"}); err != nil {
		return nil, err
	}
	x, err := readWishes(s, w)
	if err != nil {
		return nil, err
	}
	for _, r := range append([]model.Ref{x.service, x.spec.Customer}, x.spec.Hours) {
		if r.IsZero() || x.calendar != nil && r == x.calendar.Ref() {
			continue
		}
		if _, err := a.readable(actor, s.Snap, r); err != nil {
			return nil, err
		}
	}
	// Whoever types waits: what the search for improvements has found by then must do.
	ctx, cancel := context.WithTimeout(ctx, adviceTime)
	defer cancel()
	return attain(ctx, s, x, lang)
}

// adviceTime bounds the search for improvements while somebody types.
const adviceTime = 100 * time.Millisecond

// AttainIn says what of some wishes can be promised in a state.
func AttainIn(ctx context.Context, s *State, w Wishes, lang language.Lang) (*Attainable, error) {
	x, err := readWishes(s, w)
	if err != nil {
		return nil, err
	}
	return attain(ctx, s, x, lang)
}

// over is the state with the calendar that was typed.
func (x *wished) over(s *State) *State {
	if x.calendar == nil {
		return s
	}
	snap := s.Snap.With(s.Snap.Seq, []*model.Object{x.calendar}, nil)
	facts := assess.Facts(snap, s.On)
	assess.Carried(s.Result.Facts, facts, []model.Ref{x.calendar.Ref()})
	return &State{Snap: snap, On: s.On, Result: &assess.Result{Facts: facts}}
}

func attain(ctx context.Context, base *State, x wished, lang language.Lang) (*Attainable, error) {
	s := x.over(base)
	sl, ok := finding.Use[*servicelevel.Analysis](s.Result.Facts)
	h, found := s.Snap.Find(x.service)
	if !ok || !found {
		return nil, fail(CodeUnavailable, nil)
	}
	b := attainBuilder{chainBuilder{s, WriterFor(s.Snap, lang)}, &x}
	answer := sl.Attain(h, x.spec)
	out := &Attainable{
		Service: Name(s.Snap, x.service), Customer: b.named(x.spec.Customer), Outcome: string(answer.Outcome), Mark: outcomeMarks[answer.Outcome], Word: b.word(answer.Outcome),
		Wishes: []WishView{}, Conflicts: []PromiseConflictView{}, Table: b.list(),
	}
	out.Hours = b.hours(answer.Hours)
	var availabilityWish *servicelevel.Attained
	counts := map[servicelevel.Outcome][]string{}
	if answer.Hours != nil {
		counts[answer.Hours.Outcome] = append(counts[answer.Hours.Outcome], b.w.Message("attain.hours.label", nil))
	}
	for i := range answer.Wishes {
		wish := &answer.Wishes[i]
		wish.Risk.Priced(x.spec.Fee)
		v := b.wish(wish)
		out.Wishes = append(out.Wishes, v)
		counts[wish.Outcome] = append(counts[wish.Outcome], v.Label+" "+v.Promised)
		b.row(&out.Table, &v)
		if wish.Composed != nil && availabilityWish == nil {
			availabilityWish = wish
		}
	}
	for _, c := range answer.Conflicts {
		out.Conflicts = append(out.Conflicts, b.conflict(&c))
	}
	if availabilityWish != nil {
		out.Advice = b.advice(ctx, base, h, availabilityWish)
	}
	n := len(out.Wishes)
	if answer.Hours != nil {
		n++
	}
	out.Sentence = b.w.Message("attain.sentence", finding.Args{
		"service": x.service, "n": n, "outcome": string(answer.Outcome), "cannot": counts[servicelevel.Cannot], "noCannot": len(counts[servicelevel.Cannot]),
		"open": counts[servicelevel.Open], "noOpen": len(counts[servicelevel.Open]), "risky": counts[servicelevel.Risky], "noRisky": len(counts[servicelevel.Risky]), "wishes": len(out.Wishes),
	})
	return out, nil
}

var outcomeMarks = map[servicelevel.Outcome]Mark{
	servicelevel.Can: MarkOK, servicelevel.Risky: MarkRisk, servicelevel.Cannot: MarkGap, servicelevel.Open: MarkUnknown, "": MarkUnknown,
}

type attainBuilder struct {
	chainBuilder
	x *wished
}

func (b attainBuilder) word(o servicelevel.Outcome) string {
	if o == "" {
		return ""
	}
	return b.w.Message("attain.is."+string(o), nil)
}

func (b attainBuilder) hours(w *servicelevel.HoursWish) *WishedHoursView {
	if w == nil {
		return nil
	}
	v := &WishedHoursView{Calendar: Name(b.s.Snap, w.Hours), Typed: b.x.calendar != nil, Outcome: string(w.Outcome), Word: b.word(w.Outcome), Mark: outcomeMarks[w.Outcome], By: []Named{}}
	args := finding.Args{"hours": w.Hours, "outcome": string(w.Outcome), "by": []model.Ref(nil), "n": 0, "missing": []model.Ref(nil), "lack": 0}
	if c := w.Coverage; c != nil {
		v.By = names(b.s, c.By)
		args["by"], args["n"], args["missing"], args["lack"], args["year"] = c.By, len(c.By), c.Missing, len(c.Missing), c.Uncovered.Duration()
		if len(c.Weeks) > 0 {
			worst := c.Weeks[c.Worst]
			args["worst"], args["worstHours"], args["worstWeek"] = worst.Uncovered, worst.Pattern, worst.Monday
			args["typicalHours"], args["regular"] = worst.Pattern, false
			if c.Typical >= 0 {
				args["typical"], args["typicalHours"], args["regular"] = c.Weeks[c.Typical].Uncovered, c.Weeks[c.Typical].Pattern, c.Weeks[c.Typical].Uncovered > 0
			}
		}
	}
	v.Sentence = b.w.Message("attain.hours", args)
	return v
}

func (b attainBuilder) wish(x *servicelevel.Attained) WishView {
	v := WishView{ChainView: b.view(&x.Chain), ID: x.Target.Name, Outcome: string(x.Outcome), Levers: []LeverView{}}
	v.Word, v.Mark = b.word(x.Outcome), outcomeMarks[x.Outcome]
	if b.x.calendar != nil {
		v.Hours = nil // it has no page yet
	}
	v.Computed = b.computed(x)
	if x.Best != nil {
		v.Best, v.Value = b.w.Value(x.Best), typed(x.Best)
	}
	if x.Composed != nil {
		v.Sentence = b.availability(x)
	}
	if r := x.Risk; r != nil {
		v.Risk = &RiskView{
			Miss: r.Miss, Text: b.w.Value(chance(r.Miss)),
			Sentence: b.w.Message("attain.risk", finding.Args{"miss": chance(r.Miss), "window": x.Target.Window, "perYear": rounded(r.PerYear), "lasts": r.Lasts.Round(time.Minute), "allowed": r.Allowed.Round(time.Second), "agreed": r.Window.Round(time.Hour), "often": rounded(r.Miss * r.Windows)}),
			Formula:  b.w.Message("attain.risk.formula", nil),
		}
		if r.Credit != nil {
			args := finding.Args{"share": chance(*r.Credit), "priced": r.Yearly != nil, "window": x.Target.Window}
			if r.Yearly != nil {
				args["yearly"] = *r.Yearly
			}
			v.Risk.Credit = b.w.Message("attain.credit", args)
		}
	}
	for _, l := range x.Levers {
		args := finding.Args{"by": l.By, "value": l.Value, "reaches": l.Reaches, "missing": l.Missing.Round(time.Hour), "outside": l.Missing > 0, "share": l.Share, "shared": l.Share > 0 && l.Share.Ratio() < 1}
		v.Levers = append(v.Levers, LeverView{l.Kind, Name(b.s.Snap, l.By), b.w.Message("attain.lever."+l.Kind, args), l.Reaches})
	}
	return v
}

// typed is a value as people type it in the form.
func typed(v any) string {
	switch x := v.(type) {
	case model.Availability:
		return x.String()
	case model.Duration:
		return x.String()
	case model.Quantity:
		return x.String()
	}
	return ""
}

// chance is a probability as people read it: a tenth of a percent below ten percent.
func chance(p float64) model.Percent {
	digits := 100.0
	if p < .1 {
		digits = 1000
	}
	return model.PercentOf(float64(int(p*digits+.5)) / digits)
}

// rounded is a number of which two digits mean something.
func rounded(x float64) float64 {
	switch {
	case x >= 10:
		return float64(int(x + .5))
	case x >= 1:
		return float64(int(x*10+.5)) / 10
	}
	return float64(int(x*100+.5)) / 100
}

// computed is what is attained against the wish: of an availability the design, of a
// time the worst case, or what the share of cases needs.
func (b attainBuilder) computed(x *servicelevel.Attained) string {
	switch {
	case x.Composed != nil && x.Composed.Known:
		return b.w.Value(x.Composed.Predicted.Rounded(3))
	case x.Timed != nil && x.Target.Share().Ratio() < 1 && x.Timed.Spread:
		return b.w.Message("attain.kept", finding.Args{"share": shownShare(x.Timed.Kept)})
	case x.Timed != nil && x.Timed.Never:
		return b.w.Message("promise.never", nil)
	case x.Timed != nil:
		return b.w.Duration(x.Timed.Elapsed)
	case x.Recovers != nil:
		return b.w.Value(*x.Recovers)
	case x.Target.Metric == model.MetricThroughput && x.Best != nil:
		return b.w.Value(x.Best)
	}
	return ""
}

// availability says what the design gives, what the promises behind make, and which
// falls short.
func (b attainBuilder) availability(x *servicelevel.Attained) string {
	c := x.Composed
	asked := *x.Target.Availability
	args := finding.Args{
		"asked": asked, "known": c.Known, "certain": c.Certain, "predicted": c.Predicted.Rounded(3), "short": c.Known && c.Certain && c.Predicted.Less(asked), "missing": x.Lacking, "n": len(x.Lacking),
		"links": len(x.Support.Links), "product": c.Product.Rounded(3), "bound": c.Bound.Rounded(3), "weak": x.Support.Verdict == servicelevel.Uncovered || x.First >= 0, "alone": false, "first": "", "unpromised": x.Support.Unpromised, "silent": len(x.Support.Unpromised),
	}
	if c.Predicted.Less(asked) {
		args["by"] = availability.Monthly(c.Predicted.Unavailability() - asked.Unavailability())
	}
	if l := x.FirstFailing(); l != nil {
		args["alone"], args["first"], args["value"], args["outside"], args["outsideAny"] = true, l.By, l.Value, l.Outside, l.Short == 0 && l.Outside > 0
	}
	return b.w.Message("attain.availability", args)
}

func (b attainBuilder) conflict(c *servicelevel.Conflict) PromiseConflictView {
	mark := MarkRisk
	if c.Ordered {
		mark = MarkOK
	}
	args := finding.Args{"agreement": c.Agreement, "hours": c.Here == nil, "here": c.Hours, "there": c.Other, "stricter": c.Stricter, "ordered": c.Ordered}
	if c.Here != nil {
		args["what"], args["here"], args["there"] = b.label(c.Here), PromisedValue(b.w, *c.Here), PromisedValue(b.w, *c.There)
	}
	return PromiseConflictView{Name(b.s.Snap, c.Agreement), b.w.Message("attain.conflict", args), mark}
}

// bundlesShown bounds the improvements that stand beside a wish.
const bundlesShown = 3

// advice is what would make the design keep an availability: the cheapest priced
// improvements, and single changes that nobody has priced.
func (b attainBuilder) advice(ctx context.Context, base *State, h model.Handle, x *servicelevel.Attained) *WishAdvice {
	av, ok := finding.Use[*availability.Analysis](base.Result.Facts)
	asked := *x.Target.Availability
	if !ok || !x.Composed.Known || x.Outcome == servicelevel.Can {
		return nil
	}
	study := &studyBuilder{s: base, h: h, w: b.w, av: av, out: &AvailabilityStudy{}}
	out := &WishAdvice{Proven: true, Bundles: []BundleView{}, Changes: []DesignChangeView{}}
	points, proven := base.front(ctx, av, h)
	out.Proven = proven
	first := slices.IndexFunc(points, func(p availability.Point) bool { return p.Unavailability <= asked.Unavailability() })
	reached := first >= 0
	if !reached {
		first = max(len(points)-1, 0)
	}
	for _, p := range points[min(first, len(points)):min(first+bundlesShown, len(points))] {
		out.Bundles = append(out.Bundles, study.bundle(p, &asked))
	}
	args := finding.Args{"n": len(points), "reached": reached, "asked": asked, "cost": "", "text": "", "after": "", "kept": !x.Composed.Predicted.Less(asked)}
	if len(out.Bundles) > 0 {
		args["cost"], args["text"], args["after"] = out.Bundles[0].Cost, out.Bundles[0].Text, out.Bundles[0].After.Text
	}
	if !reached {
		changes := av.Changes(h)
		slices.SortStableFunc(changes, func(p, q availability.Change) int { return cmp.Compare(q.Gain, p.Gain) })
		for _, c := range changes[:min(len(changes), bundlesShown)] {
			reaches := !c.After.Less(asked)
			out.Changes = append(out.Changes, DesignChangeView{Name(base.Snap, c.Subject), b.w.Message("attain.change."+c.Kind, finding.Args{"of": c.Subject, "after": c.After.Rounded(3), "mttr": c.MTTR, "reaches": reaches}), reaches})
		}
	}
	out.Sentence = b.w.Message("attain.advice", args)
	return out
}

// front is the choice between cost and availability of a service, remembered once it
// was searched to the end.
func (s *State) front(ctx context.Context, av *availability.Analysis, h model.Handle) ([]availability.Point, bool) {
	if hit, known := s.fronts.Load(h); known {
		return hit.([]availability.Point), true
	}
	x, ok := av.ImprovementsOf(h)
	if !ok {
		s.fronts.Store(h, []availability.Point(nil))
		return nil, true
	}
	front := x.Front(ctx)
	if front.Proven {
		s.fronts.Store(h, front.Points)
	}
	return front.Points, front.Proven
}

func (b attainBuilder) list() Table {
	t := Table{ID: "attain", Title: b.w.Message("attain.list", nil), Columns: []Column{}, Rows: []Row{}}
	for _, c := range [][2]string{{"wish", "text"}, {"wished", "text"}, {"attained", "text"}, {"outcome", "text"}, {"mark", "mark"}, {"firstFailing", "ref"}, {"linkShort", "text"}, {"best", "text"}} {
		t.Columns = append(t.Columns, Column{c[0], b.w.Message("column."+c[0], nil), c[1]})
	}
	return t
}

func (b attainBuilder) row(t *Table, v *WishView) {
	cells := map[string]any{"wish": v.Label, "wished": v.Promised, "outcome": v.Word, "mark": v.Mark}
	for key, text := range map[string]string{"attained": v.Computed, "best": v.Best} {
		if text != "" {
			cells[key] = text
		}
	}
	for i := range v.Links {
		if l := &v.Links[i]; l.First {
			cells["firstFailing"] = l.By
			if l.Short != "" {
				cells["linkShort"] = l.Short
			}
		}
	}
	t.add(model.Ref{}, cells)
}
