package redundancy

import (
	"context"
	"math"
	"slices"
)

// System is the unavailability of a system by the unavailabilities q of some
// independent parts: affine in each and never falling. Where slopes is not nil it
// receives the derivative by each part (its Birnbaum importance). A fault tree
// that is evaluated with other probabilities is such a function.
type System func(q, slopes []float64) float64

// Alternative is what a position may be.
type Alternative struct {
	Unavailability Probability
	Price          Amount // more than leaving it as it stands
}

// Position is a part of the system that may be left as it stands, its first
// alternative, or changed into one of the others. Of the positions with the same
// Group, other than 0, one at most is changed.
type Position struct {
	Alternatives []Alternative
	Group        int
}

// Selection is the question which changes to make to a system.
type Selection struct {
	Positions []Position
	System    System
	// Evaluations bounds how often the system is evaluated; 0: only the context
	// ends the search. It makes results the same on every machine.
	Evaluations int
}

// Selected is a set of changes.
type Selected struct {
	Chosen         []int // alternative of each position
	Price          Amount
	Unavailability Probability
	// Exact tells that nothing better exists. Otherwise Bound is proven: no set
	// has a lower unavailability (Best), or a lower price (Cheapest).
	Exact bool
	Bound float64
}

// Cheapest finds the changes of least price that bring the unavailability to
// allowed or below. It fails with a *MistakeError, an *UnreachableError, or
// ErrUndecided.
func (s *Selection) Cheapest(ctx context.Context, allowed Probability) (Selected, error) {
	d, err := s.prepare(nil)
	if err != nil {
		return Selected{}, err
	}
	if !isProbability(allowed) {
		return Selected{}, &MistakeError{Code: BadTarget, Value: float64(allowed)}
	}
	out := d.cheapest(ctx, d.limit, float64(allowed))
	if out.items == nil && !out.exact {
		return Selected{}, ErrUndecided
	}
	if out.items == nil {
		best := d.leastUnreliable(ctx, d.limit)
		return Selected{}, &UnreachableError{Target: 1 - allowed, Best: Probability(1 - best.lower), Exact: best.exact}
	}
	sel := d.selected(out)
	sel.Bound = float64(d.scale.amount(out.lower))
	return sel, nil
}

// Best finds the changes within a budget that leave the lowest unavailability.
func (s *Selection) Best(ctx context.Context, budget Amount) (Selected, error) {
	d, err := s.prepare(&budget)
	if err != nil {
		return Selected{}, err
	}
	out := d.leastUnreliable(ctx, d.limit)
	if out.items == nil {
		return Selected{}, ErrUndecided
	}
	sel := d.selected(out)
	sel.Bound = out.lower
	return sel, nil
}

// Front finds, from the cheapest to the dearest, every set of changes to which no
// set is at least equal in both price and unavailability and better in one; the
// first one changes nothing. complete tells that there are no others.
func (s *Selection) Front(ctx context.Context) (list []Selected, complete bool, err error) {
	d, err := s.prepare(nil)
	if err != nil {
		return nil, false, err
	}
	outs, complete := compromises(ctx, d, d.limit, 1, 0)
	for _, out := range outs {
		list = append(list, d.selected(out))
	}
	return list, complete, nil
}

// prepared is a selection as choices with uses: the price, and one more resource
// for each group, of which every change uses all.
type prepared struct {
	sets  []*choices
	order [][]int32 // alternative of each choice, by position
	limit []float64
	scale scale
	f     *systemFunction
}

func (s *Selection) prepare(budget *Amount) (*prepared, error) {
	d := &prepared{f: &systemFunction{system: s.System, most: s.Evaluations, p: make([]float64, len(s.Positions)), slopes: make([]float64, len(s.Positions))}}
	groups := map[int]int{}
	count := map[int]int{}
	for _, x := range s.Positions {
		count[x.Group]++
	}
	m := 1
	for _, x := range s.Positions {
		if _, known := groups[x.Group]; x.Group != 0 && count[x.Group] > 1 && !known {
			groups[x.Group] = m
			m++
		}
	}
	var prices []float64
	total := 0.0
	for i, x := range s.Positions {
		if len(x.Alternatives) == 0 {
			return nil, &MistakeError{Code: NoType, Value: float64(i)}
		}
		dearest := 0.0
		for _, a := range x.Alternatives {
			if !isProbability(a.Unavailability) {
				return nil, &MistakeError{Code: BadReliability, Value: float64(a.Unavailability)}
			}
			if !(a.Price >= 0) || math.IsInf(float64(a.Price), 1) {
				return nil, &MistakeError{Code: BadAmount, Value: float64(a.Price)}
			}
			prices = append(prices, float64(a.Price))
			dearest = max(dearest, float64(a.Price))
		}
		total += dearest
	}
	if total >= exactIntegers/4 {
		return nil, &MistakeError{Code: TooLarge, Value: total}
	}
	limit := math.Inf(1)
	if budget != nil {
		if !(*budget >= 0) {
			return nil, &MistakeError{Code: BadLimit, Value: float64(*budget)}
		}
		if float64(*budget) < total {
			limit = float64(*budget)
		}
	}
	d.scale = newScale(prices, limit, total)
	d.limit = append(d.limit, min(d.scale.limit, d.scale.cap))
	for range m - 1 {
		d.limit = append(d.limit, 1)
	}
	for _, x := range s.Positions {
		d.add(x, m, groups[x.Group])
	}
	return d, nil
}

// add makes the choices of a position.
func (d *prepared) add(x Position, m, group int) {
	c := &choices{m: m, leaf: 0, types: 1}
	back := map[[2]float64]int32{}
	for i, a := range x.Alternatives {
		price := d.scale.units(float64(a.Price))
		use := make([]float64, m)
		use[0] = price
		if group > 0 && i > 0 {
			use[group] = 1
		}
		c.q, c.p = append(c.q, float64(a.Unavailability)), append(c.p, 1-float64(a.Unavailability))
		c.use, c.counts = append(c.use, use...), append(c.counts, 0)
		if _, known := back[[2]float64{price, float64(a.Unavailability)}]; !known {
			back[[2]float64{price, float64(a.Unavailability)}] = int32(i)
		}
	}
	c.prune(d.limit, helps)
	order := make([]int32, c.len())
	for k := range order {
		order[k] = back[[2]float64{c.use[k*m], c.q[k]}]
	}
	d.sets, d.order = append(d.sets, c), append(d.order, order)
}

// enumeratedSystems is the number of combinations below which all are evaluated:
// fewer than with a diagram, because evaluations cost more.
const enumeratedSystems = 64

func (d *prepared) leastUnreliable(ctx context.Context, limit []float64) outcome {
	return d.search(limit).leastUnreliable(ctx)
}

func (d *prepared) cheapest(ctx context.Context, limit []float64, u float64) outcome {
	return d.search(limit).cheapest(ctx, u)
}

func (d *prepared) search(limit []float64) *networkSearch {
	n := newNetworkSearch(d.f, d.sets, enumeratedSystems, limit)
	n.inner, n.root = 8, 48
	return n
}

func (d *prepared) firstUse(items []int32) float64 { return firstUse(d.sets, items) }

func (d *prepared) selected(out outcome) Selected {
	sel := Selected{Unavailability: Probability(out.u), Price: d.scale.amount(d.firstUse(out.items)), Exact: out.exact}
	for c, i := range out.items {
		sel.Chosen = append(sel.Chosen, int(d.order[c][i]))
	}
	return sel
}

// systemFunction evaluates a system and counts how often.
type systemFunction struct {
	system    System
	most, n   int
	p, slopes []float64
}

func (f *systemFunction) spent() bool { return f.most > 0 && f.n >= f.most }

func (f *systemFunction) value(q, _ []float64) float64 {
	f.n++
	return min(max(f.system(slices.Clone(q), nil), 0), 1)
}

// tangent conditions on the state of each part: with u the unavailability and b
// the slope by q, the part is failed in q·(u + (1−q)·b) of the failures and works
// in (1−q)·(u − q·b) of them.
func (f *systemFunction) tangent(rq, rp, alpha, beta []float64) float64 {
	f.n++
	q := make([]float64, len(rq))
	for c := range rq {
		q[c] = min(math.Exp(rq[c]), 1)
		f.p[c] = -math.Expm1(min(rq[c], 0))
		rp[c] = math.Log(max(f.p[c], smallest))
	}
	clear(f.slopes)
	u := f.system(q, f.slopes)
	if !(u > 0) {
		clear(alpha)
		clear(beta)
		return math.Inf(-1)
	}
	for c := range q {
		alpha[c] = min(max(q[c]*(u+f.p[c]*f.slopes[c])/u, 0), 1)
		beta[c] = 1 - alpha[c]
	}
	return math.Log(u)
}
