package redundancy

import (
	"cmp"
	"math"
	"slices"
)

// state is what is taken of the classes up to one.
type state struct {
	value float64
	bound float64
	from  *state
	item  int32
}

// dynamic adds class after class to all undominated states that can still become
// the best.
func (k *knapsack) dynamic() bool {
	d := &program{k: k}
	n := len(k.classes)
	d.order = make([]int, n)
	for c := range d.order {
		d.order[c] = c
	}
	slices.SortStableFunc(d.order, func(a, b int) int { return cmp.Compare(k.classes[a].len(), k.classes[b].len()) })
	d.prepare()
	start := layer{states: []*state{{}}, use: make([]float64, k.m)}
	start.states[0].bound = d.rest[0]
	return d.carry(0, start)
}

// program is the dynamic program over the classes in an order.
type program struct {
	k     *knapsack
	order []int
	rest  []float64 // least reduced value of the classes from a place on, less λ·limit
	least []float64 // least use of them
	done  []float64 // value and uses when from a place on the item of least reduced value is taken
	pick  []int32
}

func (d *program) prepare() {
	k := d.k
	n, m := len(d.order), k.m
	d.rest, d.least = make([]float64, n+1), make([]float64, (n+1)*m)
	d.done, d.pick = make([]float64, (n+1)*(m+1)), make([]int32, n)
	for r := range m {
		d.rest[n] -= k.lambda[r] * (k.limit[r] + k.slack[r])
	}
	for at := n - 1; at >= 0; at-- {
		x := &k.classes[d.order[at]]
		least, pick := math.Inf(1), 0
		for i, v := range x.value {
			for r := range m {
				v += k.lambda[r] * x.use[i*m+r]
			}
			if v < least {
				least, pick = v, i
			}
		}
		d.rest[at] = d.rest[at+1] + least
		d.pick[at] = int32(pick)
		d.done[at*(m+1)] = d.done[(at+1)*(m+1)] + x.value[pick]
		for r := range m {
			u := math.Inf(1)
			for i := range x.value {
				u = min(u, x.use[i*m+r])
			}
			d.least[at*m+r] = d.least[(at+1)*m+r] + u
			d.done[at*(m+1)+1+r] = d.done[(at+1)*(m+1)+1+r] + x.use[pick*m+r]
		}
	}
}

// layer is a set of states with their uses.
type layer struct {
	states []*state
	use    []float64
}

// carry continues states from a place on to the end; false when the context was
// done before.
func (d *program) carry(at int, l layer) bool {
	k := d.k
	for ; at < len(d.order); at++ {
		if k.ctx.Err() != nil {
			for _, s := range l.states {
				k.lower = min(k.lower, s.bound)
			}
			return false
		}
		if len(l.states) > k.most {
			return d.parts(at, l)
		}
		l = d.extend(at, l)
		if len(l.states) == 0 {
			return true
		}
	}
	for _, s := range l.states {
		d.finish(s, at)
	}
	return true
}

// parts carries on the most promising states first, so that they prune the rest.
func (d *program) parts(at int, l layer) bool {
	m := d.k.m
	order := make([]int, len(l.states))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(l.states[a].bound, l.states[b].bound) })
	exact, part := true, max(d.k.most/4, 1)
	for start := 0; start < len(order); start += part {
		var some layer
		for _, i := range order[start:min(start+part, len(order))] {
			if d.k.below(l.states[i].bound) {
				some.states = append(some.states, l.states[i])
				some.use = append(some.use, l.use[i*m:(i+1)*m]...)
			}
		}
		if !d.carry(at, some) {
			exact = false
		}
	}
	return exact
}

// extend takes every item of a class with every state.
func (d *program) extend(at int, l layer) layer {
	k, m := d.k, d.k.m
	x := &k.classes[d.order[at]]
	var next layer
	reduced := make([]float64, x.len())
	for i, v := range x.value {
		for r := range m {
			v += k.lambda[r] * x.use[i*m+r]
		}
		reduced[i] = v
	}
	least := d.rest[at] - d.rest[at+1]
	buffer := make([]float64, 0, len(l.states)*2)
	var kept []state
	for s, old := range l.states {
	items:
		for i := range x.value {
			bound := old.bound + reduced[i] - least
			if !k.below(bound) {
				continue
			}
			for r := range m {
				if l.use[s*m+r]+x.use[i*m+r]+d.least[(at+1)*m+r] > k.limit[r]+k.slack[r] {
					continue items
				}
			}
			for r := range m {
				buffer = append(buffer, l.use[s*m+r]+x.use[i*m+r])
			}
			kept = append(kept, state{old.value + x.value[i], bound, old, int32(i)})
		}
	}
	k.visited += len(kept)
	order := make([]int32, len(kept))
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortFunc(order, func(a, b int32) int {
		for r := range m {
			if c := cmp.Compare(buffer[int(a)*m+r], buffer[int(b)*m+r]); c != 0 {
				return c
			}
		}
		return cmp.Compare(kept[a].value, kept[b].value)
	})
	f := front{m: m}
	for _, i := range order {
		use := buffer[int(i)*m : (int(i)+1)*m]
		if !f.add(use, kept[i].value) {
			continue
		}
		s := kept[i]
		next.states = append(next.states, &s)
		next.use = append(next.use, use...)
		d.complete(at+1, &s, use)
	}
	return next
}

// complete takes the items of least reduced value for the classes that are left,
// where they fit.
func (d *program) complete(at int, s *state, use []float64) {
	m := d.k.m
	done := d.done[at*(m+1) : (at+1)*(m+1)]
	if s.value+done[0] >= d.k.cutoff {
		return
	}
	for r := range m {
		if use[r]+done[1+r] > d.k.limit[r]+d.k.slack[r] {
			return
		}
	}
	d.finish(s, at)
}

// finish notes a state, with the items of least reduced value from a place on.
func (d *program) finish(s *state, at int) {
	k, m := d.k, d.k.m
	items := make([]int32, len(d.order))
	for i := at; i < len(d.order); i++ {
		items[d.order[i]] = k.classes[d.order[i]].id[d.pick[i]]
	}
	value := s.value + d.done[at*(m+1)]
	for i := at - 1; i >= 0; i-- {
		items[d.order[i]] = k.classes[d.order[i]].id[s.item]
		s = s.from
	}
	k.note(func(c int) int32 { return items[c] }, value)
}
