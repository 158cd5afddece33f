package availability

import (
	"cmp"
	"slices"

	"diapason/internal/engine/faulttree"
	"diapason/internal/model"
)

// tree is the solved fault tree of one service, to be evaluated with other
// probabilities.
type tree struct {
	b              *graph
	m              *faulttree.Model
	top            faulttree.NodeID
	unavailability float64 // as designed; the upper bound where only bounds are known
}

// tree solves one service; nil where there is none.
func (a *Analysis) tree(service model.Handle) *tree {
	if a.f.Snap.Object(service) == nil {
		return nil
	}
	t := &tree{b: a.newGraph(64)}
	t.top = t.b.add(service)
	var err error
	if t.m, err = t.b.compile([]faulttree.NodeID{t.top}); err != nil {
		return nil
	}
	r, err := t.m.Unavailability(t.top)
	if err != nil {
		return nil
	}
	t.unavailability = float64(r.Upper)
	return t
}

// with evaluates the service with the probability of one event changed to q, and
// puts back what it was. Where only bounds are known the upper one counts.
func (t *tree) with(event int, q, was float64) float64 {
	id := faulttree.NodeID(event)
	if t.m.SetProbability(id, faulttree.Probability(q)) != nil {
		return 1
	}
	r, err := t.m.Unavailability(t.top)
	if err != nil || t.m.SetProbability(id, faulttree.Probability(was)) != nil {
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
	q, state := a.ownOf(h)
	if state == ownNot {
		return 0
	}
	return q
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
