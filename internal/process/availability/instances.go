package availability

import (
	"slices"

	"diapason/internal/finding"
	"diapason/internal/model"
)

// instances is AVL-003 for the identical instances of a component: more needed than
// there are, or some to spare by declaration of which the load of the day takes all.
func instances(f *finding.Facts, h model.Handle, emit func(finding.Finding)) {
	c := finding.Spec[model.Component](f, h)
	if c == nil || c.Needed < 1 {
		return
	}
	out := finding.Finding{
		Part: "needed", Pointer: "/spec/needed", Args: finding.Args{"needed": c.Needed, "n": c.Instances},
		Evidence: []finding.Evidence{{Label: "needed", Value: c.Needed}, {Label: "instances", Value: c.Instances}},
	}
	switch {
	case c.Instances < 1 && c.Needed > 1:
		out.Outcome, out.Pointer, out.Evidence = finding.Unknown, "/spec/instances", out.Evidence[:1]
		emit(out)
	case c.Instances > 0 && c.Needed > c.Instances:
		out.Variant = "instances"
		emit(out)
	case spare(c):
		takenByLoad(f, h, out, emit)
	}
}

// takenByLoad tells where the load leaves no instance to spare. Where all of them
// together do not carry it, CAP-003 says so as well.
func takenByLoad(f *finding.Facts, h model.Handle, out finding.Finding, emit func(finding.Finding)) {
	a, ok := finding.Use[*Analysis](f)
	if !ok {
		return
	}
	i := slices.IndexFunc(a.loadsOf(h), func(l Load) bool { return len(l.Of) == 0 })
	if i < 0 {
		return
	}
	l := a.loadsOf(h)[i]
	if !l.Known || l.Spare() {
		return
	}
	services, reached := a.stoppedAlone(h)
	if !reached {
		return
	}
	list := a.hits(h, services)
	out.Variant, out.Severity, out.Causes = "load", max(gravity(list), finding.Warning), l.Demands
	out.Hits = a.refs(services)
	slices.SortFunc(out.Hits, model.Ref.Compare)
	out.Args["resource"], out.Args["demand"], out.Args["each"], out.Args["carry"] = l.Resource, l.Demand, l.Each, l.Carry
	out.Args["services"], out.Args["m"], out.Args["broken"] = out.Hits, len(out.Hits), false
	out.Evidence = append(out.Evidence,
		finding.Evidence{Label: "demand", Value: l.Demand}, finding.Evidence{Label: "each", Value: l.Each}, finding.Evidence{Label: "carry", Value: l.Carry})
	if len(l.Demands) > 0 {
		out.Evidence = append(out.Evidence, finding.Evidence{Label: "demands", Value: l.Demands})
	}
	if len(out.Hits) > 0 {
		out.Evidence = append(out.Evidence, finding.Evidence{Label: "services", Value: out.Hits})
	}
	a.explainBroken(&out, list, h)
	emit(out)
}

// stoppedAlone are the delivered services that h stops by itself; reached says that
// any delivered service needs it.
func (a *Analysis) stoppedAlone(h model.Handle) (services []model.Handle, reached bool) {
	all := a.all()
	for _, s := range a.Dependents(h) {
		fig := all.At(int32(s))
		if fig == nil || !delivered(finding.Spec[model.Service](a.f, s)) {
			continue
		}
		reached = true
		if _, single := slices.BinarySearch(fig.singles, h); single {
			services = append(services, s)
		}
	}
	return services, reached
}
