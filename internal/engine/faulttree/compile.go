package faulttree

// Circles chooses the meaning of gates that depend on themselves.
type Circles uint8

const (
	// SteadyState is the least fixpoint of failure: a running set that holds
	// itself up stays up until something breaks it. For predictions of
	// availability and for "X is down".
	SteadyState Circles = iota
	// ColdStart is the greatest fixpoint of failure: a thing works only if its
	// support can be traced to sources that need nothing. For start-up.
	ColdStart
)

// String returns the name of the semantics.
func (c Circles) String() string {
	if c == ColdStart {
		return "cold start"
	}
	return "steady state"
}

// Options of [Compile]. The zero value is the usual choice.
type Options struct {
	// Circles is the meaning of circles.
	Circles Circles
	// NodeBudget is how many diagram nodes may be made in all under each
	// ordering, those thrown away included; 0 means DefaultNodeBudget. A node
	// takes about 25 bytes. Budgets are in nodes and never in time, so that a
	// result does not depend on the machine.
	NodeBudget int
	// GateBudget is how many of them one gate may take before it is given up;
	// 0 means 1/32 of NodeBudget.
	GateBudget int
	// Orderings are tried one after the other; a later one is used for the
	// tops that the earlier ones did not finish. Empty means all three.
	Orderings []Ordering
}

// DefaultNodeBudget is the budget of diagram nodes used when none is given.
const DefaultNodeBudget = 1 << 24

// MinNodeBudget is the smallest budget; a lower one is raised to it.
const MinNodeBudget = 16

func (o Options) normal() Options {
	if o.NodeBudget == 0 {
		o.NodeBudget = DefaultNodeBudget
	}
	o.NodeBudget = min(max(o.NodeBudget, MinNodeBudget), 1<<29)
	if o.GateBudget <= 0 {
		o.GateBudget = max(o.NodeBudget/32, MinNodeBudget)
	}
	o.GateBudget = min(o.GateBudget, o.NodeBudget)
	if len(o.Orderings) == 0 {
		o.Orderings = []Ordering{OrderSharedFirst, OrderDepthFirst, OrderTopDown}
	}
	return o
}

// compiled holds the diagrams of tops under one ordering.
type compiled struct {
	sys      *system
	ordering Ordering
	nodeAt   []NodeID // by level
	level    []int32  // by node; −1 when no variable
	b        *former
	view     []*form // by node: how users see it; nil when no longer needed
	inner    []*form // by module: its function
	modules  []module
	tops     map[NodeID]solution

	made   int // nodes made so far, those thrown away included
	opaque int // gates given up
	rounds int // gate evaluations within circles

	blind          int      // tops and modules that are opaque
	inexact        levelSet // modules of which only bounds are known
	inexactCluster []bool
	now            interval // values under the present probabilities
	cones          map[NodeID]*cone
	adjoint        *adjoints
	families       *families
	partsOf        map[int32]int // by level of a module's variable: index in modules
	opts           Options
}

// compile solves the tops under one ordering.
func (s *system) compile(tops []NodeID, ordering Ordering, opts Options) *compiled {
	c := &compiled{sys: s, ordering: ordering, opts: opts, tops: make(map[NodeID]solution, len(tops))}
	c.nodeAt = s.variables(ordering)
	c.level = make([]int32, s.g.Len())
	for i := range c.level {
		c.level[i] = -1
	}
	for i, v := range c.nodeAt {
		c.level[v] = int32(i)
	}
	c.b = newFormer(len(c.nodeAt))
	c.view = make([]*form, s.g.Len())
	c.inner = make([]*form, s.g.Len())
	pending := s.users()
	isTop := make(map[NodeID]bool, len(tops))
	for _, t := range tops {
		isTop[t] = true
	}
	for comp := range int32(s.components()) {
		members := s.members(comp)
		if s.circle[comp] {
			c.solveCircle(members)
		} else {
			c.solveNode(members[0])
		}
		for _, v := range members {
			if isTop[v] {
				c.keep(v)
			}
		}
		// A form lives until its last user has read it.
		for _, v := range members {
			for _, in := range s.g.Inputs(v) {
				if pending[in]--; pending[in] == 0 {
					c.view[in] = nil
				}
			}
		}
	}
	c.view = nil
	c.finish()
	c.findInexact()
	return c
}

// keep stores the solution of a top.
func (c *compiled) keep(v NodeID) {
	if f := c.inner[v]; f != nil {
		c.tops[v] = solution{form: f, parts: c.modules[len(c.modules)-1].parts}
		return
	}
	f := c.view[v]
	c.tops[v] = solution{form: c.settle(f), parts: f.parts}
}

// users counts, for each node of the cone, the inputs that name it.
func (s *system) users() []int32 {
	users := make([]int32, s.g.Len())
	for _, v := range s.member {
		for _, in := range s.g.Inputs(v) {
			users[in]++
		}
	}
	return users
}

func (c *compiled) solveNode(v NodeID) {
	switch c.sys.g.op[v] {
	case OpEvent:
		c.view[v] = &form{singles: singleLevel(c.level[v])}
		return
	case OpConstant:
		c.view[v] = neverForm
		if c.sys.g.k[v] == 1 {
			c.view[v] = alwaysForm
		}
		return
	}
	f := c.gate(v)
	c.view[v] = f
	if !c.sys.module[v] || f.always || f.never() {
		return
	}
	if len(f.parts) == 0 && !f.opaque && f.singles.one() {
		return // another name of one variable
	}
	c.inner[v] = c.settle(f)
	c.modules = append(c.modules, module{gate: v, parts: f.parts, nodes: int32(c.b.d.size()), clusters: int32(len(c.b.clusters))})
	c.view[v] = &form{singles: singleLevel(c.level[v])}
}

// solution is what is kept of a top: the settled form for probabilities, and
// the parts as they were for cut sets.
type solution struct {
	form  *form
	parts []edge
}

// module is a gate that its users see as one variable.
type module struct {
	gate            NodeID
	parts           []edge
	nodes, clusters int32 // how many there were when it was settled
}

// settle makes the parts of a form independent, within budget.
func (c *compiled) settle(f *form) *form {
	return c.within(func(blind bool) *form {
		if blind {
			return &form{opaque: true, singles: f.singles}
		}
		return c.b.settle(f)
	})
}

// gate computes the form of a gate from those of its inputs, within budget.
func (c *compiled) gate(v NodeID) *form {
	inputs := c.sys.g.Inputs(v)
	fs := make([]*form, len(inputs))
	for i, in := range inputs {
		fs[i] = c.view[in]
	}
	return c.within(func(blind bool) *form {
		if blind {
			fs = blindfold(fs)
		}
		switch op := c.sys.g.op[v]; op {
		case OpNot, OpXor:
			return c.b.notCoherent(op, fs)
		default:
			return c.b.atLeast(int(c.sys.g.k[v]), fs)
		}
	})
}

// blindfold leaves of each form what can be combined without a diagram.
func blindfold(fs []*form) []*form {
	blind := make([]*form, len(fs))
	for i, f := range fs {
		blind[i] = f
		if !f.always && !f.never() {
			blind[i] = &form{opaque: true, singles: f.singles}
		}
	}
	return blind
}

// within runs a construction under the budget of one gate. When it does not
// suffice the construction is run again blind, that is,
// for the singles alone.
func (c *compiled) within(build func(blind bool) *form) *form {
	d := c.b.d
	d.allow(min(c.opts.GateBudget, c.opts.NodeBudget-d.made()))
	f := build(false)
	if !d.exceeded {
		return f
	}
	c.opaque++
	return build(true)
}

// solveCircle computes the fixpoint of mutually dependent gates by iteration
// from "nothing has failed" (least) or "everything has failed" (greatest)
// until no function changes (Kleene). In each state of the events a round that
// changes anything settles one gate for good, so n rounds suffice for n gates.
func (c *compiled) solveCircle(members []NodeID) {
	start := neverForm
	if c.opts.Circles == ColdStart {
		start = alwaysForm
	}
	for _, v := range members {
		c.view[v] = start
	}
	changed := true
	for round := 0; changed && round < len(members); round++ {
		changed = false
		for _, v := range members {
			old := c.view[v]
			f := c.gate(v)
			c.rounds++
			if old.opaque && !f.always && !f.opaque {
				f = &form{opaque: true, singles: f.singles}
			}
			if !old.same(f) {
				c.view[v] = f
				changed = true
			}
		}
	}
}

// finish throws away the nodes that no result needs.
func (c *compiled) finish() {
	c.made = c.b.d.made()
	lists := make([][]edge, 0, 2*len(c.tops)+2*len(c.modules)+2*len(c.b.clusters))
	for _, t := range c.tops {
		lists = append(lists, t.form.parts, t.parts)
	}
	for _, m := range c.modules {
		lists = append(lists, c.inner[m.gate].parts, m.parts)
	}
	for _, k := range c.b.clusters {
		lists = append(lists, k.high.parts, k.low.parts)
	}
	marks := make([]int32, len(c.modules))
	for i, m := range c.modules {
		marks[i] = m.nodes
	}
	c.b.d.compact(lists, marks)
	for i := range marks {
		c.modules[i].nodes = marks[i]
	}
	c.b.joined, c.b.support, c.b.mark, c.b.decided.entry = nil, nil, nil, nil
}
