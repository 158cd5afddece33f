package topevent

import (
	"cmp"
	"math"
	"slices"
)

// bounds are functions around a block that is not solved: every one of lower
// implies it, and it implies every one of upper. Which serves best depends on
// the probabilities.
type bounds struct{ lower, upper []*function }

// interval holds a probability.
type interval struct{ low, high float64 }

func (x interval) of(f ref) interval {
	if f&1 == 1 {
		return interval{1 - x.high, 1 - x.low}
	}
	return x
}

// enclose evaluates a function over intervals of its leaves. Along every way
// through a diagram a leaf is met once, so the ends of its interval suffice.
func (f *function) enclose(at []interval) interval {
	values := make([]interval, len(f.variable))
	values[0] = interval{1, 1}
	for i := 1; i < len(values); i++ {
		q := at[f.leaves[f.variable[i]]]
		low, high := values[f.low[i]>>1].of(f.low[i]&1), values[f.high[i]>>1]
		mix := func(q, low, high float64) float64 { return q*high + (1-q)*low }
		values[i] = interval{
			min(mix(q.low, low.low, high.low), mix(q.high, low.low, high.low)),
			max(mix(q.low, low.high, high.high), mix(q.high, low.high, high.high)),
		}
	}
	return values[f.root>>1].of(f.root & 1)
}

// slack widens bounds by more than the rounding of their evaluation.
const slack = 1e-13

// intervals returns the interval of every vertex that is a leaf or root of a
// block.
func (a *Analysis) intervals() []interval {
	at := make([]interval, len(a.g.vertices))
	at[0] = interval{1, 1}
	for i, e := range a.events {
		p := float64(a.p[e])
		at[i+1] = interval{p, p}
	}
	for i := range a.blocks {
		a.enclose(at, i)
	}
	return at
}

func (a *Analysis) enclose(at []interval, n int) {
	var x interval
	if f := a.solved[n]; f != nil {
		x = f.enclose(at)
	} else {
		x = a.g.rough(a.blocks[n], at)
	}
	for _, f := range a.bounds[n].lower {
		x.low = max(x.low, f.enclose(at).low)
	}
	for _, f := range a.bounds[n].upper {
		x.high = min(x.high, f.enclose(at).high)
	}
	at[a.blocks[n].root] = interval{max(0, x.low*(1-slack)), min(1, x.high*(1+slack))}
}

// measure says what a bounding diagram may lose, and where.
type measure struct {
	want    sides
	epsilon float64 // cost below which a branch at the top of the block is cut
	share   float64 // a gate may lose epsilon by its influence to this power
	raise   float64 // probabilities of leaves are raised to this power to tell costs
	most    int     // cells of one function
}

// measures are taken in turn. Raised probabilities keep what only matters together
// with other failures: that serves bounds from above. The powers are those that did
// best on the block of nus9601 that no diagram reaches.
var measures = []measure{
	{want: upperSide, share: 0.7, raise: 0.55},
	{want: upperSide, share: 0.6, raise: 0.5},
	{want: lowerSide, share: 1, raise: 1},
}

// refinement is the state of the bounds of a block: each measure is finer than the
// one before it.
type refinement struct {
	rounds  int
	epsilon float64
	most    int
	work    uint64 // cells made and looked at
	rises   bool   // no argument of a gate of the block is complemented
	ended   bool   // nothing finer can be had
}

// largestBound is the most cells of one function that bounds a gate, finest the
// smallest epsilon.
const (
	largestBound = 1 << 19
	finest       = 1e-60
)

// refine narrows the bounds of a block until that took a given amount of work, and
// reports whether it solved the block.
func (a *Analysis) refine(n int, r *refinement, work uint64, watch func() bool) bool {
	b := a.blocks[n]
	for !r.ended && r.work < work && !watch() {
		at := a.intervals()
		influence, estimate := a.g.influence(b, at)
		if r.rounds == 0 {
			r.most = min(largestBound, a.opts.NodeBudget)
			r.rises = a.g.rises(b)
			r.epsilon = max(estimate/30, finest)
		}
		m := measures[r.rounds%len(measures)]
		m.epsilon, m.most = r.epsilon, r.most
		if !r.rises {
			m.want = bothSides
		}
		// A round may take twice what is left; what takes longer is tried again when
		// there is more.
		spent, allowed := r.work, 2*max(work-r.work, leastRefining)
		solved, ok := a.bound(n, m, influence, at, r, allowed, watch)
		switch {
		case solved:
			return true
		case !ok && (watch() || r.work-spent > allowed):
			return false
		case !ok: // no memory for so large ones
			r.most /= 4
			r.ended = r.most < untouched
		}
		if r.rounds++; r.rounds%len(measures) == 0 {
			r.epsilon /= 2
			r.ended = r.ended || r.epsilon < finest
		}
	}
	return false
}

// rises reports whether a block has neither complements nor parities.
func (g *graph) rises(b *block) bool {
	for _, id := range b.gates {
		v := &g.vertices[id]
		if v.op == opXor {
			return false
		}
		for _, a := range v.args {
			if a&1 == 1 {
				return false
			}
		}
	}
	return true
}

// bound tries to narrow the bounds of a block by one measure. It reports whether
// that solved the block, and false when time or memory did not suffice.
func (a *Analysis) bound(n int, m measure, influence map[int32]float64, at []interval, r *refinement, allowed uint64, watch func() bool) (solved, ok bool) {
	b := a.blocks[n]
	// What moves the top most comes first: what is cut off below it matters less.
	order := a.g.order(b, weighted)
	if m.want != lowerSide {
		slices.SortStableFunc(order, func(x, y int32) int { return -cmp.Compare(influence[x], influence[y]) })
	}
	weight := make([]float64, len(order))
	for i, x := range order {
		p := (at[x].low + at[x].high) / 2
		p = min(max(p, 1e-12), 1-1e-12)
		weight[i] = math.Pow(p, m.raise)
		if p > 0.5 {
			weight[i] = 1 - math.Pow(1-p, m.raise)
		}
	}
	d := newDiagram(len(b.leaves), 1<<14, &a.mem, nil)
	defer d.release()
	d.limit = a.opts.NodeBudget
	x := &approximator{d: d, g: a.g, want: m.want, most: m.most, weight: weight}
	d.watch = func() bool { return uint64(d.ticks)+x.work > allowed || watch() }
	f, ok := x.approximate(b, order, func(gate int32) float64 {
		return m.epsilon / max(math.Pow(influence[gate], m.share), math.SmallestNonzeroFloat64)
	})
	r.work += uint64(d.ticks) + x.work
	if !ok {
		return false, false
	}
	if x.exact {
		root := f.lower
		if m.want == upperSide {
			root = f.upper
		}
		a.solved[n] = d.extract(root, order)
		return true, true
	}
	a.keep(n, d.extract(f.lower, order), d.extract(f.upper, order))
	return false, true
}

// keep adds bounds that narrow the interval with the present probabilities.
func (a *Analysis) keep(n int, lower, upper *function) {
	at := a.intervals()
	present := at[a.blocks[n].root]
	if lower.enclose(at).low > present.low {
		a.bounds[n].lower = append(a.bounds[n].lower, lower)
	}
	if upper.enclose(at).high < present.high {
		a.bounds[n].upper = append(a.bounds[n].upper, upper)
	}
	const most = 4
	if k := len(a.bounds[n].lower); k > most {
		a.bounds[n].lower = a.bounds[n].lower[k-most:]
	}
	if k := len(a.bounds[n].upper); k > most {
		a.bounds[n].upper = a.bounds[n].upper[k-most:]
	}
}
