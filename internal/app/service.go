package app

import (
	"slices"

	"diapason/internal/app/assess"
	"diapason/internal/finding"
	"diapason/internal/model"
)

// Mark is a process's verdict on a service.
type Mark string

// The marks, worst last in Worst's order.
const (
	MarkOK      Mark = "ok"      // no gap
	MarkUnknown Mark = "unknown" // not assessed: data are missing
	MarkRisk    Mark = "risk"    // a warning stands
	MarkGap     Mark = "gap"     // an error stands
	// MarkNone is of objectives alone: no case fell into the window, so there was nothing to
	// judge. It is neither good nor bad, and no lack of knowledge.
	MarkNone Mark = "none"
)

var markOrder = []Mark{MarkOK, MarkUnknown, MarkRisk, MarkGap}

// Worst gives the worse of two marks.
func (m Mark) Worst(o Mark) Mark {
	if slices.Index(markOrder, o) > slices.Index(markOrder, m) {
		return o
	}
	return m
}

func markOf(j assess.Judged) Mark {
	switch {
	case !j.Counts():
		return MarkOK
	case j.Outcome == finding.Unknown:
		return MarkUnknown
	case j.Severity == finding.Error:
		return MarkGap
	case j.Severity == finding.Warning:
		return MarkRisk
	}
	return MarkOK
}

// required is what the design of a service needs of availability management.
type required interface {
	Required(h model.Handle) []model.Handle
}

// designKinds are the kinds that belong to the design of a service when they
// refer to it.
var designKinds = map[string]bool{
	"offering": true, "agreement": true, "recovery-plan": true, "requirement": true, "demand": true,
	"risk": true, "contract": true, "role-assignment": true, "business-activity": true, "control": true,
}

// Design lists what the design of a service is made of: the service, what
// promises, plans or rates it, the data it uses, and everything it requires.
func (s *State) Design(service model.Handle) []model.Handle {
	if hit, ok := s.related.Load(service); ok {
		return hit.([]model.Handle)
	}
	seen := map[model.Handle]bool{}
	var out []model.Handle
	add := func(h model.Handle) {
		if !seen[h] && s.Snap.Object(h) != nil {
			seen[h] = true
			out = append(out, h)
		}
	}
	add(service)
	for _, in := range s.Snap.In(service) {
		if designKinds[s.Snap.Ref(in.From).Kind] {
			add(in.From)
		}
	}
	for _, e := range s.Snap.Out(service) {
		if s.Snap.Ref(e.To).Kind == "data-asset" {
			add(e.To)
		}
	}
	if r, ok := finding.Use[required](s.Result.Facts); ok {
		for _, h := range r.Required(service) {
			if s.Snap.Ref(h).Kind != "service" { // another service answers for itself
				add(h)
			}
		}
	}
	s.related.Store(service, out)
	return out
}

// About lists the judged findings on an object, and those told at their cause that
// hit it.
func (s *State) About(r model.Ref) []assess.Judged {
	return s.at(append(s.own(r), s.hitting(r)...))
}

// Own lists the judged findings told at an object itself.
func (s *State) Own(r model.Ref) []assess.Judged { return s.at(s.own(r)) }

// own are the places of the findings told at an object.
func (s *State) own(r model.Ref) []int {
	start, end := s.Result.On(r)
	out := make([]int, 0, end-start)
	for i := start; i < end; i++ {
		out = append(out, i)
	}
	return out
}

// hitting are the places of the findings told elsewhere that hit an object.
func (s *State) hitting(r model.Ref) []int {
	var out []int
	for _, f := range s.Result.Hitting(r) {
		if i := s.Result.Place(f); i >= 0 {
			out = append(out, i)
		}
	}
	slices.Sort(out)
	return out
}

func (s *State) at(places []int) []assess.Judged {
	out := make([]assess.Judged, len(places))
	for i, p := range places {
		out[i] = s.Judged[p]
	}
	return out
}

// OfService lists the judged findings on the design of a service and those told
// elsewhere that hit it, its agreements or its data, worst first.
func (s *State) OfService(service model.Handle) []assess.Judged {
	places := s.hitting(s.Snap.Ref(service))
	for _, h := range s.Design(service) {
		r := s.Snap.Ref(h)
		places = append(places, s.own(r)...)
		if r.Kind == "agreement" || r.Kind == "data-asset" {
			places = append(places, s.hitting(r)...)
		}
	}
	slices.Sort(places)
	out := s.at(slices.Compact(places))
	SortWorstFirst(out)
	return out
}

// SortWorstFirst orders findings by what they would cost if nothing is done:
// standing ones first, violated before unknown, severity, then how much they hit.
func SortWorstFirst(list []assess.Judged) {
	slices.SortStableFunc(list, func(a, b assess.Judged) int {
		if a.Counts() != b.Counts() {
			return boolOrder(a.Counts())
		}
		if (a.Outcome == finding.Violated) != (b.Outcome == finding.Violated) {
			return boolOrder(a.Outcome == finding.Violated)
		}
		if a.Severity != b.Severity {
			return int(b.Severity) - int(a.Severity)
		}
		return len(b.Causes) + len(b.Hits) - len(a.Causes) - len(a.Hits)
	})
}

func boolOrder(first bool) int {
	if first {
		return -1
	}
	return 1
}

// assessed reports which processes had anything to judge in the design of a
// service: without a finding, the others are not assessed rather than in order.
func (s *State) assessed(service model.Handle) map[finding.Process]bool {
	svc := s.Snap.Object(service).Spec.(*model.Service)
	out := map[finding.Process]bool{finding.Coordination: true, finding.Catalogue: true, finding.Supplier: true}
	out[finding.Capacity] = len(svc.Capacity) > 0
	out[finding.Continuity] = svc.Continuity.RTO > 0
	for _, p := range model.Pillars {
		out[finding.Security] = out[finding.Security] || svc.Security.Of(model.Pillar(p.Value)) != nil
	}
	for _, h := range s.Design(service) {
		switch x := s.Snap.Object(h).Spec.(type) {
		case *model.Agreement, *model.Requirement:
			out[finding.ServiceLevel] = true
		case *model.RecoveryPlan:
			out[finding.Continuity] = true
		case *model.Demand:
			out[finding.Capacity] = true
		case *model.Component:
			out[finding.Capacity] = out[finding.Capacity] || len(x.Capacity) > 0
		}
	}
	if p, ok := finding.Use[predictor](s.Result.Facts); ok {
		_, _, _, _, _, known := p.Predicted(service)
		out[finding.Availability] = known
	}
	return out
}

// Marks gives the eight marks of a service.
func (s *State) Marks(service model.Handle) map[finding.Process]Mark {
	assessed := s.assessed(service)
	m := make(map[finding.Process]Mark, len(finding.Processes))
	for _, p := range finding.Processes {
		m[p] = MarkOK
		if !assessed[p] {
			m[p] = MarkUnknown
		}
	}
	for _, j := range s.OfService(service) {
		if r := assess.Rule(j.Rule); r != nil {
			m[r.Process] = m[r.Process].Worst(markOf(j))
		}
	}
	return m
}

// Lifecycle is where a service stands for its customers on a date; it derives
// from stage and dates and is stored nowhere.
type Lifecycle string

// The lifecycles.
const (
	Designing Lifecycle = "designing" // not promised to anybody yet
	Coming    Lifecycle = "coming"    // available from a date ahead
	Available Lifecycle = "available"
	Retiring  Lifecycle = "retiring" // still available, its end is set
	Retired   Lifecycle = "retired"
)

// LifecycleOf derives the lifecycle of a service on a date.
func LifecycleOf(s *model.Service, on model.Date) Lifecycle {
	switch {
	case s.Stage == model.StageRetired || !s.RetiresOn.IsZero() && s.RetiresOn <= on:
		return Retired
	case s.Stage == model.StageRetiring || !s.RetiresOn.IsZero() && s.Stage == model.StageLive:
		return Retiring
	case s.Stage == model.StageLive && (s.AvailableFrom.IsZero() || s.AvailableFrom <= on):
		return Available
	case !s.AvailableFrom.IsZero() && s.AvailableFrom > on, s.Stage == model.StageLive:
		return Coming
	case s.Stage == model.StageTransition && !s.AvailableFrom.IsZero():
		return Coming
	}
	return Designing
}
