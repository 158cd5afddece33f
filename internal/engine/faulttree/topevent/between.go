package topevent

import "slices"

// between holds two functions around one that is too large to build: in every
// state lower implies it and it implies upper, so that they bound its
// probability whatever that of the events.
type between struct {
	lower, upper ref
}

func (x between) not() between { return between{x.upper ^ 1, x.lower ^ 1} }

// approximator builds bounds of a block. Each gate is computed from its arguments;
// then branches of its diagram are cut that cost less than what the gate may lose,
// and the cheapest ones of a diagram that is still larger than most.
type approximator struct {
	d       *diagram
	g       *graph
	want    sides
	most    int
	weight  []float64 // of a leaf's variable, in the measure of what a cut costs
	least   float64   // what a branch of the present gate has to cost to stay
	at      map[int32]between
	pending []between // partial results that collect must keep
	exact   bool      // nothing was cut
	trigger int
	work    uint64 // cells that cuts looked at
	unfolded
}

// sides says which bounds are wanted. One alone can be built only where no argument
// is complemented.
type sides uint8

const (
	lowerSide sides = 1 << iota
	upperSide
	bothSides = lowerSide | upperSide
)

// approximate returns bounds of a block over an order; false when the context
// or the memory ended the work.
func (x *approximator) approximate(b *block, order []int32, least func(gate int32) float64) (between, bool) {
	d, g := x.d, x.g
	x.at, x.exact, x.trigger = make(map[int32]between), true, max(1<<16, 8*min(x.most, 1<<16))
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
		x.least = least(id)
		args := make([]between, len(v.args))
		for i, a := range v.args {
			args[i] = x.at[a.id()]
			if a&1 == 1 {
				args[i] = args[i].not()
			}
		}
		r := x.gate(v.op, int(v.k), args)
		if d.stopped {
			return between{}, false
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
	return x.at[b.root], true
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
	r := between{refFalse, refTrue}
	switch {
	case x.want == bothSides && p.lower == p.upper && q.lower == q.upper:
		f, ok := x.try(op, p.lower, q.lower)
		if r = (between{f, f}); !ok {
			r = x.instead(op, p, q)
		}
	case op == opXor:
		return x.differ(p, q)
	default:
		otherwise, ok := x.instead(op, p, q), false
		if x.want&lowerSide != 0 {
			if r.lower, ok = x.try(op, p.lower, q.lower); !ok {
				r.lower = otherwise.lower
			}
		}
		if x.want&upperSide != 0 {
			if r.upper, ok = x.try(op, p.upper, q.upper); !ok {
				r.upper = otherwise.upper
			}
		}
	}
	if d.stopped {
		return r
	}
	r = between{x.cut(r.lower), x.cut(r.upper^1) ^ 1}
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

// differ bounds an XOR: either differs for sure, or may differ.
func (x *approximator) differ(p, q between) between {
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
}

// instead bounds an operator without building anything: an AND implies each of its
// arguments, an OR follows from each.
func (x *approximator) instead(op operator, p, q between) between {
	switch op {
	case opAnd:
		return between{refFalse, p.upper}
	case opOr:
		return between{p.lower, refTrue}
	}
	return between{refFalse, refTrue}
}

// roomToTry bounds the new cells of one operation.
const roomToTry = 1 << 24

// try applies an operator with a limit on new cells and reports whether it kept
// within it.
func (x *approximator) try(op operator, p, q ref) (ref, bool) {
	d := x.d
	limit := d.limit
	d.limit = min(limit, d.used+min(64*x.most+1<<16, roomToTry))
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
		d.stopped, x.exact = false, false
		return refFalse, false
	}
	return r, true
}

// ended reports whether work was stopped for good.
func (d *diagram) ended() bool {
	return d.watch != nil && d.watch() || d.memory.held > d.memory.limit || d.refused
}
