package openpsa

import (
	"diapason/internal/engine/stochastic"
)

// frame is an element of a formula or expression that is being read.
type frame struct {
	tag      string
	do       connective
	op       stochastic.Op
	min, max int32
	from     int  // first of its parts in pending
	loose    int  // parts that are not a bin or a case
	bad      bool // something in it was refused
	at       place
}

var connectives = func() map[string]connective {
	m := map[string]connective{}
	for i, name := range connectiveNames {
		m[name] = connective(i)
	}
	return m
}()

// formula reads the formula whose start was read, up to its close, and returns
// its node; none when it was refused.
func (p *parser) formula(t token, in int32) int32 {
	base, first := len(p.frames), len(p.pending)
	bad := false
	for {
		switch t.kind {
		case tokenStart:
			if !p.open(t, in) {
				bad = true
				if len(p.frames) > base {
					p.frames[len(p.frames)-1].bad = true
				}
			}
		case tokenText:
			p.faultf(t.at, "a formula holds elements only: the text %q is refused", shorten(p.scan.text))
			bad = true
		case tokenEnd:
			p.frames, p.pending = p.frames[:base], p.pending[:first]
			return none
		case tokenClose:
			f := p.frames[len(p.frames)-1]
			p.frames = p.frames[:len(p.frames)-1]
			if f.bad || !p.closeFormula(f) {
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

// open reads the start of a part of a formula: what holds nothing is complete at
// once, up to its close.
func (p *parser) open(t token, in int32) bool {
	name := string(t.name)
	do, ok := connectives[name]
	if !ok {
		p.foreign(t, connectiveNames[:])
		return false
	}
	n := node{do: do, target: none, at: place{p.file, int32(t.at)}}
	switch do {
	case reference, gateReference, basicReference, houseReference:
		if n, ok = p.refer(t, n); ok {
			p.leaf(name)
			p.push(n)
			return true
		}
		p.skip()
		return false
	case constant:
		p.only(t, "value")
		n.min, ok = p.boolean(t)
		p.leaf(name)
		if ok {
			p.push(n)
		}
		return ok
	case atleast, cardinality:
		attrs := []string{"min", "max"}
		if do == atleast {
			attrs = attrs[:1]
		}
		p.only(t, attrs...)
		n.min, ok = p.integer(t, "min")
		if do == cardinality {
			var also bool
			n.max, also = p.integer(t, "max")
			ok = ok && also
		}
		if !ok {
			p.skip()
			return false
		}
	default:
		p.only(t)
	}
	p.frames = append(p.frames, frame{tag: name, do: do, min: n.min, max: n.max, from: len(p.pending), at: n.at})
	return true
}

// refer completes a node that refers to an event by name.
func (p *parser) refer(t token, n node) (node, bool) {
	tag := string(t.name)
	attrs := []string{"name", "type"}
	if n.do != reference {
		attrs = attrs[:1]
	}
	p.only(t, attrs...)
	v, ok := p.attribute("name")
	if !ok || len(v) == 0 {
		p.faultf(t.at, "<%s> needs a name", tag)
		return n, false
	}
	n.min = p.m.symbol(v)
	if kind, given := p.attribute("type"); given && n.do == reference {
		do, known := connectives[string(kind)]
		if !known || do < gateReference || do > houseReference {
			p.faultf(t.at, "type=%q of an event is not known: use gate, basic-event or house-event", shorten(kind))
			return n, false
		}
		n.do = do
	}
	return n, true
}

func (p *parser) push(n node) {
	p.pending = append(p.pending, int32(len(p.m.nodes)))
	p.m.nodes = append(p.m.nodes, n)
}

// closeFormula makes a node of a connective and its parts.
func (p *parser) closeFormula(f frame) bool {
	parts := p.pending[f.from:]
	count := int32(len(parts))
	at := int(f.at.at)
	switch {
	case count == 0:
		p.faultf(at, "<%s> without any formula inside: what it means would be a guess", f.tag)
		return false
	case f.do == not && count != 1:
		p.faultf(at, "<not> takes 1 formula, not %d", count)
		return false
	case f.do == imply && count != 2:
		p.faultf(at, "<imply> takes 2 formulas, not %d", count)
		return false
	case f.do == atleast && f.min > count:
		p.faultf(at, "<atleast min=\"%d\"> of %d formulas can never hold: min is at most their number", f.min, count)
		return false
	case f.do == cardinality && (f.min > f.max || f.min > count):
		p.faultf(at, "<cardinality min=\"%d\" max=\"%d\"> of %d formulas can never hold", f.min, f.max, count)
		return false
	}
	first := int32(len(p.m.args))
	p.m.args = append(p.m.args, parts...)
	p.pending = p.pending[:f.from]
	p.push(node{do: f.do, min: f.min, max: f.max, first: first, count: count, target: none, at: f.at})
	return true
}
