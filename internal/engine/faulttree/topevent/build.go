package topevent

import "slices"

// compile builds the diagram of a block over an order of its leaves and
// returns its root. On a limit d.stopped is set.
func (g *graph) compile(d *diagram, b *block, order []int32) ref {
	at := make(map[int32]ref, len(b.gates)+len(order))
	for i, x := range order {
		at[x] = d.variable(int32(i))
	}
	uses := make(map[int32]int, len(b.gates))
	for _, id := range b.gates {
		for _, a := range g.vertices[id].args {
			uses[a.id()]++
		}
	}
	uses[b.root]++
	trigger := 1 << 16
	if d.reorder > 0 {
		trigger = d.reorder
	}
	for n, id := range b.gates {
		d.progress = float64(n) / float64(len(b.gates))
		v := &g.vertices[id]
		args := make([]ref, len(v.args))
		for i, a := range v.args {
			args[i] = at[a.id()] ^ int32(a&1)
		}
		at[id] = d.combine(v.op, int(v.k), args)
		if d.stopped {
			return refTrue
		}
		for _, a := range v.args {
			if x := a.id(); g.isGate(x) {
				if uses[x]--; uses[x] == 0 && at[x] > 1 {
					delete(at, x)
				}
			}
		}
		if d.used > trigger {
			roots := make([]ref, 0, len(at))
			for _, r := range at {
				roots = append(roots, r)
			}
			d.collect(roots)
			trigger = max(trigger, 3*d.used)
			if d.reorder > 0 && d.used > d.reorder {
				d.sift(roots, 1<<62)
				d.reorder = max(d.reorder, 2*d.used)
				trigger = max(1<<16, d.used*3/2)
			}
		}
	}
	return at[b.root]
}

// combine applies an operator to functions, those that start lowest first.
func (d *diagram) combine(op operator, k int, args []ref) ref {
	slices.SortFunc(args, func(x, y ref) int { return int(d.levelOf(y)) - int(d.levelOf(x)) })
	switch op {
	case opAnd:
		r := refTrue
		for _, a := range args {
			r = d.and(r, a)
		}
		return r
	case opOr:
		r := refFalse
		for _, a := range args {
			r = d.or(r, a)
		}
		return r
	case opXor:
		r := refFalse
		for _, a := range args {
			r = d.xor(r, a)
		}
		return r
	}
	// row[j]: at least j of the arguments so far.
	row := make([]ref, k+1)
	for j := 1; j <= k; j++ {
		row[j] = refFalse
	}
	row[0] = refTrue
	for _, a := range args {
		for j := k; j >= 1; j-- {
			row[j] = d.ite(a, row[j-1], row[j])
		}
	}
	return row[k]
}
