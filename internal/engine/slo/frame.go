package slo

import (
	"math"
	"slices"
	"time"

	"diapason/internal/engine/worktime"
)

// nanos is an instant in nanoseconds since 1970; beyond the 292 years around it that fit,
// it saturates.
type nanos int64

const (
	minute nanos = nanos(time.Minute)
	day    nanos = DayMinutes * minute
)

func nanosOf(t time.Time) nanos { return nanos(t.Sub(time.Unix(0, 0))) }

func (n nanos) time() time.Time { return time.Unix(0, int64(n)).UTC() }

type span struct{ from, to nanos }

// Frame is the time that counts in a window: what is agreed, less what is excluded, up to
// an instant. It is immutable, may be shared by many series with the same agreed and
// excluded time, and by goroutines.
type Frame struct {
	window   worktime.Interval
	until    nanos
	counted  []span // of the whole window
	agreed   time.Duration
	excluded time.Duration
	whole    time.Duration
	soFar    time.Duration
}

// NewFrame makes the frame of a window. Until is the instant up to which is counted, such
// as now; the whole window where it is zero or lies after the window's end. Agreed time is
// worktime.Calendar.Open of the window, or more.
func NewFrame(window worktime.Interval, until time.Time, agreed, excluded worktime.Set) *Frame {
	f := &Frame{window: window, until: nanosOf(window.End)}
	if !until.IsZero() {
		f.until = min(f.until, max(nanosOf(until), nanosOf(window.Start)))
	}
	inside := agreed.Clip(window)
	counted := inside.Subtract(excluded)
	f.counted = make([]span, 0, counted.Len())
	for i := range counted.All() {
		s := span{nanosOf(i.Start), nanosOf(i.End)}
		f.counted = append(f.counted, s)
		f.whole += time.Duration(s.to - s.from)
		f.soFar += f.passed(s)
	}
	for i := range inside.All() {
		f.agreed += f.passed(span{nanosOf(i.Start), nanosOf(i.End)})
	}
	f.excluded = f.agreed - f.soFar
	return f
}

// passed is how much of a span lies before the instant up to which is counted.
func (f *Frame) passed(s span) time.Duration { return max(0, time.Duration(min(s.to, f.until)-s.from)) }

// Window is the window of the frame.
func (f *Frame) Window() worktime.Interval { return f.window }

// Until is the instant up to which is counted.
func (f *Frame) Until() time.Time { return f.until.time() }

// Over tells that the whole window is counted.
func (f *Frame) Over() bool { return f.until >= nanosOf(f.window.End) }

// Whole is the time that counts in the whole window.
func (f *Frame) Whole() time.Duration { return f.whole }

// Counted gives the intervals of the whole window that count, in order.
func (f *Frame) Counted() worktime.Set {
	list := make([]worktime.Interval, len(f.counted))
	for i, s := range f.counted {
		list[i] = worktime.Interval{Start: s.from.time(), End: s.to.time()}
	}
	return worktime.NewSet(list...)
}

// Days are the first and the last day whose evidence can count; the last lies before the
// first where none can.
func (f *Frame) Days() (first, last int) {
	from, to := nanosOf(f.window.Start), f.until
	if from >= to {
		return 0, -1
	}
	return DayOf(from.time()), DayOf((to - 1).time())
}

// DayOf is the number of the UTC day that holds an instant.
func DayOf(t time.Time) int { return int(math.Floor(float64(t.Unix()) / 86400)) }

// piece is a stretch of known, counted time in which all minutes are alike.
type piece struct {
	span
	run Run
}

// ordered gives days by number; of several with one number the last counts.
func ordered(days []Day) []Day {
	rising := func(i int) bool { return days[i-1].Number < days[i].Number }
	for i := 1; i < len(days); i++ {
		if rising(i) {
			continue
		}
		sorted := slices.Clone(days)
		slices.SortStableFunc(sorted, func(a, b Day) int { return a.Number - b.Number })
		out := sorted[:0]
		for i, d := range sorted {
			if i+1 == len(sorted) || sorted[i+1].Number != d.Number {
				out = append(out, d)
			}
		}
		return out
	}
	return days
}

// walk visits what is known of the counted time, in order.
func (f *Frame) walk(days []Day, visit func(piece)) {
	spans := f.counted
	for _, d := range ordered(days) {
		if d.Number < -maxDay || d.Number > maxDay {
			continue
		}
		at := nanos(d.Number) * day
		end := at + day
		for len(spans) > 0 && spans[0].to <= at {
			spans = spans[1:]
		}
		for _, r := range d.Runs {
			from := at
			at += nanos(max(r.Minutes, 0)) * minute
			if at > end || at < from {
				at = end
			}
			if r.State == Unknown {
				continue
			}
			to := min(at, f.until)
			if from >= to {
				continue
			}
			for len(spans) > 0 && spans[0].to <= from {
				spans = spans[1:]
			}
			for _, s := range spans {
				if s.from >= to {
					break
				}
				visit(piece{span{max(from, s.from), min(to, s.to)}, r})
			}
		}
	}
}
