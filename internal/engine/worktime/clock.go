package worktime

import (
	"fmt"
	"math"
	"slices"
	"time"
)

// Clock runs while a set is open and stands still otherwise. It is a calendar
// expanded once over a horizon, with running totals, so that both questions
// (how much has elapsed, when has so much elapsed) take logarithmic time. It
// is immutable and may be shared between goroutines; it knows nothing outside
// its horizon, where it stands still.
type Clock struct {
	horizon Interval
	starts  []offset
	ends    []offset
	total   []time.Duration // elapsed when interval i opens; one more for the end
}

// offset is an instant in nanoseconds since the Unix epoch; beyond the 292
// years around it that fit, it saturates.
type offset int64

// never is the offset of what does not happen within the horizon.
const never offset = math.MaxInt64

func offsetOf(t time.Time) offset { return offset(t.Sub(time.Unix(0, 0))) }

func (o offset) time() time.Time { return time.Unix(0, int64(o)).UTC() }

// NewClock returns the clock that runs in the open set, as far as the horizon
// reaches, and stands still while suspended.
func NewClock(horizon Interval, open, suspended Set) *Clock {
	running := open.Clip(horizon).Subtract(suspended)
	c := &Clock{horizon: horizon, total: make([]time.Duration, 1, running.Len()+1)}
	for i := range running.All() {
		c.starts = append(c.starts, offsetOf(i.Start))
		c.ends = append(c.ends, offsetOf(i.End))
		c.total = append(c.total, c.total[len(c.total)-1]+i.Duration())
	}
	return c
}

// Clock expands the calendar over the horizon into a clock that stands still
// while suspended.
func (c Calendar) Clock(horizon Interval, suspended Set) *Clock {
	return NewClock(horizon, c.Open(horizon), suspended)
}

// Horizon returns the interval that the clock knows.
func (c *Clock) Horizon() Interval { return c.horizon }

// Total returns the time the clock runs over its whole horizon.
func (c *Clock) Total() time.Duration { return c.total[len(c.starts)] }

// IsRunning tells whether the clock runs at t.
func (c *Clock) IsRunning(t time.Time) bool { return c.runningAfter(offsetOf(t)) }

// Elapsed returns the time that the clock runs between two instants; zero when
// the second is not after the first.
func (c *Clock) Elapsed(from, to time.Time) time.Duration {
	return max(0, c.at(offsetOf(to))-c.at(offsetOf(from)))
}

// Add returns the first instant at which d has elapsed since start. A d that
// ends exactly at closing time ends at that closing, not at the next opening;
// a d of zero or less ends at start. It answers false when the horizon ends
// before.
func (c *Clock) Add(start time.Time, d time.Duration) (time.Time, bool) {
	end := c.add(offsetOf(start), d)
	if end == never {
		return time.Time{}, false
	}
	if d <= 0 {
		return start, true
	}
	return end.time(), true
}

// at returns the reading at x: the time run since the horizon began.
func (c *Clock) at(x offset) time.Duration {
	i := c.upcoming(x)
	if i == len(c.starts) || x <= c.starts[i] {
		return c.total[i]
	}
	return c.total[i] + time.Duration(x-c.starts[i])
}

// upcoming returns the index of the first interval that ends after x.
func (c *Clock) upcoming(x offset) int {
	i, found := slices.BinarySearch(c.ends, x)
	if found {
		i++
	}
	return i
}

// runningAfter tells whether the clock runs immediately after x.
func (c *Clock) runningAfter(x offset) bool {
	i := c.upcoming(x)
	return i < len(c.starts) && c.starts[i] <= x
}

// add is Add on offsets, never where the horizon ends before.
func (c *Clock) add(x offset, d time.Duration) offset {
	if d <= 0 || x == never {
		return x
	}
	return c.first(c.at(x) + d)
}

// first returns the first instant with the given reading, which is positive.
func (c *Clock) first(reading time.Duration) offset {
	// The interval in which the reading is reached ends at or after it.
	i, _ := slices.BinarySearch(c.total[1:], reading)
	if i == len(c.starts) || reading < 0 {
		return never
	}
	return c.starts[i] + offset(reading-c.total[i])
}

// addAfter is the limit of add from the right: the end of d for a start an
// instant after x. The flag tells whether that end too lies an instant after
// the offset returned.
func (c *Clock) addAfter(x offset, d time.Duration) (offset, bool) {
	if d <= 0 || x == never {
		return x, x != never
	}
	end := c.add(x, d)
	if end == never || !c.runningAfter(x) {
		return end, false
	}
	if i := c.upcoming(end); i == len(c.starts) {
		return never, false
	} else if c.starts[i] > end {
		return c.starts[i], true
	}
	return end, true
}

// searchWindows are the horizons that Calendar.Add tries in turn.
var searchWindows = []time.Duration{14 * 24 * time.Hour, 120 * 24 * time.Hour, 3 * 366 * 24 * time.Hour}

// Add returns the first instant at which d of open time has elapsed since
// start, with the clock standing still while suspended. The search ends at
// limit: a calendar that never opens answers false. To walk one calendar many
// times, expand it into a [Clock] once.
func (c Calendar) Add(start time.Time, d time.Duration, suspended Set, limit time.Time) (time.Time, bool) {
	if d <= 0 {
		return start, true
	}
	for _, window := range searchWindows {
		horizon := Interval{start, start.Add(d).Add(window)}
		if !horizon.End.Before(limit) {
			break
		}
		if end, ok := c.Clock(horizon, suspended).Add(start, d); ok {
			return end, true
		}
	}
	return c.Clock(Interval{start, limit}, suspended).Add(start, d)
}

// Elapsed returns the open time between two instants, less what is suspended.
func (c Calendar) Elapsed(from, to time.Time, suspended Set) time.Duration {
	return c.Open(Interval{from, to}).Subtract(suspended).Duration()
}

// String names the horizon and the running time.
func (c *Clock) String() string {
	return fmt.Sprintf("clock running %s in %s", c.Total(), c.horizon)
}
