package servicelevel

import (
	"slices"
	"strconv"

	"diapason/internal/calendars"
	"diapason/internal/engine/worktime"
	"diapason/internal/finding"
	"diapason/internal/model"
)

// InForce tells that an agreement binds on a day: begun, not ended, and not
// replaced by one that binds.
func (a *Analysis) InForce(agreement model.Handle, on model.Date) bool {
	spec := finding.Spec[model.Agreement](a.f, agreement)
	return spec != nil && calendars.AgreementStanding(spec, on).InForce() && !a.replaced(agreement, on)
}

// replaced tells that another agreement which supersedes this one is in force.
func (a *Analysis) replaced(agreement model.Handle, on model.Date) bool {
	found := false
	handles(a.f, agreement, "agreement", func(h model.Handle) {
		next := finding.Spec[model.Agreement](a.f, h)
		if h != agreement && handle(a.f, next.Supersedes) == agreement && calendars.AgreementStanding(next, on).InForce() {
			found = true
		}
	})
	return found
}

// gone tells that an agreement has ended or been replaced: what it says promises
// nothing any more.
func (a *Analysis) gone(agreement model.Handle, spec *model.Agreement) bool {
	return calendars.AgreementStanding(spec, a.f.On).Phase == worktime.Ended || a.replaced(agreement, a.f.On)
}

func isSLA(a *model.Agreement) bool { return a.Type != "ola" }

// live tells that customers can use a service today.
func live(s *model.Service) bool {
	return s != nil && (s.Stage == model.StageLive || s.Stage == model.StageRetiring)
}

// served is a service or component that an agreement is about.
type served struct {
	handle  model.Handle
	ref     model.Ref
	pointer string
}

// served lists what an agreement is about: what it names, or all that its
// customer uses where it stands at the level of the customer and names nothing.
func (a *Analysis) served(agreement *model.Agreement) []served {
	var out []served
	for i, r := range agreement.Services {
		if h := handle(a.f, r); a.f.Snap.Object(h) != nil {
			out = append(out, served{h, r, "/spec/services/" + strconv.Itoa(i)})
		}
	}
	if len(agreement.Services) > 0 || agreement.Customer.IsZero() {
		return out
	}
	for _, h := range a.usedBy(handle(a.f, agreement.Customer)) {
		out = append(out, served{h, a.f.Snap.Ref(h), "/spec/customer"})
	}
	return out
}

// usedBy lists the services that a customer uses, itself or through its groups
// of users, sorted by name.
func (a *Analysis) usedBy(customer model.Handle) []model.Handle {
	spec := finding.Spec[model.Customer](a.f, customer)
	if spec == nil {
		return nil
	}
	var out []model.Handle
	add := func(h model.Handle) {
		if finding.Spec[model.Service](a.f, h) != nil && !slices.Contains(out, h) {
			out = append(out, h)
		}
	}
	for _, r := range spec.Uses {
		add(handle(a.f, r))
	}
	handles(a.f, customer, "user-group", func(g model.Handle) { handles(a.f, g, "service", add) })
	slices.SortFunc(out, func(x, y model.Handle) int { return a.f.Snap.Ref(x).Compare(a.f.Snap.Ref(y)) })
	return out
}

// customersOf lists the customers that use a service, sorted by name.
func (a *Analysis) customersOf(service model.Handle) []model.Handle {
	var out []model.Handle
	add := func(h model.Handle) {
		if finding.Spec[model.Customer](a.f, h) != nil && !slices.Contains(out, h) {
			out = append(out, h)
		}
	}
	handles(a.f, service, "customer", add)
	if s := finding.Spec[model.Service](a.f, service); s != nil {
		for _, g := range s.Users {
			if group := finding.SpecOf[model.UserGroup](a.f, g); group != nil {
				add(handle(a.f, group.Customer))
			}
		}
	}
	slices.SortFunc(out, func(x, y model.Handle) int { return a.f.Snap.Ref(x).Compare(a.f.Snap.Ref(y)) })
	return out
}

// agreementsOn lists the agreements about a service or component, whether in
// force or not: those that name it, and those of its customers that name nothing.
func (a *Analysis) agreementsOn(h model.Handle) []model.Handle {
	var out []model.Handle
	handles(a.f, h, "agreement", func(x model.Handle) { out = append(out, x) })
	for _, c := range a.customersOf(h) {
		handles(a.f, c, "agreement", func(x model.Handle) {
			if spec := finding.Spec[model.Agreement](a.f, x); len(spec.Services) == 0 && handle(a.f, spec.Customer) == c {
				out = append(out, x)
			}
		})
	}
	return out
}

// binds tells that an agreement promises to a customer: to him, or to all
// customers of what it names.
func binds(agreement *model.Agreement, customer model.Ref) bool {
	return isSLA(agreement) && (agreement.Customer.IsZero() || agreement.Customer == customer)
}

// Promised is the strictest availability promised to a customer, by an agreement
// in force, for a service or component, as far as no other agreement counts in its
// place; ok is false where none is.
func (a *Analysis) Promised(service model.Handle) (availability model.Availability, agreement model.Ref, target string, ok bool) {
	for _, h := range a.agreementsOn(service) {
		spec := finding.Spec[model.Agreement](a.f, h)
		if !isSLA(spec) || !a.InForce(h, a.f.On) {
			continue
		}
		for i := range spec.Targets {
			t := &spec.Targets[i]
			if t.Metric == model.MetricAvailability && t.Availability != nil && (!ok || availability.Less(*t.Availability)) {
				if _, yields := overridden(a.Overrides(h, t, service)); yields {
					continue
				}
				availability, agreement, target, ok = *t.Availability, a.f.Snap.Ref(h), t.Name, true
			}
		}
	}
	return availability, agreement, target, ok
}

// PromisedHours lists the calendars of the agreed service time of a service in
// the agreements in force with customers, sorted, without repeats.
func (a *Analysis) PromisedHours(service model.Handle) []model.Ref {
	var out []model.Ref
	for _, h := range a.agreementsOn(service) {
		spec := finding.Spec[model.Agreement](a.f, h)
		if isSLA(spec) && !spec.Hours.IsZero() && a.InForce(h, a.f.On) {
			out = append(out, spec.Hours)
		}
	}
	slices.SortFunc(out, model.Ref.Compare)
	return slices.Compact(out)
}

// part names a target inside an agreement or contract.
func part(t *model.Target, i int) string {
	if t.Name != "" {
		return "targets/" + t.Name
	}
	return "targets/" + strconv.Itoa(i)
}

func pointer(i int) string { return "/spec/targets/" + strconv.Itoa(i) }

// name is how a target is called in sentences: its title, its name, its metric.
func name(t *model.Target, i int) any {
	switch {
	case !t.Title.IsZero():
		return t.Title
	case t.Name != "":
		return t.Name
	case t.Metric != "":
		return t.Metric
	}
	return i + 1
}
