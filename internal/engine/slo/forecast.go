package slo

import (
	"math/big"
	"slices"
	"time"

	"diapason/internal/engine/worktime"
)

// Outlook is what becomes of a budget if it goes on being used at a rate.
type Outlook struct {
	// Rate is the burn rate assumed for the counted time ahead; Recent is the time in which
	// it was observed.
	Rate   BurnRate
	Recent worktime.Interval
	// Left is the budget left now, Ahead the counted time left in the window.
	Left, Ahead time.Duration
	// Known tells that anything is known of the time the rate was observed in and of the
	// window; nothing below holds otherwise.
	Known bool
	// Breaks tells that the budget ends in the window; Breach is the first instant at which
	// more is lost than allowed. Broken tells that this is already so: Breach is then the
	// instant up to which was counted.
	Breaks, Broken bool
	Breach         time.Time
	// Lost is what would be lost by the end of the window.
	Lost time.Duration
}

// Forecast says when a budget ends if time ahead is lost at the rate of a recent time, such
// as the last three days: so is the window's attainment so far, recent that of the recent
// time by the same rules. Pass the same attainment twice to go on at the rate of the whole
// window. The rate is the share lost of known time; all counted time ahead is taken to be
// known. What is agreed or excluded ahead is known to the frame.
func Forecast(f *Frame, so, recent Attainment, r Rules) Outlook {
	o := Outlook{Rate: recent.Budget.Rate, Recent: worktime.Interval{Start: recent.Window.Start, End: recent.Until}, Left: so.Budget.Left, Ahead: f.whole - f.soFar}
	if so.Attained == nil || recent.Attained == nil {
		return o
	}
	o.Known = true
	lost := int64(Whole - *recent.Attained)
	o.Lost = so.Budget.Used + Share(lost).Of(o.Ahead)
	if o.Left < 0 {
		o.Breaks, o.Broken, o.Breach = true, true, f.until.time()
		return o
	}
	if lost == 0 {
		return o
	}
	// The counted time after which left·Whole/lost is lost.
	last := new(big.Int).Mul(big.NewInt(int64(o.Left)), big.NewInt(int64(Whole)))
	n := time.Duration(floorOf(last, big.NewInt(lost)))
	o.Breach, o.Breaks = f.after(n)
	return o
}

// after is the instant at which so much counted time has passed after the time counted so
// far and more follows; false where it does not pass in the window.
func (f *Frame) after(d time.Duration) (time.Time, bool) {
	for _, s := range f.counted {
		from := max(s.from, f.until)
		if n := time.Duration(s.to - from); n > 0 {
			if d < n {
				return (from + nanos(d)).time(), true
			}
			d -= n
		}
	}
	return time.Time{}, false
}

// ForecastRolling is Forecast for a rolling window of a length at an instant: it looks for
// the first instant, to the minute and at most that length ahead, at which the window that
// ends there has lost more than it allows, old losses falling out of it. Agreed and excluded
// time must reach that far in both directions.
func ForecastRolling(days []Day, at time.Time, length time.Duration, agreed, excluded worktime.Set, recent Attainment, r Rules) Outlook {
	ending := func(end time.Time) *Frame {
		return NewFrame(worktime.Interval{Start: end.Add(-length), End: end}, at, agreed, excluded)
	}
	now := ending(at)
	so := Attain(days, now, r)
	o := Forecast(now, so, recent, r)
	if !o.Known || o.Broken {
		return o
	}
	last := ending(at.Add(length))
	o.Ahead = last.whole - last.soFar
	lost := Whole - *recent.Attained
	o.Lost = lost.Of(o.Ahead)
	if lost == 0 {
		return o
	}
	breaks := func(end time.Time) bool {
		f := ending(end)
		a := Attain(days, f, r)
		return a.Budget.Used+lost.Of(f.whole-f.soFar) > (Whole - r.Target).Of(a.Budget.Base)
	}
	// Most is lost just before an old interruption falls out.
	ends := []time.Time{at.Add(length)}
	for _, i := range Downtime(days, now, r) {
		ends = append(ends, i.Start.Add(length))
	}
	for i := range rollingSteps {
		ends = append(ends, at.Add(length/rollingSteps*time.Duration(i+1)))
	}
	slices.SortFunc(ends, time.Time.Compare)
	from := at
	for _, end := range ends {
		if !breaks(end) {
			from = end
			continue
		}
		for end.Sub(from) > time.Minute {
			if mid := from.Add(end.Sub(from) / 2); breaks(mid) {
				end = mid
			} else {
				from = mid
			}
		}
		o.Breaks = true
		if whole := end.Truncate(time.Minute); !breaks(whole) {
			o.Breach = whole.Add(time.Minute)
		} else {
			o.Breach = whole
		}
		return o
	}
	return o
}

// rollingSteps is how many instants ahead are looked at, besides those at which old
// interruptions fall out.
const rollingSteps = 28
