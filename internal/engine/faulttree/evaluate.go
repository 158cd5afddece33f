package faulttree

import "math"

// values are the probabilities that belong to one diagram and one assignment
// of probabilities to events.
type values struct {
	p    []float64 // by level: probability of the variable
	logW []float64 // by level: ln(1 − p), the logarithm that it works
	node []float64 // by index of diagram node
}

// probability returns P of an edge.
func (v *values) probability(f edge) float64 {
	if f&1 == 1 {
		return 1 - v.node[f>>1]
	}
	return v.node[f>>1]
}

func (v *values) set(level int32, p float64) {
	v.p[level] = p
	v.logW[level] = math.Log1p(-p)
}

// form returns P of a form that is not opaque: its members are independent, so
// the logarithms of their working add up.
func (v *values) form(f *form) float64 {
	if f.always {
		return 1
	}
	sum := 0.0
	f.singles.each(func(level int32) { sum += v.logW[level] })
	for _, p := range f.parts {
		sum += math.Log1p(-v.probability(p.root))
	}
	return -math.Expm1(sum)
}

// scan computes the nodes in [from, to): children lie before parents.
func (v *values) scan(d *diagram, from, to int) {
	if from == 0 && to > 0 {
		v.node[0] = 1
		from = 1
	}
	for n := from; n < to; n++ {
		p := v.p[d.level[n]]
		// A high edge is never complemented.
		v.node[n] = p*v.node[d.high[n]>>1] + (1-p)*v.probability(edge(d.low[n]))
	}
}

func (c *compiled) newValues(q []Probability) *values {
	v := &values{p: make([]float64, len(c.nodeAt)), logW: make([]float64, len(c.nodeAt)), node: make([]float64, c.b.d.size())}
	for level, n := range c.nodeAt {
		if c.sys.g.op[n] == OpEvent {
			v.set(int32(level), float64(q[n]))
		}
	}
	return v
}

// exact reports whether nothing below the form was given up.
func (c *compiled) exact(f *form) bool {
	if f.opaque {
		return false
	}
	if c.opaque == 0 {
		return true
	}
	inexact := c.inexactLevels()
	return !inexact.intersects(f.singles) && !anySupport(f.parts, inexact)
}

func anySupport(parts []part, s levelSet) bool {
	for _, p := range parts {
		if p.support.intersects(s) {
			return true
		}
	}
	return false
}

// inexactLevels is the set of module variables of which only bounds are known.
func (c *compiled) inexactLevels() levelSet {
	if c.inexactKnown {
		return c.inexact
	}
	for _, m := range c.modules {
		f := c.inner[m]
		if f.opaque || f.singles.intersects(c.inexact) || anySupport(f.parts, c.inexact) {
			c.inexact = c.inexact.union(singleLevel(c.level[m]))
		}
	}
	c.inexactKnown = true
	return c.inexact
}

// interval holds the values under the lower and the upper bounds of what is
// not exact; both are one where everything is.
type interval struct{ low, high *values }

// evaluate brings the results up to date with the probabilities.
func (m *Model) evaluate() {
	if m.current {
		return
	}
	m.results = make(map[NodeID]Result, len(m.tops))
	for i, c := range m.tries {
		c.evaluate(m.q)
		for t, f := range c.forms {
			if m.solved[t] == i {
				m.results[t] = c.result(t, f)
			}
		}
	}
	m.current = true
}

func (c *compiled) evaluate(q []Probability) {
	low := c.newValues(q)
	c.now = interval{low, low}
	if !c.inexactLevels().empty() {
		c.now.high = c.newValues(q)
	}
	done := 0
	for i, m := range c.modules {
		c.scan(done, int(c.marks[i]))
		done = int(c.marks[i])
		r := c.result(m, c.inner[m])
		low.set(c.level[m], float64(r.Lower))
		c.now.high.set(c.level[m], float64(r.Upper))
	}
	c.scan(done, c.b.d.size())
}

func (c *compiled) scan(from, to int) {
	c.now.low.scan(c.b.d, from, to)
	if c.now.high != c.now.low {
		c.now.high.scan(c.b.d, from, to)
	}
}

// result returns the probability of a node, exact or between bounds. A
// coherent function grows with every variable, so the bounds of the variables
// bound it.
func (c *compiled) result(v NodeID, f *form) Result {
	switch {
	case c.exact(f):
		p := Probability(c.now.low.form(f))
		return Result{p, p, true}
	case !c.sys.coherent[v]:
		return Result{0, 1, false}
	case !f.opaque:
		return Result{Probability(c.now.low.form(f)), Probability(c.now.high.form(f)), false}
	}
	cone := c.coneOf(v)
	lower, upper := cone.bounds(c.now.low, f.singles)
	if c.now.high != c.now.low {
		_, upper = cone.bounds(c.now.high, f.singles)
	}
	return Result{Probability(lower), Probability(upper), false}
}
