package supplier

import (
	"slices"

	"diapason/internal/calendars"
	"diapason/internal/engine/worktime"
	"diapason/internal/finding"
	"diapason/internal/model"
)

// near is how many days before a date it begins to matter.
const near = 90

// SUP-001: something external without a contract in force. Where a contract that
// covered it has ended, the contract is the subject, once for all it covered.
var withoutContract = finding.Rule{
	ID: "SUP-001", Process: finding.Supplier, Kinds: []string{"component", "site", "tool", "team", "service", "contract"}, Reach: finding.Closure, Severity: finding.Error,
	Check: func(f *finding.Facts, h model.Handle, emit func(finding.Finding)) {
		o := f.Snap.Object(h)
		switch spec := o.Spec.(type) {
		case *model.Contract:
			use(f).endedInUse(h, spec, emit)
			return
		case *model.Service:
			use(f).partners(spec, emit)
			return
		}
		supplier, pointer, external := outside(o)
		if !external {
			return
		}
		a := use(f)
		state, contract, start := a.covered(h, supplier)
		x := finding.Finding{Pointer: pointer, Causes: []model.Ref{supplier}, Args: finding.Args{"supplier": supplier, "named": !supplier.IsZero()}}
		switch state {
		case inForce, ended: // what has ended is told at the contract
			return
		case later:
			x.Variant, x.Severity, x.Causes = "later", finding.Warning, []model.Ref{contract}
			x.Args["contract"], x.Args["start"], x.Args["days"] = contract, start, f.On.DaysUntil(start)
		}
		emit(x)
	},
}

// outside tells whether somebody outside delivers an object, and who.
func outside(o *model.Object) (supplier model.Ref, pointer string, external bool) {
	at := func(r model.Ref) string {
		if r.IsZero() {
			return "/spec/external"
		}
		return "/spec/supplier"
	}
	switch spec := o.Spec.(type) {
	case *model.Component:
		return spec.Supplier, at(spec.Supplier), spec.External || !spec.Supplier.IsZero()
	case *model.Site:
		return spec.Supplier, at(spec.Supplier), spec.External || !spec.Supplier.IsZero()
	case *model.Tool:
		return spec.Supplier, at(spec.Supplier), spec.External
	case *model.Team:
		return spec.Supplier, "/spec/supplier", !spec.Supplier.IsZero()
	}
	return model.Ref{}, "", false
}

type cover int

const (
	none cover = iota
	ended
	later
	inForce
)

// covered finds the best contract behind an object: one that names it, or one
// with its supplier that names nothing in particular.
func (a *Analysis) covered(h model.Handle, supplier model.Ref) (best cover, contract model.Ref, start model.Date) {
	look := func(c model.Handle) {
		spec := finding.Spec[model.Contract](a.f, c)
		state := ended
		switch calendars.ContractStanding(spec, a.f.On).Phase {
		case worktime.Running:
			state = inForce
		case worktime.NotBegun:
			state = later
		}
		if state > best {
			best, contract, start = state, a.f.Snap.Ref(c), spec.Start
		}
	}
	handles(a.f, h, "contract", look)
	if best == inForce || supplier.IsZero() {
		return best, contract, start
	}
	for _, c := range a.contractsOf(handle(a.f, supplier)) {
		if len(finding.Spec[model.Contract](a.f, c).Covers) == 0 {
			look(c)
		}
	}
	return best, contract, start
}

// inUse tells that an object still needs its contract: anything but services that
// are not live.
func inUse(f *finding.Facts, r model.Ref) bool {
	o := f.Snap.Get(r)
	if o == nil {
		return false
	}
	s, isService := o.Spec.(*model.Service)
	return !isService || s.Stage == model.StageLive || s.Stage == model.StageRetiring
}

// uncovered lists what a contract covers that is in use and that no contract in
// force on a day covers, apart from itself.
func (a *Analysis) uncovered(h model.Handle, spec *model.Contract, on model.Date) []model.Ref {
	var out []model.Ref
	for _, r := range spec.Covers {
		if !inUse(a.f, r) {
			continue
		}
		found := false
		look := func(c model.Handle) {
			if c != h && calendars.ContractStanding(finding.Spec[model.Contract](a.f, c), on).InForce() {
				found = true
			}
		}
		handles(a.f, handle(a.f, r), "contract", look)
		for _, c := range a.contractsOf(handle(a.f, spec.Supplier)) {
			if len(finding.Spec[model.Contract](a.f, c).Covers) == 0 {
				look(c)
			}
		}
		if !found {
			out = append(out, r)
		}
	}
	return out
}

func (a *Analysis) endedInUse(h model.Handle, spec *model.Contract, emit func(finding.Finding)) {
	s := calendars.ContractStanding(spec, a.f.On)
	if !s.Ended() {
		return
	}
	if left := a.uncovered(h, spec, a.f.On); len(left) > 0 {
		emit(finding.Finding{
			Variant: "ended", Causes: left, Pointer: "/spec/end",
			Args:     finding.Args{"ended": s.Last, "days": s.Last.DaysUntil(a.f.On), "left": left, "n": len(left), "supplier": spec.Supplier},
			Evidence: []finding.Evidence{{Label: "ended", Value: s.Last}, {Label: "left", Value: left}},
		})
	}
}

// partners tells of suppliers that a live service names and that have no contract
// in force at all.
func (a *Analysis) partners(spec *model.Service, emit func(finding.Finding)) {
	if spec.Stage != model.StageLive && spec.Stage != model.StageRetiring {
		return
	}
	for _, r := range spec.Suppliers {
		if r.Kind != "supplier" || a.f.Snap.Get(r) == nil {
			continue
		}
		found := false
		for _, c := range a.contractsOf(handle(a.f, r)) {
			s := calendars.ContractStanding(finding.Spec[model.Contract](a.f, c), a.f.On)
			found = found || s.InForce() || s.Ended() // one that has ended is told as such
		}
		if !found {
			emit(finding.Finding{Variant: "partner", Causes: []model.Ref{r}, Pointer: "/spec/suppliers", Args: finding.Args{"supplier": r}})
		}
	}
}

// weakContracts is what service level management finds of contracts that promise
// less than is promised to customers.
type weakContracts interface {
	WeakContracts(agreement model.Handle, fn func(target, pointer string, service, contract model.Ref, contractTarget string, promised, guaranteed model.Availability, severity finding.Severity))
}

// SUP-002: a contract whose availability is weaker than what promises to customers
// need from it, once for all of them. Promises that fall short only together are
// SLM-004, times SLM-005, hours SLM-006.
var contractWeaker = finding.Rule{
	ID: "SUP-002", Process: finding.Supplier, Kinds: []string{"contract"}, Reach: finding.Near, Severity: finding.Warning,
	Check: func(f *finding.Facts, h model.Handle, emit func(finding.Finding)) {
		list := use(f).weaker.Of(h)
		if len(list) == 0 {
			return
		}
		var services, agreements []model.Ref
		x := finding.Finding{}
		first := list[0].Value
		for _, s := range list {
			v, agreement := s.Value, f.Snap.Ref(s.Source)
			agreements, services = append(agreements, agreement), append(services, v.service)
			x.Places = append(x.Places, finding.Place{Object: agreement, Part: v.target})
			x.Severity = max(x.Severity, v.severity)
			if first.promised.Less(v.promised) {
				first = v
			}
		}
		agreements, services = sorted(agreements), sorted(services)
		contract := f.Snap.Ref(h)
		x.Hits, x.Pointer = slices.Concat(agreements, services), targetPointer(f, contract, first.contractTarget)
		x.Args = finding.Args{
			"agreement": first.agreement, "agreements": agreements, "m": len(agreements), "services": services, "n": len(services),
			"target": first.contractTarget, "named": first.contractTarget != "", "promised": first.promised, "guaranteed": first.guaranteed,
		}
		x.Evidence = []finding.Evidence{{Label: "guaranteed", Value: first.guaranteed}}
		for i, s := range list {
			if v := s.Value; i == 0 || list[i-1].Source != s.Source || list[i-1].Value.target != v.target {
				x.Evidence = append(x.Evidence, finding.Evidence{Label: "promised", Value: finding.Pair{Of: v.agreement, Value: v.promised}})
			}
		}
		emit(x)
	},
	Beyond: func(before, now *finding.Facts, _, _ []model.Handle, visit func(model.Handle)) {
		use(now).weaker.Moved(use(before).weaker, visit)
	},
}

// weaker is a promise to customers for a service that needs more of a contract than
// it guarantees.
type weaker struct {
	agreement, service     model.Ref
	target, contractTarget string
	promised, guaranteed   model.Availability
	severity               finding.Severity
}

func (a *Analysis) lookForWeakContracts(h model.Handle, add func(model.Handle, weaker)) {
	levels, ok := finding.Use[weakContracts](a.f)
	if !ok {
		return
	}
	levels.WeakContracts(h, func(target, _ string, service, contract model.Ref, contractTarget string, promised, guaranteed model.Availability, severity finding.Severity) {
		add(handle(a.f, contract), weaker{a.f.Snap.Ref(h), service, target, contractTarget, promised, guaranteed, severity})
	})
}

// targetPointer is the place of the availability of a target in a contract.
func targetPointer(f *finding.Facts, contract model.Ref, target string) string {
	if c := finding.SpecOf[model.Contract](f, contract); c != nil {
		for i := range c.Targets {
			if t := &c.Targets[i]; t.Name == target && t.Metric == model.MetricAvailability {
				return pointer(i) + "/availability"
			}
		}
	}
	return "/spec/targets"
}
