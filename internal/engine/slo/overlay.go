package slo

// DayBuilder fills a day minute by minute, in any order; the last word about a minute
// counts. It is not safe for use by several goroutines.
type DayBuilder struct {
	number  int
	minutes [DayMinutes]Run
}

// NewDayBuilder begins a day of which nothing is known.
func NewDayBuilder(number int) *DayBuilder { return &DayBuilder{number: number} }

// Builder begins with what a day holds, so that late minutes can be added.
func (d Day) Builder() *DayBuilder {
	b := NewDayBuilder(d.Number)
	at := 0
	for _, r := range d.Runs {
		b.Set(at, at+r.Minutes, r)
		at += r.Minutes
	}
	return b
}

// Minute says what a minute was and how many events it had; zero events where they were
// not counted. Events that are no number, negative or too many make it unknown, more good
// events than events are as many. Minutes outside the day are ignored.
func (b *DayBuilder) Minute(minute int, state State, good, total float64) {
	g, ok := CountOf(good)
	t, fine := CountOf(total)
	if !ok || !fine {
		state, g, t = Unknown, 0, 0
	}
	b.Set(minute, minute+1, Run{State: state, Good: min(g, t), Total: t})
}

// Set says what the minutes from, held, to to, not held, were.
func (b *DayBuilder) Set(from, to int, r Run) {
	r.Minutes = 1
	if r.State > Bad || r.State == Unknown {
		r = Run{Minutes: 1}
	}
	r.Total = min(max(r.Total, 0), MaxCount)
	r.Good = min(max(r.Good, 0), r.Total)
	for i := max(from, 0); i < min(to, DayMinutes); i++ {
		b.minutes[i] = r
	}
}

// Day is the day so far, in normal form.
func (b *DayBuilder) Day() Day {
	d := Day{Number: b.number}
	for _, r := range b.minutes {
		r.Minutes = 1
		d.add(r)
	}
	return d.trimmed()
}

// Overlay lays a correction over a day: its good and bad minutes replace those of the day,
// its unknown minutes leave the day as it was. To make minutes unknown use [Day.With].
func Overlay(day, correction Day) Day {
	return combine(day, correction, func(a, b Run) Run {
		if b.State != Unknown {
			return b
		}
		return a
	})
}

// With is the day with the minutes from, held, to to, not held, as the run says, which may
// be unknown.
func (d Day) With(from, to int, r Run) Day {
	from, to = max(from, 0), min(to, DayMinutes)
	if from >= to {
		return d.Normal()
	}
	mask := Day{Number: d.Number}
	mask.add(Run{Minutes: from})
	mask.add(Run{Minutes: to - from, State: Good})
	return combine(d, mask, func(a, b Run) Run {
		if b.State == Unknown {
			return a
		}
		return r
	})
}

// Joining says how two series about one thing make one.
type Joining uint8

// The ways to join. Events add up wherever the result is known.
const (
	// JoinSeen is for several sources that watch one thing: bad if one saw it bad, else
	// good if one saw it good. Outages that overlap merge.
	JoinSeen Joining = iota
	// JoinEvery is for parts that are all needed: bad if one is bad, unknown if one is
	// unknown, good if all are good.
	JoinEvery
	// JoinAny is for parts that stand in for one another: good if one is good, unknown if
	// one is unknown, bad if all are bad.
	JoinAny
)

// Merge joins two series of one day. It is associative and commutative for each way.
func Merge(a, b Day, how Joining) Day {
	return combine(a, b, func(x, y Run) Run {
		s := joined(x.State, y.State, how)
		if s == Unknown {
			return Run{}
		}
		t := min(x.Total+y.Total, MaxCount)
		return Run{State: s, Good: min(x.Good+y.Good, t), Total: t}
	})
}

// strength orders the states for each way to join: the strongest wins.
var strength = [...][3]uint8{
	JoinSeen:  {Unknown: 0, Good: 1, Bad: 2},
	JoinEvery: {Good: 0, Unknown: 1, Bad: 2},
	JoinAny:   {Bad: 0, Unknown: 1, Good: 2},
}

func joined(a, b State, how Joining) State {
	order := strength[how%3]
	if order[a%3] >= order[b%3] {
		return a
	}
	return b
}

// combine walks two days together; the number is that of the first.
func combine(a, b Day, fn func(a, b Run) Run) Day {
	out := Day{Number: a.Number}
	x, y := cursor{runs: a.Runs}, cursor{runs: b.Runs}
	for at := 0; at < DayMinutes; {
		n := min(x.left(), y.left(), DayMinutes-at)
		if n <= 0 {
			break
		}
		r := fn(x.run(), y.run())
		r.Minutes = n
		out.add(r)
		x.skip(n)
		y.skip(n)
		at += n
	}
	return out.trimmed()
}

// cursor walks the runs of a day; after them all is unknown.
type cursor struct {
	runs []Run
	used int // minutes of the first run that are behind
}

func (c *cursor) left() int {
	for len(c.runs) > 0 && c.runs[0].Minutes <= c.used {
		c.runs, c.used = c.runs[1:], 0
	}
	if len(c.runs) == 0 {
		return DayMinutes
	}
	return c.runs[0].Minutes - c.used
}

func (c *cursor) run() Run {
	if len(c.runs) == 0 {
		return Run{}
	}
	return c.runs[0]
}

func (c *cursor) skip(n int) { c.used += n }
