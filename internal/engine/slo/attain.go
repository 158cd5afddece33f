package slo

import (
	"math/big"
	"math/bits"
	"time"

	"diapason/internal/engine/worktime"
)

// Attainment is what a series attained in a window, so far or in the end.
type Attainment struct {
	Window worktime.Interval
	Until  time.Time // up to which is counted; the end of the window once it is over
	// Agreed = Excluded + Unknown + Good + Bad, of the time so far. Good and Bad are the
	// time of good and bad slices; of good and bad minutes with Occurrences; with
	// RatioTimeslices, good is each slice's time times its ratio, rounded down.
	Agreed, Excluded, Unknown, Good, Bad time.Duration
	// GoodEvents and TotalEvents are the events of the known, counted time, rounded to
	// the nearest thousandth; a minute that an edge cuts counts in proportion.
	GoodEvents, TotalEvents Count
	// Attained is the ratio by the method and the treatment of unknown time, rounded
	// down; nil where nothing is known.
	Attained *Share
	// Coverage is the known share of the counted time; 0 where nothing counts.
	Coverage Share
	Verdict  Verdict // on the time so far
	Budget   Budget
}

// Budget is the error budget of a whole window: what may be lost in the time that counts in
// it, less unknown time where that is excluded.
type Budget struct {
	// Base is the time that the budget is a share of; Allowed is the budget, rounded down;
	// Used is what was lost so far, rounded up, as time at the mean rate of events with
	// Occurrences; Left is negative once more was lost than allowed.
	Base, Allowed, Used, Left time.Duration
	// The same in events, at the mean rate of the counted time, with Occurrences; zero
	// otherwise.
	AllowedEvents, UsedEvents, LeftEvents Count
	// Spent is the used share of the budget, rounded up: over Whole once it is overspent,
	// the largest share where nothing was allowed and something was lost.
	Spent Share
	// Rate is how many times faster than evenly the budget was used so far; 1 uses it up
	// exactly at the end of the window. 0 where nothing is known.
	Rate BurnRate
}

// tally sums up evidence; sums of integers do not depend on their order.
type tally struct {
	known, good nanos // judged
	ratio       wide  // share × nanoseconds
	// Events × nanoseconds, the time that has events, and time stated good or without.
	goodEvents, allEvents    wide
	withEvents, stated, okay nanos
}

func (t *tally) events(p piece) {
	n := p.to - p.from
	if p.run.Total == 0 {
		t.stated += n
		if p.run.State == Good {
			t.okay += n
		}
		return
	}
	t.withEvents += n
	t.goodEvents = t.goodEvents.plus(product(uint64(p.run.Good), uint64(n)))
	t.allEvents = t.allEvents.plus(product(uint64(p.run.Total), uint64(n)))
}

// counts are the events so far, to the nearest thousandth.
func (t *tally) counts() (good, total Count) {
	round := func(w wide) Count {
		w = w.plus(wide{lo: uint64(minute) / 2})
		if w.hi >= uint64(minute)/2 {
			return 1<<63 - 1
		}
		q, _ := bits.Div64(w.hi, w.lo, uint64(minute))
		return Count(q)
	}
	return round(t.goodEvents), round(t.allEvents)
}

// Attain computes what was attained, from the evidence of one series. Days may come in any
// order; of several with one number the last counts; a missing day is unknown. Rules that
// Validate refuses are taken with the nearest length of slice.
func Attain(days []Day, f *Frame, r Rules) Attainment {
	var t tally
	if r.Method != Occurrences && day%r.grid() != 0 { // a slice may reach into the next day
		f.pieces(days, r, &t)
		return f.attained(&t, r)
	}
	f.byDay(days, func(d Day, counted []minuteSpan, whole bool) {
		if !whole || !t.day(d, counted, r) {
			f.pieces([]Day{d}, r, &t)
		}
	})
	return f.attained(&t, r)
}

// pieces adds days piece by piece, whatever their counted time.
func (f *Frame) pieces(days []Day, r Rules, t *tally) {
	if r.Method == Occurrences {
		f.walk(days, func(p piece) {
			t.known += p.to - p.from
			if p.run.State == Good {
				t.good += p.to - p.from
			}
			t.events(p)
		})
		return
	}
	f.judge(days, r, func(j judged) {
		t.known += j.known
		if j.good {
			t.good += j.known
		}
		if r.Method == RatioTimeslices {
			t.ratio = t.ratio.plus(product(uint64(j.ratio), uint64(j.known)))
		}
		for _, p := range j.pieces {
			t.events(p)
		}
	})
}

func (f *Frame) attained(t *tally, r Rules) Attainment {
	a := Attainment{
		Window: f.window, Until: f.until.time(), Agreed: f.agreed, Excluded: f.excluded,
		Unknown: f.soFar - time.Duration(t.known), Good: time.Duration(t.good), Bad: time.Duration(t.known - t.good),
	}
	a.GoodEvents, a.TotalEvents = t.counts()
	if r.Method == RatioTimeslices {
		a.Good = time.Duration(floorOf(t.ratio.big(), big.NewInt(int64(Whole))))
		a.Bad = time.Duration(t.known) - a.Good
	}
	if f.soFar > 0 {
		a.Coverage = shareOfWide(wide{lo: uint64(t.known)}, wide{lo: uint64(f.soFar)})
	}
	base := f.whole
	if r.Unknown == UnknownExcluded {
		base -= a.Unknown
	}
	a.Budget = Budget{Base: base, Allowed: (Whole - r.Target).Of(base)}
	a.Budget.Left = a.Budget.Allowed
	if t.known == 0 {
		return a
	}
	lost := t.lost(r)
	lost.treat(time.Duration(t.known), a.Unknown, r.Unknown)
	share := lost.attained()
	a.Attained = &share
	a.Verdict = lost.verdict(r)
	a.Budget.spend(lost, t, r)
	return a
}

// loss is the share num/den of a time over that was lost, exactly.
type loss struct {
	num, den *big.Int
	over     int64 // nanoseconds
}

// lost is what the method says was lost of the known time.
func (t *tally) lost(r Rules) *loss {
	whole := big.NewInt(int64(Whole))
	l := &loss{over: int64(t.known)}
	switch {
	case r.Method == RatioTimeslices:
		l.den = whole.Mul(whole, big.NewInt(l.over))
		l.num = new(big.Int).Sub(l.den, t.ratio.big())
	case r.Method == Timeslices || t.withEvents == 0:
		l.den = big.NewInt(l.over)
		l.num = big.NewInt(int64(t.known - t.good))
	default:
		// Stated time has events at the mean rate of the time that was counted:
		// (bad events·counted + all events·stated bad) / (all events·known).
		all := t.allEvents.big()
		l.num = t.allEvents.minus(t.goodEvents).big()
		l.num.Mul(l.num, big.NewInt(int64(t.withEvents)))
		l.num.Add(l.num, new(big.Int).Mul(all, big.NewInt(int64(t.stated-t.okay))))
		l.den = all.Mul(all, big.NewInt(l.over))
	}
	return l
}

// treat adds unknown time as the agreement says.
func (l *loss) treat(known, unknown time.Duration, how Treatment) {
	if how == UnknownExcluded || unknown == 0 {
		return
	}
	k, u := big.NewInt(int64(known)), big.NewInt(int64(unknown))
	l.num.Mul(l.num, k)
	if how == UnknownDown {
		l.num.Add(l.num, new(big.Int).Mul(l.den, u))
	}
	l.over = int64(known + unknown)
	l.den.Mul(l.den, big.NewInt(l.over))
}

func (l *loss) attained() Share {
	kept := new(big.Int).Sub(l.den, l.num)
	return Share(floorOf(kept.Mul(kept, big.NewInt(int64(Whole))), l.den))
}

// verdict compares exactly: lost ≤ (1 − target), or < where the target itself misses.
func (l *loss) verdict(r Rules) Verdict {
	left := new(big.Int).Mul(l.num, big.NewInt(int64(Whole)))
	right := new(big.Int).Mul(l.den, big.NewInt(int64(Whole-r.Target)))
	if c := left.Cmp(right); c < 0 || c == 0 && !r.Strict {
		return Kept
	}
	return Missed
}

func (b *Budget) spend(l *loss, t *tally, r Rules) {
	// used = num·over/den, up to the next nanosecond.
	used := new(big.Int).Mul(l.num, big.NewInt(l.over))
	b.Used = time.Duration(ceilOf(used, l.den))
	b.Left = b.Allowed - b.Used
	budget := int64(Whole - r.Target)
	// allowed = budget·base/Whole, so that spent·Whole = used·Whole²/(den·budget·base).
	whole := big.NewInt(int64(Whole))
	den := new(big.Int).Mul(l.den, big.NewInt(budget))
	den.Mul(den, big.NewInt(int64(b.Base)))
	switch {
	case den.Sign() > 0:
		num := new(big.Int).Mul(used, whole)
		b.Spent = Share(ceilOf(num.Mul(num, whole), den))
	case l.num.Sign() > 0:
		b.Spent = 1<<63 - 1
	}
	b.Rate = burnRate(l.num, l.den, budget)
	if r.Method != Occurrences || t.withEvents == 0 {
		return
	}
	// Events of the whole base at the mean rate: all·base/(counted·minute).
	all := t.allEvents.big()
	rate := new(big.Int).Mul(big.NewInt(int64(t.withEvents)), big.NewInt(int64(minute)))
	allowed := new(big.Int).Mul(all, big.NewInt(int64(b.Base)))
	b.AllowedEvents = Count(floorOf(allowed.Mul(allowed, big.NewInt(budget)), new(big.Int).Mul(rate, whole)))
	b.UsedEvents = Count(ceilOf(used.Mul(used, all), rate.Mul(rate, l.den)))
	b.LeftEvents = b.AllowedEvents - b.UsedEvents
}

// ceilOf is num/den rounded towards infinity, saturating; den > 0.
func ceilOf(num, den *big.Int) int64 {
	return -floorOf(new(big.Int).Neg(num), den)
}
