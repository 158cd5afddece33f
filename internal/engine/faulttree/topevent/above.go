package topevent

import (
	"context"
	"math/big"
)

// tally is what a walk over products counted.
type tally struct {
	byOrder []uint64
	sum     float64
	ended   bool // the walk ended before it had seen all
}

// walker counts the products of at least a probability and at most an order one by
// one, without keeping any: memory is that of one number for each node of the
// families. Branches whose best product is too improbable are left out unseen.
type walker struct {
	p     *products
	leaf  func(lit) float64
	best  map[*family][]float64 // probability of the most probable product of a node
	least float64
	most  int
	ctx   context.Context
	steps uint64
	tally
}

// pending is a node of which one product is still to be chosen, before those of rest.
type pending struct {
	f    *family
	node int32
	best float64 // of this one and all of rest
	rest *pending
}

// above counts the products of at least a probability and at most an order.
func (p *products) above(ctx context.Context, leaf func(lit) float64, most int, least float64) *tally {
	w := &walker{p: p, leaf: leaf, best: make(map[*family][]float64), least: least, most: most, ctx: ctx}
	w.byOrder = make([]uint64, most+1)
	f, ok := p.family[p.top]
	if !ok {
		for _, product := range p.single(leaf) {
			if float64(product.Probability) >= least && len(product.Literals) <= most {
				w.count(float64(product.Probability), len(product.Literals))
			}
		}
		return &w.tally
	}
	whole := make(map[lit]float64)
	beat := pulseOf(ctx)
	if !p.each(beat, func(root lit, f *family, _ []lit) {
		best := make([]float64, len(f.variable))
		best[emptySet] = 1
		for n := 2; n < len(best); n++ {
			if beat.beat(1) {
				return
			}
			l := f.literal(f.variable[n])
			x, ok := whole[l]
			if !ok {
				x = leaf(l)
			}
			best[n] = max(best[f.low[n]], x*best[f.high[n]])
		}
		w.best[f], whole[root] = best, best[f.root]
	}) {
		w.ended = true
		return &w.tally
	}
	w.walk(&pending{f: f, node: f.root, best: w.best[f][f.root]}, 1, 0)
	return &w.tally
}

func (w *walker) count(probability float64, order int) {
	w.byOrder[order]++
	w.sum += probability
}

// enough takes account of rounding: the same product multiplied in another order
// counts the same.
func (w *walker) enough(p float64) bool { return p >= w.least*(1-1e-12) }

// walk chooses products of all that is pending; chosen and order are of the literals
// so far. It descends once a literal and loops over alternatives.
func (w *walker) walk(at *pending, chosen float64, order int) {
	for at != nil && at.node == emptySet {
		at = at.rest
	}
	if at == nil {
		if w.enough(chosen) {
			w.count(chosen, order)
		}
		return
	}
	after := 1.0
	if at.rest != nil {
		after = at.rest.best
	}
	best := w.best[at.f]
	for node := at.node; node != noSet && !w.ended; node = at.f.low[node] {
		if w.steps++; w.steps&0xFFFF == 0 && w.ctx.Err() != nil {
			w.ended = true
			return
		}
		if !w.enough(chosen * best[node] * after) {
			return
		}
		if node == emptySet {
			w.walk(at.rest, chosen, order)
			return
		}
		if order == w.most {
			continue // only what needs no more literals
		}
		high := at.f.high[node]
		l := at.f.literal(at.f.variable[node])
		rest := &pending{f: at.f, node: high, best: best[high] * after, rest: at.rest}
		if inner := w.p.family[l]; inner != nil {
			top := w.best[inner][inner.root]
			if w.enough(chosen * top * rest.best) {
				w.walk(&pending{f: inner, node: inner.root, best: top * rest.best, rest: rest}, chosen, order)
			}
			continue
		}
		if x := w.leaf(l); w.enough(chosen * x * rest.best) {
			w.walk(rest, chosen*x, order+1)
		}
	}
}

// counts as integers of any size.
func (t *tally) counts() []*big.Int {
	out := make([]*big.Int, len(t.byOrder))
	for i, n := range t.byOrder {
		out[i] = new(big.Int).SetUint64(n)
	}
	return out
}
