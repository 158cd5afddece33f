package topevent

// dominators says for each gate which gate all ways from the top to it pass.
type dominators struct {
	parent, jump, depth []int32
}

// dominators walks gates before arguments: the dominator of a gate is the
// lowest common dominator of the gates that use it. Jumps make each such
// question logarithmic, so that deep graphs stay near linear.
func (g *graph) dominators(down []int32) *dominators {
	n := len(g.vertices)
	d := &dominators{parent: make([]int32, n), jump: make([]int32, n), depth: make([]int32, n)}
	top := g.top.id()
	seen := make([]bool, n)
	d.parent[top], d.jump[top] = top, top
	seen[top] = true
	for _, id := range down {
		if id != top {
			d.settle(id)
		}
		for _, a := range g.vertices[id].args {
			x := a.id()
			if !g.isGate(x) {
				continue
			}
			if !seen[x] {
				seen[x] = true
				d.parent[x] = id
				continue
			}
			d.parent[x] = d.meet(d.parent[x], id)
		}
	}
	return d
}

// settle fixes depth and jump of a gate once all its users are known.
func (d *dominators) settle(id int32) {
	p := d.parent[id]
	d.depth[id] = d.depth[p] + 1
	j := d.jump[p]
	if d.depth[p]-d.depth[j] == d.depth[j]-d.depth[d.jump[j]] {
		d.jump[id] = d.jump[j]
	} else {
		d.jump[id] = p
	}
}

func (d *dominators) meet(a, b int32) int32 {
	if d.depth[a] < d.depth[b] {
		a, b = b, a
	}
	for d.depth[a] > d.depth[b] {
		if d.depth[d.jump[a]] >= d.depth[b] {
			a = d.jump[a]
		} else {
			a = d.parent[a]
		}
	}
	for a != b {
		if d.jump[a] != d.jump[b] {
			a, b = d.jump[a], d.jump[b]
		} else {
			a, b = d.parent[a], d.parent[b]
		}
	}
	return a
}
