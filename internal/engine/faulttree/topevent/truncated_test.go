package topevent

import (
	"context"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"
)

func TestTruncatedProductsAreThoseOfTheDiagram(t *testing.T) {
	never := func() bool { return false }
	for seed := range trials() {
		tree := randomTree(rand.New(rand.NewPCG(uint64(seed), 4)), 10, true)
		a, err := Compile(context.Background(), tree, Options{})
		if err != nil {
			t.Fatal(err)
		}
		whole, ok := a.products(never)
		if !ok {
			t.Fatal("no products")
		}
		counts, _ := whole.count(nil)
		for most := 1; most < 5; most++ {
			p, ok := a.truncate(most, never)
			if !ok {
				if a.g.isGate(a.g.top.id()) {
					t.Fatalf("seed %d: not truncated", seed)
				}
				continue
			}
			got, _ := p.count(nil)
			for i := range max(len(got), min(len(counts), most+1)) {
				if i >= len(got) && counts[i].Sign() != 0 || i < len(got) && (i >= len(counts) && got[i].Sign() != 0 || i < len(counts) && got[i].Cmp(counts[i]) != 0) {
					t.Fatalf("seed %d, order %d: %v of %v", seed, most, got, counts)
				}
			}
		}
	}
}

func TestNus9601HasItsCutSetsOfLowOrder(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	tree := readAralia(t, filepath.Join(araliaFolder(t), "aralia", "nus9601.xml"))
	most := 3
	if os.Getenv("DIAPASON_ENDURE") != "" {
		most = 4
	}
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	report, err := Analyse(ctx, tree, Options{CutSets: true, MaxOrder: most, List: 3})
	if err != nil {
		t.Fatal(err)
	}
	if c := report.CutSets; c == nil || len(c.ByOrder) < 4 || c.ByOrder[3].Int64() != 10 || c.ByOrder[2].Sign() != 0 {
		t.Errorf("%+v, SCRAM finds 10 of order 3", c)
	} else {
		t.Log(c.ByOrder, c.Sum, c.Remainder, report.Lower, report.Upper)
	}
}
