package capacity

import (
	"diapason/internal/finding"
	"diapason/internal/model"
)

func use(f *finding.Facts) *Analysis {
	a, ok := finding.Use[*Analysis](f)
	if !ok {
		a = New(f)
	}
	return a
}

func base(x *Exhaustion) finding.Finding {
	out := finding.Finding{
		Part: "capacity/" + x.Resource, Pointer: x.Pointer, Causes: x.Demands,
		Args: finding.Args{"resource": x.Title, "limit": x.Limit, "demand": x.Demand, "load": x.Load},
		Evidence: []finding.Evidence{
			{Label: "limit", Value: x.Limit}, {Label: "demand", Value: x.Demand}, {Label: "load", Value: x.Load}},
	}
	if len(x.Demands) > 0 {
		out.Evidence = append(out.Evidence, finding.Evidence{Label: "demands", Value: x.Demands})
	}
	return out
}

// dated adds when the resource runs out, with its uncertainty.
func dated(out *finding.Finding, x *Exhaustion, until model.Date) {
	out.Args["on"], out.Args["early"], out.Args["horizon"] = x.On, x.Early, until
	out.Args["never"] = x.On.IsZero()
	if !x.On.IsZero() {
		out.Evidence = append(out.Evidence, finding.Evidence{Label: "on", Value: x.On})
	}
	if x.Spread {
		out.Args["spread"] = true
		out.Evidence = append(out.Evidence, finding.Evidence{Label: "early", Value: x.Early})
		if !x.Late.IsZero() {
			out.Args["late"] = x.Late
			out.Evidence = append(out.Evidence, finding.Evidence{Label: "late", Value: x.Late})
		}
	}
	out.Evidence = append(out.Evidence, finding.Evidence{Label: "horizon", Value: until})
}

// finished reports a service that is no longer run.
func finished(f *finding.Facts, h model.Handle) bool {
	s := finding.Spec[model.Service](f, h)
	return s != nil && s.Stage == model.StageRetired
}

// business is CAP-001: the forecast demand of a service against its capacity,
// until the horizon, or until it retires where that is earlier.
func business(f *finding.Facts, h model.Handle, emit func(finding.Finding)) {
	s := finding.Spec[model.Service](f, h)
	if s == nil || len(s.Capacity) == 0 || finished(f, h) {
		return
	}
	until := horizon(f)
	if !s.RetiresOn.IsZero() {
		until = min(until, s.RetiresOn)
	}
	list := use(f).Exhaustions(h)
	for i := range list {
		x := &list[i]
		switch {
		case x.Unit != "":
			out := base(x)
			out.Outcome, out.Variant, out.Evidence = finding.Unknown, "unit", []finding.Evidence{{Label: "limit", Value: x.Limit}}
			out.Args["unit"], out.Args["limitUnit"] = x.Unit, x.Limit.Unit
			emit(out)
		case x.Unknown || x.Exceeded: // what is exceeded already is CAP-002
		case !x.On.IsZero() && x.On <= until:
			out := base(x)
			dated(&out, x, until)
			emit(out)
		case !x.Early.IsZero() && x.Early <= until:
			out := base(x)
			out.Severity, out.Variant = finding.Warning, "perhaps"
			dated(&out, x, until)
			emit(out)
		}
	}
}

// present is CAP-002: demand today, at peak where it is known, above capacity.
func present(f *finding.Facts, h model.Handle, emit func(finding.Finding)) {
	s := finding.Spec[model.Service](f, h)
	if s == nil || len(s.Capacity) == 0 || s.Stage.Rank() < model.StageTransition.Rank() || finished(f, h) {
		return
	}
	for i := range s.Capacity {
		x, _ := loaded(f, h, &s.Capacity[i], len(s.Capacity) == 1)
		if x.Exceeded {
			x.Pointer = pointer(i)
			out := base(&x)
			out.Args["excess"] = model.Quantity{Value: round(x.Demand.Value - x.Limit.Value), Unit: x.Limit.Unit}
			if s.Capacity[i].Tested != nil {
				out.Variant = "tested"
			}
			emit(out)
		}
	}
}

// machine is CAP-003 for components.
func machine(f *finding.Facts, h model.Handle, emit func(finding.Finding)) {
	c := finding.Spec[model.Component](f, h)
	if c == nil {
		team(f, h, emit)
		return
	}
	if len(c.Capacity) == 0 {
		return
	}
	until := horizon(f)
	list := use(f).Exhaustions(h)
	for i := range list {
		x := &list[i]
		if x.Unknown {
			continue
		}
		above := threshold(f, &c.Capacity[i])
		switch {
		case !x.On.IsZero() && x.On <= until:
			out := base(x)
			if x.On <= f.On {
				out.Variant = "now"
			}
			dated(&out, x, until)
			emit(out)
		case x.Demand.Value > above.Ratio()*x.Limit.Value:
			out := base(x)
			out.Severity, out.Variant = finding.Warning, "threshold"
			out.Args["threshold"] = above
			out.Evidence = append(out.Evidence, finding.Evidence{Label: "threshold", Value: above})
			emit(out)
		}
	}
}

// team is CAP-003 for people: a team whose own recurring work takes more than the
// threshold of its hours. What is above all its hours is CAP-005.
func team(f *finding.Facts, h model.Handle, emit func(finding.Finding)) {
	t := finding.Spec[model.Team](f, h)
	if t == nil || len(t.Work) == 0 {
		return
	}
	var work, hours model.Duration
	for _, w := range t.Work {
		if (w.From.IsZero() || w.From <= f.On) && (w.Until.IsZero() || w.Until >= f.On) {
			work += w.HoursPerWeek
		}
	}
	for _, m := range t.Members {
		if p := finding.SpecOf[model.Person](f, m); p != nil && there(p, f.On) {
			if p.HoursPerWeek == 0 {
				return // how many hours there are is not known: CAP-005 says so
			}
			hours += p.HoursPerWeek
		}
	}
	above := defaultThreshold
	if x := f.Snap.Organisation().Threshold; x != nil {
		above = *x
	}
	if hours == 0 || work > hours || float64(work) <= above.Ratio()*float64(hours) {
		return
	}
	load := share(float64(work), float64(hours))
	emit(finding.Finding{
		Severity: finding.Warning, Variant: "team", Pointer: "/spec/work",
		Args: finding.Args{"work": work, "hours": hours, "load": load, "threshold": above},
		Evidence: []finding.Evidence{
			{Label: "work", Value: work}, {Label: "hours", Value: hours}, {Label: "load", Value: load}, {Label: "threshold", Value: above}},
	})
}

// there reports a person who works for the organisation on a date.
func there(p *model.Person, on model.Date) bool {
	return (p.Joined.IsZero() || p.Joined <= on) && (p.Left.IsZero() || p.Left > on)
}
