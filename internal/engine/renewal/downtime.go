package renewal

import (
	"math"
	"time"
)

// Downtime is the time that something spends down in a window: up times and down
// times alternate, both exponential, and the window begins while it is up.
type Downtime struct {
	// Rate is how often it fails while up, per hour.
	Rate float64
	// Lasts is the mean of a down time.
	Lasts time.Duration
	// Window is what down time is counted in.
	Window time.Duration
}

// Below is the chance that the down time of the window is at most d (Takács 1957;
// Barlow and Proschan 1965, Mathematical Theory of Reliability, section 3.2):
//
//	P(D ≤ d) = Σ n≥0  Poisson(n; λ·(T − d)) · Erlang(n; d/m)
//
// where Erlang(n; x), the chance that n down times together last at most x mean
// ones, is 1 − e^−x · Σ k<n x^k/k!, and 1 for n = 0.
func (w Downtime) Below(d time.Duration) float64 {
	t := w.Window.Hours()
	switch {
	case d < 0:
		return 0
	case w.Rate <= 0 || w.Lasts <= 0 || d >= w.Window || t <= 0:
		return 1
	}
	mean := w.Rate * (t - d.Hours())
	x := d.Hours() / w.Lasts.Hours()
	if mean > 1e6 {
		return w.normal(d)
	}
	// Terms far from the mean weigh less than a double can tell.
	spread := 12*math.Sqrt(mean) + 60
	first, last := int(max(0, mean-spread)), int(mean+spread)
	logMean, logX := math.Log(mean), math.Log(x)
	// tail is e^−x · Σ k<n x^k/k!.
	tail, sum := 0.0, 0.0
	if first > 0 {
		tail = poissonBelow(first, x)
	}
	for n := first; n <= last; n++ {
		lg, _ := math.Lgamma(float64(n + 1))
		weight := math.Exp(float64(n)*logMean - mean - lg)
		sum += weight * (1 - min(tail, 1))
		switch {
		case x > 0:
			tail += math.Exp(float64(n)*logX - x - lg)
		case n == 0:
			tail = 1
		}
	}
	return min(max(sum, 0), 1)
}

// poissonBelow is the chance of fewer than n events where x are expected.
func poissonBelow(n int, x float64) float64 {
	if x <= 0 {
		return 1
	}
	sum, from := 0.0, max(0, min(n, int(x))-int(40*math.Sqrt(x)+60))
	for k := from; k < n; k++ {
		lg, _ := math.Lgamma(float64(k + 1))
		sum += math.Exp(float64(k)*math.Log(x) - x - lg)
	}
	return min(sum, 1)
}

// normal is Below for more than a million failures, by the central limit theorem of
// renewal processes: variance 2·λ·m²·T / (1 + λ·m)³.
func (w Downtime) normal(d time.Duration) float64 {
	t, m := w.Window.Hours(), w.Lasts.Hours()
	load := w.Rate * m
	mean := t * load / (1 + load)
	deviation := math.Sqrt(2 * w.Rate * m * m * t / math.Pow(1+load, 3))
	return .5 * math.Erfc((mean-d.Hours())/(deviation*math.Sqrt2))
}

// Least is the smallest d for which the chance of a longer down time is at most
// risk, to a millionth of the window.
func (w Downtime) Least(risk float64) time.Duration {
	if 1-w.Below(0) <= risk {
		return 0
	}
	low, high := time.Duration(0), w.Window
	for high-low > max(w.Window/1_000_000, 1) {
		mid := low + (high-low)/2
		if 1-w.Below(mid) <= risk {
			high = mid
		} else {
			low = mid
		}
	}
	return high
}
