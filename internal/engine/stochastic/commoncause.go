package stochastic

import "fmt"

// CommonCause is a model of failures that hit several members of a group at
// once: in a group of n members each with the probability Q, how likely a
// failure of one given set of k members together is.
type CommonCause uint8

// The models of the Open-PSA Model Exchange Format, chapter "Common Cause
// Groups"; formulas after NUREG/CR-5485, appendix A, for testing that is not
// staggered. C is the binomial coefficient.
const (
	// BetaFactor has one factor β: all members fail together or one alone.
	//
	//	Q_1 = (1 − β)·Q,  Q_n = β·Q
	BetaFactor CommonCause = iota
	// MGL (multiple Greek letters) has factors ρ_2 … ρ_n: the probability that
	// at least k fail given that at least k − 1 do (ρ_1 = 1, ρ_(n+1) = 0).
	//
	//	Q_k = ρ_2·…·ρ_k·(1 − ρ_(k+1))·Q / C(n−1, k−1)
	MGL
	// AlphaFactor has factors α_1 … α_n: the share of failure events that hit
	// exactly k members.
	//
	//	Q_k = k·α_k / (C(n−1, k−1)·Σ i·α_i) · Q
	AlphaFactor
	// PhiFactor has factors φ_1 … φ_n that are given directly.
	//
	//	Q_k = φ_k·Q
	PhiFactor
)

var commonCauses = [...]string{"beta-factor", "MGL", "alpha-factor", "phi-factor"}

// String is the name of the model in the Model Exchange Format.
func (m CommonCause) String() string { return commonCauses[m] }

// CommonCauseNamed finds a model by its name.
func CommonCauseNamed(name string) (CommonCause, bool) {
	for i, n := range commonCauses {
		if n == name {
			return CommonCause(i), true
		}
	}
	return 0, false
}

// CommonCauseNames lists the names of the models.
func CommonCauseNames() []string { return commonCauses[:] }

// FactorError refuses factors that a model cannot use.
type FactorError struct {
	Model   CommonCause
	Members int
	Level   int // the level that is wrong or missing
}

func (e *FactorError) Error() string {
	return fmt.Sprintf("%s of %d members: level %d is missing or cannot be meant", e.Model, e.Members, e.Level)
}

// Levels adds the probabilities of a group of n members, each with probability q:
// the k-th is that of one given set of k members failing together; None where
// there is no such failure. factors are by level. Which levels are needed: n of a
// beta factor; 2 up to n of MGL and 1 up to n of the others, the last of them may
// be left out and are then 0. The error is a *[FactorError].
func (p *Program) Levels(m CommonCause, n int, q Expr, factors map[int]Expr) ([]Expr, error) {
	out := make([]Expr, n+1)
	for k := range out {
		out[k] = None
	}
	first := 1
	switch m {
	case BetaFactor:
		first = n
	case MGL:
		first = 2
	}
	for level := range factors {
		if level < first || level > n {
			return nil, &FactorError{m, n, level}
		}
	}
	if n < 2 || len(factors) == 0 {
		return nil, &FactorError{m, n, first}
	}
	for level := first; level < first+len(factors); level++ {
		if _, ok := factors[level]; !ok {
			return nil, &FactorError{m, n, level}
		}
	}
	share := map[int]Expr{}
	for level, f := range factors {
		share[level] = p.must(Share, f)
	}
	one := p.Constant(1)
	switch m {
	case BetaFactor:
		out[1] = p.must(Mul, p.must(Sub, one, share[n]), q)
		out[n] = p.must(Mul, share[n], q)
	case MGL:
		product := q
		for k := 1; k <= 1+len(share); k++ {
			if k > 1 {
				product = p.must(Mul, product, share[k])
			}
			term := product
			if next, ok := share[k+1]; ok {
				term = p.must(Mul, term, p.must(Sub, one, next))
			}
			out[k] = p.must(Div, term, p.Constant(choose(n-1, k-1)))
		}
	case AlphaFactor:
		var terms []Expr
		for k := 1; k <= len(share); k++ {
			terms = append(terms, p.must(Mul, p.Constant(float64(k)), share[k]))
		}
		sum := p.must(Add, terms...)
		for k := 1; k <= len(share); k++ {
			out[k] = p.must(Div, p.must(Mul, terms[k-1], q), p.must(Mul, p.Constant(choose(n-1, k-1)), sum))
		}
	case PhiFactor:
		for k := 1; k <= len(share); k++ {
			out[k] = p.must(Mul, share[k], q)
		}
	}
	return out, nil
}

// choose is the binomial coefficient.
func choose(n, k int) float64 {
	out := 1.0
	for i := range k {
		out = out * float64(n-i) / float64(i+1)
	}
	return out
}
