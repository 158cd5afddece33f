package topevent

import (
	"context"
	"math"
	"math/bits"
	"slices"
)

// random is SplitMix64 (Steele, Lea, Flood 2014): the same numbers for the
// same seed on every machine.
type random uint64

func (r *random) next() uint64 {
	*r += 0x9E3779B97F4A7C15
	z := uint64(*r)
	z = (z ^ z>>30) * 0xBF58476D1CE4E5B9
	z = (z ^ z>>27) * 0x94D049BB133111EB
	return z ^ z>>31
}

// Estimate is what sampling states found.
type Estimate struct {
	Trials, Failures int
	Mean             float64
	// Lower and Upper hold the probability with 99.9 % confidence (Wilson).
	Lower, Upper float64
}

// Simulate estimates the probability of the top event from random states of
// its events. It reads the tree as it stands and shares no step with
// [Compile], so that it can check it; but it sees nothing much rarer than one
// in trials. Trials are rounded up to a multiple of 64. Errors: those of
// [Check], *[OptionError] for trials below 1, *[BudgetError] when the context
// ends before the first trials are done; ending later only ends the trials.
func Simulate(ctx context.Context, t *Tree, trials int, seed uint64) (*Estimate, error) {
	if trials < 1 {
		return nil, &OptionError{"trials", "it must be at least 1"}
	}
	order, err := t.sorted(nil)
	if err != nil {
		return nil, err
	}
	r := random(seed)
	value := make([]uint64, len(t.nodes)) // one bit a trial
	e := &Estimate{}
	for e.Trials < trials {
		if ctx.Err() != nil {
			if e.Trials == 0 {
				return nil, &BudgetError{What: "simulation", Cause: ctx.Err()}
			}
			break
		}
		for _, n := range order {
			v := &t.nodes[n]
			switch v.kind {
			case kindEvent:
				value[n] = r.word(float64(v.p))
			case kindConstant:
				value[n] = 0
				if v.state {
					value[n] = ^uint64(0)
				}
			case kindGate:
				value[n] = v.formula.states(value)
			}
		}
		e.Trials += 64
		e.Failures += bits.OnesCount64(value[t.top])
	}
	n, k := float64(e.Trials), float64(e.Failures)
	const z = 3.2905267314919255
	p := k / n
	middle := (p + z*z/(2*n)) / (1 + z*z/n)
	half := z / (1 + z*z/n) * math.Sqrt(p*(1-p)/n+z*z/(4*n*n))
	e.Mean, e.Lower, e.Upper = p, math.Max(0, middle-half), math.Min(1, middle+half)
	return e, nil
}

// word returns 64 independent bits, each set with probability p: bits of
// random words decide p's binary digits from the last to the first.
func (r *random) word(p float64) uint64 {
	if p <= 0 {
		return 0
	}
	if p >= 1 {
		return ^uint64(0)
	}
	// Compare 64 uniform numbers with p digit by digit until all are decided.
	open, out := ^uint64(0), uint64(0)
	for open != 0 && p > 0 {
		p *= 2
		w := r.next()
		if p >= 1 {
			p--
			out |= open &^ w // below p: digit 0 against 1
			open &= w
		} else {
			open &^= w
		}
	}
	return out
}

// states applies a formula to 64 states at once.
func (f *Formula) states(value []uint64) uint64 {
	arg := func(a Arg) uint64 {
		if a.Negated {
			return ^value[a.Node]
		}
		return value[a.Node]
	}
	switch f.Operator {
	case And, Nand, Pass, Not:
		out := ^uint64(0)
		for _, a := range f.Args {
			out &= arg(a)
		}
		if f.Operator == Nand || f.Operator == Not {
			return ^out
		}
		return out
	case Or, Nor:
		out := uint64(0)
		for _, a := range f.Args {
			out |= arg(a)
		}
		if f.Operator == Nor {
			return ^out
		}
		return out
	case Xor, Iff:
		out := uint64(0)
		for _, a := range f.Args {
			out ^= arg(a)
		}
		if f.Operator == Iff {
			return ^out
		}
		return out
	case Imply:
		return ^arg(f.Args[0]) | arg(f.Args[1])
	}
	// Counters of 64 states, bit-sliced.
	var digits [32]uint64
	for _, a := range f.Args {
		carry := arg(a)
		for i := 0; carry != 0; i++ {
			digits[i], carry = digits[i]^carry, digits[i]&carry
		}
	}
	out := least(digits[:], f.Min)
	if f.Operator == Cardinality {
		out &^= least(digits[:], f.Max+1)
	}
	return out
}

// least says in which states a bit-sliced counter is at least k.
func least(digits []uint64, k int) uint64 {
	above, equal := uint64(0), ^uint64(0)
	for i := len(digits) - 1; i >= 0; i-- {
		if k>>i&1 == 1 {
			equal &= digits[i]
		} else {
			above |= equal & digits[i]
			equal &^= digits[i]
		}
	}
	return above | equal
}

// Distribution is a sample of the probability of the top event, ascending.
type Distribution struct {
	Trials  int
	Mean    float64
	StdDev  float64 // of the sample; 0 for one trial
	Samples []float64
}

// Quantile returns the p-quantile by linear interpolation (type 7 of Hyndman
// and Fan 1996); p is clamped to [0, 1].
func (d *Distribution) Quantile(p float64) float64 {
	at := math.Min(1, math.Max(0, p)) * float64(len(d.Samples)-1)
	i := int(at)
	if i+1 >= len(d.Samples) {
		return d.Samples[len(d.Samples)-1]
	}
	return d.Samples[i] + (at-float64(i))*(d.Samples[i+1]-d.Samples[i])
}

// Uncertainty evaluates the diagram once a trial with probabilities drawn by
// the caller. q is indexed like [Tree.Events] and holds the present
// probabilities when draw is called; what is no probability afterwards is
// clamped to [0, 1], NaN refused. Errors: *[OptionError], *[ProbabilityError],
// *[BudgetError] when only bounds are known or the context ends.
func (a *Analysis) Uncertainty(ctx context.Context, trials int, draw func(trial int, q []Probability)) (*Distribution, error) {
	if trials < 1 {
		return nil, &OptionError{"trials", "it must be at least 1"}
	}
	kept := slices.Clone(a.p)
	defer func() { a.p = kept }()
	a.p = slices.Clone(kept)
	q := make([]Probability, len(a.tree.events))
	d := &Distribution{Trials: trials, Samples: make([]float64, trials)}
	for i := range d.Samples {
		if ctx.Err() != nil {
			return nil, &BudgetError{What: "uncertainty", Cause: ctx.Err()}
		}
		for j, e := range a.tree.events {
			q[j] = kept[e]
		}
		draw(i, q)
		for j, e := range a.tree.events {
			if q[j] != q[j] {
				return nil, &ProbabilityError{Event: e, Name: a.tree.Name(e), Value: q[j]}
			}
			a.p[e] = clamp(float64(q[j]))
		}
		p, ok := a.Probability()
		if !ok {
			return nil, &BudgetError{What: "uncertainty", Cause: ctx.Err()}
		}
		d.Samples[i] = float64(p)
		d.Mean += float64(p) / float64(trials)
	}
	if trials > 1 {
		for _, p := range d.Samples {
			d.StdDev += (p - d.Mean) * (p - d.Mean)
		}
		d.StdDev = math.Sqrt(d.StdDev / float64(trials-1))
	}
	slices.Sort(d.Samples)
	return d, nil
}
