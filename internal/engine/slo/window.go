package slo

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"diapason/internal/engine/worktime"
)

// Window is what a promise is counted in: a month, quarter or year of the calendar in a
// zone, or so many days up to an instant. The zero Window is a calendar month.
type Window struct {
	// Days is the length of a rolling window in days of exactly 24 hours; 0 for a window of
	// the calendar.
	Days int
	// Months is the length of a calendar window: 1, 3 or 12; 0 is 1.
	Months int
}

// The windows of the calendar.
var (
	Month   = Window{Months: 1}
	Quarter = Window{Months: 3}
	Year    = Window{Months: 12}
)

// Rolling is a window of so many days up to an instant.
func Rolling(days int) Window { return Window{Days: days} }

// maxRolling is the longest rolling window in days.
const maxRolling = 3660

// ParseWindow reads what String writes: month, quarter, year, rolling-30d.
func ParseWindow(s string) (Window, error) {
	switch s {
	case "month":
		return Month, nil
	case "quarter":
		return Quarter, nil
	case "year":
		return Year, nil
	}
	if text, ok := strings.CutPrefix(s, "rolling-"); ok {
		if days, ok := strings.CutSuffix(text, "d"); ok {
			if n, err := strconv.Atoi(days); err == nil && n >= 1 && n <= maxRolling {
				return Rolling(n), nil
			}
		}
	}
	return Window{}, fmt.Errorf("%q is no window: write month, quarter, year or rolling-30d", s)
}

// String names the window.
func (w Window) String() string {
	switch {
	case w.Days > 0:
		return "rolling-" + strconv.Itoa(w.Days) + "d"
	case w.Months == 3:
		return "quarter"
	case w.Months == 12:
		return "year"
	}
	return "month"
}

// IsRolling tells that the window moves with the instant.
func (w Window) IsRolling() bool { return w.Days > 0 }

func (w Window) months() int {
	if w.Months <= 0 {
		return 1
	}
	return w.Months
}

// At is the window that holds an instant in a zone, nil being UTC. A rolling window ends at
// the instant, which it does not hold. A window of the calendar begins at midnight of the
// wall clock: a day of 23 or 25 hours makes a month that much shorter or longer.
func (w Window) At(t time.Time, loc *time.Location) worktime.Interval {
	if w.Days > 0 {
		return worktime.Interval{Start: t.Add(-time.Duration(w.Days) * 24 * time.Hour), End: t}
	}
	loc = zone(loc)
	first := worktime.DateOf(t.In(loc))
	n := w.months()
	from := worktime.NewDate(first.Year, first.Month-time.Month((int(first.Month)-1)%n), 1)
	return w.from(from, loc)
}

func (w Window) from(first worktime.Date, loc *time.Location) worktime.Interval {
	return Days(first, worktime.NewDate(first.Year, first.Month+time.Month(w.months()), 1), loc)
}

func zone(loc *time.Location) *time.Location {
	if loc == nil {
		return time.UTC
	}
	return loc
}

// Days is a period of one's own: from the first date, held, to the end date, not held, in a
// zone, nil being UTC.
func Days(first, end worktime.Date, loc *time.Location) worktime.Interval {
	loc = zone(loc)
	return worktime.Interval{Start: first.In(loc), End: end.In(loc)}
}

// Before is the window that ends where one begins.
func (w Window) Before(i worktime.Interval, loc *time.Location) worktime.Interval {
	if w.Days > 0 {
		return w.At(i.Start, loc)
	}
	return w.At(i.Start.Add(-1), loc)
}

// Last lists n windows, the last being that which holds the instant, oldest first. Rolling
// windows follow one another without overlap.
func (w Window) Last(n int, t time.Time, loc *time.Location) []worktime.Interval {
	if n < 1 {
		return nil
	}
	out := make([]worktime.Interval, n)
	out[n-1] = w.At(t, loc)
	for i := n - 2; i >= 0; i-- {
		out[i] = w.Before(out[i+1], loc)
	}
	return out
}

// Ended lists the n windows of the calendar that ended last at an instant, oldest first:
// those that can be sealed. For a rolling window it is Last.
func (w Window) Ended(n int, t time.Time, loc *time.Location) []worktime.Interval {
	if w.Days > 0 {
		return w.Last(n, t, loc)
	}
	return w.Last(n, w.At(t, loc).Start.Add(-1), loc)
}
