package topevent

import "math/bits"

// ref is a function in a diagram: twice the node, plus one for the complement.
type ref = int32

const (
	refTrue  ref = 0
	refFalse ref = 1
)

// cell is a node of a diagram: if variable then high else low. high is never
// a complement, so that every function has one form. next chains the cells of
// a bucket, or free cells (variable −1).
type cell struct {
	variable, low, high, next int32
}

const (
	cellBytes  = 16
	entryBytes = 16
)

type cacheEntry struct{ f, g, h, result int32 }

// diagram is a manager of reduced ordered binary decision diagrams with
// complement edges (Bryant 1986; Brace, Rudell, Bryant 1990). All is kept in
// slices of integers that the garbage collector of Go does not look into.
type diagram struct {
	cells   []cell
	buckets []int32
	cache   []cacheEntry
	level   []int32 // of a variable
	at      []int32 // variable at a level
	free    int32   // first free cell, or 0
	used    int     // cells in use, garbage included

	limit   int // on used
	memory  *memory
	held    int64 // bytes accounted to memory
	stopped bool  // a limit or the context ended the work; results are void
	watch   func() bool
	ticks   uint32
	looks   uint32 // results that the cache did not have

	refused bool // a table could not grow
	mark    []uint32
	place   []int32
	stamp   uint32
	stack   []int32
}

// memory accounts for tables across diagrams.
type memory struct{ held, peak, limit int64 }

func (m *memory) take(n int64) bool {
	m.held += n
	m.peak = max(m.peak, m.held)
	return m.held <= m.limit
}

// fit halves a table of n entries until it fits, down to one that always does.
func (m *memory) fit(n int, entry int64) int {
	for n > 256 && m.held+int64(n)*entry > m.limit {
		n /= 2
	}
	return n
}

func newDiagram(variables, size int, mem *memory, watch func() bool) *diagram {
	d := &diagram{memory: mem, watch: watch, limit: 1 << 30}
	d.level = make([]int32, variables)
	d.at = make([]int32, variables)
	for i := range d.at {
		d.at[i], d.level[i] = int32(i), int32(i)
	}
	n := mem.fit(1<<bits.Len(uint(max(size, 256)-1)), cellBytes+entryBytes+4)
	d.cells = make([]cell, 1, n)
	d.cells[0].variable = int32(variables) // the terminal, below all
	d.buckets = make([]int32, n)
	d.cache = make([]cacheEntry, n)
	d.clearCache()
	d.used = 1
	d.account()
	return d
}

func (d *diagram) account() {
	bytes := int64(cap(d.cells))*cellBytes + int64(len(d.buckets))*4 + int64(len(d.cache))*entryBytes + int64(len(d.mark))*8
	if !d.memory.take(bytes - d.held) {
		d.stopped, d.refused = true, true
	}
	d.held = bytes
}

// release gives the tables back.
func (d *diagram) release() {
	d.memory.take(-d.held)
	d.held = 0
	d.cells, d.buckets, d.cache, d.mark, d.place = nil, nil, nil, nil, nil
}

func (d *diagram) clearCache() {
	for i := range d.cache {
		d.cache[i] = cacheEntry{f: -1}
	}
}

func hash3(a, b, c int32) uint32 {
	h := uint64(uint32(a))*0x9E3779B97F4A7C15 ^ uint64(uint32(b))*0xC2B2AE3D27D4EB4F ^ uint64(uint32(c))*0x165667B19E3779F9
	return uint32(h >> 32)
}

func (d *diagram) levelOf(f ref) int32 {
	v := d.cells[f>>1].variable
	if int(v) == len(d.level) {
		return v
	}
	return d.level[v]
}

// make returns the node of a variable above low and high.
func (d *diagram) make(variable int32, low, high ref) ref {
	if low == high {
		return low
	}
	flip := high & 1
	low, high = low^flip, high^flip
	h := hash3(variable, low, high) & uint32(len(d.buckets)-1)
	for i := d.buckets[h]; i != 0; i = d.cells[i].next {
		c := &d.cells[i]
		if c.variable == variable && c.low == low && c.high == high {
			return i<<1 | flip
		}
	}
	if d.used >= d.limit {
		d.stopped = true
	}
	if d.ticks++; d.ticks&0x3FFF == 0 && d.watch != nil && d.watch() {
		d.stopped = true
	}
	if d.stopped {
		return refTrue
	}
	i := d.free
	if i != 0 {
		d.free = d.cells[i].next
	} else {
		if len(d.cells) == cap(d.cells) {
			if !d.grow() {
				return refTrue
			}
			h = hash3(variable, low, high) & uint32(len(d.buckets)-1)
		}
		i = int32(len(d.cells))
		d.cells = d.cells[:i+1]
	}
	d.cells[i] = cell{variable, low, high, d.buckets[h]}
	d.buckets[h] = i
	d.used++
	return i<<1 | flip
}

// grow doubles the tables.
func (d *diagram) grow() bool {
	n := 2 * cap(d.cells)
	// Old and new cells exist together for a moment.
	if d.memory.held+int64(n)*cellBytes+int64(n)*4 > d.memory.limit || n > 1<<30 {
		d.stopped, d.refused = true, true
		return false
	}
	cells := make([]cell, len(d.cells), n)
	copy(cells, d.cells)
	d.cells = cells
	d.buckets = make([]int32, n)
	d.rehash()
	// Half as many entries as cells: more of them cost more misses than they save.
	if len(d.cache) < n/2 && len(d.cache) < 1<<22 {
		old := d.cache
		d.cache = make([]cacheEntry, n/2)
		d.clearCache()
		for _, e := range old {
			if e.f >= 0 {
				d.cache[hash3(e.f, e.g, e.h)&uint32(n/2-1)] = e
			}
		}
	}
	d.account()
	return !d.stopped
}

func (d *diagram) rehash() {
	clear(d.buckets)
	mask := uint32(len(d.buckets) - 1)
	for i := 1; i < len(d.cells); i++ {
		c := &d.cells[i]
		if c.variable < 0 {
			continue
		}
		h := hash3(c.variable, c.low, c.high) & mask
		c.next = d.buckets[h]
		d.buckets[h] = int32(i)
	}
}

func (d *diagram) variable(v int32) ref { return d.make(v, refFalse, refTrue) }

// step counts a result that the cache does not have, and looks now and then whether
// the work has to end: results may come back for long without a new cell.
func (d *diagram) step() bool {
	if d.looks++; d.looks%lookEvery == 0 && d.watch != nil && d.watch() {
		d.stopped = true
	}
	return d.stopped
}

// and returns f ∧ g.
func (d *diagram) and(f, g ref) ref {
	switch {
	case f == g || g == refTrue:
		return f
	case f == refTrue:
		return g
	case f^1 == g || f == refFalse || g == refFalse:
		return refFalse
	}
	if f > g {
		f, g = g, f
	}
	slot := &d.cache[hash3(f, g, -1)&uint32(len(d.cache)-1)]
	if slot.f == f && slot.g == g && slot.h == -1 {
		return slot.result
	}
	if d.step() {
		return refTrue
	}
	cf, cg := d.cells[f>>1], d.cells[g>>1]
	lf, lg := d.level[cf.variable], d.level[cg.variable]
	f0, f1, g0, g1 := f, f, g, g
	v := cf.variable
	if lf <= lg {
		f0, f1 = cf.low^f&1, cf.high^f&1
	}
	if lg <= lf {
		g0, g1 = cg.low^g&1, cg.high^g&1
		v = cg.variable
	}
	low := d.and(f0, g0)
	high := d.and(f1, g1)
	r := d.make(v, low, high)
	if !d.stopped {
		d.cache[hash3(f, g, -1)&uint32(len(d.cache)-1)] = cacheEntry{f, g, -1, r}
	}
	return r
}

func (d *diagram) or(f, g ref) ref { return d.and(f^1, g^1) ^ 1 }

// xor returns f ⊕ g.
func (d *diagram) xor(f, g ref) ref {
	flip := (f ^ g) & 1
	f, g = f&^1, g&^1
	switch {
	case f == g:
		return refFalse ^ flip
	case f == refTrue:
		return g ^ 1 ^ flip
	case g == refTrue:
		return f ^ 1 ^ flip
	}
	if f > g {
		f, g = g, f
	}
	slot := &d.cache[hash3(f, g, -2)&uint32(len(d.cache)-1)]
	if slot.f == f && slot.g == g && slot.h == -2 {
		return slot.result ^ flip
	}
	if d.step() {
		return refTrue
	}
	cf, cg := d.cells[f>>1], d.cells[g>>1]
	lf, lg := d.level[cf.variable], d.level[cg.variable]
	f0, f1, g0, g1 := f, f, g, g
	v := cf.variable
	if lf <= lg {
		f0, f1 = cf.low, cf.high
	}
	if lg <= lf {
		g0, g1 = cg.low, cg.high
		v = cg.variable
	}
	low := d.xor(f0, g0)
	high := d.xor(f1, g1)
	r := d.make(v, low, high)
	if !d.stopped {
		d.cache[hash3(f, g, -2)&uint32(len(d.cache)-1)] = cacheEntry{f, g, -2, r}
	}
	return r ^ flip
}

// ite returns f ? g : h.
func (d *diagram) ite(f, g, h ref) ref {
	switch {
	case f == refTrue:
		return g
	case f == refFalse:
		return h
	case g == h:
		return g
	case f == g:
		g = refTrue
	case f == g^1:
		g = refFalse
	}
	if f == h {
		h = refFalse
	} else if f == h^1 {
		h = refTrue
	}
	switch {
	case g == h:
		return g
	case g == refTrue:
		return d.or(f, h)
	case g == refFalse:
		return d.and(f^1, h)
	case h == refTrue:
		return d.or(f^1, g)
	case h == refFalse:
		return d.and(f, g)
	case g == h^1:
		return d.xor(f, h)
	}
	if f&1 == 1 {
		f, g, h = f^1, h, g
	}
	flip := g & 1
	g, h = g^flip, h^flip
	slot := &d.cache[hash3(f, g, h)&uint32(len(d.cache)-1)]
	if slot.f == f && slot.g == g && slot.h == h {
		return slot.result ^ flip
	}
	if d.step() {
		return refTrue
	}
	top := min(d.levelOf(f), d.levelOf(g), d.levelOf(h))
	f0, f1 := d.cofactors(f, top)
	g0, g1 := d.cofactors(g, top)
	h0, h1 := d.cofactors(h, top)
	low := d.ite(f0, g0, h0)
	high := d.ite(f1, g1, h1)
	r := d.make(d.at[top], low, high)
	if !d.stopped {
		d.cache[hash3(f, g, h)&uint32(len(d.cache)-1)] = cacheEntry{f, g, h, r}
	}
	return r ^ flip
}

// cofactors returns f with the variable at a level false and true.
func (d *diagram) cofactors(f ref, level int32) (ref, ref) {
	if d.levelOf(f) != level {
		return f, f
	}
	c := &d.cells[f>>1]
	return c.low ^ f&1, c.high ^ f&1
}
