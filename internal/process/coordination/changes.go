package coordination

import (
	"diapason/internal/finding"
	"diapason/internal/model"
)

// checkChange is COO-012: a coming change reaches customers with the notice agreed,
// and with a tested way back. Without a tested way back it is a warning until the
// last week.
func checkChange(f *finding.Facts, h model.Handle, emit func(finding.Finding)) {
	m := finding.Spec[model.Maintenance](f, h)
	if !m.Change {
		return
	}
	if m.Start.IsZero() {
		emit(finding.Finding{Outcome: finding.Unknown, Part: "start", Pointer: "/spec/start"})
		return
	}
	day := model.DateOf(m.Start.UTC())
	if day < f.On {
		return
	}
	a := of(f)
	services := a.reached(m)
	if len(services) == 0 {
		return
	}
	a.notice(m, day, services, emit)
	a.wayBack(m, day, services, emit)
}

// reached are the services that a piece of work touches: those it is done on, and
// those that need something it is done on to run, without an alternative.
func (a *Analysis) reached(m *model.Maintenance) []model.Ref {
	seen := map[model.Handle]bool{}
	var queue []model.Handle
	enter := func(h model.Handle) {
		if !seen[h] {
			seen[h] = true
			queue = append(queue, h)
		}
	}
	for _, r := range m.On {
		if h, ok := a.f.Snap.Find(r); ok {
			enter(h)
		}
	}
	var services []model.Ref
	for len(queue) > 0 {
		h := queue[len(queue)-1]
		queue = queue[:len(queue)-1]
		if s := finding.Spec[model.Service](a.f, h); runs(s) {
			services = append(services, a.f.Snap.Ref(h))
		}
		for _, in := range a.f.Snap.In(h) {
			if a.asks(in) != nil {
				enter(in.From)
			}
		}
	}
	return sorted(services)
}

// notice judges the announcement against every agreement with a customer in force
// on the day of the change; told once for the longest notice not kept.
func (a *Analysis) notice(m *model.Maintenance, day model.Date, services []model.Ref, emit func(finding.Finding)) {
	var worst model.Ref
	var last model.Date
	var agreed model.Period
	var broken []model.Ref
	for _, r := range services {
		h, _ := a.f.Snap.Find(r)
		for _, in := range a.f.Snap.In(h) {
			g := finding.Spec[model.Agreement](a.f, in.From)
			if g == nil || in.Field.Name != "services" || g.Type == "ola" || g.ChangeNotice.IsZero() || !inForce(a.f, in.From, day) {
				continue
			}
			by := day.Add(model.Period{Months: -g.ChangeNotice.Months, Days: -g.ChangeNotice.Days})
			if !m.Announced.IsZero() && m.Announced <= by || m.Announced.IsZero() && a.f.On <= by {
				continue
			}
			ref := a.f.Snap.Ref(in.From)
			broken = append(broken, ref)
			if worst.IsZero() || by < last || by == last && ref.Compare(worst) < 0 {
				worst, last, agreed = ref, by, g.ChangeNotice
			}
		}
	}
	if worst.IsZero() {
		return
	}
	broken = sorted(broken)
	x := finding.Finding{Part: "announced", Causes: broken, Pointer: "/spec/announced", Variant: "unannounced",
		Args: finding.Args{"day": day, "by": last, "agreement": worst, "notice": agreed, "n": len(broken), "services": services, "announced": m.Announced,
			"possible": a.f.On.Add(agreed)},
		Evidence: []finding.Evidence{{Label: "day", Value: day}, {Label: "by", Value: last}, {Label: "services", Value: services}}}
	if !m.Announced.IsZero() {
		x.Variant = "late"
		x.Args["days"] = m.Announced.DaysUntil(day)
		x.Args["possible"] = m.Announced.Add(agreed)
		x.Evidence = append(x.Evidence, finding.Evidence{Label: "announced", Value: m.Announced})
	}
	emit(x)
}

func (a *Analysis) wayBack(m *model.Maintenance, day model.Date, services []model.Ref, emit func(finding.Finding)) {
	const lastDays = 7
	x := finding.Finding{Part: "wayBack", Pointer: "/spec/wayBack",
		Args:     finding.Args{"day": day, "services": services, "days": a.f.On.DaysUntil(day)},
		Evidence: []finding.Evidence{{Label: "day", Value: day}, {Label: "services", Value: services}}}
	switch tested := m.WayBack.TestedOn; {
	case m.WayBack.Text.IsZero() && tested.IsZero():
		x.Variant = "no-way-back"
	case tested.IsZero() || tested > a.f.On:
		x.Variant = "untested"
	default:
		return
	}
	if a.f.On.DaysUntil(day) > lastDays {
		x.Severity = finding.Warning
	}
	emit(x)
}
