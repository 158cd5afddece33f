package servicelevel

import (
	"math"
	"slices"

	"diapason/internal/engine/reliance"
	"diapason/internal/model"
)

// guarantee is an unavailability: if what is behind fails independently, and at
// most whatever it does.
type guarantee struct{ independent, bound float64 }

// and joins two that are both needed.
func (g guarantee) and(o guarantee) guarantee {
	return guarantee{1 - (1-g.independent)*(1-o.independent), min(1, g.bound+o.bound)}
}

// groupWalk finds the groups of alternatives behind a node and what they lose.
// Nodes between are visited once. Promises inside alternatives count as
// independent; those that alone break the service are links of their own and do
// not count here again.
type groupWalk struct {
	a     *Analysis
	links []int32 // sorted
	seen  map[int32]bool
	memo  map[int32]guarantee
	total guarantee
	count int
}

// series visits all that a node needs without alternative.
func (w *groupWalk) series(n int32) {
	if w.seen[n] {
		return
	}
	w.seen[n] = true
	for _, x := range (linkGraph{w.a}).Needs(n) {
		if len(x.Group) == 0 {
			w.series(x.Node)
			continue
		}
		if g := w.group(x); g.bound > 0 {
			w.count++
			w.total = w.total.and(g)
		}
	}
}

// node is what an alternative loses, all that it needs included.
func (w *groupWalk) node(n int32) guarantee {
	if g, known := w.memo[n]; known {
		return g
	}
	w.memo[n] = guarantee{} // a circle adds nothing to itself
	var g guarantee
	if p, ok := w.a.promiseOf(handleOf(n), n < 0); ok && !w.isLink(p.by) {
		u := p.availability.Unavailability()
		g = guarantee{u, u}
	}
	for _, x := range (linkGraph{w.a}).Needs(n) {
		g = g.and(w.need(x))
	}
	w.memo[n] = g
	return g
}

func (w *groupWalk) isLink(h model.Handle) bool {
	_, found := slices.BinarySearch(w.links, int32(h))
	return found
}

func (w *groupWalk) need(x reliance.Need) guarantee {
	if len(x.Group) > 0 {
		return w.group(x)
	}
	return w.node(x.Node)
}

// group is what a group loses: independent, the chance that too few of its
// alternatives are left; bound, the greatest chance of that for any dependence
// (Markov's inequality over the alternatives that lose least; for two of which
// one is needed, the smaller of both).
func (w *groupWalk) group(x reliance.Need) guarantee {
	n := len(x.Group)
	if x.AtLeast <= 0 {
		return guarantee{}
	}
	fails := max(n-x.AtLeast, 0) + 1 // so many lost alternatives lose the group
	u, bounds := make([]float64, n), make([]float64, n)
	for i, alternative := range x.Group {
		g := w.need(alternative)
		u[i], bounds[i] = g.independent, g.bound
	}
	return guarantee{atLeastLost(u, fails), boundLost(bounds, fails)}
}

// atLeastLost is the chance that at least m of independent losses happen.
func atLeastLost(u []float64, m int) float64 {
	// chance[k] is that of exactly k losses, the last of m or more.
	chance := make([]float64, m+1)
	chance[0] = 1
	for _, p := range u {
		for k := m; k >= 0; k-- {
			stay := chance[k] * (1 - p)
			if k == m {
				stay = chance[k]
			}
			if k > 0 {
				stay += chance[k-1] * p
			}
			chance[k] = stay
		}
	}
	return chance[m]
}

func boundLost(u []float64, m int) float64 {
	u = slices.Sorted(slices.Values(u))
	best := 1.0
	for dropped := range m { // of the remaining at least m − dropped are lost
		sum := 0.0
		for _, p := range u[:max(len(u)-dropped, 0)] {
			sum += p
		}
		best = math.Min(best, sum/float64(m-dropped))
	}
	return best
}
