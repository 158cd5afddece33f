package servicelevel

import (
	"slices"
	"time"

	"diapason/internal/calendars"
	"diapason/internal/finding"
	"diapason/internal/model"
)

// SLM-008: a requirement with no agreed target, or a target weaker than the need.
// From the stage of design on; what only could be is a warning.
var needNotAgreed = finding.Rule{
	ID: "SLM-008", Process: finding.ServiceLevel, Kinds: []string{"requirement"}, Reach: finding.Closure, Severity: finding.Error,
	Check: func(f *finding.Facts, h model.Handle, emit func(finding.Finding)) {
		spec := finding.Spec[model.Requirement](f, h)
		service := finding.SpecOf[model.Service](f, spec.Service)
		if len(spec.Targets) == 0 || service == nil || service.Stage == model.StageRequirement || service.Stage == model.StageRetired {
			return
		}
		a := use(f)
		var agreements []model.Handle
		for _, x := range a.agreementsOn(handle(f, spec.Service)) {
			o := finding.Spec[model.Agreement](f, x)
			if isSLA(o) && (spec.Customer.IsZero() || binds(o, spec.Customer)) && !a.gone(x, o) {
				agreements = append(agreements, x)
			}
		}
		for i := range spec.Targets {
			t := &spec.Targets[i]
			x, found := a.agreedNeed(t, agreements)
			if !found {
				continue
			}
			x.Part, x.Pointer = part(t, i), pointer(i)
			if spec.Priority == "could" && x.Outcome != finding.Unknown {
				x.Severity = finding.Warning
			}
			x.Causes = append(x.Causes, spec.Service)
			x.Args["target"], x.Args["service"], x.Args["need"] = name(t, i), spec.Service, t.Value()
			x.Args["customer"], x.Args["named"] = spec.Customer, !spec.Customer.IsZero()
			emit(x)
		}
	},
}

// agreedNeed judges a need against the best that is agreed; found is false where
// the need is met or states nothing to meet.
func (a *Analysis) agreedNeed(need *model.Target, agreements []model.Handle) (x finding.Finding, found bool) {
	if need.Metric == "" || need.Value() == nil {
		return x, false
	}
	if len(agreements) == 0 {
		return finding.Finding{Variant: "none", Args: finding.Args{}}, true
	}
	best := -1 // 0 weaker hours, 1 weaker value, 2 other unit
	for _, h := range agreements {
		spec := finding.Spec[model.Agreement](a.f, h)
		for i := range spec.Targets {
			t := &spec.Targets[i]
			if t.Metric != need.Metric || t.Value() == nil || !covers(t.Priority, need.Priority) {
				continue
			}
			args := finding.Args{"agreed": t.Value(), "agreement": a.f.Snap.Ref(h)}
			rank, y := 0, finding.Finding{Causes: []model.Ref{a.f.Snap.Ref(h)}, Args: args, Evidence: []finding.Evidence{{Label: "need", Value: need.Value()}, {Label: "agreed", Value: t.Value()}}}
			switch weaker, comparable := t.WeakerThan(need); {
			case !comparable:
				rank, y.Outcome = 2, finding.Unknown
			case weaker:
				rank = 1
			default:
				narrow := a.narrower(need.Calendar, calendarOf(t, spec.Hours))
				if narrow == 0 {
					return x, false
				}
				y.Variant = "hours"
				args["short"], args["needHours"], args["agreedHours"] = narrow, need.Calendar, calendarOf(t, spec.Hours)
			}
			if best < 0 || rank < best {
				best, x = rank, y
			}
		}
	}
	if best < 0 {
		refs := make([]model.Ref, len(agreements))
		for i, h := range agreements {
			refs[i] = a.f.Snap.Ref(h)
		}
		return finding.Finding{Variant: "absent", Causes: refs, Args: finding.Args{"agreements": refs, "n": len(refs)}}, true
	}
	return x, true
}

// narrower is how many hours of the coming year are needed and not agreed; zero
// where one of the calendars is not stated or cannot be read.
func (a *Analysis) narrower(needed, agreed model.Ref) model.Duration {
	if needed.IsZero() || agreed.IsZero() || needed == agreed {
		return 0
	}
	n, ok := calendars.Open(a.f, needed)
	g, good := calendars.Open(a.f, agreed)
	if !ok || !good {
		return 0
	}
	return model.Duration(n.Subtract(g).Clip(calendars.Window(a.f)).Duration())
}

// SLM-009: a volume promised above the tested or stated capacity of a service.
// Units are compared as written.
var volumeAboveCapacity = finding.Rule{
	ID: "SLM-009", Process: finding.ServiceLevel, Kinds: []string{"agreement"}, Reach: finding.Closure, Severity: finding.Error,
	Check: func(f *finding.Facts, h model.Handle, emit func(finding.Finding)) {
		spec := finding.Spec[model.Agreement](f, h)
		a := use(f)
		if len(spec.Targets) == 0 || a.gone(h, spec) {
			return
		}
		for i := range spec.Targets {
			t := &spec.Targets[i]
			if t.Metric != model.MetricThroughput || t.AtLeast == nil || t.AtLeast.Unit == "" {
				continue
			}
			for _, s := range a.served(spec) {
				c, tested, ok := capacityIn(f, s.handle, t.AtLeast.Unit)
				x := finding.Finding{
					Part: part(t, i), Pointer: pointer(i) + "/atLeast", Causes: []model.Ref{s.ref},
					Args: finding.Args{"target": name(t, i), "service": s.ref, "promised": *t.AtLeast, "unit": t.AtLeast.Unit},
				}
				switch {
				case !ok:
					x.Outcome = finding.Unknown
				case c.Value >= t.AtLeast.Value:
					continue
				default:
					x.Args["capacity"], x.Args["tested"] = c, tested
					x.Args["short"] = model.Quantity{Value: t.AtLeast.Value - c.Value, Unit: c.Unit}
					x.Evidence = []finding.Evidence{{Label: "promised", Value: *t.AtLeast}, {Label: "capacity", Value: c}, {Label: "tested", Value: tested}}
				}
				emit(x)
			}
		}
	},
}

// capacityIn is the capacity of a service or component in a unit: the tested
// limit where there is one, else the stated one; the smallest of several.
func capacityIn(f *finding.Facts, h model.Handle, unit string) (c model.Quantity, tested, ok bool) {
	var list []model.Capacity
	switch spec := f.Snap.Object(h).Spec.(type) {
	case *model.Service:
		list = spec.Capacity
	case *model.Component:
		list = spec.Capacity
	}
	for _, x := range list {
		q, was := x.Limit, false
		if x.Tested != nil {
			q, was = *x.Tested, true
		}
		if q.Unit == unit && (!ok || q.Value < c.Value) {
			c, tested, ok = q, was, true
		}
	}
	return c, tested, ok
}

// attainable is what continuity computes of a recovery plan.
type attainable interface {
	Attainable(plan model.Handle) (time.Duration, bool)
}

// SLM-010: recovery time or point promised beyond what the continuity plan
// attains, unless the plan already misses the objective of the service itself:
// CON-003 tells that once. It is told at the plan, with every promise beyond it; the
// shortest speaks for all.
var recoveryBeyondPlan = finding.Rule{
	ID: "SLM-010", Process: finding.ServiceLevel, Kinds: []string{"recovery-plan"}, Reach: finding.Near, Severity: finding.Error,
	Check: func(f *finding.Facts, h model.Handle, emit func(finding.Finding)) {
		byMetric := map[model.Metric][]finding.Share[recoveryGap]{}
		for _, x := range use(f).recovery.Of(h) {
			byMetric[x.Value.target.Metric] = append(byMetric[x.Value.target.Metric], x)
		}
		for _, m := range []model.Metric{model.MetricRecoveryTime, model.MetricRecoveryPoint} {
			list := byMetric[m]
			if len(list) == 0 {
				continue
			}
			p := gather(f, list, func(x recoveryGap) (*model.Target, int, []model.Ref) {
				return x.target, x.index, []model.Ref{x.service}
			})
			lead := list[0]
			for _, s := range list[1:] {
				if s.Value.target.Within < lead.Value.target.Within {
					lead = s
				}
			}
			t, attained := lead.Value.target, lead.Value.attained
			pointer := "/spec/steps"
			if m == model.MetricRecoveryPoint {
				pointer = "/spec/rpo"
			}
			emit(finding.Finding{
				Part: string(m), Pointer: pointer, Hits: p.hits, Places: p.places,
				Args: finding.Args{
					"agreement": f.Snap.Ref(lead.Source), "target": name(t, lead.Value.index), "metric": m, "m": len(p.agreements), "services": p.services,
					"n": len(p.services), "promised": t.Within, "attained": attained, "late": attained - t.Within,
				},
				Evidence: append(p.promises(func(x recoveryGap) any { return x.target.Within }), finding.Evidence{Label: "attained", Value: attained}),
			})
		}
	},
	Beyond: func(before, now *finding.Facts, _, _ []model.Handle, visit func(model.Handle)) {
		use(now).recovery.Moved(use(before).recovery, visit)
	},
}

// recoveryGap is a recovery promised for a service beyond what a plan attains.
type recoveryGap struct {
	target   *model.Target
	index    int
	service  model.Ref
	attained model.Duration
}

func (a *Analysis) lookAtRecovery(h model.Handle, add func(model.Handle, recoveryGap)) {
	spec := finding.Spec[model.Agreement](a.f, h)
	if len(spec.Targets) == 0 || a.gone(h, spec) {
		return
	}
	for i := range spec.Targets {
		t := &spec.Targets[i]
		if t.Metric != model.MetricRecoveryTime && t.Metric != model.MetricRecoveryPoint || t.Metric == model.MetricRecoveryTime && t.Within <= 0 {
			continue
		}
		for _, s := range a.served(spec) {
			service := finding.Spec[model.Service](a.f, s.handle)
			if service == nil {
				continue
			}
			handles(a.f, s.handle, "recovery-plan", func(p model.Handle) {
				if !slices.Contains(finding.Spec[model.RecoveryPlan](a.f, p).Services, s.ref) {
					return // it only brings the service back on its way
				}
				attained, ok := a.recovers(p, t.Metric)
				own := service.Continuity.RTO
				if t.Metric == model.MetricRecoveryPoint {
					own = 0
					if service.Continuity.RPO != nil {
						own = max(*service.Continuity.RPO, 1)
					}
				}
				if !ok || attained <= t.Within || own > 0 && attained > own {
					return
				}
				add(p, recoveryGap{t, i, s.ref, attained})
			})
		}
	}
}

// recovers is the recovery time or point that a plan attains.
func (a *Analysis) recovers(plan model.Handle, m model.Metric) (model.Duration, bool) {
	spec := finding.Spec[model.RecoveryPlan](a.f, plan)
	if m == model.MetricRecoveryPoint {
		if spec.RPO == nil {
			return 0, false
		}
		return *spec.RPO, true
	}
	if c, ok := finding.Use[attainable](a.f); ok {
		d, ok := c.Attainable(plan)
		return model.Duration(d), ok
	}
	return 0, false
}
