package topevent

import "slices"

// simplify rewrites a graph into an equal one with fewer gates and fewer
// repeated arguments: constants and equal gates go as the graph is built, and
// rounds of the passes below run until nothing gets smaller, or the pulse of the graph
// ends them: each pass leaves an equal graph.
func simplify(g *graph) *graph {
	best := g.size()
	for round := 0; round < 12 && !g.beat.over(); round++ {
		g = g.coalesce()
		g = g.assume()
		g = g.coalesce()
		g = g.factor()
		g = g.coalesce()
		g = g.twins()
		size := g.size()
		if size >= best && round > 0 {
			break
		}
		best = min(best, size)
	}
	return g
}

// size counts gates and arguments below the top.
func (g *graph) size() int {
	down, _ := g.reach()
	n := len(down)
	for _, id := range down {
		n += len(g.vertices[id].args)
	}
	return n
}

// coalesce merges gates into the only gate that uses them where both have the
// same operator: a ∨ (b ∨ c), a ∧ ¬(b ∨ c), a ⊕ (b ⊕ c).
func (g *graph) coalesce() *graph {
	down, uses := g.reach()
	merged := make([]bool, len(g.vertices)) // into the gate that uses it
	for _, id := range down {
		v := &g.vertices[id]
		for _, a := range v.args {
			merged[a.id()] = uses[a.id()] == 1 && g.isGate(a.id()) && v.merges(a, &g.vertices[a.id()])
		}
	}
	var stack []lit
	return g.rebuild(func(to *graph, id int32, at []lit) lit {
		if merged[id] {
			return litFalse // never asked for
		}
		v := &g.vertices[id]
		var args []lit
		stack = append(stack[:0], v.args...)
		for len(stack) > 0 {
			a := stack[len(stack)-1]
			stack = stack[:len(stack)-1]
			if !merged[a.id()] {
				args = append(args, at[a.id()]^a&1)
				continue
			}
			for i, b := range g.vertices[a.id()].args {
				if v.op != opXor || i == 0 {
					b ^= a & 1 // De Morgan; a parity is complemented once
				}
				stack = append(stack, b)
			}
		}
		return to.gate(v.op, v.k, args)
	})
}

// merges reports whether an argument can give its own arguments to v instead.
// Below a complement the operator of v is the dual of that of the argument,
// and the arguments of the argument are complemented.
func (v *vertex) merges(a lit, inner *vertex) bool {
	switch {
	case v.op == opXor || inner.op == opXor:
		return v.op == inner.op
	case v.op == opAtLeast || inner.op == opAtLeast:
		return false
	}
	return (a&1 == 0) == (v.op == inner.op)
}

// assume uses x ∨ F(x) = x ∨ F(false) and x ∧ F(x) = x ∧ F(true): an argument
// of a gate is a constant wherever else it occurs in what only that gate
// uses. What "only that gate uses" is read off the dominator tree.
func (g *graph) assume() *graph {
	down, uses := g.reach()
	if len(down) == 0 {
		return g
	}
	doms := g.dominators(down)
	children := make([][]int32, len(g.vertices))
	for _, id := range down {
		if id != g.top.id() {
			children[doms.parent[id]] = append(children[doms.parent[id]], id)
		}
	}
	const unknown = 2
	value := make([]lit, len(g.vertices)) // what a vertex is assumed to be
	for i := range value {
		value[i] = unknown
	}
	replaced := make(map[int32][]lit)
	type step struct {
		id  int32
		end bool
	}
	var set [][]int32
	path := []step{{id: g.top.id()}}
	for len(path) > 0 {
		s := path[len(path)-1]
		path = path[:len(path)-1]
		if g.beat.beat(1 + len(g.vertices[s.id].args)) {
			return g
		}
		if s.end {
			for _, id := range set[len(set)-1] {
				value[id] = unknown
			}
			set = set[:len(set)-1]
			continue
		}
		v := &g.vertices[s.id]
		for i, a := range v.args {
			if value[a.id()] == unknown {
				continue
			}
			if replaced[s.id] == nil {
				replaced[s.id] = slices.Clone(v.args)
			}
			replaced[s.id][i] = value[a.id()] ^ a&1
		}
		if len(children[s.id]) == 0 {
			continue
		}
		var mine []int32
		if v.op == opAnd || v.op == opOr {
			for _, a := range v.args {
				if uses[a.id()] > 1 && value[a.id()] == unknown {
					holds := litTrue // the argument as it stands is false under OR, true under AND
					if v.op == opOr {
						holds = litFalse
					}
					value[a.id()] = holds ^ a&1
					mine = append(mine, a.id())
				}
			}
		}
		set = append(set, mine)
		path = append(path, step{id: s.id, end: true})
		for _, c := range children[s.id] {
			path = append(path, step{id: c})
		}
	}
	if len(replaced) == 0 {
		return g
	}
	return g.rebuild(func(to *graph, id int32, at []lit) lit {
		v := &g.vertices[id]
		args := v.args
		if r, ok := replaced[id]; ok {
			args = r
		}
		return to.gate(v.op, v.k, moved(args, at))
	})
}

// factor uses distributivity: (x ∧ a) ∨ (x ∧ b) = x ∧ (a ∨ b), and its dual,
// where nothing else uses the inner gates.
func (g *graph) factor() *graph {
	_, uses := g.reach()
	return g.rebuild(func(to *graph, id int32, at []lit) lit {
		v := &g.vertices[id]
		args := moved(v.args, at)
		if v.op != opAnd && v.op != opOr {
			return to.gate(v.op, v.k, args)
		}
		single := make(map[lit]bool)
		for i, a := range v.args {
			if uses[a.id()] == 1 {
				single[args[i]] = true
			}
		}
		return to.distribute(v.op, args, single)
	})
}

// distribute takes the argument that most inner gates share out of them, as
// often as two share one.
func (g *graph) distribute(op operator, args []lit, single map[lit]bool) lit {
	inner := func(a lit) []lit {
		if !single[a] || !g.isGate(a.id()) {
			return nil
		}
		w := &g.vertices[a.id()]
		switch {
		case a&1 == 0 && w.op == op.dual() && (w.op == opAnd || w.op == opOr):
			return w.args
		case a&1 == 1 && w.op == op:
			out := make([]lit, len(w.args))
			for i, c := range w.args {
				out[i] = c.not()
			}
			return out
		}
		return nil
	}
	for {
		count := make(map[lit]int)
		best, times := lit(0), 1
		for _, a := range args {
			for _, c := range inner(a) {
				count[c]++
				if n := count[c]; n > times || n == times && times > 1 && c < best {
					best, times = c, n
				}
			}
		}
		if times < 2 || g.beat.beat(len(args)+len(count)) {
			return g.gate(op, 0, args)
		}
		var rest, parts []lit
		for _, a := range args {
			in := inner(a)
			at := slices.Index(in, best)
			if at < 0 {
				rest = append(rest, a)
				continue
			}
			part := g.gate(op.dual(), 0, slices.Delete(slices.Clone(in), at, at+1))
			single[part] = true
			parts = append(parts, part)
		}
		together := g.distribute(op, parts, single)
		all := g.gate(op.dual(), 0, []lit{best, together})
		single[all] = true
		args = append(rest, all)
	}
}

// twins replaces arguments that occur in exactly the same gates, all of one
// operator, by one new gate over them.
func (g *graph) twins() *graph {
	down, uses := g.reach()
	// The signature of a literal is the sum of hashes of the gates that have
	// it; used with both signs or by different operators, it has no twin.
	sign := make([]uint64, len(g.vertices))
	polarity := make([]int8, len(g.vertices)) // 1 plain, 2 complemented, 3 both
	by := make([]operator, len(g.vertices))
	mixed := make([]bool, len(g.vertices))
	for _, id := range down {
		v := &g.vertices[id]
		h := (uint64(id) + 1) * 0x9E3779B97F4A7C15
		h ^= h >> 31
		h *= 0xBF58476D1CE4E5B9
		for _, a := range v.args {
			x := a.id()
			sign[x] += h
			polarity[x] |= 1 << (a & 1)
			if v.op != opAnd && v.op != opOr || by[x] != 0 && by[x] != v.op {
				mixed[x] = true
			}
			by[x] = v.op
		}
	}
	mixed[g.top.id()] = true
	groups := make(map[uint64][]lit)
	for _, id := range down {
		if g.beat.beat(len(g.vertices[id].args)) {
			return g
		}
		for _, a := range g.vertices[id].args {
			x := a.id()
			if uses[x] > 1 && !mixed[x] && polarity[x] != 3 {
				if !slices.Contains(groups[sign[x]], a) {
					groups[sign[x]] = append(groups[sign[x]], a)
				}
			}
		}
	}
	member := make(map[lit][]lit)
	for _, group := range groups {
		if len(group) > 1 {
			for _, a := range group {
				member[a] = group
			}
		}
	}
	if len(member) == 0 {
		return g
	}
	return g.rebuild(func(to *graph, id int32, at []lit) lit {
		v := &g.vertices[id]
		var args []lit
		for _, a := range v.args {
			group := member[a]
			switch {
			case group == nil:
				args = append(args, at[a.id()]^a&1)
			case slices.Min(group) == a: // once for the group
				args = append(args, to.gate(v.op, 0, moved(group, at)))
			}
		}
		return to.gate(v.op, v.k, args)
	})
}
