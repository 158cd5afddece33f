package topevent

import (
	"math/rand/v2"
	"testing"
)

// bounded compiles a tree with approximations only.
func bounded(t *testing.T, tree *Tree, sizes ...int) *Analysis {
	order, err := tree.sorted()
	if err != nil {
		t.Fatal(err)
	}
	a := &Analysis{tree: tree, opts: Options{NodeBudget: largestBudget}, p: make([]Probability, len(tree.nodes)), mem: memory{limit: defaultMemory}}
	for _, e := range tree.events {
		a.p[e] = tree.nodes[e].p
	}
	a.g, a.events = read(tree, order)
	a.blocks = a.g.blocks()
	a.solved = make([]*function, len(a.blocks))
	a.bounds = make([]bounds, len(a.blocks))
	for i, b := range a.blocks {
		for _, size := range sizes {
			if a.bound(i, a.g.order(b, smallFirst), size, func() bool { return false }) {
				break
			}
		}
	}
	return a
}

func TestBoundsHoldTheProbability(t *testing.T) {
	for seed := range trials() {
		r := rand.New(rand.NewPCG(uint64(seed), 2))
		tree := randomTree(r, 12, seed%2 == 0)
		order, err := tree.sorted()
		if err != nil {
			t.Fatal(seed, err)
		}
		want := 0.0
		for s := uint(0); s < 1<<len(tree.Events()); s++ {
			if truth(tree, order, s) {
				want += weight(tree, s)
			}
		}
		a := bounded(t, tree, 4, 8)
		x := a.intervals()[a.g.top.id()].of(ref(a.g.top & 1))
		if x.low > want+1e-12 || x.high < want-1e-12 {
			t.Fatalf("seed %d: %v is outside [%v, %v]", seed, want, x.low, x.high)
		}
	}
}
