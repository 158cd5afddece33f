package servicelevel

import (
	"slices"

	"diapason/internal/finding"
	"diapason/internal/model"
)

// Promise is one target of an agreement for one of its services, with what stands
// behind it and what was delivered.
type Promise struct {
	Agreement, Service model.Ref
	Index              int // of the target in the agreement
	Target             *model.Target
	// Verdict says whether what stands behind the target carries it: supporting
	// promises for an availability, the worst case for a time, capacity for a
	// throughput; Unknown for what nothing here can judge.
	Verdict Verdict
	// Support is behind an availability, nil otherwise.
	Support *Support
	// Worst is the worst case of a time to respond or restore, nil otherwise or
	// where none is known.
	Worst *Restoration
	// Recovers is the time or point that the recovery plans of the service attain,
	// the worst of them, nil otherwise or where none is known.
	Recovers *model.Duration
	// Measured are the latest figures, nil where there are none; Missed tells that
	// they are below the target.
	Measured *model.CaseFigures
	Missed   bool
}

// Promises lists what the agreements that have not ended promise for a service or
// component, agreement by agreement in the order of their targets.
func (a *Analysis) Promises(service model.Handle) []Promise {
	var out []Promise
	ref := a.f.Snap.Ref(service)
	for _, h := range a.agreementsOn(service) {
		spec := finding.Spec[model.Agreement](a.f, h)
		if a.gone(h, spec) {
			continue
		}
		for i := range spec.Targets {
			t := &spec.Targets[i]
			p := Promise{Agreement: a.f.Snap.Ref(h), Service: ref, Index: i, Target: t, Verdict: Unknown, Measured: a.lastMeasured(h, t, ref)}
			p.Missed = p.Measured != nil && t.Missed(p.Measured)
			a.judge(&p, spec, service)
			out = append(out, p)
		}
	}
	return out
}

func (a *Analysis) judge(p *Promise, spec *model.Agreement, service model.Handle) {
	t := p.Target
	switch {
	case t.Metric == model.MetricAvailability && t.Availability != nil:
		p.Support = a.Support(service, *t.Availability, !isSLA(spec))
		p.Verdict = p.Support.Verdict
	case (t.Metric == model.MetricRestore || t.Metric == model.MetricRespond) && t.Within > 0:
		a.judgeTime(p, spec, service)
	case t.Metric == model.MetricRecoveryTime && t.Within > 0 || t.Metric == model.MetricRecoveryPoint:
		a.judgeRecovery(p, service)
	case t.Metric == model.MetricThroughput && t.AtLeast != nil:
		if c, _, ok := capacityIn(a.f, service, t.AtLeast.Unit); ok {
			if p.Verdict = Covered; c.Value < t.AtLeast.Value {
				p.Verdict = Uncovered
			}
		}
	}
}

func (a *Analysis) judgeTime(p *Promise, spec *model.Agreement, service model.Handle) {
	list, ok := a.timesOf(service, p.Target, spec.Hours)
	if !ok || len(list) == 0 {
		return
	}
	within := p.Target.Within.Std()
	p.Verdict = Covered
	for i := range list {
		r := &list[i]
		switch {
		case r.Broken(within):
			p.Verdict = Uncovered
		case !r.Kept(within) && p.Verdict == Covered:
			p.Verdict = Unknown
		}
		if r.Certain && (p.Worst == nil || worse(r, p.Worst)) {
			p.Worst = r
		}
	}
}

func (a *Analysis) judgeRecovery(p *Promise, service model.Handle) {
	handles(a.f, service, "recovery-plan", func(plan model.Handle) {
		if !slices.Contains(finding.Spec[model.RecoveryPlan](a.f, plan).Services, p.Service) {
			return
		}
		d, ok := a.recovers(plan, p.Target.Metric)
		if ok && (p.Recovers == nil || d > *p.Recovers) {
			p.Recovers = &d
		}
	})
	if p.Recovers != nil {
		if p.Verdict = Covered; *p.Recovers > p.Target.Within {
			p.Verdict = Uncovered
		}
	}
}
