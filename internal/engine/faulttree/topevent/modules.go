package topevent

// visits dates the first and last time that a depth-first walk meets a vertex,
// and when it leaves a gate (Dutuit and Rauzy 1996).
type visits struct {
	first, last, end []int32
	low, high        []int32 // over all descendants: earliest first, latest last
}

func (g *graph) visits() *visits {
	n := len(g.vertices)
	dates := make([]int32, 5*n)
	v := &visits{first: dates[:n], last: dates[n : 2*n], end: dates[2*n : 3*n], low: dates[3*n : 4*n], high: dates[4*n:]}
	clock := int32(1)
	top := g.top.id()
	v.first[top], v.last[top] = clock, clock
	path := []frame{{node: Node(top)}}
	var left []int32
	for len(path) > 0 {
		f := &path[len(path)-1]
		args := g.vertices[f.node].args
		clock++
		if f.next == len(args) {
			v.end[f.node] = clock
			left = append(left, int32(f.node))
			path = path[:len(path)-1]
			continue
		}
		x := args[f.next].id()
		f.next++
		v.last[x] = clock
		if v.first[x] != 0 {
			continue
		}
		v.first[x] = clock
		if g.isGate(x) {
			path = append(path, frame{node: Node(x)})
		}
	}
	for _, id := range left { // arguments before gates
		low, high := v.end[id], int32(0)
		for _, a := range g.vertices[id].args {
			x := a.id()
			low, high = min(low, v.first[x]), max(high, v.last[x])
			if g.isGate(x) {
				low, high = min(low, v.low[x]), max(high, v.high[x])
			}
		}
		v.low[id], v.high[id] = low, high
	}
	return v
}

// module reports whether nothing outside names a descendant of the gate.
func (v *visits) module(id int32) bool {
	return v.low[id] >= v.first[id] && v.high[id] <= v.end[id]
}

// modules returns the gates of which no descendant is named from outside, the
// top included, arguments before gates.
func (g *graph) modules() []int32 {
	if !g.isGate(g.top.id()) {
		return nil
	}
	v := g.visits()
	var out []int32
	for id := g.variables + 1; int(id) < len(g.vertices); id++ {
		if v.first[id] != 0 && v.module(id) {
			out = append(out, id)
		}
	}
	return out
}

// groupingWork bounds the vertices looked at by separate, so that it stays
// linear on trees where nothing can be set apart.
const groupingWork = 4 << 20

// separate gives arguments that share descendants with each other, but with
// nothing else, a gate of their own, and all arguments of a gate that share nothing with
// what is outside of it another one: they become modules, each one variable to what is
// above it.
func (g *graph) separate() *graph {
	if !g.isGate(g.top.id()) {
		return g
	}
	dates := g.visits()
	down, _ := g.reach()
	owner := make([]int32, len(g.vertices))
	mark := make([]int32, len(g.vertices))
	groups := make(map[int32][][]int)
	inner := make(map[int32][]bool) // whether an argument shares nothing with outside
	work := 0
	for n, id := range down {
		v := &g.vertices[id]
		if g.beat.over() {
			return g
		}
		if v.op == opAtLeast || len(v.args) < 3 || work > groupingWork {
			continue
		}
		parent := make([]int32, len(v.args)+1) // the last one is "shared with outside"
		for i := range parent {
			parent[i] = int32(i)
		}
		find := func(i int32) int32 {
			for parent[i] != i {
				parent[i] = parent[parent[i]]
				i = parent[i]
			}
			return i
		}
		outside := int32(len(v.args))
		var stack []int32
		for i, a := range v.args {
			stack = append(stack[:0], a.id())
			for len(stack) > 0 {
				x := stack[len(stack)-1]
				stack = stack[:len(stack)-1]
				work++
				g.beat.beat(1)
				if mark[x] == int32(n+1) {
					parent[find(owner[x])] = find(int32(i))
					continue
				}
				mark[x], owner[x] = int32(n+1), int32(i)
				if dates.first[x] < dates.first[id] || dates.last[x] > dates.end[id] {
					parent[find(outside)] = find(int32(i))
				}
				if g.isGate(x) && !dates.module(x) {
					for _, c := range g.vertices[x].args {
						stack = append(stack, c.id())
					}
				}
			}
		}
		sets := make(map[int32][]int)
		for i := range v.args {
			r := find(int32(i))
			sets[r] = append(sets[r], i)
		}
		out := find(outside)
		if apart := len(v.args) - len(sets[out]); apart > 1 && len(sets[out]) > 0 {
			inner[id] = make([]bool, len(v.args))
			for i := range v.args {
				inner[id][i] = find(int32(i)) != out
			}
		}
		if len(sets) < 2 {
			continue
		}
		for i := range v.args {
			r := find(int32(i))
			if r != out && len(sets[r]) > 1 && sets[r][0] == i {
				groups[id] = append(groups[id], sets[r])
			}
		}
	}
	if len(groups) == 0 && len(inner) == 0 {
		return g
	}
	return g.rebuild(func(to *graph, id int32, at []lit) lit {
		v := &g.vertices[id]
		grouped := make([]bool, len(v.args))
		var args, apart []lit // apart from what is outside
		for _, set := range groups[id] {
			var part []lit
			for _, i := range set {
				grouped[i] = true
				part = append(part, at[v.args[i].id()]^v.args[i]&1)
			}
			apart = append(apart, to.gate(v.op, 0, part))
		}
		for i, a := range v.args {
			switch moved := at[a.id()] ^ a&1; {
			case grouped[i]:
			case inner[id] != nil && inner[id][i]:
				apart = append(apart, moved)
			default:
				args = append(args, moved)
			}
		}
		if len(args) == 0 || v.op == opAtLeast {
			return to.gate(v.op, v.k, append(args, apart...))
		}
		if len(apart) > 0 {
			args = append(args, to.gate(v.op, 0, apart))
		}
		return to.gate(v.op, v.k, args)
	})
}
