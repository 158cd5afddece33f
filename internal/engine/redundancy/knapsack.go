package redundancy

import (
	"context"
	"math"
	"slices"
)

// knapsack is a multiple-choice knapsack problem in several dimensions: take one
// item of each class, such that no limit is exceeded and the sum of values is
// least.
type knapsack struct {
	m       int
	most    int // states that are carried on together
	classes []class
	limit   []float64
	slack   []float64 // by how much a limit may be exceeded for rounding
	norm    []float64 // makes uses comparable: the inverse of the limits

	ctx     context.Context
	visited int
	best    []int32 // items taken, by class, in the numbering of the caller
	value   float64 // of the best
	cutoff  float64 // what is not below it is of no use
	lower   float64 // proven bound where the context was done before the end

	lambda []float64
}

// class is one class; id numbers the items for the caller.
type class struct {
	value []float64
	use   []float64 // m for each item
	id    []int32
}

func (c *class) len() int { return len(c.value) }

// rounding is the relative difference below which two values count as equal.
const rounding = 1e-12

func (k *knapsack) below(bound float64) bool {
	return math.IsInf(k.cutoff, 1) || bound < k.cutoff-rounding*math.Abs(k.cutoff)
}

// solve finds the best items below the cutoff. exact tells that there is nothing
// better; otherwise lower is a bound on the value.
func (k *knapsack) solve(ctx context.Context, cutoff float64) (exact bool) {
	k.ctx, k.cutoff, k.lower, k.value = ctx, cutoff, math.Inf(1), math.Inf(1)
	k.norm = make([]float64, k.m)
	for r := range k.norm {
		k.norm[r] = 1 / max(math.Abs(k.limit[r]), 1e-9)
	}
	if !k.filter() {
		return true
	}
	bound := k.multipliers()
	if !k.below(bound) {
		return true
	}
	k.fix(bound)
	if !k.filter() {
		return true
	}
	if again := k.multipliers(); again > bound {
		bound = again
	}
	if !k.below(bound) {
		return true
	}
	k.fix(bound)
	if !k.filter() {
		return true
	}
	return k.dynamic()
}

// filter removes items that leave too little for the other classes; false when
// a class has none left.
func (k *knapsack) filter() bool {
	for again := true; again; {
		again = false
		least := make([]float64, len(k.classes)*k.m)
		total := make([]float64, k.m)
		for c := range k.classes {
			for r := range k.m {
				x := math.Inf(1)
				for i := range k.classes[c].value {
					x = min(x, k.classes[c].use[i*k.m+r])
				}
				least[c*k.m+r] = x
				total[r] += x
			}
		}
		for c := range k.classes {
			removed := k.classes[c].remove(k.m, func(i int) bool {
				for r := range k.m {
					if total[r]-least[c*k.m+r]+k.classes[c].use[i*k.m+r] > k.limit[r]+k.slack[r] {
						return true
					}
				}
				return false
			})
			again = again || removed
			if k.classes[c].len() == 0 {
				return false
			}
		}
	}
	return true
}

// remove drops items and reports whether there were any.
func (c *class) remove(m int, drop func(i int) bool) bool {
	n := 0
	for i := range c.value {
		if drop(i) {
			continue
		}
		if n != i {
			c.value[n], c.id[n] = c.value[i], c.id[i]
			copy(c.use[n*m:(n+1)*m], c.use[i*m:(i+1)*m])
		}
		n++
	}
	if n == len(c.value) {
		return false
	}
	c.value, c.id, c.use = c.value[:n], c.id[:n], c.use[:n*m]
	return true
}

// mostAscents bounds the steps towards the best multipliers.
const mostAscents = 160

// mostRepairs bounds the solutions made of what is met on the way.
const mostRepairs = 2

// multipliers searches Lagrangian multipliers by subgradients and returns the
// best bound; solutions met on the way are noted.
func (k *knapsack) multipliers() float64 {
	m := k.m
	lambda := make([]float64, m)
	copy(lambda, k.lambda)
	k.lambda = slices.Clone(lambda)
	norm := k.norm
	pick := make([]int, len(k.classes))
	sum := make([]float64, m)
	best, stuck, theta := math.Inf(-1), 0, 1.0
	tries := mostRepairs
	for step := range mostAscents {
		if step > 20 && k.ctx.Err() != nil {
			if k.best == nil {
				k.repair(slices.Clone(pick), slices.Clone(sum), 0)
			}
			break
		}
		bound, value := 0.0, 0.0
		clear(sum)
		for c := range k.classes {
			x := &k.classes[c]
			least, at := math.Inf(1), 0
			for i, v := range x.value {
				for r := range m {
					v += lambda[r] * x.use[i*m+r]
				}
				if v < least {
					least, at = v, i
				}
			}
			pick[c] = at
			bound += least
			value += x.value[at]
			for r := range m {
				sum[r] += x.use[at*m+r]
			}
		}
		for r := range m {
			bound -= lambda[r] * (k.limit[r] + k.slack[r])
		}
		if bound > best {
			best, stuck = bound, 0
			copy(k.lambda, lambda)
		} else if stuck++; stuck%8 == 0 {
			theta /= 2
			copy(lambda, k.lambda)
		}
		if tries > 0 && step >= 40 && (step%20 == 10 || stuck == 0) {
			tries--
			k.repair(slices.Clone(pick), slices.Clone(sum), value)
		}
		if !k.below(best) {
			break
		}
		size := 0.0
		for r := range m {
			g := (sum[r] - k.limit[r]) * norm[r]
			if lambda[r] == 0 && g < 0 {
				g = 0
			}
			size += g * g
		}
		if size == 0 {
			k.repair(slices.Clone(pick), slices.Clone(sum), value)
			break
		}
		target := k.cutoff
		if math.IsInf(target, 1) {
			target = bound + math.Abs(bound)*0.05 + 1e-9
		}
		step := theta * max(target-bound, math.Abs(bound)*1e-9) / size
		for r := range m {
			g := (sum[r] - k.limit[r]) * norm[r]
			lambda[r] = max(0, lambda[r]+step*g*norm[r])
		}
	}
	return best
}

func (k *knapsack) fits(sum []float64) bool {
	for r, x := range sum {
		if x > k.limit[r]+k.slack[r] {
			return false
		}
	}
	return true
}

// exchanges reports whether a use can take the place of another.
func (k *knapsack) exchanges(sum, less, more []float64) bool {
	for r, x := range sum {
		if x-less[r]+more[r] > k.limit[r]+k.slack[r] {
			return false
		}
	}
	return true
}

// excess measures by how much limits are exceeded.
func (k *knapsack) excess(sum, less, more []float64) float64 {
	e := 0.0
	for r := range sum {
		if x := sum[r] - less[r] + more[r] - k.limit[r] - k.slack[r]; x > 0 {
			e += x * k.norm[r]
		}
	}
	return e
}

// repair makes a choice fit, improves it item by item, and notes it when it is
// the best so far.
func (k *knapsack) repair(pick []int, sum []float64, value float64) {
	m := k.m
	swap := func(c, i int) {
		x := &k.classes[c]
		value += x.value[i] - x.value[pick[c]]
		for r := range m {
			sum[r] += x.use[i*m+r] - x.use[pick[c]*m+r]
		}
		pick[c] = i
	}
	none := make([]float64, m)
	for range 40 * len(k.classes) {
		over := k.excess(sum, none, none)
		if over == 0 {
			break
		}
		bestC, bestI, least := -1, 0, math.Inf(1)
		for c := range k.classes {
			x := &k.classes[c]
			old := x.use[pick[c]*m : (pick[c]+1)*m]
			for i := range x.value {
				gain := over - k.excess(sum, old, x.use[i*m:(i+1)*m])
				if gain <= 0 {
					continue
				}
				if price := (x.value[i] - x.value[pick[c]]) / gain; price < least {
					bestC, bestI, least = c, i, price
				}
			}
		}
		if bestC < 0 {
			return
		}
		swap(bestC, bestI)
	}
	if !k.fits(sum) {
		return
	}
	for range 4 * len(k.classes) {
		bestC, bestI, most := -1, 0, 0.0
		for c := range k.classes {
			x := &k.classes[c]
			old := x.use[pick[c]*m : (pick[c]+1)*m]
			for i := range x.value {
				if gain := x.value[pick[c]] - x.value[i]; gain > most && k.exchanges(sum, old, x.use[i*m:(i+1)*m]) {
					bestC, bestI, most = c, i, gain
				}
			}
		}
		if bestC < 0 {
			break
		}
		swap(bestC, bestI)
	}
	k.note(func(c int) int32 { return k.classes[c].id[pick[c]] }, func() float64 {
		v := 0.0
		for c := range pick {
			v += k.classes[c].value[pick[c]]
		}
		return v
	}())
}

// note takes over a solution that is better than the best so far.
func (k *knapsack) note(item func(c int) int32, value float64) {
	if value >= k.cutoff {
		return
	}
	k.value, k.cutoff = value, value
	k.best = make([]int32, len(k.classes))
	for c := range k.best {
		k.best[c] = item(c)
	}
}

// fix removes items whose reduced cost lifts the bound above the best.
func (k *knapsack) fix(bound float64) {
	m := k.m
	for c := range k.classes {
		x := &k.classes[c]
		reduced := make([]float64, x.len())
		least := math.Inf(1)
		for i, v := range x.value {
			for r := range m {
				v += k.lambda[r] * x.use[i*m+r]
			}
			reduced[i] = v
			least = min(least, v)
		}
		x.remove(m, func(i int) bool { return !k.below(bound + reduced[i] - least) })
	}
}
