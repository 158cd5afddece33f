package topevent

import "slices"

// building is a diagram of a block in the making. It stops at a limit and can
// go on from there with a larger one.
type building struct {
	g       *graph
	d       *diagram
	b       *block
	at      map[int32]ref // of leaves, and of gates that are still needed
	uses    map[int32]int
	done    int // gates
	cleaned int
	trigger int // cells from which on garbage is collected
	reorder int // cells in use from which on variables are sifted; 0: never
}

func (g *graph) build(d *diagram, b *block, order []int32) *building {
	w := &building{g: g, d: d, b: b, at: make(map[int32]ref, len(b.gates)+len(order)), uses: make(map[int32]int, len(b.gates)), trigger: 1 << 18}
	for i, x := range order {
		w.at[x] = d.variable(int32(i))
	}
	for _, id := range b.gates {
		for _, a := range g.vertices[id].args {
			w.uses[a.id()]++
		}
	}
	w.uses[b.root]++
	return w
}

// run builds up to a number of cells and reports whether the root is done.
func (w *building) run(limit int) (ref, bool) {
	d := w.d
	if d.refused {
		return refTrue, false
	}
	d.limit = limit
	if d.stopped { // the gate that was not finished left garbage
		d.stopped = false
		d.collect(w.roots())
	}
	for ; w.done < len(w.b.gates); w.done++ {
		id := w.b.gates[w.done]
		v := &w.g.vertices[id]
		args := make([]ref, len(v.args))
		for i, a := range v.args {
			args[i] = w.at[a.id()] ^ int32(a&1)
		}
		r := d.combine(v.op, int(v.k), args)
		if d.stopped && d.used >= limit && w.done > w.cleaned && !d.ended() {
			// What stands in the way may be garbage.
			d.stopped = false
			d.collect(w.roots())
			w.cleaned = w.done
			if d.used <= limit/2 {
				w.done--
				continue
			}
			d.stopped = true
		}
		if d.stopped {
			return refTrue, false
		}
		w.at[id] = r
		for _, a := range v.args {
			if x := a.id(); w.g.isGate(x) {
				if w.uses[x]--; w.uses[x] == 0 {
					delete(w.at, x)
				}
			}
		}
		if d.used > w.trigger {
			roots := w.roots()
			d.collect(roots)
			w.trigger = max(w.trigger, 3*d.used)
			if w.reorder > 0 && d.used > w.reorder {
				d.sift(roots, 100*d.used)
				w.reorder = max(w.reorder, 2*d.used)
			}
		}
	}
	return w.at[w.b.root], true
}

// roots are the functions still needed.
func (w *building) roots() []ref {
	roots := make([]ref, 0, len(w.at))
	for _, r := range w.at {
		roots = append(roots, r)
	}
	return roots
}

// progress is the share of gates that are done.
func (w *building) progress() float64 { return float64(w.done) / float64(len(w.b.gates)) }

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
