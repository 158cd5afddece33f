package faulttree

import "testing"

// BenchmarkOrganisation solves 10 000 services over 100 000 components from
// nothing: probabilities and single points of failure of all services.
func BenchmarkOrganisation(b *testing.B) {
	for _, ordering := range []Ordering{OrderSharedFirst, OrderDepthFirst, OrderTopDown} {
		b.Run(ordering.String(), func(b *testing.B) {
			o := newOrganisation(1, 10_000, 100_000)
			b.ReportAllocs()
			for b.Loop() {
				m, err := Compile(o.g, o.services, Options{Orderings: []Ordering{ordering}})
				if err != nil {
					b.Fatal(err)
				}
				inexact, points := 0, 0
				for _, r := range m.Unavailabilities() {
					if !r.Exact {
						inexact++
					}
				}
				for _, s := range o.services {
					p, err := m.SinglePoints(s)
					if err != nil {
						b.Fatal(err)
					}
					points += len(p)
				}
				st := m.Stats()
				b.ReportMetric(float64(inexact), "bounded")
				b.ReportMetric(float64(points)/float64(len(o.services)), "SPOFs/service")
				b.ReportMetric(float64(st.NodesMade), "nodes")
				b.ReportMetric(float64(st.NodesKept), "nodes-kept")
			}
		})
	}
}
