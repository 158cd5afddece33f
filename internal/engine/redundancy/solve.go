package redundancy

import (
	"context"
	"math"
)

// Solve finds the best solution of a problem. When the context is done before
// the proof, it returns the best found, not Exact, with a proven bound.
//
// It fails with a *MistakeError, an *InfeasibleError, an *UnreachableError, or
// ErrUndecided when the context was done before anything was known.
func Solve(ctx context.Context, p Problem, g Goal) (Solution, error) {
	s, err := newSolver(&p, g)
	if err != nil {
		return Solution{}, err
	}
	return s.solve(ctx, g)
}

func (s *solver) solve(ctx context.Context, g Goal) (Solution, error) {
	if g.Minimise == "" {
		return s.mostReliable(ctx)
	}
	return s.leastUse(ctx)
}

// solver answers questions about one problem under changing limits.
type solver struct {
	c     *compiled
	shape *shape
	sets  []*choices // of the modules; of the parts of a whole in series or parallel
	sizes sizes
}

// sizes are where the searches change their ways; results do not depend on them.
type sizes struct {
	states     int // of a dynamic program that are carried on together
	enumerated int // combinations below which branch and bound looks at all
}

var usual = sizes{states: 60_000, enumerated: 4000}

func newSolver(p *Problem, g Goal) (*solver, error) {
	c, err := compile(p, g)
	if err != nil {
		return nil, err
	}
	s := &solver{c: c, sizes: usual}
	if s.shape, err = c.p.shapeOf(); err != nil {
		return nil, err
	}
	if s.collapse() {
		return s, nil
	}
	return s, s.leaveWhole()
}

// leaveWhole makes every subsystem a variable of its own.
func (s *solver) leaveWhole() error {
	p := s.c.p
	whole, m, root, err := p.whole(p.index())
	if err != nil {
		return err
	}
	whole.diagram = m.diagram(root, len(p.Subsystems))
	whole.compact()
	s.shape = whole
	s.collapse()
	return nil
}

// collapse finds the choices of the modules; false when some have too many.
func (s *solver) collapse() bool {
	list := s.shape.modules
	if w := s.shape.whole; w != nil {
		if list = w.of; w.leaf >= 0 {
			list = []*module{w}
		}
	}
	s.sets = nil
	for i, m := range list {
		k := s.c.collapse(m)
		if k == nil {
			return false
		}
		if s.shape.whole == nil && s.shape.idle[i] {
			k = idle(k, s.c.roomOf(m))
		}
		s.sets = append(s.sets, k)
	}
	return true
}

// idle keeps of choices that do not matter only what uses least.
func idle(k *choices, room []float64) *choices {
	out := *k
	out.q, out.p = make([]float64, k.len()), make([]float64, k.len())
	for i := range out.p {
		out.p[i] = 1
	}
	out.prune(room, helps)
	return &out
}

// outcome is what a question about a solver's problem gave.
type outcome struct {
	items   []int32 // choice of each set; nil when none was found
	u       float64 // unreliability of the items
	p       float64 // its complement where that is known better than by subtraction
	exact   bool
	lower   float64 // bound on the unreliability, or on the use minimised
	visited int
}

// empty reports that a module has no choice that fits.
func (s *solver) empty() bool {
	for _, set := range s.sets {
		if set.len() == 0 {
			return true
		}
	}
	return false
}

// leastUnreliable finds the lowest unreliability under limits.
func (s *solver) leastUnreliable(ctx context.Context, limit []float64) outcome {
	if s.empty() {
		return outcome{exact: true, lower: 1}
	}
	if w := s.shape.whole; w != nil {
		return s.chain(ctx, limit, w.leaf < 0 && w.parallel)
	}
	return s.search(limit).leastUnreliable(ctx)
}

// cheapest finds the least use of the first resource with an unreliability of at
// most u under limits.
func (s *solver) cheapest(ctx context.Context, limit []float64, u float64) outcome {
	if s.empty() {
		return outcome{exact: true}
	}
	if w := s.shape.whole; w != nil {
		return s.cheapestChain(ctx, limit, u, w.leaf < 0 && w.parallel)
	}
	return s.search(limit).cheapest(ctx, u)
}

func (s *solver) search(limit []float64) *networkSearch {
	n := newNetworkSearch(newDiagramFunction(s.shape.diagram), s.sets, s.sizes.enumerated, limit)
	n.coherent = !s.c.p.Structure.negates()
	return n
}

// smallest stands in for probabilities of 0, of which there is no logarithm.
const smallest = 1e-300

// loss is what a choice adds to the loss of a series (−log p) or of a parallel
// system (log q).
func (k *choices) loss(i int, parallel bool) float64 {
	if parallel {
		return math.Log(max(k.q[i], smallest))
	}
	if k.p[i] < 0.5 {
		return -math.Log(max(k.p[i], smallest))
	}
	return -math.Log1p(-k.q[i])
}

// knapsackOf makes the classes of a chain with its losses as values.
func (s *solver) knapsackOf(limit []float64, parallel bool) *knapsack {
	m := len(limit)
	k := &knapsack{m: m, most: s.sizes.states, limit: limit, slack: make([]float64, m)}
	for _, set := range s.sets {
		x := class{use: append([]float64(nil), set.use...)}
		for i := range set.q {
			x.value = append(x.value, set.loss(i, parallel))
			x.id = append(x.id, int32(i))
		}
		k.classes = append(k.classes, x)
	}
	return k
}

// ofLoss turns the loss of a chain into its unreliability.
func ofLoss(loss float64, parallel bool) float64 {
	if parallel {
		return math.Exp(loss)
	}
	return -math.Expm1(-loss)
}

// chain solves subsystems in series or in parallel.
func (s *solver) chain(ctx context.Context, limit []float64, parallel bool) outcome {
	k := s.knapsackOf(limit, parallel)
	exact := k.solve(ctx, math.Inf(1))
	out := outcome{items: k.best, exact: exact, visited: k.visited}
	if k.best != nil {
		out.u, out.p = s.chainProbabilities(k.best, parallel)
		out.lower = out.u
	}
	if !exact {
		out.lower = min(ofLoss(min(k.lower, k.value), parallel), 1)
	}
	return out
}

func (s *solver) chainProbabilities(items []int32, parallel bool) (q, p float64) {
	q, p = 0.0, 1.0
	if parallel {
		q, p = 1, 0
	}
	for i, set := range s.sets {
		qi, pi := set.q[items[i]], set.p[items[i]]
		if parallel {
			q, p = q*qi, p+q*pi
		} else {
			q, p = q+p*qi, p*pi
		}
	}
	return certain(q, p)
}

// certain restores what is certain: the product of zeros is exact where the sum
// beside it was rounded, so that what can never work is never told from what
// can work even less.
func certain(q, p float64) (float64, float64) {
	switch {
	case p == 0:
		return 1, 0
	case q == 0:
		return 0, 1
	}
	return q, p
}

// cheapestChain takes the first resource as the value and the loss as a limit.
func (s *solver) cheapestChain(ctx context.Context, limit []float64, u float64, parallel bool) outcome {
	allowed := -math.Log1p(-min(u, 1-1e-16))
	if parallel {
		allowed = math.Log(max(u, smallest))
	}
	k := s.knapsackOf(limit, parallel)
	m := k.m
	shift := 0.0
	for c := range k.classes {
		x := &k.classes[c]
		least := x.value[0]
		for _, v := range x.value {
			least = min(least, v)
		}
		for i := range x.value {
			// The resource and the loss change places; losses start from 0.
			x.value[i], x.use[i*m] = x.use[i*m], x.value[i]-least
		}
		shift += least
	}
	k.limit = append([]float64(nil), limit...)
	k.limit[0] = allowed - shift
	k.slack[0] = rounding * max(math.Abs(allowed), math.Abs(shift), math.Abs(k.limit[0]))
	if u >= 1 {
		k.limit[0] = math.Inf(1)
		for c := range k.classes {
			for i := range k.classes[c].value {
				k.classes[c].use[i*m] = 0
			}
		}
		k.limit[0] = 1
	}
	cutoff := math.Inf(1)
	if !math.IsInf(limit[0], 1) {
		cutoff = limit[0]*(1+1e-11) + 1
	}
	exact := k.solve(ctx, cutoff)
	if k.value > limit[0] {
		k.best = nil
	}
	out := outcome{items: k.best, exact: exact, visited: k.visited}
	if k.best != nil {
		out.u, out.p = s.chainProbabilities(k.best, parallel)
		out.lower = k.value
	}
	if !exact {
		out.lower = math.Ceil(min(k.lower, k.value) - 1e-6)
	}
	return out
}

// mostReliable answers Solve without a resource to minimise.
func (s *solver) mostReliable(ctx context.Context) (Solution, error) {
	out := s.leastUnreliable(ctx, s.c.limit)
	if out.items == nil {
		if out.exact {
			return Solution{}, s.c.whyInfeasible()
		}
		return Solution{}, ErrUndecided
	}
	sol := s.solution(out)
	sol.Bound = out.lower
	if !reaches(out.u, s.c.target) {
		if out.exact || !reaches(out.lower, s.c.target) {
			return Solution{}, &UnreachableError{Target: Probability(1 - s.c.target), Best: Probability(1 - out.lower), Exact: out.exact}
		}
		return Solution{}, ErrUndecided
	}
	return sol, nil
}

// reaches compares unreliabilities as equal up to rounding.
func reaches(u, allowed float64) bool { return u <= allowed*(1+rounding)+1e-17 }

// leastUse answers Solve with a resource to minimise.
func (s *solver) leastUse(ctx context.Context) (Solution, error) {
	out := s.cheapest(ctx, s.c.limit, s.c.target)
	if out.items == nil {
		return Solution{}, s.whyUnreachable(ctx, out)
	}
	sol := s.solution(out)
	sol.Bound = float64(s.c.scales[s.c.active[0]].amount(out.lower))
	return sol, nil
}

// whyUnreachable tells apart limits that nothing meets and a target that is too
// high for them.
func (s *solver) whyUnreachable(ctx context.Context, out outcome) error {
	if !out.exact {
		return ErrUndecided
	}
	best := s.leastUnreliable(ctx, s.c.limit)
	switch {
	case best.items == nil && best.exact:
		return s.c.whyInfeasible()
	case best.items == nil:
		return ErrUndecided
	}
	return &UnreachableError{Target: Probability(1 - s.c.target), Best: Probability(1 - best.lower), Exact: best.exact}
}

// solution describes an outcome in the words of the problem.
func (s *solver) solution(out outcome) Solution {
	p := s.c.p
	sol := Solution{Exact: out.exact, Visited: out.visited, Unreliability: Probability(out.u), Reliability: Probability(1 - out.u)}
	if out.p > 0 {
		sol.Reliability = Probability(out.p)
	}
	sol.Fillings = make([]Filling, len(p.Subsystems))
	total := make([]float64, len(p.Resources))
	for i, set := range s.sets {
		set.trace(int(out.items[i]), func(leaf *choices, i int) {
			sol.Fillings[leaf.leaf] = s.c.filling(leaf.leaf, leaf.counts[i*leaf.types:(i+1)*leaf.types], total)
		})
	}
	for r := range total {
		sol.Uses = append(sol.Uses, s.c.scales[r].amount(total[r]))
	}
	return sol
}

// filling describes what a subsystem gets and adds its uses to the total.
func (c *compiled) filling(i int, counts []int8, total []float64) Filling {
	s := &c.p.Subsystems[i]
	e := enumeration{c: c, s: s}
	works := make([]float64, s.needed())
	works[0] = 1
	f := Filling{Subsystem: s.Name}
	use := make([]float64, len(total))
	n := 0
	for t, count := range counts {
		if count == 0 {
			continue
		}
		n += int(count)
		f.Parts = append(f.Parts, Part{s.Types[t].Name, int(count)})
		for range count {
			works = e.another(works, &s.Types[t])
		}
		for r := range s.Types[t].Uses {
			use[r] += c.scales[r].units(s.Types[t].Uses[r].of(int(count)))
		}
	}
	q := 0.0
	for _, x := range works {
		q += x
	}
	if q = min(q, 1); n < s.needed() {
		q = 1
	}
	for r := range s.Uses {
		use[r] += c.scales[r].units(s.Uses[r].of(n))
	}
	for r := range total {
		total[r] += use[r]
		f.Uses = append(f.Uses, c.scales[r].amount(use[r]))
	}
	f.Reliability, f.Unreliability = Probability(1-q), Probability(q)
	return f
}
