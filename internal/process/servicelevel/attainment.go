package servicelevel

import (
	"math"

	"diapason/internal/finding"
	"diapason/internal/model"
)

// SLM-011: measured attainment below target, or an error budget that burns so
// fast that it ends before its window.
var attainmentBelowTarget = finding.Rule{
	ID: "SLM-011", Process: finding.ServiceLevel, Kinds: []string{"agreement"}, Reach: finding.Closure, Severity: finding.Error,
	Check: func(f *finding.Facts, h model.Handle, emit func(finding.Finding)) {
		spec := finding.Spec[model.Agreement](f, h)
		a := use(f)
		if len(spec.Targets) == 0 || !a.InForce(h, f.On) {
			return
		}
		for _, s := range a.seriesOf(h, spec.Targets) {
			last := s.list[len(s.list)-1]
			due, attained, kept, ok := s.target.Attainment(last.spec)
			x := finding.Finding{
				Part: part(s.target, s.index), Pointer: pointer(s.index), Causes: []model.Ref{s.service},
				Args: finding.Args{
					"target": name(s.target, s.index), "service": s.service, "named": !s.service.IsZero(), "from": last.spec.From, "until": last.spec.Until,
					"due": due, "attained": attained, "declared": last.spec.Declared, "figures": last.ref,
				},
				Evidence: []finding.Evidence{{Label: "figures", Value: last.ref}, {Label: "due", Value: due}, {Label: "attained", Value: attained}, {Label: "declared", Value: last.spec.Declared}},
			}
			if !ok {
				x.Outcome, x.Evidence = finding.Unknown, nil
				x.Causes = append(x.Causes, last.ref)
				emit(x)
				continue
			}
			b := burn(s.target, last.spec)
			switch {
			case b.running && b.used >= 1:
				x.Variant = "spent"
			case b.running && b.rate > 1:
				x.Variant, x.Severity = "burning", finding.Warning
			case b.running || kept:
				continue
			}
			if b.running {
				x.Args["used"], x.Args["ends"], x.Args["window"], x.Args["rate"] = model.PercentOf(round(b.used, 3)), b.ends, b.window, round(b.rate, 1)
				x.Evidence = append(x.Evidence, finding.Evidence{Label: "used", Value: model.PercentOf(round(b.used, 3))}, finding.Evidence{Label: "rate", Value: round(b.rate, 1)})
			}
			emit(x)
		}
	},
}

func round(v float64, digits int) float64 {
	p := math.Pow10(digits)
	return math.Round(v*p) / p
}

// budgetBurn is how an error budget stands in a window that is not over.
type budgetBurn struct {
	running bool
	window  model.Date // last day of the window
	used    float64    // share of the budget of the whole window
	rate    float64    // times the even rate
	ends    model.Date // day on which the budget ends at this rate
}

// burn is the budget of an availability target after figures that end before
// their window does: with unavailability u over d of D days against a target a,
// the rate is u/(1 − a) and the share used u·d/((1 − a)·D).
func burn(t *model.Target, c *model.CaseFigures) budgetBurn {
	b := budgetBurn{window: windowEnd(t.Window, c.From)}
	if t.Metric != model.MetricAvailability || t.Availability == nil || c.Attained == nil || c.From.IsZero() || c.Until >= b.window {
		return b
	}
	b.running = true
	budget, lost := t.Availability.Unavailability(), c.Attained.Unavailability()
	days, all := float64(c.From.DaysUntil(c.Until)+1), float64(c.From.DaysUntil(b.window)+1)
	if budget == 0 {
		if lost > 0 {
			b.used, b.rate, b.ends = 1, math.Inf(1), c.Until
		}
		return b
	}
	b.rate = lost / budget
	b.used = b.rate * days / all
	if b.rate > 0 {
		b.ends = c.From.AddDays(int(min(all/b.rate, 36500)))
	}
	return b
}

// SLM-017: a target missed two periods running without an improvement under way.
var missedWithoutImprovement = finding.Rule{
	ID: "SLM-017", Process: finding.ServiceLevel, Kinds: []string{"agreement"}, Reach: finding.Closure, Severity: finding.Warning,
	Check: func(f *finding.Facts, h model.Handle, emit func(finding.Finding)) {
		spec := finding.Spec[model.Agreement](f, h)
		a := use(f)
		if len(spec.Targets) == 0 || !a.InForce(h, f.On) {
			return
		}
		for _, s := range a.seriesOf(h, spec.Targets) {
			n := 0
			for i := len(s.list) - 1; i >= 0; i-- {
				c := s.list[i].spec
				if i < len(s.list)-1 && s.list[i+1].spec.From > c.Until.AddDays(1) || !s.target.Missed(c) {
					break
				}
				n++
			}
			if n < 2 {
				continue
			}
			first, last := s.list[len(s.list)-n].spec, s.list[len(s.list)-1].spec
			if a.improving(h, s, first.Until) {
				continue
			}
			x := finding.Finding{
				Part: part(s.target, s.index), Pointer: pointer(s.index), Causes: []model.Ref{s.service},
				Args: finding.Args{"target": name(s.target, s.index), "service": s.service, "named": !s.service.IsZero(), "n": n, "from": first.From, "until": last.Until},
			}
			for _, m := range s.list[len(s.list)-n:] {
				_, attained, _, _ := s.target.Attainment(m.spec)
				x.Evidence = append(x.Evidence, finding.Evidence{Label: "period", Value: finding.Pair{Of: m.ref, Value: attained}})
			}
			emit(x)
		}
	},
}

// improving tells that an improvement of the target, or of the agreement or the
// service as a whole, is open or was finished after the first miss.
func (a *Analysis) improving(h model.Handle, s series, since model.Date) bool {
	found := false
	look := func(on model.Handle) {
		handles(a.f, on, "action", func(x model.Handle) {
			act := finding.Spec[model.Action](a.f, x)
			if act.Type == "improvement" && (act.Target == "" || act.Target == s.target.Name) && (act.Done.IsZero() || act.Done > since) {
				found = true
			}
		})
	}
	look(h)
	if !s.service.IsZero() {
		look(handle(a.f, s.service))
		return found
	}
	for _, x := range a.served(finding.Spec[model.Agreement](a.f, h)) {
		look(x.handle)
	}
	return found
}
