package lifetime

import "math"

// Exponential is the unavailability at time t of a component that fails with a
// constant rate λ and is not repaired:
//
//	Q(t) = 1 − e^(−λt)
func Exponential(lambda Rate, t Hours) (float64, error) {
	if !(lambda >= 0 && t >= 0) {
		return math.NaN(), refuse(check{"failure rate", float64(lambda), notNegative}, check{"time", float64(t), notNegative})
	}
	return gone(float64(lambda) * float64(t)), nil
}

// gone is 1 − e^(−x) without loss for small x; ∞·0 counts as 0.
func gone(x float64) float64 {
	if math.IsNaN(x) {
		return 0
	}
	return -math.Expm1(-x)
}

// GLM is the unavailability at time t of a component that fails to start with
// probability γ, then fails with rate λ and is repaired with rate µ (in the
// format's words a generalised linear model):
//
//	Q(t) = λ/(λ+µ) − (λ − γ(λ+µ))/(λ+µ) · e^(−(λ+µ)t)
//
// For t → ∞ it tends to the steady state λ/(λ+µ) = MTTR/(MTTF+MTTR).
func GLM(gamma float64, lambda, mu Rate, t Hours) (float64, error) {
	if err := refuse(check{"probability of failure on demand", gamma, chance}, check{"failure rate", float64(lambda), notNegative}, check{"repair rate", float64(mu), notNegative}, check{"time", float64(t), notNegative}); err != nil {
		return math.NaN(), err
	}
	sum := float64(lambda + mu)
	if sum == 0 {
		return gamma, nil
	}
	x := sum * float64(t)
	// The same, as a sum of terms that are not negative.
	return float64(lambda)/sum*gone(x) + gamma*math.Exp(-x), nil
}

// Weibull is the unavailability at time t of a component that is not repaired and
// whose life has a Weibull distribution with scale α, shape β and first possible
// failure at t0:
//
//	Q(t) = 1 − exp(−((t − t0)/α)^β), and 0 before t0
func Weibull(alpha Hours, beta float64, t0, t Hours) (float64, error) {
	if err := refuse(check{"scale", float64(alpha), positive}, check{"shape", beta, positive}, check{"time shift", float64(t0), notNegative}, check{"time", float64(t), notNegative}); err != nil {
		return math.NaN(), err
	}
	if t <= t0 {
		return 0, nil
	}
	return gone(math.Pow(float64(t-t0)/float64(alpha), beta)), nil
}
