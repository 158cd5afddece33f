package servicelevel

import (
	"diapason/internal/finding"
	"diapason/internal/model"
)

// SLM-005: a time promised that is shorter than the worst case of those who keep
// it. Both clocks are walked on their own calendars from the worst minute of the
// year. One finding for each team or contract that is too slow.
var restorationTooSlow = finding.Rule{
	ID: "SLM-005", Process: finding.ServiceLevel, Kinds: []string{"agreement"}, Reach: finding.Closure, Severity: finding.Error,
	Check: func(f *finding.Facts, h model.Handle, emit func(finding.Finding)) {
		spec := finding.Spec[model.Agreement](f, h)
		a := use(f)
		if len(spec.Targets) == 0 || a.gone(h, spec) {
			return
		}
		for i := range spec.Targets {
			t := &spec.Targets[i]
			if t.Within <= 0 || t.Calendar.IsZero() && spec.Hours.IsZero() {
				continue
			}
			if t.Metric == model.MetricRestore || t.Metric == model.MetricRespond {
				a.judgeTimes(spec, t, i, emit)
			}
		}
	},
}

// slow gathers what one team or contract makes too slow.
type slow struct {
	worst    Restoration
	services []model.Ref
}

func (a *Analysis) judgeTimes(spec *model.Agreement, t *model.Target, i int, emit func(finding.Finding)) {
	broken := map[model.Ref]*slow{}
	var order, missing []model.Ref
	within := t.Within.Std()
	for _, s := range a.served(spec) {
		list, ok := a.timesOf(s.handle, t, spec.Hours)
		if !ok {
			missing = append(missing, calendarOf(t, spec.Hours))
			continue
		}
		for _, r := range list {
			switch {
			case r.Kept(within):
			case r.Broken(within):
				b := broken[r.By]
				if b == nil {
					b = &slow{worst: r}
					broken[r.By] = b
					order = append(order, r.By)
				}
				if worse(&r, &b.worst) {
					b.worst = r
				}
				b.services = append(b.services, s.ref)
			default:
				missing = append(missing, r.Missing...)
			}
		}
	}
	for _, by := range order {
		emit(a.tooSlow(t, i, broken[by]))
	}
	if missing = sorted(missing); len(missing) > 0 {
		emit(finding.Finding{
			Outcome: finding.Unknown, Part: part(t, i), Pointer: pointer(i), Causes: missing,
			Args: finding.Args{"target": name(t, i), "metric": t.Metric, "within": t.Within, "missing": missing, "n": len(missing)},
		})
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

func (a *Analysis) tooSlow(t *model.Target, i int, s *slow) finding.Finding {
	r := &s.worst
	services := sorted(s.services)
	worst, legs := a.Trace(r)
	failed, restored := worst.FailedAt.In(r.promise.location), worst.RestoredAt.In(r.promise.location)
	x := finding.Finding{
		Part: part(t, i), Pointer: pointer(i) + "/within", Causes: []model.Ref{r.By},
		Args: finding.Args{
			"target": name(t, i), "metric": t.Metric, "within": t.Within, "by": r.By, "services": services, "n": len(services),
			"worst": r.Elapsed, "late": r.Elapsed - t.Within.Std(), "failed": failed, "restored": restored,
			"places": r.Places, "least": len(r.Missing) > 0,
		},
		Evidence: []finding.Evidence{{Label: "within", Value: t.Within}},
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
	case t.Metric == model.MetricRespond:
		x.Variant = "respond"
	}
	if !r.Never {
		x.Evidence = append(x.Evidence, finding.Evidence{Label: "restored", Value: restored}, finding.Evidence{Label: "elapsed", Value: r.Elapsed})
		if p := t.Share(); p < model.PercentOf(1) {
			// The promise leaves room for some cases: the worst one alone breaks nothing.
			x.Severity, x.Variant, x.Args["percentile"] = finding.Warning, "share", p
		}
	}
	return x
}
