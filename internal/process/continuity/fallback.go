package continuity

import (
	"slices"
	"strconv"

	"diapason/internal/finding"
	"diapason/internal/model"
)

// structure knows whether something is lost when other things are down.
type structure interface {
	FailsWith(h model.Handle, down []model.Ref) bool
}

// lostTogether is CON-006: what the plan relies on falls in the scenario it is
// written for, itself or through what it requires.
func lostTogether(f *finding.Facts, h model.Handle, emit func(finding.Finding)) {
	p := finding.Spec[model.RecoveryPlan](f, h)
	if len(p.Loses) == 0 {
		return
	}
	a := use(f)
	seen := map[model.Ref]bool{}
	judge := func(r model.Ref, at string) {
		if seen[r] {
			return
		}
		seen[r] = true
		by, variant, lost := a.falls(r, p.Loses)
		if !lost {
			return
		}
		emit(finding.Finding{
			Variant: variant, Pointer: at, Part: r.String(), Causes: append([]model.Ref{r}, by...),
			Args:     finding.Args{"fallback": r, "lost": by, "n": len(by)},
			Evidence: []finding.Evidence{{Label: "fallback", Value: r}, {Label: "lost", Value: by}},
		})
	}
	for i, r := range p.Uses {
		judge(r, "/spec/uses/"+strconv.Itoa(i))
	}
	for i := range p.Steps {
		for j, r := range p.Steps[i].Means {
			judge(r, "/spec/steps/"+strconv.Itoa(i)+"/means/"+strconv.Itoa(j))
		}
		for j, r := range p.Steps[i].By {
			judge(r, "/spec/steps/"+strconv.Itoa(i)+"/by/"+strconv.Itoa(j))
		}
	}
	a.dataLost(p, emit)
}

// falls reports whether r is lost with the scenario, and by what of it.
func (a *Analysis) falls(r model.Ref, loses []model.Ref) (by []model.Ref, variant string, lost bool) {
	if slices.Contains(loses, r) {
		return []model.Ref{r}, "", true
	}
	h, ok := a.f.Snap.Find(r)
	if !ok {
		return nil, "", false
	}
	switch s := a.f.Snap.Object(h); {
	case s == nil:
		return nil, "", false
	case r.Kind == "contract":
		return a.supplierLost(s.Spec.(*model.Contract).Supplier, loses)
	case r.Kind == "supplier":
		return a.supplierLost(r, loses)
	case r.Kind == "team":
		people := a.people([]model.Ref{r})
		gone := a.people(loses)
		if len(people) > 0 && !slices.ContainsFunc(people, func(x model.Ref) bool { return !slices.Contains(gone, x) }) {
			return people, "through", true
		}
		return nil, "", false
	case r.Kind == "person":
		if slices.Contains(a.people(loses), r) {
			return []model.Ref{r}, "", true
		}
		return nil, "", false
	}
	x, ok := finding.Use[structure](a.f)
	if !ok || !x.FailsWith(h, loses) {
		return nil, "", false
	}
	for _, l := range loses {
		if x.FailsWith(h, []model.Ref{l}) {
			by = append(by, l)
		}
	}
	if len(by) == 0 {
		by = loses // only together
	}
	return by, "through", true
}

// supplierLost follows a supplier to its parent companies.
func (a *Analysis) supplierLost(r model.Ref, loses []model.Ref) (by []model.Ref, variant string, lost bool) {
	for range 16 { // a chain of parents that is longer runs in a circle
		if slices.Contains(loses, r) {
			return []model.Ref{r}, "through", true
		}
		s := finding.SpecOf[model.Supplier](a.f, r)
		if s == nil || s.Parent.IsZero() {
			break
		}
		r = s.Parent
	}
	return nil, "", false
}

// dataLost reports data of which the scenario takes every copy.
func (a *Analysis) dataLost(p *model.RecoveryPlan, emit func(finding.Finding)) {
	var judged []model.Ref
	for _, r := range p.Services {
		s := finding.SpecOf[model.Service](a.f, r)
		if s == nil {
			continue
		}
		for _, data := range s.Data {
			d := finding.SpecOf[model.DataAsset](a.f, data)
			if d == nil || len(d.Backups) == 0 || slices.Contains(judged, data) {
				continue
			}
			judged = append(judged, data)
			var by []model.Ref
			all := true
			for i := range d.Backups {
				lost := a.copyLost(&d.Backups[i], p.Loses)
				all = all && len(lost) > 0
				by = append(by, lost...)
			}
			if !all {
				continue
			}
			slices.SortFunc(by, model.Ref.Compare)
			by = slices.Compact(by)
			emit(finding.Finding{
				Variant: "data", Pointer: "/spec/loses", Part: data.String(), Causes: append([]model.Ref{data}, by...),
				Args:     finding.Args{"data": data, "lost": by, "n": len(by)},
				Evidence: []finding.Evidence{{Label: "data", Value: data}, {Label: "lost", Value: by}},
			})
		}
	}
}

// copyLost tells by what of the scenario a copy is lost.
func (a *Analysis) copyLost(b *model.Backup, loses []model.Ref) []model.Ref {
	for _, where := range []model.Ref{b.Site, b.On} {
		if where.IsZero() {
			continue
		}
		if by, _, lost := a.falls(where, loses); lost {
			return by
		}
	}
	return nil
}
