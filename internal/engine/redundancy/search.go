package redundancy

import (
	"cmp"
	"context"
	"math"
	"slices"
)

// function is the unreliability of a system by the probabilities of its variables:
// affine in each. It is used by one search at a time.
type function interface {
	// value evaluates where p is 1 − q.
	value(q, p []float64) float64
	// tangent gives the logarithm at a reference given by logarithms and its
	// derivatives by them; it may move rp.
	tangent(rq, rp, alpha, beta []float64) float64
	// spent reports that no more evaluations are allowed.
	spent() bool
}

// networkSearch is branch and bound over the choices of the variables of a
// function.
type networkSearch struct {
	f      function
	sets   []*choices
	lq, lp [][]float64 // logarithms of the choices' probabilities
	m      int
	limit  []float64 // the first falls while its resource is minimised
	norm   []float64

	enumerated int // combinations below which all are looked at
	inner      int // steps of the multipliers for each evaluation of the function
	root       int // steps of an ascent at the root

	ctx       context.Context
	minimise  bool    // the use of the first resource, not the unreliability
	cut       float64 // logarithm of the unreliability to stay below
	items     []int32 // best so far
	u         float64 // its unreliability
	open      float64 // least bound of what was left unexplored
	exhausted bool    // nothing was left unexplored
	visited   int

	// scratch
	q, p     []float64
	at       tangent
	coherent bool // more reliability never harms
	pick     []int32
	sum      []float64
}

func newNetworkSearch(f function, sets []*choices, enumerated int, limit []float64) *networkSearch {
	n := &networkSearch{enumerated: enumerated, inner: 1, root: rootAscents, coherent: true, f: f, sets: sets, m: len(limit), limit: slices.Clone(limit), open: math.Inf(1), exhausted: true}
	for r := range limit {
		n.norm = append(n.norm, 1/max(math.Abs(limit[r]), 1e-9))
	}
	for _, set := range sets {
		lq, lp := make([]float64, set.len()), make([]float64, set.len())
		for i := range lq {
			lq[i], lp[i] = math.Log(max(set.q[i], smallest)), math.Log(max(set.p[i], smallest))
		}
		n.lq, n.lp = append(n.lq, lq), append(n.lp, lp)
	}
	k := len(sets)
	n.q, n.p, n.at = make([]float64, k), make([]float64, k), newTangent(k)
	n.pick, n.sum = make([]int32, k), make([]float64, len(limit))
	return n
}

// leastUnreliable finds the lowest unreliability.
func (n *networkSearch) leastUnreliable(ctx context.Context) outcome {
	n.ctx, n.cut, n.u = ctx, math.Inf(1), math.Inf(1)
	n.run()
	out := outcome{items: n.items, u: n.u, exact: n.exhausted, lower: n.u, visited: n.visited}
	if !n.exhausted {
		out.lower = min(math.Exp(min(n.open, 0)), n.u)
	}
	return out
}

// cheapest finds the least use of the first resource with an unreliability of at
// most u.
func (n *networkSearch) cheapest(ctx context.Context, u float64) outcome {
	n.ctx, n.minimise, n.u = ctx, true, math.Inf(1)
	n.cut = math.Log(max(u*(1+rounding)+1e-17, smallest))
	whole := n.limit[0]
	n.run()
	out := outcome{items: n.items, u: n.u, exact: n.exhausted, visited: n.visited, lower: n.limit[0] + 1}
	if !n.exhausted {
		out.lower = n.leastLimit(whole)
	}
	return out
}

// leastLimit bounds the use minimised from below: with less, the bound at the
// root already excludes every choice.
func (n *networkSearch) leastLimit(most float64) float64 {
	low, high := 0.0, min(most, n.limit[0]+1)
	for range 60 {
		middle := math.Floor((low + high) / 2)
		if middle <= low || middle >= high {
			break
		}
		n.limit[0] = middle
		active := n.all()
		if !n.filter(active) {
			low = middle
			continue
		}
		if b := n.ascend(active, n.start(active), n.root/2); n.useless(b.value) {
			low = middle
		} else {
			high = middle
		}
	}
	return low
}

// useless reports that nothing under a bound can improve on the best.
func (n *networkSearch) useless(bound float64) bool {
	if n.minimise {
		return bound > n.cut+1e-11
	}
	return bound >= n.cut-rounding
}

func (n *networkSearch) all() [][]int32 {
	active := make([][]int32, len(n.sets))
	for c, set := range n.sets {
		for i := range set.q {
			active[c] = append(active[c], int32(i))
		}
	}
	return active
}

func (n *networkSearch) run() {
	active := n.all()
	if !n.filter(active) {
		return
	}
	if n.minimise {
		n.dive()
	}
	root := n.start(active)
	if b := n.ascend(active, root, n.root); !n.minimise {
		n.improve()
		root = b.dual
	}
	n.node(active, root, n.root)
}

// Steps of an ascent at the root and at other nodes.
const (
	rootAscents = 240
	nodeAscents = 14
)

// dual are multipliers and a reference: means of logarithms of choices.
type dual struct {
	lambda []float64
	rq, rp []float64
}

func (d *dual) clone() dual {
	return dual{slices.Clone(d.lambda), slices.Clone(d.rq), slices.Clone(d.rp)}
}

// start takes the middle of what each set allows.
func (n *networkSearch) start(active [][]int32) dual {
	d := dual{make([]float64, n.m), make([]float64, len(active)), make([]float64, len(active))}
	for c, list := range active {
		for _, i := range list {
			d.rq[c] += n.lq[c][i] / float64(len(list))
			d.rp[c] += n.lp[c][i] / float64(len(list))
		}
	}
	return d
}

// clip moves a reference to what is still allowed.
func (n *networkSearch) clip(d *dual, active [][]int32) {
	for c, list := range active {
		lowQ, highQ, lowP, highP := math.Inf(1), math.Inf(-1), math.Inf(1), math.Inf(-1)
		for _, i := range list {
			lowQ, highQ = min(lowQ, n.lq[c][i]), max(highQ, n.lq[c][i])
			lowP, highP = min(lowP, n.lp[c][i]), max(highP, n.lp[c][i])
		}
		d.rq[c], d.rp[c] = min(max(d.rq[c], lowQ), highQ), min(max(d.rp[c], lowP), highP)
	}
}

// reduced is the value of a choice under a tangent, with what it uses priced. A
// choice that fails more often than the peak of the tangent is worth at least as
// much as one at the peak, since the system does not fail less with it.
func (n *networkSearch) reduced(c int, i int32, t *tangent, lambda []float64) float64 {
	v := t.top[c]
	if !n.coherent || n.sets[c].q[i] < t.peak[c] {
		v = t.alpha[c]*n.lq[c][i] + t.beta[c]*n.lp[c][i]
	}
	use := n.sets[c].use[int(i)*n.m : int(i+1)*n.m]
	for r, l := range lambda {
		v += l * use[r]
	}
	return v
}

// try evaluates what is picked, which fits.
func (n *networkSearch) try() {
	for c, i := range n.pick {
		n.q[c], n.p[c] = n.sets[c].q[i], n.sets[c].p[i]
	}
	n.note(n.pick, n.f.value(n.q, n.p), n.sum)
}

// note takes over what fits and is better than the best so far.
func (n *networkSearch) note(items []int32, u float64, sum []float64) {
	l := math.Log(max(u, smallest*smallest))
	switch {
	case n.minimise:
		if l > n.cut+1e-13 || sum[0] > n.limit[0] {
			return
		}
		n.limit[0] = sum[0] - 1
	case u >= n.u:
		return
	default:
		n.cut = l
		if u == 0 {
			n.cut = math.Inf(-1)
		}
	}
	n.u, n.items = u, slices.Clone(items)
}

// filter removes choices that leave too little for the others; false when a set
// has none left.
func (n *networkSearch) filter(active [][]int32) bool {
	for again := true; again; {
		again = false
		for r := range n.m {
			total := 0.0
			least := make([]float64, len(active))
			for c, list := range active {
				least[c] = math.Inf(1)
				for _, i := range list {
					least[c] = min(least[c], n.sets[c].use[int(i)*n.m+r])
				}
				total += least[c]
			}
			if !(total <= n.limit[r]) {
				return false
			}
			for c, list := range active {
				room := n.limit[r] - (total - least[c])
				kept := list[:0]
				for _, i := range list {
					if n.sets[c].use[int(i)*n.m+r] <= room {
						kept = append(kept, i)
					}
				}
				again = again || len(kept) < len(list)
				active[c] = kept
			}
		}
	}
	return true
}

// node explores the choices that are active.
func (n *networkSearch) node(active [][]int32, from dual, steps int) {
	n.visited++
	if !n.filter(active) {
		return
	}
	b := n.ascend(active, from, steps)
	if n.useless(b.value) {
		return
	}
	if n.ctx.Err() != nil || n.f.spent() {
		n.exhausted = false
		n.open = min(n.open, b.value)
		return
	}
	if !n.fix(active, &b) {
		return
	}
	product := 1
	for _, list := range active {
		if product *= len(list); product > n.enumerated {
			break
		}
	}
	if product <= n.enumerated {
		newTail(n, active, &b).enumerate(0)
		return
	}
	first, second := n.split(active, &b)
	n.node(first, b.dual, nodeAscents)
	n.node(second, b.dual, nodeAscents)
}

// fix removes choices whose reduced cost lifts the bound over the best.
func (n *networkSearch) fix(active [][]int32, b *bound) bool {
	for c, list := range active {
		least := math.Inf(1)
		cost := make([]float64, len(list))
		for k, i := range list {
			cost[k] = n.reduced(c, i, &b.at, b.lambda)
			least = min(least, cost[k])
		}
		kept := list[:0]
		for k, i := range list {
			if !n.useless(b.value + cost[k] - least) {
				kept = append(kept, i)
			}
		}
		active[c] = kept
	}
	return n.filter(active)
}

// split divides the choices of the set on which the ascent could least decide,
// at the mean of what it took.
func (n *networkSearch) split(active [][]int32, b *bound) (first, second [][]int32) {
	at, most := -1, -1.0
	for c, list := range active {
		if len(list) > 1 && b.spread[c] > most {
			at, most = c, b.spread[c]
		}
	}
	var low, high []int32
	leastLow, leastHigh := math.Inf(1), math.Inf(1)
	for _, i := range active[at] {
		v := n.reduced(at, i, &b.at, b.lambda)
		if n.lq[at][i] <= b.dual.rq[at] {
			low, leastLow = append(low, i), min(leastLow, v)
		} else {
			high, leastHigh = append(high, i), min(leastHigh, v)
		}
	}
	if len(low) == 0 || len(high) == 0 {
		list := slices.Clone(active[at])
		slices.SortFunc(list, func(x, y int32) int { return cmp.Compare(n.lq[at][x], n.lq[at][y]) })
		low, high = list[:len(list)/2], list[len(list)/2:]
		leastLow, leastHigh = 0, 1
	}
	with := func(list []int32) [][]int32 {
		out := make([][]int32, len(active))
		for c := range active {
			out[c] = slices.Clone(active[c])
		}
		out[at] = slices.Clone(list)
		return out
	}
	if leastHigh < leastLow {
		low, high = high, low
	}
	return with(low), with(high)
}
