package availability

import (
	"slices"

	"diapason/internal/engine/faulttree"
	"diapason/internal/engine/redundancy"
	"diapason/internal/model"
)

// boundedBudget bounds the evaluations of one front.
const boundedBudget = 50_000

// bounded finds the front by the bounds of package redundancy; ok is false where
// it is not complete within the budget.
func (s *frontSearch) bounded() (Front, bool) {
	positions, options := s.positions()
	sel := redundancy.Selection{Positions: positions, System: s.system(options), Evaluations: boundedBudget}
	list, complete, err := sel.Front(s.ctx)
	s.restore(options)
	if err != nil || !complete {
		return Front{}, false
	}
	for _, x := range list {
		var chosen []Option
		cost := int64(0)
		for i, k := range x.Chosen {
			if k > 0 {
				chosen = append(chosen, options[i][k-1])
				cost += options[i][k-1].Yearly.Minor
			}
		}
		if len(chosen) > 0 && float64(x.Unavailability) < s.x.t.unavailability {
			s.points = append(s.points, Point{chosen, model.Money{Minor: cost, Currency: s.currency, Per: "year"}, s.x.with(chosen...)})
		}
	}
	return Front{s.points, true}, true
}

// positions gathers the options by the event that they change; those of one thing
// exclude each other whatever their event.
func (s *frontSearch) positions() (list []redundancy.Position, options [][]Option) {
	for g, group := range s.groups {
		place := map[faulttree.NodeID]int{}
		for _, o := range group {
			i, known := place[o.event]
			if !known {
				i = len(list)
				place[o.event] = i
				list = append(list, redundancy.Position{Group: g + 1, Alternatives: []redundancy.Alternative{{Unavailability: redundancy.Probability(o.was)}}})
				options = append(options, nil)
			}
			list[i].Alternatives = append(list[i].Alternatives, redundancy.Alternative{Unavailability: redundancy.Probability(o.q), Price: redundancy.Amount(o.Yearly.Minor)})
			options[i] = append(options[i], o)
		}
	}
	return list, options
}

// system evaluates the service with other probabilities of the events.
func (s *frontSearch) system(options [][]Option) redundancy.System {
	t := s.x.t
	events := make([]faulttree.NodeID, len(options))
	for i := range options {
		events[i] = options[i][0].event
	}
	return func(q, slopes []float64) float64 {
		for i, id := range events {
			if t.m.SetProbability(id, faulttree.Probability(q[i])) != nil {
				return 1
			}
		}
		r, err := t.m.Unavailability(t.top)
		if err != nil {
			return 1
		}
		if slopes != nil {
			list, err := t.m.Importance(t.top)
			if err != nil {
				return 1
			}
			for _, x := range list {
				if i := slices.Index(events, x.Event); i >= 0 {
					slopes[i] = x.Birnbaum
				}
			}
		}
		return float64(r.Upper)
	}
}

// restore puts back the probabilities as designed.
func (s *frontSearch) restore(options [][]Option) {
	for _, o := range options {
		_ = s.x.t.m.SetProbability(o[0].event, faulttree.Probability(o[0].was))
	}
}
