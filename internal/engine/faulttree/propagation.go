package faulttree

// Propagation answers "what fails when these nodes are down, and all other
// events work?" for one state after another, without probabilities. In steady
// state a question costs what it hits and nothing else; from a cold start, one
// pass over the graph. It is used by one goroutine at a time.
type Propagation struct {
	g        *Graph
	circles  Circles
	userAt   []int32 // users of node v are user[userAt[v]:userAt[v+1]]
	user     []NodeID
	base     []bool  // failed although no event is
	baseHits []int32 // by gate: inputs failed in the base state (steady state) …
	need     []int32 // … or working inputs that make it work (cold start)

	epoch   int32
	stamp   []int32 // by node: epoch in which hits and reached are valid
	hits    []int32
	reached []bool
	queue   []NodeID
	visited int
}

// NewPropagation prepares a graph. Errors: *[UndefinedGateError],
// *[NotCoherentError].
func NewPropagation(g *Graph, circles Circles) (*Propagation, error) {
	n := g.Len()
	p := &Propagation{
		g: g, circles: circles, userAt: make([]int32, n+1), user: make([]NodeID, len(g.inputs)),
		base: make([]bool, n), baseHits: make([]int32, n), need: make([]int32, n),
		stamp: make([]int32, n), hits: make([]int32, n), reached: make([]bool, n),
	}
	for v := range NodeID(n) {
		switch g.op[v] {
		case opUndefined:
			return nil, &UndefinedGateError{Gate: v}
		case OpNot, OpXor:
			return nil, &NotCoherentError{Node: v}
		}
		for _, in := range g.Inputs(v) {
			p.userAt[in+1]++
		}
		p.need[v] = g.k[v]
		if circles == ColdStart {
			p.need[v] = g.count[v] - g.k[v] + 1
		}
	}
	for v := range n {
		p.userAt[v+1] += p.userAt[v]
	}
	next := append([]int32(nil), p.userAt...)
	for v := range NodeID(n) {
		for _, in := range g.Inputs(v) {
			p.user[next[in]] = v
			next[in]++
		}
	}
	p.findBase()
	return p, nil
}

func (p *Propagation) findBase() {
	p.start()
	if p.circles == ColdStart {
		p.startWorking()
		p.spread()
		for v := range p.base {
			p.base[v] = !p.isReached(NodeID(v))
		}
		return
	}
	for v, op := range p.g.op {
		if op == OpConstant && p.g.k[v] == 1 {
			p.reach(NodeID(v))
		}
	}
	p.spread()
	for v := range p.base {
		p.base[v] = p.isReached(NodeID(v))
	}
	for v := range p.baseHits {
		if p.stamp[v] == p.epoch {
			p.baseHits[v] = p.hits[v]
		}
	}
}

// Base reports whether a node is failed although no event is: by a house event
// or, from a cold start, because it stands in a circle that nothing starts.
func (p *Propagation) Base(v NodeID) bool { return p.g.has(v) && p.base[v] }

// Visited returns the number of inputs looked at since the propagation was
// prepared, base state included.
func (p *Propagation) Visited() int { return p.visited }

// Failed returns the nodes that are failed when the given events or gates are
// forced down and every other event works, without those of the base state;
// the given nodes come first (unless in the base), the rest in no particular
// order. The slice is valid until the next call. The error is an
// *[UnknownNodeError].
func (p *Propagation) Failed(down ...NodeID) ([]NodeID, error) {
	for _, v := range down {
		if !p.g.has(v) {
			return nil, &UnknownNodeError{Gate: v, Node: v}
		}
	}
	p.start()
	if p.circles == SteadyState {
		for _, v := range down {
			if !p.base[v] {
				p.reach(v)
			}
		}
		p.spread()
		return p.queue, nil
	}
	for _, v := range down {
		p.touch(v)
		p.hits[v] = -1 << 30 // no support makes it work
	}
	p.startWorking()
	p.spread()
	p.queue = p.queue[:0]
	for _, v := range down {
		if !p.base[v] && !p.isReached(v) {
			p.reached[v] = true // listed once
			p.queue = append(p.queue, v)
		}
	}
	for v := range p.base {
		if !p.base[v] && !p.isReached(NodeID(v)) {
			p.queue = append(p.queue, NodeID(v))
		}
	}
	return p.queue, nil
}

func (p *Propagation) start() {
	p.epoch++
	p.queue = p.queue[:0]
}

// startWorking starts the spread of working from what needs nothing.
func (p *Propagation) startWorking() {
	for v, op := range p.g.op {
		works := op == OpEvent || op == OpConstant && p.g.k[v] == 0
		forced := p.stamp[v] == p.epoch && p.hits[v] < 0
		if works && !forced {
			p.reach(NodeID(v))
		}
	}
}

func (p *Propagation) touch(v NodeID) {
	if p.stamp[v] != p.epoch {
		p.stamp[v] = p.epoch
		p.hits[v] = p.baseHits[v]
		p.reached[v] = false
	}
}

func (p *Propagation) isReached(v NodeID) bool { return p.stamp[v] == p.epoch && p.reached[v] }

func (p *Propagation) reach(v NodeID) {
	p.touch(v)
	if !p.reached[v] {
		p.reached[v] = true
		p.queue = append(p.queue, v)
	}
}

func (p *Propagation) spread() {
	for i := 0; i < len(p.queue); i++ {
		v := p.queue[i]
		for _, u := range p.user[p.userAt[v]:p.userAt[v+1]] {
			p.visited++
			p.touch(u)
			p.hits[u]++
			steadyBase := p.circles == SteadyState && p.base[u]
			if p.hits[u] >= p.need[u] && !steadyBase {
				p.reach(u)
			}
		}
	}
}
