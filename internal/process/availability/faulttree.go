package availability

import (
	"diapason/internal/engine/faulttree"
	"diapason/internal/model"
)

// FaultTree is the graph on which the study rests, the node of the service in it,
// and what each node stands for: an event is the failure of its item by itself, a
// gate that of an object or what it needs; the item is zero for a gate that only
// counts alternatives. The graph belongs to the study and may have circles.
func (s *Study) FaultTree() (g *faulttree.Graph, top faulttree.NodeID, item func(faulttree.NodeID) (Item, faulttree.Probability)) {
	objects := make(map[faulttree.NodeID]model.Handle, len(s.t.b.node))
	for h, id := range s.t.b.node {
		objects[id] = h
	}
	return &s.t.b.g, s.t.top, func(id faulttree.NodeID) (Item, faulttree.Probability) {
		if s.t.b.g.Op(id) == faulttree.OpEvent {
			return s.inputs[id].Item(), s.t.m.Probability(id)
		}
		if h, ok := objects[id]; ok {
			return Item{Ref: s.a.f.Snap.Ref(h)}, 0
		}
		return Item{}, 0
	}
}
