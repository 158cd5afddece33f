package topevent

import "math"

// influence estimates by how much the probability of a block moves with that of
// each of its gates and leaves, and that probability itself, as if the arguments of
// every gate were independent. It only says where precision pays; nothing is
// concluded from it.
func (g *graph) influence(b *block, at []interval) (slopes map[int32]float64, estimate float64) {
	p := make(map[int32]float64, len(b.leaves)+len(b.gates))
	for _, x := range b.leaves {
		p[x] = (at[x].low + at[x].high) / 2
	}
	of := func(a lit) float64 {
		if a&1 == 1 {
			return 1 - p[a.id()]
		}
		return p[a.id()]
	}
	for _, id := range b.gates {
		p[id] = g.vertices[id].independent(of)
	}
	out := make(map[int32]float64, len(p))
	out[b.root] = 1
	for i := len(b.gates) - 1; i >= 0; i-- {
		id := b.gates[i]
		g.vertices[id].slopes(of, func(a lit, slope float64) { out[a.id()] += out[id] * slope })
	}
	return out, p[b.root]
}

// independent is the probability of a gate over independent arguments.
func (v *vertex) independent(of func(lit) float64) float64 {
	q := 1.0
	switch v.op {
	case opAnd:
		for _, a := range v.args {
			q *= of(a)
		}
		return q
	case opOr:
		for _, a := range v.args {
			q *= 1 - of(a)
		}
		return 1 - q
	case opXor:
		for _, a := range v.args {
			q *= 1 - 2*of(a)
		}
		return (1 - q) / 2
	}
	return v.atLeast(of, -1)[v.k]
}

// atLeast returns the probabilities that at least 0 to k arguments hold, one of
// them left out.
func (v *vertex) atLeast(of func(lit) float64, without int) []float64 {
	row := make([]float64, v.k+1)
	row[0] = 1
	for i, a := range v.args {
		if i == without {
			continue
		}
		q := of(a)
		for j := int(v.k); j >= 1; j-- {
			row[j] += q * (row[j-1] - row[j])
		}
	}
	return row
}

// mostVotes bounds the work on one at-least gate; larger ones count as if any
// argument decided them.
const mostVotes = 1 << 20

// slopes tells for each argument by how much the probability of the gate moves
// with it, in absolute value.
func (v *vertex) slopes(of func(lit) float64, tell func(a lit, slope float64)) {
	if v.op == opAtLeast {
		large := len(v.args)*len(v.args)*int(v.k) > mostVotes
		for i, a := range v.args {
			slope := 1.0
			if !large {
				row := v.atLeast(of, i)
				slope = row[v.k-1] - row[v.k]
			}
			tell(a, slope)
		}
		return
	}
	factor := func(a lit) float64 {
		switch v.op {
		case opAnd:
			return of(a)
		case opOr:
			return 1 - of(a)
		}
		return math.Abs(1 - 2*of(a))
	}
	// Products of all others, from both sides: a factor may be 0.
	after := make([]float64, len(v.args)+1)
	after[len(v.args)] = 1
	for i := len(v.args) - 1; i >= 0; i-- {
		after[i] = after[i+1] * factor(v.args[i])
	}
	before := 1.0
	for i, a := range v.args {
		tell(a, before*after[i+1])
		before *= factor(a)
	}
}

// rough encloses the probability of a block by rules on its gates alone, in one
// pass. Arguments that only rise with leaves that are independent are associated
// (Esary, Proschan, Walkup 1967): an AND of them is at least as probable as their
// product, an OR at most as their coproduct. Others are held by the inequalities of
// Boole and Fréchet, which ask for nothing.
func (g *graph) rough(b *block, at []interval) interval {
	x := make(map[int32]interval, len(b.leaves)+len(b.gates))
	rises := make(map[int32]bool, len(b.leaves)+len(b.gates))
	for _, leaf := range b.leaves {
		x[leaf], rises[leaf] = at[leaf], true
	}
	for _, id := range b.gates {
		v := &g.vertices[id]
		associated := v.op != opXor
		args := make([]interval, len(v.args))
		for i, a := range v.args {
			args[i] = x[a.id()].of(ref(a & 1))
			associated = associated && a&1 == 0 && rises[a.id()]
		}
		rises[id] = associated
		x[id] = v.rough(args, associated).widened()
	}
	return x[b.root]
}

// widened gives way to the rounding of sums and products of as many numbers as a
// gate may have arguments.
func (x interval) widened() interval {
	const relative, absolute = 1e-10, 1e-14
	return interval{max(0, x.low*(1-relative)-absolute), min(1, x.high*(1+relative)+absolute)}
}

func (v *vertex) rough(args []interval, associated bool) interval {
	switch v.op {
	case opOr:
		for i, a := range args {
			args[i] = a.of(1)
		}
		return roughAnd(args, associated).of(1)
	case opAnd:
		return roughAnd(args, associated)
	case opXor:
		r := interval{0, 0}
		for _, a := range args {
			r = interval{
				max(0, r.low-a.high, a.low-r.high),
				min(1, r.high+a.high, 2-r.low-a.low),
			}
		}
		return r
	}
	// The expected number of arguments that hold, or do not, divided by how many
	// it takes (Markov).
	hold, fail := 0.0, 0.0
	for _, a := range args {
		hold += a.high
		fail += 1 - a.low
	}
	k, n := float64(v.k), float64(len(args))
	return interval{max(0, 1-fail/(n-k+1)), min(1, hold/k)}
}

// roughAnd encloses an AND. Complements of associated arguments are associated too,
// so that it serves for both operators.
func roughAnd(args []interval, associated bool) interval {
	low, product, high := 1.0, 1.0, 1.0
	for _, a := range args {
		low -= 1 - a.low
		product *= a.low
		high = min(high, a.high)
	}
	if associated {
		low = product
	}
	return interval{max(0, low), high}
}
