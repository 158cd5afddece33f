package topevent

import "math"

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
	x := interval{0, 1}
	if f := a.solved[n]; f != nil {
		x = f.enclose(at)
	}
	for _, f := range a.bounds[n].lower {
		x.low = max(x.low, f.enclose(at).low)
	}
	for _, f := range a.bounds[n].upper {
		x.high = min(x.high, f.enclose(at).high)
	}
	at[a.blocks[n].root] = interval{max(0, x.low*(1-slack)), min(1, x.high*(1+slack))}
}

// bound tries to narrow the bounds of a block with diagrams of a size, and
// reports whether that solved it. Cuts are chosen by several measures: the
// probabilities themselves favour the likely, raised ones keep what only
// matters together with other failures.
func (a *Analysis) bound(n int, order []int32, size int, watch func() bool) bool {
	b := a.blocks[n]
	at := a.intervals()
	for _, raise := range []float64{1, 0.5} {
		weight := make([]float64, len(order))
		for i, x := range order {
			p := (at[x].low + at[x].high) / 2
			p = min(max(p, 1e-12), 1-1e-12)
			weight[i] = math.Pow(p, raise)
			if p > 0.5 {
				weight[i] = 1 - math.Pow(1-p, raise)
			}
		}
		d := newDiagram(len(b.leaves), min(16*size, 1<<14), &a.mem, watch)
		d.limit = a.opts.NodeBudget
		r, exact, ok := a.g.approximate(d, b, order, size, weight)
		if !ok {
			d.release()
			return false // no time or no memory
		}
		lower, upper := d.extract(r.lower, order), d.extract(r.upper, order)
		d.release()
		if exact {
			a.solved[n] = lower
			return true
		}
		a.keep(n, lower, upper)
	}
	return false
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
