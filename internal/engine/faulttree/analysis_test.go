package faulttree

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

func TestCutSetsAgreeWithAllStates(t *testing.T) {
	samples(t, 1000, func(t *testing.T, r *rand.Rand, s sample, c Circles) {
		m, err := Compile(s.g, s.gates, Options{Circles: c})
		if err != nil {
			t.Fatal(err)
		}
		for _, top := range s.gates {
			sets, err := m.CutSets(top)
			if _, ok := err.(*NotCoherentError); ok && !m.tries[0].sys.coherent[top] {
				continue
			}
			if err != nil {
				t.Fatal(err)
			}
			want := s.minimalCutSets(s.truth(top, c))
			list, complete := sets.List(len(s.events), 1<<20)
			if !complete || len(list) != len(want) || sets.Count().Int64() != int64(len(want)) {
				t.Fatalf("top %d: listed %d (complete %v), counted %v, all states give %d", top, len(list), complete, sets.Count(), len(want))
			}
			byOrder := make([]int64, len(s.events)+1)
			for _, set := range list {
				state, p := 0, 1.0
				for _, e := range set.Events {
					state |= 1 << e
					p *= float64(s.g.q[e])
				}
				byOrder[len(set.Events)]++
				if !want[state] || !near(p, float64(set.Probability)) {
					t.Fatalf("top %d: %v is no minimal cut set or has a wrong probability", top, set)
				}
				delete(want, state)
			}
			for order, n := range sets.CountByOrder() {
				if n.Int64() != byOrder[order] {
					t.Fatalf("top %d: %v of order %d, listed %d", top, n, order, byOrder[order])
				}
			}
			if len(list) > 1 {
				some, complete := sets.List(len(s.events), len(list)-1)
				if complete || len(some) != len(list)-1 {
					t.Fatalf("top %d: a limit of %d gave %d, complete %v", top, len(list)-1, len(some), complete)
				}
			}
		}
	})
}

func TestImportanceAgreesWithAllStates(t *testing.T) {
	samples(t, 300, func(t *testing.T, r *rand.Rand, s sample, c Circles) {
		m, err := Compile(s.g, s.gates, Options{Circles: c})
		if err != nil {
			t.Fatal(err)
		}
		for _, top := range s.gates {
			truth := s.truth(top, c)
			p := s.probability(truth)
			list, err := m.Importance(top)
			if err != nil {
				t.Fatal(err)
			}
			got := map[NodeID]EventImportance{}
			for _, i := range list {
				got[i.Event] = i
			}
			for _, e := range s.events {
				b := s.birnbaum(truth, e)
				i := got[e]
				if !near(i.Birnbaum, b) {
					t.Fatalf("top %d event %d: Birnbaum %v, all states give %v", top, e, i.Birnbaum, b)
				}
				if q := float64(s.g.q[e]); i.Event == e && got[e].Birnbaum != 0 && p > 1e-9 {
					if !near(i.Criticality, q*b/p) || !near(i.AchievementWorth, (p+(1-q)*b)/p) || !near(i.Diagnostic, q*(p+(1-q)*b)/p) {
						t.Fatalf("top %d event %d: %+v", top, e, i)
					}
					if rest := p - q*b; rest > 1e-6 && !near(i.ReductionWorth, p/rest) {
						t.Fatalf("top %d event %d: RRW %v, want %v", top, e, i.ReductionWorth, p/rest)
					}
				}
			}
			if !m.tries[0].sys.coherent[top] {
				continue
			}
			shares, err := m.FussellVesely(top)
			if err != nil {
				t.Fatal(err)
			}
			share := map[NodeID]float64{}
			for _, x := range shares {
				share[x.Event] = x.FussellVesely
			}
			cuts := s.minimalCutSets(truth)
			for _, e := range s.events {
				want := 0.0
				for state := range truth {
					for cut := range cuts {
						if cut>>e&1 == 1 && state&cut == cut {
							want += s.weight(state)
							break
						}
					}
				}
				if p > 1e-9 && !near(share[e], want/p) {
					t.Fatalf("top %d event %d: Fussell-Vesely %v, all states give %v", top, e, share[e], want/p)
				}
			}
		}
	})
}

func (s sample) birnbaum(truth []bool, e NodeID) float64 {
	b := 0.0
	for state, failed := range truth {
		if !failed {
			continue
		}
		w := 1.0
		for i, other := range s.events {
			if other == e {
				continue
			}
			q := float64(s.g.q[other])
			if state>>i&1 == 0 {
				q = 1 - q
			}
			w *= q
		}
		if state>>e&1 == 1 {
			b += w
		} else {
			b -= w
		}
	}
	return b
}

func TestPropagationAgreesWithExpansion(t *testing.T) {
	samples(t, 1000, func(t *testing.T, r *rand.Rand, s sample, c Circles) {
		p, err := NewPropagation(s.g, c)
		if _, ok := err.(*NotCoherentError); ok {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		onPath := make([]bool, s.g.Len())
		for range 10 {
			state := r.UintN(1 << len(s.events))
			var down []NodeID
			for i, e := range s.events {
				if state>>i&1 == 1 {
					down = append(down, e)
				}
			}
			list, err := p.Failed(down...)
			if err != nil {
				t.Fatal(err)
			}
			for v := range NodeID(s.g.Len()) {
				want := s.expand(v, state, c == ColdStart, onPath)
				if got := slices.Contains(list, v) || p.Base(v); got != want {
					t.Fatalf("state %b node %d: failed %v, expansion gives %v", state, v, got, want)
				}
			}
		}
	})
}

func TestChangedProbabilitiesGiveWhatANewModelGives(t *testing.T) {
	samples(t, 300, func(t *testing.T, r *rand.Rand, s sample, c Circles) {
		m, err := Compile(s.g, s.gates, Options{Circles: c})
		if err != nil {
			t.Fatal(err)
		}
		m.Unavailabilities()
		for _, e := range s.events {
			s.g.q[e] = Probability(r.Float64())
			if err := m.SetProbability(e, s.g.q[e]); err != nil {
				t.Fatal(err)
			}
		}
		fresh, err := Compile(s.g, s.gates, Options{Circles: c})
		if err != nil {
			t.Fatal(err)
		}
		want := fresh.Unavailabilities()
		for i, got := range m.Unavailabilities() {
			if got != want[i] {
				t.Errorf("top %d: %v after the change, %v afresh", s.gates[i], got, want[i])
			}
		}
	})
}

func TestFrequencyOfTwoRepairableParts(t *testing.T) {
	// Two unlike parts in parallel, each repaired on its own: the pair fails
	// when one fails while the other is down, w = q1·A2/MUT2 + q2·A1/MUT1.
	g := &Graph{}
	cycles := map[NodeID]Cycle{0: {MeanUpTime: 1000, MeanDownTime: 10}, 1: {MeanUpTime: 500, MeanDownTime: 4}}
	a, _ := g.AddEvent(cycles[0].Unavailability())
	b, _ := g.AddEvent(cycles[1].Unavailability())
	pair, _ := g.AddAnd(a, b)
	m, err := Compile(g, []NodeID{pair}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	got, err := m.FailureFrequency(pair, func(e NodeID) (Cycle, bool) { c, ok := cycles[e]; return c, ok })
	if err != nil {
		t.Fatal(err)
	}
	q1, q2 := 10.0/1010, 4.0/504
	want := q1*(1-q2)/500 + q2*(1-q1)/1000
	if !near(float64(got.Frequency), want) || !near(float64(got.MeanDownTime), q1*q2/want) || !near(float64(got.MeanUpTime), (1-q1*q2)/want) {
		t.Errorf("got %+v, want frequency %v", got, want)
	}
	// Both repairs run at once: the pair is down for 1/(1/10 + 1/4) hours.
	if !near(float64(got.MeanDownTime), 1/(1.0/10+1.0/4)) {
		t.Errorf("mean down time %v", got.MeanDownTime)
	}
	_, err = m.FailureFrequency(pair, func(NodeID) (Cycle, bool) { return Cycle{MeanUpTime: Hours(math.NaN())}, true })
	if _, ok := err.(*CycleError); !ok {
		t.Errorf("NaN hours: error %v", err)
	}
}
