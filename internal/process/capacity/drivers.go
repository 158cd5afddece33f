package capacity

import (
	"slices"

	"diapason/internal/finding"
	"diapason/internal/model"
)

// driver is CAP-004: an activity whose volume is linked to no service it needs, or
// a service of which nobody says how much is asked for.
func driver(f *finding.Facts, h model.Handle, emit func(finding.Finding)) {
	o := f.Snap.Object(h)
	switch s := o.Spec.(type) {
	case *model.BusinessActivity:
		if len(s.Services) == 0 {
			return
		}
		var open []model.Ref
		for _, r := range s.Services {
			if service := finding.SpecOf[model.Service](f, r); service != nil && service.Stage != model.StageRetired && !linked(f, h, r) {
				open = append(open, r)
			}
		}
		if len(open) == 0 {
			return
		}
		variant := ""
		if s.Driver == "" {
			variant = "driver"
		}
		emit(finding.Finding{
			Variant: variant, Causes: open, Pointer: "/spec/driver", Args: finding.Args{"services": open, "n": len(open), "driver": s.Driver},
			Evidence: []finding.Evidence{{Label: "services", Value: open}},
		})
	case *model.Service:
		if s.Facing != "customer" || s.Stage != model.StageLive && s.Stage != model.StageTransition || demanded(f, h) {
			return
		}
		if len(s.Capacity) == 0 && s.Criticality.Rank() < model.CriticalityHigh.Rank() && !promisesVolume(f, h) {
			return
		}
		emit(finding.Finding{Variant: "service", Pointer: "/spec/capacity"})
	}
}

// linked reports a demand of the activity on the service.
func linked(f *finding.Facts, activity model.Handle, service model.Ref) bool {
	return slices.ContainsFunc(f.Snap.In(activity), func(in model.Incoming) bool {
		d := finding.Spec[model.Demand](f, in.From)
		return d != nil && in.Field.Name == "activity" && d.Service == service
	})
}

func demanded(f *finding.Facts, service model.Handle) bool {
	if slices.ContainsFunc(f.Snap.In(service), func(in model.Incoming) bool { return finding.Spec[model.Demand](f, in.From) != nil }) {
		return true
	}
	return slices.ContainsFunc(finding.Spec[model.Service](f, service).Capacity, func(c model.Capacity) bool { return c.Used != nil })
}

// promisesVolume reports that an agreement in force promises throughput or
// response time of a service.
func promisesVolume(f *finding.Facts, service model.Handle) bool {
	for _, in := range f.Snap.In(service) {
		a := finding.Spec[model.Agreement](f, in.From)
		if a == nil || in.Field.Name != "services" || !a.Start.IsZero() && a.Start > f.On || !a.End.IsZero() && a.End < f.On {
			continue
		}
		for i := range a.Targets {
			if m := a.Targets[i].Metric; m == model.MetricThroughput || m == model.MetricResponseTime {
				return true
			}
		}
	}
	return false
}

// structure knows what needs a thing to run.
type structure interface {
	Dependents(h model.Handle) []model.Handle
}

// unmeasured is CAP-007: a resource with a limit but neither a measure of use nor a
// demand, on which a promise of volume or response time rests.
func unmeasured(f *finding.Facts, h model.Handle, emit func(finding.Finding)) {
	list := capacities(f, h)
	if len(list) == 0 {
		return
	}
	var services []model.Ref
	for i := range list {
		c := &list[i]
		if c.Used != nil && sameUnit(c.Used.Unit, limit(c).Unit) && limit(c).Value > 0 {
			continue
		}
		x, _ := loaded(f, h, c, len(list) == 1)
		if !x.Unknown || x.Unit != "" {
			continue
		}
		if services == nil {
			if services = resting(f, h); len(services) == 0 {
				return
			}
		}
		out := finding.Finding{
			Outcome: finding.Unknown, Part: "capacity/" + c.Name, Pointer: pointer(i) + "/used",
			Args:     finding.Args{"resource": c.Label(), "services": services, "n": len(services)},
			Evidence: []finding.Evidence{{Label: "services", Value: services}},
		}
		if limit(c).Value <= 0 {
			out.Variant, out.Pointer = "limit", pointer(i)+"/limit"
		}
		emit(out)
	}
}

// resting lists the services with a promise of volume that are h or need it.
func resting(f *finding.Facts, h model.Handle) []model.Ref {
	all := []model.Handle{h}
	if s, ok := finding.Use[structure](f); ok {
		all = append(all, s.Dependents(h)...)
	}
	var out []model.Ref
	for _, s := range all {
		if spec := finding.Spec[model.Service](f, s); spec != nil && spec.Stage != model.StageRetired && promisesVolume(f, s) {
			out = append(out, f.Snap.Ref(s))
		}
	}
	slices.SortFunc(out, model.Ref.Compare)
	return out
}
