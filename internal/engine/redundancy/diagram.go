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

// unreliability evaluates the diagram; values is scratch of the size of nodes.
func (d *diagram) unreliability(q, p, values []float64) float64 {
	values[0], values[1] = 1, 0
	for i := 2; i < len(d.nodes); i++ {
		n := &d.nodes[i]
		values[i] = q[n.v]*values[n.fails] + p[n.v]*values[n.works]
	}
	return values[d.root]
}

// slopes gives the logarithm of the unreliability and its derivatives by the
// logarithms of q and p: the shares of the failure in which a variable decided
// by failing or by working.
func (d *diagram) slopes(q, p, values, reach, alpha, beta []float64) float64 {
	u := d.unreliability(q, p, values)
	clear(reach)
	clear(alpha)
	clear(beta)
	if u <= 0 {
		return math.Inf(-1)
	}
	reach[d.root] = 1 / u
	for i := len(d.nodes) - 1; i >= 2; i-- {
		n := &d.nodes[i]
		r := reach[i]
		if r == 0 {
			continue
		}
		f, w := r*q[n.v], r*p[n.v]
		alpha[n.v] += f * values[n.fails]
		beta[n.v] += w * values[n.works]
		reach[n.fails] += f
		reach[n.works] += w
	}
	return math.Log(u)
}
