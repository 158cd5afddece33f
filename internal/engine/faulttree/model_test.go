package faulttree

import (
	"math/rand/v2"
	"slices"
	"testing"
)

var shapes = []struct {
	name  string
	shape shape
	rare  int // one in so many runs: shapes with many states take long
}{
	{"shared subtrees", shape{events: 6, gates: 8}, 1},
	{"fourteen events", shape{events: 14, gates: 12}, 60},
	{"many overlapping pairs", shape{events: 9, gates: 12, pairs: 14}, 6},
	{"overlapping pairs of shared functions", shape{events: 8, gates: 6, pairs: 10, pairsOfGates: true}, 4},
	{"house events", shape{events: 5, gates: 7, constants: true}, 1},
	{"circles", shape{events: 6, gates: 6, circles: true}, 1},
	{"circles with house events", shape{events: 5, gates: 5, circles: true, constants: true}, 1},
	{"not and xor", shape{events: 7, gates: 9, notCoherent: true, constants: true}, 1},
}

// samples runs a test on many random systems of every shape and both meanings
// of circles.
func samples(t *testing.T, count int, run func(t *testing.T, r *rand.Rand, s sample, c Circles)) {
	for i, sh := range shapes {
		t.Run(sh.name, func(t *testing.T) {
			r := rand.New(rand.NewPCG(uint64(i), 20260103))
			for range max(1, count/sh.rare) {
				s := randomSample(r, sh.shape)
				for _, c := range []Circles{SteadyState, ColdStart} {
					run(t, r, s, c)
					if t.Failed() {
						t.Logf("circles: %v, graph: %v", c, s)
						return
					}
				}
			}
		})
	}
}

func (s sample) String() string {
	out := ""
	for _, v := range s.gates {
		out += "\n" + s.g.op[v].String()
		out += " k=" + string(rune('0'+s.g.k[v])) + " "
		for _, in := range s.g.Inputs(v) {
			out += " " + string(rune('0'+in/10)) + string(rune('0'+in%10))
		}
	}
	return out
}

func TestAllTopsAgreeWithAllStates(t *testing.T) {
	samples(t, 1500, func(t *testing.T, r *rand.Rand, s sample, c Circles) {
		m, err := Compile(s.g, s.gates, Options{Circles: c, Orderings: []Ordering{Ordering(r.IntN(3))}})
		if err != nil {
			t.Fatal(err)
		}
		for i, result := range m.Unavailabilities() {
			top := s.gates[i]
			truth := s.truth(top, c)
			got, ok := result.Probability()
			if want := s.probability(truth); !ok || !near(float64(got), want) {
				t.Errorf("top %d: got %v, all states give %v", top, result, want)
			}
			if !m.tries[0].sys.coherent[top] {
				continue
			}
			var single []NodeID
			for _, e := range s.events {
				if truth[1<<e] && !truth[0] {
					single = append(single, e)
				}
			}
			points, err := m.SinglePoints(top)
			if err != nil || !slices.Equal(points, single) {
				t.Errorf("top %d: single points %v (%v), all states give %v", top, points, err, single)
			}
			always, err := m.AlwaysFailed(top)
			if err != nil || always != truth[0] {
				t.Errorf("top %d: always failed %v, all states give %v", top, always, truth[0])
			}
		}
	})
}

func TestBoundsContainTheExactValue(t *testing.T) {
	samples(t, 1000, func(t *testing.T, r *rand.Rand, s sample, c Circles) {
		opts := Options{Circles: c, NodeBudget: MinNodeBudget, GateBudget: 1 + r.IntN(4), Orderings: []Ordering{Ordering(r.IntN(3))}}
		m, err := Compile(s.g, s.gates, opts)
		if err != nil {
			t.Fatal(err)
		}
		for i, result := range m.Unavailabilities() {
			truth := s.truth(s.gates[i], c)
			want := s.probability(truth)
			lower, upper := float64(result.Lower), float64(result.Upper)
			if lower > want+1e-12 || upper < want-1e-12 || result.Exact && !near(lower, want) {
				t.Errorf("top %d: %+v does not contain %v", s.gates[i], result, want)
			}
			if !m.tries[0].sys.coherent[s.gates[i]] {
				continue
			}
			var single []NodeID
			for _, e := range s.events {
				if truth[1<<e] && !truth[0] {
					single = append(single, e)
				}
			}
			if points, err := m.SinglePoints(s.gates[i]); err != nil || !slices.Equal(points, single) {
				t.Errorf("top %d: single points %v (%v), all states give %v", s.gates[i], points, err, single)
			}
		}
	})
}
