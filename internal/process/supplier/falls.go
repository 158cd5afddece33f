package supplier

import (
	"slices"

	"diapason/internal/engine/reliance"
	"diapason/internal/finding"
	"diapason/internal/model"
)

// fallGraph is the model as the loss of suppliers sees it. A node that somebody
// outside delivers bears him, his parents up to the ultimate one, his
// subcontractors at any rank with their parents, and the countries of all these:
// whichever is lost, the node is.
type fallGraph struct{ a *Analysis }

// Needs implements reliance.Graph.
func (g fallGraph) Needs(n int32) []reliance.Need {
	o := g.a.f.Snap.Object(model.Handle(n))
	if o == nil {
		return nil
	}
	one := func(out []reliance.Need, r model.Ref) []reliance.Need {
		if h, ok := g.a.f.Snap.Find(r); ok {
			out = append(out, reliance.Need{Node: int32(h)})
		}
		return out
	}
	switch spec := o.Spec.(type) {
	case *model.Service:
		return g.a.convert(spec.Requires)
	case *model.Component:
		return one(one(g.a.convert(spec.Requires), spec.Site), spec.Supplier)
	case *model.Site:
		return one(g.a.convert(spec.Requires), spec.Supplier)
	case *model.Tool:
		if spec.External {
			return one(g.a.convert(spec.Requires), spec.Supplier)
		}
		return g.a.convert(spec.Requires)
	case *model.Team:
		return one(nil, spec.Supplier)
	case *model.Person:
		return one(nil, spec.Employer)
	}
	return nil
}

// Labels implements reliance.Graph.
func (g fallGraph) Labels(n int32) []int32 {
	if finding.Spec[model.Supplier](g.a.f, model.Handle(n)) == nil {
		return nil
	}
	return g.a.bearing(model.Handle(n))
}

func (a *Analysis) convert(list []model.Need) []reliance.Need {
	out := make([]reliance.Need, 0, len(list)+2)
	for _, n := range list {
		if group, atLeast := n.Group(); group != nil {
			if of := a.convert(group); len(of) > 0 {
				// An alternative that does not count while running is never lost.
				out = append(out, reliance.Need{Group: of, AtLeast: atLeast - (len(group) - len(of))})
			}
			continue
		}
		if h, ok := a.f.Snap.Find(n.On); ok && n.Counts(model.PhaseRun) {
			out = append(out, reliance.Need{Node: int32(h)})
		}
	}
	return out
}

// country is the label of a country code, below zero.
func country(code string) (int32, bool) {
	if len(code) != 2 {
		return 0, false
	}
	return -(int32(code[0])<<8 | int32(code[1])), true
}

func countryOf(label int32) string { return string([]byte{byte(-label >> 8), byte(-label)}) }

// bearing are the labels that a supplier bears, sorted.
func (a *Analysis) bearing(supplier model.Handle) []int32 {
	a.bearersMu.Lock()
	defer a.bearersMu.Unlock()
	if l, ok := a.bearers[supplier]; ok {
		return l
	}
	var out []int32
	seen := map[model.Handle]bool{}
	var visit func(h model.Handle, subcontractors bool)
	visit = func(h model.Handle, subcontractors bool) {
		spec := finding.Spec[model.Supplier](a.f, h)
		if spec == nil || seen[h] {
			return
		}
		seen[h] = true
		out = append(out, int32(h))
		if c, ok := country(spec.Country); ok {
			out = append(out, c)
		}
		visit(handle(a.f, spec.Parent), false) // a parent's own subcontractors serve others
		if subcontractors {
			for _, s := range spec.Subcontractors {
				visit(handle(a.f, s.Supplier), true)
			}
		}
	}
	visit(supplier, true)
	slices.Sort(out)
	out = slices.Compact(out)
	a.bearers[supplier] = out
	return out
}
