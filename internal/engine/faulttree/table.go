package faulttree

import "math"

// terminalLevel lies below every variable.
const terminalLevel = math.MaxInt32

// nodeTable holds the nodes of a decision diagram, each stored once: parallel
// int32 columns and an open-addressing unique table (linear probing, load at
// most one half, 0 = free slot because terminals are never looked up). Nodes
// are only appended, so a child always has a smaller index than its parents
// and one scan in index order visits children first.
type nodeTable struct {
	level, high, low []int32
	slots            []int32
}

func (t *nodeTable) reset(terminals int) {
	t.level, t.high, t.low = t.level[:0], t.high[:0], t.low[:0]
	for i := range terminals {
		t.level = append(t.level, terminalLevel)
		t.high = append(t.high, int32(i))
		t.low = append(t.low, int32(i))
	}
	t.slots = make([]int32, 1<<10)
}

func (t *nodeTable) size() int { return len(t.level) }

func hashTriple(a, b, c int32) uint32 {
	h := uint64(uint32(a))*0x9E3779B97F4A7C15 ^ uint64(uint32(b))*0xC2B2AE3D27D4EB4F ^ uint64(uint32(c))*0x165667B19E3779F9
	h ^= h >> 29
	h *= 0xBF58476D1CE4E5B9
	return uint32(h >> 32)
}

// find returns the index of the node, appending it when it is new.
func (t *nodeTable) find(level, high, low int32) int32 {
	mask := uint32(len(t.slots) - 1)
	i := hashTriple(level, high, low) & mask
	for t.slots[i] != 0 {
		n := t.slots[i]
		if t.level[n] == level && t.high[n] == high && t.low[n] == low {
			return n
		}
		i = (i + 1) & mask
	}
	n := int32(len(t.level))
	t.level = append(t.level, level)
	t.high = append(t.high, high)
	t.low = append(t.low, low)
	t.slots[i] = n
	if 2*len(t.level) > len(t.slots) {
		t.rehash(2 * len(t.slots))
	}
	return n
}

func (t *nodeTable) rehash(size int) {
	t.slots = make([]int32, size)
	mask := uint32(size - 1)
	for n := range t.level {
		if t.level[n] == terminalLevel {
			continue
		}
		i := hashTriple(t.level[n], t.high[n], t.low[n]) & mask
		for t.slots[i] != 0 {
			i = (i + 1) & mask
		}
		t.slots[i] = int32(n)
	}
}

// pairCache is a direct-mapped cache of binary operations: losing an entry
// costs time, never correctness. The key (0, 0) is never used.
type pairCache struct {
	entry []pairEntry
	used  int
}

type pairEntry struct{ a, b, result int32 }

const (
	pairCacheStart = 1 << 12
	pairCacheLimit = 1 << 22
)

func (c *pairCache) clear() {
	if c.entry == nil {
		c.entry = make([]pairEntry, pairCacheStart)
	}
	clear(c.entry)
	c.used = 0
}

func (c *pairCache) get(a, b int32) (int32, bool) {
	e := &c.entry[hashTriple(a, b, 0)&uint32(len(c.entry)-1)]
	return e.result, e.a == a && e.b == b
}

func (c *pairCache) put(a, b, result int32) {
	e := &c.entry[hashTriple(a, b, 0)&uint32(len(c.entry)-1)]
	if e.a == 0 && e.b == 0 {
		c.used++
	}
	*e = pairEntry{a, b, result}
	if 2*c.used > len(c.entry) && len(c.entry) < pairCacheLimit {
		c.grow()
	}
}

func (c *pairCache) grow() {
	old := c.entry
	c.entry = make([]pairEntry, 4*len(old))
	c.used = 0
	mask := uint32(len(c.entry) - 1)
	for _, e := range old {
		if e.a != 0 || e.b != 0 {
			c.entry[hashTriple(e.a, e.b, 0)&mask] = e
			c.used++
		}
	}
}
