package redundancy

import "math"

// diagram is a reduced ordered binary decision diagram of a structure over
// subsystems. Nodes 0 and 1 are failure and success; children stand before their
// parents.
type diagram struct {
	vars  int
	nodes []decision
	root  int32
}

// decision leads to fails or works with its variable.
type decision struct {
	v            int32
	fails, works int32
}

// mostDecisions bounds the nodes of a diagram.
const mostDecisions = 200_000

// manager builds diagrams.
type manager struct {
	nodes  []decision
	unique map[decision]int32
	ites   map[[3]int32]int32
	full   bool
}

const terminal = math.MaxInt32

func newManager() *manager {
	return &manager{
		nodes:  []decision{{v: terminal}, {v: terminal}},
		unique: map[decision]int32{}, ites: map[[3]int32]int32{},
	}
}

func (m *manager) node(v, fails, works int32) int32 {
	if fails == works {
		return fails
	}
	d := decision{v, fails, works}
	if id, ok := m.unique[d]; ok {
		return id
	}
	if len(m.nodes) >= mostDecisions {
		m.full = true
		return 0
	}
	id := int32(len(m.nodes))
	m.nodes = append(m.nodes, d)
	m.unique[d] = id
	return id
}

// ite is f ? g : h.
func (m *manager) ite(f, g, h int32) int32 {
	switch {
	case f == 1 || g == h:
		return g
	case f == 0:
		return h
	case g == 1 && h == 0:
		return f
	case m.full:
		return 0
	}
	key := [3]int32{f, g, h}
	if id, ok := m.ites[key]; ok {
		return id
	}
	v := min(m.nodes[f].v, m.nodes[g].v, m.nodes[h].v)
	f0, f1 := m.cofactors(f, v)
	g0, g1 := m.cofactors(g, v)
	h0, h1 := m.cofactors(h, v)
	id := m.node(v, m.ite(f0, g0, h0), m.ite(f1, g1, h1))
	m.ites[key] = id
	return id
}

func (m *manager) cofactors(f, v int32) (fails, works int32) {
	if d := &m.nodes[f]; d.v == v {
		return d.fails, d.works
	}
	return f, f
}

// restrict fixes a variable.
func (m *manager) restrict(f, v int32, works bool) int32 {
	memo := map[int32]int32{}
	var walk func(int32) int32
	walk = func(f int32) int32 {
		d := m.nodes[f]
		if d.v > v {
			return f
		}
		if d.v == v {
			if works {
				return d.works
			}
			return d.fails
		}
		if id, ok := memo[f]; ok {
			return id
		}
		id := m.node(d.v, walk(d.fails), walk(d.works))
		memo[f] = id
		return id
	}
	return walk(f)
}

// structure builds the function of a structure; subsystems are variables by
// their number.
func (m *manager) structure(s *Structure, index map[string]int) int32 {
	switch {
	case s.Subsystem != "":
		return m.node(int32(index[s.Subsystem]), 0, 1)
	case s.Not != nil:
		return m.ite(m.structure(s.Not, index), 0, 1)
	case s.Network != nil:
		return m.network(s.Network, index)
	}
	needed := s.Needed
	if needed == 0 {
		needed = len(s.Of)
	}
	// states[k] is "at least needed work" once k of those seen work.
	parts := make([]int32, len(s.Of))
	for i := range s.Of {
		parts[i] = m.structure(&s.Of[i], index)
	}
	states := make([]int32, needed+1)
	states[needed] = 1
	for i := len(parts) - 1; i >= 0; i-- {
		for k := range needed {
			states[k] = m.ite(parts[i], states[k+1], states[k])
		}
	}
	return states[0]
}

// diagram takes over what is reachable from a root.
func (m *manager) diagram(root int32, vars int) *diagram {
	d := &diagram{vars: vars, nodes: []decision{{v: terminal}, {v: terminal}}}
	place := map[int32]int32{0: 0, 1: 1}
	var walk func(int32) int32
	walk = func(f int32) int32 {
		if at, ok := place[f]; ok {
			return at
		}
		n := m.nodes[f]
		n.fails, n.works = walk(n.fails), walk(n.works)
		at := int32(len(d.nodes))
		d.nodes = append(d.nodes, n)
		place[f] = at
		return at
	}
	d.root = walk(root)
	return d
}

// diagramFunction evaluates a diagram.
type diagramFunction struct {
	d                   *diagram
	q, p, values, reach []float64
}

func newDiagramFunction(d *diagram) *diagramFunction {
	return &diagramFunction{d, make([]float64, d.vars), make([]float64, d.vars), make([]float64, len(d.nodes)), make([]float64, len(d.nodes))}
}

func (f *diagramFunction) spent() bool { return false }

func (f *diagramFunction) value(q, p []float64) float64 {
	v := f.values
	v[0], v[1] = 1, 0
	for i := 2; i < len(f.d.nodes); i++ {
		n := &f.d.nodes[i]
		v[i] = q[n.v]*v[n.fails] + p[n.v]*v[n.works]
	}
	return v[f.d.root]
}

// tangent also holds where q and p do not add up to 1. The derivatives are the
// shares of the failure in which a variable decided by failing or by working.
func (f *diagramFunction) tangent(rq, rp, alpha, beta []float64) float64 {
	q, p, reach, values := f.q, f.p, f.reach, f.values
	for c := range q {
		q[c], p[c] = math.Exp(rq[c]), math.Exp(rp[c])
	}
	u := f.value(q, p)
	clear(reach)
	clear(alpha)
	clear(beta)
	if u <= 0 {
		return math.Inf(-1)
	}
	reach[f.d.root] = 1 / u
	for i := len(f.d.nodes) - 1; i >= 2; i-- {
		n := &f.d.nodes[i]
		r := reach[i]
		if r == 0 {
			continue
		}
		fails, works := r*q[n.v], r*p[n.v]
		alpha[n.v] += fails * values[n.fails]
		beta[n.v] += works * values[n.works]
		reach[n.fails] += fails
		reach[n.works] += works
	}
	return math.Log(u)
}
