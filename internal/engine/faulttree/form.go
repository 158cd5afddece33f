package faulttree

import (
	"cmp"
	"slices"
)

// form is the failure function of a gate in the normal form
//
//	F = (one event of singles fails) ∨ parts[0] ∨ parts[1] ∨ …
//
// in which no variable of singles occurs in a part and no two parts share a
// variable. The parts are therefore independent of each other and of singles,
// so that P(F) = 1 − Π(1−q) Π(1−P(part)), and for a coherent F singles is
// exactly the set of its cut sets of order 1. A series closure, however many
// paths lead through it, is nothing but a union of sets.
type form struct {
	always  bool // failed whatever the events do; the rest is then empty
	opaque  bool // there is more, for which the budget did not suffice
	singles levelSet
	parts   []part // ascending roots
}

// part is a function of which no single variable failing makes it fail (when
// coherent), with a set of variables outside of which it depends on nothing.
type part struct {
	root    edge
	support levelSet
}

func (f *form) never() bool {
	return !f.always && !f.opaque && f.singles.empty() && len(f.parts) == 0
}

var (
	alwaysForm = &form{always: true}
	neverForm  = &form{}
)

// sameWords reports whether two forms are written alike.
func (f *form) sameWords(g *form) bool {
	if f.always != g.always || f.opaque != g.opaque || len(f.parts) != len(g.parts) || !f.singles.equal(g.singles) {
		return false
	}
	for i := range f.parts {
		if f.parts[i].root != g.parts[i].root {
			return false
		}
	}
	return true
}

// former combines forms over one diagram.
type former struct {
	d     *diagram
	mask  levelMask
	owner []int32 // by level: index+1 of the part that has it, while clustering
}

func newFormer(levels int) *former {
	return &former{d: newDiagram(), mask: levelMask{bit: make([]bool, levels), last: -1}, owner: make([]int32, levels)}
}

// assemble brings singles and parts, which may overlap in any way, into the
// normal form. From F = S ∨ R follows F = S ∨ R|S working, and parts that
// share a variable are joined.
func (b *former) assemble(singles levelSet, parts []part, opaque bool) *form {
	if opaque {
		return &form{opaque: true, singles: singles}
	}
	parts, always := b.dropFailed(parts, singles)
	if always {
		return alwaysForm
	}
	slices.SortFunc(parts, func(p, q part) int { return cmp.Compare(p.root, q.root) })
	n := 0
	for _, p := range parts {
		if n > 0 && parts[n-1].root == p.root {
			// One function twice: either set of variables suffices.
			parts[n-1].support = parts[n-1].support.intersect(p.support)
			continue
		}
		parts[n] = p
		n++
	}
	parts = b.joinOverlapping(parts[:n])
	for _, p := range parts {
		if p.root == alwaysFailed {
			return alwaysForm
		}
	}
	return &form{singles: singles, parts: parts}
}

// dropFailed restricts the parts to the case that no single fails; always says
// that one of them turned out constant.
func (b *former) dropFailed(parts []part, singles levelSet) (kept []part, always bool) {
	loaded := false
	kept = make([]part, 0, len(parts))
	for _, p := range parts {
		if p.support.intersects(singles) {
			if !loaded {
				b.mask.load(singles)
				loaded = true
			}
			p = part{root: b.d.restrictLow(p.root, &b.mask), support: p.support.minus(singles)}
		}
		switch p.root {
		case neverFailed:
		case alwaysFailed:
			return nil, true
		default:
			kept = append(kept, p)
		}
	}
	return kept, false
}

// joinOverlapping replaces parts connected through common variables by their
// disjunction: union-find over the variables, one visit each.
func (b *former) joinOverlapping(parts []part) []part {
	if len(parts) < 2 {
		return parts
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
	joined := false
	for i := range parts {
		parts[i].support.each(func(level int32) {
			if o := b.owner[level]; o == 0 {
				b.owner[level] = int32(i) + 1
			} else if x, y := find(o-1), find(int32(i)); x != y {
				leader[max(x, y)] = min(x, y)
				joined = true
			}
		})
	}
	for i := range parts {
		parts[i].support.each(func(level int32) { b.owner[level] = 0 })
	}
	if !joined {
		return parts
	}
	clusters := make([][]int32, len(parts))
	for i := range parts {
		l := find(int32(i))
		clusters[l] = append(clusters[l], int32(i))
	}
	var out []part
	for _, cluster := range clusters {
		if len(cluster) == 0 {
			continue
		}
		p := parts[cluster[0]]
		if len(cluster) > 1 {
			roots := make([]edge, len(cluster))
			for j, i := range cluster {
				roots[j] = parts[i].root
				p.support = p.support.union(parts[i].support)
			}
			p.root = b.d.orAll(roots)
		}
		out = append(out, p)
	}
	slices.SortFunc(out, func(p, q part) int { return cmp.Compare(p.root, q.root) })
	return out
}

// or returns the disjunction of forms.
func (b *former) or(fs []*form) *form {
	if len(fs) == 1 {
		return fs[0]
	}
	opaque := false
	var parts []part
	sets := make([]levelSet, 0, len(fs))
	for _, f := range fs {
		if f.always {
			return alwaysForm
		}
		opaque = opaque || f.opaque
		sets = append(sets, f.singles)
		parts = append(parts, f.parts...)
	}
	singles := unionAll(sets)
	if len(parts) == 0 && !opaque {
		return &form{singles: singles}
	}
	return b.assemble(singles, parts, opaque)
}

// atLeast returns "at least k of fs fail". A variable that fails k of them
// alone is a single of the result; a part that k of them have is a part of the
// result and can be left out of each; only what remains is multiplied.
func (b *former) atLeast(k int, fs []*form) *form {
	kept := make([]*form, 0, len(fs))
	for _, f := range fs {
		switch {
		case f.always:
			k--
		case !f.never():
			kept = append(kept, f)
		}
	}
	switch {
	case k <= 0:
		return alwaysForm
	case k > len(kept):
		return neverForm
	case k == 1:
		return b.or(kept)
	}
	sets := make([]levelSet, len(kept))
	opaque := false
	for i, f := range kept {
		sets[i] = f.singles
		opaque = opaque || f.opaque
	}
	singles := atLeast(k, sets)
	if opaque {
		return &form{opaque: true, singles: singles}
	}
	parts, common := commonParts(k, kept)
	var roots []edge
	var support levelSet
	for i, f := range kept {
		rest := f.parts
		if common != nil {
			rest = make([]part, 0, len(f.parts))
			for _, p := range f.parts {
				if !common[p.root] {
					rest = append(rest, p)
				}
			}
		}
		rest, always := b.dropFailed(rest, singles)
		own := sets[i].minus(singles)
		if always {
			// Only a part that is not coherent can do this.
			roots = append(roots, alwaysFailed)
			continue
		}
		if own.empty() && len(rest) == 0 {
			continue
		}
		roots = append(roots, b.disjoint(own, rest))
		support = support.union(own)
		for _, p := range rest {
			support = support.union(p.support)
		}
	}
	if len(roots) >= k {
		slices.SortFunc(roots, func(f, g edge) int { return cmp.Compare(b.d.levelOf(f), b.d.levelOf(g)) })
		root := neverFailed
		if k == len(roots) {
			root = b.d.andAll(roots)
		} else {
			root = b.d.atLeast(k, roots)
		}
		if root != neverFailed {
			parts = append(parts, part{root: root, support: support})
		}
	}
	return b.assemble(singles, parts, false)
}

// commonParts returns the parts that at least k of the forms have, and the set
// of their roots (nil when there are none).
func commonParts(k int, fs []*form) ([]part, map[edge]bool) {
	without := 0
	for _, f := range fs {
		if len(f.parts) == 0 {
			without++
		}
	}
	if without > len(fs)-k {
		return nil, nil
	}
	count := map[edge]int{}
	var parts []part
	var roots map[edge]bool
	for _, f := range fs {
		for _, p := range f.parts {
			count[p.root]++
			if count[p.root] == k {
				parts = append(parts, p)
				if roots == nil {
					roots = map[edge]bool{}
				}
				roots[p.root] = true
			}
		}
	}
	return parts, roots
}

// disjoint returns the diagram of singles and parts in normal form.
func (b *former) disjoint(singles levelSet, parts []part) edge {
	roots := make([]edge, 0, len(parts)+1)
	for _, p := range parts {
		roots = append(roots, p.root)
	}
	if !singles.empty() {
		roots = append(roots, b.d.orChain(singles.levels(nil)))
	}
	return b.d.orAll(roots)
}

// whole returns the diagram of the parts of a form together.
func (b *former) whole(f *form) edge {
	roots := make([]edge, len(f.parts))
	for i, p := range f.parts {
		roots[i] = p.root
	}
	return b.d.orAll(roots)
}

// function returns the diagram of a form.
func (b *former) function(f *form) edge {
	if f.always {
		return alwaysFailed
	}
	return b.disjoint(f.singles, f.parts)
}

// notCoherent returns the form of a NOT or XOR gate.
func (b *former) notCoherent(op Op, fs []*form) *form {
	root := neverFailed
	var support levelSet
	opaque := false
	for _, f := range fs {
		opaque = opaque || f.opaque
		support = support.union(f.singles)
		for _, p := range f.parts {
			support = support.union(p.support)
		}
	}
	if opaque {
		return &form{opaque: true}
	}
	for _, f := range fs {
		root = b.d.xor(root, b.function(f))
	}
	if op == OpNot {
		root ^= 1
	}
	switch root {
	case alwaysFailed:
		return alwaysForm
	case neverFailed:
		return neverForm
	}
	return &form{parts: []part{{root: root, support: support}}}
}
