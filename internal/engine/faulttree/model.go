package faulttree

import "slices"

// Model holds the solved structure of many top events over one graph. The
// diagrams depend on the structure alone, so probabilities can be changed and
// the tops evaluated again without building anything. A Model is used by one
// goroutine at a time; the slices it returns are the caller's.
type Model struct {
	g       *Graph
	opts    Options
	q       []Probability // by node
	tops    []NodeID
	tries   []*compiled
	solved  map[NodeID]int // index of the try that serves a top
	current bool           // the values belong to q
	results map[NodeID]Result
}

// Result is the unavailability of a top: exact (to double precision) with
// Lower = Upper, or else between two proven bounds.
type Result struct {
	Lower, Upper Probability
	Exact        bool
}

// Probability returns the unavailability, and false when only bounds are known.
func (r Result) Probability() (Probability, bool) { return r.Lower, r.Exact }

// Stats counts what a model took, in objects and not in seconds.
type Stats struct {
	Gates         int // gates and events in the cone of the tops
	InputsVisited int // inputs looked at while ordering the graph
	Variables     int // variables of the diagrams: events and modules
	Modules       int
	NodesMade     int // diagram nodes made, thrown away ones included
	NodesKept     int
	Clusters      int // disjunctions decomposed on a variable
	CircleRounds  int // evaluations of gates inside circles
	GatesGivenUp  int // gates for which the budget did not suffice, over all orderings
	Orderings     []Ordering
}

// Compile builds the diagrams of all tops at once. Each gate is solved once
// for all tops that share it. Errors: *[UndefinedGateError],
// *[UnknownNodeError] for a top, *[NonMonotoneCircleError]. A budget that does
// not suffice is no error: the tops concerned get bounds.
func Compile(g *Graph, tops []NodeID, opts Options) (*Model, error) {
	m := &Model{g: g, opts: opts.normal(), q: slices.Clone(g.q), tops: slices.Clone(tops), solved: make(map[NodeID]int, len(tops))}
	open := m.tops
	for _, ordering := range m.opts.Orderings {
		sys, err := newSystem(g, open)
		if err != nil {
			return nil, err
		}
		c := sys.compile(open, ordering, m.opts)
		m.tries = append(m.tries, c)
		var left []NodeID
		for _, t := range open {
			if c.exact(c.tops[t].form) {
				m.solved[t] = len(m.tries) - 1
				continue
			}
			left = append(left, t)
			if _, ok := m.solved[t]; !ok {
				m.solved[t] = 0 // serves its singles and bounds
			}
		}
		if open = left; len(open) == 0 {
			break
		}
	}
	return m, nil
}

// Tops returns the tops in the order in which they were given.
func (m *Model) Tops() []NodeID { return slices.Clone(m.tops) }

// Stats returns the counters of the model.
func (m *Model) Stats() Stats {
	var st Stats
	for i, c := range m.tries {
		if i == 0 {
			st.Gates = len(c.sys.member)
			st.Variables = len(c.nodeAt)
			st.Modules = len(c.modules)
		}
		st.InputsVisited += c.sys.visited
		st.NodesMade += c.made
		st.NodesKept += c.b.d.size()
		st.Clusters += len(c.b.clusters)
		st.CircleRounds += c.rounds
		st.GatesGivenUp += c.opaque
		st.Orderings = append(st.Orderings, c.ordering)
	}
	return st
}

// SetProbability changes the unavailability of a basic event; the tops are
// evaluated again when next asked for. Errors: *[ProbabilityError],
// *[UnknownNodeError], *[OperatorError] when event is no basic event.
func (m *Model) SetProbability(event NodeID, q Probability) error {
	if !m.g.has(event) {
		return &UnknownNodeError{Gate: event, Node: event}
	}
	if m.g.op[event] != OpEvent {
		return &OperatorError{Gate: event, Op: m.g.op[event], Inputs: int(m.g.count[event])}
	}
	if !q.Valid() {
		return &ProbabilityError{Event: event, Value: q}
	}
	m.q[event] = q
	m.current = false
	return nil
}

// Probability returns the unavailability that event now has in the model.
func (m *Model) Probability(event NodeID) Probability {
	if !m.g.has(event) {
		return 0
	}
	return m.q[event]
}

// Unavailability returns the probability that the top is failed. The error is
// a *[NotATopError].
func (m *Model) Unavailability(top NodeID) (Result, error) {
	if _, ok := m.solved[top]; !ok {
		return Result{}, &NotATopError{Node: top}
	}
	m.evaluate()
	return m.results[top], nil
}

// Unavailabilities returns the results of all tops, in the order of
// [Model.Tops].
func (m *Model) Unavailabilities() []Result {
	m.evaluate()
	out := make([]Result, len(m.tops))
	for i, t := range m.tops {
		out[i] = m.results[t]
	}
	return out
}

// lookup returns the diagrams that serve a top, and its form.
func (m *Model) lookup(top NodeID) (*compiled, *form, error) {
	i, ok := m.solved[top]
	if !ok {
		return nil, nil, &NotATopError{Node: top}
	}
	return m.tries[i], m.tries[i].tops[top].form, nil
}

// SinglePoints returns the single points of failure of a top: the events each
// of which fails it alone while all others work, ascending. They are exact
// even for tops of which the probability is only bounded. A top that is always
// failed has none. Errors: *[NotATopError], *[NotCoherentError].
func (m *Model) SinglePoints(top NodeID) ([]NodeID, error) {
	c, f, err := m.lookup(top)
	if err != nil {
		return nil, err
	}
	if !c.sys.coherent[top] {
		return nil, &NotCoherentError{Node: top}
	}
	var out []NodeID
	sets := []levelSet{f.singles}
	for len(sets) > 0 {
		s := sets[len(sets)-1]
		sets = sets[:len(sets)-1]
		s.each(func(level int32) {
			v := c.nodeAt[level]
			if inner := c.inner[v]; inner != nil {
				sets = append(sets, inner.singles)
				return
			}
			out = append(out, v)
		})
	}
	slices.Sort(out)
	return out, nil
}

// AlwaysFailed reports whether the top fails whatever its events do: because
// of house events or, from a cold start, of a circle that nothing starts. The
// error is a *[NotATopError].
func (m *Model) AlwaysFailed(top NodeID) (bool, error) {
	_, f, err := m.lookup(top)
	if err != nil {
		return false, err
	}
	return f.always, nil
}
