package openpsa

import (
	"errors"
	"strings"

	"diapason/internal/engine/stochastic"
)

// checkGates refuses gates that depend on themselves, naming one circle, and
// finds the gates that no other gate refers to.
func (p *parser) checkGates() {
	m := p.m
	const (
		untouched uint8 = iota
		open
		done
	)
	state := make([]uint8, len(m.elements))
	type step struct {
		gate     int32
		from, at int32 // nodes of the gate, and the one looked at
	}
	first := make([]int32, len(m.elements)) // node of each gate
	from, gates := int32(0), 0
	for i := range m.elements {
		if e := &m.elements[i]; e.kind == gate {
			first[i] = from
			from = e.body + 1
			gates++
		}
	}
	if gates == 0 {
		p.faultAt(place{0, 0}, "the model defines no gate: there is nothing to solve")
		return
	}
	var path []step
	for i := range m.elements {
		if m.elements[i].kind != gate || state[i] != untouched {
			continue
		}
		path = append(path[:0], step{int32(i), first[i], first[i]})
		state[i] = open
		for len(path) > 0 {
			s := &path[len(path)-1]
			if s.at > m.elements[s.gate].body {
				state[s.gate] = done
				path = path[:len(path)-1]
				continue
			}
			if p.pulse.beat() {
				return
			}
			x := &m.nodes[s.at]
			s.at++
			if x.do > houseReference || m.elements[x.target].kind != gate {
				continue
			}
			switch state[x.target] {
			case untouched:
				state[x.target] = open
				path = append(path, step{x.target, first[x.target], first[x.target]})
			case open:
				var names []string
				for j := len(path) - 1; ; j-- {
					names = append(names, m.reference(path[j].gate))
					if path[j].gate == x.target {
						break
					}
				}
				p.faultAt(x.at, "gates depend on each other in a circle: %s; a fault tree has none", circle(names))
				return
			}
		}
	}
}

// circle writes names, which stand from the last to the first, as a path that
// comes back; a long one is cut in the middle.
func circle(names []string) string {
	var b strings.Builder
	for i := len(names) - 1; i >= 0; i-- {
		if gap := len(names) - 20; gap > 0 && i == len(names)-11 {
			b.WriteString("… → ")
			i -= gap
		}
		b.WriteString(names[i])
		b.WriteString(" → ")
	}
	return b.String() + names[len(names)-1]
}

// checkParameters refuses parameters that depend on themselves.
func (p *parser) checkParameters() {
	m := p.m
	if len(m.uses) == 0 {
		return
	}
	var roots []stochastic.Expr
	for i := range m.elements {
		if e := &m.elements[i]; (e.kind == parameter || e.kind == basicEvent) && e.body != none {
			roots = append(roots, stochastic.Expr(e.body))
		}
	}
	for _, g := range m.groups {
		roots = append(roots, g.distribution)
		for _, f := range g.factors {
			roots = append(roots, f)
		}
	}
	_, err := m.program.Compile(roots)
	var c *stochastic.CircleError
	if !errors.As(err, &c) {
		return
	}
	var names []string
	at := place{}
	for i := len(c.Circle) - 1; i >= 0; i-- {
		if e, ok := m.uses[c.Circle[i]]; ok {
			names = append(names, m.reference(e))
			at = m.exprAt[c.Circle[i]]
		}
	}
	p.faultAt(at, "parameters are defined by each other in a circle: %s", circle(names))
}

// Tops are the gates that no gate refers to, in the order of their definition,
// by the shortest name that names them anywhere.
func (m *Model) Tops() []string {
	used := make([]bool, len(m.elements))
	for i := range m.nodes {
		if x := &m.nodes[i]; x.do <= houseReference && x.target != none {
			used[x.target] = true
		}
	}
	var out []string
	for i := range m.elements {
		if m.elements[i].kind == gate && !used[i] {
			out = append(out, m.reference(int32(i)))
		}
	}
	return out
}

// Gates are the names of all gates, in the order of their definition.
func (m *Model) Gates() []string {
	var out []string
	for i := range m.elements {
		if m.elements[i].kind == gate {
			out = append(out, m.reference(int32(i)))
		}
	}
	return out
}

// gateNamed finds a gate by its public name or full path.
func (m *Model) gateNamed(name string) (int32, bool) {
	for i := range m.elements {
		e := &m.elements[i]
		if e.kind == gate && (!e.private && m.names[e.name] == name || m.path(e.in)+m.names[e.name] == name) {
			return int32(i), true
		}
	}
	return none, false
}
