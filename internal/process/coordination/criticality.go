package coordination

import (
	"diapason/internal/finding"
	"diapason/internal/model"
)

// need is the highest criticality that asks for something, and who asks (plus one,
// so that the zero value asks nothing).
type need struct {
	rank int
	who  model.Handle
}

// ratedBy is the criticality that a dependent states, 0 when it states none.
func ratedBy(o *model.Object) int {
	switch x := o.Spec.(type) {
	case *model.Service:
		return x.Criticality.Rank()
	case *model.Component:
		return x.Criticality.Rank()
	}
	return 0
}

// asks reports that a dependent needs something to run, without an alternative.
func (a *Analysis) asks(in model.Incoming) *model.Object {
	if !in.Field.Structure || in.Group || in.Phases&1 == 0 {
		return nil
	}
	o := a.f.Snap.Object(in.From)
	if o == nil {
		return nil
	}
	if s, ok := o.Spec.(*model.Service); ok && !runs(s) {
		return nil
	}
	switch o.Kind.Slug {
	case "service", "component", "site", "tool":
		return o
	}
	return nil
}

// rankNext leads up to dependents that state nothing themselves: they pass on what
// is asked of them.
func (a *Analysis) rankNext(n int32, visit func(int32)) {
	for _, in := range a.f.Snap.In(model.Handle(n)) {
		if o := a.asks(in); o != nil && ratedBy(o) == 0 {
			visit(int32(in.From))
		}
	}
}

func (a *Analysis) settleRanks(component []int32, _ bool, value func(int32) need, set func(int32, need)) {
	var top need
	consider := func(x need) {
		if x.rank > top.rank || x.rank == top.rank && x.rank > 0 && a.f.Snap.Ref(x.who-1).Compare(a.f.Snap.Ref(top.who-1)) < 0 {
			top = x
		}
	}
	for _, n := range component {
		for _, in := range a.f.Snap.In(model.Handle(n)) {
			o := a.asks(in)
			if o == nil {
				continue
			}
			if r := ratedBy(o); r > 0 {
				consider(need{r, in.From + 1})
			} else {
				consider(value(int32(in.From)))
			}
		}
	}
	for _, n := range component {
		set(n, top)
	}
}

// checkCriticality is COO-011: told on what is rated too low, with the highest of
// those that need it to run as its cause.
func checkCriticality(f *finding.Facts, h model.Handle, emit func(finding.Finding)) {
	o := f.Snap.Object(h)
	own := ratedBy(o)
	if s, ok := o.Spec.(*model.Service); own == 0 || ok && !runs(s) {
		return
	}
	a := of(f)
	top := a.ranks.Value(int32(h))
	if top.rank <= own {
		return
	}
	who := f.Snap.Ref(top.who - 1)
	asked, stated := levelOf(top.rank), levelOf(own)
	emit(finding.Finding{Causes: []model.Ref{who}, Pointer: "/spec/criticality",
		Args:     finding.Args{"own": stated, "asked": asked, "who": who},
		Evidence: []finding.Evidence{{Label: "own", Value: stated}, {Label: "asked", Value: asked}}})
}

func levelOf(rank int) model.Criticality {
	return []model.Criticality{"", model.CriticalityLow, model.CriticalityMedium, model.CriticalityHigh, model.CriticalityCritical}[rank]
}
