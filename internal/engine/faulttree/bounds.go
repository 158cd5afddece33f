package faulttree

import (
	"cmp"
	"container/heap"
	"slices"
)

// bounds returns proven bounds on P of the top of the cone. It
// conditions on variables (factoring theorem: P = q·P(F | failed) +
// (1−q)·P(F | working)), always where most is still open, and in each case
// bounds the gates one by one from their inputs: independent inputs exactly,
// dependent ones by association, for coherent functions of independent events
// are associated (Esary, Proschan, Walkup 1967: Association of random
// variables, with applications), hence P(AND) ≥ ΠP and P(OR) ≤ 1 − Π(1−P); the
// other sides are P(AND) ≤ min P and P(OR) ≥ max P. Every further case can
// only narrow the interval. singles are known to fail the top.
func (k *cone) bounds(v *values, singles levelSet) (lower, upper float64) {
	first := &condition{weight: 1}
	singles.each(func(level int32) {
		lower += first.weight * v.p[level]
		first.weight *= 1 - v.p[level]
		first = &condition{before: first, level: level, weight: first.weight}
	})
	k.evaluate(v, first)
	open := conditions{first}
	closed := lower // mass of cases that are settled as failed
	for range k.splits {
		c := open[0]
		if c.gap() <= 0 {
			break
		}
		level, found := k.nextLevel(c)
		if !found {
			break
		}
		heap.Pop(&open)
		for _, failed := range []bool{true, false} {
			p := v.p[level]
			if !failed {
				p = 1 - p
			}
			child := &condition{before: c, level: level, failed: failed, weight: c.weight * p, rank: c.rank}
			if child.weight == 0 {
				continue
			}
			k.evaluate(v, child)
			heap.Push(&open, child)
		}
		if len(open) == 0 {
			break
		}
	}
	lower, upper = closed, closed
	for _, c := range open {
		lower += c.weight * c.low
		upper += c.weight * c.up
	}
	return min(lower, 1), min(upper, 1)
}

// condition is a case: assignments linked back to the start.
type condition struct {
	before  *condition
	level   int32
	failed  bool
	weight  float64 // probability of the case
	low, up float64 // bounds on P(top | case)
	rank    int     // variables of the cone tried so far
}

func (c *condition) gap() float64 { return c.weight * (c.up - c.low) }

// conditions is a heap, widest contribution first.
type conditions []*condition

func (h conditions) Len() int           { return len(h) }
func (h conditions) Less(i, j int) bool { return h[i].gap() > h[j].gap() }
func (h conditions) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }
func (h *conditions) Push(x any)        { *h = append(*h, x.(*condition)) }
func (h *conditions) Pop() any {
	old := *h
	c := old[len(old)-1]
	*h = old[:len(old)-1]
	return c
}

func (k *cone) assign(c *condition, clear bool) {
	for ; c.before != nil; c = c.before {
		switch {
		case clear:
			k.assigned[c.level] = unassigned
		case c.failed:
			k.assigned[c.level] = assignedFailed
		default:
			k.assigned[c.level] = assignedWorking
		}
	}
}

// nextLevel returns the variable to condition on next.
func (k *cone) nextLevel(c *condition) (int32, bool) {
	k.assign(c, false)
	defer k.assign(c, true)
	for ; c.rank < len(k.levels); c.rank++ {
		if level := k.levels[c.rank]; k.assigned[level] == unassigned {
			c.rank++
			return level, true
		}
	}
	return 0, false
}

// evaluate bounds the top in one case, by one pass over the cone.
func (k *cone) evaluate(v *values, c *condition) {
	k.assign(c, false)
	k.states(k.can, assignedFailed)
	k.states(k.must, assignedWorking)
	for _, b := range k.blocks {
		if !b.circle {
			k.low[b.from], k.up[b.from] = k.gateBounds(v, b.from)
			continue
		}
		k.circleBounds(v, b)
	}
	c.low, c.up = k.low[k.top], k.up[k.top]
	k.assign(c, true)
}

// states propagates the assigned variables with all others at rest.
func (k *cone) states(state []bool, rest int8) {
	for _, b := range k.blocks {
		for i := b.from; i < b.to; i++ {
			state[i] = !k.steadyState
		}
		for changed := true; changed; {
			changed = false
			for i := b.from; i < b.to; i++ {
				if now := k.gateState(i, state, rest); now != state[i] {
					state[i] = now
					changed = b.circle
				}
			}
		}
	}
}

func (k *cone) gateState(i int, state []bool, rest int8) bool {
	g := &k.gates[i]
	if g.constant {
		return g.k == 1
	}
	failed := 0
	for _, ref := range g.inputs {
		if ref >= 0 {
			if state[ref] {
				failed++
			}
			continue
		}
		a := k.assigned[-1-ref]
		if a == unassigned {
			a = rest
		}
		if a == assignedFailed {
			failed++
		}
	}
	return failed >= g.k
}

func (k *cone) input(v *values, ref int32) (low, up float64) {
	if ref >= 0 {
		return k.low[ref], k.up[ref]
	}
	switch k.assigned[-1-ref] {
	case assignedFailed:
		return 1, 1
	case assignedWorking:
		return 0, 0
	}
	p := v.p[-1-ref]
	return p, p
}

// circleBounds: the functions of a circle satisfy their equations, so bounds
// may be improved by inserting them, from the trivial side, as long as wanted.
// The other side: in steady state nothing in it fails unless something that
// feeds it does; from cold all of it fails when all that feeds it does.
func (k *cone) circleBounds(v *values, b block) {
	anyFails, allFail := 1.0, 1.0
	for _, ref := range b.external {
		low, up := k.input(v, ref)
		anyFails *= 1 - up
		allFail *= low
	}
	anyFails = 1 - anyFails
	if k.steadyState {
		allFail = 0
	} else {
		anyFails = 1
	}
	for i := b.from; i < b.to; i++ {
		k.low[i], k.up[i] = allFail, anyFails
	}
	for round := 0; round < b.to-b.from; round++ {
		changed := false
		for i := b.from; i < b.to; i++ {
			low, up := k.gateBounds(v, i)
			if low > k.low[i] || up < k.up[i] {
				k.low[i], k.up[i] = max(low, k.low[i]), min(up, k.up[i])
				changed = true
			}
		}
		if !changed {
			break
		}
	}
}

func (k *cone) gateBounds(v *values, i int) (low, up float64) {
	g := &k.gates[i]
	switch {
	case k.must[i]:
		return 1, 1
	case !k.can[i]:
		return 0, 0
	}
	n := len(g.inputs)
	lows, ups := make([]float64, n), make([]float64, n)
	for j, ref := range g.inputs {
		lows[j], ups[j] = k.input(v, ref)
	}
	switch {
	case !g.entwined && k.settled(g.shared):
		return atLeastIndependent(g.k, lows), atLeastIndependent(g.k, ups)
	case g.k == 1:
		return 1 - perCluster(g, lows, func(a, b float64) float64 { return max(a, b) }, true), 1 - productOfRest(ups)
	case g.k == n:
		return product(lows), perCluster(g, ups, func(a, b float64) float64 { return min(a, b) }, false)
	}
	return atLeastAssociated(g.k, lows, ups)
}

// settled reports whether all variables of the set are assigned.
func (k *cone) settled(s levelSet) bool {
	done := true
	s.each(func(level int32) { done = done && k.assigned[level] != unassigned })
	return done
}

func product(p []float64) float64 {
	r := 1.0
	for _, x := range p {
		r *= x
	}
	return r
}

func productOfRest(p []float64) float64 {
	r := 1.0
	for _, x := range p {
		r *= 1 - x
	}
	return r
}

// perCluster takes the extreme of each cluster of dependent inputs and
// multiplies over the clusters, which are independent.
func perCluster(g *coneGate, p []float64, extreme func(a, b float64) float64, rest bool) float64 {
	worst := map[int32]float64{}
	var order []int32
	for j, x := range p {
		c := int32(0)
		if g.cluster != nil && !g.entwined {
			c = g.cluster[j]
		}
		if w, ok := worst[c]; ok {
			x = extreme(w, x)
		} else {
			order = append(order, c)
		}
		worst[c] = x
	}
	r := 1.0
	for _, c := range order {
		if rest {
			r *= 1 - worst[c]
		} else {
			r *= worst[c]
		}
	}
	return r
}

// atLeastIndependent is P(at least k of independent events).
func atLeastIndependent(k int, p []float64) float64 {
	switch k {
	case 1:
		return 1 - productOfRest(p)
	case len(p):
		return product(p)
	}
	exactly := make([]float64, k+1) // the last entry means k or more
	exactly[0] = 1
	for _, x := range p {
		exactly[k] += exactly[k-1] * x
		for j := k - 1; j > 0; j-- {
			exactly[j] = exactly[j]*(1-x) + exactly[j-1]*x
		}
		exactly[0] *= 1 - x
	}
	return exactly[k]
}

// atLeastAssociated: k failures contain those of the k likeliest inputs
// together; they need one of any n−k+1 inputs; and Markov's inequality.
func atLeastAssociated(k int, lows, ups []float64) (low, up float64) {
	n := len(lows)
	slices.SortFunc(lows, func(a, b float64) int { return cmp.Compare(b, a) })
	slices.Sort(ups)
	sum := 0.0
	for _, x := range ups {
		sum += x
	}
	return product(lows[:k]), min(1-productOfRest(ups[:n-k+1]), sum/float64(k), 1)
}
