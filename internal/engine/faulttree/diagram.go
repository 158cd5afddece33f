package faulttree

// edge points to a function: index of its root node shifted left by one, the
// lowest bit set when the function is the complement of the node's.
type edge int32

const (
	alwaysFailed edge = 0 // the terminal
	neverFailed  edge = 1 // its complement
)

// diagram is a reduced ordered binary decision diagram with complement edges
// (Brace, Rudell, Bryant 1990). The high edge of a node is never complemented,
// which makes the form canonical; a coherent function then has no complement
// edge but those to the terminal, so its probability is a sum of non-negative
// terms and tiny values keep their relative precision.
type diagram struct {
	nodeTable
	cache pairCache

	limit     int   // number of nodes at which building stops
	steps     int64 // recursive calls made
	stepLimit int64
	exceeded  bool // the limit was hit: results are void until rollback

	restricted []edge // results of restrictLow, valid where stamp matches
	stamp      []int32
	epoch      int32
}

func newDiagram() *diagram {
	d := &diagram{}
	d.reset(1)
	d.cache.clear()
	return d
}

// allow lets the diagram grow by so many nodes from here on. The number of
// recursive calls is bounded too: a lossy cache could repeat work without
// making nodes.
func (d *diagram) allow(nodes int) {
	d.limit = d.size() + nodes
	d.stepLimit = d.steps + 64*int64(nodes) + 1<<16
	d.exceeded = false
}

// rollback forgets everything from index size on after the limit was hit.
func (d *diagram) rollback(size int) {
	d.truncate(size)
	if len(d.stamp) > size {
		d.stamp = d.stamp[:size]
		d.restricted = d.restricted[:size]
	}
	d.cache.clear()
	d.exceeded = false
}

func (d *diagram) levelOf(f edge) int32 { return d.level[f>>1] }

// cofactors returns f with the variable of the given level failed and working.
func (d *diagram) cofactors(f edge, level int32) (high, low edge) {
	n := f >> 1
	if d.level[n] != level {
		return f, f
	}
	c := f & 1
	return edge(d.high[n]) ^ c, edge(d.low[n]) ^ c
}

func (d *diagram) node(level int32, high, low edge) edge {
	if high == low {
		return high
	}
	c := high & 1
	if d.size() >= d.limit {
		d.exceeded = true
		return neverFailed
	}
	return edge(d.find(level, int32(high^c), int32(low^c)))<<1 | c
}

func (d *diagram) and(f, g edge) edge {
	switch {
	case f == neverFailed || g == neverFailed || f == g^1:
		return neverFailed
	case f == alwaysFailed || f == g:
		return g
	case g == alwaysFailed:
		return f
	}
	if f > g {
		f, g = g, f
	}
	if r, ok := d.cache.get(int32(f), int32(g)); ok {
		return edge(r)
	}
	d.steps++
	if d.exceeded || d.steps > d.stepLimit {
		d.exceeded = true
		return neverFailed
	}
	level := min(d.levelOf(f), d.levelOf(g))
	f1, f0 := d.cofactors(f, level)
	g1, g0 := d.cofactors(g, level)
	high := d.and(f1, g1)
	low := d.and(f0, g0)
	if d.exceeded {
		return neverFailed
	}
	r := d.node(level, high, low)
	if !d.exceeded {
		d.cache.put(int32(f), int32(g), int32(r))
	}
	return r
}

func (d *diagram) or(f, g edge) edge { return d.and(f^1, g^1) ^ 1 }

func (d *diagram) xor(f, g edge) edge { return d.or(d.and(f, g^1), d.and(f^1, g)) }

// orAll folds by halves, so that operands of one operation have like sizes.
func (d *diagram) orAll(fs []edge) edge {
	switch len(fs) {
	case 0:
		return neverFailed
	case 1:
		return fs[0]
	}
	return d.or(d.orAll(fs[:len(fs)/2]), d.orAll(fs[len(fs)/2:]))
}

// andAll folds from the last operand, which callers put deepest.
func (d *diagram) andAll(fs []edge) edge {
	f := alwaysFailed
	for i := len(fs) - 1; i >= 0; i-- {
		f = d.and(fs[i], f)
	}
	return f
}

// orChain returns the disjunction of the variables of a set.
func (d *diagram) orChain(levels []int32) edge {
	f := neverFailed
	for i := len(levels) - 1; i >= 0; i-- {
		f = d.node(levels[i], alwaysFailed, f)
	}
	return f
}

// atLeast returns "at least k of fs". With T(i, j) = at least j of fs[i:],
// T(i, j) = (fs[i] ∧ T(i+1, j−1)) ∨ T(i+1, j).
func (d *diagram) atLeast(k int, fs []edge) edge {
	t := make([]edge, k+1)
	t[0] = alwaysFailed
	for j := 1; j <= k; j++ {
		t[j] = neverFailed
	}
	for i := len(fs) - 1; i >= 0; i-- {
		// Below k − i failures so far, fewer than k can be reached in all.
		for j := k; j >= max(1, k-i); j-- {
			t[j] = d.or(d.and(fs[i], t[j-1]), t[j])
		}
		if d.exceeded {
			return neverFailed
		}
	}
	return t[k]
}

// restrictLow returns f with every variable of the set working.
func (d *diagram) restrictLow(f edge, set *levelMask) edge {
	d.epoch++
	return d.restrictLowRec(f, set)
}

func (d *diagram) restrictLowRec(f edge, set *levelMask) edge {
	n := f >> 1
	if d.level[n] > set.last {
		return f
	}
	c := f & 1
	if int(n) < len(d.stamp) && d.stamp[n] == d.epoch {
		return d.restricted[n] ^ c
	}
	if d.exceeded {
		return neverFailed
	}
	var r edge
	if level := d.level[n]; set.has(level) {
		r = d.restrictLowRec(edge(d.low[n]), set)
	} else {
		high := d.restrictLowRec(edge(d.high[n]), set)
		low := d.restrictLowRec(edge(d.low[n]), set)
		r = d.node(level, high, low)
	}
	if grow := int(n) + 1 - len(d.stamp); grow > 0 {
		d.stamp = append(d.stamp, make([]int32, grow)...)
		d.restricted = append(d.restricted, make([]edge, grow)...)
	}
	d.stamp[n] = d.epoch
	d.restricted[n] = r
	return r ^ c
}

// compact keeps the nodes that the roots reach, in their order, and rewrites
// the roots in place. marks are positions between nodes and move along.
func (d *diagram) compact(roots []*edge, marks []int32) {
	keep := make([]bool, d.size())
	keep[0] = true
	var stack []int32
	for _, r := range roots {
		stack = append(stack, int32(*r>>1))
		for len(stack) > 0 {
			n := stack[len(stack)-1]
			stack = stack[:len(stack)-1]
			if !keep[n] {
				keep[n] = true
				stack = append(stack, d.high[n]>>1, d.low[n]>>1)
			}
		}
	}
	position := make([]int32, d.size()+1)
	next := int32(0)
	move := func(e int32) int32 { return position[e>>1]<<1 | e&1 }
	for n := range keep {
		position[n] = next
		if keep[n] {
			d.level[next], d.high[next], d.low[next] = d.level[n], move(d.high[n]), move(d.low[n])
			next++
		}
	}
	position[len(keep)] = next
	for _, r := range roots {
		*r = edge(move(int32(*r)))
	}
	for i, m := range marks {
		marks[i] = position[m]
	}
	d.level, d.high, d.low = d.level[:next], d.high[:next], d.low[:next]
	d.stamp, d.restricted, d.epoch = nil, nil, 0
	size := 1 << 10
	for size < 2*int(next)+2 {
		size *= 2
	}
	d.rehash(size)
	d.cache.clear()
}

// levelMask is a set of levels with constant-time test, reused between calls.
type levelMask struct {
	bit  []bool
	set  levelSet
	last int32
}

func (m *levelMask) load(s levelSet) {
	m.set.each(func(level int32) { m.bit[level] = false })
	m.last = -1
	s.each(func(level int32) { m.bit[level], m.last = true, level })
	m.set = s
}

func (m *levelMask) has(level int32) bool { return m.bit[level] }
