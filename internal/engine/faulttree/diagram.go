package faulttree

import "slices"

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

	extra     int   // clusters made, which count as nodes
	limit     int   // number of nodes and clusters at which building stops
	steps     int64 // recursive calls made
	stepLimit int64
	exceeded  bool // the limit was hit: results are void until allow

	restricted []edge // results of restrictLow, valid where stamp matches
	stamp      []int32
	epoch      int32
	seen       []int32 // scratch of support
	seenEpoch  int32
}

func newDiagram() *diagram {
	d := &diagram{}
	d.reset(1)
	d.cache.clear()
	return d
}

// made counts nodes and clusters.
func (d *diagram) made() int { return d.size() + d.extra }

// allow lets the diagram grow by so many nodes from here on. The number of
// recursive calls is bounded too: a lossy cache could repeat work without
// making nodes. Nodes of a construction that hit the limit are correct and
// stay; only its result is void.
func (d *diagram) allow(nodes int) {
	d.limit = d.made() + nodes
	d.stepLimit = d.steps + 64*int64(nodes) + 1<<12
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
	if d.made() >= d.limit {
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

// restrict returns f with every variable of the set failed or working. Results
// are remembered until epoch is moved on, once per set and direction.
func (d *diagram) restrict(f edge, set *levelMask, failed bool) edge {
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
	switch level := d.level[n]; {
	case !set.has(level):
		high := d.restrict(edge(d.high[n]), set, failed)
		low := d.restrict(edge(d.low[n]), set, failed)
		r = d.node(level, high, low)
	case failed:
		r = d.restrict(edge(d.high[n]), set, failed)
	default:
		r = d.restrict(edge(d.low[n]), set, failed)
	}
	if d.exceeded {
		return neverFailed
	}
	d.remember(n, r)
	return r ^ c
}

func (d *diagram) remember(n, r edge) {
	if grow := d.size() - len(d.stamp); int(n) >= len(d.stamp) {
		d.stamp = append(d.stamp, make([]int32, grow)...)
		d.restricted = append(d.restricted, make([]edge, grow)...)
	}
	d.stamp[n] = d.epoch
	d.restricted[n] = r
}

// support returns the variables that f depends on.
func (d *diagram) support(f edge) levelSet {
	if grow := d.size() - len(d.seen); grow > 0 {
		d.seen = append(d.seen, make([]int32, grow)...)
	}
	d.seenEpoch++
	var levels []int32
	stack := []edge{f >> 1}
	for len(stack) > 0 {
		n := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if n == 0 || d.seen[n] == d.seenEpoch {
			continue
		}
		d.seen[n] = d.seenEpoch
		levels = append(levels, d.level[n])
		stack = append(stack, edge(d.high[n]>>1), edge(d.low[n]>>1))
	}
	slices.Sort(levels)
	return setOfLevels(levels)
}

// singles appends the variables each of which makes f fail whatever the others
// do. On the path of all variables working, these are the nodes whose high
// edge is constant.
func (d *diagram) singles(f edge, to []int32) []int32 {
	for f>>1 != 0 {
		high, low := d.cofactors(f, d.levelOf(f))
		if high == alwaysFailed {
			to = append(to, d.levelOf(f))
		}
		f = low
	}
	return to
}

// compact keeps the nodes that the lists of edges reach, in their order, and
// rewrites the lists in place, a shared one once. marks are positions between
// nodes and move along. Edges to clusters are left alone.
func (d *diagram) compact(lists [][]edge, marks []int32) {
	keep := make([]bool, d.size())
	keep[0] = true
	var stack []int32
	for _, list := range lists {
		for _, e := range list {
			if !e.isCluster() {
				stack = append(stack, int32(e>>1))
			}
		}
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
	moved := make(map[*edge]bool, len(lists))
	for _, list := range lists {
		if len(list) == 0 || moved[&list[0]] {
			continue
		}
		moved[&list[0]] = true
		for i, e := range list {
			if !e.isCluster() {
				list[i] = edge(move(int32(e)))
			}
		}
	}
	for i, m := range marks {
		marks[i] = position[m]
	}
	d.level, d.high, d.low = slices.Clip(d.level[:next]), slices.Clip(d.high[:next]), slices.Clip(d.low[:next])
	d.stamp, d.restricted, d.epoch = nil, nil, 0
	d.seen, d.seenEpoch = nil, 0
	d.slots, d.cache.entry = nil, nil
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
