package faulttree

import (
	"cmp"
	"math"
	"slices"
)

// EventImportance says what one basic event means to one top. P is the
// unavailability of the top, q that of the event, B the Birnbaum importance.
type EventImportance struct {
	Event NodeID
	// Birnbaum is ∂P/∂q: the probability that the event decides (Birnbaum 1969).
	Birnbaum float64
	// Criticality is q·B/P.
	Criticality float64
	// Diagnostic is P(event failed | top failed) = q·RAW.
	Diagnostic float64
	// AchievementWorth (RAW) is P(top | event failed)/P = 1 + (1−q)·B/P; +Inf
	// when P is 0 and B is not.
	AchievementWorth float64
	// ReductionWorth (RRW) is P/P(top | event works) = P/(P − q·B); +Inf when
	// nothing is left.
	ReductionWorth float64
}

// Importance returns the importance of every event that the top depends on, by
// ascending event, from one pass over the diagrams. Errors: *[NotATopError],
// *[BudgetError] for a top of which only bounds are known.
func (m *Model) Importance(top NodeID) ([]EventImportance, error) {
	c, f, err := m.lookup(top)
	if err != nil {
		return nil, err
	}
	if !c.exact(f) {
		return nil, &BudgetError{Node: top, Analysis: "importance", Budget: m.opts.NodeBudget}
	}
	m.evaluate()
	p := float64(m.results[top].Lower)
	var out []EventImportance
	c.gradient(f, func(event NodeID, b float64) {
		out = append(out, importanceOf(event, p, float64(m.q[event]), b))
	})
	slices.SortFunc(out, func(a, b EventImportance) int { return cmp.Compare(a.Event, b.Event) })
	return out, nil
}

func importanceOf(event NodeID, p, q, b float64) EventImportance {
	i := EventImportance{Event: event, Birnbaum: b, AchievementWorth: 1, ReductionWorth: 1}
	switch {
	case p > 0:
		i.Criticality = q * b / p
		i.AchievementWorth = 1 + (1-q)*b/p
		i.Diagnostic = q * i.AchievementWorth
		i.ReductionWorth = math.Inf(1)
		if rest := p - q*b; rest > 0 {
			i.ReductionWorth = p / rest
		}
	case b > 0:
		i.AchievementWorth = math.Inf(1)
	}
	return i
}

// adjoints is the scratch of a reverse pass, all zero between passes.
type adjoints struct {
	level   []float64 // derivative by the variable of a level
	node    []float64 // … by the value of a diagram node
	join    []float64 // … by the value of a cluster
	touched []int32   // levels reached
	isOn    []bool    // by level: in touched
	seen    []bool    // by diagram node
	joined  []bool    // by cluster
	nodes   []int32
	joins   []int32
}

// gradient calls yield with the derivative of P by each event (Baur and
// Strassen 1983: as cheap as P itself). What is shared is passed once, after
// all its users; modules follow by the chain rule.
func (c *compiled) gradient(f *form, yield func(event NodeID, b float64)) {
	a := c.adjoint
	if a == nil {
		a = &adjoints{
			level: make([]float64, len(c.nodeAt)), isOn: make([]bool, len(c.nodeAt)),
			node: make([]float64, c.b.d.size()), seen: make([]bool, c.b.d.size()),
			join: make([]float64, len(c.b.clusters)), joined: make([]bool, len(c.b.clusters)),
		}
		c.adjoint = a
	}
	type task struct {
		f *form
		b float64
	}
	open := []task{{f, 1}}
	for len(open) > 0 {
		t := open[len(open)-1]
		open = open[:len(open)-1]
		c.reverse(a, t.f, t.b)
		for _, level := range a.touched {
			b := a.level[level]
			a.level[level], a.isOn[level] = 0, false
			v := c.nodeAt[level]
			if inner := c.inner[v]; inner != nil {
				open = append(open, task{inner, b})
			} else {
				yield(v, b)
			}
		}
		a.touched = a.touched[:0]
	}
}

func (a *adjoints) touch(level int32, b float64) {
	if !a.isOn[level] {
		a.isOn[level] = true
		a.touched = append(a.touched, level)
	}
	a.level[level] += b
}

// reverse leaves the derivatives by the variables of one form in a.level.
func (c *compiled) reverse(a *adjoints, f *form, b float64) {
	v := c.now.low
	a.mark(c, f)
	slices.Sort(a.joins)
	slices.Sort(a.nodes)
	a.form(v, f, b)
	for i := len(a.joins) - 1; i >= 0; i-- {
		j := a.joins[i]
		k := &c.b.clusters[j]
		b, p := a.join[j], v.p[k.level]
		a.join[j], a.joined[j] = 0, false
		a.touch(k.level, b*(v.form(k.high)-v.form(k.low)))
		a.form(v, k.high, b*p)
		a.form(v, k.low, b*(1-p))
	}
	d := c.b.d
	for i := len(a.nodes) - 1; i >= 0; i-- {
		n := a.nodes[i]
		b, p := a.node[n], v.p[d.level[n]]
		a.node[n], a.seen[n] = 0, false
		high, low := edge(d.high[n]), edge(d.low[n])
		a.touch(d.level[n], b*(v.probability(high)-v.probability(low)))
		a.edge(high, b*p)
		a.edge(low, b*(1-p))
	}
	a.node[0] = 0
	a.joins, a.nodes = a.joins[:0], a.nodes[:0]
}

func (a *adjoints) edge(f edge, b float64) {
	switch {
	case f.isCluster():
		a.join[f.clusterIndex()] += b
	case f&1 == 1:
		a.node[f>>1] -= b
	default:
		a.node[f>>1] += b
	}
}

// form passes a derivative on: that of 1 − Π(1−p) by one p is the product over
// the others, taken from both ends so that a p of 1 does no harm.
func (a *adjoints) form(v *values, f *form, b float64) {
	n := f.singles.count()
	after := make([]float64, n+len(f.parts)+1)
	levels := f.singles.levels(make([]int32, 0, n))
	after[len(after)-1] = 1
	for i := len(f.parts) - 1; i >= 0; i-- {
		after[n+i] = after[n+i+1] * (1 - v.probability(f.parts[i]))
	}
	for i := n - 1; i >= 0; i-- {
		after[i] = after[i+1] * (1 - v.p[levels[i]])
	}
	before := b
	for i, level := range levels {
		a.touch(level, before*after[i+1])
		before *= 1 - v.p[level]
	}
	for i, p := range f.parts {
		a.edge(p, before*after[n+i+1])
		before *= 1 - v.probability(p)
	}
}

// mark collects the clusters and diagram nodes below a form.
func (a *adjoints) mark(c *compiled, f *form) {
	d := c.b.d
	stack := slices.Clone(f.parts)
	for len(stack) > 0 {
		e := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if e.isCluster() {
			if i := e.clusterIndex(); !a.joined[i] {
				a.joined[i] = true
				a.joins = append(a.joins, int32(i))
				stack = append(stack, c.b.clusters[i].high.parts...)
				stack = append(stack, c.b.clusters[i].low.parts...)
			}
			continue
		}
		if n := int32(e >> 1); n != 0 && !a.seen[n] {
			a.seen[n] = true
			a.nodes = append(a.nodes, n)
			stack = append(stack, edge(d.high[n]), edge(d.low[n]))
		}
	}
}
