package topevent

import "math/bits"

// The two families that end every path: no set, and the empty set alone.
const (
	noSet    int32 = 0
	emptySet int32 = 1
)

type zcell struct{ variable, low, high, next int32 }

// extent has the orders of the smallest and the largest set of a family; 65535
// stands for that many or more.
type extent struct{ least, most uint16 }

func (e extent) more() extent {
	return extent{e.least + min(1, 65535-e.least), e.most + min(1, 65535-e.most)}
}

type zentry struct {
	a, b, result int32
	op           int32
}

const (
	zWithout int32 = iota + 1
	zMinus
	zUnion
)

// zdiagram is a manager of zero-suppressed diagrams (Minato 1993): families
// of sets of literals. A node holds the sets without its variable (low) and,
// less the variable, those with it (high).
type zdiagram struct {
	cells   []zcell
	extents []extent // of a cell
	buckets []int32
	cache   []zentry
	steps   uint64 // results that the cache did not have
	due     uint64 // steps from which on the cache is too small
	memory  *memory
	held    int64
	limit   int
	stopped bool
	watch   func() bool
}

const zcellBytes = 16 + 4

// crowded is how many results for each entry a cache that loses them may miss before
// it grows.
const crowded = 8

// largestCache bounds the entries of a cache.
const largestCache = 1 << 22

func newZDiagram(size int, mem *memory, watch func() bool) *zdiagram {
	n := mem.fit(1<<bits.Len(uint(max(size, 256)-1)), zcellBytes+16+4)
	z := &zdiagram{memory: mem, watch: watch, limit: 1 << 29}
	z.cells = make([]zcell, 2, n)
	z.cells[noSet].variable, z.cells[emptySet].variable = 1<<30, 1<<30
	z.extents = make([]extent, 2, n)
	z.extents[noSet] = extent{65535, 0}
	z.buckets = make([]int32, n)
	z.cache = make([]zentry, n)
	z.due = crowded * uint64(n)
	z.account()
	return z
}

func (z *zdiagram) account() {
	bytes := int64(cap(z.cells))*zcellBytes + int64(len(z.buckets))*4 + int64(len(z.cache))*16
	if !z.memory.take(bytes - z.held) {
		z.stopped = true
	}
	z.held = bytes
}

func (z *zdiagram) release() {
	z.memory.take(-z.held)
	z.held = 0
	z.cells, z.extents, z.buckets, z.cache = nil, nil, nil, nil
}

func (z *zdiagram) make(variable, low, high int32) int32 {
	if high == noSet {
		return low
	}
	h := hash3(variable, low, high) & uint32(len(z.buckets)-1)
	for i := z.buckets[h]; i != 0; i = z.cells[i].next {
		c := &z.cells[i]
		if c.variable == variable && c.low == low && c.high == high {
			return i
		}
	}
	n := len(z.cells)
	if n >= z.limit || n&0x3FFF == 0 && z.watch != nil && z.watch() {
		z.stopped = true
	}
	if z.stopped {
		return noSet
	}
	if n == cap(z.cells) {
		if !z.grow() {
			return noSet
		}
		h = hash3(variable, low, high) & uint32(len(z.buckets)-1)
	}
	z.cells = append(z.cells, zcell{variable, low, high, z.buckets[h]})
	l, with := z.extents[low], z.extents[high].more()
	z.extents = append(z.extents, extent{min(l.least, with.least), max(l.most, with.most)})
	z.buckets[h] = int32(n)
	return int32(n)
}

func (z *zdiagram) grow() bool {
	n := 2 * cap(z.cells)
	if z.memory.held+int64(n)*(zcellBytes+4) > z.memory.limit || n > 1<<30 {
		z.stopped = true
		return false
	}
	cells := make([]zcell, len(z.cells), n)
	copy(cells, z.cells)
	z.cells = cells
	extents := make([]extent, len(z.extents), n)
	copy(extents, z.extents)
	z.extents = extents
	z.buckets = make([]int32, n)
	mask := uint32(n - 1)
	for i := 2; i < len(cells); i++ {
		c := &cells[i]
		h := hash3(c.variable, c.low, c.high) & mask
		c.next = z.buckets[h]
		z.buckets[h] = int32(i)
	}
	if len(z.cache) < n && len(z.cache) < largestCache {
		z.enlarge(n)
	}
	z.account()
	return !z.stopped
}

// enlarge gives the cache n entries.
func (z *zdiagram) enlarge(n int) {
	old := z.cache
	z.cache = make([]zentry, n)
	for _, e := range old {
		if e.op != 0 {
			*z.slot(e.op, e.a, e.b) = e
		}
	}
	z.due = z.steps + crowded*uint64(n)
}

// step counts a result that the cache does not have, and looks now and then whether
// the work has to end, which no new cell may ever tell. A cache that loses too much
// makes the same work come back again and again, without end.
func (z *zdiagram) step() bool {
	if z.steps++; z.steps%lookEvery == 0 && z.watch != nil && z.watch() {
		z.stopped = true
	}
	if z.steps >= z.due && !z.stopped {
		z.due = z.steps + crowded*uint64(len(z.cache))
		if n := 2 * len(z.cache); n <= largestCache && z.memory.held+int64(n)*16 <= z.memory.limit {
			z.enlarge(n)
			z.account()
		}
	}
	return z.stopped
}

func (z *zdiagram) slot(op, a, b int32) *zentry {
	return &z.cache[hash3(a, b, op)&uint32(len(z.cache)-1)]
}

// without returns the sets of a that hold no set of b (Rauzy 1993).
func (z *zdiagram) without(a, b int32) int32 {
	switch {
	case a == noSet || b == emptySet || a == b:
		return noSet
	case b == noSet || a == emptySet || z.extents[a].most < z.extents[b].least:
		return a // a set holds none that is larger
	}
	ca, cb := z.cells[a], z.cells[b]
	if cb.variable < ca.variable {
		return z.without(a, cb.low)
	}
	if e := z.slot(zWithout, a, b); e.op == zWithout && e.a == a && e.b == b {
		return e.result
	}
	if z.step() {
		return noSet
	}
	var low, high int32
	if ca.variable < cb.variable {
		low, high = z.without(ca.low, b), z.without(ca.high, b)
	} else {
		low = z.without(ca.low, cb.low)
		high = z.without(z.without(ca.high, cb.high), cb.low)
	}
	r := z.make(ca.variable, low, high)
	if !z.stopped {
		*z.slot(zWithout, a, b) = zentry{a, b, r, zWithout}
	}
	return r
}

// minus returns the sets of a that are not in b.
func (z *zdiagram) minus(a, b int32) int32 {
	switch {
	case a == noSet || a == b:
		return noSet
	case b == noSet:
		return a
	}
	ca, cb := z.cells[a], z.cells[b]
	if cb.variable < ca.variable {
		return z.minus(a, cb.low)
	}
	if e := z.slot(zMinus, a, b); e.op == zMinus && e.a == a && e.b == b {
		return e.result
	}
	if z.step() {
		return noSet
	}
	var r int32
	if ca.variable < cb.variable {
		r = z.make(ca.variable, z.minus(ca.low, b), ca.high)
	} else {
		low := z.minus(ca.low, cb.low)
		r = z.make(ca.variable, low, z.minus(ca.high, cb.high))
	}
	if !z.stopped {
		*z.slot(zMinus, a, b) = zentry{a, b, r, zMinus}
	}
	return r
}

// union returns the least sets of a and b.
func (z *zdiagram) union(a, b int32) int32 {
	switch {
	case a == b || b == noSet:
		return a
	case a == noSet:
		return b
	case a == emptySet || b == emptySet:
		return emptySet
	}
	if a > b {
		a, b = b, a
	}
	if e := z.slot(zUnion, a, b); e.op == zUnion && e.a == a && e.b == b {
		return e.result
	}
	if z.step() {
		return noSet
	}
	ca, cb := z.cells[a], z.cells[b]
	v := min(ca.variable, cb.variable)
	la, ha, lb, hb := a, noSet, b, noSet
	if ca.variable == v {
		la, ha = ca.low, ca.high
	}
	if cb.variable == v {
		lb, hb = cb.low, cb.high
	}
	low := z.union(la, lb)
	high := z.without(z.union(ha, hb), low)
	r := z.make(v, low, high)
	if !z.stopped {
		*z.slot(zUnion, a, b) = zentry{a, b, r, zUnion}
	}
	return r
}
