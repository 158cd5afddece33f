package faulttree

import (
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

func TestContradictoryInputIsRefused(t *testing.T) {
	type refusal struct {
		name string
		try  func(g *Graph, e, gate NodeID) error
		want any // pointer to the type of error
	}
	compile := func(g *Graph, top NodeID) error {
		_, err := Compile(g, []NodeID{top}, Options{})
		return err
	}
	tests := []refusal{
		{"a probability above one", func(g *Graph, _, _ NodeID) error { _, err := g.AddEvent(1.0000001); return err }, new(*ProbabilityError)},
		{"a negative probability", func(g *Graph, _, _ NodeID) error { _, err := g.AddEvent(-1e-300); return err }, new(*ProbabilityError)},
		{"a probability that is not a number", func(g *Graph, _, _ NodeID) error { _, err := g.AddEvent(Probability(math.NaN())); return err }, new(*ProbabilityError)},
		{"four failures of three", func(g *Graph, e, _ NodeID) error { _, err := g.AddAtLeast(4, e, e, e); return err }, new(*ThresholdError)},
		{"at least none", func(g *Graph, e, _ NodeID) error { _, err := g.AddAtLeast(0, e, e, e); return err }, new(*ThresholdError)},
		{"four needed of three", func(g *Graph, e, _ NodeID) error { _, err := g.AddWorking(4, e, e, e); return err }, new(*ThresholdError)},
		{"a gate without inputs", func(g *Graph, _, _ NodeID) error { _, err := g.AddOr(); return err }, new(*EmptyGateError)},
		{"a not without inputs", func(g *Graph, _, gate NodeID) error { return g.Define(gate, OpNot, 0) }, new(*EmptyGateError)},
		{"a not of two", func(g *Graph, e, gate NodeID) error { return g.Define(gate, OpNot, 0, e, e) }, new(*OperatorError)},
		{"an operator that is no gate", func(g *Graph, e, gate NodeID) error { return g.Define(gate, OpEvent, 0, e) }, new(*OperatorError)},
		{"an input that does not exist", func(g *Graph, e, _ NodeID) error { _, err := g.AddOr(e, 99); return err }, new(*UnknownNodeError)},
		{"a negative input", func(g *Graph, e, _ NodeID) error { _, err := g.AddOr(e, -1); return err }, new(*UnknownNodeError)},
		{"a definition of an unknown gate", func(g *Graph, e, _ NodeID) error { return g.Define(99, OpOr, 0, e) }, new(*UnknownNodeError)},
		{"a definition of an event", func(g *Graph, e, _ NodeID) error { return g.Define(e, OpOr, 0, e) }, new(*RedefinedError)},
		{"a second definition", func(g *Graph, e, gate NodeID) error {
			return errors.Join(g.Define(gate, OpOr, 0, e), g.Define(gate, OpAnd, 0, e))
		}, new(*RedefinedError)},
		{"a reserved gate without definition", func(g *Graph, e, _ NodeID) error { return compile(g, e) }, new(*UndefinedGateError)},
		{"propagation over an undefined gate", func(g *Graph, _, _ NodeID) error {
			_, err := NewPropagation(g, SteadyState)
			return err
		}, new(*UndefinedGateError)},
		{"a top that does not exist", func(g *Graph, e, gate NodeID) error {
			return errors.Join(g.Define(gate, OpOr, 0, e), compile(g, 99))
		}, new(*UnknownNodeError)},
		{"a gate that fails iff it does not", func(g *Graph, _, gate NodeID) error {
			return errors.Join(g.Define(gate, OpNot, 0, gate), compile(g, gate))
		}, new(*NonMonotoneCircleError)},
		{"cut sets of a tree with a not", func(g *Graph, e, gate NodeID) error {
			if err := g.Define(gate, OpNot, 0, e); err != nil {
				return err
			}
			m, err := Compile(g, []NodeID{gate}, Options{})
			if err != nil {
				return err
			}
			_, err = m.CutSets(gate)
			return err
		}, new(*NotCoherentError)},
		{"a question about a node that is no top", func(g *Graph, e, gate NodeID) error {
			if err := g.Define(gate, OpOr, 0, e); err != nil {
				return err
			}
			m, err := Compile(g, []NodeID{gate}, Options{})
			if err != nil {
				return err
			}
			_, err = m.Unavailability(e)
			return err
		}, new(*NotATopError)},
		{"a changed probability above one", func(g *Graph, e, gate NodeID) error {
			if err := g.Define(gate, OpOr, 0, e); err != nil {
				return err
			}
			m, err := Compile(g, []NodeID{gate}, Options{})
			if err != nil {
				return err
			}
			return m.SetProbability(e, 2)
		}, new(*ProbabilityError)},
		{"a probability for a gate", func(g *Graph, e, gate NodeID) error {
			if err := g.Define(gate, OpOr, 0, e); err != nil {
				return err
			}
			m, err := Compile(g, []NodeID{gate}, Options{})
			if err != nil {
				return err
			}
			return m.SetProbability(gate, 0.5)
		}, new(*OperatorError)},
		{"cut sets beyond the budget", func(g *Graph, _, gate NodeID) error {
			var pairs []NodeID
			for range 40 {
				a, _ := g.AddEvent(0.1)
				pairs = append(pairs, a)
			}
			if err := g.Define(gate, OpAtLeast, 20, pairs...); err != nil {
				return err
			}
			m, err := Compile(g, []NodeID{gate}, Options{NodeBudget: 100})
			if err != nil {
				return err
			}
			_, err = m.CutSets(gate)
			return err
		}, new(*BudgetError)},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			g := &Graph{}
			e, err := g.AddEvent(0.5)
			if err != nil {
				t.Fatal(err)
			}
			gate, err := g.ReserveGate()
			if err != nil {
				t.Fatal(err)
			}
			err = test.try(g, e, gate)
			if err == nil || !errors.As(err, test.want) {
				t.Fatalf("got %v, want a %T", err, test.want)
			}
			if err.Error() == "" {
				t.Error("the error says nothing")
			}
		})
	}
}

func TestARefusedGateLeavesTheGraphUsable(t *testing.T) {
	g := &Graph{}
	e, _ := g.AddEvent(0.25)
	if _, err := g.AddAtLeast(3, e); err == nil {
		t.Fatal("accepted")
	}
	top, err := g.AddOr(e)
	if err != nil {
		t.Fatal(err)
	}
	m, err := Compile(g, []NodeID{top, e, top}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	want := []Result{{0.25, 0.25, true}, {0.25, 0.25, true}, {0.25, 0.25, true}}
	if got := m.Unavailabilities(); !slices.Equal(got, want) {
		t.Errorf("got %v", got)
	}
}

func TestPublishedAvailabilities(t *testing.T) {
	// Closures of the OpenTelemetry demo at 99.9 % for each component.
	tests := []struct {
		name       string
		components int
		want       float64 // per cent, four decimals
	}{
		{"frontend-proxy needs twenty components in series", 20, 98.0189},
		{"checkout needs twelve", 12, 98.8066},
		{"cart needs four", 4, 99.6006},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			g := &Graph{}
			var inputs []NodeID
			for range test.components {
				e, _ := g.AddEvent(0.001)
				inputs = append(inputs, e)
			}
			top, _ := g.AddOr(inputs...)
			m, err := Compile(g, []NodeID{top}, Options{})
			if err != nil {
				t.Fatal(err)
			}
			r, _ := m.Unavailability(top)
			if got := 100 * (1 - float64(r.Lower)); math.Abs(got-test.want) > 5e-5 {
				t.Errorf("got %.4f %%, want %.4f %%", got, test.want)
			}
		})
	}
}

func TestReplicasInOneSiteAreNotIndependent(t *testing.T) {
	g := &Graph{}
	site, _ := g.AddEvent(0.01)
	a, _ := g.AddEvent(0.1)
	b, _ := g.AddEvent(0.1)
	replicaA, _ := g.AddOr(a, site)
	replicaB, _ := g.AddOr(b, site)
	top, _ := g.AddAnd(replicaA, replicaB)
	m, err := Compile(g, []NodeID{top}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	r, _ := m.Unavailability(top)
	if want := 0.01 + 0.99*0.01; !near(float64(r.Lower), want) {
		t.Errorf("got %v, want %v", r.Lower, want)
	}
	if points, _ := m.SinglePoints(top); !slices.Equal(points, []NodeID{site}) {
		t.Errorf("single points %v, want the site", points)
	}
}

func TestTinyProbabilitiesKeepTheirPrecision(t *testing.T) {
	g := &Graph{}
	var tops []NodeID
	for range 3 {
		var pair [4]NodeID
		for i := range pair {
			pair[i], _ = g.AddEvent(1e-9)
		}
		top, _ := g.AddAnd(pair[:]...)
		tops = append(tops, top)
	}
	all, _ := g.AddOr(tops...)
	m, err := Compile(g, []NodeID{all}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	r, _ := m.Unavailability(all)
	if want := 3e-36; math.Abs(float64(r.Lower)/want-1) > 1e-12 {
		t.Errorf("got %v, want %v", r.Lower, want)
	}
}

// TestRelabellingChangesNothing builds a system again with nodes and inputs in
// another order.
func TestRelabellingChangesNothing(t *testing.T) {
	samples(t, 300, func(t *testing.T, r *rand.Rand, s sample, c Circles) {
		other := &Graph{}
		n := s.g.Len()
		to := make([]NodeID, n)
		for _, v := range r.Perm(n) {
			switch s.g.op[v] {
			case OpEvent:
				to[v], _ = other.AddEvent(s.g.q[v])
			case OpConstant:
				to[v], _ = other.AddConstant(s.g.k[v] == 1)
			default:
				to[v], _ = other.ReserveGate()
			}
		}
		for _, v := range r.Perm(n) {
			var inputs []NodeID
			for _, in := range s.g.Inputs(NodeID(v)) {
				inputs = append(inputs, to[in])
			}
			if inputs == nil {
				continue
			}
			r.Shuffle(len(inputs), func(i, j int) { inputs[i], inputs[j] = inputs[j], inputs[i] })
			if err := other.Define(to[v], s.g.op[v], int(s.g.k[v]), inputs...); err != nil {
				t.Fatal(err)
			}
		}
		var tops []NodeID
		for _, v := range s.gates {
			tops = append(tops, to[v])
		}
		one, err := Compile(s.g, s.gates, Options{Circles: c})
		if err != nil {
			t.Fatal(err)
		}
		two, err := Compile(other, tops, Options{Circles: c})
		if err != nil {
			t.Fatal(err)
		}
		results := two.Unavailabilities()
		for i, r := range one.Unavailabilities() {
			if !r.Exact || !results[i].Exact || !near(float64(r.Lower), float64(results[i].Lower)) {
				t.Errorf("top %d: %v, relabelled %v", s.gates[i], r, results[i])
			}
		}
	})
}

// TestDualisation: swapping AND and OR, failed and working, and the two
// meanings of circles turns unavailability into availability.
func TestDualisation(t *testing.T) {
	samples(t, 300, func(t *testing.T, r *rand.Rand, s sample, c Circles) {
		dual := &Graph{}
		for v := range NodeID(s.g.Len()) {
			switch s.g.op[v] {
			case OpEvent:
				dual.AddEvent(1 - s.g.q[v])
			case OpConstant:
				dual.AddConstant(s.g.k[v] == 0)
			case OpNot, OpXor:
				return
			default:
				dual.ReserveGate()
			}
		}
		for v := range NodeID(s.g.Len()) {
			if in := s.g.Inputs(v); len(in) > 0 {
				if err := dual.Define(v, OpAtLeast, len(in)-int(s.g.k[v])+1, in...); err != nil {
					t.Fatal(err)
				}
			}
		}
		one, err := Compile(s.g, s.gates, Options{Circles: c})
		if err != nil {
			t.Fatal(err)
		}
		two, err := Compile(dual, s.gates, Options{Circles: 1 - c})
		if err != nil {
			t.Fatal(err)
		}
		results := two.Unavailabilities()
		for i, r := range one.Unavailabilities() {
			if !near(float64(r.Lower), 1-float64(results[i].Lower)) {
				t.Errorf("top %d: %v, dual %v", s.gates[i], r, results[i])
			}
		}
	})
}
