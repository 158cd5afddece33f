package faulttree

import "math/rand/v2"

// organisation is a made-up estate in layers: sites with power, networks and
// clusters of hosts at the bottom, data platforms in redundancy groups over
// them, application components, and services that also require other services.
type organisation struct {
	g        *Graph
	services []NodeID
	events   []NodeID
}

func newOrganisation(seed uint64, services, components int) organisation {
	r := rand.New(rand.NewPCG(seed, 7))
	o := organisation{g: &Graph{}}
	must := func(id NodeID, err error) NodeID {
		if err != nil {
			panic(err)
		}
		return id
	}
	node := func(q float64, inputs ...NodeID) NodeID {
		e := must(o.g.AddEvent(Probability(q * (0.5 + r.Float64()))))
		o.events = append(o.events, e)
		return must(o.g.AddOr(append([]NodeID{e}, inputs...)...))
	}
	pick := func(from []NodeID) NodeID { return from[r.IntN(len(from))] }
	// two different ones, most often at different sites
	pair := func(from []NodeID) (NodeID, NodeID) {
		i := r.IntN(len(from))
		return from[i], from[(i+1+r.IntN(len(from)-1))%len(from)]
	}
	wan := node(1e-5)
	directory := node(1e-5)
	var sites, racks, hosts []NodeID
	for range 6 {
		grid, generator := node(1e-4), node(1e-2)
		power := must(o.g.AddAnd(grid, generator))
		cooling := must(o.g.AddAtLeast(2, node(1e-3), node(1e-3), node(1e-3)))
		sites = append(sites, node(1e-5, power, cooling))
	}
	for i := range components / 200 {
		site := sites[i%len(sites)]
		switches := must(o.g.AddAnd(node(1e-4), node(1e-4)))
		racks = append(racks, node(1e-6, site, switches))
	}
	for i := range components / 10 {
		hosts = append(hosts, node(1e-3, racks[i%len(racks)]))
	}
	var databases []NodeID
	for range components / 100 {
		a, b := pair(hosts)
		replicas := []NodeID{node(1e-3, a), node(1e-3, b)}
		if r.IntN(3) == 0 {
			replicas = append(replicas, node(1e-3, pick(hosts)))
			databases = append(databases, node(1e-6, must(o.g.AddAtLeast(2, replicas...))))
			continue
		}
		databases = append(databases, node(1e-6, must(o.g.AddAnd(replicas...))))
	}
	for i := range services {
		inputs := []NodeID{wan, directory}
		each := (components - len(o.events)) / (services - i)
		for j := 0; j < each; j++ {
			switch {
			case j%3 == 2:
				inputs = append(inputs, node(1e-4, pick(hosts)))
			case j+1 < each:
				a, b := pair(hosts)
				inputs = append(inputs, must(o.g.AddAnd(node(1e-3, a), node(1e-3, b))))
				j++
			default:
				inputs = append(inputs, node(1e-4, pick(databases)))
			}
		}
		inputs = append(inputs, pick(databases))
		for range r.IntN(3) {
			if i > services/20 {
				// Most lean on a few common services.
				inputs = append(inputs, o.services[r.IntN(1+r.IntN(1+r.IntN(len(o.services))))])
			}
		}
		o.services = append(o.services, node(1e-4, inputs...))
	}
	return o
}
