package faulttree_test

import (
	"fmt"
	"log"

	"diapason/internal/engine/faulttree"
)

// Two services share a pair of replicas that stand in one site.
func Example() {
	g := &faulttree.Graph{}
	event := func(q faulttree.Probability) faulttree.NodeID {
		id, err := g.AddEvent(q)
		if err != nil {
			log.Fatal(err)
		}
		return id
	}
	gate := func(id faulttree.NodeID, err error) faulttree.NodeID {
		if err != nil {
			log.Fatal(err)
		}
		return id
	}
	site, replica1, replica2 := event(0.0001), event(0.01), event(0.01)
	database := gate(g.AddAnd(gate(g.AddOr(replica1, site)), gate(g.AddOr(replica2, site))))
	portal := gate(g.AddOr(event(0.001), database))
	records := gate(g.AddOr(event(0.002), database, portal))

	m, err := faulttree.Compile(g, []faulttree.NodeID{portal, records}, faulttree.Options{})
	if err != nil {
		log.Fatal(err)
	}
	for i, r := range m.Unavailabilities() {
		fmt.Printf("service %d: unavailability %.8f, exact %v\n", i, r.Lower, r.Exact)
	}
	points, err := m.SinglePoints(portal)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("single points of the portal:", points)
	sets, err := m.CutSets(portal)
	if err != nil {
		log.Fatal(err)
	}
	list, _ := sets.List(2, 10)
	for _, set := range list {
		fmt.Println("cut set:", set.Events)
	}
	// Output:
	// service 0: unavailability 0.00119979, exact true
	// service 1: unavailability 0.00319739, exact true
	// single points of the portal: [0 6]
	// cut set: [0]
	// cut set: [6]
	// cut set: [1 2]
}

// Two directories that need each other: while they run they hold each other
// up, but after a stop of both nothing starts them.
func ExampleOptions_circles() {
	g := &faulttree.Graph{}
	a, _ := g.ReserveGate()
	b, _ := g.ReserveGate()
	ownA, _ := g.AddEvent(0.01)
	ownB, _ := g.AddEvent(0.02)
	if err := g.Define(a, faulttree.OpOr, 0, ownA, b); err != nil {
		log.Fatal(err)
	}
	if err := g.Define(b, faulttree.OpOr, 0, ownB, a); err != nil {
		log.Fatal(err)
	}
	for _, circles := range []faulttree.Circles{faulttree.SteadyState, faulttree.ColdStart} {
		m, err := faulttree.Compile(g, []faulttree.NodeID{a}, faulttree.Options{Circles: circles})
		if err != nil {
			log.Fatal(err)
		}
		r, _ := m.Unavailability(a)
		fmt.Printf("%v: %.4f\n", circles, r.Lower)
	}
	// Output:
	// steady state: 0.0298
	// cold start: 1.0000
}

// What stops when the site is down, and what it means to each top.
func ExamplePropagation() {
	g := &faulttree.Graph{}
	site, _ := g.AddEvent(0.0001)
	server, _ := g.AddEvent(0.01)
	other, _ := g.AddEvent(0.01)
	here, _ := g.AddOr(server, site)
	either, _ := g.AddAnd(here, other)
	p, err := faulttree.NewPropagation(g, faulttree.SteadyState)
	if err != nil {
		log.Fatal(err)
	}
	one, _ := p.Failed(site)
	fmt.Println("site down:", one)
	two, _ := p.Failed(site, other)
	fmt.Println("both down:", two, "top", either)
	// Output:
	// site down: [0 3]
	// both down: [0 2 3 4] top 4
}
