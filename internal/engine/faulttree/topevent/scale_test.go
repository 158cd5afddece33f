package topevent

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"
)

func TestATreeOfAHundredThousandGatesAndGreatDepthIsSolved(t *testing.T) {
	for name, next := range map[string]func(i int) Operator{
		"alternating": func(i int) Operator { return []Operator{And, Or}[i%2] },
		"parity":      func(int) Operator { return Xor },
		"negated":     func(i int) Operator { return []Operator{Nand, Nor}[i%2] },
	} {
		t.Run(name, func(t *testing.T) {
			tree := &Tree{}
			at := tree.AddEvent("first", 0.5)
			want := 0.5
			for i := range 100_000 {
				p := 0.5
				e := tree.AddEvent("", Probability(p))
				op := next(i)
				at = tree.AddFormula("", Formula{Operator: op, Args: []Arg{{Node: e}, {Node: at}}})
				switch op {
				case And:
					want *= p
				case Or:
					want = 1 - (1-p)*(1-want)
				case Xor:
					want = p*(1-want) + (1-p)*want
				case Nand:
					want = 1 - p*want
				case Nor:
					want = (1 - p) * (1 - want)
				}
			}
			tree.SetTop(at)
			ctx, cancel := context.WithTimeout(context.Background(), 60*time.Second)
			defer cancel()
			report, err := Analyse(ctx, tree, Options{})
			if err != nil {
				t.Fatal(err)
			}
			if p, ok := report.Probability(); !ok || math.Abs(float64(p)-want) > 1e-9 {
				t.Errorf("probability %v (exact %v), want %v", p, ok, want)
			}
		})
	}
}

func TestALargeSharedTreeEndsWithinItsBudgets(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	tree := &Tree{}
	var nodes []Node
	for range 3000 {
		nodes = append(nodes, tree.AddEvent("", 0.01))
	}
	for i := range 100_000 {
		var args []Arg
		for range 2 + r.IntN(3) {
			args = append(args, Arg{Node: nodes[len(nodes)-1-r.IntN(min(len(nodes), 2000))]})
		}
		args = append(args, Arg{Node: nodes[r.IntN(3000)]})
		nodes = append(nodes, tree.AddFormula("", Formula{Operator: []Operator{And, Or}[i%2], Args: args}))
	}
	tree.SetTop(nodes[len(nodes)-1])
	ctx, cancel := context.WithTimeout(context.Background(), 3*time.Second)
	defer cancel()
	start := time.Now()
	report, err := Analyse(ctx, tree, Options{CutSets: true, Importance: true, MemoryLimit: 256 << 20})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("[%v, %v] exact %v after %v, %d MiB, unsolved %v", report.Lower, report.Upper, report.Exact, time.Since(start), report.PeakBytes>>20, report.Unsolved)
	if report.Lower > report.Upper || report.PeakBytes > 400<<20 {
		t.Errorf("%+v", report)
	}
}

func TestALongCycleIsNamed(t *testing.T) {
	tree := &Tree{}
	const n = 100_000
	var gates []Node
	for i := range n {
		gates = append(gates, tree.AddGate(fmt.Sprintf("g%d", i)))
	}
	for i, g := range gates {
		if err := tree.Define(g, Formula{Operator: Pass, Args: []Arg{{Node: gates[(i+1)%n]}}}); err != nil {
			t.Fatal(err)
		}
	}
	tree.SetTop(gates[0])
	_, err := Analyse(context.Background(), tree, Options{})
	var cycle *CycleError
	if !errors.As(err, &cycle) || len(cycle.Gates) != n {
		t.Fatalf("%v", err)
	}
	if len(err.Error()) > 400 {
		t.Errorf("the message has %d bytes", len(err.Error()))
	}
}

func TestWhatIsWrongIsAnErrorThatSaysWhere(t *testing.T) {
	event := func(p Probability) func(*Tree) {
		return func(tree *Tree) { tree.SetTop(tree.AddEvent("pump", p)) }
	}
	gate := func(f Formula) func(*Tree) {
		return func(tree *Tree) {
			for len(f.Args) > 0 && tree.Len() < len(f.Args) {
				tree.AddEvent(fmt.Sprint("e", tree.Len()), 0.1)
			}
			tree.SetTop(tree.AddFormula("valve", f))
		}
	}
	two := []Arg{{Node: 0}, {Node: 1}}
	tests := []struct {
		name  string
		build func(*Tree)
		want  string
	}{
		{"a tree without top", func(*Tree) {}, "no top event"},
		{"a probability above one", event(1.5), `"pump"`},
		{"a negative probability", event(-0.1), `"pump"`},
		{"a probability that is no number", event(Probability(math.NaN())), `"pump"`},
		{"and without arguments", gate(Formula{Operator: And}), `"valve"`},
		{"an operator that does not exist", gate(Formula{Operator: 99, Args: two}), "operator(99)"},
		{"no operator", gate(Formula{Args: two}), "not defined"},
		{"more needed than there are", gate(Formula{Operator: AtLeast, Min: 3, Args: two}), "3 of 2"},
		{"not of two", gate(Formula{Operator: Not, Args: two}), "it has one"},
		{"an argument of another tree", gate(Formula{Operator: Or, Args: []Arg{{Node: 77}}}), "argument 77"},
		{"one name twice", func(tree *Tree) {
			tree.AddEvent("x", 0)
			tree.SetTop(tree.AddEvent("x", 0))
		}, `"x" names two nodes`},
		{"a gate that is only named", func(tree *Tree) { tree.SetTop(tree.AddGate("later")) }, `"later"`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			tree := &Tree{}
			test.build(tree)
			_, err := Analyse(context.Background(), tree, Options{})
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("%v, want %q", err, test.want)
			}
		})
	}
}

func TestConstantAndContradictoryTrees(t *testing.T) {
	tests := []struct {
		name  string
		top   func(*Tree, Node) Node
		p     float64
		count string
	}{
		{"an event and its complement", func(t *Tree, e Node) Node {
			return t.AddFormula("", Formula{Operator: And, Args: []Arg{{Node: e}, {e, true}}})
		}, 0, "0"},
		{"an event or its complement", func(t *Tree, e Node) Node {
			return t.AddFormula("", Formula{Operator: Or, Args: []Arg{{Node: e}, {e, true}}})
		}, 1, "1"},
		{"a house event alone", func(t *Tree, e Node) Node { return t.AddConstant("house", true) }, 1, "1"},
		{"an event alone", func(t *Tree, e Node) Node { return e }, 0.25, "1"},
		{"the complement of an event", func(t *Tree, e Node) Node {
			return t.AddFormula("", Formula{Operator: Not, Args: []Arg{{Node: e}}})
		}, 0.75, "1"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			tree := &Tree{}
			tree.SetTop(test.top(tree, tree.AddEvent("e", 0.25)))
			report, err := Analyse(context.Background(), tree, Options{CutSets: true, List: -1, Importance: true})
			if err != nil {
				t.Fatal(err)
			}
			if p, ok := report.Probability(); !ok || float64(p) != test.p || report.CutSets.Count.String() != test.count {
				t.Errorf("%v %v %v", p, ok, report.CutSets.Count)
			}
		})
	}
}

func TestACancelledContextGivesHonestBounds(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	for seed := range uint64(200) {
		tree := randomTree(rand.New(rand.NewPCG(seed, 9)), 10, false)
		report, err := Analyse(ctx, tree, Options{CutSets: true, Importance: true})
		if err != nil {
			t.Fatal(err)
		}
		exact, err := Analyse(context.Background(), tree, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if report.Lower > exact.Lower || report.Upper < exact.Upper || report.Exact && report.Lower != report.Upper {
			t.Fatalf("seed %d: [%v, %v] for %v", seed, report.Lower, report.Upper, exact.Lower)
		}
	}
}

func TestASmallMemoryLimitGivesHonestBounds(t *testing.T) {
	for seed := range uint64(200) {
		tree := randomTree(rand.New(rand.NewPCG(seed, 10)), 14, seed%2 == 0)
		for _, o := range []Options{{MemoryLimit: 1}, {MemoryLimit: 20_000}, {NodeBudget: 5}, {NodeBudget: 12}} {
			o.CutSets, o.Importance = true, true
			report, err := Analyse(context.Background(), tree, o)
			if err != nil {
				t.Fatal(err)
			}
			exact, err := Analyse(context.Background(), tree, Options{})
			if err != nil {
				t.Fatal(err)
			}
			if float64(report.Lower) > float64(exact.Lower)+1e-12 || float64(report.Upper) < float64(exact.Upper)-1e-12 {
				t.Fatalf("seed %d: [%v, %v] for %v", seed, report.Lower, report.Upper, exact.Lower)
			}
		}
	}
}
