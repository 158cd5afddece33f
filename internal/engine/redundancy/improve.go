package redundancy

import (
	"math"
	"slices"
)

// mostExchanged bounds the pairs of choices that one exchange looks at.
const mostExchanged = 40_000

// improve exchanges the choices of one set or two as long as the best found gets
// better. With all else fixed, the unreliability is linear in each.
func (n *networkSearch) improve() {
	if n.items == nil {
		n.fill()
	}
	if n.items == nil {
		return
	}
	for rounds := 0; rounds < 20; rounds++ {
		before := n.u
		for a := range n.sets {
			for b := a + 1; b < len(n.sets); b++ {
				n.exchange(a, b)
			}
		}
		if n.u >= before {
			return
		}
	}
}

// exchange finds the best choices of two sets, the others as they are in the
// best found.
func (n *networkSearch) exchange(a, b int) {
	items := slices.Clone(n.items)
	room := slices.Clone(n.limit)
	for c, i := range items {
		n.q[c], n.p[c] = n.sets[c].q[i], n.sets[c].p[i]
		if c == a || c == b {
			continue
		}
		for r := range room {
			room[r] -= n.sets[c].use[int(i)*n.m+r]
		}
	}
	var corner [4]float64 // both work, b fails, a fails, both fail
	for k := range corner {
		qa, qb := float64(k>>1), float64(k&1)
		n.q[a], n.p[a], n.q[b], n.p[b] = qa, 1-qa, qb, 1-qb
		corner[k] = n.f.value(n.q, n.p)
	}
	x, y := n.sets[a], n.sets[b]
	if x.len()*y.len() > mostExchanged {
		return
	}
	best, bestA, bestB := n.u, -1, -1
	for i := range x.q {
		works, fails := x.p[i]*corner[0]+x.q[i]*corner[2], x.p[i]*corner[1]+x.q[i]*corner[3]
		if y.p[0]*works+y.q[0]*fails >= best { // the first is the most reliable
			continue
		}
	others:
		for j := range y.q {
			u := y.p[j]*works + y.q[j]*fails
			if u >= best {
				break
			}
			for r := range room {
				if x.use[i*n.m+r]+y.use[j*n.m+r] > room[r] {
					continue others
				}
			}
			best, bestA, bestB = u, i, j
			break
		}
	}
	if bestA < 0 {
		return
	}
	items[a], items[b] = int32(bestA), int32(bestB)
	for c, i := range items {
		n.q[c], n.p[c] = n.sets[c].q[i], n.sets[c].p[i]
	}
	n.note(items, n.f.value(n.q, n.p), n.sum)
}

// fill starts from the choices that use least in all.
func (n *networkSearch) fill() {
	items := make([]int32, len(n.sets))
	sum := make([]float64, n.m)
	for c, set := range n.sets {
		least := math.Inf(1)
		for i := range set.q {
			x := 0.0
			for r := range n.m {
				x += set.use[i*n.m+r] * n.norm[r]
			}
			if x < least {
				least, items[c] = x, int32(i)
			}
		}
		for r := range n.m {
			sum[r] += set.use[int(items[c])*n.m+r]
		}
	}
	for r := range sum {
		if sum[r] > n.limit[r] {
			return
		}
	}
	for c, i := range items {
		n.q[c], n.p[c] = n.sets[c].q[i], n.sets[c].p[i]
	}
	n.note(items, n.f.value(n.q, n.p), sum)
}

// dive looks for a cheap choice that reaches the target: the most reliable one
// found under smaller and smaller limits.
func (n *networkSearch) dive() {
	low, high := 0.0, n.limit[0]
	for range 12 {
		trial := *n
		trial.minimise, trial.cut, trial.u, trial.items = false, math.Inf(1), math.Inf(1), nil
		trial.limit = slices.Clone(n.limit)
		trial.limit[0] = high
		if low > 0 {
			trial.limit[0] = math.Floor((low + high) / 2)
		}
		active := trial.all()
		if trial.filter(active) {
			trial.ascend(active, trial.start(active), trial.root/8)
			trial.improve()
		}
		if trial.items == nil || math.Log(max(trial.u, smallest*smallest)) > n.cut {
			if low == 0 && trial.limit[0] == high {
				return
			}
			low = trial.limit[0]
		} else {
			n.limit[0] = trial.useOf(0) - 1
			n.u, n.items = trial.u, trial.items
			high = n.limit[0]
			low = max(low, 1e-9)
		}
		if high-low < 1 {
			return
		}
	}
}

// useOf is what the best found uses of a resource.
func (n *networkSearch) useOf(r int) float64 {
	x := 0.0
	for c, i := range n.items {
		x += n.sets[c].use[int(i)*n.m+r]
	}
	return x
}
