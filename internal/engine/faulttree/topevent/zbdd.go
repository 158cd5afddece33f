package topevent

import "math/bits"

// The two families that end every path: no set, and the empty set alone.
const (
	noSet    int32 = 0
	emptySet int32 = 1
)

type zcell struct{ variable, low, high, next int32 }

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
	buckets []int32
	cache   []zentry
	memory  *memory
	held    int64
	limit   int
	stopped bool
	watch   func() bool
}

func newZDiagram(size int, mem *memory, watch func() bool) *zdiagram {
	n := mem.fit(1<<bits.Len(uint(max(size, 256)-1)), 16+16+4)
	z := &zdiagram{memory: mem, watch: watch, limit: 1 << 29}
	z.cells = make([]zcell, 2, n)
	z.cells[noSet].variable, z.cells[emptySet].variable = 1<<30, 1<<30
	z.buckets = make([]int32, n)
	z.cache = make([]zentry, n)
	z.account()
	return z
}

func (z *zdiagram) account() {
	bytes := int64(cap(z.cells))*16 + int64(len(z.buckets))*4 + int64(len(z.cache))*16
	if !z.memory.take(bytes - z.held) {
		z.stopped = true
	}
	z.held = bytes
}

func (z *zdiagram) release() {
	z.memory.take(-z.held)
	z.held = 0
	z.cells, z.buckets, z.cache = nil, nil, nil
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
	z.buckets[h] = int32(n)
	return int32(n)
}

func (z *zdiagram) grow() bool {
	n := 2 * cap(z.cells)
	if z.memory.held+int64(n)*20 > z.memory.limit || n > 1<<30 {
		z.stopped = true
		return false
	}
	cells := make([]zcell, len(z.cells), n)
	copy(cells, z.cells)
	z.cells = cells
	z.buckets = make([]int32, n)
	mask := uint32(n - 1)
	for i := 2; i < len(cells); i++ {
		c := &cells[i]
		h := hash3(c.variable, c.low, c.high) & mask
		c.next = z.buckets[h]
		z.buckets[h] = int32(i)
	}
	if len(z.cache) < n && len(z.cache) < 1<<22 {
		z.cache = make([]zentry, n)
	}
	z.account()
	return !z.stopped
}

func (z *zdiagram) slot(op, a, b int32) *zentry {
	return &z.cache[hash3(a, b, op)&uint32(len(z.cache)-1)]
}

// without returns the sets of a that hold no set of b (Rauzy 1993).
func (z *zdiagram) without(a, b int32) int32 {
	switch {
	case a == noSet || b == emptySet || a == b:
		return noSet
	case b == noSet || a == emptySet:
		return a
	}
	ca, cb := z.cells[a], z.cells[b]
	if cb.variable < ca.variable {
		return z.without(a, cb.low)
	}
	if e := z.slot(zWithout, a, b); e.op == zWithout && e.a == a && e.b == b {
		return e.result
	}
	if z.stopped {
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
	if z.stopped {
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
	if z.stopped {
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
