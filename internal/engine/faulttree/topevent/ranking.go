package topevent

import (
	"cmp"
	"slices"
)

// ranking sorts positions again and again. Positions are spread over as many units as
// there are, so that most are sorted by the unit they fall into.
type ranking struct {
	rank  []int32 // index of each position, ascending
	start []int32 // of each unit in rank
}

func newRanking(n int) *ranking {
	return &ranking{rank: make([]int32, n), start: make([]int32, n+1)}
}

// crowdedUnit is how many positions in one unit are too many to be sorted by insertion.
const crowdedUnit = 24

// of returns the indices of positions that are not negative, least first, and those of
// equal ones ascending. The slice is good until the next call.
func (r *ranking) of(position []float64) []int32 {
	n := len(position)
	unit := func(p float64) int { return min(int(p), n-1) }
	clear(r.start)
	for _, p := range position {
		r.start[unit(p)+1]++
	}
	for u := 1; u <= n; u++ {
		r.start[u] += r.start[u-1]
	}
	// Filling moves each start to where the next unit begins.
	for i, p := range position {
		u := unit(p)
		r.rank[r.start[u]] = int32(i)
		r.start[u]++
	}
	from := int32(0)
	for _, to := range r.start[:n] {
		inside := r.rank[from:to]
		from = to
		if len(inside) > crowdedUnit {
			slices.SortFunc(inside, func(x, y int32) int {
				return cmp.Or(cmp.Compare(position[x], position[y]), cmp.Compare(x, y))
			})
			continue
		}
		for k := 1; k < len(inside); k++ {
			for m := k; m > 0 && position[inside[m]] < position[inside[m-1]]; m-- {
				inside[m], inside[m-1] = inside[m-1], inside[m]
			}
		}
	}
	return r.rank
}
