package redundancy

import (
	"cmp"
	"math"
	"slices"
	"sort"
)

// choices are the fillings that one subsystem, or several merged into one, may
// get: none of them is at least as good as another in every respect.
type choices struct {
	m   int       // resources
	q   []float64 // probability of failing
	p   []float64 // probability of working
	use []float64 // m for each choice, in units

	leaf   int    // subsystem; -1 of a merged one
	counts []int8 // of a leaf: components of each type, for each choice
	types  int

	left, right *choices // of a merged one
	from        [][2]int32
}

func (c *choices) len() int { return len(c.q) }

func (c *choices) uses(i int) []float64 { return c.use[i*c.m : (i+1)*c.m] }

// keep keeps the choices of a list of indices.
func (c *choices) keep(list []int32) {
	out := choices{m: c.m, leaf: c.leaf, types: c.types, left: c.left, right: c.right}
	out.q, out.p = make([]float64, len(list)), make([]float64, len(list))
	out.use = make([]float64, 0, len(list)*c.m)
	for k, i := range list {
		out.q[k], out.p[k] = c.q[i], c.p[i]
		out.use = append(out.use, c.uses(int(i))...)
		if c.leaf >= 0 {
			out.counts = append(out.counts, c.counts[int(i)*c.types:(int(i)+1)*c.types]...)
		} else {
			out.from = append(out.from, c.from[i])
		}
	}
	*c = out
}

// least is the smallest use of a resource.
func (c *choices) least(r int) float64 {
	x := math.Inf(1)
	for i := range c.q {
		x = min(x, c.use[i*c.m+r])
	}
	return x
}

// prune drops what another choice is at least as good as in every respect, and
// what does not fit under the room of each resource. t says which probability is
// good.
func (c *choices) prune(room []float64, t tendency) {
	bad := c.q
	if t == harms {
		bad = c.p
	}
	order := make([]int32, 0, c.len())
	for i := range c.q {
		fits := true
		for r, x := range c.uses(i) {
			fits = fits && x <= room[r]
		}
		if fits {
			order = append(order, int32(i))
		}
	}
	m := c.m
	slices.SortFunc(order, func(a, b int32) int {
		for r := range m {
			if d := cmp.Compare(c.use[int(a)*m+r], c.use[int(b)*m+r]); d != 0 {
				return d
			}
		}
		if d := cmp.Compare(bad[a], bad[b]); d != 0 {
			return d
		}
		return cmp.Compare(a, b)
	})
	f := front{m: m}
	kept := order[:0]
	for _, i := range order {
		if t == depends || f.add(c.uses(int(i)), bad[i]) {
			kept = append(kept, i)
		}
	}
	// The most reliable come first.
	slices.SortFunc(kept, func(a, b int32) int {
		if d := cmp.Compare(c.q[a], c.q[b]); d != 0 {
			return d
		}
		return cmp.Compare(a, b)
	})
	c.keep(kept)
}

// front is a set of points (uses, value) that none of them dominates. Points are
// added in the order of their first use.
type front struct {
	m     int
	best  float64 // with at most one resource
	any   bool
	stair []step    // with two: falling values over rising second uses
	kept  []float64 // with more: uses and value one after the other
}

type step struct{ use, value float64 }

// add reports whether no earlier point is at least as good in all respects, and
// then keeps it.
func (f *front) add(use []float64, value float64) bool {
	switch f.m {
	case 0, 1:
		if f.any && f.best <= value {
			return false
		}
		f.any, f.best = true, value
		return true
	case 2:
		u := use[1]
		at := sort.Search(len(f.stair), func(i int) bool { return f.stair[i].use > u })
		if at > 0 && f.stair[at-1].value <= value {
			return false
		}
		end := at
		for end < len(f.stair) && f.stair[end].value >= value {
			end++
		}
		if at > 0 && f.stair[at-1].use == u {
			at--
		}
		f.stair = slices.Replace(f.stair, at, end, step{u, value})
		return true
	}
	w := f.m + 1
next:
	for k := 0; k < len(f.kept); k += w {
		if f.kept[k+f.m] > value {
			continue
		}
		for r := range f.m {
			if f.kept[k+r] > use[r] {
				continue next
			}
		}
		return false
	}
	f.kept = append(append(f.kept, use...), value)
	return true
}

// mostMerged bounds the choices of merged subsystems, mostPairs the pairs tried.
const (
	mostMerged = 60_000
	mostPairs  = 12_000_000
)

// merge combines two in series or in parallel; nil when there would be too many.
func merge(a, b *choices, parallel bool, room []float64) *choices {
	if a.len()*b.len() > mostPairs {
		return nil
	}
	c := &choices{m: a.m, leaf: -1, left: a, right: b}
	use := make([]float64, a.m)
	for i := range a.q {
	pairs:
		for j := range b.q {
			for r := range use {
				if use[r] = a.use[i*a.m+r] + b.use[j*a.m+r]; use[r] > room[r] {
					continue pairs
				}
			}
			q, p := a.q[i]*b.q[j], a.p[i]+a.q[i]*b.p[j]
			if !parallel {
				q, p = a.q[i]+a.p[i]*b.q[j], a.p[i]*b.p[j]
			}
			q, p = certain(q, p)
			c.q, c.p = append(c.q, q), append(c.p, p)
			c.use = append(c.use, use...)
			c.from = append(c.from, [2]int32{int32(i), int32(j)})
		}
	}
	c.prune(room, helps)
	if c.len() > mostMerged {
		return nil
	}
	return c
}

// trace finds what each subsystem gets when choice i is taken.
func (c *choices) trace(i int, visit func(leaf *choices, i int)) {
	for c.leaf < 0 {
		f := c.from[i]
		c.left.trace(int(f[0]), visit)
		c, i = c.right, int(f[1])
	}
	visit(c, i)
}
