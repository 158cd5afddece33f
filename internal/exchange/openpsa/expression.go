package openpsa

import (
	"strconv"

	"diapason/internal/engine/stochastic"
)

var operations = func() map[string]stochastic.Op {
	m := map[string]stochastic.Op{}
	for op := stochastic.Neg; op <= stochastic.Histogram; op++ {
		if op != stochastic.Share { // no element of the format
			m[op.String()] = op
		}
	}
	return m
}()

var expressions = func() []string {
	names := []string{"float", "int", "bool", "parameter", "system-mission-time"}
	for name := range operations {
		names = append(names, name)
	}
	return names
}()

// expression reads the expression whose start was read, up to its close, and
// returns its handle; none when it was refused.
func (p *parser) expression(t token, in int32) int32 {
	base, first := len(p.frames), len(p.pending)
	bad := false
	for {
		switch t.kind {
		case tokenStart:
			if !p.openExpression(t, in, len(p.frames) > base) {
				bad = true
				if len(p.frames) > base {
					p.frames[len(p.frames)-1].bad = true
				}
			}
		case tokenText:
			p.faultf(t.at, "an expression holds elements only: the text %q is refused", shorten(p.scan.text))
			bad = true
		case tokenEnd:
			p.frames, p.pending = p.frames[:base], p.pending[:first]
			return none
		case tokenClose:
			f := p.frames[len(p.frames)-1]
			p.frames = p.frames[:len(p.frames)-1]
			if f.bad || !p.closeExpression(f) {
				bad = true
				p.pending = append(p.pending[:f.from], none)
			}
		}
		if len(p.frames) == base {
			break
		}
		t = p.next()
	}
	out := none
	if !bad && len(p.pending) == first+1 {
		out = p.pending[first]
	}
	p.pending = p.pending[:first]
	return out
}

func (p *parser) openExpression(t token, in int32, inside bool) bool {
	name := string(t.name)
	at := place{p.file, int32(t.at)}
	pair := name == "bin" || name == "case"
	if inside && !p.fits(t, name) {
		p.skip()
		return false
	}
	switch name {
	case "float", "int":
		p.only(t, "value")
		v, ok := p.number(t, name == "int")
		p.leaf(name)
		if ok {
			p.pushExpression(p.m.program.Constant(v), at)
		}
		return ok
	case "bool":
		p.only(t, "value")
		v, ok := p.boolean(t)
		p.leaf(name)
		if ok {
			p.pushExpression(p.m.program.Constant(float64(v)), at)
		}
		return ok
	case "parameter":
		p.only(t, "name", "unit")
		v, _ := p.attribute("name")
		if len(v) == 0 {
			p.faultf(t.at, "<%s> needs a name", name)
			p.skip()
			return false
		}
		u := use{symbol: p.m.symbol(v), in: in, at: at, unit: p.unit(t), expr: p.m.program.Reserve()}
		p.leaf(name)
		p.uses = append(p.uses, u)
		p.pushExpression(u.expr, at)
		return true
	case "system-mission-time":
		p.only(t, "unit")
		if v, given := p.attribute("unit"); given && string(v) != "hours" {
			p.faultf(t.at, "<system-mission-time unit=%q> is not supported: the mission time is in hours", shorten(v))
			p.skip()
			return false
		}
		p.leaf(name)
		e, _ := p.m.program.Operation(stochastic.MissionTime)
		p.pushExpression(e, at)
		return true
	}
	op, ok := operations[name]
	if !ok && !(pair && inside) {
		p.foreign(t, expressions)
		return false
	}
	p.only(t)
	p.frames = append(p.frames, frame{tag: name, op: op, from: len(p.pending), at: at})
	return true
}

// fits checks the order of the parts of a histogram and a switch: a lower bound
// and then bins; cases and then a value.
func (p *parser) fits(t token, name string) bool {
	f := &p.frames[len(p.frames)-1]
	switch {
	case f.op == stochastic.Histogram && (name == "bin") != (f.loose == 1):
		p.faultf(t.at, "<histogram> holds a lower bound and then bins: <%s> is not expected here", name)
		return false
	case f.op == stochastic.Switch && f.loose > 0:
		p.faultf(t.at, "<switch> holds cases and then one value: <%s> is not expected here", name)
		return false
	case name == "bin" && f.op != stochastic.Histogram, name == "case" && f.op != stochastic.Switch:
		p.faultf(t.at, "<%s> is not expected here", name)
		return false
	case name != "bin" && name != "case":
		f.loose++
	}
	return true
}

func (p *parser) pushExpression(e stochastic.Expr, at place) {
	for len(p.m.exprAt) < p.m.program.Len() {
		p.m.exprAt = append(p.m.exprAt, at)
	}
	p.pending = append(p.pending, int32(e))
}

func (p *parser) closeExpression(f frame) bool {
	parts := p.pending[f.from:]
	if f.tag == "bin" || f.tag == "case" { // its two parts become parts of what it stands in
		if len(parts) != 2 {
			p.faultf(int(f.at.at), "<%s> takes %s expressions, not %d", f.tag, "2", len(parts))
			return false
		}
		return true
	}
	args := make([]stochastic.Expr, len(parts))
	for i, x := range parts {
		args[i] = stochastic.Expr(x)
	}
	e, err := p.m.program.Operation(f.op, args...)
	if err != nil {
		// A histogram and a switch count their bins and cases.
		n, wants := len(parts), f.op.Arity()
		if f.op == stochastic.Histogram || f.op == stochastic.Switch {
			wants, n = "≥ "+strconv.Itoa(1), n/2
		}
		p.faultf(int(f.at.at), "<%s> takes %s expressions, not %d", f.tag, wants, n)
		return false
	}
	p.pending = p.pending[:f.from]
	p.pushExpression(e, f.at)
	return true
}
