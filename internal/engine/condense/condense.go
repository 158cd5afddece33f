// Package condense settles values on a directed graph from the bottom up, one
// strongly connected component at a time, only as far as they are asked for, and
// each once: O(nodes + edges) however many questions follow.
//
// Components are found with Tarjan's algorithm (Depth-first search and linear
// graph algorithms, SIAM J. Comput. 1, 1972), walked without recursion.
package condense

import "sync"

// Graph is a directed graph whose nodes carry values of type T that follow from
// the values of their successors. Nodes are small numbers from 0. It is safe for
// concurrent use.
type Graph[T any] struct {
	// Next visits the successors of a node.
	Next func(node int32, visit func(int32))
	// Settle gives the values of one component, whose nodes come in no particular
	// order and belong to the caller: they are valid during the call only. circle
	// says that the nodes lead back to themselves. The value of any successor
	// outside the component is had with value.
	Settle func(component []int32, circle bool, value func(int32) T, set func(int32, T))

	mu      sync.RWMutex
	pages   []*page[T]
	shared  []bool // pages that another graph reads too: copied when written
	visited int
	walker  walker[T]
}

const (
	pageBits = 8
	pageSize = 1 << pageBits
)

// The states of a node.
const (
	unseen uint8 = iota
	open         // on the stack
	known
)

// page keeps what is known of neighbouring nodes, so that a small question on a
// large graph costs little and a large one needs no hashing.
type page[T any] struct {
	state      [pageSize]uint8
	index, low [pageSize]int32
	value      [pageSize]T
}

// Visited is how many nodes were entered so far.
func (g *Graph[T]) Visited() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.visited
}

// Value gives the value of a node.
func (g *Graph[T]) Value(node int32) T {
	at := node & (pageSize - 1)
	g.mu.RLock()
	if p := g.peek(node); p != nil && p.state[at] == known {
		v := p.value[at]
		g.mu.RUnlock()
		return v
	}
	g.mu.RUnlock()
	g.mu.Lock()
	defer g.mu.Unlock()
	p := g.page(node)
	if p.state[at] != known {
		g.walk(node)
	}
	return p.value[at]
}

// peek is the page of a node, nil when there is none yet.
func (g *Graph[T]) peek(node int32) *page[T] {
	if i := int(node >> pageBits); i < len(g.pages) {
		return g.pages[i]
	}
	return nil
}

// page is the page of a node, made when needed.
func (g *Graph[T]) page(node int32) *page[T] {
	i := int(node >> pageBits)
	for i >= len(g.pages) {
		g.pages = append(g.pages, nil)
	}
	switch {
	case g.pages[i] == nil:
		g.pages[i] = new(page[T])
	case i < len(g.shared) && g.shared[i]:
		c := *g.pages[i]
		g.pages[i], g.shared[i] = &c, false
	}
	return g.pages[i]
}

// Inherit takes over all values of a graph that differs in some nodes only, apart
// from those of the nodes that changed can reach, which are left to settle anew.
// Both graphs may go on being used. It must come before the first question.
func (g *Graph[T]) Inherit(from *Graph[T], changed func(visit func(node int32))) {
	from.mu.Lock()
	g.pages = append([]*page[T](nil), from.pages...)
	from.shared = make([]bool, len(from.pages))
	for i := range from.shared {
		from.shared[i] = true
	}
	g.shared = append([]bool(nil), from.shared...)
	g.visited = from.visited
	from.mu.Unlock()
	changed(func(n int32) {
		if g.peek(n) != nil {
			var nothing T // a circle may read its nodes before they are settled
			p := g.page(n)
			p.state[n&(pageSize-1)], p.value[n&(pageSize-1)] = unseen, nothing
		}
	})
}

// frame is a node on the way down; its successors stand at ahead[start:end], those
// before at are walked.
type frame struct {
	node           int32
	start, at, end int
	self           bool
}

// walker is what a walk works with, kept from one to the next.
type walker[T any] struct {
	way   []frame
	ahead []int32
	stack []int32
	from  int32 // whose successors are being read
	self  bool  // it is one of them
	visit func(int32)
	value func(int32) T
	set   func(int32, T)
}

func (g *Graph[T]) prepare() *walker[T] {
	w := &g.walker
	if w.visit == nil {
		w.visit = func(to int32) {
			if to == w.from {
				w.self = true
			} else if p := g.peek(to); p == nil || p.state[to&(pageSize-1)] != known {
				w.ahead = append(w.ahead, to)
			}
		}
		w.value = func(n int32) T { return g.peek(n).value[n&(pageSize-1)] }
		w.set = func(n int32, v T) { g.page(n).value[n&(pageSize-1)] = v }
	}
	return w
}

// walk is Tarjan's algorithm from one node, stopping at nodes already known.
func (g *Graph[T]) walk(root int32) {
	w := g.prepare()
	g.enter(root)
	for len(w.way) > 0 {
		f := &w.way[len(w.way)-1]
		p, i := g.page(f.node), f.node&(pageSize-1)
		if f.at < f.end {
			to := w.ahead[f.at]
			f.at++
			q, j := g.page(to), to&(pageSize-1)
			switch q.state[j] {
			case unseen:
				g.enter(to)
			case open:
				p.low[i] = min(p.low[i], q.index[j])
			}
			continue
		}
		done := *f
		w.way = w.way[:len(w.way)-1]
		w.ahead = w.ahead[:done.start]
		if len(w.way) > 0 {
			up := w.way[len(w.way)-1].node
			q, j := g.page(up), up&(pageSize-1)
			q.low[j] = min(q.low[j], p.low[i])
		}
		if p.low[i] == p.index[i] {
			g.settle(done)
		}
	}
}

// enter puts a node on the way and reads its successors.
func (g *Graph[T]) enter(n int32) {
	w := &g.walker
	g.visited++
	p, i := g.page(n), n&(pageSize-1)
	p.state[i], p.index[i], p.low[i] = open, int32(g.visited), int32(g.visited)
	w.stack = append(w.stack, n)
	start := len(w.ahead)
	w.from, w.self = n, false
	g.Next(n, w.visit)
	w.way = append(w.way, frame{n, start, start, len(w.ahead), w.self})
}

// settle takes the component that a node closes off the stack.
func (g *Graph[T]) settle(last frame) {
	w := &g.walker
	at := len(w.stack) - 1
	for w.stack[at] != last.node {
		at--
	}
	component := w.stack[at:]
	g.Settle(component, len(component) > 1 || last.self, w.value, w.set)
	for _, n := range component {
		g.page(n).state[n&(pageSize-1)] = known
	}
	w.stack = w.stack[:at]
}

// Components gives the strongly connected components of the nodes that next leads
// to from start, each before those that lead to it, and whether its nodes lead
// back to themselves.
func Components(start []int32, next func(node int32, visit func(int32))) (components [][]int32, circle []bool) {
	g := Graph[struct{}]{Next: next, Settle: func(c []int32, around bool, _ func(int32) struct{}, _ func(int32, struct{})) {
		components, circle = append(components, append([]int32(nil), c...)), append(circle, around)
	}}
	for _, n := range start {
		g.Value(n)
	}
	return components, circle
}

// ShortestCircle is a shortest circle through the nodes of a strongly connected
// component, in order, found breadth first from each node, or from the first
// limit of them where there are more. Of circles of one length it is the first
// found. Nil when no node leads back to itself.
func ShortestCircle(component []int32, limit int, next func(node int32, visit func(int32))) []int32 {
	inside := make(map[int32]bool, len(component))
	for _, n := range component {
		inside[n] = true
	}
	var best []int32
	for _, start := range component[:min(limit, len(component))] {
		if c := circleThrough(start, inside, len(best), next); c != nil {
			best = c
		}
	}
	return best
}

// circleThrough searches breadth first for a circle through start shorter than
// limit (0 is any length).
func circleThrough(start int32, inside map[int32]bool, limit int, next func(int32, func(int32))) []int32 {
	from := map[int32]int32{start: start}
	level := []int32{start}
	for depth := 1; len(level) > 0 && (limit == 0 || depth < limit); depth++ {
		var following []int32
		closed := int32(-1)
		for _, n := range level {
			next(n, func(to int32) {
				if to == start && closed < 0 {
					closed = n
				}
				if _, seen := from[to]; !seen && inside[to] {
					from[to] = n
					following = append(following, to)
				}
			})
			if closed >= 0 {
				circle := make([]int32, depth)
				for i := depth - 1; i >= 0; i-- {
					circle[i] = closed
					closed = from[closed]
				}
				return circle
			}
		}
		level = following
	}
	return nil
}
