package servicelevel

import (
	"diapason/internal/finding"
	"diapason/internal/model"
)

// SLM-005: a time promised that is shorter than the worst case of those who keep
// it. Both clocks are walked on their own calendars from the worst minute of the
// year. It is told once at each team or contract that is too slow, with every
// promise that fails for it, and what is not known once at what lacks it.
var restorationTooSlow = finding.Rule{
	ID: "SLM-005", Process: finding.ServiceLevel, Reach: finding.Near, Severity: finding.Error,
	Kinds: []string{"team", "contract", "calendar", "service", "component", "site", "tool", "supplier", "person", "agreement"},
	Check: func(f *finding.Facts, h model.Handle, emit func(finding.Finding)) {
		list := use(f).times.Of(h)
		if len(list) == 0 {
			return
		}
		byMetric := map[model.Metric][]finding.Share[timeGap]{}
		var open []finding.Share[timeGap]
		for _, x := range list {
			if x.Value.worst == nil {
				open = append(open, x)
			} else {
				byMetric[x.Value.target.Metric] = append(byMetric[x.Value.target.Metric], x)
			}
		}
		for _, m := range []model.Metric{model.MetricRestore, model.MetricRespond} {
			if len(byMetric[m]) > 0 {
				emit(use(f).tooSlow(h, m, byMetric[m]))
			}
		}
		if len(open) > 0 {
			emit(timesUnknown(f, h, open))
		}
	},
	Beyond: func(before, now *finding.Facts, _, _ []model.Handle, visit func(model.Handle)) {
		use(now).times.Moved(use(before).times, visit)
	},
}

// timeGap is a promised time that is not kept, or not known to be, because of one
// team, contract or thing.
type timeGap struct {
	target   *model.Target
	index    int
	worst    *Restoration // nil where a datum is missing
	services []model.Ref
}

// severity of the gap alone: a promise for a share of cases is at risk only.
func (x timeGap) severity() finding.Severity {
	if !x.worst.Never && x.target.Share() < model.PercentOf(1) {
		return finding.Warning
	}
	return finding.Error
}

// graver tells which of two gaps speaks for both.
func (x timeGap) graver(y timeGap) bool {
	if a, b := x.severity(), y.severity(); a != b {
		return a > b
	}
	if x.worst.Never != y.worst.Never {
		return x.worst.Never
	}
	return x.worst.Elapsed-x.target.Within.Std() > y.worst.Elapsed-y.target.Within.Std()
}

// lookAtTimes judges the times that one agreement promises.
func (a *Analysis) lookAtTimes(h model.Handle, add func(model.Handle, timeGap)) {
	spec := finding.Spec[model.Agreement](a.f, h)
	if len(spec.Targets) == 0 || a.gone(h, spec) {
		return
	}
	for i := range spec.Targets {
		t := &spec.Targets[i]
		if t.Within <= 0 || t.Calendar.IsZero() && spec.Hours.IsZero() {
			continue
		}
		if t.Metric == model.MetricRestore || t.Metric == model.MetricRespond {
			a.judgeTimes(h, spec, t, i, add)
		}
	}
}

func (a *Analysis) judgeTimes(h model.Handle, spec *model.Agreement, t *model.Target, i int, add func(model.Handle, timeGap)) {
	found := map[model.Handle]*timeGap{}
	var order []model.Handle
	at := func(r model.Ref) *timeGap {
		x := handle(a.f, r)
		if a.f.Snap.Object(x) == nil {
			x = h // what does not exist cannot be told of
		}
		if found[x] == nil {
			found[x] = &timeGap{target: t, index: i}
			order = append(order, x)
		}
		return found[x]
	}
	within := t.Within.Std()
	for _, s := range a.served(spec) {
		list, ok := a.timesOf(s.handle, t, spec.Hours)
		if !ok {
			x := at(calendarOf(t, spec.Hours))
			x.services = append(x.services, s.ref)
			continue
		}
		for _, r := range list {
			switch {
			case r.Kept(within):
			case r.Broken(within):
				x := at(r.By)
				if x.worst == nil || worse(&r, x.worst) {
					x.worst = &r
				}
				x.services = append(x.services, s.ref)
			default:
				for _, m := range r.Missing {
					x := at(m)
					x.services = append(x.services, s.ref)
				}
			}
		}
	}
	for _, x := range order {
		gap := found[x]
		gap.services = sorted(gap.services)
		add(x, *gap)
	}
}

func calendarOf(t *model.Target, hours model.Ref) model.Ref {
	if t.Calendar.IsZero() {
		return hours
	}
	return t.Calendar
}

// timesOf are the worst cases that bear on a target; ok is false where its clock
// is not known.
func (a *Analysis) timesOf(service model.Handle, t *model.Target, hours model.Ref) ([]Restoration, bool) {
	if t.Metric == model.MetricRestore {
		return a.Restorations(service, t, hours)
	}
	if _, ok := a.promiseClock(t, hours, service); !ok {
		return nil, false
	}
	if r, ok := a.Response(service, t, hours); ok {
		return []Restoration{r}, true
	}
	return nil, true // nobody supports it: SLM-006 says so
}

func worse(a, b *Restoration) bool {
	if a.Never != b.Never {
		return a.Never
	}
	return a.Elapsed > b.Elapsed
}

// tooSlow is the finding of one team or contract; the gravest gap speaks for all.
func (a *Analysis) tooSlow(h model.Handle, m model.Metric, list []finding.Share[timeGap]) finding.Finding {
	lead := list[0]
	p := gather(a.f, list, func(x timeGap) (*model.Target, int, []model.Ref) { return x.target, x.index, x.services })
	for _, s := range list[1:] {
		if s.Value.graver(lead.Value) {
			lead = s
		}
	}
	t, r := lead.Value.target, lead.Value.worst
	worst, legs := a.Trace(r)
	failed, restored := worst.FailedAt.In(r.promise.location), worst.RestoredAt.In(r.promise.location)
	x := finding.Finding{
		Part: string(m), Pointer: hoursPointer(a.f, h), Hits: p.hits, Places: p.places, Severity: lead.Value.severity(),
		Args: finding.Args{
			"agreement": a.f.Snap.Ref(lead.Source), "target": name(t, lead.Value.index), "metric": m, "within": t.Within, "m": len(p.agreements),
			"services": p.services, "n": len(p.services), "worst": r.Elapsed, "late": r.Elapsed - t.Within.Std(),
			"failed": failed, "restored": restored, "places": r.Places, "least": len(r.Missing) > 0,
		},
		Evidence: p.promises(func(x timeGap) any { return x.target.Within }),
	}
	if len(r.Places) > 0 {
		x.Evidence = append(x.Evidence, finding.Evidence{Label: "places", Value: r.Places})
	}
	x.Evidence = append(x.Evidence, finding.Evidence{Label: "failed", Value: failed})
	for _, l := range legs {
		x.Evidence = append(x.Evidence, finding.Evidence{Label: "leg", Value: l})
	}
	switch {
	case r.Never:
		x.Variant = "never"
	case m == model.MetricRespond:
		x.Variant = "respond"
	}
	if !r.Never {
		x.Evidence = append(x.Evidence, finding.Evidence{Label: "restored", Value: restored}, finding.Evidence{Label: "elapsed", Value: r.Elapsed})
		if share := t.Share(); share < model.PercentOf(1) {
			x.Variant, x.Args["percentile"] = "share", share
		}
	}
	return x
}

// timesUnknown is the finding of one thing that does not say what is needed to
// judge promised times.
func timesUnknown(f *finding.Facts, h model.Handle, list []finding.Share[timeGap]) finding.Finding {
	p := gather(f, list, func(x timeGap) (*model.Target, int, []model.Ref) { return x.target, x.index, x.services })
	return finding.Finding{
		Outcome: finding.Unknown, Pointer: hoursPointer(f, h), Hits: p.hits, Places: p.places,
		Args:     finding.Args{"agreements": p.agreements, "m": len(p.agreements), "services": p.services, "n": len(p.services)},
		Evidence: p.promises(func(x timeGap) any { return x.target.Within }),
	}
}

// hoursPointer is where somebody says when he works.
func hoursPointer(f *finding.Facts, h model.Handle) string {
	switch spec := f.Snap.Object(h).Spec.(type) {
	case *model.Team:
		return "/spec/calendar"
	case *model.Contract:
		if spec.Hours.IsZero() {
			return "/spec/targets"
		}
		return "/spec/hours"
	case *model.Calendar:
		return "/spec/hours"
	case *model.Service, *model.Component:
		return "/spec/restore"
	}
	return "/spec"
}
