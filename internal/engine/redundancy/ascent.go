package redundancy

import "math"

// bound is the best bound of an ascent with the tangent that gave it.
type bound struct {
	value    float64
	constant float64
	at       tangent
	lambda   []float64
	dual     dual      // where the ascent ended
	spread   []float64 // by how much the choices of each set differed on the way
}

// tangent bounds the logarithm of the unreliability: for each set by
// alpha·log q + beta·log p, which is largest, top, where q is peak.
type tangent struct{ alpha, beta, peak, top []float64 }

func newTangent(k int) tangent {
	return tangent{make([]float64, k), make([]float64, k), make([]float64, k), make([]float64, k)}
}

func (t *tangent) copy(from *tangent) {
	copy(t.alpha, from.alpha)
	copy(t.beta, from.beta)
	copy(t.peak, from.peak)
	copy(t.top, from.top)
}

// crest finds the peaks.
func (t *tangent) crest() {
	for c, a := range t.alpha {
		b := t.beta[c]
		t.peak[c], t.top[c] = 0, 0
		if a > 0 {
			t.peak[c] = a / (a + b)
			t.top[c] = a * math.Log(t.peak[c])
			if b > 0 {
				t.top[c] += b * math.Log(b/(a+b))
			}
		}
	}
}

// ascent searches the multipliers and the reference of the best bound: the
// tangent at the reference gives a separable problem, its multipliers give picks,
// and the reference moves towards the mean of what was picked (Frank and Wolfe
// 1956, on the convex relaxation).
type ascent struct {
	n        *networkSearch
	active   [][]int32
	b        bound
	constant float64   // of the tangent
	tq, tp   []float64 // mean of what was picked under the tangent
	theta    float64
	stuck    int
}

// ascend runs an ascent. Choices met on the way that fit are noted.
func (n *networkSearch) ascend(active [][]int32, from dual, steps int) bound {
	k := len(active)
	a := &ascent{n: n, active: active, theta: 1, tq: make([]float64, k), tp: make([]float64, k)}
	a.b = bound{value: math.Inf(-1), at: newTangent(k), lambda: make([]float64, n.m), dual: from.clone(), spread: make([]float64, k)}
	d := &a.b.dual
	n.clip(d, active)
	for step := range steps {
		a.constant = n.f.tangent(d.rq, d.rp, n.at.alpha, n.at.beta)
		if math.IsInf(a.constant, -1) { // never fails: no bound
			a.b.value, a.b.constant = a.constant, a.constant
			break
		}
		for c := range active {
			a.constant -= n.at.alpha[c]*d.rq[c] + n.at.beta[c]*d.rp[c]
		}
		n.at.crest()
		if n.m == 1 {
			a.bisect()
		} else {
			a.subgradient(max(n.inner, 1))
		}
		if n.useless(a.b.value) || math.IsInf(n.cut, -1) {
			break
		}
		a.move(step)
	}
	return a.b
}

// pick takes the choice of least reduced cost of each set and returns the bound.
func (a *ascent) pick(lambda []float64) float64 {
	n := a.n
	clear(n.sum)
	value := a.constant
	for c, list := range a.active {
		best, at := math.Inf(1), list[0]
		if len(list) == 1 {
			best = n.reduced(c, at, &n.at, lambda)
		} else {
			for _, i := range list {
				if v := n.reduced(c, i, &n.at, lambda); v < best {
					best, at = v, i
				}
			}
		}
		value += best
		n.pick[c] = at
		for r := range n.m {
			n.sum[r] += n.sets[c].use[int(at)*n.m+r]
		}
	}
	fits := true
	for r := range n.m {
		value -= lambda[r] * n.limit[r]
		fits = fits && n.sum[r] <= n.limit[r]
	}
	if value > a.b.value {
		a.b.value, a.b.constant, a.stuck = value, a.constant, -1
		a.b.at.copy(&n.at)
		copy(a.b.lambda, lambda)
	}
	if fits {
		n.try()
	}
	return value
}

// mean adds a share of what is picked to the mean.
func (a *ascent) mean(share float64) {
	for c, i := range a.n.pick {
		a.tq[c] += share * a.n.lq[c][i]
		a.tp[c] += share * a.n.lp[c][i]
	}
}

// bisect finds the multiplier of a single limit: the picks on both sides of it,
// mixed so that the limit is just met, are the mean.
func (a *ascent) bisect() {
	n := a.n
	lambda := a.b.dual.lambda
	low, high, sumLow := 0.0, 0.0, 0.0
	clear(a.tq)
	clear(a.tp)
	lambda[0] = 0
	a.pick(lambda)
	if sumLow = n.sum[0]; sumLow <= n.limit[0] {
		a.mean(1)
		return
	}
	lowPick := append([]int32(nil), n.pick...)
	highPick := append([]int32(nil), n.pick...)
	sumHigh := sumLow
	high = max(a.b.lambda[0], 1e-3*n.norm[0])
	for range 40 { // a limit that nothing meets any more has no end
		lambda[0] = high
		a.pick(lambda)
		if sumHigh = n.sum[0]; sumHigh <= n.limit[0] {
			break
		}
		low, sumLow = high, sumHigh
		copy(lowPick, n.pick)
		high *= 4
	}
	copy(highPick, n.pick)
	for range 24 {
		if high-low <= 1e-6*high || sumHigh == n.limit[0] {
			break
		}
		lambda[0] = (low + high) / 2
		if low > 0 && high > 8*low {
			lambda[0] = math.Sqrt(low * high)
		}
		a.pick(lambda)
		if n.sum[0] <= n.limit[0] {
			high, sumHigh = lambda[0], n.sum[0]
			copy(highPick, n.pick)
		} else {
			low, sumLow = lambda[0], n.sum[0]
			copy(lowPick, n.pick)
		}
	}
	lambda[0] = high
	share := 1.0
	if sumLow > sumHigh {
		share = min(max((sumLow-n.limit[0])/(sumLow-sumHigh), 0), 1)
	}
	copy(n.pick, lowPick)
	a.mean(1 - share)
	copy(n.pick, highPick)
	a.mean(share)
}

// subgradient moves the multipliers of several limits by some steps.
func (a *ascent) subgradient(steps int) {
	n := a.n
	lambda := a.b.dual.lambda
	clear(a.tq)
	clear(a.tp)
	for range steps {
		value := a.pick(lambda)
		a.mean(1 / float64(steps))
		if a.stuck++; a.stuck > 0 && a.stuck%6 == 0 {
			a.theta *= 0.6
		}
		size := 0.0
		for r := range n.m {
			g := (n.sum[r] - n.limit[r]) * n.norm[r]
			if lambda[r] == 0 && g < 0 {
				g = 0
			}
			size += g * g
		}
		if size == 0 {
			continue
		}
		goal := n.cut
		if math.IsInf(goal, 1) || goal-value > 2 {
			goal = value + 2
		}
		length := a.theta * max(goal-value, 1e-6) / size
		for r := range n.m {
			lambda[r] = max(0, lambda[r]+length*(n.sum[r]-n.limit[r])*n.norm[r]*n.norm[r])
		}
	}
}

// move takes the reference towards the mean of what was picked.
func (a *ascent) move(step int) {
	n, d := a.n, &a.b.dual
	weight := max(0.08, 1/float64(step+2))
	if n.m == 1 || n.inner > 1 {
		weight = 2 / float64(step+4)
	}
	for c, list := range a.active {
		if len(list) == 1 {
			continue
		}
		dq, dp := a.tq[c]-d.rq[c], a.tp[c]-d.rp[c]
		a.b.spread[c] = (1-weight)*a.b.spread[c] + weight*(math.Abs(n.at.alpha[c]*dq)+math.Abs(n.at.beta[c]*dp))
		d.rq[c] += weight * dq
		d.rp[c] += weight * dp
	}
}
