package availability

import (
	"diapason/internal/engine/faulttree"
	"diapason/internal/model"
)

// Importances ranks what each of some services needs, as Study.Importance does for
// one, over one graph: what services share is solved once. Services of which only
// bounds can be solved are left out.
func (a *Analysis) Importances(services []model.Handle, fn func(service model.Handle, list []Importance)) {
	b := a.newGraph(len(services) * 8)
	tops := make([]faulttree.NodeID, len(services))
	for i, h := range services {
		tops[i] = b.add(h)
	}
	m, err := b.compile(tops)
	if err != nil {
		return
	}
	m.Unavailabilities()
	inputs := a.inputsOf(b)
	for i, h := range services {
		s := Study{a: a, service: h, t: &tree{b: b, m: m, top: tops[i]}, inputs: inputs}
		if list, ok := s.Importance(); ok {
			fn(h, list)
		}
	}
}
