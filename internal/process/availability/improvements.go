package availability

import (
	"math"
	"slices"

	"diapason/internal/engine/faulttree"
	"diapason/internal/model"
)

// Option is one improvement declared on something that a service needs.
type Option struct {
	Of          model.Ref
	Index       int // of the improvement in the document of its holder
	Improvement model.Improvement
	Yearly      model.Money // cost a year over the planning horizon, once and running together
	Priced      bool        // its cost is known and in the organisation's currency
	Gain        float64     // by how much the unavailability falls if it alone is chosen

	event  faulttree.NodeID // whose probability becomes q
	q, was float64
}

// Improvements is a service with everything that could be bought for it: at most
// one improvement of each thing.
type Improvements struct {
	a      *Analysis
	t      *tree
	groups [][]Option // by thing
}

// ImprovementsOf gathers the improvements of what a service needs; ok is false
// where there are none, or where the structure cannot be solved.
func (a *Analysis) ImprovementsOf(service model.Handle) (*Improvements, bool) {
	x := &Improvements{a: a, t: &tree{b: a.newGraph(64)}}
	x.t.b.elsewhere = map[model.Handle][]faulttree.NodeID{}
	x.t.top = x.t.b.add(service)
	var err error
	if x.t.m, err = x.t.b.compile([]faulttree.NodeID{x.t.top}); err != nil {
		return nil, false
	}
	r, err := x.t.m.Unavailability(x.t.top)
	if err != nil || !r.Exact {
		return nil, false
	}
	x.t.unavailability = float64(r.Upper)
	own := map[model.Handle]faulttree.NodeID{}
	for id, h := range x.t.b.owner {
		if h != model.Missing {
			own[h] = faulttree.NodeID(id)
		}
	}
	for _, h := range a.within(service) {
		var list []Option
		for i, imp := range improvementsOn(a.f.Snap.Object(h)) {
			if o, ok := x.option(h, i, imp, own[h]); ok {
				o.Gain = x.t.unavailability - x.with(o)
				list = append(list, o)
			}
		}
		if len(list) > 0 {
			x.groups = append(x.groups, list)
		}
	}
	return x, len(x.groups) > 0
}

// Unavailability of the service as designed.
func (x *Improvements) Unavailability() float64 { return x.t.unavailability }

// Groups are the options by thing; of each group at most one is chosen.
func (x *Improvements) Groups() [][]Option { return x.groups }

// With is the unavailability with some options chosen.
func (x *Improvements) With(chosen ...Option) float64 { return x.with(chosen...) }

func (x *Improvements) with(chosen ...Option) float64 {
	defer func() {
		for _, o := range chosen {
			_ = x.t.m.SetProbability(o.event, faulttree.Probability(o.was))
		}
	}()
	for _, o := range chosen {
		if x.t.m.SetProbability(o.event, faulttree.Probability(o.q)) != nil {
			return x.t.unavailability
		}
	}
	r, err := x.t.m.Unavailability(x.t.top)
	if err != nil {
		return x.t.unavailability
	}
	return float64(r.Upper)
}

// option says what an improvement changes: the figures of its holder, the number
// of its instances, or, elsewhere, the switch of a second one.
func (x *Improvements) option(h model.Handle, i int, imp model.Improvement, own faulttree.NodeID) (Option, bool) {
	in, has := x.a.input(h)
	o := Option{Of: x.a.f.Snap.Ref(h), Index: i, Improvement: imp, event: own, was: in.unavailability()}
	o.Yearly, o.Priced = x.a.yearly(imp)
	if !has || in.Source == SourceNone || in.Source == SourceNotOwn || o.was <= 0 {
		return o, false
	}
	if to := x.t.b.elsewhere[h]; imp.Adds > 0 && !imp.Site.IsZero() && i < len(to) && to[i] >= 0 {
		o.event, o.was, o.q = to[i], 1, 0
		return o, true
	}
	o.q = x.a.improved(h, &in, imp)
	return o, o.q < o.was
}

// improved is the own unavailability of something with an improvement. An MTTR then
// counts what the declared one does.
func (a *Analysis) improved(h model.Handle, in *Input, imp model.Improvement) float64 {
	next := *in
	if imp.MTBF > 0 || imp.MTTR > 0 {
		next.MTBF, next.MTTR = firstOf(imp.MTBF, in.MTBF), in.MTTR
		if imp.MTTR > 0 {
			next.MTTR = a.downFor(h, imp.MTTR)
		}
		if next.MTBF > 0 && next.MTTR > 0 {
			next.Source = SourceTimes
		}
	}
	if imp.Availability != nil {
		next.Source, next.Availability = SourceDeclared, *imp.Availability
	}
	if imp.Adds > 0 {
		next.Instances, next.Needed = max(in.Instances, 1)+imp.Adds, max(in.Needed, 1)
		if in.Needed == 0 {
			next.Needed = max(in.Instances, 1)
		}
	}
	return next.unavailability()
}

func firstOf(a, b model.Duration) model.Duration {
	if a > 0 {
		return a
	}
	return b
}

// yearly spreads what is paid once over the planning horizon and adds what is paid
// every year.
func (a *Analysis) yearly(imp model.Improvement) (model.Money, bool) {
	currency := a.f.Snap.Organisation().Currency
	out := model.Money{Currency: currency, Per: "year"}
	if imp.Cost == nil && imp.Running == nil {
		return out, false
	}
	years := float64(a.f.On.DaysUntil(horizon(a.f))) / 365.25
	if c := imp.Cost; c != nil {
		if currency != "" && c.Currency != currency {
			return out, false
		}
		out.Currency = c.Currency
		if c.Per != "" {
			out.Minor += c.PerYear().Minor
		} else {
			out.Minor += int64(float64(c.Minor)/max(years, 1) + .5)
		}
	}
	if c := imp.Running; c != nil {
		if out.Currency != "" && c.Currency != out.Currency {
			return out, false
		}
		out.Currency = c.Currency
		out.Minor += c.PerYear().Minor
	}
	return out, out.Minor >= 0
}

func improvementsOn(o *model.Object) []model.Improvement {
	if o == nil {
		return nil
	}
	switch s := o.Spec.(type) {
	case *model.Component:
		return s.Improvements
	case *model.Site:
		return s.Improvements
	case *model.Tool:
		return s.Improvements
	}
	return nil
}

// second builds a gate for h that fails when h fails and, of each improvement that
// puts a second one elsewhere, that one as well: with its own event, its own site
// and everything else that h needs, and for certain while its switch is on (1, as
// designed).
func (b *graph) second(h model.Handle) faulttree.NodeID {
	list := improvementsOn(b.a.f.Snap.Object(h))
	and, err := b.g.ReserveGate()
	b.check(err)
	b.own(and, model.Missing)
	b.node[h] = and // what needs h in a circle finds it here
	switches := make([]faulttree.NodeID, len(list))
	inputs := []faulttree.NodeID{b.plain(h)}
	for i, imp := range list {
		switches[i] = -1
		if site, ok := b.a.f.Snap.Find(imp.Site); ok && imp.Adds > 0 {
			var or faulttree.NodeID
			or, switches[i] = b.other(h, imp, site)
			inputs = append(inputs, or)
		}
	}
	b.elsewhere[h] = switches
	b.check(b.g.Define(and, faulttree.OpAnd, 0, inputs...))
	return and
}

// movable reports an improvement that puts a second one elsewhere.
func movable(o *model.Object) bool {
	return slices.ContainsFunc(improvementsOn(o), func(imp model.Improvement) bool { return imp.Adds > 0 && !imp.Site.IsZero() })
}

// other is the failure of a second h at a site, and its switch.
func (b *graph) other(h model.Handle, imp model.Improvement, site model.Handle) (or, toggle faulttree.NodeID) {
	in, _ := b.a.input(h)
	in.Instances, in.Needed = 0, 0
	one := b.a.improved(h, &in, model.Improvement{MTBF: imp.MTBF, MTTR: imp.MTTR, Availability: imp.Availability})
	own, err := b.g.AddEvent(faulttree.Probability(math.Pow(one, float64(imp.Adds))))
	b.check(err)
	b.own(own, model.Missing)
	toggle, err = b.g.AddEvent(1)
	b.check(err)
	b.own(toggle, model.Missing)
	parts := []faulttree.NodeID{toggle, own, b.visit(site)}
	if id, runs := b.release(h); runs {
		parts = append(parts, id) // a second one runs the same product
	}
	for _, n := range b.a.needs(h) {
		if n.implied && b.a.f.Snap.Ref(n.on).Kind == "site" {
			continue
		}
		parts = append(parts, b.expression(&n))
	}
	or, err = b.g.AddOr(parts...)
	b.check(err)
	b.own(or, model.Missing)
	return or, toggle
}
