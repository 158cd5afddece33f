package topevent

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// literals writes a product as a key: bits of failed events, then of events
// that must not fail.
type product struct{ with, against uint }

// leastProducts finds minimal cut sets or p-cuts, or prime implicants, from the
// definition.
func leastProducts(tree *Tree, order []Node, prime bool) map[product]bool {
	n := len(tree.Events())
	value := make([]bool, 1<<n)
	for s := range value {
		value[s] = truth(tree, order, uint(s))
	}
	out := make(map[product]bool)
	if !prime {
		// Above: some state within s fails the top.
		above := slices.Clone(value)
		for i := range n {
			for s := range above {
				if s>>i&1 == 1 && above[s&^(1<<i)] {
					above[s] = true
				}
			}
		}
		for s := range above {
			least := above[s]
			for i := range n {
				if s>>i&1 == 1 && above[s&^(1<<i)] {
					least = false
				}
			}
			if least {
				out[product{with: uint(s)}] = true
			}
		}
		return out
	}
	implies := func(p product) bool {
		for s := range value {
			if uint(s)&p.with == p.with && uint(s)&p.against == 0 && !value[s] {
				return false
			}
		}
		return true
	}
	for with := uint(0); with < 1<<n; with++ {
		for against := uint(0); against < 1<<n; against++ {
			p := product{with, against}
			if with&against != 0 || !implies(p) {
				continue
			}
			least := true
			for i := range n {
				b := uint(1) << i
				if (with|against)&b != 0 && implies(product{with &^ b, against &^ b}) {
					least = false
				}
			}
			if least {
				out[p] = true
			}
		}
	}
	return out
}

func TestProductsAreTheMinimalOnes(t *testing.T) {
	for seed := range trials() {
		r := rand.New(rand.NewPCG(uint64(seed), 3))
		coherent := seed%3 == 0
		prime := seed%3 == 1
		most := 9
		if prime {
			most = 5
		}
		tree := randomTree(r, most, coherent)
		order, err := tree.sorted(nil)
		if err != nil {
			t.Fatal(seed, err)
		}
		a, err := Compile(context.Background(), tree, Options{CutSets: true, List: -1, Primes: prime, Importance: true})
		if err != nil {
			t.Fatal(seed, err)
		}
		report, err := a.Report(context.Background())
		if err != nil || report.CutSets == nil {
			t.Fatal(seed, err)
		}
		c := report.CutSets
		if report.Coherent != (c.Kind == MinimalCutSets) || coherent && !report.Coherent {
			t.Fatalf("seed %d: coherent %v, kind %v", seed, report.Coherent, c.Kind)
		}
		want := leastProducts(tree, order, c.Kind == PrimeImplicants)
		index := make(map[Node]int)
		for i, e := range tree.Events() {
			index[e] = i
		}
		got := make(map[product]bool)
		last, sum := 2.0, 0.0
		byOrder := make([]int64, len(c.ByOrder))
		for _, listed := range c.Listed {
			var p product
			weight := 1.0
			for _, l := range listed.Literals {
				q := float64(tree.Probability(l.Node))
				if l.Negated {
					p.against |= 1 << index[l.Node]
					weight *= 1 - q
				} else {
					p.with |= 1 << index[l.Node]
					weight *= q
				}
			}
			if got[p] || !want[p] {
				t.Fatalf("seed %d: product %v is wrong or twice", seed, p)
			}
			got[p] = true
			byOrder[len(listed.Literals)]++
			if math.Abs(weight-float64(listed.Probability)) > 1e-12*weight || float64(listed.Probability) > last {
				t.Fatalf("seed %d: product %v has probability %v after %v, want %v", seed, p, listed.Probability, last, weight)
			}
			last = float64(listed.Probability)
			sum += last
		}
		if len(got) != len(want) || c.Count.Int64() != int64(len(want)) || math.Abs(sum-c.Sum) > 1e-9 || c.Remainder != 0 {
			t.Fatalf("seed %d: %d products of %d, count %v, sum %v for %v, remainder %v", seed, len(got), len(want), c.Count, c.Sum, sum, c.Remainder)
		}
		for i, n := range byOrder {
			if c.ByOrder[i].Int64() != n {
				t.Fatalf("seed %d: %v of order %d, listed %d", seed, c.ByOrder[i], i, n)
			}
		}
		// Counting by residues gives the same numbers.
		if _, ok := a.cuts.family[a.cuts.top]; ok {
			residues, _ := a.cuts.residues(1<<61-1, nil)
			for i, n := range residues {
				if i < len(byOrder) && uint64(byOrder[i]) != n {
					t.Fatalf("seed %d: residue %d of order %d, listed %d", seed, n, i, byOrder[i])
				}
			}
		}
		checkImportance(t, fmt.Sprint("seed ", seed), tree, order, report, want)
		checkRestrictions(t, fmt.Sprint("seed ", seed), tree, c, prime)
	}
}

func checkImportance(t *testing.T, name string, tree *Tree, order []Node, report *Report, products map[product]bool) {
	t.Helper()
	p := float64(report.Lower)
	for i, e := range tree.Events() {
		q := float64(tree.Probability(e))
		with, without := 0.0, 0.0
		for s := uint(0); s < 1<<len(tree.Events()); s++ {
			if !truth(tree, order, s) {
				continue
			}
			w := 1.0
			for j, other := range tree.Events() {
				if j == i {
					continue
				}
				if r := float64(tree.Probability(other)); s>>j&1 == 1 {
					w *= r
				} else {
					w *= 1 - r
				}
			}
			if s>>i&1 == 1 {
				with += w
			} else {
				without += w
			}
		}
		m := report.Importance[i]
		near := func(what string, got, want float64) {
			if math.Abs(got-want) > 1e-9*(1+math.Abs(want)) {
				t.Fatalf("%s: %s of event %d is %v, want %v", name, what, i, got, want)
			}
		}
		near("Birnbaum", m.Birnbaum, with-without)
		if p > 1e-9 {
			near("criticality", m.Criticality, q*(with-without)/p)
			near("diagnostic", m.Diagnostic, q*with/p)
			near("RAW", m.RAW, with/p)
			if without > 1e-9 {
				near("RRW", m.RRW, p/without)
			}
		}
		sum, mine := 0.0, 0.0
		for prod := range products {
			w := 1.0
			for j, other := range tree.Events() {
				if prod.with>>j&1 == 1 {
					w *= float64(tree.Probability(other))
				}
				if prod.against>>j&1 == 1 {
					w *= 1 - float64(tree.Probability(other))
				}
			}
			sum += w
			if prod.with>>i&1 == 1 {
				mine += w
			}
		}
		if sum > 1e-9 {
			near("Fussell-Vesely", m.FussellVesely, mine/sum)
		}
	}
}

// checkRestrictions compares restricted analyses with the full list.
func checkRestrictions(t *testing.T, name string, tree *Tree, full *CutSets, prime bool) {
	t.Helper()
	for _, o := range []Options{{MaxOrder: 2}, {CutOff: 0.05}, {List: 2, CutSets: true}, {MaxOrder: 1, CutOff: 0.01, List: 1}} {
		o.Primes = prime
		report, err := Analyse(context.Background(), tree, o)
		if err != nil {
			t.Fatal(name, err)
		}
		c := report.CutSets
		kept, sum := 0, 0.0
		var listed []float64
		for _, p := range full.Listed {
			if o.MaxOrder > 0 && len(p.Literals) > o.MaxOrder || p.Probability < o.CutOff {
				continue
			}
			kept++
			sum += float64(p.Probability)
			listed = append(listed, float64(p.Probability))
		}
		if c.Count.Int64() != int64(kept) || !c.Complete {
			t.Fatalf("%s: %+v counts %v, want %d", name, o, c.Count, kept)
		}
		if len(c.Listed) != min(o.List, kept) {
			t.Fatalf("%s: %+v lists %d of %d", name, o, len(c.Listed), kept)
		}
		left := sum
		for i, p := range c.Listed {
			if math.Abs(float64(p.Probability)-listed[i]) > 1e-12 {
				t.Fatalf("%s: %+v lists %v at %d, want %v", name, o, p.Probability, i, listed[i])
			}
			left -= float64(p.Probability)
		}
		if left > 1e-9 && float64(c.Remainder) < math.Min(left, float64(report.Upper))-1e-9 {
			t.Fatalf("%s: %+v: remainder %v, %v is left", name, o, c.Remainder, left)
		}
	}
}
