package worktime

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

var zoneNames = []string{
	"UTC", "Europe/Paris", "America/New_York", "America/Sao_Paulo", "America/Havana", "America/St_Johns",
	"Asia/Beirut", "Asia/Kathmandu", "Australia/Lord_Howe", "Pacific/Apia", "Pacific/Chatham", "Africa/Casablanca",
}

func drawZone(t *rapid.T) *time.Location {
	loc, err := time.LoadLocation(rapid.SampledFrom(zoneNames).Draw(t, "zone"))
	if err != nil {
		t.Fatal(err)
	}
	return loc
}

func drawDate(t *rapid.T, label string) Date {
	return NewDate(spread(t, label+" year", 1995, 2040), 1, spread(t, label+" day", 1, 366))
}

func drawSpan(t *rapid.T) Span {
	return rapid.Custom(func(t *rapid.T) Span {
		return Span{TimeOfDay(spread(t, "from", 0, 1439)), TimeOfDay(spread(t, "to", 0, 1440))}
	}).Filter(func(s Span) bool { return s.Validate() == nil }).Draw(t, "span")
}

func TestDaysTileTimeInEveryZone(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		loc, day := drawZone(t), drawDate(t, "first")
		days := Calendar{Location: loc, Week: Everyday(WholeDay)}
		within := Interval{day.In(loc), day.AddDays(400).In(loc)}
		if open := days.Open(within); open.Len() != 1 || open.Duration() != within.Duration() {
			t.Fatalf("whole days in %s from %s leave gaps: %s", loc, day, open)
		}
		for range 400 {
			if today, next := day.Interval(loc), day.AddDays(1).Interval(loc); !today.End.Equal(next.Start) {
				t.Fatalf("%s in %s ends at %s, the next day begins at %s", day, loc, today.End, next.Start)
			}
			day = day.AddDays(1)
		}
	})
}

// TestOpenHoursAgreeWithTheWallClock reads the wall clock minute by minute. In
// a repeated hour the documented rule opens from the first passage of the
// opening to the last of the closing, so there only one direction is checked:
// what the wall clock shows as open is open, save in a first hour of the day,
// which may count with the day before.
func TestOpenHoursAgreeWithTheWallClock(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		loc, day := drawZone(t), drawDate(t, "day")
		if rapid.Bool().Draw(t, "at a change of the clock") {
			if _, change := day.In(loc).ZoneBounds(); !change.IsZero() {
				day = DateOf(change.In(loc))
			}
		}
		span := drawSpan(t)
		closed := drawDate(t, "holiday")
		if rapid.Bool().Draw(t, "holiday near") {
			closed = day
		}
		c := Calendar{Location: loc, Week: Everyday(span), Holidays: []Date{closed}}
		within := Interval{day.AddDays(-1).In(loc), day.AddDays(2).In(loc)}
		open := c.Open(within)
		for at := within.Start; at.Before(within.End); at = at.Add(time.Minute) {
			want := wallClockOpen(at.In(loc), span, closed)
			_, offset := at.In(loc).Zone()
			steady := true
			for _, h := range []time.Duration{-27, -3, -2, -1, 1, 2, 3, 27} {
				_, other := at.Add(h * time.Hour).In(loc).Zone()
				steady = steady && offset == other
			}
			if got := open.Contains(at); got != want && (steady || want && at.In(loc).Hour() > 0) {
				t.Fatalf("%s on the wall clock of %s at %s: open is %t, want %t", span, loc, at.In(loc), got, want)
			}
		}
	})
}

func wallClockOpen(local time.Time, span Span, closed Date) bool {
	day, reading := DateOf(local), TimeOfDay(local.Hour()*60+local.Minute())
	if !span.PastMidnight() {
		return day != closed && span.From <= reading && reading < span.To
	}
	return day != closed && span.From <= reading || day.AddDays(-1) != closed && reading < span.To
}

// naiveAdd walks interval by interval.
func naiveAdd(open Set, start time.Time, d time.Duration) (time.Time, bool) {
	if d <= 0 {
		return start, true
	}
	for i := range open.All() {
		run := Interval{later(i.Start, start), i.End}
		if run.IsEmpty() {
			continue
		}
		if d <= run.Duration() {
			return run.Start.Add(d), true
		}
		d -= run.Duration()
	}
	return time.Time{}, false
}

func TestClockAgreesWithWalkingIntervals(t *testing.T) {
	const span = 300
	horizon := Interval{epoch, epoch.Add(span * time.Minute)}
	rapid.Check(t, func(t *rapid.T) {
		open, suspended := drawSet(t, span, "open"), drawSet(t, span, "suspended")
		clock := NewClock(horizon, open, suspended)
		running := open.Subtract(suspended)
		start := epoch.Add(time.Duration(spread(t, "start", 0, span)) * time.Minute)
		d := time.Duration(spread(t, "minutes", 0, span)) * time.Minute
		end, ok := clock.Add(start, d)
		want, wantOK := naiveAdd(running, start, d)
		if ok != wantOK || ok && !end.Equal(want) {
			t.Fatalf("%s after %s on %s is %s %t, want %s %t", d, start, running, end, ok, want, wantOK)
		}
		if ok && clock.Elapsed(start, end) != d {
			t.Fatalf("%s elapsed until the end of %s", clock.Elapsed(start, end), d)
		}
		if ok && d > 0 && clock.Elapsed(start, end.Add(-1)) >= d {
			t.Fatalf("%s is not the first instant at which %s has elapsed", end, d)
		}
		other := epoch.Add(time.Duration(spread(t, "other", 0, span)) * time.Minute)
		if got, want := clock.Elapsed(start, other), running.Clip(Interval{start, other}).Duration(); got != want {
			t.Fatalf("elapsed from %s to %s is %s, want %s", start, other, got, want)
		}
		if clock.IsRunning(start) != running.Contains(start) {
			t.Fatalf("running at %s disagrees", start)
		}
	})
}

func TestCalendarAndClockWalkAlike(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		loc, day := drawZone(t), drawDate(t, "day")
		c := Calendar{Location: loc, Week: WorkingDays(drawSpan(t)), Holidays: []Date{day, day.AddDays(1)}}
		start := day.In(loc).Add(time.Duration(spread(t, "minute", 0, 1439)) * time.Minute)
		d := time.Duration(spread(t, "minutes", 1, 6000)) * time.Minute
		limit := start.AddDate(1, 0, 0)
		got, ok := c.Add(start, d, Set{}, limit)
		want, wantOK := naiveAdd(c.Open(Interval{start, limit}), start, d)
		if ok != wantOK || !got.Equal(want) {
			t.Fatalf("%s after %s is %s %t, want %s %t", d, start, got, ok, want, wantOK)
		}
		if ok && c.Elapsed(start, got, Set{}) != d {
			t.Fatalf("%s elapsed, want %s", c.Elapsed(start, got, Set{}), d)
		}
	})
}

func TestClocksBeyondTheirRangeStandStill(t *testing.T) {
	clock := NewClock(Interval{epoch, epoch.AddDate(1, 0, 0)}, NewSet(Interval{epoch, epoch.AddDate(1, 0, 0)}), Set{})
	far := time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC)
	if _, ok := clock.Add(far, time.Hour); ok {
		t.Error("a clock ran after its horizon")
	}
	if _, ok := clock.Add(epoch, 1<<63-1); ok {
		t.Error("a clock ran for 292 years within one")
	}
	if d := clock.Elapsed(time.Time{}, far); d != clock.Total() {
		t.Errorf("elapsed over all time is %s, want %s", d, clock.Total())
	}
}

func FuzzParseSpan(f *testing.F) {
	for _, seed := range []string{"08:00-18:00", "22:00-06:00", "00:00-24:00", "24:00-24:00", "8:00-9:00", "-", "08:00-08:00", "+1:00-02:00"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		span, err := ParseSpan(text)
		if err != nil {
			return
		}
		if span.String() != text {
			t.Errorf("%q reads as %s", text, span)
		}
		c := Calendar{Week: Everyday(span)}
		if open := c.Open(Interval{epoch, epoch.AddDate(0, 0, 2)}); open.IsEmpty() {
			t.Errorf("%s is never open", span)
		}
	})
}

func FuzzParseDate(f *testing.F) {
	for _, seed := range []string{"2026-02-28", "2026-02-29", "0000-01-01", "9999-12-31", "2026-1-1", ""} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		d, err := ParseDate(text)
		if err != nil {
			return
		}
		if d.String() != text || !d.IsValid() {
			t.Errorf("%q reads as %s", text, d)
		}
	})
}
