package availability

import (
	"diapason/internal/engine/faulttree"
	"diapason/internal/model"
)

// Studies looks at several services over one graph: what they share is solved once. An
// entry is nil where there is no structure that can be solved. The studies share their
// graph, so that one goroutine alone may ask them.
func (a *Analysis) Studies(services []model.Handle) []*Study {
	out := make([]*Study, len(services))
	b := a.newGraph(len(services) * 8)
	tops := make([]faulttree.NodeID, len(services))
	for i, h := range services {
		tops[i] = b.add(h)
	}
	m, err := b.compile(tops)
	if err != nil {
		return out
	}
	inputs := a.inputsOf(b)
	for i, r := range m.Unavailabilities() {
		out[i] = &Study{a: a, service: services[i], t: &tree{b: b, m: m, top: tops[i], unavailability: float64(r.Upper)}, inputs: inputs}
	}
	return out
}
