package topevent

import (
	"context"
	"math/rand/v2"
	"testing"
	"time"
)

// shared makes a tree of many gates that share what is below them.
func shared(gates int) *Tree {
	r := rand.New(rand.NewPCG(1, 1))
	tree := &Tree{}
	var nodes []Node
	for range gates / 2 {
		nodes = append(nodes, tree.AddEvent("", 0.01))
	}
	for i := range gates {
		var args []Arg
		for range 2 + r.IntN(3) {
			args = append(args, Arg{Node: nodes[len(nodes)-1-r.IntN(min(len(nodes), 2000))]})
		}
		args = append(args, Arg{Node: nodes[r.IntN(gates/2)]})
		nodes = append(nodes, tree.AddFormula("", Formula{Operator: []Operator{And, Or}[i%2], Args: args}))
	}
	tree.SetTop(nodes[len(nodes)-1])
	return tree
}

func TestMakingALargeTreeReadyEndsSoonAfterItsTime(t *testing.T) {
	tree := shared(100_000)
	for _, limit := range []time.Duration{time.Nanosecond, 50 * time.Millisecond, 400 * time.Millisecond, 1500 * time.Millisecond, 4 * time.Second} {
		ctx, cancel := context.WithTimeout(context.Background(), limit)
		start := time.Now()
		report, err := Analyse(ctx, tree, Options{CutSets: true, Importance: true})
		took := time.Since(start)
		cancel()
		if err != nil {
			t.Fatal(err)
		}
		if report.Exact || !report.Interrupted || report.Lower > report.Upper || report.Lower < 0 || report.Upper > 1 {
			t.Errorf("within %v: %+v", limit, report)
		}
		t.Logf("within %v: [%v, %v] after %v", limit, report.Lower, report.Upper, took)
		// A busy machine makes anything late; what matters is many seconds.
		if late := took - limit; late > 3*time.Second {
			t.Errorf("the answer came %v after %v", late, limit)
		}
	}
}

func TestASmallTreeIsSolvedWhateverTheTime(t *testing.T) {
	tree := &Tree{}
	a, b := tree.AddEvent("a", 0.5), tree.AddEvent("b", 0.5)
	tree.SetTop(tree.AddFormula("top", Formula{Operator: And, Args: []Arg{{Node: a}, {Node: b}}}))
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	report, err := Analyse(ctx, tree, Options{})
	if err != nil || !report.Exact || report.Lower != 0.25 {
		t.Errorf("%+v %v", report, err)
	}
}
