package topevent

import (
	"cmp"
	"math"
	"slices"
)

// block is a module to be solved: its gate, the gates inside, arguments
// first, and its leaves: variables and smaller modules.
type block struct {
	root   int32
	gates  []int32
	leaves []int32 // vertex ids
}

// blocks cuts a graph at its modules, arguments before gates.
func (g *graph) blocks() []*block {
	roots := g.modules()
	isRoot := make([]bool, len(g.vertices))
	for _, r := range roots {
		isRoot[r] = true
	}
	seen := make([]int32, len(g.vertices))
	var out []*block
	for n, r := range roots {
		b := &block{root: r}
		stack := []int32{r}
		seen[r] = int32(n + 1)
		for len(stack) > 0 {
			id := stack[len(stack)-1]
			stack = stack[:len(stack)-1]
			b.gates = append(b.gates, id)
			for _, a := range g.vertices[id].args {
				x := a.id()
				if seen[x] == int32(n+1) {
					continue
				}
				seen[x] = int32(n + 1)
				if !g.isGate(x) || isRoot[x] {
					b.leaves = append(b.leaves, x)
				} else {
					stack = append(stack, x)
				}
			}
		}
		slices.Sort(b.gates)
		slices.Sort(b.leaves)
		out = append(out, b)
	}
	return out
}

// ordering is a way to put the leaves of a block into a static order.
type ordering uint8

const (
	leavesFirst ordering = iota // depth first, leaves of a gate before its gates
	smallFirst                  // depth first, smaller arguments before larger ones
	largeFirst                  // depth first, larger arguments before smaller ones
	sharedFirst                 // depth first, arguments used most before others
	weighted                    // leaves by the weight that reaches them from the top
	orderings   = 5
)

// order puts the leaves of a block into an order.
func (g *graph) order(b *block, how ordering) []int32 {
	pos := make(map[int32]int, len(b.gates)+len(b.leaves))
	weight := make(map[int32]float64, len(b.gates)+len(b.leaves))
	uses := make(map[int32]int, len(b.gates)+len(b.leaves))
	for _, x := range b.leaves {
		weight[x] = 1
	}
	inside := make(map[int32]bool, len(b.gates))
	for _, id := range b.gates {
		inside[id] = true
		w := 0.0
		for _, a := range g.vertices[id].args {
			w += weight[a.id()]
			uses[a.id()]++
		}
		weight[id] = math.Min(w, 1e300)
	}
	if how == weighted {
		reach := map[int32]float64{b.root: 1}
		for i := len(b.gates) - 1; i >= 0; i-- {
			id := b.gates[i]
			args := g.vertices[id].args
			for _, a := range args {
				reach[a.id()] += reach[id] / float64(len(args))
			}
		}
		out := slices.Clone(b.leaves)
		slices.SortStableFunc(out, func(x, y int32) int { return -cmp.Compare(reach[x], reach[y]) })
		return out
	}
	sorted := func(id int32) []int32 {
		args := make([]int32, 0, len(g.vertices[id].args))
		for _, a := range g.vertices[id].args {
			args = append(args, a.id())
		}
		slices.SortStableFunc(args, func(x, y int32) int {
			lx, ly := !inside[x], !inside[y]
			switch how {
			case leavesFirst:
				if lx != ly {
					if lx {
						return -1
					}
					return 1
				}
				return cmp.Compare(x, y)
			case smallFirst:
				return cmp.Compare(weight[x], weight[y])
			case largeFirst:
				return -cmp.Compare(weight[x], weight[y])
			}
			return -cmp.Compare(uses[x], uses[y])
		})
		return args
	}
	var out []int32
	type step struct {
		args []int32
		next int
	}
	path := []step{{args: sorted(b.root)}}
	pos[b.root] = 1
	for len(path) > 0 {
		s := &path[len(path)-1]
		if s.next == len(s.args) {
			path = path[:len(path)-1]
			continue
		}
		x := s.args[s.next]
		s.next++
		if pos[x] != 0 {
			continue
		}
		pos[x] = 1
		if inside[x] {
			path = append(path, step{args: sorted(x)})
		} else {
			out = append(out, x)
		}
	}
	return out
}
