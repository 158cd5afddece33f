// Package paged keeps a value for each of many small numbers, in pages that
// arrays derived from one another share until one of them writes: to derive one
// from a hundred thousand values and change a few costs little.
package paged

const (
	pageBits = 6
	pageSize = 1 << pageBits
)

// Array holds a value for each number from 0; what was never put is the zero
// value. The zero Array is empty. Reading alone is safe for concurrent use.
type Array[T any] struct {
	pages []*[pageSize]T
	own   []bool // pages that no other array reads
}

// At is the value of a number, which must not be below zero.
func (a *Array[T]) At(n int32) (v T) {
	if i := int(n >> pageBits); i < len(a.pages) && a.pages[i] != nil {
		v = a.pages[i][n&(pageSize-1)]
	}
	return v
}

// Put gives a number a value.
func (a *Array[T]) Put(n int32, v T) {
	i := int(n >> pageBits)
	for i >= len(a.pages) {
		a.pages, a.own = append(a.pages, nil), append(a.own, false)
	}
	switch {
	case a.pages[i] == nil:
		a.pages[i], a.own[i] = new([pageSize]T), true
	case !a.own[i]:
		c := *a.pages[i]
		a.pages[i], a.own[i] = &c, true
	}
	a.pages[i][n&(pageSize-1)] = v
}

// Share gives an array with the same values. From then on each may be written
// without the other seeing it; Share itself counts as writing.
func (a *Array[T]) Share() Array[T] {
	clear(a.own)
	return Array[T]{append([]*[pageSize]T(nil), a.pages...), make([]bool, len(a.pages))}
}

// Each calls fn for every value on the pages there are, zero values too.
func (a *Array[T]) Each(fn func(n int32, v T)) {
	for i, p := range a.pages {
		if p == nil {
			continue
		}
		for j := range p {
			fn(int32(i<<pageBits|j), p[j])
		}
	}
}
