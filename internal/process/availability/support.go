package availability

import (
	"slices"

	"diapason/internal/finding"
	"diapason/internal/model"
)

// defaultHorizon is how far ahead support must last where a service has no date of
// retirement and the organisation states no planning horizon.
var defaultHorizon = model.Period{Months: 12}

func horizon(f *finding.Facts) model.Date {
	p := f.Snap.Organisation().Horizon
	if p.IsZero() {
		p = defaultHorizon
	}
	return f.On.Add(p)
}

// vendorSupport is AVL-009. A service without a date of retirement lives at least
// to the planning horizon.
func vendorSupport(f *finding.Facts, h model.Handle, emit func(finding.Finding)) {
	var ends model.Date
	switch s := f.Snap.Object(h).Spec.(type) {
	case *model.Component:
		ends = s.SupportEnds
	case *model.Tool:
		ends = s.SupportEnds
	}
	if ends.IsZero() {
		return
	}
	a, ok := finding.Use[*Analysis](f)
	if !ok {
		return
	}
	far := horizon(f)
	var services []model.Ref
	var last model.Date
	for _, s := range a.users(h) {
		spec := finding.Spec[model.Service](f, s)
		if !delivered(spec) {
			continue
		}
		until := spec.RetiresOn
		if until.IsZero() {
			until = far
		}
		if ends < until {
			services = append(services, f.Snap.Ref(s))
			if !spec.RetiresOn.IsZero() {
				last = max(last, spec.RetiresOn)
			}
		}
	}
	if len(services) == 0 {
		return
	}
	slices.SortFunc(services, model.Ref.Compare)
	out := finding.Finding{
		Ahead: ends >= f.On, Pointer: "/spec/supportEnds", Args: finding.Args{"ends": ends, "services": services, "n": len(services), "days": f.On.DaysUntil(ends)},
		Evidence: []finding.Evidence{{Label: "ends", Value: ends}, {Label: "services", Value: services}},
	}
	if !last.IsZero() {
		out.Evidence = append(out.Evidence, finding.Evidence{Label: "retires", Value: last})
	}
	if ends < f.On {
		out.Variant = "ended"
	}
	emit(out)
}

// users lists what needs h to run, and for a tool also the services and processes
// that work with it.
func (a *Analysis) users(h model.Handle) []model.Handle {
	list := a.Dependents(h)
	if a.f.Snap.Ref(h).Kind != "tool" {
		return list
	}
	list = slices.Clone(list)
	for _, in := range a.f.Snap.In(h) {
		if in.Field.Name == "tools" && !slices.Contains(list, in.From) {
			list = append(list, in.From)
		}
	}
	return list
}
