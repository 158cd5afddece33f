package slo

import (
	"math/big"
	"reflect"
	"testing"
	"time"

	"pgregory.net/rapid"

	"diapason/internal/engine/worktime"
)

const firstDay = 20_605

func at(m int) time.Time { return (nanos(firstDay)*day + nanos(m)*minute).time() }

// someTime draws a set inside a few days; whole minutes, or down to seconds.
func someTime(t *rapid.T, days int, exact bool, label string) worktime.Set {
	var list []worktime.Interval
	for range rapid.IntRange(0, 6).Draw(t, label) {
		from := rapid.IntRange(0, days*DayMinutes).Draw(t, label+" from")
		i := worktime.Interval{Start: at(from), End: at(from + rapid.IntRange(1, 900).Draw(t, label+" minutes"))}
		if !exact {
			i.Start = i.Start.Add(time.Duration(rapid.IntRange(0, 59).Draw(t, "s")) * time.Second)
			i.End = i.End.Add(time.Duration(rapid.IntRange(0, 59).Draw(t, "s")) * time.Second)
		}
		list = append(list, i)
	}
	return worktime.NewSet(list...)
}

func someRules(t *rapid.T) Rules {
	r := Rules{
		Method: Method(rapid.IntRange(0, 2).Draw(t, "method")), Slice: rapid.SampledFrom([]int{0, 1, 5, 7, 60, 1440}).Draw(t, "slice"),
		Unknown: Treatment(rapid.IntRange(0, 2).Draw(t, "treatment")), Target: Share(rapid.Int64Range(0, int64(Whole)).Draw(t, "target")),
	}
	if rapid.Bool().Draw(t, "has slice target") {
		v := Share(rapid.Int64Range(1, int64(Whole)).Draw(t, "slice target"))
		r.SliceTarget = &v
	}
	return r
}

type scene struct {
	days             []Day
	window           worktime.Interval
	agreed, excluded worktime.Set
	rules            Rules
}

func aScene(t *rapid.T, exact bool) scene {
	n := rapid.IntRange(1, 3).Draw(t, "days")
	s := scene{rules: someRules(t)}
	for i := range n {
		if rapid.IntRange(0, 5).Draw(t, "is there") > 0 {
			s.days = append(s.days, aDay(t, firstDay+i))
		}
	}
	from := rapid.IntRange(0, n*DayMinutes-1).Draw(t, "from")
	s.window = worktime.Interval{Start: at(from), End: at(rapid.IntRange(from+1, n*DayMinutes).Draw(t, "to"))}
	s.agreed, s.excluded = worktime.NewSet(s.window), someTime(t, n, exact, "excluded")
	if rapid.Bool().Draw(t, "calendar") {
		s.agreed = someTime(t, n, exact, "agreed")
	}
	return s
}

func (s scene) attain() Attainment {
	return Attain(s.days, NewFrame(s.window, time.Time{}, s.agreed, s.excluded), s.rules)
}

func TestTimesAddUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := aScene(t, false)
		f := NewFrame(s.window, time.Time{}, s.agreed, s.excluded)
		a := s.attain()
		if a.Agreed != a.Excluded+a.Unknown+a.Good+a.Bad || a.Unknown < 0 || a.Bad < 0 || a.Good < 0 {
			t.Fatalf("%+v does not add up", a)
		}
		var sums [3]time.Duration
		end := time.Time{}
		for _, x := range Stretches(s.days, f, s.rules) {
			if x.Interval.IsEmpty() || x.Interval.Start.Before(end) {
				t.Fatalf("stretch %v is empty or overlaps", x)
			}
			end = x.Interval.End
			sums[x.State] += x.Interval.Duration()
		}
		if sums[Unknown] != a.Unknown || s.rules.Method != RatioTimeslices && (sums[Good] != a.Good || sums[Bad] != a.Bad) {
			t.Fatalf("stretches hold %v, attained are %v %v %v", sums, a.Unknown, a.Good, a.Bad)
		}
		var known, unknown time.Duration
		good := wide{}
		for _, x := range Slices(s.days, f, s.rules) {
			known, unknown = known+x.Known, unknown+x.Unknown
			good = good.plus(product(uint64(x.Ratio), uint64(x.Known)))
			if (x.Known == 0) != (x.State == Unknown) {
				t.Fatalf("slice %+v", x)
			}
		}
		if known != a.Good+a.Bad || unknown != a.Unknown {
			t.Fatalf("slices hold %v known and %v unknown of %+v", known, unknown, a)
		}
		if s.rules.Method == RatioTimeslices && time.Duration(floorOf(good.big(), big.NewInt(int64(Whole)))) != a.Good {
			t.Fatalf("the ratios of the slices do not make %v", a.Good)
		}
	})
}

func TestTheVerdictIsThatOfTheBudget(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := aScene(t, false)
		s.rules.Method = Timeslices
		a := s.attain()
		if a.Attained == nil {
			if a.Verdict != Undecided {
				t.Fatalf("%+v", a)
			}
			return
		}
		kept := a.Verdict == Kept
		if kept != (a.Budget.Left >= 0) || kept != (*a.Attained >= s.rules.Target) || kept != (a.Budget.Spent <= Whole) {
			t.Fatalf("%s of %s is %s with %s left, %s spent", *a.Attained, s.rules.Target, a.Verdict, a.Budget.Left, a.Budget.Spent)
		}
	})
}

func TestSplittingAWindowAddsUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := aScene(t, false)
		s.rules.Slice = 1
		cut := s.window.Start.Add(time.Duration(rapid.Int64Range(0, int64(s.window.Duration())).Draw(t, "cut")))
		whole := s.attain()
		first, second := s, s
		first.window.End, second.window.Start = cut, cut
		a, b := first.attain(), second.attain()
		if a.Agreed+b.Agreed != whole.Agreed || a.Excluded+b.Excluded != whole.Excluded || a.Unknown+b.Unknown != whole.Unknown {
			t.Fatalf("%+v and\n%+v are not\n%+v", a, b, whole)
		}
		off := time.Duration(0)
		if s.rules.Method == RatioTimeslices {
			off = 1 // each is rounded down
		}
		if d := whole.Good - a.Good - b.Good; d < 0 || d > off {
			t.Fatalf("good %v and %v are not %v", a.Good, b.Good, whole.Good)
		}
		if d := a.TotalEvents + b.TotalEvents - whole.TotalEvents; d < -1 || d > 1 {
			t.Fatalf("events %v and %v are not %v", a.TotalEvents, b.TotalEvents, whole.TotalEvents)
		}
	})
}

func TestExclusionLeavesBothSides(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := aScene(t, true)
		a := s.attain()
		without := s
		without.agreed, without.excluded = s.agreed.Subtract(s.excluded), worktime.Set{}
		b := without.attain()
		b.Agreed, b.Excluded = a.Agreed, a.Excluded
		if !reflect.DeepEqual(a, b) {
			t.Fatalf("excluded %+v\nnot agreed %+v", a, b)
		}
		// Whatever the evidence says of excluded time changes nothing.
		other := s
		other.days = nil
		for n := range 3 {
			d := Day{Number: firstDay + n}
			for _, x := range s.days {
				if x.Number == d.Number {
					d = x
				}
			}
			for i := range s.excluded.All() {
				from, to := int((nanosOf(i.Start)-nanos(d.Number)*day)/minute), int((nanosOf(i.End)-nanos(d.Number)*day)/minute)
				d = d.With(from, to, Run{State: State(rapid.IntRange(0, 2).Draw(t, "other"))})
			}
			other.days = append(other.days, d)
		}
		if c := other.attain(); !reflect.DeepEqual(a, c) {
			t.Fatalf("other evidence of excluded time: %+v\n%+v", a, c)
		}
	})
}

func TestUnknownTimeLiesBetweenDownAndUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := aScene(t, false)
		var got [3]*Share
		for i := range got {
			s.rules.Unknown = Treatment(i)
			got[i] = s.attain().Attained
		}
		if (got[0] == nil) != (got[1] == nil) || (got[0] == nil) != (got[2] == nil) {
			t.Fatalf("%v", got)
		}
		if got[0] != nil && (*got[UnknownDown] > *got[UnknownExcluded] || *got[UnknownExcluded] > *got[UnknownUp]) {
			t.Fatalf("down %s, excluded %s, up %s", got[UnknownDown], got[UnknownExcluded], got[UnknownUp])
		}
	})
}

func TestTheOrderOfDaysDoesNotMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := aScene(t, false)
		a := s.attain()
		s.days = rapid.Permutation(s.days).Draw(t, "order")
		if b := s.attain(); !reflect.DeepEqual(a, b) {
			t.Fatalf("%+v\n%+v", a, b)
		}
	})
}

func TestDaysJoinInAnyOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		how := Joining(rapid.IntRange(0, 2).Draw(t, "how"))
		a, b, c := aDay(t, 1), aDay(t, 1), aDay(t, 1)
		if x, y := Merge(a, b, how), Merge(b, a, how); !x.Equal(y) {
			t.Fatalf("%+v\n%+v", x, y)
		}
		x, y := Merge(Merge(a, b, how), c, how), Merge(a, Merge(b, c, how), how)
		for i := range DayMinutes {
			if x.At(i).State != y.At(i).State {
				t.Fatalf("minute %d is %v or %v", i, x.At(i), y.At(i))
			}
		}
		o := Overlay(a, b)
		for i := range DayMinutes {
			want := b.At(i)
			if want.State == Unknown {
				want = a.Normal().At(i)
			}
			if o.At(i) != want {
				t.Fatalf("minute %d is %v, want %v", i, o.At(i), want)
			}
		}
		if !Overlay(o, b).Equal(o) {
			t.Fatal("the same correction twice changes the day")
		}
	})
}

// TestAttainIsWhatTheDefinitionSays compares with fractions, minute by minute.
func TestAttainIsWhatTheDefinitionSays(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := aScene(t, true)
		want := defined(s)
		got := s.attain().Attained
		if (want == nil) != (got == nil) {
			t.Fatalf("%v, by definition %v", got, want)
		}
		if got == nil {
			return
		}
		off := int64(1)
		if s.rules.Method == RatioTimeslices {
			off = 2 // each slice is rounded down too
		}
		scaled := new(big.Rat).Mul(want, new(big.Rat).SetInt64(int64(Whole)))
		d := new(big.Rat).Sub(scaled, new(big.Rat).SetInt64(int64(*got)))
		if d.Sign() < 0 || d.Cmp(new(big.Rat).SetInt64(off)) >= 0 {
			t.Fatalf("%s, by definition %s", *got, want.FloatString(15))
		}
	})
}

func defined(s scene) *big.Rat {
	counted := s.agreed.Clip(s.window).Subtract(s.excluded)
	type slice struct {
		good, total, minutes, up int64
		stated                   bool
	}
	list := map[int64]*slice{}
	length := int64(max(s.rules.Slice, 1))
	if s.rules.Method == Occurrences {
		length = 1
	}
	unknown := int64(0)
	for i := range s.window.Duration() / time.Minute {
		at := s.window.Start.Add(i * time.Minute)
		if !counted.Contains(at) {
			continue
		}
		run := Run{}
		for _, d := range s.days {
			if d.Number == DayOf(at) {
				run = d.At(at.Hour()*60 + at.Minute())
			}
		}
		if run.State == Unknown {
			unknown++
			continue
		}
		key := at.Unix() / 60 / length
		x := list[key]
		if x == nil {
			x = &slice{}
			list[key] = x
		}
		x.minutes++
		x.good, x.total = x.good+int64(run.Good), x.total+int64(run.Total)
		x.stated = x.stated || run.Total == 0
		if run.State == Good {
			x.up++
		}
	}
	known, kept := int64(0), new(big.Rat) // kept in minutes
	events, all, withEvents := new(big.Rat), new(big.Rat), int64(0)
	for _, x := range list {
		known += x.minutes
		ratio := big.NewRat(x.up, x.minutes)
		if !x.stated {
			ratio = big.NewRat(x.good, x.total)
		}
		n := new(big.Rat).SetInt64(x.minutes)
		switch {
		case s.rules.Method == RatioTimeslices:
			kept.Add(kept, n.Mul(n, ratio))
		case s.rules.Method == Occurrences && !x.stated:
			withEvents++
			events.Add(events, new(big.Rat).SetInt64(x.good))
			all.Add(all, new(big.Rat).SetInt64(x.total))
		case s.rules.Method == Timeslices && s.rules.SliceTarget != nil:
			if ratio.Cmp(big.NewRat(int64(*s.rules.SliceTarget), int64(Whole))) >= 0 {
				kept.Add(kept, n)
			}
		case x.up == x.minutes:
			kept.Add(kept, n)
		}
	}
	if known == 0 {
		return nil
	}
	if withEvents > 0 {
		kept.Add(kept, events.Mul(events.Quo(events, all), new(big.Rat).SetInt64(withEvents)))
	}
	if s.rules.Unknown != UnknownExcluded {
		known += unknown
	}
	if s.rules.Unknown == UnknownUp {
		kept.Add(kept, new(big.Rat).SetInt64(unknown))
	}
	return kept.Quo(kept, new(big.Rat).SetInt64(known))
}

func TestEveryCaseIsDecidedInOneWindow(t *testing.T) {
	office := worktime.Calendar{Location: time.UTC}
	for d := time.Monday; d <= time.Friday; d++ {
		office.Week[d] = []worktime.Span{{From: 8 * 60, To: 18 * 60}}
	}
	horizon := worktime.Interval{Start: at(-40 * DayMinutes), End: at(400 * DayMinutes)}
	clocks := []*worktime.Clock{worktime.NewClock(horizon, worktime.NewSet(horizon), worktime.Set{}), office.Clock(horizon, worktime.Set{})}
	rapid.Check(t, func(t *rapid.T) {
		clock := clocks[rapid.IntRange(0, 1).Draw(t, "clock")]
		start := rapid.IntRange(0, 20*DayMinutes).Draw(t, "start")
		c := Case{ID: "1", Start: at(start), Suspended: someTime(t, 20, true, "suspended")}
		if rapid.Bool().Draw(t, "stopped") {
			c.Stop = at(start + rapid.IntRange(0, 20*DayMinutes).Draw(t, "lasts"))
		}
		r := CaseRules{Within: time.Duration(rapid.IntRange(0, 3000).Draw(t, "within")) * time.Minute, Share: Whole}
		decided := 0
		for d := range 200 {
			a := JudgeCases([]Case{c}, worktime.Interval{Start: at(d * DayMinutes), End: at((d + 1) * DayMinutes)}, time.Time{}, clock, r)
			decided += a.Kept + a.Late
			if n := len(a.Results); n > 1 || n != a.Kept+a.Late+a.Pending {
				t.Fatalf("%+v", a)
			}
			for _, x := range a.Results {
				if x.Elapsed < 0 || x.Suspended < 0 || x.Closed < 0 || (x.Outcome == CaseLate) != (x.Elapsed > r.Within) {
					t.Fatalf("%+v", x)
				}
			}
		}
		if decided != 1 {
			t.Fatalf("it is decided in %d windows", decided)
		}
	})
}
