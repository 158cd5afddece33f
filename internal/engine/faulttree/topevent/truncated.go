package topevent

import "slices"

// truncation computes the minimal cut sets up to an order of a coherent tree
// gate by gate, without its diagram: what is larger can never become smaller
// again. Trees whose diagram is out of reach still have these.
type truncation struct {
	g     *graph
	z     *zdiagram
	most  int32
	level []int32 // of a variable
	done  map[lit]int32
}

// truncate returns the products of at most an order; false when the budgets
// did not suffice or the tree is not coherent.
func (a *Analysis) truncate(most int, watch func() bool) (*products, bool) {
	top := a.g.top
	if !a.g.coherent() || !a.g.isGate(top.id()) {
		return nil, false
	}
	g := a.g.coalesce() // without the gates that only set modules apart
	if !g.isGate(g.top.id()) {
		return nil, false
	}
	whole := &block{root: g.top.id()}
	down, uses := g.reach()
	whole.gates = down
	slices.Reverse(whole.gates)
	for v := int32(1); v <= g.variables; v++ {
		if uses[v] > 0 {
			whole.leaves = append(whole.leaves, v)
		}
	}
	order := g.order(whole, leavesFirst)
	t := &truncation{g: g, z: newZDiagram(1<<12, &a.mem, watch), most: int32(min(most, 1<<20)), level: make([]int32, len(g.vertices)), done: make(map[lit]int32)}
	defer t.z.release()
	for i, x := range order {
		t.level[x] = int32(i)
	}
	root, ok := t.family(g.top)
	if !ok {
		return nil, false
	}
	p := &products{a: a, kind: MinimalCutSets, top: top, needed: []lit{top}, family: make(map[lit]*family), partial: true}
	p.family[top] = t.z.extract(root, order)
	return p, true
}

// family works through the gates below a literal without recursion.
func (t *truncation) family(top lit) (int32, bool) {
	stack := []lit{top}
	for len(stack) > 0 {
		l := stack[len(stack)-1]
		if _, ok := t.done[l]; ok {
			stack = stack[:len(stack)-1]
			continue
		}
		if !t.g.isGate(l.id()) {
			t.done[l] = t.z.make(2*t.level[l.id()], noSet, emptySet)
			continue
		}
		v := &t.g.vertices[l.id()]
		open := len(stack)
		args := make([]int32, len(v.args))
		for i, a := range v.args {
			a ^= l & 1
			f, ok := t.done[a]
			if !ok {
				stack = append(stack, a)
			}
			args[i] = f
		}
		if len(stack) > open {
			continue
		}
		op, k := v.op, int(v.k)
		if l&1 == 1 {
			op, k = op.dual(), len(args)-k+1
		}
		t.done[l] = t.gate(op, k, args)
		if t.z.stopped {
			return 0, false
		}
	}
	return t.done[top], true
}

func (t *truncation) gate(op operator, k int, args []int32) int32 {
	z := t.z
	switch op {
	case opOr:
		r := noSet
		for _, a := range args {
			r = z.union(r, a)
		}
		return r
	case opAnd:
		// Few sets first: they cut most.
		slices.SortFunc(args, func(x, y int32) int { return int(z.cells[y].variable) - int(z.cells[x].variable) })
		r := emptySet
		for _, a := range args {
			r = t.product(r, a, t.most)
		}
		return r
	}
	row := make([]int32, k+1)
	row[0] = emptySet
	for _, a := range args {
		for j := k; j >= 1; j-- {
			row[j] = z.union(row[j], t.product(a, row[j-1], t.most))
		}
	}
	return row[k]
}

// Operations with an order in their name in the cache.
const (
	zShort   int32 = 1 << 8
	zLimited int32 = 1 << 24
)

// short keeps the sets of at most n literals.
func (t *truncation) short(a, n int32) int32 {
	z := t.z
	if n < 0 || a == noSet {
		return noSet
	}
	if a == emptySet {
		return a
	}
	if n == 0 {
		for a > emptySet {
			a = z.cells[a].low
		}
		return a
	}
	op := zShort + n
	if e := z.slot(op, a, a); e.op == op && e.a == a {
		return e.result
	}
	if z.step() {
		return noSet
	}
	c := z.cells[a]
	low := t.short(c.low, n)
	r := z.make(c.variable, low, t.short(c.high, n-1))
	if !z.stopped {
		*z.slot(op, a, a) = zentry{a, a, r, op}
	}
	return r
}

// product returns the least unions of a set of a and one of b that have at
// most n literals.
func (t *truncation) product(a, b, n int32) int32 {
	z := t.z
	switch {
	case n < 0 || a == noSet || b == noSet:
		return noSet
	case a == emptySet || a == b:
		return t.short(b, n)
	case b == emptySet:
		return t.short(a, n)
	case n == 0:
		return noSet // neither is the empty set alone, so neither holds it
	}
	if a > b {
		a, b = b, a
	}
	op := zLimited + n
	if e := z.slot(op, a, b); e.op == op && e.a == a && e.b == b {
		return e.result
	}
	if z.step() {
		return noSet
	}
	ca, cb := z.cells[a], z.cells[b]
	v := min(ca.variable, cb.variable)
	var low, high int32
	switch {
	case ca.variable < cb.variable:
		low, high = t.product(ca.low, b, n), t.product(ca.high, b, n-1)
	case cb.variable < ca.variable:
		low, high = t.product(a, cb.low, n), t.product(a, cb.high, n-1)
	default:
		low = t.product(ca.low, cb.low, n)
		high = z.union(t.product(ca.high, z.union(cb.high, cb.low), n-1), t.product(ca.low, cb.high, n-1))
	}
	r := z.make(v, low, z.without(high, low))
	if !z.stopped {
		*z.slot(op, a, b) = zentry{a, b, r, op}
	}
	return r
}
