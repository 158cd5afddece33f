package renewal

import (
	"fmt"
	"math"
	"time"

	"gonum.org/v1/gonum/stat/distuv"
)

// Record is what was seen of one thing during a window of observation.
type Record struct {
	Window time.Duration   // length of the observation
	Downs  []time.Duration // time down of each interruption that started in the window, cut at its end
}

// RecordError says what makes a record impossible.
type RecordError struct {
	Window, Down time.Duration // Down is the interruption in question, or all of them together
}

func (e *RecordError) Error() string {
	return fmt.Sprintf("renewal: %v down does not fit a window of %v", e.Down, e.Window)
}

// Check refuses windows that are not positive, interruptions of negative length,
// and more time down than the window has.
func (r Record) Check() error {
	if r.Window <= 0 {
		return &RecordError{Window: r.Window}
	}
	left := r.Window
	for _, d := range r.Downs {
		if d < 0 || d > left {
			return &RecordError{r.Window, d}
		}
		left -= d
	}
	return nil
}

// Down is the time down in all.
func (r Record) Down() time.Duration {
	sum := time.Duration(0)
	for _, d := range r.Downs {
		sum += d
	}
	return sum
}

// Up is the time up in all.
func (r Record) Up() time.Duration { return r.Window - r.Down() }

// Time is a mean time and the interval that holds the true one with the
// confidence asked for. Unbounded says that High is not known: nothing failed.
type Time struct {
	Mean, Low, High time.Duration
	Known           bool // false where there is no mean: nothing was interrupted
	Unbounded       bool
}

// Share is a share of time between 0 and 1 with its interval.
type Share struct {
	Mean, Low, High float64
	Bounded         bool // false where too little was seen for an interval
}

// MTBF is the mean up time: total time up over the number of interruptions, with
// the interval of an observation that ends at a fixed time,
//
//	[2T/χ²(1−α/2; 2n+2), 2T/χ²(α/2; 2n)]      T = time up, α = 1 − confidence
//
// (Epstein 1954; MIL-HDBK-338B 8.3.2.5.2). Without interruptions only the lower
// limit is known, then one-sided: T / −ln(1−confidence).
func (r Record) MTBF(confidence float64) Time {
	n, up := len(r.Downs), r.Up().Hours()
	if n == 0 {
		return Time{Low: hours(up / -math.Log1p(-confidence)), Unbounded: true}
	}
	alpha := 1 - confidence
	return Time{
		Mean: hours(up / float64(n)), Known: true,
		Low:  hours(2 * up / chiSquared(1-alpha/2, 2*n+2)),
		High: hours(2 * up / chiSquared(alpha/2, 2*n)),
	}
}

// MTTR is the mean down time with the interval of n exponential durations,
// [2D/χ²(1−α/2; 2n), 2D/χ²(α/2; 2n)], D = time down.
func (r Record) MTTR(confidence float64) Time {
	n, down := len(r.Downs), r.Down().Hours()
	if n == 0 {
		return Time{Unbounded: true}
	}
	alpha := 1 - confidence
	return Time{
		Mean: hours(down / float64(n)), Known: true,
		Low:  hours(2 * down / chiSquared(1-alpha/2, 2*n)),
		High: hours(2 * down / chiSquared(alpha/2, 2*n)),
	}
}

// MTBSI is the mean time from the start of one interruption to the next, the sum
// of MTBF and MTTR. Its limits are the sums of theirs, so at least as wide as the
// confidence asks for.
func (r Record) MTBSI(confidence float64) Time {
	up, down := r.MTBF(confidence), r.MTTR(confidence)
	if !up.Known {
		return Time{Low: up.Low, Unbounded: true}
	}
	return Time{Mean: up.Mean + down.Mean, Low: up.Low + down.Low, High: up.High + down.High, Known: true}
}

// Availability is the share of the window that was up. Its interval comes from the
// ratio of mean down to mean up time: observed over true ratio has the F
// distribution with 2n and 2n degrees of freedom (Martz and Waller, Bayesian
// Reliability Analysis, 1982, section 11.5).
func (r Record) Availability(confidence float64) Share {
	out := Share{Mean: r.Up().Hours() / r.Window.Hours()}
	n := len(r.Downs)
	if n == 0 || r.Up() == 0 || r.Down() == 0 {
		return out
	}
	ratio := r.Down().Hours() / r.Up().Hours()
	upper := fisher(1-(1-confidence)/2, 2*n)
	out.Low, out.High, out.Bounded = 1/(1+ratio*upper), 1/(1+ratio/upper), true
	return out
}

// chiSquared is the quantile of the chi-squared distribution.
func chiSquared(p float64, degrees int) float64 {
	return distuv.ChiSquared{K: float64(degrees)}.Quantile(p)
}

// fisher is the quantile of the F distribution with equal degrees of freedom,
// from the beta distribution: F = X/(1−X) with X ~ Beta(d/2, d/2).
func fisher(p float64, degrees int) float64 {
	x := distuv.Beta{Alpha: float64(degrees) / 2, Beta: float64(degrees) / 2}.Quantile(p)
	return x / (1 - x)
}

// hours turns hours into a duration; what no duration can hold is the longest one.
func hours(h float64) time.Duration {
	if d := h * float64(time.Hour); d < math.MaxInt64 {
		return time.Duration(d)
	}
	return math.MaxInt64
}
