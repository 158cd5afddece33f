package topevent

import "slices"

// between holds two functions around one that is too large to build: in every
// state lower implies it and it implies upper, so that they bound its
// probability whatever that of the events.
type between struct {
	lower, upper ref
}

func (x between) not() between { return between{x.upper ^ 1, x.lower ^ 1} }

// approximator builds bounds of a block: each gate is computed exactly from
// its arguments and then, when its diagram is larger than size, cut where that
// costs least probability.
type approximator struct {
	d       *diagram
	g       *graph
	size    int
	weight  []float64 // of a leaf's variable, in the measure of what a cut costs
	at      map[int32]between
	pending []between // partial results that collect must keep
	exact   bool      // nothing was cut
	trigger int
}

// approximate returns bounds of a block over an order; false when the context
// or the memory ended the work.
func (g *graph) approximate(d *diagram, b *block, order []int32, size int, weight []float64) (between, bool, bool) {
	x := &approximator{d: d, g: g, size: size, weight: weight, at: make(map[int32]between), exact: true, trigger: max(1<<16, 8*size)}
	for i, leaf := range order {
		v := d.variable(int32(i))
		x.at[leaf] = between{v, v}
	}
	uses := make(map[int32]int, len(b.gates))
	for _, id := range b.gates {
		for _, a := range g.vertices[id].args {
			uses[a.id()]++
		}
	}
	for _, id := range b.gates {
		v := &g.vertices[id]
		args := make([]between, len(v.args))
		for i, a := range v.args {
			args[i] = x.at[a.id()]
			if a&1 == 1 {
				args[i] = args[i].not()
			}
		}
		r := x.gate(v.op, int(v.k), args)
		if d.stopped {
			return between{}, false, false
		}
		x.at[id] = r
		for _, a := range v.args {
			if c := a.id(); g.isGate(c) {
				if uses[c]--; uses[c] == 0 && len(v.args) > 1 {
					delete(x.at, c)
				}
			}
		}
	}
	return x.at[b.root], x.exact, true
}

func (x *approximator) gate(op operator, k int, args []between) between {
	d := x.d
	slices.SortFunc(args, func(p, q between) int {
		return int(min(d.levelOf(q.lower), d.levelOf(q.upper))) - int(min(d.levelOf(p.lower), d.levelOf(p.upper)))
	})
	base := len(x.pending)
	defer func() { x.pending = x.pending[:base] }()
	x.pending = append(x.pending, args...)
	switch op {
	case opAnd, opOr, opXor:
		r := between{refTrue, refTrue}
		if op != opAnd {
			r = between{refFalse, refFalse}
		}
		x.pending = append(x.pending, r)
		for _, a := range args {
			r = x.both(op, r, a)
			x.pending[len(x.pending)-1] = r
		}
		return r
	}
	row := len(x.pending)
	x.pending = append(x.pending, between{refTrue, refTrue})
	for range k {
		x.pending = append(x.pending, between{refFalse, refFalse})
	}
	for _, a := range args {
		for j := k; j >= 1; j-- {
			with := x.both(opAnd, a, x.pending[row+j-1])
			x.pending = append(x.pending, with)
			x.pending[row+j] = x.both(opOr, with, x.pending[row+j])
			x.pending = x.pending[:len(x.pending)-1]
		}
	}
	return x.pending[row+k]
}

// both applies a binary operator to bounds and cuts what became too large.
func (x *approximator) both(op operator, p, q between) between {
	d := x.d
	var r between
	if p.lower == p.upper && q.lower == q.upper {
		f := x.try(op, p.lower, q.lower, refFalse)
		r = between{f, f}
		if d.overflowed {
			r.upper = x.try(op, p.upper, q.upper, refTrue)
		}
	} else if op == opXor {
		// Either differs for sure, or may differ.
		only := func(l ref) between { return between{l, l} }
		base := len(x.pending)
		x.pending = append(x.pending, p, q)
		keep := func(b between) between {
			x.pending = append(x.pending, b)
			return b
		}
		one := keep(x.both(opAnd, only(p.lower), only(q.upper^1)))
		other := keep(x.both(opAnd, only(p.upper^1), only(q.lower)))
		sure := keep(x.both(opOr, one, other))
		all := keep(x.both(opAnd, only(p.lower), only(q.lower)))
		none := keep(x.both(opAnd, only(p.upper^1), only(q.upper^1)))
		same := x.both(opOr, all, none)
		x.pending = x.pending[:base]
		return between{sure.lower, same.lower ^ 1}
	} else {
		r.lower = x.try(op, p.lower, q.lower, refFalse)
		r.upper = x.try(op, p.upper, q.upper, refTrue)
	}
	if d.stopped {
		return r
	}
	if r.lower == r.upper && d.small(r.lower, x.size) {
		return r
	}
	if !d.small(r.lower, x.size) {
		x.exact = false
		r.lower = x.cut(r.lower)
	}
	if !d.small(r.upper, x.size) {
		x.exact = false
		r.upper = x.cut(r.upper^1) ^ 1
	}
	if d.used > x.trigger {
		roots := []ref{r.lower, r.upper}
		for _, b := range x.at {
			roots = append(roots, b.lower, b.upper)
		}
		for _, b := range x.pending {
			roots = append(roots, b.lower, b.upper)
		}
		d.collect(roots)
		x.trigger = max(x.trigger, 2*d.used)
	}
	return r
}

// try applies an operator with a limit on new cells; past it, the answer is
// the constant given, which bounds anything from its side.
func (x *approximator) try(op operator, p, q, otherwise ref) ref {
	d := x.d
	d.overflowed = false
	limit := d.limit
	d.limit = min(limit, d.used+64*x.size+1<<16)
	var r ref
	switch op {
	case opAnd:
		r = d.and(p, q)
	case opOr:
		r = d.or(p, q)
	default:
		r = d.xor(p, q)
	}
	d.limit = limit
	if d.stopped && d.used < limit && !d.ended() {
		d.stopped = false
		d.overflowed = true
		x.exact = false
		return otherwise
	}
	return r
}

// ended reports whether work was stopped for good.
func (d *diagram) ended() bool {
	return d.watch != nil && d.watch() || d.memory.held > d.memory.limit || d.refused
}

// small reports whether a function has at most size cells.
func (d *diagram) small(f ref, size int) bool {
	if len(d.mark) < len(d.cells) {
		d.mark = make([]uint32, cap(d.cells))
		d.stamp = 0
	}
	d.stamp++
	stack := append(d.stack[:0], f>>1)
	n := 0
	for len(stack) > 0 {
		i := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if d.mark[i] == d.stamp {
			continue
		}
		d.mark[i] = d.stamp
		if n++; n > size {
			d.stack = stack
			return false
		}
		if i != 0 {
			stack = append(stack, d.cells[i].low>>1, d.cells[i].high>>1)
		}
	}
	d.stack = stack
	return true
}

// cut returns a smaller function that implies f: where a branch contributes
// least to the probability of f it becomes false.
func (x *approximator) cut(f ref) ref {
	d := x.d
	h := d.extractWeighted(f)
	n := len(h.variable)
	value := make([]pair, n)
	value[0] = pair{1, 0}
	for i := 1; i < n; i++ {
		q := x.weight[h.variable[i]]
		low, high := value[h.low[i]>>1].of(h.low[i]&1), value[h.high[i]>>1]
		value[i] = pair{q*high.yes + (1-q)*low.yes, q*high.no + (1-q)*low.no}
	}
	// Probability of coming to a reference, plain and complemented.
	reach := make([]float64, 2*n)
	reach[h.root] = 1
	cost := make([]float64, 0, n)
	for i := n - 1; i >= 1; i-- {
		q := x.weight[h.variable[i]]
		for sign := ref(0); sign < 2; sign++ {
			w := reach[ref(i)<<1|sign]
			if w == 0 {
				continue
			}
			reach[h.low[i]^sign] += w * (1 - q)
			reach[h.high[i]^sign] += w * q
			cost = append(cost, w*value[i].of(sign).yes)
		}
	}
	slices.Sort(cost)
	keep := x.size / 2
	least := 0.0
	if len(cost) > keep {
		least = cost[len(cost)-keep]
	}
	made := make([]ref, 2*n)
	for i := range made {
		made[i] = refFalse // where so little comes that it is no number any more
	}
	made[0] = refTrue
	for i := 1; i < n; i++ {
		for sign := ref(0); sign < 2; sign++ {
			at := ref(i)<<1 | sign
			if reach[at] == 0 {
				continue
			}
			if reach[at]*value[i].of(sign).yes < least {
				made[at] = refFalse
				continue
			}
			made[at] = d.make(d.at[h.variable[i]], made[h.low[i]^sign], made[h.high[i]^sign])
		}
	}
	return made[h.root]
}

// extractWeighted is extract without leaves.
func (d *diagram) extractWeighted(f ref) *function {
	order := make([]int32, len(d.at))
	return d.extract(f, order)
}
