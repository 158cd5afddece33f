package availability

import (
	"cmp"
	"slices"
	"time"

	"diapason/internal/finding"
	"diapason/internal/model"
)

// Weights of criticality in rankings: one critical service weighs as much as eight
// of low criticality. Each step doubles.
var weights = map[model.Criticality]int{model.CriticalityLow: 1, model.CriticalityMedium: 2, model.CriticalityHigh: 4, model.CriticalityCritical: 8}

// Weight of a service in rankings; one that says nothing counts as low.
func Weight(s *model.Service) int { return max(weights[s.Criticality], 1) }

// Rank is what falls when one thing fails.
type Rank struct {
	Of       model.Ref
	Services []model.Ref   // delivered services that it stops alone, by name
	Weight   int           // sum of their weights
	Broken   []model.Ref   // those whose promise fails because of it
	Minutes  time.Duration // of interruption it brings in a mean month, added over the services
}

// Ranking lists the single points of failure of delivered services, those that
// hurt most first: services stopped × criticality, then minutes of interruption.
func (a *Analysis) Ranking() []Rank {
	byCause := map[model.Handle]*Rank{}
	q := map[model.Handle]float64{}
	for _, s := range a.f.Snap.OfKind("service") {
		spec := finding.Spec[model.Service](a.f, s)
		fig := a.all().At(int32(s))
		if fig == nil || !delivered(spec) {
			continue
		}
		n := a.noteOf(s)
		for _, x := range fig.singles {
			if x == s {
				continue
			}
			r := byCause[x]
			if r == nil {
				r = &Rank{Of: a.f.Snap.Ref(x)}
				byCause[x], q[x] = r, a.unavailabilityOf(x)
			}
			r.Services = append(r.Services, a.f.Snap.Ref(s))
			r.Weight += Weight(spec)
			if u := q[x]; u > 0 && u < 1 {
				r.Minutes += Monthly(u * (1 - fig.high) / (1 - u))
			}
			if n.promised && fig.breaks(n.promise, q[x]) {
				r.Broken = append(r.Broken, a.f.Snap.Ref(s))
			}
		}
	}
	out := make([]Rank, 0, len(byCause))
	for _, r := range byCause {
		slices.SortFunc(r.Services, model.Ref.Compare)
		slices.SortFunc(r.Broken, model.Ref.Compare)
		out = append(out, *r)
	}
	slices.SortFunc(out, func(x, y Rank) int {
		return cmp.Or(cmp.Compare(y.Weight, x.Weight), cmp.Compare(y.Minutes, x.Minutes), x.Of.Compare(y.Of))
	})
	return out
}

// Letter is an entry of the component failure impact analysis.
type Letter string

// The letters of the matrix, derived from the structure and never typed.
const (
	LetterStops    Letter = "X" // its failure alone stops the service
	LetterHot      Letter = "A" // an alternative takes over at once
	LetterSwitched Letter = "B" // an alternative takes over after a switch
	LetterNone     Letter = ""  // its failure does not matter to the service
)

// Letters is one column of the component failure impact analysis: what the failure
// of each thing means to this service. X where it is a minimal cut set by itself, A
// or B where it is in a larger one, by whether an alternative has a time to take
// over. ok is false where only bounds can be solved.
func (s *Study) Letters() (out map[Item]Letter, ok bool) {
	list, ok := s.Importance()
	if !ok {
		return nil, false
	}
	switched := s.a.switched(s.service)
	out = make(map[Item]Letter, len(list))
	for _, x := range list {
		h, _ := s.a.f.Snap.Find(x.Input.Ref)
		switch {
		case x.Single:
			out[x.Input.Item()] = LetterStops
		case switched[h]:
			out[x.Input.Item()] = LetterSwitched
		default:
			out[x.Input.Item()] = LetterHot
		}
	}
	return out, true
}

// switched finds what stands in, or below, a group whose alternatives take over
// only after a time.
func (a *Analysis) switched(service model.Handle) map[model.Handle]bool {
	var start []model.Handle
	for _, h := range a.within(service) {
		for _, list := range requirements(a.f.Snap.Object(h)) {
			takeovers(a.f.Snap, list, false, func(to model.Handle) { start = append(start, to) })
		}
	}
	out := map[model.Handle]bool{}
	for _, h := range slices.Concat(start, a.walk(start, func(x model.Handle, visit func(model.Handle)) { children(a.f.Snap, x, visit) })) {
		out[h] = true
	}
	return out
}

func takeovers(s *model.Snapshot, n *model.Need, inside bool, fn func(model.Handle)) {
	if !n.On.IsZero() {
		if h, ok := s.Find(n.On); ok && inside {
			fn(h)
		}
		return
	}
	of, _ := n.Group()
	for i := range of {
		takeovers(s, &of[i], inside || n.Takeover > 0, fn)
	}
}

// requirements are the written needs of an object.
func requirements(o *model.Object) []*model.Need {
	if o == nil {
		return nil
	}
	var list []model.Need
	switch s := o.Spec.(type) {
	case *model.Service:
		list = s.Requires
	case *model.Component:
		list = s.Requires
	case *model.Site:
		list = s.Requires
	case *model.Tool:
		list = s.Requires
	}
	out := make([]*model.Need, len(list))
	for i := range list {
		out[i] = &list[i]
	}
	return out
}

// SharedBy is a group of alternatives that share a single point of failure: its
// redundancy is false where that fails.
type SharedBy struct {
	Holder       model.Ref
	Alternatives []model.Ref
	Shared       []model.Ref
}

// FalseRedundancy lists the groups under a service, or its own, whose alternatives
// fail together.
func (a *Analysis) FalseRedundancy(service model.Handle) []SharedBy {
	var out []SharedBy
	all := a.groupShares()
	for _, h := range a.within(service) {
		for _, s := range all.At(int32(h)) {
			out = append(out, SharedBy{a.f.Snap.Ref(h), a.refs(s.alternatives), a.refs(s.shared)})
		}
	}
	slices.SortStableFunc(out, func(x, y SharedBy) int { return x.Holder.Compare(y.Holder) })
	return out
}

// PlannedWork is what announced maintenance takes from a service.
type PlannedWork struct {
	Maintenance model.Ref
	Start, End  time.Time
	Inside      time.Duration // of it in promised hours, or all of it where none are promised
	Excluded    bool          // the promise leaves planned maintenance out
}

// PlannedWorkOn lists the maintenance that stops a service within a year before or
// after the day of evaluation, the earliest first.
func (a *Analysis) PlannedWorkOn(service model.Handle) []PlannedWork {
	var out []PlannedWork
	name := a.f.Snap.Ref(service)
	for _, h := range a.f.Snap.OfKind("maintenance") {
		m := finding.Spec[model.Maintenance](a.f, h)
		if !m.Stops || m.Start.IsZero() || m.End.IsZero() || !m.End.After(m.Start.Time) {
			continue
		}
		if days := a.f.On.DaysUntil(model.DateOf(m.Start.Time)); days > remembered || days < -remembered {
			continue
		}
		if !slices.Contains(a.Down(m.On).Services, name) {
			continue
		}
		inside, known := a.promisedWithin(service, work(m))
		if !known {
			inside = m.End.Sub(m.Start.Time)
		}
		out = append(out, PlannedWork{a.f.Snap.Ref(h), m.Start.Time, m.End.Time, inside, a.excluded(service)})
	}
	slices.SortFunc(out, func(x, y PlannedWork) int {
		return cmp.Or(x.Start.Compare(y.Start), x.Maintenance.Compare(y.Maintenance))
	})
	return out
}
