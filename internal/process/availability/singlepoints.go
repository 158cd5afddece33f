package availability

import (
	"slices"

	"diapason/internal/finding"
	"diapason/internal/model"
)

// everything that can be a single point of failure.
var failing = []string{"component", "site", "supplier", "team", "person", "tool"}

// causes lists, by single point of failure, the delivered services that it stops
// and that no alternative claims to protect from it.
func (a *Analysis) causes() map[model.Handle][]model.Handle {
	a.index.Do(func() {
		services := a.all()
		a.byCause = map[model.Handle][]model.Handle{}
		a.noted = map[model.Handle]note{}
		for _, s := range a.f.Snap.OfKind("service") {
			fig, spec := services[s], finding.Spec[model.Service](a.f, s)
			if fig == nil || !delivered(spec) {
				continue
			}
			n := note{weighty: weighty(spec)}
			n.promise, n.promised = promised(a.f, s)
			a.noted[s] = n
			for _, c := range fig.causes {
				a.byCause[c] = append(a.byCause[c], s)
			}
		}
	})
	return a.byCause
}

// singlePoint is AVL-001.
func singlePoint(f *finding.Facts, h model.Handle, emit func(finding.Finding)) {
	a, ok := finding.Use[*Analysis](f)
	if !ok || f.Snap.Object(h) == nil {
		return
	}
	services := a.causes()[h]
	if len(services) == 0 {
		return
	}
	list := a.hits(h, services)
	refs := a.refs(services) // by name, as services are
	kind := f.Snap.Ref(h).Kind
	out := finding.Finding{
		Severity: gravity(list), Pointer: "/spec", Variant: kind,
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
	w, ok := worst(list)
	if !ok {
		return
	}
	fig := a.services[w.service]
	better := model.AvailabilityOf(without(fig.high, a.unavailabilityOf(cause)))
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
