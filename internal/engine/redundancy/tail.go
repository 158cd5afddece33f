package redundancy

import (
	"cmp"
	"math"
	"slices"
)

// tail enumerates the combinations of a node under its linear bound.
type tail struct {
	n     *networkSearch
	order []int
	cost  [][]float64 // by place in the order: reduced costs, ascending
	list  [][]int32   // the choices in that order
	rest  []float64   // least reduced cost from a place on, with the constant
	least []float64   // least uses from a place on
	items []int32
	use   []float64 // uses of what is taken, by place
	done  float64   // reduced cost of what is taken
}

func newTail(n *networkSearch, active [][]int32, b *bound) *tail {
	k := len(active)
	t := &tail{n: n, items: make([]int32, k), use: make([]float64, (k+1)*n.m), rest: make([]float64, k+1), least: make([]float64, (k+1)*n.m)}
	for c := range active {
		t.order = append(t.order, c)
	}
	// The longest list comes last: there the best is found without evaluating all.
	slices.SortStableFunc(t.order, func(a, b int) int { return cmp.Compare(len(active[a]), len(active[b])) })
	t.cost, t.list = make([][]float64, k), make([][]int32, k)
	t.rest[k] = b.constant
	for r := range n.m {
		t.rest[k] -= b.lambda[r] * n.limit[r]
	}
	for at := k - 1; at >= 0; at-- {
		c := t.order[at]
		list := slices.Clone(active[c])
		cost := func(i int32) float64 { return n.reduced(c, i, &b.at, b.lambda) }
		slices.SortFunc(list, func(x, y int32) int { return cmp.Compare(cost(x), cost(y)) })
		t.list[at] = list
		for _, i := range list {
			t.cost[at] = append(t.cost[at], cost(i))
		}
		t.rest[at] = t.rest[at+1] + t.cost[at][0]
		for r := range n.m {
			u := math.Inf(1)
			for _, i := range list {
				u = min(u, n.sets[c].use[int(i)*n.m+r])
			}
			t.least[at*n.m+r] = t.least[(at+1)*n.m+r] + u
		}
	}
	return t
}

// enumerate takes the choices from a place of the order on.
func (t *tail) enumerate(at int) {
	n := t.n
	c := t.order[at]
	if at == len(t.order)-1 {
		t.last(at, c)
		return
	}
	before := t.done
choices:
	for k, i := range t.list[at] {
		if n.useless(before + t.cost[at][k] + t.rest[at+1]) {
			break
		}
		for r := range n.m {
			u := t.use[at*n.m+r] + n.sets[c].use[int(i)*n.m+r]
			if u+t.least[(at+1)*n.m+r] > n.limit[r] {
				continue choices
			}
			t.use[(at+1)*n.m+r] = u
		}
		t.items[c], t.done = i, before+t.cost[at][k]
		n.q[c], n.p[c] = n.sets[c].q[i], n.sets[c].p[i]
		t.enumerate(at + 1)
	}
	t.done = before
}

// last finds the best choice of the last set: the unreliability is linear in it.
func (t *tail) last(at, c int) {
	n := t.n
	n.visited++
	n.q[c], n.p[c] = 1, 0
	fails := n.f.value(n.q, n.p)
	n.q[c], n.p[c] = 0, 1
	works := n.f.value(n.q, n.p)
choices:
	for k, i := range t.list[at] {
		if n.useless(t.done + t.cost[at][k] + t.rest[at+1]) {
			return
		}
		for r := range n.m {
			u := t.use[at*n.m+r] + n.sets[c].use[int(i)*n.m+r]
			if u > n.limit[r] {
				continue choices
			}
			n.sum[r] = u
		}
		t.items[c] = i
		n.note(t.items, n.sets[c].q[i]*fails+n.sets[c].p[i]*works, n.sum)
	}
}
