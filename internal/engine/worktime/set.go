package worktime

import (
	"iter"
	"math"
	"slices"
	"sort"
	"strings"
	"time"
)

// Set is an immutable set of instants, kept as sorted, disjoint, non-touching,
// non-empty intervals in UTC. The zero Set is empty. Sets are values: every
// operation returns a new one.
type Set struct {
	parts []Interval
}

// NewSet returns the union of the intervals, given in any order; empty ones
// are dropped.
func NewSet(intervals ...Interval) Set {
	kept := make([]Interval, 0, len(intervals))
	for _, i := range intervals {
		if !i.IsEmpty() {
			kept = append(kept, Interval{instantOf(i.Start), instantOf(i.End)})
		}
	}
	byStart := func(a, b Interval) int { return a.Start.Compare(b.Start) }
	if !slices.IsSortedFunc(kept, byStart) {
		slices.SortFunc(kept, byStart)
	}
	return Set{merge(kept)}
}

// instantOf drops location and monotonic reading: only the instant counts.
func instantOf(t time.Time) time.Time { return t.Round(0).UTC() }

// merge joins overlapping and touching intervals of a sorted slice, in place.
func merge(sorted []Interval) []Interval {
	merged := sorted[:0]
	for _, i := range sorted {
		last := len(merged) - 1
		if last >= 0 && !i.Start.After(merged[last].End) {
			merged[last].End = later(merged[last].End, i.End)
			continue
		}
		merged = append(merged, i)
	}
	return merged
}

// Intervals returns a copy of the disjoint intervals in time order.
func (s Set) Intervals() []Interval { return slices.Clone(s.parts) }

// All ranges over the disjoint intervals in time order.
func (s Set) All() iter.Seq[Interval] { return slices.Values(s.parts) }

// Len returns the number of disjoint intervals.
func (s Set) Len() int { return len(s.parts) }

// IsEmpty tells whether the set holds no instant.
func (s Set) IsEmpty() bool { return len(s.parts) == 0 }

// Bounds returns the smallest interval around the set, empty for an empty set.
func (s Set) Bounds() Interval {
	if s.IsEmpty() {
		return Interval{}
	}
	return Interval{s.parts[0].Start, s.parts[len(s.parts)-1].End}
}

// Duration returns the total length, at most the largest time.Duration.
func (s Set) Duration() time.Duration {
	var total time.Duration
	for _, i := range s.parts {
		d := i.Duration()
		if total > math.MaxInt64-d {
			return math.MaxInt64
		}
		total += d
	}
	return total
}

// Contains tells whether the set holds t, in logarithmic time.
func (s Set) Contains(t time.Time) bool {
	i := s.firstEndingAfter(t)
	return i < len(s.parts) && !t.Before(s.parts[i].Start)
}

// firstEndingAfter returns the index of the first interval that ends after t.
func (s Set) firstEndingAfter(t time.Time) int {
	return sort.Search(len(s.parts), func(i int) bool { return s.parts[i].End.After(t) })
}

// Equal tells whether both sets hold the same instants.
func (s Set) Equal(o Set) bool {
	return slices.EqualFunc(s.parts, o.parts, func(a, b Interval) bool {
		return a.Start.Equal(b.Start) && a.End.Equal(b.End)
	})
}

// Union returns the instants of either set.
func (s Set) Union(o Set) Set {
	if s.IsEmpty() {
		return o
	}
	if o.IsEmpty() {
		return s
	}
	all := make([]Interval, 0, len(s.parts)+len(o.parts))
	a, b := s.parts, o.parts
	for len(a) > 0 && len(b) > 0 {
		if b[0].Start.Before(a[0].Start) {
			a, b = b, a
		}
		all, a = append(all, a[0]), a[1:]
	}
	all = append(append(all, a...), b...)
	return Set{merge(all)}
}

// Unite returns the union of any number of sets.
func Unite(sets ...Set) Set {
	var all []Interval
	for _, s := range sets {
		all = append(all, s.parts...)
	}
	return NewSet(all...)
}

// Intersect returns the instants of both sets.
func (s Set) Intersect(o Set) Set {
	var common []Interval
	a, b := s.parts, o.parts
	for len(a) > 0 && len(b) > 0 {
		if both := a[0].Intersect(b[0]); !both.IsEmpty() {
			common = append(common, both)
		}
		if a[0].End.Before(b[0].End) {
			a = a[1:]
		} else {
			b = b[1:]
		}
	}
	return Set{common}
}

// Subtract returns the instants of s that are not in o.
func (s Set) Subtract(o Set) Set {
	var rest []Interval
	b := o.parts
	for _, i := range s.parts {
		for len(b) > 0 && !b[0].End.After(i.Start) {
			b = b[1:]
		}
		from := i.Start
		for _, hole := range b {
			if !hole.Start.Before(i.End) {
				break
			}
			if hole.Start.After(from) {
				rest = append(rest, Interval{from, hole.Start})
			}
			from = hole.End
		}
		if from.Before(i.End) {
			rest = append(rest, Interval{from, i.End})
		}
	}
	return Set{rest}
}

// Complement returns the instants of within that are not in s.
func (s Set) Complement(within Interval) Set { return NewSet(within).Subtract(s.Clip(within)) }

// Clip returns the instants of s that lie within the interval, touching only
// the intervals concerned.
func (s Set) Clip(within Interval) Set {
	if within.IsEmpty() {
		return Set{}
	}
	first := s.firstEndingAfter(within.Start)
	last := first + sort.Search(len(s.parts)-first, func(i int) bool {
		return !s.parts[first+i].Start.Before(within.End)
	})
	if first == last {
		return Set{}
	}
	parts := slices.Clone(s.parts[first:last])
	parts[0].Start = later(parts[0].Start, instantOf(within.Start))
	parts[len(parts)-1].End = earlier(parts[len(parts)-1].End, instantOf(within.End))
	return Set{parts}
}

// String returns the intervals in UTC, separated by spaces.
func (s Set) String() string {
	texts := make([]string, len(s.parts))
	for i, p := range s.parts {
		texts[i] = p.String()
	}
	return strings.Join(texts, " ")
}
