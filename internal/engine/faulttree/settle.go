package faulttree

import (
	"math"
	"slices"
)

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
	// Marks of earlier calls are below base, so that nothing has to be cleared.
	base := b.marks(len(parts))
	for i, p := range parts {
		b.supportOf(p).each(func(level int32) {
			if o := b.mark[level] - base; o < 0 {
				b.mark[level] = base + int32(i)
			} else if x, y := find(o), find(int32(i)); x != y {
				leader[max(x, y)] = min(x, y)
			}
		})
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
const smallJoin = 2

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
	room := 0
	for _, p := range parts {
		room += 8 * b.supportOf(p).count()
	}
	limit, stepLimit := d.limit, d.stepLimit
	d.limit = min(limit, d.made()+room)
	d.stepLimit = min(stepLimit, d.steps+int64(8*room))
	root := d.orAll(parts)
	done := !d.exceeded
	d.exceeded = false
	d.limit, d.stepLimit = limit, stepLimit
	return root, done
}

// mostShared returns the variable that most parts depend on, the first of equals.
func (b *former) mostShared(parts []edge) int32 {
	base := b.marks(len(parts) + 1)
	best, most := int32(0), int32(0)
	for _, p := range parts {
		b.supportOf(p).each(func(level int32) {
			n := max(b.mark[level], base) + 1
			b.mark[level] = n
			if n > most || n == most && level < best {
				best, most = level, n
			}
		})
	}
	return best
}

// marks reserves n values, all above any in mark, and returns the first.
func (b *former) marks(n int) int32 {
	if b.nextMark > math.MaxInt32-int32(n)-1 {
		clear(b.mark)
		b.nextMark = 0
	}
	base := b.nextMark + 1
	b.nextMark += int32(n)
	return base
}

// branch returns the settled form of the parts with one variable decided. When
// it fails, what were pairs become single points: they are taken out and
// simplify the rest.
func (b *former) branch(parts []edge, level int32, failed bool) *form {
	var levels []int32
	decided := make([]edge, 0, len(parts))
	for _, p := range parts {
		if b.supportOf(p).has(level) {
			switch p = b.decide(p, level, failed); p {
			case neverFailed:
				continue
			case alwaysFailed:
				return alwaysForm
			}
			if failed {
				levels = b.d.singles(p, levels)
			}
		}
		decided = append(decided, p)
	}
	parts = distinct(decided)
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

// decide returns a part with one variable decided. Tops that share a part
// mostly decide it alike, so results are remembered.
func (b *former) decide(p edge, level int32, failed bool) edge {
	key := level << 1
	if failed {
		key |= 1
	}
	if r, ok := b.decided.get(int32(p), key); ok {
		return edge(r)
	}
	b.mask.load(singleLevel(level))
	b.d.epoch++
	r := b.d.restrict(p, &b.mask, failed)
	if !b.d.exceeded {
		b.decided.put(int32(p), key, int32(r))
	}
	return r
}

func hashEdges(es []edge) uint64 {
	h := uint64(len(es))
	for _, e := range es {
		h = (h ^ uint64(uint32(e))) * 0x9E3779B97F4A7C15
		h ^= h >> 32
	}
	return h
}
