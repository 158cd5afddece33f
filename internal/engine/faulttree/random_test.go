package faulttree

import (
	"math"
	"math/rand/v2"
)

// sample is a small random system of which every state can be tried.
type sample struct {
	g      *Graph
	events []NodeID
	gates  []NodeID
}

type shape struct {
	events, gates int
	circles       bool
	notCoherent   bool
	constants     bool

	pairs        int  // so many two-input ANDs under a last OR
	pairsOfGates bool // … of gates too, not of events only
}

func randomSample(r *rand.Rand, sh shape) sample {
	s := sample{g: &Graph{}}
	for range sh.events {
		q := Probability(r.Float64())
		if r.IntN(12) == 0 {
			q = Probability(r.IntN(2))
		}
		id, err := s.g.AddEvent(q)
		if err != nil {
			panic(err)
		}
		s.events = append(s.events, id)
	}
	leaves := append([]NodeID(nil), s.events...)
	if sh.constants {
		for i := range 2 {
			id, _ := s.g.AddConstant(i == 0)
			leaves = append(leaves, id)
		}
	}
	for range sh.gates {
		id, err := s.g.ReserveGate()
		if err != nil {
			panic(err)
		}
		s.gates = append(s.gates, id)
	}
	for i, gate := range s.gates {
		n := 1 + r.IntN(4)
		inputs := make([]NodeID, n)
		for j := range inputs {
			switch {
			case sh.circles && r.IntN(2) == 0:
				inputs[j] = s.gates[r.IntN(len(s.gates))]
			case !sh.circles && i > 0 && r.IntN(2) == 0:
				inputs[j] = s.gates[max(0, i-1-r.IntN(4))]
			default:
				inputs[j] = leaves[r.IntN(len(leaves))]
			}
		}
		op, k := OpOr, 0
		switch r.IntN(5) {
		case 0, 1:
			op = OpAnd
		case 2:
			op, k = OpAtLeast, 1+r.IntN(n)
		}
		if sh.notCoherent && r.IntN(4) == 0 {
			op = OpXor
			if n == 1 {
				op = OpNot
			}
		}
		if err := s.g.Define(gate, op, k, inputs...); err != nil {
			panic(err)
		}
	}
	if sh.pairs > 0 {
		from := s.events
		if sh.pairsOfGates {
			from = append(append([]NodeID(nil), from...), s.gates...)
		}
		var pairs []NodeID
		for range sh.pairs {
			a, b := r.IntN(len(from)), r.IntN(len(from))
			pair, err := s.g.AddAnd(from[a], from[b])
			if a == b {
				pair, err = s.g.AddAnd(from[a], from[(b+1)%len(from)])
			}
			if err != nil {
				panic(err)
			}
			pairs = append(pairs, pair)
		}
		top, err := s.g.AddOr(pairs...)
		if err != nil {
			panic(err)
		}
		s.gates = []NodeID{top, s.gates[len(s.gates)-1]}
	}
	return s
}

// expand evaluates a node by expansion: a gate met again on the way down
// counts as the given value. It is the definition, and takes exponential time.
func (s sample) expand(v NodeID, state uint, reentered bool, onPath []bool) bool {
	g := s.g
	switch g.op[v] {
	case OpEvent:
		return state>>v&1 == 1 // events come first, so their id is their bit
	case OpConstant:
		return g.k[v] == 1
	}
	if onPath[v] {
		return reentered
	}
	onPath[v] = true
	defer func() { onPath[v] = false }()
	failed := 0
	for _, in := range g.Inputs(v) {
		if s.expand(in, state, reentered, onPath) {
			failed++
		}
	}
	switch g.op[v] {
	case OpNot:
		return failed == 0
	case OpXor:
		return failed%2 == 1
	}
	return failed >= int(g.k[v])
}

// truth tabulates a node over all states of the events.
func (s sample) truth(v NodeID, c Circles) []bool {
	onPath := make([]bool, s.g.Len())
	t := make([]bool, 1<<len(s.events))
	for state := range t {
		t[state] = s.expand(v, uint(state), c == ColdStart, onPath)
	}
	return t
}

func (s sample) probability(truth []bool) float64 {
	total := 0.0
	for state, failed := range truth {
		if failed {
			total += s.weight(state)
		}
	}
	return total
}

func (s sample) weight(state int) float64 {
	w := 1.0
	for i, e := range s.events {
		q := float64(s.g.q[e])
		if state>>i&1 == 0 {
			q = 1 - q
		}
		w *= q
	}
	return w
}

// minimalCutSets returns the states that fail and of which no smaller one does.
func (s sample) minimalCutSets(truth []bool) map[int]bool {
	out := map[int]bool{}
	for state, failed := range truth {
		if !failed {
			continue
		}
		minimal := true
		for i := range s.events {
			if state>>i&1 == 1 && truth[state&^(1<<i)] {
				minimal = false
			}
		}
		if minimal {
			out[state] = true
		}
	}
	return out
}

func near(a, b float64) bool { return math.Abs(a-b) <= 1e-12+1e-9*math.Abs(b) }
