// Package condense settles values on a directed graph from the bottom up, one
// strongly connected component at a time, only as far as they are asked for, and
// each once: O(nodes + edges) however many questions follow.
//
// Components are found with Tarjan's algorithm (Depth-first search and linear
// graph algorithms, SIAM J. Comput. 1, 1972), walked without recursion.
package condense

import "sync"

// Graph is a directed graph whose nodes carry values of type T that follow from
// the values of their successors. It is safe for concurrent use.
type Graph[T any] struct {
	// Next visits the successors of a node.
	Next func(node int32, visit func(int32))
	// Settle gives the values of one component, whose nodes come in no particular
	// order. circle says that the nodes lead back to themselves. The
	// value of any successor outside the component is had with value.
	Settle func(component []int32, circle bool, value func(int32) T, set func(int32, T))

	mu      sync.RWMutex
	known   map[int32]T
	visited int
}

// Visited is how many nodes were entered so far.
func (g *Graph[T]) Visited() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.visited
}

// Value gives the value of a node.
func (g *Graph[T]) Value(node int32) T {
	g.mu.RLock()
	v, ok := g.known[node]
	g.mu.RUnlock()
	if ok {
		return v
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if v, ok = g.known[node]; ok {
		return v
	}
	if g.known == nil {
		g.known = map[int32]T{}
	}
	g.walk(node)
	return g.known[node]
}

// frame is a node on the way down: its successors and how many were walked.
type frame struct {
	node int32
	next []int32
	at   int
	self bool
}

// walk is Tarjan's algorithm from one node, stopping at nodes already known.
func (g *Graph[T]) walk(root int32) {
	index, low := map[int32]int{}, map[int32]int{}
	onStack := map[int32]bool{}
	var stack []int32
	enter := func(n int32) frame {
		g.visited++
		index[n] = len(index)
		low[n] = index[n]
		stack = append(stack, n)
		onStack[n] = true
		f := frame{node: n}
		g.Next(n, func(to int32) {
			if to == n {
				f.self = true
			} else if _, done := g.known[to]; !done {
				f.next = append(f.next, to)
			}
		})
		return f
	}
	way := []frame{enter(root)}
	for len(way) > 0 {
		f := &way[len(way)-1]
		if f.at < len(f.next) {
			to := f.next[f.at]
			f.at++
			if _, seen := index[to]; !seen {
				way = append(way, enter(to))
			} else if onStack[to] {
				low[f.node] = min(low[f.node], index[to])
			}
			continue
		}
		done := *f
		way = way[:len(way)-1]
		if len(way) > 0 {
			up := way[len(way)-1].node
			low[up] = min(low[up], low[done.node])
		}
		if low[done.node] == index[done.node] {
			at := len(stack) - 1
			for stack[at] != done.node {
				at--
			}
			component := append([]int32(nil), stack[at:]...)
			stack = stack[:at]
			for _, n := range component {
				delete(onStack, n)
			}
			g.settle(component, len(component) > 1 || done.self)
		}
	}
}

func (g *Graph[T]) settle(component []int32, circle bool) {
	g.Settle(component, circle, func(n int32) T { return g.known[n] }, func(n int32, v T) { g.known[n] = v })
	for _, n := range component { // what was left out has the zero value
		if _, ok := g.known[n]; !ok {
			var zero T
			g.known[n] = zero
		}
	}
}

// Components gives the strongly connected components of the nodes that next leads
// to from start, each before those that lead to it.
func Components(start []int32, next func(node int32, visit func(int32))) (components [][]int32, circle []bool) {
	g := Graph[struct{}]{Next: next, Settle: func(c []int32, around bool, _ func(int32) struct{}, _ func(int32, struct{})) {
		components, circle = append(components, c), append(circle, around)
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
