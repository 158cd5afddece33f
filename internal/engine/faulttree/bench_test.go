package faulttree

import (
	"runtime"
	"testing"
)

// The organisation of these benchmarks has 10 000 services over 100 000
// components in layers: shared sites, power, networks, hosts, redundancy
// groups, data platforms, and services that require other services.
const benchServices, benchComponents = 10_000, 100_000

// BenchmarkOrganisation solves it from nothing: probabilities and single
// points of failure of all services.
func BenchmarkOrganisation(b *testing.B) {
	for _, ordering := range []Ordering{OrderSharedFirst, OrderDepthFirst, OrderTopDown} {
		b.Run(ordering.String(), func(b *testing.B) {
			o := newOrganisation(1, benchServices, benchComponents)
			b.ReportAllocs()
			var m *Model
			bounded, points := 0, 0
			for b.Loop() {
				m = solveAll(b, o, Options{Orderings: []Ordering{ordering}})
				bounded, points = 0, 0
				for _, r := range m.Unavailabilities() {
					if !r.Exact {
						bounded++
					}
				}
				for _, s := range o.services {
					p, err := m.SinglePoints(s)
					if err != nil {
						b.Fatal(err)
					}
					points += len(p)
				}
			}
			st := m.Stats()
			b.ReportMetric(float64(bounded), "bounded")
			b.ReportMetric(float64(points)/benchServices, "SPOFs/service")
			b.ReportMetric(float64(st.NodesMade), "nodes")
			b.ReportMetric(float64(st.NodesKept), "nodes-kept")
			runtime.GC()
			var mem runtime.MemStats
			runtime.ReadMemStats(&mem)
			b.ReportMetric(float64(mem.HeapAlloc)/(1<<20), "MiB-kept")
			runtime.KeepAlive(m)
		})
	}
}

func solveAll(b *testing.B, o organisation, opts Options) *Model {
	b.Helper()
	m, err := Compile(o.g, o.services, opts)
	if err != nil {
		b.Fatal(err)
	}
	m.Unavailabilities()
	return m
}

// BenchmarkOrganisationImportance computes the importance of every event for
// every service, after the diagrams are built.
func BenchmarkOrganisationImportance(b *testing.B) {
	o := newOrganisation(1, benchServices, benchComponents)
	m := solveAll(b, o, Options{})
	rows := 0
	b.ReportAllocs()
	for b.Loop() {
		rows = 0
		for _, s := range o.services {
			list, err := m.Importance(s)
			if err != nil {
				b.Fatal(err)
			}
			rows += len(list)
		}
	}
	b.ReportMetric(float64(rows), "rows")
}

// BenchmarkOrganisationOneChange changes one probability and evaluates all
// services again.
func BenchmarkOrganisationOneChange(b *testing.B) {
	o := newOrganisation(1, benchServices, benchComponents)
	m := solveAll(b, o, Options{})
	q := Probability(0)
	b.ReportAllocs()
	for b.Loop() {
		q += 1e-9
		if err := m.SetProbability(o.events[0], q); err != nil {
			b.Fatal(err)
		}
		m.Unavailabilities()
	}
}

// BenchmarkOrganisationDown asks for every event in turn what fails with it.
func BenchmarkOrganisationDown(b *testing.B) {
	o := newOrganisation(1, benchServices, benchComponents)
	p, err := NewPropagation(o.g, SteadyState)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		for _, e := range o.events {
			if _, err := p.Failed(e); err != nil {
				b.Fatal(err)
			}
		}
	}
	b.ReportMetric(float64(len(o.events)), "questions")
}

// BenchmarkOrganisationPairs lists the cut sets up to order 2 of 100 services.
func BenchmarkOrganisationPairs(b *testing.B) {
	o := newOrganisation(1, benchServices, benchComponents)
	m := solveAll(b, o, Options{})
	found := 0
	b.ReportAllocs()
	for b.Loop() {
		found = 0
		for i := 0; i < len(o.services); i += len(o.services) / 100 {
			sets, err := m.CutSets(o.services[i])
			if err != nil {
				b.Fatal(err)
			}
			list, _ := sets.List(2, 1<<20)
			found += len(list)
		}
	}
	b.ReportMetric(float64(found), "cut-sets")
}
