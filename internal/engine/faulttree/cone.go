package faulttree

import (
	"cmp"
	"slices"
)

// cone is the structure under one gate down to variables, prepared for bounds
// where its diagram was too large.
type cone struct {
	steadyState bool
	gates       []coneGate // inputs before users, except inside circles
	blocks      []block
	levels      []int32 // variables of the cone, those shared most first
	index       map[NodeID]int32
	top         int32
	splits      int // how often bounds may condition on a variable

	assigned []int8 // by level: unassigned, assignedFailed, assignedWorking
	can      []bool // by gate: fails when all that is unassigned fails
	must     []bool // by gate: fails when all that is unassigned works
	low, up  []float64
}

// coneGate is a coherent gate; an input ≥ 0 is a gate of the cone, one below
// is the variable of level −1 − input.
type coneGate struct {
	k        int
	inputs   []int32
	cluster  []int32  // by input: inputs of different clusters are independent
	shared   levelSet // variables that more than one input depends on
	constant bool     // k says whether it is failed
	entwined bool     // in a circle: nothing is known to be independent
}

// block is a component: gates [from, to), and for a circle what feeds it.
type block struct {
	from, to int
	circle   bool
	external []int32
}

const (
	unassigned int8 = iota
	assignedFailed
	assignedWorking
)

func (c *compiled) coneOf(top NodeID) *cone {
	if k := c.cones[top]; k != nil {
		return k
	}
	k := &cone{steadyState: c.opts.Circles == SteadyState, index: map[NodeID]int32{}}
	c.collect(k, top)
	k.top = k.index[top]
	c.connect(k)
	edges := 1
	for _, g := range k.gates {
		edges += len(g.inputs)
	}
	// All bounds together look at about twice as many inputs as the budget has
	// nodes.
	k.splits = min(max(2*c.opts.NodeBudget/(edges*max(c.blind, 1)), 1), 1<<14)
	k.assigned = make([]int8, len(c.nodeAt))
	k.can, k.must = make([]bool, len(k.gates)), make([]bool, len(k.gates))
	k.low, k.up = make([]float64, len(k.gates)), make([]float64, len(k.gates))
	if c.cones == nil {
		c.cones = map[NodeID]*cone{}
	}
	c.cones[top] = k
	return k
}

// leaf reports whether a node is a variable as seen from a gate above it.
func (c *compiled) leaf(v, top NodeID) bool {
	return v != top && c.level[v] >= 0 && (c.sys.g.op[v] == OpEvent || c.inner[v] != nil)
}

// collect numbers the gates of the cone, component by component.
func (c *compiled) collect(k *cone, top NodeID) {
	s := c.sys
	seen := map[int32]bool{s.component[top]: true}
	components := []int32{s.component[top]}
	for i := 0; i < len(components); i++ {
		for _, v := range s.members(components[i]) {
			for _, in := range s.g.Inputs(v) {
				if d := s.component[in]; !c.leaf(in, top) && !seen[d] {
					seen[d] = true
					components = append(components, d)
				}
			}
		}
	}
	slices.Sort(components)
	for _, comp := range components {
		from := len(k.gates)
		for _, v := range s.members(comp) {
			k.index[v] = int32(len(k.gates))
			k.gates = append(k.gates, coneGate{k: int(s.g.k[v]), constant: s.g.op[v] == OpConstant, entwined: s.circle[comp]})
		}
		b := block{from: from, to: len(k.gates), circle: s.circle[comp]}
		outside := map[int32]bool{}
		for j, v := range s.members(comp) {
			g := &k.gates[from+j]
			for _, in := range s.g.Inputs(v) {
				ref := int32(-1) - c.level[in]
				if !c.leaf(in, top) {
					ref = k.index[in]
				}
				g.inputs = append(g.inputs, ref)
				if b.circle && (ref < int32(from)) && !outside[ref] {
					outside[ref] = true
					b.external = append(b.external, ref)
				}
			}
		}
		k.blocks = append(k.blocks, b)
	}
}

// connect finds out which inputs of a gate depend on common variables, and
// ranks the variables by the number of gates at which they do.
func (c *compiled) connect(k *cone) {
	support := make([]levelSet, len(k.gates))
	weight := map[int32]int{}
	of := func(ref int32) levelSet {
		if ref < 0 {
			return singleLevel(-1 - ref)
		}
		return support[ref]
	}
	for _, b := range k.blocks {
		if b.circle {
			sets := make([]levelSet, len(b.external))
			for i, ref := range b.external {
				sets[i] = of(ref)
			}
			all := unionAll(sets)
			for i := b.from; i < b.to; i++ {
				support[i] = all
			}
			all.each(func(level int32) { weight[level]++ })
			continue
		}
		g := &k.gates[b.from]
		sets := make([]levelSet, len(g.inputs))
		for i, ref := range g.inputs {
			sets[i] = of(ref)
		}
		support[b.from] = unionAll(sets)
		if len(sets) > 1 {
			g.shared = atLeast(2, sets)
		}
		g.cluster = clusters(sets, g.shared)
		g.shared.each(func(level int32) { weight[level]++ })
	}
	k.levels = support[k.top].levels(nil)
	slices.SortStableFunc(k.levels, func(a, b int32) int { return cmp.Compare(weight[b], weight[a]) })
}

// clusters numbers sets so that two with a common element have one number.
func clusters(sets []levelSet, shared levelSet) []int32 {
	leader := make([]int32, len(sets))
	for i := range leader {
		leader[i] = int32(i)
	}
	find := func(i int32) int32 {
		for leader[i] != i {
			i = leader[i]
		}
		return i
	}
	owner := map[int32]int32{}
	for i, s := range sets {
		s.intersect(shared).each(func(level int32) {
			if o, ok := owner[level]; ok {
				x, y := find(o), find(int32(i))
				leader[max(x, y)] = min(x, y)
			} else {
				owner[level] = int32(i)
			}
		})
	}
	for i := range leader {
		leader[i] = find(int32(i))
	}
	return leader
}
