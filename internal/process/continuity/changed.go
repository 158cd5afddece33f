package continuity

import (
	"slices"

	"diapason/internal/finding"
	"diapason/internal/model"
)

// requirements knows everything that something needs to run.
type requirements interface {
	Required(h model.Handle) []model.Handle
}

// changes are the changes of services and of what they rest on that were carried
// out, by what they were made on.
func (a *Analysis) changes() map[model.Handle][]model.Handle {
	a.changesOnce.Do(func() {
		a.changesOn = map[model.Handle][]model.Handle{}
		for _, h := range a.f.Snap.OfKind("maintenance") {
			m := finding.Spec[model.Maintenance](a.f, h)
			if !m.Change || m.Start.IsZero() || model.DateOf(m.Start.Time) > a.f.On {
				continue
			}
			for _, r := range m.On {
				if x, ok := a.f.Snap.Find(r); ok && !slices.Contains(a.changesOn[x], h) {
					a.changesOn[x] = append(a.changesOn[x], h)
				}
			}
		}
	})
	return a.changesOn
}

// changedSince lists the changes carried out after a day on what a plan recovers, on
// what that needs to run, and on the means of the plan, by name; last is the latest.
func (a *Analysis) changedSince(p *model.RecoveryPlan, day model.Date) (list []model.Ref, last model.Date) {
	if len(a.changes()) == 0 {
		return nil, 0
	}
	seen := map[model.Handle]bool{}
	note := func(x model.Handle) {
		for _, h := range a.changes()[x] {
			m := finding.Spec[model.Maintenance](a.f, h)
			if on := model.DateOf(m.Start.Time); on > day && !seen[h] {
				seen[h] = true
				list, last = append(list, a.f.Snap.Ref(h)), max(last, on)
			}
		}
	}
	needs, _ := finding.Use[requirements](a.f)
	with := func(r model.Ref) {
		x, ok := a.f.Snap.Find(r)
		if !ok || a.f.Snap.Object(x) == nil {
			return
		}
		note(x)
		if needs != nil && r.Kind == "service" {
			for _, y := range needs.Required(x) {
				note(y)
			}
		}
	}
	for _, r := range recovered(a.f, p) {
		with(r)
	}
	for _, r := range p.Uses {
		with(r)
	}
	for i := range p.Steps {
		for _, r := range p.Steps[i].Means {
			with(r)
		}
	}
	slices.SortFunc(list, model.Ref.Compare)
	return list, last
}
