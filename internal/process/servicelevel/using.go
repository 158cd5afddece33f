package servicelevel

import (
	"diapason/internal/calendars"
	"diapason/internal/finding"
	"diapason/internal/model"
)

// SLM-001: a customer uses live services without an agreement, told once at the
// customer: one agreement with him mends it for all.
var usedWithoutAgreement = finding.Rule{
	ID: "SLM-001", Process: finding.ServiceLevel, Kinds: []string{"customer"}, Reach: finding.Near, Severity: finding.Error,
	Check: func(f *finding.Facts, h model.Handle, emit func(finding.Finding)) {
		list := use(f).unagreed.Of(h)
		if len(list) == 0 {
			return
		}
		lead := list[0].Value
		for _, s := range list {
			if s.Value.severity() > lead.severity() {
				lead = s.Value
			}
		}
		var all, services []model.Ref // the gravest are told, the others are hit too
		for _, s := range list {
			r := f.Snap.Ref(s.Source)
			lead.critical = lead.critical || s.Value.critical
			if all = append(all, r); s.Value.severity() == lead.severity() {
				services = append(services, r)
			}
		}
		x := finding.Finding{
			Severity: lead.severity(), Pointer: "/spec/uses", Hits: sorted(all),
			Args: finding.Args{"services": sorted(services), "n": len(services), "external": lead.external, "critical": lead.critical, "all": len(all)},
		}
		switch x.Severity {
		case finding.Info:
			x.Variant, x.Args["default"] = "default", lead.standing
		case finding.Warning:
			x.Variant = "internal"
		}
		if len(all) > 1 {
			x.Evidence = []finding.Evidence{{Label: "services", Value: x.Hits}}
		}
		emit(x)
	},
	Beyond: func(before, now *finding.Facts, _, _ []model.Handle, visit func(model.Handle)) {
		use(now).unagreed.Moved(use(before).unagreed, visit)
	},
}

// unagreed is how a customer uses a live service without an agreement of his own.
type unagreed struct {
	external, critical bool
	standing           model.Ref // the agreement by default
}

func (x unagreed) severity() finding.Severity {
	switch {
	case x.external || x.critical:
		return finding.Error
	case x.standing.IsZero():
		return finding.Warning
	}
	return finding.Info
}

func (a *Analysis) lookAtUse(h model.Handle, add func(model.Handle, unagreed)) {
	service := finding.Spec[model.Service](a.f, h)
	if !live(service) {
		return
	}
	customers := a.customersOf(h)
	if len(customers) == 0 {
		return
	}
	agreements := a.agreementsOn(h)
	for _, c := range customers {
		if !a.agreed(agreements, a.f.Snap.Ref(c)) {
			add(c, unagreed{
				finding.Spec[model.Customer](a.f, c).External, service.Criticality == model.CriticalityCritical, a.f.Snap.Organisation().DefaultAgreement,
			})
		}
	}
}

// agreed tells that one of the agreements, in force, binds towards a customer.
// One that has ended counts too: SLM-007 speaks of it.
func (a *Analysis) agreed(agreements []model.Handle, customer model.Ref) bool {
	for _, h := range agreements {
		spec := finding.Spec[model.Agreement](a.f, h)
		if binds(spec, customer) && (a.InForce(h, a.f.On) || calendars.AgreementStanding(spec, a.f.On).Ended()) {
			return true
		}
	}
	return false
}

// SLM-007: an agreement in use has ended.
var agreementEnded = finding.Rule{
	ID: "SLM-007", Process: finding.ServiceLevel, Kinds: []string{"agreement"}, Reach: finding.Closure, Severity: finding.Error,
	Check: func(f *finding.Facts, h model.Handle, emit func(finding.Finding)) {
		spec := finding.Spec[model.Agreement](f, h)
		standing := calendars.AgreementStanding(spec, f.On)
		if !standing.Ended() {
			return
		}
		a := use(f)
		if a.replaced(h, f.On) {
			return
		}
		var left []model.Ref
		for _, s := range a.served(spec) {
			service := finding.Spec[model.Service](f, s.handle)
			if (service == nil || live(service)) && !a.succeeded(h, spec, s.handle) {
				left = append(left, s.ref)
			}
		}
		if len(left) == 0 {
			return
		}
		emit(finding.Finding{
			Causes: left, Pointer: "/spec/end",
			Args:     finding.Args{"ended": standing.Last, "days": standing.Last.DaysUntil(f.On), "services": left, "n": len(left), "customer": spec.Customer, "provider": spec.Provider, "ola": !isSLA(spec)},
			Evidence: []finding.Evidence{{Label: "start", Value: spec.Start}, {Label: "ended", Value: standing.Last}, {Label: "services", Value: left}},
		})
	},
}

// succeeded tells that another agreement in force promises the same to the same.
func (a *Analysis) succeeded(h model.Handle, spec *model.Agreement, service model.Handle) bool {
	for _, other := range a.agreementsOn(service) {
		if other == h || !a.InForce(other, a.f.On) {
			continue
		}
		o := finding.Spec[model.Agreement](a.f, other)
		if isSLA(o) != isSLA(spec) {
			continue
		}
		if isSLA(o) && (o.Customer.IsZero() || o.Customer == spec.Customer) || !isSLA(o) && o.Provider == spec.Provider {
			return true
		}
	}
	return false
}

// SLM-015: an agreement in force lacks a party's signature.
var signatureMissing = finding.Rule{
	ID: "SLM-015", Process: finding.ServiceLevel, Kinds: []string{"agreement"}, Reach: finding.Near, Severity: finding.Warning,
	Check: func(f *finding.Facts, h model.Handle, emit func(finding.Finding)) {
		spec := finding.Spec[model.Agreement](f, h)
		if !calendars.AgreementStanding(spec, f.On).InForce() {
			return
		}
		signed := map[string]bool{}
		for _, s := range spec.Signatures {
			if !s.On.IsZero() && s.On <= f.On {
				signed[s.Party] = true
			}
		}
		parties := []string{"provider"}
		if isSLA(spec) {
			parties = append(parties, "customer")
		}
		for _, p := range parties {
			if !signed[p] {
				emit(finding.Finding{
					Part: "signatures/" + p, Pointer: "/spec/signatures", Variant: p,
					Args: finding.Args{"start": spec.Start, "customer": spec.Customer, "provider": spec.Provider, "started": !spec.Start.IsZero()},
				})
			}
		}
	},
}

// near is how many days before a date it begins to matter.
const near = 90

// SLM-018: an agreement ends soon, or its notice day has passed or is near.
var agreementEnding = finding.Rule{
	ID: "SLM-018", Process: finding.ServiceLevel, Kinds: []string{"agreement"}, Reach: finding.Closure, Severity: finding.Warning,
	Check: func(f *finding.Facts, h model.Handle, emit func(finding.Finding)) {
		spec := finding.Spec[model.Agreement](f, h)
		s := calendars.AgreementStanding(spec, f.On)
		if !s.InForce() {
			return
		}
		x := finding.Finding{
			Ahead: true, Pointer: "/spec/end",
			Args:     finding.Args{"last": s.Last, "notice": s.NoticeBy, "next": s.NextLast, "renewal": spec.Renewal, "days": f.On.DaysUntil(s.Last), "noticeDays": f.On.DaysUntil(s.NoticeBy)},
			Evidence: []finding.Evidence{{Label: "first", Value: s.First}, {Label: "last", Value: s.Last}},
		}
		if s.Renews {
			x.Evidence = append(x.Evidence, finding.Evidence{Label: "noticeBy", Value: s.NoticeBy}, finding.Evidence{Label: "renewal", Value: spec.Renewal}, finding.Evidence{Label: "noticePeriod", Value: spec.Notice})
		}
		switch {
		case s.Lacks:
			x.Outcome, x.Args = finding.Unknown, nil
			x.Evidence = nil
		case s.Renews && spec.RenewalWanted:
			return
		case s.Renews && s.NoticePassed && f.On.DaysUntil(s.Last) <= near:
			x.Variant, x.Pointer = "renews", "/spec/notice"
		case s.Renews && !s.NoticePassed && f.On.DaysUntil(s.NoticeBy) <= near:
			x.Variant, x.Pointer = "notice", "/spec/notice"
		case !s.Renews && !s.Last.IsZero() && f.On.DaysUntil(s.Last) <= near:
			if use(f).followed(h, spec, s.Last) {
				return
			}
		default:
			return
		}
		emit(x)
	},
}

// followed tells that for each service of an agreement another one binds the same
// customer on the day after its end.
func (a *Analysis) followed(h model.Handle, spec *model.Agreement, last model.Date) bool {
	served := a.served(spec)
	for _, s := range served {
		found := false
		for _, other := range a.agreementsOn(s.handle) {
			o := finding.Spec[model.Agreement](a.f, other)
			if other != h && isSLA(o) == isSLA(spec) && (o.Customer == spec.Customer || o.Customer.IsZero()) && o.Provider == spec.Provider && calendars.AgreementStanding(o, last.AddDays(1)).InForce() {
				found = true
			}
		}
		if !found {
			return false
		}
	}
	return len(served) > 0
}

// SLM-019: resources that a promise needs are not stated.
var resourcesNotStated = finding.Rule{
	ID: "SLM-019", Process: finding.ServiceLevel, Kinds: []string{"agreement"}, Reach: finding.Near, Severity: finding.Info,
	Check: func(f *finding.Facts, h model.Handle, emit func(finding.Finding)) {
		spec := finding.Spec[model.Agreement](f, h)
		if calendars.AgreementStanding(spec, f.On).Ended() {
			return
		}
		var missing []model.Text
		r := spec.Resources
		for _, x := range []struct {
			field  string
			absent bool
		}{{"people", len(r.People) == 0}, {"hoursPerWeek", r.HoursPerWeek == 0}, {"cost", r.Cost == nil}} {
			if x.absent {
				missing = append(missing, label(resourceLabels, x.field))
			}
		}
		if len(missing) > 0 {
			emit(finding.Finding{Pointer: "/spec/resources", Args: finding.Args{"missing": missing, "n": len(missing)}})
		}
	},
}
