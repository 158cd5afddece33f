package redundancy

import (
	"cmp"
	"slices"
)

// module is a subsystem, or modules in series or in parallel.
type module struct {
	leaf     int // subsystem; -1 for a group
	parallel bool
	of       []*module
}

// join puts modules in series or in parallel, groups of the same kind flattened.
func join(parallel bool, list ...*module) *module {
	if len(list) == 1 {
		return list[0]
	}
	g := &module{leaf: -1, parallel: parallel}
	for _, x := range list {
		if x.leaf < 0 && x.parallel == parallel {
			g.of = append(g.of, x.of...)
		} else {
			g.of = append(g.of, x)
		}
	}
	return g
}

// shape is a structure taken apart: one module, or modules that are the
// variables of a diagram.
type shape struct {
	whole   *module
	diagram *diagram
	modules []*module
	idle    []bool // modules that the diagram does not depend on
}

// mostPaired bounds the variables among which series and parallel pairs are
// sought.
const mostPaired = 40

// shapeOf takes the structure of a problem apart.
func (p *Problem) shapeOf() (*shape, error) {
	index := p.index()
	if p.Structure == nil {
		g := &module{leaf: -1}
		for i := range p.Subsystems {
			g.of = append(g.of, &module{leaf: i})
		}
		return &shape{whole: join(false, g.of...)}, nil
	}
	if m := readOnce(p.Structure, index, map[int]bool{}); m != nil {
		return &shape{whole: m}, nil
	}
	s, m, root, err := p.whole(index)
	if err != nil {
		return nil, err
	}
	if len(p.Subsystems) <= mostPaired && !p.Structure.negates() {
		if root = s.pair(m, root); m.full { // the attempts alone were too many
			if s, m, root, err = p.whole(index); err != nil {
				return nil, err
			}
		}
	}
	s.diagram = m.diagram(root, len(p.Subsystems))
	s.compact()
	if len(s.modules) == 1 && !s.idle[0] && !p.Structure.negates() {
		return &shape{whole: s.modules[0]}, nil
	}
	return s, nil
}

// index numbers the subsystems by name.
func (p *Problem) index() map[string]int {
	index := map[string]int{}
	for i := range p.Subsystems {
		index[p.Subsystems[i].Name] = i
	}
	return index
}

// whole gives the structure with every subsystem a module of its own.
func (p *Problem) whole(index map[string]int) (*shape, *manager, int32, error) {
	m := newManager()
	structure := p.Structure
	if structure == nil {
		structure = &Structure{}
		for i := range p.Subsystems {
			structure.Of = append(structure.Of, Structure{Subsystem: p.Subsystems[i].Name})
		}
	}
	root := m.structure(structure, index)
	if m.full {
		return nil, nil, 0, &MistakeError{Code: EntangledStructure, Value: mostDecisions}
	}
	if root <= 1 {
		return nil, nil, 0, &MistakeError{Code: ConstantStructure}
	}
	s := &shape{}
	for i := range p.Subsystems {
		s.modules = append(s.modules, &module{leaf: i})
	}
	return s, m, root, nil
}

// negates reports a Not anywhere in the structure.
func (s *Structure) negates() bool {
	if s == nil {
		return false
	}
	if s.Not != nil {
		return true
	}
	for i := range s.Of {
		if s.Of[i].negates() {
			return true
		}
	}
	return false
}

// tendency says what more reliability of a subsystem does to the system.
type tendency int8

const (
	helps tendency = iota // or does nothing
	harms
	depends // on the others
)

// tendencies finds what each subsystem does, from the function of the structure.
func (p *Problem) tendencies(index map[string]int) ([]tendency, error) {
	out := make([]tendency, len(p.Subsystems))
	if !p.Structure.negates() {
		return out, nil
	}
	_, m, root, err := p.whole(index)
	if err != nil {
		return nil, err
	}
	for i := range out {
		fails, works := m.restrict(root, int32(i), false), m.restrict(root, int32(i), true)
		switch {
		case m.ite(fails, works, 1) == 1:
		case m.ite(works, fails, 1) == 1:
			out[i] = harms
		default:
			out[i] = depends
		}
	}
	return out, nil
}

// readOnce takes a structure of series and parallel groups apart in which no
// subsystem stands twice; nil where it is another.
func readOnce(s *Structure, index map[string]int, seen map[int]bool) *module {
	if s.Subsystem != "" {
		i := index[s.Subsystem]
		if seen[i] {
			return nil
		}
		seen[i] = true
		return &module{leaf: i}
	}
	if s.Network != nil || s.Not != nil || s.Needed > 1 && s.Needed < len(s.Of) {
		return nil
	}
	list := make([]*module, len(s.Of))
	for i := range s.Of {
		if list[i] = readOnce(&s.Of[i], index, seen); list[i] == nil {
			return nil
		}
	}
	return join(s.Needed == 1, list...)
}

// pair merges variables that count only together: in series when the function is
// the same whichever of them fails, in parallel when it is the same whichever
// works.
func (s *shape) pair(m *manager, root int32) int32 {
	for again := true; again && !m.full; {
		again = false
		for i := range s.modules {
			if s.modules[i] == nil || m.full {
				continue
			}
			for j := i + 1; j < len(s.modules); j++ {
				if s.modules[j] == nil {
					continue
				}
				f0, f1 := m.restrict(root, int32(i), false), m.restrict(root, int32(i), true)
				f00, f01 := m.restrict(f0, int32(j), false), m.restrict(f0, int32(j), true)
				f10, f11 := m.restrict(f1, int32(j), false), m.restrict(f1, int32(j), true)
				if m.full || f00 == f11 || f01 != f10 || f00 != f01 && f11 != f01 {
					continue
				}
				s.modules[i], s.modules[j] = join(f11 == f01, s.modules[i], s.modules[j]), nil
				root = m.ite(m.node(int32(i), 0, 1), f11, f00)
				again = true
			}
		}
	}
	return root
}

// compact renumbers the variables that are left.
func (s *shape) compact() {
	place := make([]int32, len(s.modules))
	var left []*module
	for i, x := range s.modules {
		if x != nil {
			place[i] = int32(len(left))
			left = append(left, x)
		}
	}
	s.modules, s.idle = left, make([]bool, len(left))
	for i := range s.idle {
		s.idle[i] = true
	}
	for i := 2; i < len(s.diagram.nodes); i++ {
		n := &s.diagram.nodes[i]
		n.v = place[n.v]
		s.idle[n.v] = false
	}
	s.diagram.vars = len(left)
}

// collapse merges the choices of a module's subsystems; nil where there would be
// too many.
func (c *compiled) collapse(m *module) *choices {
	if m.leaf >= 0 {
		return c.leaves[m.leaf]
	}
	var list []*choices
	for _, x := range m.of {
		k := c.collapse(x)
		if k == nil {
			return nil
		}
		list = append(list, k)
	}
	room := c.roomOf(m)
	bySize := func(a, b *choices) int { return cmp.Compare(a.len(), b.len()) }
	for len(list) > 1 {
		slices.SortStableFunc(list, bySize)
		k := merge(list[0], list[1], m.parallel, room)
		if k == nil {
			return nil
		}
		list = append([]*choices{k}, list[2:]...)
	}
	return list[0]
}

// roomOf is what the rest of the system leaves for a module at most.
func (c *compiled) roomOf(m *module) []float64 {
	inside := map[int]bool{}
	var mark func(*module)
	mark = func(m *module) {
		if m.leaf >= 0 {
			inside[m.leaf] = true
		}
		for _, x := range m.of {
			mark(x)
		}
	}
	mark(m)
	room := append([]float64(nil), c.limit...)
	for i, x := range c.leaves {
		if !inside[i] {
			for r := range room {
				room[r] -= x.least(r)
			}
		}
	}
	return room
}
