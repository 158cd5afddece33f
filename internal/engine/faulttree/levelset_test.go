package faulttree

import (
	"math/rand/v2"
	"slices"
	"testing"
)

func TestLevelSetsBehaveAsSets(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	random := func() (levelSet, map[int32]bool) {
		m := map[int32]bool{}
		for range r.IntN(40) {
			m[int32(r.IntN(5)*1000+r.IntN(100))] = true
		}
		levels := []int32{}
		for level := range m {
			levels = append(levels, level)
		}
		slices.Sort(levels)
		return setOfLevels(levels), m
	}
	check := func(name string, got levelSet, want func(level int32) bool) {
		t.Helper()
		n := 0
		for level := range int32(5000) {
			if want(level) {
				n++
			}
		}
		levels := got.levels(nil)
		if len(levels) != n || got.count() != n || got.empty() != (n == 0) || !slices.IsSorted(levels) {
			t.Fatalf("%s: %v, want %d levels", name, levels, n)
		}
		for _, level := range levels {
			if !want(level) {
				t.Fatalf("%s: holds %d", name, level)
			}
		}
	}
	for range 2000 {
		a, inA := random()
		b, inB := random()
		c, inC := random()
		check("union", a.union(b), func(l int32) bool { return inA[l] || inB[l] })
		check("intersection", a.intersect(b), func(l int32) bool { return inA[l] && inB[l] })
		check("difference", a.minus(b), func(l int32) bool { return inA[l] && !inB[l] })
		check("union of all", unionAll([]levelSet{a, b, c}), func(l int32) bool { return inA[l] || inB[l] || inC[l] })
		check("in two of three", atLeast(2, []levelSet{a, b, c}), func(l int32) bool {
			return inA[l] && inB[l] || inA[l] && inC[l] || inB[l] && inC[l]
		})
		check("in two of three, one given twice", atLeast(2, []levelSet{a, b, a}), func(l int32) bool { return inA[l] })
		check("union with a subset", a.union(a.intersect(b)), func(l int32) bool { return inA[l] })
		if a.intersects(b) == a.intersect(b).empty() || !a.equal(a.union(a)) || a.equal(b) != slices.Equal(a.levels(nil), b.levels(nil)) {
			t.Fatalf("%v and %v: intersects or equal is wrong", a, b)
		}
	}
}
