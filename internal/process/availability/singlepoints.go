package availability

import (
	"slices"

	"diapason/internal/finding"
	"diapason/internal/model"
)

// everything that can be a single point of failure.
var failing = []string{"component", "site", "supplier", "team", "person", "tool"}

// causes lists the delivered services that a single point of failure stops and
// that no alternative claims to protect from it, by name.
func (a *Analysis) causes(h model.Handle) []model.Handle {
	a.all()
	return a.stops.At(int32(h))
}

// noteOf is what is asked of a service again and again.
func (a *Analysis) noteOf(s model.Handle) note {
	if n, ok := a.noted.Load(s); ok {
		return n.(note)
	}
	n := note{weighty: weighty(finding.Spec[model.Service](a.f, s))}
	n.promise, n.promised = promised(a.f, s)
	a.noted.Store(s, n)
	return n
}

// singlePoint is AVL-001.
func singlePoint(f *finding.Facts, h model.Handle, emit func(finding.Finding)) {
	a, ok := finding.Use[*Analysis](f)
	if !ok || f.Snap.Object(h) == nil {
		return
	}
	services := a.causes(h)
	if len(services) == 0 {
		return
	}
	list := a.hits(h, services)
	refs := a.refs(services) // by name, as services are
	kind := f.Snap.Ref(h).Kind
	out := finding.Finding{
		Severity: gravity(list), Pointer: "/spec", Variant: kind, Hits: refs,
		Args:     finding.Args{"n": len(refs), "services": refs, "broken": false},
		Evidence: []finding.Evidence{{Label: "services", Value: refs}},
	}
	if kind == "component" {
		out.Variant = ""
	}
	in, _ := a.input(h)
	if q := in.unavailability(); q > 0 {
		out.Evidence = append(out.Evidence,
			finding.Evidence{Label: "availability", Value: model.AvailabilityOf(q)},
			finding.Evidence{Label: "month", Value: Monthly(q)})
	}
	a.explainBroken(&out, list, h)
	emit(out)
}

// explainBroken adds the promise that fails first because of a cause, with the
// prediction as it is and with the cause made perfect.
func (a *Analysis) explainBroken(out *finding.Finding, list []hit, cause model.Handle) {
	a.explainWith(out, list, a.unavailabilityOf(cause))
}

// explainWith is explainBroken for a cause of unavailability q.
func (a *Analysis) explainWith(out *finding.Finding, list []hit, q float64) {
	w, ok := worst(list)
	if !ok {
		return
	}
	fig := a.all().At(int32(w.service))
	better := model.AvailabilityOf(without(fig.high, q))
	now := model.AvailabilityOf(fig.high)
	out.Args["broken"] = true
	out.Args["service"] = a.f.Snap.Ref(w.service)
	out.Args["agreement"] = w.promise.agreement
	out.Args["promised"] = w.promise.availability
	out.Args["predicted"] = now
	out.Args["without"] = better
	var all []model.Ref
	for _, h := range list {
		if h.broken {
			all = append(all, a.f.Snap.Ref(h.service))
		}
	}
	slices.SortFunc(all, model.Ref.Compare)
	out.Evidence = append(out.Evidence,
		finding.Evidence{Label: "broken", Value: all},
		finding.Evidence{Label: "agreement", Value: w.promise.agreement},
		finding.Evidence{Label: "promised", Value: w.promise.availability},
		finding.Evidence{Label: "predicted", Value: now},
		finding.Evidence{Label: "without", Value: better})
}
