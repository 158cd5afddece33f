package topevent

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"testing"
)

// rewrite copies a tree: nodes in another order, arguments shuffled, or the
// dual with complementary probabilities.
func rewrite(tree *Tree, r *rand.Rand, dual bool) *Tree {
	out := &Tree{}
	at := make([]Node, tree.Len())
	for _, i := range r.Perm(tree.Len()) {
		n := &tree.nodes[i]
		switch n.kind {
		case kindEvent:
			p := n.p
			if dual {
				p = 1 - p
			}
			at[i] = out.AddEvent("", p)
		case kindConstant:
			at[i] = out.AddConstant("", n.state != dual)
		case kindGate:
			at[i] = out.AddGate("")
		}
	}
	for i := range tree.nodes {
		f, ok := tree.Formula(Node(i))
		if !ok {
			continue
		}
		f.Args = slices.Clone(f.Args)
		for j := range f.Args {
			f.Args[j].Node = at[f.Args[j].Node]
		}
		if f.Operator != Imply {
			r.Shuffle(len(f.Args), func(x, y int) { f.Args[x], f.Args[y] = f.Args[y], f.Args[x] })
		}
		if dual {
			switch f.Operator {
			case And:
				f.Operator = Or
			case Or:
				f.Operator = And
			case AtLeast:
				f.Min = len(f.Args) - f.Min + 1
			}
		}
		if err := out.Define(at[i], f); err != nil {
			panic(err)
		}
	}
	out.SetTop(at[tree.top])
	return out
}

func TestFiguresDoNotDependOnHowTheTreeIsWritten(t *testing.T) {
	dir := araliaFolder(t)
	r := rand.New(rand.NewPCG(1, 6))
	for _, name := range []string{"baobab1", "chinese", "das9201", "das9206", "das9208", "edf9201", "edf9202", "edf9205", "edf9206", "edfpa15p", "ftr10", "isp9601", "isp9602", "isp9603", "isp9604", "isp9606"} {
		tree := readAralia(t, filepath.Join(dir, "aralia", name+".xml"))
		want, err := Analyse(context.Background(), tree, Options{CutSets: true})
		if err != nil {
			t.Fatal(err)
		}
		got, err := Analyse(context.Background(), rewrite(tree, r, false), Options{CutSets: true})
		if err != nil {
			t.Fatal(err)
		}
		if math.Abs(float64(got.Lower/want.Lower)-1) > 1e-9 || !got.Exact || got.CutSets.Count.Cmp(want.CutSets.Count) != 0 {
			t.Errorf("%s: %v and %v cut sets, written otherwise %v and %v", name, want.Lower, want.CutSets.Count, got.Lower, got.CutSets.Count)
		}
		dual, err := Analyse(context.Background(), rewrite(tree, r, true), Options{})
		if err != nil {
			t.Fatal(err)
		}
		if math.Abs(float64(dual.Lower+want.Lower)-1) > 1e-9 || !dual.Exact {
			t.Errorf("%s: %v, its dual %v", name, want.Lower, dual.Lower)
		}
	}
}

func TestAChangedProbabilityGivesTheFiguresOfTheChangedTree(t *testing.T) {
	options := Options{CutSets: true, List: 5, Importance: true}
	for seed := range uint64(300) {
		r := rand.New(rand.NewPCG(seed, 7))
		tree := randomTree(r, 10, seed%2 == 0)
		a, err := Compile(context.Background(), tree, options)
		if err != nil {
			t.Fatal(err)
		}
		for range 3 {
			e := tree.Events()[r.IntN(len(tree.Events()))]
			p := Probability(r.Float64())
			if err := a.SetProbability(e, p); err != nil {
				t.Fatal(err)
			}
			tree.SetProbability(e, p)
			got, err := a.Report(context.Background())
			if err != nil {
				t.Fatal(err)
			}
			want, err := Analyse(context.Background(), tree, options)
			if err != nil {
				t.Fatal(err)
			}
			if got.Lower != want.Lower || got.CutSets.Count.Cmp(want.CutSets.Count) != 0 || !slices.Equal(got.Importance, want.Importance) || len(got.CutSets.Listed) != len(want.CutSets.Listed) {
				t.Fatalf("seed %d: %+v, want %+v", seed, got, want)
			}
		}
	}
	tree := &Tree{}
	tree.SetTop(tree.AddEvent("e", 0.5))
	a, err := Compile(context.Background(), tree, Options{})
	if err != nil {
		t.Fatal(err)
	}
	var bad *ProbabilityError
	if err := a.SetProbability(0, 2); !errors.As(err, &bad) {
		t.Error(err)
	}
	var none *DefinitionError
	if err := a.SetProbability(7, 0.5); !errors.As(err, &none) {
		t.Error(err)
	}
}

func TestUncertaintyHasTheMomentsOfWhatIsDrawn(t *testing.T) {
	tree := &Tree{}
	x, y := tree.AddEvent("x", 0.5), tree.AddEvent("y", 0.5)
	tree.SetTop(tree.AddFormula("top", Formula{Operator: And, Args: []Arg{{Node: x}, {Node: y}}}))
	a, err := Compile(context.Background(), tree, Options{})
	if err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(1, 8))
	d, err := a.Uncertainty(context.Background(), 20_000, func(_ int, q []Probability) {
		q[0], q[1] = Probability(r.Float64()), Probability(r.Float64())
	})
	if err != nil {
		t.Fatal(err)
	}
	// The product of two uniform numbers: mean 1/4, variance 1/9 − 1/16,
	// P(xy ≤ m) = m − m·ln m = 1/2 at 0.18668.
	if math.Abs(d.Mean-0.25) > 0.01 || math.Abs(d.StdDev-math.Sqrt(1./9-1./16)) > 0.01 || math.Abs(d.Quantile(0.5)-0.18668) > 0.01 {
		t.Errorf("mean %v, deviation %v, median %v", d.Mean, d.StdDev, d.Quantile(0.5))
	}
	if p, ok := a.Probability(); !ok || p != 0.25 {
		t.Errorf("the analysis kept %v", p)
	}
	if _, err := a.Uncertainty(context.Background(), 1, func(_ int, q []Probability) { q[0] = Probability(math.NaN()) }); err == nil {
		t.Error("NaN was taken")
	}
}
