package openpsa

import (
	"fmt"
	"strings"

	"diapason/internal/engine/stochastic"
	"diapason/internal/model/fault"
)

// scope finds elements by name. paths is filled only where a private element or a
// path needs it.
type scope struct {
	public []int32 // by symbol
	paths  map[string]int32
}

func (p *parser) resolve() {
	m := p.m
	p.implyMembers()
	needPaths := false
	for i := range m.elements {
		needPaths = needPaths || m.elements[i].private
	}
	for _, name := range m.names {
		needPaths = needPaths || strings.IndexByte(name, '.') >= 0
	}
	m.events = scope{public: make([]int32, len(m.names))}
	m.parameters = scope{public: make([]int32, len(m.names))}
	if needPaths {
		m.events.paths, m.parameters.paths = map[string]int32{}, map[string]int32{}
	}
	p.distinctContainers()
	for i := range m.elements {
		if p.pulse.beat() {
			return
		}
		e := &m.elements[i]
		s := &m.events
		if e.kind == parameter {
			s = &m.parameters
		}
		p.enter(s, int32(i), e)
	}
	p.resolveGroups()
	p.resolveFormulas()
	p.resolveParameters()
	if len(p.issues) > 0 || p.pulse.ended {
		return
	}
	p.checkGates()
	p.checkParameters()
}

// enter makes an element known by its names.
func (p *parser) enter(s *scope, id int32, e *element) {
	m := p.m
	first := none
	if !e.private {
		if s.public[e.name] != 0 {
			first = s.public[e.name] - 1
		}
		s.public[e.name] = id + 1
	}
	if s.paths != nil {
		path := m.path(e.in) + m.names[e.name]
		if other, ok := s.paths[path]; ok {
			first = other
		}
		s.paths[path] = id
	}
	if first != none {
		p.faultAt(e.at, "%s is defined twice: first as %s %s; give one of them another name", m.names[e.name], m.elements[first].kind.String(), p.stands(m.elements[first].at, e.at.file))
	}
}

// stands says where something stands, with its file where that is another one.
func (p *parser) stands(at place, from int32) string {
	f := &p.m.files[at.file]
	line, column := lineAndColumn(f.Data, int(at.at))
	if at.file != from {
		return fmt.Sprintf("(%s:%d:%d)", f.Name, line, column)
	}
	return fmt.Sprintf("(%d:%d)", line, column)
}

// distinctContainers refuses two containers of one name in the same place.
func (p *parser) distinctContainers() {
	type key struct{ in, name int32 }
	seen := map[key]place{}
	for _, c := range p.m.containers {
		k := key{c.in, c.name}
		if first, ok := seen[k]; ok {
			p.faultAt(c.at, "%s is defined twice: first as %s %s; give one of them another name", p.m.names[c.name], "container", p.stands(first, c.at.file))
		}
		seen[k] = c.at
	}
}

// find looks a name up from inside a container; none when nobody defines it.
func (m *Model) find(s *scope, symbol, in int32) int32 {
	if s.paths != nil {
		name := m.names[symbol]
		for c := in; ; c = m.containers[c].in {
			if e, ok := s.paths[m.path(c)+name]; ok {
				return e
			}
			if c == outside {
				break
			}
		}
	}
	return s.public[symbol] - 1
}

func (p *parser) undefined(at place, what string, symbol int32, kinds func(kind) bool) {
	name := p.m.names[symbol]
	p.faultAt(at, "%s %s is not defined%s", what, name, p.suggest(name, kinds))
}

// suggest is the nearest name of an element of some kinds, in models small enough
// to look at all of them.
func (p *parser) suggest(name string, kinds func(kind) bool) fault.Suggestion {
	if len(p.m.elements) > 5000 {
		return ""
	}
	var others []string
	for i := range p.m.elements {
		if e := &p.m.elements[i]; kinds(e.kind) {
			others = append(others, p.m.names[e.name])
		}
	}
	return fault.Suggestion(fault.Nearest(name, others))
}

func (p *parser) resolveFormulas() {
	m := p.m
	from := int32(0) // nodes stand in the order of the gates they belong to
	for i := range m.elements {
		e := &m.elements[i]
		if e.kind != gate || e.body == none {
			continue
		}
		for n := from; n <= e.body; n++ {
			x := &m.nodes[n]
			if p.pulse.beat() {
				return
			}
			if x.do > houseReference {
				continue
			}
			target := m.find(&m.events, x.min, e.in)
			switch {
			case target == none:
				p.undefined(x.at, x.do.String(), x.min, func(k kind) bool { return x.do.wants(k) })
			case !x.do.wants(m.elements[target].kind):
				p.faultAt(x.at, "%s is a %s, not a %s: it is defined %s", m.names[x.min], m.elements[target].kind.String(), x.do.String(), p.stands(m.elements[target].at, x.at.file))
			}
			x.target = target
		}
		from = e.body + 1
	}
}

func (p *parser) resolveParameters() {
	m := p.m
	for _, u := range p.uses {
		target := m.find(&m.parameters, u.symbol, u.in)
		if target == none {
			p.undefined(u.at, "parameter", u.symbol, func(k kind) bool { return k == parameter })
			continue
		}
		e := &m.elements[target]
		if u.unit != "" && e.unit != "" && u.unit != e.unit {
			p.faultAt(u.at, "parameter %s is in %s, not in %s", m.names[u.symbol], e.unit, u.unit)
		}
		m.uses[u.expr] = target
		if e.body != none {
			m.program.Define(u.expr, stochastic.Expr(e.body))
		}
	}
}

// implyMembers adds the members of common-cause groups that nobody defines: the
// group says how they fail.
func (p *parser) implyMembers() {
	m := p.m
	defined := make([]bool, len(m.names))
	for _, e := range m.elements {
		if e.kind != parameter {
			defined[e.name] = true
		}
	}
	for i := range m.groups {
		g := &m.groups[i]
		for _, x := range g.members {
			if !defined[x.symbol] && strings.IndexByte(m.names[x.symbol], '.') < 0 {
				defined[x.symbol] = true
				m.elements = append(m.elements, element{name: x.symbol, in: outside, at: x.at, body: none, group: none, kind: basicEvent})
			}
		}
	}
}

func (p *parser) resolveGroups() {
	m := p.m
	for i := range m.groups {
		g := &m.groups[i]
		for j := range g.members {
			x := &g.members[j]
			x.element = m.find(&m.events, x.symbol, g.in)
			if x.element == none {
				p.undefined(x.at, "basic-event", x.symbol, func(k kind) bool { return k == basicEvent })
				continue
			}
			e := &m.elements[x.element]
			switch {
			case e.kind != basicEvent:
				p.faultAt(x.at, "%s is a %s, not a %s: it is defined %s", m.names[x.symbol], e.kind.String(), "basic-event", p.stands(e.at, x.at.file))
			case e.group != none:
				p.faultAt(x.at, "%s is already a member of the common-cause group %s", m.names[x.symbol], m.names[m.groups[e.group].name])
			case e.body != none:
				p.faultAt(x.at, "%s has an expression of its own, and one from the common-cause group %s: remove one of them", m.names[x.symbol], m.names[g.name])
			}
			e.group = int32(i)
		}
	}
}
