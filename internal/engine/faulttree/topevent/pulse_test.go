package topevent

import (
	"context"
	"math"
	"math/big"
	"testing"
	"time"
)

// vote is a tree of at least k of n events.
func vote(k, n int, p Probability) *Tree {
	tree := &Tree{}
	args := make([]Arg, n)
	for i := range args {
		args[i] = Arg{Node: tree.AddEvent("", p)}
	}
	tree.SetTop(tree.AddFormula("", Formula{Operator: AtLeast, Min: k, Args: args}))
	return tree
}

// ladder is a tree of n gates, OR and AND by turns, each over an event and the next.
func ladder(n int) *Tree {
	tree := &Tree{}
	at := tree.AddEvent("", 0.5)
	for i := range n {
		e := tree.AddEvent("", 0.5)
		at = tree.AddFormula("", Formula{Operator: []Operator{And, Or}[i%2], Args: []Arg{{Node: e}, {Node: at}}})
	}
	tree.SetTop(at)
	return tree
}

func TestCutSetsOfAVoteAreFoundInAsManyStepsAsItsDiagramHasNodes(t *testing.T) {
	for _, of := range []struct{ k, n int }{{2, 3}, {50, 100}, {150, 400}} {
		a, err := Compile(context.Background(), vote(of.k, of.n, 0.4), Options{})
		if err != nil {
			t.Fatal(err)
		}
		f := a.solved[0]
		z := newZDiagram(4*len(f.variable), &a.mem, nil)
		m := &minimizer{f: f, z: z, flip: make([]bool, len(f.leaves)), memo: make([]int32, 2*len(f.variable))}
		for i := range m.memo {
			m.memo[i] = -1
		}
		m.minimal(f.root)
		if nodes := (of.k + 1) * (of.n + 1); len(z.cells) > 2*nodes || z.steps > uint64(2*nodes) {
			t.Errorf("%d of %d: %d nodes and %d steps, the family has at most %d nodes", of.k, of.n, len(z.cells), z.steps, nodes)
		}
		z.release()
		p, ok := a.products(nil)
		if !ok {
			t.Fatal("no products")
		}
		counts, ok := p.count(nil)
		want := new(big.Int).Binomial(int64(of.n), int64(of.k))
		if !ok || len(counts) != of.k+1 || counts[of.k].Cmp(want) != 0 {
			t.Errorf("%d of %d: %v cut sets, want %v of order %d", of.k, of.n, counts, want, of.k)
		}
	}
}

func TestMoreCutSetsThanADoubleHoldsAreCounted(t *testing.T) {
	report, err := Analyse(context.Background(), vote(600, 1200, 0.999), Options{CutSets: true, List: 1})
	if err != nil {
		t.Fatal(err)
	}
	c := report.CutSets
	if c == nil || c.Count.Cmp(new(big.Int).Binomial(1200, 600)) != 0 || !math.IsInf(c.Sum, 1) || len(c.Listed) != 1 || c.Remainder != report.Upper {
		t.Errorf("%+v", c)
	}
}

func TestListingAChainTakesStepsForWhatIsListed(t *testing.T) {
	const n = 2000
	a, err := Compile(context.Background(), ladder(n), Options{})
	if err != nil {
		t.Fatal(err)
	}
	p, ok := a.products(nil)
	if !ok {
		t.Fatal("no products")
	}
	for _, list := range []int{1, 10} {
		l := &lister{p: p, leaf: func(lit) float64 { return 0.5 }, streams: make(map[*family][]*stream), beat: &pulse{}}
		f := p.family[p.top]
		root := l.at(f, f.root)
		for i := range list {
			if root.get(i) == nil {
				t.Fatalf("product %d is missing", i)
			}
		}
		if l.beat.steps > uint64(4*n*list) {
			t.Errorf("%d of a chain of %d gates took %d steps", list, n, l.beat.steps)
		}
	}
}

// after is a context that ends after it was looked at a number of times.
type after struct {
	context.Context
	looks, left int
}

func (c *after) Err() error {
	if c.looks++; c.looks > c.left {
		return context.Canceled
	}
	return nil
}

func TestWorkThatIsEndedAnywhereTakesFewStepsMoreAndSaysWhatIsMissing(t *testing.T) {
	for name, tree := range map[string]*Tree{"vote": vote(20, 50, 0.4), "chain": ladder(200)} {
		for _, o := range []Options{{CutSets: true, List: 1 << 10}, {CutSets: true, List: 20, MaxOrder: 25}, {CutSets: true, List: 20, CutOff: 1e-9}} {
			whole := &after{context.Background(), 0, 100}
			if _, err := Analyse(whole, tree, o); err != nil {
				t.Fatal(err)
			}
			for left := 0; left < min(whole.looks, whole.left); left += 1 + left/4 {
				ctx := &after{context.Background(), 0, left}
				report, err := Analyse(ctx, tree, o)
				if err != nil {
					t.Fatal(err)
				}
				if more := ctx.looks - left; more > 200 {
					t.Errorf("%s: ended at look %d, %d more followed", name, left, more)
				}
				if c := report.CutSets; c == nil && len(report.Unsolved) == 0 || c != nil && c.Complete && len(report.Unsolved) == 0 && len(c.Listed) < o.List && c.Count.Cmp(big.NewInt(int64(len(c.Listed)))) > 0 {
					t.Errorf("%s: ended at look %d, and nothing says so: %+v", name, left, c)
				}
			}
		}
	}
}

func TestATimeLimitEndsAListingOfMoreThanCanBeListed(t *testing.T) {
	tree := vote(30, 70, 0.4)
	ctx, cancel := context.WithTimeout(context.Background(), 200*time.Millisecond)
	defer cancel()
	start := time.Now()
	report, err := Analyse(ctx, tree, Options{CutSets: true, List: -1})
	if err != nil {
		t.Fatal(err)
	}
	if took := time.Since(start); took > 5*time.Second {
		t.Errorf("a limit of 0.2 s was heeded after %v", took)
	}
	if c := report.CutSets; c == nil || len(report.Unsolved) != 1 || report.Unsolved[0] != "listing" || c.Remainder == 0 {
		t.Errorf("unsolved %v: a listing that ends early is not said to", report.Unsolved)
	}
}
