package faulttree

import (
	"math/rand/v2"
	"testing"
)

func TestBoundsCloseWhenEveryCaseMayBeTried(t *testing.T) {
	samples(t, 300, func(t *testing.T, r *rand.Rand, s sample, c Circles) {
		m, err := Compile(s.g, s.gates, Options{Circles: c})
		if err != nil {
			t.Fatal(err)
		}
		for i, result := range m.Unavailabilities() {
			top, k := s.gates[i], m.tries[0]
			if !k.sys.coherent[top] {
				continue
			}
			cone := k.coneOf(top)
			for _, splits := range []int{1, 1 + r.IntN(20), 1 << 15} {
				cone.splits = splits
				lower, upper := cone.bounds(k.now.low, levelSet{})
				want := float64(result.Lower)
				if lower > want+1e-9 || upper < want-1e-9 || splits == 1<<15 && upper-lower > 1e-9 {
					t.Fatalf("top %d, %d cases: [%v, %v], exact %v", top, splits, lower, upper, want)
				}
			}
		}
	})
}

func TestATinyBudgetGivesHonestBoundsForAnOrganisation(t *testing.T) {
	o := newOrganisation(8, 60, 600)
	exact, err := Compile(o.g, o.services, Options{})
	if err != nil {
		t.Fatal(err)
	}
	want := exact.Unavailabilities()
	m, err := Compile(o.g, o.services, Options{NodeBudget: 600})
	if err != nil {
		t.Fatal(err)
	}
	bounded := 0
	for i, r := range m.Unavailabilities() {
		if r.Lower > want[i].Lower*(1+1e-12) || r.Upper < want[i].Upper*(1-1e-12) {
			t.Errorf("service %d: %+v does not contain %+v", i, r, want[i])
		}
		if !r.Exact {
			bounded++
			if r.Upper > 20*r.Lower {
				t.Errorf("service %d: %+v is too wide, exact %v", i, r, want[i].Lower)
			}
			if _, err := m.Importance(o.services[i]); err == nil {
				t.Errorf("service %d: importance of an unknown probability", i)
			}
		}
	}
	if bounded == 0 {
		t.Error("the budget was meant not to suffice")
	}
}
