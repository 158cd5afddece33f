package servicelevel

import (
	"diapason/internal/engine/faulttree"
	"diapason/internal/engine/reliance"
	"diapason/internal/model"
)

// Budgets of the tree of promises behind one service.
const (
	exactNodes = 1 << 18
	exactGates = 1 << 15
)

// exact is the availability that promises behind a service make in the dependency
// model: a fault tree in which each promise is one event, however often it stands
// there, so that what alternatives share is not taken for independent. What nobody
// promises never fails in it. ok is false where the structure is too entangled.
func (a *Analysis) exact(service model.Handle, ofTeam bool) (model.Availability, bool) {
	root := int32(service)
	if ofTeam {
		root = inner(service)
	}
	if hit, known := a.exacts.Load(root); known {
		x := hit.(exactly)
		return x.availability, x.ok
	}
	x := a.solveExact(root)
	a.exacts.Store(root, x)
	return x.availability, x.ok
}

type exactly struct {
	availability model.Availability
	ok           bool
}

func (a *Analysis) solveExact(root int32) exactly {
	b := promiseTree{a: a, node: map[int32]faulttree.NodeID{}, event: map[model.Handle]faulttree.NodeID{}}
	top := b.visit(root)
	for len(b.todo) > 0 && b.err == nil {
		n := b.todo[len(b.todo)-1]
		b.todo = b.todo[:len(b.todo)-1]
		inputs := []faulttree.NodeID{}
		for _, x := range (linkGraph{a}).Needs(n) {
			inputs = append(inputs, b.need(x))
		}
		if len(inputs) == 0 {
			inputs = append(inputs, b.never())
		}
		b.check(b.g.Define(b.node[n], faulttree.OpOr, 0, inputs...))
	}
	if b.err != nil {
		return exactly{}
	}
	m, err := faulttree.Compile(&b.g, []faulttree.NodeID{top}, faulttree.Options{Circles: faulttree.SteadyState, NodeBudget: exactNodes, GateBudget: exactGates})
	if err != nil {
		return exactly{}
	}
	r, err := m.Unavailability(top)
	if err != nil || !r.Exact {
		return exactly{}
	}
	return exactly{model.AvailabilityOf(float64(r.Upper)), true}
}

// promiseTree is the fault tree of the promises behind a node of the link graph.
type promiseTree struct {
	a     *Analysis
	g     faulttree.Graph
	node  map[int32]faulttree.NodeID
	event map[model.Handle]faulttree.NodeID // by agreement or contract
	todo  []int32
	err   error
}

func (b *promiseTree) check(err error) {
	if err != nil && b.err == nil {
		b.err = err
	}
}

func (b *promiseTree) never() faulttree.NodeID {
	id, err := b.g.AddConstant(false)
	b.check(err)
	return id
}

func (b *promiseTree) visit(n int32) faulttree.NodeID {
	if id, known := b.node[n]; known {
		return id
	}
	id := faulttree.NodeID(0)
	if p, ok := b.a.promiseOf(handleOf(n), n < 0); ok {
		id = b.promise(p.by)
	} else {
		var err error
		id, err = b.g.ReserveGate()
		b.check(err)
		b.todo = append(b.todo, n)
	}
	b.node[n] = id
	return id
}

func (b *promiseTree) promise(by model.Handle) faulttree.NodeID {
	if id, known := b.event[by]; known {
		return id
	}
	link, _ := b.a.linkBy(by)
	id, err := b.g.AddEvent(faulttree.Probability(link.Availability.Unavailability()))
	b.check(err)
	b.event[by] = id
	return id
}

func (b *promiseTree) need(x reliance.Need) faulttree.NodeID {
	if len(x.Group) == 0 {
		return b.visit(x.Node)
	}
	if x.AtLeast <= 0 {
		return b.never()
	}
	inputs := make([]faulttree.NodeID, len(x.Group))
	for i, alternative := range x.Group {
		inputs[i] = b.need(alternative)
	}
	if x.AtLeast > len(inputs) {
		id, err := b.g.AddConstant(true)
		b.check(err)
		return id
	}
	id, err := b.g.AddWorking(x.AtLeast, inputs...)
	b.check(err)
	return id
}
