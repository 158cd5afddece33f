package availability

import (
	"cmp"
	"slices"

	"diapason/internal/engine/faulttree"
	"diapason/internal/model"
)

func one(id faulttree.NodeID) []faulttree.NodeID { return []faulttree.NodeID{id} }

// perfect evaluates a top with one event made perfect, and puts its probability
// back. Where only bounds are known the upper one counts.
func perfect(m *faulttree.Model, top faulttree.NodeID, event int, q float64) float64 {
	return with(m, top, event, 0, q)
}

// with evaluates a top with the probability of an event changed to q, then puts
// back what it was.
func with(m *faulttree.Model, top faulttree.NodeID, event int, q, was float64) float64 {
	id := faulttree.NodeID(event)
	if m.SetProbability(id, faulttree.Probability(q)) != nil {
		return 1
	}
	r, err := m.Unavailability(top)
	if err != nil || m.SetProbability(id, faulttree.Probability(was)) != nil {
		return 1
	}
	return float64(r.Upper)
}

// without is the unavailability left when a single point of failure with
// unavailability q is made perfect: U = q + (1−q)·R solved for R.
func without(u, q float64) float64 {
	if q >= 1 {
		return 1
	}
	return max((u-q)/(1-q), 0)
}

// unavailabilityOf is the own unavailability of an object, 0 where unknown.
func (a *Analysis) unavailabilityOf(h model.Handle) float64 {
	in, own := a.input(h)
	if !own {
		return 0
	}
	return in.unavailability()
}

// sortChanges puts those that reach the promise first, then the largest gain.
func sortChanges(list []Change) {
	slices.SortStableFunc(list, func(x, y Change) int {
		if x.Reaches != y.Reaches {
			if x.Reaches {
				return -1
			}
			return 1
		}
		if c := cmp.Compare(y.Gain, x.Gain); c != 0 {
			return c
		}
		return x.Subject.Compare(y.Subject)
	})
}
