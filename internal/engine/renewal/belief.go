package renewal

import (
	"math"
	"math/rand/v2"
	"time"
)

// Belief is what is held true of how often something fails and how long it stays
// down: the rate of failures has a gamma distribution, the mean down time an
// inverse gamma distribution, the conjugates of exponential times.
type Belief struct {
	upShape, upHours     float64 // failure rate ~ Gamma(upShape, upHours)
	downShape, downHours float64 // mean down time ~ InverseGamma(downShape, downHours)
}

// Weights of a declared figure against what is observed.
const (
	declaredFailures = 0.5 // constrained noninformative prior (Atwood 1996; NUREG/CR-6823 section 6.2.2.5.3)
	declaredRepairs  = 2   // counts as one repair that took the declared time
)

// Declared is the belief in declared mean times: the MTBF counts as half a failure
// in half the declared time, so that a few failures observed outweigh it; the MTTR
// as one repair.
func Declared(mtbf, mttr time.Duration) Belief {
	return Belief{declaredFailures, declaredFailures * mtbf.Hours(), declaredRepairs, (declaredRepairs - 1) * mttr.Hours()}
}

// Observed corrects the belief by a record: each failure adds one to the shape of
// the rate and the time up to its scale, each repair likewise.
func (b Belief) Observed(r Record) Belief {
	n := float64(len(r.Downs))
	b.upShape += n
	b.upHours += r.Up().Hours()
	b.downShape += n
	b.downHours += r.Down().Hours()
	return b
}

// MTBF is the reciprocal of the mean failure rate.
func (b Belief) MTBF() time.Duration { return hours(b.upHours / b.upShape) }

// MTTR is the mean of the mean down time.
func (b Belief) MTTR() time.Duration { return hours(b.downHours / (b.downShape - 1)) }

// Unavailability is MTTR / (MTBF + MTTR), the steady state at the mean times.
func (b Belief) Unavailability() float64 {
	up, down := b.upHours/b.upShape, b.downHours/(b.downShape-1)
	return down / (up + down)
}

// Sample draws an unavailability from the belief.
func (b Belief) Sample(rng *rand.Rand) float64 {
	rate := gamma(rng, b.upShape) / b.upHours
	down := b.downHours / gamma(rng, b.downShape)
	x := rate * down
	return x / (1 + x)
}

// LogNormal draws an unavailability whose mean is q and whose 95th percentile is
// factor times its median, the error factor of reliability data books (NUREG/CR-6823
// section A.7.3), cut at 1.
func LogNormal(rng *rand.Rand, q, factor float64) float64 {
	sigma := math.Log(factor) / 1.6448536269514722 // 95 % quantile of the standard normal distribution
	return min(q*math.Exp(sigma*rng.NormFloat64()-sigma*sigma/2), 1)
}

// gamma draws from the gamma distribution with a shape and scale 1 (Marsaglia and
// Tsang 2000; below shape 1 by their power of a uniform number).
func gamma(rng *rand.Rand, shape float64) float64 {
	if shape < 1 {
		return gamma(rng, shape+1) * math.Pow(1-rng.Float64(), 1/shape)
	}
	d := shape - 1.0/3
	c := 1 / math.Sqrt(9*d)
	for {
		x := rng.NormFloat64()
		v := 1 + c*x
		if v <= 0 {
			continue
		}
		v = v * v * v
		if math.Log(1-rng.Float64()) < x*x/2+d-d*v+d*math.Log(v) {
			return d * v
		}
	}
}
