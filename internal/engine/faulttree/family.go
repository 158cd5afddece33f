package faulttree

import "slices"

// families holds sets of variable sets as zero-suppressed decision diagrams
// (Minato 1993) over the levels of one compiled system.
type families struct {
	nodeTable
	minus, union pairCache
	fromNode     []int32 // by index of diagram node: its minimal solutions, 0 not known yet
	limit        int
	steps        int64
	exceeded     bool
}

const (
	noSets   int32 = 0 // the family without any set
	emptySet int32 = 1 // the family whose only set is empty
)

func newFamilies(limit int) *families {
	z := &families{limit: limit}
	z.reset(2)
	z.minus.clear()
	z.union.clear()
	return z
}

func (z *families) node(level, high, low int32) int32 {
	if high == noSets {
		return low
	}
	if z.size() >= z.limit || z.steps > 64*int64(z.limit)+1<<16 {
		z.exceeded = true
		return noSets
	}
	return z.find(level, high, low)
}

// without returns the sets of a that contain no set of b.
func (z *families) without(a, b int32) int32 {
	switch {
	case b == noSets:
		return a
	case a == noSets || a == b || b == emptySet:
		return noSets
	case a == emptySet:
		// Minimal families hold the empty set only when they hold no other.
		return emptySet
	}
	if r, ok := z.minus.get(a, b); ok {
		return r
	}
	if z.steps++; z.exceeded {
		return noSets
	}
	var r int32
	switch la, lb := z.level[a], z.level[b]; {
	case la < lb:
		high := z.without(z.high[a], b)
		r = z.node(la, high, z.without(z.low[a], b))
	case la > lb:
		r = z.without(a, z.low[b])
	default:
		high := z.without(z.without(z.high[a], z.high[b]), z.low[b])
		r = z.node(la, high, z.without(z.low[a], z.low[b]))
	}
	if !z.exceeded {
		z.minus.put(a, b, r)
	}
	return r
}

// minimalUnion returns the minimal sets of two minimal families together.
func (z *families) minimalUnion(a, b int32) int32 {
	switch {
	case a == noSets || a == b:
		return b
	case b == noSets:
		return a
	case a == emptySet || b == emptySet:
		return emptySet
	}
	if a > b {
		a, b = b, a
	}
	if r, ok := z.union.get(a, b); ok {
		return r
	}
	if z.steps++; z.exceeded {
		return noSets
	}
	level := min(z.level[a], z.level[b])
	a1, a0 := z.split(a, level)
	b1, b0 := z.split(b, level)
	low := z.minimalUnion(a0, b0)
	high := z.without(z.minimalUnion(a1, b1), low)
	r := z.node(level, high, low)
	if !z.exceeded {
		z.union.put(a, b, r)
	}
	return r
}

// split returns the sets with the variable, less the variable, and those without.
func (z *families) split(a, level int32) (with, without int32) {
	if z.level[a] != level {
		return noSets, a
	}
	return z.high[a], z.low[a]
}

// minimalSolutions returns the minimal cut sets of a coherent function (Rauzy
// 1993: New algorithms for fault tree analysis).
func (z *families) minimalSolutions(d *diagram, f edge) int32 {
	switch f {
	case alwaysFailed:
		return emptySet
	case neverFailed:
		return noSets
	}
	n := int32(f >> 1)
	if z.fromNode == nil {
		z.fromNode = make([]int32, d.size())
	}
	if r := z.fromNode[n]; r != 0 {
		return r
	}
	if z.steps++; z.exceeded {
		return noSets
	}
	low := z.minimalSolutions(d, edge(d.low[n]))
	high := z.without(z.minimalSolutions(d, edge(d.high[n])), low)
	r := z.node(d.level[n], high, low)
	if !z.exceeded {
		z.fromNode[n] = r
	}
	return r
}

// minimalOf returns the minimal cut sets of a disjunction of functions.
func (z *families) minimalOf(d *diagram, parts []edge) int32 {
	switch len(parts) {
	case 0:
		return noSets
	case 1:
		return z.minimalSolutions(d, parts[0])
	}
	return z.minimalUnion(z.minimalOf(d, parts[:len(parts)/2]), z.minimalOf(d, parts[len(parts)/2:]))
}

// containing returns the sets of a that contain the variable, less the
// variable. memo belongs to one variable.
func (z *families) containing(a, level int32, memo map[int32]int32) int32 {
	switch l := z.level[a]; {
	case l == level:
		return z.high[a]
	case l > level:
		return noSets
	}
	if r, ok := memo[a]; ok {
		return r
	}
	if z.exceeded {
		return noSets
	}
	high := z.containing(z.high[a], level, memo)
	r := z.node(z.level[a], high, z.containing(z.low[a], level, memo))
	memo[a] = r
	return r
}

// function returns "all variables of some set of a fail" as a diagram.
func (z *families) function(a int32, d *diagram, memo map[int32]edge) edge {
	switch a {
	case noSets:
		return neverFailed
	case emptySet:
		return alwaysFailed
	}
	if r, ok := memo[a]; ok {
		return r
	}
	if d.exceeded {
		return neverFailed
	}
	low := z.function(z.low[a], d, memo)
	r := d.node(z.level[a], d.or(z.function(z.high[a], d, memo), low), low)
	memo[a] = r
	return r
}

// variables returns the levels that occur in a.
func (z *families) variables(a int32) []int32 {
	seen := map[int32]bool{}
	var levels []int32
	stack := []int32{a}
	for len(stack) > 0 {
		n := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if n <= emptySet || seen[n] {
			continue
		}
		seen[n] = true
		levels = append(levels, z.level[n])
		stack = append(stack, z.high[n], z.low[n])
	}
	slices.Sort(levels)
	return slices.Compact(levels)
}
