package stochastic

import (
	"math"

	"gonum.org/v1/gonum/mathext"
)

// deviate is the mean of a random deviate or, with a source, a draw of it by the
// inverse of its distribution function.
func (v *Evaluator) deviate(op Op, a []float64) (float64, error) {
	if err := checkDeviate(op, a); err != nil {
		return 0, err
	}
	if op == Histogram {
		return v.histogram(a), nil
	}
	if v.source == nil {
		return mean(op, a), nil
	}
	u := v.uniform()
	switch op {
	case UniformDeviate:
		return a[0] + u*(a[1]-a[0]), nil
	case NormalDeviate:
		return a[0] + a[1]*mathext.NormalQuantile(u), nil
	case LognormalDeviate:
		mu, sigma := logarithm(a)
		return math.Exp(mu + sigma*mathext.NormalQuantile(u)), nil
	case GammaDeviate:
		return a[1] * mathext.GammaIncRegInv(a[0], u), nil
	}
	return mathext.InvRegIncBeta(a[0], a[1], u), nil
}

// uniform draws from the open interval (0, 1), where every quantile is finite.
func (v *Evaluator) uniform() float64 {
	return min(max(v.source.Float64(), 0x1p-60), 1-0x1p-53)
}

func checkDeviate(op Op, a []float64) error {
	const positive = "more than 0"
	for _, x := range a {
		if !finite(x) {
			return within("argument", x, false, "a finite number")
		}
	}
	switch op {
	case UniformDeviate:
		return within("upper bound", a[1], a[0] < a[1], "more than the lower bound")
	case NormalDeviate:
		return within("standard deviation", a[1], a[1] > 0, positive)
	case LognormalDeviate:
		if len(a) == 2 {
			return within("standard deviation of the logarithm", a[1], a[1] > 0, positive)
		}
		for _, err := range []error{within("mean", a[0], a[0] > 0, positive), within("error factor", a[1], a[1] > 1, "more than 1"), within("level", a[2], a[2] > 0.5 && a[2] < 1, "between 0.5 and 1")} {
			if err != nil {
				return err
			}
		}
	case GammaDeviate, BetaDeviate:
		if err := within("first parameter", a[0], a[0] > 0, positive); err != nil {
			return err
		}
		return within("second parameter", a[1], a[1] > 0, positive)
	case Histogram:
		for i, bound := 1, a[0]; i < len(a); i += 2 {
			if err := within("upper bound of a bin", a[i], a[i] > bound, "more than the bound before"); err != nil {
				return err
			}
			bound = a[i]
		}
	}
	return nil
}

func mean(op Op, a []float64) float64 {
	switch op {
	case UniformDeviate:
		return a[0] + (a[1]-a[0])/2
	case NormalDeviate:
		return a[0]
	case LognormalDeviate:
		if len(a) == 3 {
			return a[0]
		}
		return math.Exp(a[0] + a[1]*a[1]/2)
	case GammaDeviate:
		return a[0] * a[1]
	}
	return a[0] / (a[0] + a[1])
}

// logarithm returns the parameters of the normal distribution that the logarithm
// of a lognormal deviate has. Of a mean and an error factor EF = X_level/X_0.5:
//
//	σ = ln EF / z(level),  µ = ln mean − σ²/2
//
// with z the standard normal quantile, 1.645 for 0.95.
func logarithm(a []float64) (mu, sigma float64) {
	if len(a) == 2 {
		return a[0], a[1]
	}
	sigma = math.Log(a[1]) / mathext.NormalQuantile(a[2])
	return math.Log(a[0]) - sigma*sigma/2, sigma
}

// histogram draws a bin with a chance in proportion to its width and takes its
// value, or the mean of the values by width.
func (v *Evaluator) histogram(a []float64) float64 {
	low, high := a[0], a[len(a)-2]
	if v.source != nil {
		z := low + v.uniform()*(high-low)
		for i := 1; i < len(a); i += 2 {
			if z <= a[i] {
				return a[i+1]
			}
		}
		return a[len(a)-1]
	}
	sum, bound := 0.0, low
	for i := 1; i < len(a); i += 2 {
		sum += (a[i] - bound) / (high - low) * a[i+1]
		bound = a[i]
	}
	return sum
}
