package faulttree

import (
	"cmp"
	"slices"
)

// form is the failure function of a gate in the normal form
//
//	F = (one event of singles fails) ∨ parts[0] ∨ parts[1] ∨ …
//
// in which no part depends on a variable of singles. For a coherent F singles
// is exactly the set of its cut sets of order 1. A series closure, however
// many paths lead through it, is nothing but a union of sets, and equal parts
// that come along several paths are one.
//
// While forms are combined, parts may share variables. In a settled form
// (see settle.go) they do not: they are independent of each other and of
// singles, so that P(F) = 1 − Π(1−q) Π(1−P(part)).
type form struct {
	always  bool // failed whatever the events do; the rest is then empty
	opaque  bool // there is more, for which the budget did not suffice
	singles levelSet
	parts   []edge // ascending, each once
}

func (f *form) never() bool {
	return !f.always && !f.opaque && f.singles.empty() && len(f.parts) == 0
}

var (
	alwaysForm = &form{always: true}
	neverForm  = &form{}
)

// same reports whether two forms are written alike.
func (f *form) same(g *form) bool {
	return f.always == g.always && f.opaque == g.opaque && slices.Equal(f.parts, g.parts) && f.singles.equal(g.singles)
}

// former combines forms over one diagram.
type former struct {
	d       *diagram
	mask    levelMask
	support []*levelSet // by index of diagram node: variables it depends on, once asked for

	// for settle.go
	clusters []cluster
	joined   map[uint64][]joint
	decided  pairCache // part, variable and value: the part then
	mark     []int32   // by level: scratch, see marks
	nextMark int32
}

func newFormer(levels int) *former {
	b := &former{
		d:      newDiagram(),
		mask:   levelMask{bit: make([]bool, levels), last: -1},
		joined: map[uint64][]joint{},
		mark:   make([]int32, levels),
	}
	b.decided.clear()
	return b
}

// supportOf returns the variables that a function depends on.
func (b *former) supportOf(f edge) levelSet {
	n := int(f >> 1)
	if n >= len(b.support) {
		b.support = append(b.support, make([]*levelSet, b.d.size()-len(b.support))...)
	}
	if s := b.support[n]; s != nil {
		return *s
	}
	s := b.d.support(f)
	b.support[n] = &s
	return s
}

// assemble brings singles and parts into the normal form: from F = S ∨ R
// follows F = S ∨ (R with S working). It takes over parts.
func (b *former) assemble(singles levelSet, parts []edge, opaque bool) *form {
	if opaque {
		return &form{opaque: true, singles: singles}
	}
	parts = b.restrict(distinct(parts), singles, false)
	if len(parts) > 0 && parts[0] == alwaysFailed {
		return alwaysForm
	}
	return &form{singles: singles, parts: parts}
}

// distinct sorts and removes what is there twice, in place.
func distinct(parts []edge) []edge {
	slices.Sort(parts)
	return slices.Compact(parts)
}

// restrict returns the parts with the variables of the set failed or working;
// parts that never fail are left out. The result is sorted, so a part that
// always fails comes first. The argument is left alone.
func (b *former) restrict(parts []edge, set levelSet, failed bool) []edge {
	if set.empty() || len(parts) == 0 {
		return parts
	}
	loaded := false
	var out []edge
	for i, p := range parts {
		if !b.supportOf(p).intersects(set) {
			if loaded {
				out = append(out, p)
			}
			continue
		}
		if !loaded {
			b.mask.load(set)
			b.d.epoch++
			loaded = true
			out = append(make([]edge, 0, len(parts)), parts[:i]...)
		}
		if p = b.d.restrict(p, &b.mask, failed); p != neverFailed {
			out = append(out, p)
		}
	}
	if !loaded {
		return parts
	}
	return distinct(out)
}

// or returns the disjunction of forms.
func (b *former) or(fs []*form) *form {
	if len(fs) == 1 {
		return fs[0]
	}
	opaque := false
	var parts []edge
	sets := make([]levelSet, 0, len(fs))
	for _, f := range fs {
		if f.always {
			return alwaysForm
		}
		opaque = opaque || f.opaque
		sets = append(sets, f.singles)
		parts = append(parts, f.parts...)
	}
	return b.assemble(unionAll(sets), parts, opaque)
}

// atLeast returns "at least k of fs fail". A variable that fails k of them
// alone is a single of the result; a part that k of them have is a part of the
// result and can be left out of each; only what remains is multiplied.
func (b *former) atLeast(k int, fs []*form) *form {
	kept := make([]*form, 0, len(fs))
	opaque := false
	for _, f := range fs {
		switch {
		case f.always:
			k--
		case !f.never():
			kept = append(kept, f)
			opaque = opaque || f.opaque
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
	for i, f := range kept {
		sets[i] = f.singles
	}
	singles := atLeast(k, sets)
	if opaque {
		return &form{opaque: true, singles: singles}
	}
	parts := commonParts(k, kept)
	common := len(parts)
	var roots []edge
	for i, f := range kept {
		own := sets[i].minus(singles)
		rest := b.restrict(without(f.parts, parts[:common]), singles, false)
		if own.empty() && len(rest) == 0 {
			continue
		}
		roots = append(roots, b.function(own, rest))
	}
	if len(roots) >= k {
		slices.SortFunc(roots, func(f, g edge) int { return cmp.Compare(b.d.levelOf(f), b.d.levelOf(g)) })
		if k == len(roots) {
			parts = append(parts, b.d.andAll(roots))
		} else {
			parts = append(parts, b.d.atLeast(k, roots))
		}
		if parts[common] == neverFailed {
			parts = parts[:common]
		}
	}
	return b.assemble(singles, parts, false)
}

// commonParts returns the parts that at least k of the forms have, ascending.
func commonParts(k int, fs []*form) []edge {
	having := 0
	total := 0
	for _, f := range fs {
		if len(f.parts) > 0 {
			having++
			total += len(f.parts)
		}
	}
	if having < k {
		return nil
	}
	all := make([]edge, 0, total)
	for _, f := range fs {
		all = append(all, f.parts...)
	}
	slices.Sort(all)
	var common []edge
	for i := 0; i+k <= len(all); i++ {
		if all[i] == all[i+k-1] && (len(common) == 0 || common[len(common)-1] != all[i]) {
			common = append(common, all[i])
		}
	}
	return common
}

// without returns the parts that are not in the sorted list.
func without(parts, remove []edge) []edge {
	if len(remove) == 0 {
		return parts
	}
	out := make([]edge, 0, len(parts))
	for _, p := range parts {
		if _, found := slices.BinarySearch(remove, p); !found {
			out = append(out, p)
		}
	}
	return out
}

// function returns the diagram of singles and parts together.
func (b *former) function(singles levelSet, parts []edge) edge {
	return b.d.or(b.d.orAll(parts), b.d.orChain(singles.levels(nil)))
}

// notCoherent returns the form of a NOT or XOR gate.
func (b *former) notCoherent(op Op, fs []*form) *form {
	for _, f := range fs {
		if f.opaque {
			return &form{opaque: true}
		}
	}
	root := neverFailed
	for _, f := range fs {
		x := alwaysFailed
		if !f.always {
			x = b.function(f.singles, f.parts)
		}
		root = b.d.xor(root, x)
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
	return &form{parts: []edge{root}}
}
