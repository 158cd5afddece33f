package faulttree

import (
	"cmp"
	"slices"
)

// Ordering is a static order of the variables of a diagram. None wins always;
// see [Options.Orderings].
type Ordering uint8

const (
	// OrderSharedFirst puts what most paths from the tops lead to first (sites,
	// power, networks), and otherwise follows OrderDepthFirst.
	OrderSharedFirst Ordering = iota
	// OrderDepthFirst is the order of first visit of a depth-first, left-most
	// search from the tops (Fujita, Fujisawa, Kawato 1988).
	OrderDepthFirst
	// OrderTopDown is by greatest distance from the tops, ties depth-first.
	OrderTopDown
)

// String returns the name of the ordering.
func (o Ordering) String() string {
	switch o {
	case OrderSharedFirst:
		return "shared first"
	case OrderDepthFirst:
		return "depth first"
	case OrderTopDown:
		return "top down"
	}
	return "unknown"
}

// variables returns the nodes that are variables (events and modules) in the
// wanted order.
func (s *system) variables(o Ordering) []NodeID {
	seen := make([]bool, s.g.Len())
	var order []NodeID
	var stack []NodeID
	for _, r := range s.roots {
		stack = append(stack, r)
		for len(stack) > 0 {
			v := stack[len(stack)-1]
			stack = stack[:len(stack)-1]
			if seen[v] {
				continue
			}
			seen[v] = true
			if s.g.op[v] == OpEvent || s.module[v] {
				order = append(order, v)
			}
			inputs := s.g.Inputs(v)
			for i := len(inputs) - 1; i >= 0; i-- {
				if !seen[inputs[i]] {
					stack = append(stack, inputs[i])
				}
			}
		}
	}
	switch o {
	case OrderSharedFirst:
		paths := s.paths()
		slices.SortStableFunc(order, func(a, b NodeID) int {
			return cmp.Compare(paths[s.component[b]], paths[s.component[a]])
		})
	case OrderTopDown:
		depth := s.depths()
		slices.SortStableFunc(order, func(a, b NodeID) int {
			return cmp.Compare(depth[s.component[a]], depth[s.component[b]])
		})
	}
	return order
}

// paths counts, by component, the paths from the roots, by adding up along the
// order of solution; beyond 10^300 they count as equal.
func (s *system) paths() []float64 {
	paths := make([]float64, s.components())
	for _, r := range s.roots {
		paths[s.component[r]] = 1
	}
	for c := int32(s.components()) - 1; c >= 0; c-- {
		for _, v := range s.members(c) {
			for _, in := range s.g.Inputs(v) {
				if d := s.component[in]; d != c {
					paths[d] = min(paths[d]+paths[c], 1e300)
				}
			}
		}
	}
	return paths
}

// depths returns, by component, the length of the longest path from a root.
func (s *system) depths() []int32 {
	depth := make([]int32, s.components())
	for c := int32(s.components()) - 1; c >= 0; c-- {
		for _, v := range s.members(c) {
			for _, in := range s.g.Inputs(v) {
				if d := s.component[in]; d != c {
					depth[d] = max(depth[d], depth[c]+1)
				}
			}
		}
	}
	return depth
}
