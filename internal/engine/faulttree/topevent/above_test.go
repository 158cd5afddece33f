package topevent

import (
	"context"
	"math"
	"math/rand/v2"
	"path/filepath"
	"testing"
	"time"
)

func TestACutOffKeepsTheProductsAboveItAndBoundsTheRest(t *testing.T) {
	ctx := context.Background()
	for seed := range trials() / 3 {
		r := rand.New(rand.NewPCG(uint64(seed), 14))
		tree := randomTree(r, 12, seed%3 != 0)
		primes := r.IntN(2) == 0
		all, err := Analyse(ctx, tree, Options{CutSets: true, List: -1, Primes: primes})
		if err != nil {
			t.Fatal(err)
		}
		least := math.Pow(10, -4*r.Float64())
		most := 0
		if r.IntN(3) == 0 {
			most = 1 + r.IntN(4)
		}
		want, sum, rest := 0, 0.0, 0.0
		for _, p := range all.CutSets.Listed {
			if float64(p.Probability) >= least && (most == 0 || len(p.Literals) <= most) {
				want++
				sum += float64(p.Probability)
			} else {
				rest += float64(p.Probability)
			}
		}
		for _, list := range []int{0, 2, -1} {
			got, err := Analyse(ctx, tree, Options{CutSets: true, List: list, Primes: primes, CutOff: Probability(least), MaxOrder: most})
			if err != nil {
				t.Fatal(err)
			}
			c := got.CutSets
			listed := want
			if list >= 0 {
				listed = min(list, want)
			}
			if !c.Complete || c.Count.Int64() != int64(want) || len(c.Listed) != listed || math.Abs(c.Sum-sum) > 1e-9 {
				t.Fatalf("seed %d: %d products of sum %v listed %d, want %d of %v listed %d", seed, c.Count, c.Sum, len(c.Listed), want, sum, listed)
			}
			if float64(c.Excluded) < min(rest, float64(all.Upper))-1e-9 {
				t.Fatalf("seed %d: what is left out has %v, the bound is %v", seed, rest, c.Excluded)
			}
		}
	}
}

func TestMoreProductsAreCountedThanListed(t *testing.T) {
	tree := readAralia(t, filepath.Join(araliaFolder(t), "aralia", "isp9602.xml"))
	report, err := Analyse(context.Background(), tree, Options{CutSets: true, List: 5, CutOff: 1e-300})
	if err != nil {
		t.Fatal(err)
	}
	c := report.CutSets
	if got := c.Count.String(); got != "5197647" || !c.Complete || len(c.Listed) != 5 || c.Excluded > 1e-9 {
		t.Errorf("%s products, complete %v, %d listed, excluded %v", got, c.Complete, len(c.Listed), c.Excluded)
	}
	whole, err := Analyse(context.Background(), tree, Options{CutSets: true})
	if err != nil {
		t.Fatal(err)
	}
	if math.Abs(c.Sum/whole.CutSets.Sum-1) > 1e-9 {
		t.Errorf("sum %v, all products have %v", c.Sum, whole.CutSets.Sum)
	}
}

func TestACountThatTimeEndsSaysSo(t *testing.T) {
	tree := readAralia(t, filepath.Join(araliaFolder(t), "aralia", "edf9206.xml"))
	a, err := Compile(context.Background(), tree, Options{CutSets: true, CutOff: 1e-300, List: 1})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 100*time.Millisecond)
	defer cancel()
	report, err := a.Report(ctx)
	if err != nil {
		t.Fatal(err)
	}
	c := report.CutSets
	if c == nil {
		t.Skip("the time did not suffice for the products")
	}
	if c.Complete || c.Count.Sign() == 0 || float64(c.Excluded)+c.Sum < float64(report.Lower) {
		t.Errorf("complete %v, %s counted with %v, excluded %v of %v", c.Complete, c.Count, c.Sum, c.Excluded, report.Lower)
	}
}
