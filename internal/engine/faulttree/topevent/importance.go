package topevent

import "math"

// birnbaum returns the derivative of the probability of the top by that of
// every event, by variable: one pass down the diagrams of all blocks.
func (a *Analysis) birnbaum(at []pair) []float64 {
	slope := make([]float64, len(a.g.vertices))
	slope[a.g.top.id()] = 1
	if a.g.top&1 == 1 {
		slope[a.g.top.id()] = -1
	}
	var values []pair
	var weight []float64
	for n := len(a.blocks) - 1; n >= 0; n-- {
		f, root := a.solved[n], a.blocks[n].root
		if slope[root] == 0 {
			continue
		}
		values = f.evaluate(values, func(x int32) pair { return at[x] })
		if cap(weight) < len(values) {
			weight = make([]float64, len(values))
		}
		weight = weight[:len(values)]
		clear(weight)
		weight[f.root>>1] = slope[root]
		if f.root&1 == 1 {
			weight[f.root>>1] = -slope[root]
		}
		for i := len(values) - 1; i > 0; i-- {
			w := weight[i]
			if w == 0 {
				continue
			}
			leaf := f.leaves[f.variable[i]]
			q := at[leaf]
			low, high := values[f.low[i]>>1].of(f.low[i]&1), values[f.high[i]>>1]
			// Of the two equal differences, that of the smaller numbers.
			if high.no+low.no < high.yes+low.yes {
				slope[leaf] += w * (low.no - high.no)
			} else {
				slope[leaf] += w * (high.yes - low.yes)
			}
			weight[f.high[i]>>1] += w * q.yes
			if f.low[i]&1 == 1 {
				weight[f.low[i]>>1] -= w * q.no
			} else {
				weight[f.low[i]>>1] += w * q.no
			}
		}
	}
	return slope
}

// shares returns, by variable, the part of the sum of the probabilities of all
// products that those with the event, not complemented, have; nil when the work had
// to end.
func (p *products) shares(leaf func(lit) float64, beat *pulse) []float64 {
	whole, ok := p.fold(leaf, beat)
	if !ok {
		return nil
	}
	of := func(l lit) float64 {
		if x, ok := whole[l]; ok {
			return x
		}
		return leaf(l)
	}
	slope := map[lit]float64{p.top: 1}
	for _, root := range p.needed {
		f := p.family[root]
		if beat.beat(len(f.variable)) {
			return nil
		}
		if slope[root] == 0 {
			continue
		}
		value := make([]float64, len(f.variable))
		value[1] = 1
		for n := 2; n < len(value); n++ {
			value[n] = value[f.low[n]] + of(f.literal(f.variable[n]))*value[f.high[n]]
		}
		weight := make([]float64, len(f.variable))
		weight[f.root] = slope[root]
		for n := len(weight) - 1; n >= 2; n-- {
			l := f.literal(f.variable[n])
			slope[l] += weight[n] * value[f.high[n]]
			weight[f.low[n]] += weight[n]
			weight[f.high[n]] += weight[n] * of(l)
		}
	}
	sum := of(p.top)
	out := make([]float64, p.a.g.variables+1)
	for v := range out {
		l := lit(2 * v)
		if s := slope[l]; v > 0 && s > 0 && sum > 0 {
			out[v] = min(1, s*leaf(l)/sum)
		}
	}
	return out
}

// importance computes the measures of all events of the tree.
func (a *Analysis) importance(at []pair, beat *pulse) []EventImportance {
	top := a.top(at).yes
	slope := a.birnbaum(at)
	var shares []float64
	if a.cuts != nil {
		shares = a.cuts.shares(func(l lit) float64 { return at[l.id()].of(ref(l & 1)).yes }, beat)
	}
	variable := make(map[Node]int32, len(a.events))
	for i, e := range a.events {
		variable[e] = int32(i + 1)
	}
	out := make([]EventImportance, len(a.tree.events))
	for i, e := range a.tree.events {
		m := EventImportance{Event: e, RAW: 1, RRW: 1}
		v, ok := variable[e]
		switch {
		case shares == nil:
			m.FussellVesely = math.NaN()
		case ok:
			m.FussellVesely = shares[v]
		}
		p := float64(a.p[e])
		if ok {
			m.Birnbaum = slope[v]
		}
		if top > 0 {
			m.Criticality = p * m.Birnbaum / top
			m.RAW = math.Max(0, 1+(1-p)*m.Birnbaum/top)
			m.Diagnostic = math.Min(1, p*m.RAW)
			if left := top - p*m.Birnbaum; left > 1e-15*top {
				m.RRW = top / left
			} else {
				m.RRW = math.Inf(1)
			}
		}
		out[i] = m
	}
	return out
}
