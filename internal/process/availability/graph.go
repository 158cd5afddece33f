package availability

import (
	"fmt"

	"diapason/internal/engine/faulttree"
	"diapason/internal/model"
)

// Budgets of diagram nodes: what a model of 10 000 services takes is an eighth of
// solveBudget. A structure that exceeds them gets proven bounds.
const (
	solveBudget = 1 << 23
	gateBudget  = 1 << 19
)

// graph is the one fault tree of a set of objects, over shared nodes: each object
// is a gate that fails when its own event happens or what it needs fails.
type graph struct {
	a     *Analysis
	g     faulttree.Graph
	node  map[model.Handle]faulttree.NodeID
	owner []model.Handle // by node: whose own failure an event is; model.Missing for gates
	todo  []pending
	err   error

	// releases are the events of products at a version; without allReleases only those
	// with a declared figure are part of the graph.
	releases    map[release]faulttree.NodeID
	releaseAt   map[faulttree.NodeID]release
	allReleases bool

	// elsewhere has the switches of improvements that put a second one elsewhere, by
	// thing; nil where improvements are not part of the graph.
	elsewhere map[model.Handle][]faulttree.NodeID
}

type pending struct {
	h     model.Handle
	gate  faulttree.NodeID
	needs []need
}

func (a *Analysis) newGraph(room int) *graph {
	return &graph{a: a, node: make(map[model.Handle]faulttree.NodeID, room)}
}

// add brings an object and all it needs into the graph.
func (b *graph) add(h model.Handle) faulttree.NodeID {
	id := b.visit(h)
	for len(b.todo) > 0 && b.err == nil {
		p := b.todo[len(b.todo)-1]
		b.todo = b.todo[:len(b.todo)-1]
		inputs := make([]faulttree.NodeID, 0, len(p.needs)+2)
		if q, state := b.a.ownOf(p.h); state != ownNot {
			inputs = append(inputs, b.event(p.h, q))
		}
		if id, runs := b.release(p.h); runs {
			inputs = append(inputs, id)
		}
		for i := range p.needs {
			inputs = append(inputs, b.expression(&p.needs[i]))
		}
		b.check(b.g.Define(p.gate, faulttree.OpOr, 0, inputs...))
	}
	return id
}

func (b *graph) visit(h model.Handle) faulttree.NodeID {
	if id, ok := b.node[h]; ok {
		return id
	}
	if b.elsewhere != nil && movable(b.a.f.Snap.Object(h)) {
		return b.second(h)
	}
	id := b.plain(h)
	b.node[h] = id
	return id
}

// plain is the failure of h by itself or with what it needs.
func (b *graph) plain(h model.Handle) faulttree.NodeID {
	list := b.a.needs(h)
	var id faulttree.NodeID
	if _, runs := b.release(h); len(list) == 0 && !runs {
		q, _ := b.a.ownOf(h)
		id = b.event(h, q)
	} else {
		var err error
		id, err = b.g.ReserveGate()
		b.check(err)
		b.own(id, model.Missing)
		b.todo = append(b.todo, pending{h, id, list})
	}
	return id
}

// expression gives the gate of a group, or the node of a leaf.
func (b *graph) expression(n *need) faulttree.NodeID {
	if !n.group() {
		return b.visit(n.on)
	}
	inputs := make([]faulttree.NodeID, len(n.of))
	for i := range n.of {
		inputs[i] = b.expression(&n.of[i])
	}
	id, err := b.g.AddWorking(n.needed, inputs...)
	b.check(err)
	b.own(id, model.Missing)
	return id
}

func (b *graph) event(h model.Handle, q float64) faulttree.NodeID {
	id, err := b.g.AddEvent(faulttree.Probability(q))
	b.check(err)
	b.own(id, h)
	return id
}

func (b *graph) own(id faulttree.NodeID, h model.Handle) {
	for int(id) >= len(b.owner) {
		b.owner = append(b.owner, model.Missing)
	}
	b.owner[max(id, 0)] = h
}

func (b *graph) check(err error) {
	if err != nil && b.err == nil {
		b.err = fmt.Errorf("availability: fault tree: %w", err)
	}
}

// compile solves the structure of the tops.
func (b *graph) compile(tops []faulttree.NodeID) (*faulttree.Model, error) {
	if b.err != nil {
		return nil, b.err
	}
	return faulttree.Compile(&b.g, tops, faulttree.Options{Circles: faulttree.SteadyState, NodeBudget: solveBudget, GateBudget: gateBudget})
}

// singles turns the single points of a top into objects, without those that have
// instances to spare inside.
func (b *graph) singles(m *faulttree.Model, top faulttree.NodeID) []model.Handle {
	points, err := m.SinglePoints(top)
	if err != nil {
		return nil
	}
	out := make([]model.Handle, 0, len(points))
	for _, p := range points {
		h := b.owner[p]
		if h == model.Missing {
			continue // a product: it is no object
		}
		if c, ok := specOf[model.Component](b.a.f, h); ok {
			if n, needed := b.a.instancesNeeded(h, c); needed < n {
				continue
			}
		}
		out = append(out, h)
	}
	return out
}
