package topevent

import (
	"math/rand/v2"
	"testing"
)

// bounded compiles a tree with approximations only.
func bounded(t *testing.T, tree *Tree, rounds int, epsilon float64, most int) *Analysis {
	order, err := tree.sorted(nil)
	if err != nil {
		t.Fatal(err)
	}
	a := &Analysis{tree: tree, opts: Options{NodeBudget: largestBudget}, p: make([]Probability, len(tree.nodes)), mem: memory{limit: defaultMemory}}
	for _, e := range tree.events {
		a.p[e] = tree.nodes[e].p
	}
	a.g, a.events = read(tree, order, nil)
	a.blocks = a.g.blocks()
	a.solved = make([]*function, len(a.blocks))
	a.bounds = make([]bounds, len(a.blocks))
	never := func() bool { return false }
	for i, b := range a.blocks {
		r := &refinement{}
		for n := range rounds {
			at := a.intervals()
			influence, _ := a.g.influence(b, at)
			m := measures[n%len(measures)]
			m.epsilon, m.most = epsilon, most
			if !a.g.rises(b) {
				m.want = bothSides
			}
			if solved, _ := a.bound(i, m, influence, at, r, 1<<30, never); solved {
				break
			}
			epsilon /= 2
		}
	}
	return a
}

func TestBoundsHoldTheProbability(t *testing.T) {
	for seed := range trials() {
		r := rand.New(rand.NewPCG(uint64(seed), 2))
		tree := randomTree(r, 12, seed%2 == 0)
		order, err := tree.sorted(nil)
		if err != nil {
			t.Fatal(seed, err)
		}
		want := 0.0
		for s := uint(0); s < 1<<len(tree.Events()); s++ {
			if truth(tree, order, s) {
				want += weight(tree, s)
			}
		}
		a := bounded(t, tree, int(seed)%5, 0.2*r.Float64(), 4+r.IntN(60))
		x := a.intervals()[a.g.top.id()].of(ref(a.g.top & 1))
		if x.low > want+1e-12 || x.high < want-1e-12 {
			t.Fatalf("seed %d: %v is outside [%v, %v]", seed, want, x.low, x.high)
		}
	}
}

func TestRoughRulesHoldTheProbability(t *testing.T) {
	for seed := range trials() {
		r := rand.New(rand.NewPCG(uint64(seed), 12))
		tree := randomTree(r, 12, seed%2 == 0)
		order, err := tree.sorted(nil)
		if err != nil {
			t.Fatal(seed, err)
		}
		want := 0.0
		for s := uint(0); s < 1<<len(tree.Events()); s++ {
			if truth(tree, order, s) {
				want += weight(tree, s)
			}
		}
		a := bounded(t, tree, 0, 0, 0)
		x := a.intervals()[a.g.top.id()].of(ref(a.g.top & 1))
		if x.low > want+1e-12 || x.high < want-1e-12 || x.low > x.high {
			t.Fatalf("seed %d: %v is outside [%v, %v]", seed, want, x.low, x.high)
		}
	}
}

func TestBoundsNeverWidenWithWork(t *testing.T) {
	never := func() bool { return false }
	narrowed, met := 0, 0
	for seed := range trials() / 10 {
		r := rand.New(rand.NewPCG(uint64(seed), 13))
		tree := randomTree(r, 14, seed%2 == 0)
		a := bounded(t, tree, 0, 0, 0)
		refining := make([]*refinement, len(a.blocks))
		for i := range refining {
			refining[i] = &refinement{}
		}
		last := a.intervals()[a.g.top.id()]
		first := last
		for range 40 {
			for i, x := range refining {
				if a.solved[i] == nil {
					a.refine(i, x, x.work+1, never)
				}
			}
			now := a.intervals()[a.g.top.id()]
			if now.low < last.low*(1-1e-12) || now.high > last.high*(1+1e-12) {
				t.Fatalf("seed %d: [%v, %v] after [%v, %v]", seed, now.low, now.high, last.low, last.high)
			}
			last = now
		}
		if last.high-last.low < first.high-first.low {
			narrowed++
		}
		if _, ok := a.values(); ok {
			met++
		}
	}
	if narrowed == 0 || met == 0 {
		t.Errorf("bounds were narrowed on %d trees and met on %d", narrowed, met)
	}
}
