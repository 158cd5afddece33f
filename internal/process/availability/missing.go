package availability

import (
	"slices"

	"diapason/internal/finding"
	"diapason/internal/model"
)

// wanting is what a missing datum keeps from being known.
type wanting struct {
	services []model.Handle // with a promise, or of high criticality
	promised int            // how many have an availability promised
	single   int            // how many it stops alone
}

// wanted lists the objects without failure data that a prediction which matters
// rests on: of a service with a promise, or of high criticality.
func (a *Analysis) wanted() map[model.Handle]*wanting {
	a.collect.Do(func() {
		a.missing = map[model.Handle]*wanting{}
		services := a.all()
		for _, s := range a.f.Snap.OfKind("service") {
			fig, spec := services.At(int32(s)), finding.Spec[model.Service](a.f, s)
			if fig == nil || len(fig.missing) == 0 || spec.Stage == model.StageRetired {
				continue
			}
			_, has := promised(a.f, s)
			if !has && !weighty(spec) {
				continue
			}
			for _, m := range fig.missing {
				w := a.missing[m]
				if w == nil {
					w = &wanting{}
					a.missing[m] = w
				}
				w.services = append(w.services, s)
				if has {
					w.promised++
				}
				if _, single := slices.BinarySearch(fig.singles, m); single {
					w.single++
				}
			}
		}
	})
	return a.missing
}

// noFailureData is AVL-005. What a service without any requirement lacks is its
// design, which is no figure to collect.
func noFailureData(f *finding.Facts, h model.Handle, emit func(finding.Finding)) {
	a, ok := finding.Use[*Analysis](f)
	if !ok {
		return
	}
	a.noReleaseFigure(h, emit)
	in, own := a.input(h)
	if !own || in.Source != SourceNone {
		return
	}
	w := a.wanted()[h]
	if w == nil {
		return
	}
	services := a.refs(w.services)
	slices.SortFunc(services, model.Ref.Compare)
	variant := ""
	if in.Pointer == "/spec/mttr" {
		variant = "repair"
	}
	emit(finding.Finding{
		Outcome: finding.Unknown, Pointer: in.Pointer, Variant: variant,
		Args: finding.Args{"n": len(services), "services": services, "promised": w.promised, "single": w.single, "kind": in.Ref.Kind},
		Evidence: []finding.Evidence{
			{Label: "services", Value: services}, {Label: "promised", Value: w.promised}, {Label: "single", Value: w.single}},
	})
}
