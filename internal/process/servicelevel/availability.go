package servicelevel

import (
	"diapason/internal/finding"
	"diapason/internal/model"
)

// prediction is what availability management computes from the design.
type prediction interface {
	Predicted(service model.Handle) (a model.Availability, lower, upper model.Availability, exact bool, missing []model.Ref, ok bool)
}

// singlePoints names what alone stops a service.
type singlePoints interface {
	SinglePoints(service model.Handle) []model.Ref
}

// availabilityTargets calls fn for each availability that an agreement promises
// for each of its services.
func (a *Analysis) availabilityTargets(h model.Handle, fn func(spec *model.Agreement, t *model.Target, i int, s served)) {
	spec := finding.Spec[model.Agreement](a.f, h)
	any := false
	for i := range spec.Targets {
		any = any || spec.Targets[i].Metric == model.MetricAvailability && spec.Targets[i].Availability != nil
	}
	if !any || a.gone(h, spec) {
		return
	}
	list := a.served(spec)
	for i := range spec.Targets {
		t := &spec.Targets[i]
		if t.Metric != model.MetricAvailability || t.Availability == nil {
			continue
		}
		for _, s := range list {
			fn(spec, t, i, s)
		}
	}
}

// SLM-003: availability promised above what the design predicts.
var availabilityAbovePrediction = finding.Rule{
	ID: "SLM-003", Process: finding.ServiceLevel, Kinds: []string{"agreement"}, Reach: finding.Closure, Severity: finding.Error,
	Check: func(f *finding.Facts, h model.Handle, emit func(finding.Finding)) {
		design, ok := finding.Use[prediction](f)
		if !ok {
			return
		}
		use(f).availabilityTargets(h, func(spec *model.Agreement, t *model.Target, i int, s served) {
			predicted, lower, upper, exact, missing, ok := design.Predicted(s.handle)
			promised := *t.Availability
			x := finding.Finding{
				Part: part(t, i), Pointer: pointer(i) + "/availability", Causes: []model.Ref{s.ref},
				Args: finding.Args{"target": name(t, i), "service": s.ref, "promised": promised, "predicted": predicted, "exact": exact, "spofs": []model.Ref(nil), "n": 0},
			}
			switch {
			case ok && exact && !predicted.Less(promised), ok && !exact && !lower.Less(promised):
				return
			case ok && (exact || upper.Less(promised)):
				x.Args["promisedDown"], x.Args["predictedDown"] = downtime(promised), downtime(predicted)
				x.Evidence = []finding.Evidence{{Label: "promised", Value: promised}, {Label: "predicted", Value: predicted}}
				if !exact {
					x.Evidence = append(x.Evidence, finding.Evidence{Label: "lower", Value: lower}, finding.Evidence{Label: "upper", Value: upper})
				}
				if sp, ok := finding.Use[singlePoints](f); ok {
					if spofs := sp.SinglePoints(s.handle); len(spofs) > 0 {
						x.Args["spofs"], x.Args["n"] = spofs, len(spofs)
						x.Evidence = append(x.Evidence, finding.Evidence{Label: "spofs", Value: spofs})
					}
				}
			default:
				x.Outcome = finding.Unknown
				x.Args["missing"], x.Args["n"] = missing, len(missing)
				if len(missing) > 0 {
					x.Evidence = []finding.Evidence{{Label: "missing", Value: missing}}
				}
			}
			emit(x)
		})
	},
}

// downtime is how long a service may be down in a year of 365 days.
func downtime(a model.Availability) model.Duration {
	return model.Duration(a.Unavailability()*365*24*3600+0.5) * second
}

const second = model.Duration(1e9)

// SLM-004: availability promised above what supporting agreements and contracts
// guarantee together. A single contract that promises less is told once, as
// SUP-002, and an external part without any contract as SUP-001.
var availabilityAboveSupport = finding.Rule{
	ID: "SLM-004", Process: finding.ServiceLevel, Kinds: []string{"agreement"}, Reach: finding.Closure, Severity: finding.Warning,
	Check: func(f *finding.Facts, h model.Handle, emit func(finding.Finding)) {
		a := use(f)
		a.availabilityTargets(h, func(spec *model.Agreement, t *model.Target, i int, s served) {
			support := a.Support(s.handle, *t.Availability, !isSLA(spec))
			x := finding.Finding{Part: part(t, i), Pointer: pointer(i) + "/availability"}
			switch support.Verdict {
			case Covered:
				return
			case Unknown:
				a.supportUnknown(support, x, t, i, emit)
				return
			}
			first := support.First()
			if first != nil && first.Promise.Kind == "contract" {
				return
			}
			x.Args = finding.Args{
				"target": name(t, i), "service": s.ref, "promised": *t.Availability, "product": support.Product, "bound": support.Bound,
				"n": len(support.Links), "groups": support.Groups,
			}
			x.Causes = []model.Ref{s.ref}
			x.Evidence = []finding.Evidence{{Label: "promised", Value: *t.Availability}}
			for _, l := range support.Links {
				x.Causes = append(x.Causes, l.Promise)
				x.Evidence = append(x.Evidence, finding.Evidence{Label: "link", Value: finding.Pair{Of: l.Promise, Value: l.Availability}})
			}
			x.Evidence = append(x.Evidence, finding.Evidence{Label: "product", Value: support.Product}, finding.Evidence{Label: "bound", Value: support.Bound})
			if first != nil {
				x.Variant = "first"
				x.Causes = []model.Ref{s.ref, first.Promise}
				x.Args["link"], x.Args["linkTarget"], x.Args["least"] = first.Promise, first.Target, first.Availability
			}
			x.Severity = a.weaknessSeverity(h, t, s.handle)
			emit(x)
		})
	},
}

// weaknessSeverity is an error where the promise also fails in the design or in
// what was measured, else a warning: teams and suppliers may do better than they
// promise.
func (a *Analysis) weaknessSeverity(h model.Handle, t *model.Target, service model.Handle) finding.Severity {
	if design, ok := finding.Use[prediction](a.f); ok {
		if p, _, upper, exact, _, ok := design.Predicted(service); ok && (exact && p.Less(*t.Availability) || !exact && upper.Less(*t.Availability)) {
			return finding.Error
		}
	}
	if m := a.lastMeasured(h, t, a.f.Snap.Ref(service)); m != nil && t.Missed(m) {
		return finding.Error
	}
	return finding.Warning
}

// supportUnknown tells which contracts do not say what a promise needs.
func (a *Analysis) supportUnknown(s *Support, x finding.Finding, t *model.Target, i int, emit func(finding.Finding)) {
	var silent []model.Ref
	for _, r := range s.Unpromised {
		a.contractsOn(handle(a.f, r), func(c model.Handle, _ *model.Contract) { silent = append(silent, a.f.Snap.Ref(c)) })
	}
	if silent = sorted(silent); len(silent) == 0 {
		return
	}
	x.Outcome, x.Causes = finding.Unknown, append(silent, s.Service)
	x.Args = finding.Args{"target": name(t, i), "service": s.Service, "promised": s.Promised, "missing": silent, "n": len(silent)}
	emit(x)
}

// WeakContracts calls fn for each contract that alone promises less availability
// than an agreement does for a service that falls with what the contract covers.
func (a *Analysis) WeakContracts(agreement model.Handle, fn func(target, pointer string, service, contract model.Ref, contractTarget string, promised, guaranteed model.Availability, severity finding.Severity)) {
	a.availabilityTargets(agreement, func(spec *model.Agreement, t *model.Target, i int, s served) {
		support := a.Support(s.handle, *t.Availability, !isSLA(spec))
		for _, l := range support.Links {
			if l.Promise.Kind == "contract" && l.Availability.Less(*t.Availability) {
				fn(part(t, i), pointer(i)+"/availability", s.ref, l.Promise, l.Target, *t.Availability, l.Availability, a.weaknessSeverity(agreement, t, s.handle))
			}
		}
	})
}
