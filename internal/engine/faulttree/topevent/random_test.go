package topevent

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"testing"
)

// randomTree makes a tree of up to most events with every operator, constants, complements and shared gates.
func randomTree(r *rand.Rand, most int, coherent bool) *Tree {
	t := &Tree{}
	n := 1 + r.IntN(most)
	var nodes []Node
	for i := 0; i < n; i++ {
		p := Probability(r.Float64())
		switch r.IntN(20) {
		case 0:
			p = 0
		case 1:
			p = 1
		}
		nodes = append(nodes, t.AddEvent(fmt.Sprintf("e%d", i), p))
	}
	if r.IntN(4) == 0 {
		nodes = append(nodes, t.AddConstant("h", r.IntN(2) == 0))
	}
	gates := 1 + r.IntN(2*n+3)
	for i := 0; i < gates; i++ {
		ops := []Operator{And, Or, And, Or, AtLeast, Pass}
		if !coherent {
			ops = []Operator{And, Or, And, Or, AtLeast, Pass, Cardinality, Xor, Not, Nand, Nor, Iff, Imply}
		}
		f := Formula{Operator: ops[r.IntN(len(ops))]}
		m := 1 + r.IntN(5)
		switch f.Operator {
		case Not, Pass:
			m = 1
		case Iff, Imply:
			m = 2
		}
		for j := 0; j < m; j++ {
			pick := r.IntN(len(nodes))
			if r.IntN(2) == 0 && len(nodes) > 6 {
				pick = len(nodes) - 1 - r.IntN(6)
			}
			f.Args = append(f.Args, Arg{nodes[pick], !coherent && r.IntN(6) == 0})
		}
		if f.Operator == AtLeast {
			f.Min = 1 + r.IntN(m)
		}
		if f.Operator == Cardinality {
			f.Min = r.IntN(m + 1)
			f.Max = f.Min + r.IntN(m-f.Min+1)
		}
		nodes = append(nodes, t.AddFormula(fmt.Sprintf("g%d", i), f))
	}
	t.SetTop(nodes[len(nodes)-1])
	return t
}

// truth evaluates the tree itself for one state, bit i of state is event i.
func truth(t *Tree, order []Node, state uint) bool {
	value := make([]bool, t.Len())
	index := make(map[Node]int)
	for i, e := range t.Events() {
		index[e] = i
	}
	for _, n := range order {
		switch t.nodes[n].kind {
		case kindEvent:
			value[n] = state>>index[n]&1 == 1
		case kindConstant:
			value[n] = t.nodes[n].state
		case kindGate:
			f := t.nodes[n].formula
			count := 0
			for _, a := range f.Args {
				if value[a.Node] != a.Negated {
					count++
				}
			}
			m := len(f.Args)
			switch f.Operator {
			case And, Pass:
				value[n] = count == m
			case Or:
				value[n] = count > 0
			case AtLeast:
				value[n] = count >= f.Min
			case Cardinality:
				value[n] = count >= f.Min && count <= f.Max
			case Xor:
				value[n] = count%2 == 1
			case Not, Nand:
				value[n] = count < m
			case Nor:
				value[n] = count == 0
			case Iff:
				value[n] = count != 1
			case Imply:
				value[n] = (value[f.Args[0].Node] == f.Args[0].Negated) || (value[f.Args[1].Node] != f.Args[1].Negated)
			}
		}
	}
	return value[t.top]
}

// allStates sums the weights of the states that fail the top, 64 at a time.
func allStates(t *Tree, order []Node) float64 {
	low := []uint64{0xAAAAAAAAAAAAAAAA, 0xCCCCCCCCCCCCCCCC, 0xF0F0F0F0F0F0F0F0, 0xFF00FF00FF00FF00, 0xFFFF0000FFFF0000, 0xFFFFFFFF00000000}
	value := make([]uint64, t.Len())
	n := len(t.Events())
	sum := 0.0
	for base := uint(0); base < 1<<n; base += 64 {
		for i, e := range t.Events() {
			value[e] = -(uint64(base) >> i & 1)
			if i < len(low) {
				value[e] = low[i]
			}
		}
		for _, v := range order {
			switch t.nodes[v].kind {
			case kindConstant:
				value[v] = 0
				if t.nodes[v].state {
					value[v] = ^uint64(0)
				}
			case kindGate:
				value[v] = t.nodes[v].formula.states(value)
			}
		}
		for s := uint(0); s < 64 && base+s < 1<<n; s++ {
			if value[t.top]>>s&1 == 1 {
				sum += weight(t, base+s)
			}
		}
	}
	return sum
}

func TestProbabilityOfTwentyEventsEqualsTheSumOverAllStates(t *testing.T) {
	for seed := range trials() / 30 {
		tree := randomTree(rand.New(rand.NewPCG(uint64(seed), 11)), 20, seed%2 == 0)
		order, err := tree.sorted(nil)
		if err != nil {
			t.Fatal(seed, err)
		}
		want := allStates(tree, order)
		report, err := Analyse(context.Background(), tree, Options{})
		if err != nil {
			t.Fatal(seed, err)
		}
		if got, ok := report.Probability(); !ok || math.Abs(float64(got)-want) > 1e-10 {
			t.Fatalf("seed %d: probability %v (exact %v), all states give %v", seed, got, ok, want)
		}
	}
}

func weight(t *Tree, state uint) float64 {
	w := 1.0
	for i, e := range t.Events() {
		p := float64(t.Probability(e))
		if state>>i&1 == 1 {
			w *= p
		} else {
			w *= 1 - p
		}
	}
	return w
}

func trials() int {
	if os.Getenv("DIAPASON_ENDURE") != "" {
		return 60000
	}
	return 3000
}

func TestProbabilityEqualsTheSumOverAllStates(t *testing.T) {
	for seed := range trials() {
		r := rand.New(rand.NewPCG(uint64(seed), 1))
		most := 10
		if seed%100 == 0 {
			most = 15
		}
		tree := randomTree(r, most, seed%2 == 0)
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
		report, err := Analyse(context.Background(), tree, Options{})
		if err != nil {
			t.Fatal(seed, err)
		}
		got, ok := report.Probability()
		if !ok || math.Abs(float64(got)-want) > 1e-12 {
			t.Fatalf("seed %d: probability %v (exact %v), all states give %v", seed, got, ok, want)
		}
	}
}
