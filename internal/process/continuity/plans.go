package continuity

import (
	"cmp"
	"slices"
	"time"

	"diapason/internal/finding"
	"diapason/internal/model"
)

// late is a service or activity that a plan brings back after its RTO.
type late struct {
	goal
	back time.Duration
}

// tooSlow is CON-003: the plan cannot meet the RTO of what it recovers.
func tooSlow(f *finding.Facts, h model.Handle, emit func(finding.Finding)) {
	p := finding.Spec[model.RecoveryPlan](f, h)
	a := use(f)
	goals := a.goals(p)
	if len(goals) == 0 {
		if named := recovered(f, p); len(named) > 0 {
			emit(finding.Finding{Outcome: finding.Unknown, Variant: "rto", Causes: named, Pointer: "/spec/services", Args: finding.Args{"services": named}})
		}
		return
	}
	t := a.Timeline(h)
	if t.Fault != "" {
		emit(faulty(t))
		return
	}
	var list []late
	for _, g := range goals {
		back := t.back(g.of)
		if g.of.Kind == "business-activity" {
			back = t.Attainable
		}
		if back > g.rto {
			list = append(list, late{g, back})
		}
	}
	if len(list) == 0 {
		// What is not stated counts as nothing so far: that it holds cannot be said.
		if t.ClockStarts == "event" && p.Detection == 0 || t.ClockStarts != "declaration" && p.Decision == 0 {
			emit(finding.Finding{Outcome: finding.Unknown, Variant: "lead", Pointer: "/spec/detection",
				Args: finding.Args{"attainable": t.Attainable, "rto": a.strictest(p), "detection": t.ClockStarts == "event" && p.Detection == 0}})
		}
		return
	}
	slices.SortFunc(list, func(x, y late) int {
		if c := cmp.Compare(y.back-y.rto, x.back-x.rto); c != 0 {
			return c
		}
		return x.of.Compare(y.of)
	})
	emit(slow(t, list))
}

// slow tells how a plan comes to be too slow.
func slow(t *Timeline, list []late) finding.Finding {
	worst := list[0]
	var causes []model.Ref
	for _, l := range list {
		causes = append(causes, l.of)
	}
	var chain []string
	for _, b := range t.Bars {
		if b.Critical {
			chain = append(chain, b.Step)
		}
	}
	out := finding.Finding{
		Pointer: "/spec/steps", Causes: causes,
		Args: finding.Args{
			"service": worst.of, "rto": worst.rto, "back": worst.back, "excess": worst.back - worst.rto, "n": len(list), "services": causes,
			"critical": chain, "optimal": t.Optimal, "scarce": t.Makespan > t.CriticalPath, "clock": t.ClockStarts,
		},
	}
	add := func(label string, v any) {
		out.Evidence = append(out.Evidence, finding.Evidence{Label: label, Value: v})
	}
	add("rto", worst.rto)
	add("back", worst.back)
	if t.ClockStarts == "event" {
		add("detection", t.Detection)
	}
	if t.ClockStarts != "declaration" {
		add("decision", t.Decision)
	}
	add("recovery", t.Makespan)
	add("path", t.CriticalPath)
	add("verification", t.Verification)
	add("critical", chain)
	return out
}

func faulty(t *Timeline) finding.Finding {
	switch t.Fault {
	case Circle:
		return finding.Finding{Variant: "circle", Pointer: "/spec/steps", Args: finding.Args{"steps": t.Steps}}
	case Nobody:
		return finding.Finding{Variant: "nobody", Pointer: "/spec/steps", Part: "steps/" + t.Step, Args: finding.Args{"step": t.Step}}
	case NoSteps:
		return finding.Finding{Outcome: finding.Unknown, Variant: "steps", Pointer: "/spec/steps"}
	case NoDuration:
		return finding.Finding{Outcome: finding.Unknown, Variant: "duration", Pointer: "/spec/steps", Part: "steps/" + t.Step, Args: finding.Args{"step": t.Step}}
	}
	return finding.Finding{Outcome: finding.Unknown, Variant: "broken", Pointer: "/spec/steps", Part: "steps/" + t.Step, Args: finding.Args{"step": t.Step}}
}

// recovered lists the services of a plan that exist and are not retired.
func recovered(f *finding.Facts, p *model.RecoveryPlan) []model.Ref {
	return slices.DeleteFunc(slices.Clone(p.Services), func(r model.Ref) bool {
		s := finding.SpecOf[model.Service](f, r)
		return s == nil || s.Stage == model.StageRetired
	})
}

// defaultInterval counts where a plan states no interval.
var defaultInterval = model.Period{Months: 12}

func interval(p model.Period) model.Period {
	if p.IsZero() {
		return defaultInterval
	}
	return p
}

// directory is CON-012.
func directory(f *finding.Facts, h model.Handle, emit func(finding.Finding)) {
	p := finding.Spec[model.RecoveryPlan](f, h)
	if len(recovered(f, p)) == 0 {
		return
	}
	d := p.Directory
	if d.VerifiedOn.IsZero() || d.VerifiedOn > f.On {
		variant := "never"
		if d.Document.IsZero() && d.Interval.IsZero() {
			variant = "none"
		}
		emit(finding.Finding{Variant: variant, Pointer: "/spec/directory"})
		return
	}
	due := d.VerifiedOn.Add(interval(d.Interval))
	if f.On <= due {
		return
	}
	emit(finding.Finding{
		Pointer: "/spec/directory/verifiedOn", Args: finding.Args{"verified": d.VerifiedOn, "due": due, "days": due.DaysUntil(f.On)},
		Evidence: []finding.Evidence{{Label: "verified", Value: d.VerifiedOn}, {Label: "due", Value: due}},
	})
}
