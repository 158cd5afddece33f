// Package reliance answers which single causes fell a node of a dependency
// graph: a node needs other nodes, all of them or some of a group, and carries
// labels (itself, its supplier, a country…). A label fells a node when, with all
// that bears the label lost, what the node needs is no longer there.
//
// Sets of labels are the exact answer for one cause at a time, in circles too
// (the least solution: a circle does not fell itself). Each node is visited once,
// whatever the number of paths; what is known is kept and can be carried over to
// a later graph.
package reliance

import (
	"slices"
	"sync"

	"diapason/internal/engine/paged"
)

// Need is what a node needs: a node, or a group of which AtLeast are enough.
type Need struct {
	Node    int32
	Group   []Need // not empty: a group, Node is without meaning
	AtLeast int
}

// Graph gives the needs and the labels of nodes. It must be safe for concurrent
// use and always answer the same.
type Graph interface {
	Needs(node int32) []Need
	// Labels are the labels of the node itself, sorted, without repeats.
	Labels(node int32) []int32
}

// Solver finds and remembers the labels that alone fell a node. It is safe for
// concurrent use.
type Solver struct {
	graph Graph
	mu    sync.RWMutex
	known [2]paged.Array[[]int32] // by node from 0, and by −1 − node below; nil is not known
}

// New makes a solver over a graph.
func New(g Graph) *Solver { return &Solver{graph: g} }

// get gives the labels of a node, nil where they are not known.
func (s *Solver) get(node int32) []int32 {
	if node < 0 {
		return s.known[1].At(-1 - node)
	}
	return s.known[0].At(node)
}

// none are the labels of what nothing fells alone.
var none = []int32{}

func (s *Solver) learn(node int32, labels []int32) {
	if labels == nil {
		labels = none
	}
	s.put(node, labels)
}

func (s *Solver) put(node int32, labels []int32) {
	if node < 0 {
		s.known[1].Put(-1-node, labels)
		return
	}
	s.known[0].Put(node, labels)
}

// Alone returns the labels each of which alone fells the node, sorted. Callers
// must not change the slice.
func (s *Solver) Alone(node int32) []int32 {
	s.mu.RLock()
	labels := s.get(node)
	s.mu.RUnlock()
	if labels != nil {
		return labels
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if labels := s.get(node); labels != nil {
		return labels
	}
	w := walk{s: s, visited: map[int32]*state{}}
	w.visit(node)
	return s.get(node)
}

// Inherit takes over what is known from an earlier graph, apart from the nodes
// that changed visits, whose labels are found anew. Both solvers may go on being
// used. It must come before the first question.
func (s *Solver) Inherit(from *Solver, changed func(visit func(node int32))) {
	from.mu.Lock()
	s.known = [2]paged.Array[[]int32]{from.known[0].Share(), from.known[1].Share()}
	from.mu.Unlock()
	changed(func(n int32) {
		if s.get(n) != nil {
			s.put(n, nil)
		}
	})
}

// walk is one search for strongly connected components (Tarjan).
type walk struct {
	s       *Solver
	visited map[int32]*state
	stack   []*state
}

// state is a node on the way; its needs are asked for once.
type state struct {
	node       int32
	needs      []Need
	index, low int
	open, own  bool // on the stack; needs itself
}

func (w *walk) visit(n int32) *state {
	x := &state{node: n, needs: w.s.graph.Needs(n), index: len(w.visited) + 1, open: true}
	x.low = x.index
	w.visited[n] = x
	w.stack = append(w.stack, x)
	each(x.needs, func(m int32) {
		if m == n {
			x.own = true
			return
		}
		if w.s.get(m) != nil {
			return
		}
		if y := w.visited[m]; y == nil {
			if y = w.visit(m); y.open {
				x.low = min(x.low, y.low)
			}
		} else if y.open {
			x.low = min(x.low, y.index)
		}
	})
	if x.low != x.index {
		return x
	}
	at := len(w.stack) - 1
	for w.stack[at] != x {
		at--
	}
	circle := w.stack[at:]
	w.settle(circle)
	for _, y := range circle {
		y.open, y.needs = false, nil
	}
	w.stack = w.stack[:at]
	return x
}

// settle computes the labels of a circle of nodes whose other needs are known.
func (w *walk) settle(circle []*state) {
	if len(circle) == 1 && !circle[0].own {
		w.s.learn(circle[0].node, w.labels(circle[0]))
		return
	}
	for _, x := range circle {
		w.s.learn(x.node, w.s.graph.Labels(x.node))
	}
	for changed := true; changed; {
		changed = false
		for _, x := range circle {
			next := w.labels(x)
			if len(next) != len(w.s.get(x.node)) {
				w.s.learn(x.node, next)
				changed = true
			}
		}
	}
}

func (w *walk) labels(x *state) []int32 { return w.all(w.s.graph.Labels(x.node), x.needs) }

// all joins the labels of needs that are all needed with some more.
func (w *walk) all(more []int32, needs []Need) []int32 {
	set := more
	for _, x := range needs {
		set = union(set, w.need(x))
	}
	return set
}

func (w *walk) need(x Need) []int32 {
	if len(x.Group) == 0 {
		return w.s.get(x.Node)
	}
	// A label fells the group when so many alternatives fall that too few are left.
	spare := max(len(x.Group)-x.AtLeast, 0)
	if x.AtLeast <= 0 {
		return nil
	}
	count := map[int32]int{}
	var out []int32
	for _, a := range x.Group {
		for _, l := range w.need(a) {
			count[l]++
			if count[l] == spare+1 {
				out = append(out, l)
			}
		}
	}
	slices.Sort(out)
	return out
}

func each(needs []Need, visit func(int32)) {
	for _, x := range needs {
		if len(x.Group) > 0 {
			each(x.Group, visit)
			continue
		}
		visit(x.Node)
	}
}

// union joins two sorted sets, sharing one of them where it holds the other.
func union(a, b []int32) []int32 {
	if len(a) == 0 {
		return b
	}
	if len(b) == 0 || within(b, a) {
		return a
	}
	if within(a, b) {
		return b
	}
	out := make([]int32, 0, len(a)+len(b))
	for len(a) > 0 && len(b) > 0 {
		switch {
		case a[0] < b[0]:
			out, a = append(out, a[0]), a[1:]
		case a[0] > b[0]:
			out, b = append(out, b[0]), b[1:]
		default:
			out, a, b = append(out, a[0]), a[1:], b[1:]
		}
	}
	return append(append(out, a...), b...)
}

func within(a, b []int32) bool {
	if len(a) > len(b) {
		return false
	}
	for _, x := range a {
		i, found := slices.BinarySearch(b, x)
		if !found {
			return false
		}
		b = b[i+1:]
	}
	return true
}
