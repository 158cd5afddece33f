package faulttree

// system is the part of a graph that a set of tops needs, in an order in which
// it can be solved: strongly connected components, inputs before users.
type system struct {
	g     *Graph
	roots []NodeID // nodes of the cone without users outside their circle, in the order of the tops

	component []int32  // of each node: index in order of solution; −1 outside the cone
	member    []NodeID // nodes grouped by component
	first     []int32  // first member of component c; first[c+1] is the end
	circle    []bool   // by component: its nodes depend on themselves

	coherent []bool // by node
	module   []bool // by node: gate whose descendants are used by nothing else
	visited  int    // inputs looked at, for the guards on complexity
}

// newSystem finds the cone of the tops. Time and memory are linear in the
// graph.
func newSystem(g *Graph, tops []NodeID) (*system, error) {
	if g.open > 0 {
		for id, op := range g.op {
			if op == opUndefined {
				return nil, &UndefinedGateError{Gate: NodeID(id)}
			}
		}
	}
	for _, t := range tops {
		if !g.has(t) {
			return nil, &UnknownNodeError{Gate: t, Node: t}
		}
	}
	s := &system{g: g}
	s.condense(tops)
	if err := s.checkCoherence(); err != nil {
		return nil, err
	}
	s.findRoots(tops)
	s.findModules()
	return s, nil
}

// condense is Tarjan's algorithm (1972) with its own stack: depth 10^5 and
// more must not matter. Components come out with inputs before users, members
// of a circle in the order in which the depth-first search left them, which
// lets an iteration over a circle settle in few rounds.
func (s *system) condense(tops []NodeID) {
	n := s.g.Len()
	s.component = make([]int32, n)
	index := make([]int32, n) // 0: not seen
	low := make([]int32, n)
	for i := range s.component {
		s.component[i] = -1
	}
	type frame struct {
		node NodeID
		next int32
	}
	var path []frame
	var open []NodeID // nodes left by the search whose component is not known
	var clock int32
	for _, top := range tops {
		if index[top] != 0 {
			continue
		}
		clock++
		index[top], low[top] = clock, clock
		path = append(path, frame{node: top})
		for len(path) > 0 {
			f := &path[len(path)-1]
			v := f.node
			if f.next < s.g.count[v] {
				w := s.g.inputs[s.g.start[v]+f.next]
				f.next++
				s.visited++
				if index[w] == 0 {
					clock++
					index[w], low[w] = clock, clock
					path = append(path, frame{node: w})
				} else if s.component[w] < 0 {
					low[v] = min(low[v], index[w])
				}
				continue
			}
			path = path[:len(path)-1]
			if len(path) > 0 {
				u := path[len(path)-1].node
				low[u] = min(low[u], low[v])
			}
			open = append(open, v)
			if low[v] == index[v] {
				open = s.closeComponent(open, index, v)
			}
		}
	}
	s.first = append(s.first, int32(len(s.member)))
}

// closeComponent moves the nodes found since root from open to a new
// component. They were left in an order of their own, so they are the trailing
// nodes of open whose index is not smaller than the root's.
func (s *system) closeComponent(open []NodeID, index []int32, root NodeID) []NodeID {
	from := len(open)
	for from > 0 && index[open[from-1]] >= index[root] {
		from--
	}
	c := int32(len(s.first))
	s.first = append(s.first, int32(len(s.member)))
	s.member = append(s.member, open[from:]...)
	circle := len(open)-from > 1
	for _, v := range open[from:] {
		s.component[v] = c
	}
	if !circle {
		for _, in := range s.g.Inputs(root) {
			circle = circle || in == root
		}
	}
	s.circle = append(s.circle, circle)
	return open[:from]
}

func (s *system) components() int { return len(s.circle) }

func (s *system) members(c int32) []NodeID { return s.member[s.first[c]:s.first[c+1]] }

func (s *system) checkCoherence() error {
	s.coherent = make([]bool, s.g.Len())
	for c := range int32(s.components()) {
		coherent := true
		for _, v := range s.members(c) {
			op := s.g.op[v]
			if op == OpNot || op == OpXor {
				if s.circle[c] {
					return &NonMonotoneCircleError{Gate: v, Op: op}
				}
				coherent = false
			}
			for _, in := range s.g.Inputs(v) {
				if s.component[in] != c && !s.coherent[in] {
					coherent = false
				}
			}
		}
		for _, v := range s.members(c) {
			s.coherent[v] = coherent
		}
	}
	return nil
}

func (s *system) findRoots(tops []NodeID) {
	used := make([]bool, s.components())
	for c := range int32(s.components()) {
		for _, v := range s.members(c) {
			for _, in := range s.g.Inputs(v) {
				if s.component[in] != c {
					used[s.component[in]] = true
				}
			}
		}
	}
	for _, t := range tops {
		if c := s.component[t]; !used[c] {
			used[c] = true
			s.roots = append(s.roots, t)
		}
	}
}

// findModules is the linear algorithm of Dutuit and Rauzy (1996) over the
// condensed graph: a gate is a module iff all its descendants are visited
// between its own first and last moment of expansion, and only there. A top
// inside a module is no obstacle: it is solved from inside.
func (s *system) findModules() {
	n := int32(s.components())
	// Each visit has a date. entered and left enclose the expansion of a
	// component; lastSeen is its latest visit.
	entered, left, lastSeen := make([]int32, n), make([]int32, n), make([]int32, n)
	type frame struct {
		component    int32
		member, next int32
	}
	var path []frame
	var date int32
	visit := func(c int32) {
		date++
		lastSeen[c] = date
		if entered[c] == 0 {
			entered[c] = date
			path = append(path, frame{component: c})
		}
	}
	for _, r := range s.roots {
		visit(s.component[r])
		for len(path) > 0 {
			f := &path[len(path)-1]
			members := s.members(f.component)
			if int(f.member) == len(members) {
				date++
				left[f.component] = date
				path = path[:len(path)-1]
				continue
			}
			inputs := s.g.Inputs(members[f.member])
			if int(f.next) == len(inputs) {
				f.member, f.next = f.member+1, 0
				continue
			}
			in := inputs[f.next]
			f.next++
			s.visited++
			if c := s.component[in]; c != f.component {
				visit(c)
			}
		}
	}
	s.module = make([]bool, s.g.Len())
	earliest, latest := make([]int32, n), make([]int32, n)
	for c := range n {
		// What c offers to its users: the span of visits of c and all below.
		lo, hi := int32(1<<31-1), int32(0)
		for _, v := range s.members(c) {
			for _, in := range s.g.Inputs(v) {
				if d := s.component[in]; d != c {
					lo = min(lo, earliest[d])
					hi = max(hi, latest[d])
				}
			}
		}
		if v := s.members(c)[0]; !s.circle[c] && s.g.count[v] > 1 {
			s.module[v] = lo > entered[c] && hi < left[c]
		}
		earliest[c], latest[c] = min(lo, entered[c]), max(hi, lastSeen[c])
	}
}
