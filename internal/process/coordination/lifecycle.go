package coordination

import (
	"slices"

	"diapason/internal/finding"
	"diapason/internal/model"
)

// dateGap is a date at which a service counts on something that is not there.
type dateGap struct {
	need   int         // index in requires
	on     model.Date  // first such date
	until  model.Date  // from then on it holds again; ever when it does not
	late   []model.Ref // services that come after it
	ending []model.Ref // services that retire by then
}

// period is when a service needs what it requires: from its start, today at the
// earliest, to its end.
func (a *Analysis) period(s *model.Service) (span, bool) {
	p := span{a.f.On, ever}
	switch {
	case !s.AvailableFrom.IsZero():
		p.from = max(p.from, s.AvailableFrom)
	case s.Stage.Rank() < model.StageLive.Rank():
		return p, false // without a date nothing can come too late for it
	}
	if !s.RetiresOn.IsZero() {
		p.until = s.RetiresOn
	}
	return p, p.from < p.until
}

// dateGaps gives at most one gap for each element of requires.
func (a *Analysis) dateGaps(h model.Handle, s *model.Service) []dateGap {
	if !runs(s) || a.allSteady(h) {
		return nil
	}
	p, ok := a.period(s)
	if !ok {
		return nil
	}
	var out []dateGap
	for i := range s.Requires {
		on, again, found := needLife(&s.Requires[i], a.lifeOf).gap(p)
		if !found {
			continue
		}
		g := dateGap{need: i, on: on, until: again}
		a.absent(&s.Requires[i], map[model.Ref]bool{}, func(l life) bool { return l.at(on) }, func(r model.Ref, s *model.Service) {
			if !s.AvailableFrom.IsZero() && s.AvailableFrom > on {
				g.late = append(g.late, r)
			} else {
				g.ending = append(g.ending, r)
			}
		})
		if len(g.late)+len(g.ending) == 0 {
			continue // a group that asks for more than it has: a matter of availability
		}
		g.late, g.ending = sorted(g.late), sorted(g.ending)
		out = append(out, g)
	}
	return out
}

// absent visits the services whose lives make an expression fail a test, looking
// through whatever stands between, each thing once.
func (a *Analysis) absent(n *model.Need, seen map[model.Ref]bool, holds func(life) bool, visit func(model.Ref, *model.Service)) {
	if holds(needLife(n, a.lifeOf)) {
		return
	}
	if alternatives, _ := n.Group(); alternatives != nil {
		for i := range alternatives {
			a.absent(&alternatives[i], seen, holds, visit)
		}
		return
	}
	if seen[n.On] {
		return
	}
	seen[n.On] = true
	o := a.f.Snap.Get(n.On)
	if o == nil {
		return
	}
	if s, ok := o.Spec.(*model.Service); ok {
		visit(n.On, s)
		return
	}
	for i, needs := 0, needsOf(o.Spec); i < len(needs); i++ {
		a.absent(&needs[i], seen, holds, visit)
	}
}

// AvailableTooSoon visits the elements of a service's requires that are not yet
// there when it becomes available: the index of the element, the date of the
// service, the date from which the element holds (zero when none is known), and
// the services that come too late. An alternative that comes later is no gap
// where the others suffice.
func (a *Analysis) AvailableTooSoon(service model.Handle, visit func(need int, starts, holds model.Date, late []model.Ref)) {
	s := finding.Spec[model.Service](a.f, service)
	for _, g := range a.dateGaps(service, s) {
		if g.tooSoon() {
			holds := g.until
			if holds == ever {
				holds = 0
			}
			visit(g.need, g.on, holds, g.late)
		}
	}
}

// tooSoon reports that the gap is one of starting before the others, not of their
// retiring: that is judged by the catalogue.
func (g dateGap) tooSoon() bool { return len(g.late) > 0 && len(g.ending) == 0 }

// checkLifecycle is COO-005: what a service requires has come as far as the
// service, and does not retire before it. Dates of availability are CAT-003's.
func checkLifecycle(f *finding.Facts, h model.Handle, emit func(finding.Finding)) {
	s := finding.Spec[model.Service](f, h)
	a := of(f)
	if !runs(s) || a.allSteady(h) {
		return
	}
	dated := map[int]bool{}
	for _, g := range a.dateGaps(h, s) {
		dated[g.need] = true
		if !g.tooSoon() {
			emit(a.retiring(s, g))
		}
	}
	for i := range s.Requires {
		if !dated[i] {
			a.earlier(s, i, emit)
		}
	}
}

// retiring tells that something required ends first. Where each that ends names
// what replaces it the way out is known, and the finding a warning.
func (a *Analysis) retiring(s *model.Service, g dateGap) finding.Finding {
	x := finding.Finding{Variant: "retires", Causes: slices.Concat(g.ending, g.late), Pointer: pointer("/spec/requires", g.need, ""),
		Args:     finding.Args{"ending": g.ending, "late": g.late, "on": g.on, "nlate": len(g.late), "n": len(g.ending), "retires": s.RetiresOn},
		Evidence: []finding.Evidence{{Label: "on", Value: g.on}}}
	if !s.RetiresOn.IsZero() {
		x.Evidence = append(x.Evidence, finding.Evidence{Label: "retires", Value: s.RetiresOn})
	}
	var by []model.Ref
	for _, r := range g.ending {
		if t := finding.SpecOf[model.Service](a.f, r); t != nil && present(a.f, t.ReplacedBy) && a.lifeOf(t.ReplacedBy).at(g.on) {
			by = append(by, t.ReplacedBy)
		}
	}
	if len(by) > 0 && len(by) == len(g.ending) {
		x.Variant, x.Severity = "replaced", finding.Warning
		x.Args["by"] = sorted(by)
	}
	return x
}

// earlier judges the stage of one element of requires. While the service itself is
// not yet live, and dates promise that all will be there, it is a warning.
func (a *Analysis) earlier(s *model.Service, i int, emit func(finding.Finding)) {
	want := min(s.Stage.Rank(), model.StageLive.Rank())
	if want < 0 {
		return
	}
	far := func(l life) bool { return l.stage >= want }
	if far(needLife(&s.Requires[i], a.lifeOf)) {
		return
	}
	var behind, retired []model.Ref
	dated := !s.AvailableFrom.IsZero()
	lowest := model.StageLive
	a.absent(&s.Requires[i], map[model.Ref]bool{}, far, func(r model.Ref, t *model.Service) {
		if t.Stage == model.StageRetired {
			retired = append(retired, r)
			return
		}
		behind = append(behind, r)
		dated = dated && !t.AvailableFrom.IsZero()
		if t.Stage.Rank() < lowest.Rank() {
			lowest = t.Stage
		}
	})
	x := finding.Finding{Pointer: pointer("/spec/requires", i, "")}
	switch {
	case len(retired) > 0:
		x.Variant, x.Causes = "retired", sorted(slices.Concat(retired, behind))
		x.Args = finding.Args{"retired": sorted(retired), "n": len(retired), "stage": s.Stage}
	case len(behind) > 0:
		x.Causes = sorted(behind)
		x.Args = finding.Args{"behind": sorted(behind), "n": len(behind), "stage": s.Stage, "lowest": lowest}
		if dated && s.Stage.Rank() < model.StageLive.Rank() {
			x.Severity = finding.Warning
		}
	default: // a group that asks for more than it has: a matter of availability
		return
	}
	x.Evidence = []finding.Evidence{{Label: "stage", Value: s.Stage}}
	emit(x)
}
