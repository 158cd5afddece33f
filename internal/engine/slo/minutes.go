package slo

import "math/bits"

// Days whose counted time begins and ends on whole minutes, with slices that divide the day,
// are judged in whole minutes: the same sums as by the piece, several times faster where
// every minute differs.

// fewEvents bounds the events of a minute that is summed up by the day in 64 bits: 1 440
// minutes of 2^43 thousandths.
const fewEvents = 1 << 43

// minuteSpan is counted time of a day, in minutes since its beginning.
type minuteSpan struct{ from, to int }

// byDay visits the days by number, each with its counted time so far in whole minutes;
// whole is false where that does not begin and end on minutes.
func (f *Frame) byDay(days []Day, visit func(d Day, counted []minuteSpan, whole bool)) {
	spans := f.counted
	var in []minuteSpan
	for _, d := range ordered(days) {
		if d.Number < -maxDay || d.Number > maxDay {
			continue
		}
		at := nanos(d.Number) * day
		end := min(at+day, f.until)
		for len(spans) > 0 && spans[0].to <= at {
			spans = spans[1:]
		}
		whole := true
		in = in[:0]
		for _, s := range spans {
			if s.from >= end {
				break
			}
			from, to := max(s.from, at)-at, min(s.to, end)-at
			whole = whole && from%minute == 0 && to%minute == 0
			in = append(in, minuteSpan{int(from / minute), int(to / minute)})
		}
		if len(in) > 0 {
			visit(d, in, whole)
		}
	}
}

// dayTally is what a day adds to a tally, in minutes.
type dayTally struct {
	rules  Rules
	grid   int
	target uint64

	known, good              int
	ratio                    uint64 // share × minutes
	goodEvents, allEvents    uint64 // × minutes
	withEvents, stated, okay int

	// The slice that is open.
	end, n, up       int
	sumGood, sumAll  uint64
	uncounted, empty bool
}

// day adds a day whose counted time is in whole minutes; ok is false, and nothing is added,
// where its events are too many for the sums.
func (t *tally) day(d Day, counted []minuteSpan, r Rules) (ok bool) {
	x := dayTally{rules: r, grid: int(r.grid() / minute), empty: true}
	if r.SliceTarget != nil {
		x.target = uint64(max(*r.SliceTarget, 0))
	}
	at := 0
	for i := range d.Runs {
		run := &d.Runs[i]
		from := at
		if at += max(run.Minutes, 0); at > DayMinutes || at < from {
			at = DayMinutes
		}
		if run.State == Unknown || from >= at {
			continue
		}
		if uint64(run.Good) >= fewEvents || uint64(run.Total) >= fewEvents {
			return false
		}
		for len(counted) > 0 && counted[0].to <= from {
			counted = counted[1:]
		}
		for _, s := range counted {
			if s.from >= at {
				break
			}
			x.piece(max(from, s.from), min(at, s.to), run)
		}
	}
	x.flush()
	t.known += nanos(x.known) * minute
	t.good += nanos(x.good) * minute
	t.ratio = t.ratio.plus(product(x.ratio, uint64(minute)))
	t.goodEvents = t.goodEvents.plus(product(x.goodEvents, uint64(minute)))
	t.allEvents = t.allEvents.plus(product(x.allEvents, uint64(minute)))
	t.withEvents += nanos(x.withEvents) * minute
	t.stated += nanos(x.stated) * minute
	t.okay += nanos(x.okay) * minute
	return true
}

// piece takes minutes that are alike.
func (x *dayTally) piece(from, to int, run *Run) {
	n := to - from
	if run.Total == 0 {
		x.stated += n
		if run.State == Good {
			x.okay += n
		}
	} else {
		x.withEvents += n
		x.goodEvents += uint64(run.Good) * uint64(n)
		x.allEvents += uint64(run.Total) * uint64(n)
	}
	if x.rules.Method == Occurrences {
		x.known += n
		if run.State == Good {
			x.good += n
		}
		return
	}
	for from < to {
		if from >= x.end {
			x.flush()
			x.end = from - from%x.grid + x.grid
			if whole := (to - from) / x.grid * x.grid; whole > 0 && from == x.end-x.grid {
				// Slices alike are judged as one.
				x.take(whole, run)
				x.end = from + whole
				x.flush()
				from += whole
				continue
			}
		}
		part := min(to, x.end) - from
		x.take(part, run)
		from += part
	}
}

// take adds minutes to the open slice.
func (x *dayTally) take(n int, run *Run) {
	x.empty = false
	x.n += n
	if run.State == Good {
		x.up += n
	}
	if run.Total == 0 {
		x.uncounted = true
		return
	}
	x.sumGood += uint64(run.Good) * uint64(n)
	x.sumAll += uint64(run.Total) * uint64(n)
}

// flush judges the open slice, as slicer.judgement does.
func (x *dayTally) flush() {
	if x.empty {
		return
	}
	num, den := x.sumGood, x.sumAll
	if x.uncounted {
		num, den = uint64(x.up), uint64(x.n)
	}
	good := x.up == x.n
	if x.rules.SliceTarget != nil {
		// ⌊num·Whole/den⌋ ≥ target, at most Whole.
		hi, lo := bits.Mul64(num, uint64(Whole))
		thi, tlo := bits.Mul64(den, x.target)
		good = hi > thi || hi == thi && lo >= tlo
		if num >= den {
			good = x.target <= uint64(Whole)
		}
	}
	if good {
		x.good += x.n
	}
	if x.rules.Method == RatioTimeslices {
		x.ratio += uint64(shareOfWide(wide{lo: num}, wide{lo: den})) * uint64(x.n)
	}
	x.known += x.n
	x.n, x.up, x.sumGood, x.sumAll, x.uncounted, x.empty = 0, 0, 0, 0, false, true
}
