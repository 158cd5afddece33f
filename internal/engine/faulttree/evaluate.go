package faulttree

import "math"

// values are the probabilities that belong to one diagram and one assignment
// of probabilities to events.
type values struct {
	p    []float64 // by level: probability of the variable
	logW []float64 // by level: ln(1 − p), the logarithm that it works
	node []float64 // by index of diagram node
	join []float64 // by index of cluster
}

// probability returns P of an edge.
func (v *values) probability(f edge) float64 {
	switch {
	case f.isCluster():
		return v.join[f.clusterIndex()]
	case f&1 == 1:
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
	switch {
	case f.always:
		return 1
	case len(f.parts) == 1 && f.singles.empty():
		return v.probability(f.parts[0])
	case len(f.parts) == 0 && f.singles.one():
		p := 0.0
		f.singles.each(func(level int32) { p = v.p[level] })
		return p
	}
	sum := 0.0
	f.singles.each(func(level int32) { sum += v.logW[level] })
	for _, p := range f.parts {
		sum += math.Log1p(-v.probability(p))
	}
	return -math.Expm1(sum)
}

// scan computes the diagram nodes in [from, to): children lie before parents.
func (v *values) scan(d *diagram, from, to int32) {
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

// scanClusters computes the clusters in [from, to), likewise.
func (v *values) scanClusters(clusters []cluster, from, to int32) {
	for i := from; i < to; i++ {
		k := &clusters[i]
		p := v.p[k.level]
		v.join[i] = p*v.form(k.high) + (1-p)*v.form(k.low)
	}
}

func (c *compiled) newValues(q []Probability) *values {
	v := &values{p: make([]float64, len(c.nodeAt)), logW: make([]float64, len(c.nodeAt)), node: make([]float64, c.b.d.size()), join: make([]float64, len(c.b.clusters))}
	for level, n := range c.nodeAt {
		if c.sys.g.op[n] == OpEvent {
			v.set(int32(level), float64(q[n]))
		}
	}
	return v
}

// findInexact marks the variables and clusters of which only bounds are known.
func (c *compiled) findInexact() {
	if c.opaque == 0 {
		return
	}
	for _, t := range c.tops {
		if t.form.opaque {
			c.blind++
		}
	}
	for _, m := range c.modules {
		if c.inner[m.gate].opaque {
			c.blind++
		}
	}
	c.inexactCluster = make([]bool, len(c.b.clusters))
	done := int32(0)
	for _, m := range c.modules {
		c.findInexactClusters(done, m.clusters)
		done = m.clusters
		if !c.exact(c.inner[m.gate]) {
			c.inexact = c.inexact.union(singleLevel(c.level[m.gate]))
		}
	}
	c.findInexactClusters(done, int32(len(c.b.clusters)))
}

func (c *compiled) findInexactClusters(from, to int32) {
	for i := from; i < to; i++ {
		k := &c.b.clusters[i]
		c.inexactCluster[i] = c.inexact.intersects(singleLevel(k.level)) || !c.exact(k.high) || !c.exact(k.low)
	}
}

// exact reports whether nothing below a settled form was given up.
func (c *compiled) exact(f *form) bool {
	if f.opaque {
		return false
	}
	if c.opaque == 0 {
		return true
	}
	if f.singles.intersects(c.inexact) {
		return false
	}
	for _, p := range f.parts {
		if p.isCluster() && c.inexactCluster[p.clusterIndex()] {
			return false
		}
		if !p.isCluster() && !c.inexact.empty() && c.b.d.support(p).intersects(c.inexact) {
			return false
		}
	}
	return true
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
		for t, s := range c.tops {
			if m.solved[t] == i {
				m.results[t] = c.result(t, s.form)
			}
		}
	}
	m.current = true
}

func (c *compiled) evaluate(q []Probability) {
	low := c.newValues(q)
	c.now = interval{low, low}
	if !c.inexact.empty() {
		c.now.high = c.newValues(q)
	}
	var nodes, clusters int32
	for _, m := range c.modules {
		c.scan(nodes, m.nodes, clusters, m.clusters)
		nodes, clusters = m.nodes, m.clusters
		r := c.result(m.gate, c.inner[m.gate])
		low.set(c.level[m.gate], float64(r.Lower))
		c.now.high.set(c.level[m.gate], float64(r.Upper))
	}
	c.scan(nodes, int32(c.b.d.size()), clusters, int32(len(c.b.clusters)))
}

func (c *compiled) scan(fromNode, toNode, fromCluster, toCluster int32) {
	c.now.low.scan(c.b.d, fromNode, toNode)
	c.now.low.scanClusters(c.b.clusters, fromCluster, toCluster)
	if c.now.high != c.now.low {
		c.now.high.scan(c.b.d, fromNode, toNode)
		c.now.high.scanClusters(c.b.clusters, fromCluster, toCluster)
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
