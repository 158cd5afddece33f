package faulttree

import "slices"

// cluster is a disjunction of parts that share variables, decomposed by
// Shannon on one variable into two settled forms. Together with diagrams as
// leaves, clusters are a decision-DNNF (Darwiche, Marquis 2002: A knowledge
// compilation map; component caching as in sharpSAT, Thurley 2006): each
// cluster has an order of variables of its own, so that thousands of tops over
// the same infrastructure need not agree on one, and it falls into independent
// clusters as soon as what held it together is decided.
type cluster struct {
	level     int32
	high, low *form
}

// joint remembers which cluster or diagram a set of parts became.
type joint struct {
	parts []edge
	root  edge
}

// An edge below zero is the complement in bits of the index of a cluster. Only
// settled forms have such edges.
func clusterEdge(i int) edge      { return ^edge(i) }
func (e edge) isCluster() bool    { return e < 0 }
func (e edge) clusterIndex() int  { return int(^e) }
func (b *former) exhausted() bool { return b.d.exceeded }

// settle returns the form with independent parts.
func (b *former) settle(f *form) *form {
	if f.always || f.opaque || len(f.parts) < 2 {
		return f
	}
	return b.components(f.singles, f.parts)
}

// components joins the parts that are connected through common variables:
// union-find, one visit per part and variable.
func (b *former) components(singles levelSet, parts []edge) *form {
	if len(parts) < 2 {
		return &form{singles: singles, parts: parts}
	}
	leader := make([]int32, len(parts))
	for i := range leader {
		leader[i] = int32(i)
	}
	find := func(i int32) int32 {
		for leader[i] != i {
			leader[i] = leader[leader[i]]
			i = leader[i]
		}
		return i
	}
	for i, p := range parts {
		b.supportOf(p).each(func(level int32) {
			if o := b.owner[level]; o == 0 {
				b.owner[level] = int32(i) + 1
			} else if x, y := find(o-1), find(int32(i)); x != y {
				leader[max(x, y)] = min(x, y)
			}
		})
	}
	for _, p := range parts {
		b.supportOf(p).each(func(level int32) { b.owner[level] = 0 })
	}
	groups := make([][]edge, len(parts))
	for i, p := range parts {
		l := find(int32(i))
		groups[l] = append(groups[l], p)
	}
	f := &form{singles: singles}
	for _, g := range groups {
		switch len(g) {
		case 0:
		case 1:
			f.parts = append(f.parts, g[0])
		default:
			f.parts = append(f.parts, b.join(g))
			if b.exhausted() {
				return f
			}
		}
	}
	slices.Sort(f.parts)
	if i, found := slices.BinarySearch(f.parts, alwaysFailed); found && f.parts[i] == alwaysFailed {
		return alwaysForm
	}
	return f
}

// smallJoin is up to how many parts a plain diagram is tried first.
const smallJoin = 6

// join returns the disjunction of connected parts as a diagram or cluster.
func (b *former) join(parts []edge) edge {
	key := hashEdges(parts)
	for _, j := range b.joined[key] {
		if slices.Equal(j.parts, parts) {
			return j.root
		}
	}
	root, done := edge(0), false
	if len(parts) <= smallJoin {
		root, done = b.tryDiagram(parts)
	}
	if !done {
		if b.d.steps++; b.d.steps > b.d.stepLimit || b.d.made() >= b.d.limit {
			b.d.exceeded = true
		}
		if b.exhausted() {
			return neverFailed
		}
		level := b.mostShared(parts)
		c := cluster{level: level, high: b.branch(parts, level, true)}
		if b.exhausted() {
			return neverFailed
		}
		c.low = b.branch(parts, level, false)
		if b.exhausted() {
			return neverFailed
		}
		b.clusters = append(b.clusters, c)
		b.d.extra++
		root = clusterEdge(len(b.clusters) - 1)
	}
	b.joined[key] = append(b.joined[key], joint{parts: parts, root: root})
	return root
}

// tryDiagram joins parts by a plain diagram if that stays small.
func (b *former) tryDiagram(parts []edge) (edge, bool) {
	d := b.d
	limit, stepLimit := d.limit, d.stepLimit
	d.limit = min(limit, d.made()+32*len(parts))
	d.stepLimit = min(stepLimit, d.steps+int64(256*len(parts)))
	root := d.orAll(parts)
	done := !d.exceeded
	d.exceeded = false
	d.limit, d.stepLimit = limit, stepLimit
	return root, done
}

// mostShared returns the variable that most parts depend on, the first of equals.
func (b *former) mostShared(parts []edge) int32 {
	best, most := int32(0), int32(0)
	for _, p := range parts {
		b.supportOf(p).each(func(level int32) {
			b.parts[level]++
			if n := b.parts[level]; n > most || n == most && level < best {
				best, most = level, n
			}
		})
	}
	for _, p := range parts {
		b.supportOf(p).each(func(level int32) { b.parts[level] = 0 })
	}
	return best
}

// branch returns the settled form of the parts with one variable decided. When
// it fails, what were pairs become single points: they are taken out and
// simplify the rest.
func (b *former) branch(parts []edge, level int32, failed bool) *form {
	parts = b.restrict(parts, singleLevel(level), failed)
	if len(parts) > 0 && parts[0] == alwaysFailed {
		return alwaysForm
	}
	var levels []int32
	if failed {
		for _, p := range parts {
			levels = b.d.singles(p, levels)
		}
	}
	slices.Sort(levels)
	singles := setOfLevels(levels)
	parts = b.restrict(parts, singles, false)
	if len(parts) > 0 && parts[0] == alwaysFailed {
		return alwaysForm
	}
	if b.exhausted() {
		return neverForm
	}
	return b.components(singles, parts)
}

func hashEdges(es []edge) uint64 {
	h := uint64(len(es))
	for _, e := range es {
		h = (h ^ uint64(uint32(e))) * 0x9E3779B97F4A7C15
		h ^= h >> 32
	}
	return h
}
