package availability

import (
	"slices"
	"time"

	"diapason/internal/calendars"
	"diapason/internal/engine/worktime"
	"diapason/internal/finding"
	"diapason/internal/model"
)

// work is the time of a planned maintenance.
func work(m *model.Maintenance) worktime.Interval {
	return worktime.Interval{Start: m.Start.Time, End: m.End.Time}
}

// plannedWork is AVL-006.
func plannedWork(f *finding.Facts, h model.Handle, emit func(finding.Finding)) {
	m := finding.Spec[model.Maintenance](f, h)
	if m == nil || !m.Stops || m.Start.IsZero() {
		return
	}
	zone := calendars.Zone(f)
	if m.End.IsZero() {
		if !m.Start.Before(f.On.In(zone)) {
			emit(finding.Finding{Outcome: finding.Unknown, Pointer: "/spec/end", Args: finding.Args{"start": m.Start.In(zone)}})
		}
		return
	}
	if m.End.Before(f.On.In(zone)) {
		return
	}
	a, ok := finding.Use[*Analysis](f)
	if !ok {
		return
	}
	alone := a.Down(m.On)
	others, refs := a.meanwhile(h, m)
	base := func(variant string) finding.Finding {
		return finding.Finding{
			Variant: variant, Pointer: "/spec/start", Args: finding.Args{"on": m.On, "start": m.Start.In(zone), "end": m.End.In(zone)},
			Evidence: []finding.Evidence{{Label: "on", Value: m.On}, {Label: "start", Value: m.Start.In(zone)}, {Label: "end", Value: m.End.In(zone)}},
		}
	}
	a.emitLost(alone.Services, work(m), base(""), emit)
	together := alone
	if len(others) > 0 {
		together = a.Down(append(slices.Clone(m.On), others...))
		more := slices.DeleteFunc(slices.Clone(together.Services), func(r model.Ref) bool { return slices.Contains(alone.Services, r) })
		out := base("together")
		out.Causes = refs
		out.Args["others"] = refs
		// What the others stop by themselves is theirs to tell.
		theirs := a.Down(others).Services
		more = slices.DeleteFunc(more, func(r model.Ref) bool { return slices.Contains(theirs, r) })
		a.emitLost(more, work(m), out, emit)
	}
	a.emitSpare(together, work(m), base("spare"), emit)
}

// meanwhile finds other work that stops something while this one runs.
func (a *Analysis) meanwhile(h model.Handle, m *model.Maintenance) (on, refs []model.Ref) {
	for _, o := range a.f.Snap.OfKind("maintenance") {
		x := finding.Spec[model.Maintenance](a.f, o)
		if o != h && x.Stops && !work(x).Intersect(work(m)).IsEmpty() {
			on = append(on, x.On...)
			refs = append(refs, a.f.Snap.Ref(o))
		}
	}
	return on, refs
}

// emitLost reports the delivered services lost in hours promised for them, unless
// the promise leaves planned maintenance out.
func (a *Analysis) emitLost(services []model.Ref, when worktime.Interval, out finding.Finding, emit func(finding.Finding)) {
	var hit []model.Ref
	longest := time.Duration(0)
	for _, r := range services {
		s, _ := a.f.Snap.Find(r)
		if !delivered(finding.Spec[model.Service](a.f, s)) || a.excluded(s) {
			continue
		}
		if inside, _ := a.promisedWithin(s, when); inside > 0 {
			hit = append(hit, r)
			longest = max(longest, inside)
		}
	}
	if len(hit) == 0 {
		return
	}
	out.Args["services"], out.Args["n"], out.Args["inside"] = hit, len(hit), longest
	out.Evidence = append(out.Evidence, finding.Evidence{Label: "services", Value: hit}, finding.Evidence{Label: "inside", Value: longest})
	emit(out)
}

// promisedWithin is how much of an interval lies in hours promised for a service;
// known is false where no hours are.
func (a *Analysis) promisedWithin(s model.Handle, when worktime.Interval) (inside time.Duration, known bool) {
	h, ok := finding.Use[hours](a.f)
	if !ok {
		return 0, false
	}
	var open worktime.Set
	for _, c := range h.PromisedHours(s) {
		if cal, ok := calendars.Of(a.f, c); ok {
			open, known = open.Union(cal.Open(when)), true
		}
	}
	return open.Duration(), known
}

// excluded reports that the availability promised for a service leaves planned
// maintenance out.
func (a *Analysis) excluded(s model.Handle) bool {
	p, ok := promised(a.f, s)
	if !ok {
		return false
	}
	agreement := finding.SpecOf[model.Agreement](a.f, p.agreement)
	if agreement == nil {
		return false
	}
	for i := range agreement.Targets {
		if t := &agreement.Targets[i]; t.Name == p.target {
			return slices.Contains(t.Exclusions, "planned-maintenance")
		}
	}
	return false
}

// emitSpare reports groups that run without an alternative left while services of
// high criticality need them in their hours.
func (a *Analysis) emitSpare(im Impact, when worktime.Interval, out finding.Finding, emit func(finding.Finding)) {
	var holders, left, hit []model.Ref
	for _, x := range im.Fallback {
		if x.Spare() > 0 {
			continue
		}
		h, _ := a.f.Snap.Find(x.Holder)
		found := false
		for _, s := range append([]model.Handle{h}, a.Dependents(h)...) {
			spec := finding.Spec[model.Service](a.f, s)
			if !delivered(spec) || !weighty(spec) || slices.Contains(im.Services, a.f.Snap.Ref(s)) {
				continue
			}
			if inside, known := a.promisedWithin(s, when); !known || inside > 0 {
				found = true
				hit = append(hit, a.f.Snap.Ref(s))
			}
		}
		if found {
			holders = append(holders, x.Holder)
			left = append(left, x.Left...)
		}
	}
	if len(holders) == 0 {
		return
	}
	for _, list := range []*[]model.Ref{&hit, &left} {
		slices.SortFunc(*list, model.Ref.Compare)
		*list = slices.Compact(*list)
	}
	out.Causes = holders
	out.Args["services"], out.Args["n"], out.Args["left"] = hit, len(hit), left
	out.Evidence = append(out.Evidence, finding.Evidence{Label: "services", Value: hit}, finding.Evidence{Label: "left", Value: left})
	emit(out)
}
