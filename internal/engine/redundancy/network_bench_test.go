package redundancy

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"
)

// mixed makes an instance as Feng, Chen, Che and Chu (2025) do: reliabilities
// and uses at random with two decimals, limits that allow about two components
// a subsystem.
func mixed(system, subsystems, types int, seed uint64) Problem {
	r := rand.New(rand.NewPCG(seed, uint64(system)))
	two := func(from, to float64) float64 { return float64(int(100*(from+r.Float64()*(to-from)))) / 100 }
	p := Problem{}
	for range 2 {
		p.Resources = append(p.Resources, Resource{Name: fmt.Sprint("r", len(p.Resources)), Limit: Amount(int(float64(subsystems) * (2.3 + 1.9*r.Float64())))})
	}
	for s := 1; s <= subsystems; s++ {
		x := Subsystem{Name: fmt.Sprint(s), Min: 1, Mixing: true}
		for t := range types {
			x.Types = append(x.Types, Type{Name: fmt.Sprint(t + 1), Reliability: Probability(two(0.6, 0.81)), Uses: []Use{{Each: Amount(two(1.1, 4.1))}, {Each: Amount(two(1.1, 4.1))}}})
		}
		p.Subsystems = append(p.Subsystems, x)
	}
	s := systems[system]
	p.Structure = &s
	return p
}

var subsystemsOf = map[int]int{1: 5, 2: 5, 3: 6, 4: 7, 5: 7, 6: 8, 7: 8, 8: 9, 9: 10}

func BenchmarkSolveNetworksWithMixedComponents(b *testing.B) {
	for system := 1; system <= 9; system++ {
		for _, types := range []int{2, 4, 6} {
			for seed := uint64(1); seed <= 3; seed++ {
				p := mixed(system, subsystemsOf[system], types, seed)
				b.Run(fmt.Sprintf("S%d/types=%d/seed=%d", system, types, seed), func(b *testing.B) {
					for b.Loop() {
						s, err := Solve(context.Background(), p, Goal{})
						if err != nil || !s.Exact {
							b.Fatal(err)
						}
						b.ReportMetric(float64(s.Visited), "nodes")
					}
				})
			}
		}
	}
}
