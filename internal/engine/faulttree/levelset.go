package faulttree

import (
	"math/bits"
	"slices"
)

// levelSet is an immutable set of variable levels: the non-empty 64-bit words
// of a bit map, with their block numbers in ascending order. Variables that
// are used together lie close in a depth-first order, so words are well filled.
type levelSet struct {
	block []int32
	word  []uint64
}

func singleLevel(level int32) levelSet {
	return levelSet{block: []int32{level >> 6}, word: []uint64{1 << (level & 63)}}
}

// setOfLevels makes a set of ascending levels, which may repeat.
func setOfLevels(levels []int32) levelSet {
	var s levelSet
	for _, level := range levels {
		if n := len(s.block); n > 0 && s.block[n-1] == level>>6 {
			s.word[n-1] |= 1 << (level & 63)
		} else {
			s = s.push(level>>6, 1<<(level&63))
		}
	}
	return s
}

func (s levelSet) empty() bool { return len(s.block) == 0 }

func (s levelSet) has(level int32) bool {
	i, found := slices.BinarySearch(s.block, level>>6)
	return found && s.word[i]>>(level&63)&1 == 1
}

// one reports whether the set has exactly one level.
func (s levelSet) one() bool { return len(s.word) == 1 && s.word[0]&(s.word[0]-1) == 0 }

func (s levelSet) count() int {
	n := 0
	for _, w := range s.word {
		n += bits.OnesCount64(w)
	}
	return n
}

func (s levelSet) equal(t levelSet) bool {
	if len(s.block) != len(t.block) {
		return false
	}
	for i, b := range s.block {
		if b != t.block[i] || s.word[i] != t.word[i] {
			return false
		}
	}
	return true
}

// each calls f with every level in ascending order.
func (s levelSet) each(f func(level int32)) {
	for i, b := range s.block {
		for w := s.word[i]; w != 0; w &= w - 1 {
			f(b<<6 + int32(bits.TrailingZeros64(w)))
		}
	}
}

// levels appends the levels in ascending order.
func (s levelSet) levels(to []int32) []int32 {
	s.each(func(level int32) { to = append(to, level) })
	return to
}

func (s levelSet) push(block int32, word uint64) levelSet {
	if word != 0 {
		s.block = append(s.block, block)
		s.word = append(s.word, word)
	}
	return s
}

func newLevelSet(capacity int) levelSet {
	return levelSet{block: make([]int32, 0, capacity), word: make([]uint64, 0, capacity)}
}

// union returns s ∪ t, one of the two itself when it contains the other.
func (s levelSet) union(t levelSet) levelSet {
	if t.empty() {
		return s
	}
	if s.empty() {
		return t
	}
	size, sHasAll, tHasAll := s.unionShape(t)
	if sHasAll {
		return s
	}
	if tHasAll {
		return t
	}
	u := newLevelSet(size)
	i, j := 0, 0
	for i < len(s.block) || j < len(t.block) {
		switch {
		case j == len(t.block) || i < len(s.block) && s.block[i] < t.block[j]:
			u = u.push(s.block[i], s.word[i])
			i++
		case i == len(s.block) || t.block[j] < s.block[i]:
			u = u.push(t.block[j], t.word[j])
			j++
		default:
			u = u.push(s.block[i], s.word[i]|t.word[j])
			i++
			j++
		}
	}
	return u
}

// unionAll folds by halves, so that a wide gate costs n log n.
func unionAll(sets []levelSet) levelSet {
	switch len(sets) {
	case 0:
		return levelSet{}
	case 1:
		return sets[0]
	}
	return unionAll(sets[:len(sets)/2]).union(unionAll(sets[len(sets)/2:]))
}

func (s levelSet) unionShape(t levelSet) (size int, sHasAll, tHasAll bool) {
	sHasAll, tHasAll = true, true
	i, j := 0, 0
	for i < len(s.block) && j < len(t.block) {
		switch {
		case s.block[i] < t.block[j]:
			tHasAll = false
			i++
		case t.block[j] < s.block[i]:
			sHasAll = false
			j++
		default:
			if s.word[i]&^t.word[j] != 0 {
				tHasAll = false
			}
			if t.word[j]&^s.word[i] != 0 {
				sHasAll = false
			}
			i++
			j++
		}
		size++
	}
	if i < len(s.block) {
		tHasAll = false
	}
	if j < len(t.block) {
		sHasAll = false
	}
	return size + len(s.block) - i + len(t.block) - j, sHasAll, tHasAll
}

func (s levelSet) intersects(t levelSet) bool {
	i, j := 0, 0
	for i < len(s.block) && j < len(t.block) {
		switch {
		case s.block[i] < t.block[j]:
			i++
		case t.block[j] < s.block[i]:
			j++
		default:
			if s.word[i]&t.word[j] != 0 {
				return true
			}
			i++
			j++
		}
	}
	return false
}

func (s levelSet) intersect(t levelSet) levelSet {
	u := newLevelSet(min(len(s.block), len(t.block)))
	i, j := 0, 0
	for i < len(s.block) && j < len(t.block) {
		switch {
		case s.block[i] < t.block[j]:
			i++
		case t.block[j] < s.block[i]:
			j++
		default:
			u = u.push(s.block[i], s.word[i]&t.word[j])
			i++
			j++
		}
	}
	return u
}

// minus returns s \ t, s itself when they are disjoint.
func (s levelSet) minus(t levelSet) levelSet {
	if !s.intersects(t) {
		return s
	}
	u := newLevelSet(len(s.block))
	j := 0
	for i, b := range s.block {
		for j < len(t.block) && t.block[j] < b {
			j++
		}
		w := s.word[i]
		if j < len(t.block) && t.block[j] == b {
			w &^= t.word[j]
		}
		u = u.push(b, w)
	}
	return u
}

// atLeast returns the levels that lie in at least k of the sets, by carrying
// "seen in j sets so far" upwards: reached[j] = reached[j] ∪ (reached[j−1] ∩ s).
func atLeast(k int, sets []levelSet) levelSet {
	if k == len(sets) {
		u := sets[0]
		for _, s := range sets[1:] {
			if u.empty() {
				break
			}
			u = u.intersect(s)
		}
		return u
	}
	reached := make([]levelSet, k+1)
	for _, s := range sets {
		for j := k; j > 1; j-- {
			if !reached[j-1].empty() {
				reached[j] = reached[j].union(reached[j-1].intersect(s))
			}
		}
		reached[1] = reached[1].union(s)
	}
	return reached[k]
}
