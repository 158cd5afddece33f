package openpsa

import (
	"math"
	"strconv"

	"diapason/internal/engine/stochastic"
)

// define reads the definition of a gate, an event or a parameter.
func (p *parser) define(t token, in int32, k kind) {
	tag := "define-" + k.String()
	attrs := []string{"name", "role"}
	if k == parameter {
		attrs = append(attrs, "unit")
	}
	p.only(t, attrs...)
	e := element{in: in, at: place{p.file, int32(t.at)}, body: none, group: none, kind: k, private: p.private(t, in), unit: p.unit(t)}
	name, ok := p.name(t)
	if !ok {
		p.skip()
		return
	}
	if k == gate && in == outside {
		p.faultf(t.at, "<define-gate name=%q> stands in a fault tree or a component", p.m.names[name])
		p.skip()
		return
	}
	e.name = name
	if k == houseEvent {
		e.body = 0 // by default a house event is false
	}
	id := int32(len(p.m.elements))
	p.m.elements = append(p.m.elements, e)
	bodies := 0
	body := none
	p.each(tag, func(t token) {
		switch string(t.name) {
		case "label":
			if text := p.label(); text != "" {
				p.m.labels[id] = text
			}
			return
		case "attributes":
			p.attributes(id)
			return
		}
		if bodies++; bodies == 2 {
			p.faultf(t.at, "<%s name=%q> has one definition: what follows the first is refused; nest it in a formula or expression", tag, p.m.names[name])
		}
		if bodies > 1 {
			p.skip()
			return
		}
		switch k {
		case gate:
			body = p.formula(t, in)
		case houseEvent:
			if string(t.name) != "constant" {
				p.foreign(t, []string{"constant"})
				return
			}
			if n := p.formula(t, in); n != none {
				body = p.m.nodes[n].min
			}
		default:
			body = p.expression(t, in)
		}
	})
	if body != none {
		p.m.elements[id].body = body
	}
	if bodies == 0 && k == gate {
		p.faultf(t.at, "<define-gate name=%q> has no formula: say with and, or, atleast… when it fails", p.m.names[name])
	}
	if bodies == 0 && k == parameter {
		p.faultf(t.at, "<define-parameter name=%q> has no expression", p.m.names[name])
	}
}

var units = []string{"bool", "int", "float", "hours", "hours-1", "years", "years-1", "fit", "demands"}

func (p *parser) unit(t token) string {
	v, ok := p.attribute("unit")
	if !ok {
		return ""
	}
	for _, u := range units {
		if u == string(v) {
			return u
		}
	}
	p.faultf(t.at, "unit=%q is not known: use bool, int, float, hours, hours-1, years, years-1, fit or demands", shorten(v))
	return ""
}

// integer is the value of an attribute that is a whole number, 0 or more.
func (p *parser) integer(t token, name string) (int32, bool) {
	v, ok := p.attribute(name)
	if !ok {
		p.faultf(t.at, "<%s> needs the attribute %s", string(t.name), name)
		return 0, false
	}
	n, err := strconv.ParseInt(string(v), 10, 32)
	if err != nil || n < 0 {
		p.faultf(t.at, "%s=%q is no whole number of 0 or more", name, shorten(v))
		return 0, false
	}
	return int32(n), true
}

// boolean is the attribute value of a constant that is true or false.
func (p *parser) boolean(t token) (int32, bool) {
	switch v, _ := p.attribute("value"); string(v) {
	case "true":
		return 1, true
	case "false":
		return 0, true
	default:
		p.faultf(t.at, "<%s value=%q> is neither true nor false", string(t.name), shorten(v))
		return 0, false
	}
}

// number is the attribute value of a constant that is a number.
func (p *parser) number(t token, whole bool) (float64, bool) {
	v, _ := p.attribute("value")
	f, err := strconv.ParseFloat(string(v), 64)
	for _, c := range v {
		if (c < '0' || c > '9') && c != '+' && c != '-' && c != '.' && c != 'e' && c != 'E' {
			err = strconv.ErrSyntax
		}
	}
	switch {
	case err != nil || math.IsNaN(f) || math.IsInf(f, 0):
		p.faultf(t.at, "<%s value=%q> is no finite number", string(t.name), shorten(v))
		return 0, false
	case whole && f != math.Trunc(f):
		p.faultf(t.at, "<%s value=%q> is no whole number", string(t.name), shorten(v))
		return 0, false
	}
	return f, true
}

func (p *parser) group(t token, in int32) {
	p.only(t, "name", "model")
	name, ok := p.name(t)
	g := group{name: name, in: in, at: place{p.file, int32(t.at)}, distribution: stochastic.None, factors: map[int]stochastic.Expr{}}
	v, _ := p.attribute("model")
	if m, known := stochastic.CommonCauseNamed(string(v)); known {
		g.model = m
	} else {
		p.faultf(t.at, "model=%q of a common-cause group is not known: use beta-factor, MGL, alpha-factor or phi-factor", shorten(v))
		ok = false
	}
	const owner = math.MinInt32 // a place of its own among the attributes
	p.each("define-CCF-group", func(t token) {
		switch string(t.name) {
		case "label":
			g.label = p.label()
		case "attributes":
			p.attributes(owner)
		case "members":
			p.members(&g)
		case "distribution":
			if e, one := p.single(t, in); one {
				g.distribution = e
			}
		case "factors":
			p.only(t)
			p.each("factors", func(t token) {
				if string(t.name) != "factor" {
					p.foreign(t, []string{"factor"})
					return
				}
				p.factor(t, &g)
			})
		case "factor":
			p.factor(t, &g)
		default:
			p.foreign(t, []string{"members", "distribution", "factors", "factor", "label", "attributes"})
		}
	})
	g.attributes = p.m.attributes[owner]
	delete(p.m.attributes, owner)
	if !ok {
		return
	}
	if len(g.members) < 2 {
		p.faultf(int(g.at.at), "the common-cause group %s needs two or more members", p.m.names[name])
		return
	}
	if g.distribution == stochastic.None {
		p.faultf(int(g.at.at), "the common-cause group %s needs a distribution", p.m.names[name])
		return
	}
	p.m.groups = append(p.m.groups, g)
}

func (p *parser) members(g *group) {
	p.each("members", func(t token) {
		if n := string(t.name); n != "basic-event" && n != "event" {
			p.foreign(t, []string{"basic-event"})
			return
		}
		p.only(t, "name")
		if v, _ := p.attribute("name"); len(v) > 0 {
			g.members = append(g.members, member{p.m.symbol(v), none, place{p.file, int32(t.at)}})
		} else {
			p.faultf(t.at, "<%s> needs a name", string(t.name))
		}
		p.leaf("basic-event")
	})
}

// factor reads a factor; without a level it takes the one after the last, or
// the only one that its model has.
func (p *parser) factor(t token, g *group) {
	p.only(t, "level")
	level := int32(len(g.factors) + 1)
	switch {
	case g.model == stochastic.MGL:
		level++
	case g.model == stochastic.BetaFactor:
		level = int32(len(g.members))
	}
	if _, given := p.attribute("level"); given {
		n, ok := p.integer(t, "level")
		if !ok {
			p.skip()
			return
		}
		level = n
	}
	e, ok := p.single(t, g.in)
	if !ok {
		return
	}
	if _, twice := g.factors[int(level)]; twice {
		p.faultf(t.at, "the factor of level %d is given twice", level)
		return
	}
	g.factors[int(level)] = e
}

// single reads the one expression of an element.
func (p *parser) single(t token, in int32) (stochastic.Expr, bool) {
	tag := string(t.name)
	out, n := none, 0
	p.each(tag, func(t token) {
		if n++; n > 1 {
			p.faultf(t.at, "<%s> holds one expression", tag)
			p.skip()
			return
		}
		out = p.expression(t, in)
	})
	if n == 0 {
		p.faultf(t.at, "<%s> holds one expression", tag)
	}
	return stochastic.Expr(out), out != none
}
