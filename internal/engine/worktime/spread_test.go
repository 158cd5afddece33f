package worktime

import (
	"math"
	"testing"
	"time"
)

func TestSpreadOfFailuresOverAYear(t *testing.T) {
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	window := Interval{time.Date(2027, 1, 4, 0, 0, 0, 0, paris), time.Date(2027, 12, 27, 0, 0, 0, 0, paris)} // whole weeks
	horizon := Interval{window.Start, window.End.AddDate(1, 0, 0)}
	office := Calendar{Location: paris}
	for d := time.Monday; d <= time.Friday; d++ {
		office.Week[d] = []Span{{From: 8 * 60, To: 18 * 60}}
	}
	desk, always := office.Clock(horizon, Set{}), AlwaysOpen().Clock(horizon, Set{})
	chain := func(c *Clock, d time.Duration) *Chain {
		x, err := NewChain([]Step{{Name: "work", Duration: d, Clock: c}})
		if err != nil {
			t.Fatal(err)
		}
		return x
	}
	for _, c := range []struct {
		name    string
		promise *Clock
		chain   *Chain
		within  time.Duration
		want    float64
	}{
		{"two hours of work round the clock keep two", always, chain(always, 2*time.Hour), 2 * time.Hour, 1},
		{"and never an hour", always, chain(always, 2*time.Hour), time.Hour, 0},
		{"on one clock the office takes two hours whenever it fails", desk, chain(desk, 2*time.Hour), 2 * time.Hour, 1},
		// Of 168 hours of a week those from 8 to 16 o'clock are restored in two, and the two before opening in up to four.
		{"round the clock the office keeps four in 50 of 168 hours", always, chain(desk, 2*time.Hour), 4 * time.Hour, 5 * (8 + 2) / 168.},
	} {
		s, err := Promise{Clock: c.promise}.Spread(c.chain, window, 10*time.Minute)
		if err != nil {
			t.Fatal(err)
		}
		if got := s.Within(c.within); math.Abs(got-c.want) > 1e-3 {
			t.Errorf("%s: %.5f, want %.5f", c.name, got, c.want)
		}
		worst, err := Promise{Clock: c.promise}.Worst(c.chain, window)
		if err != nil {
			t.Fatal(err)
		}
		if last := s.Reaching(1); last > worst.Elapsed || last < worst.Elapsed-10*time.Minute {
			t.Errorf("%s: the longest of the spread is %s, the worst case %s", c.name, last, worst.Elapsed)
		}
	}
}

func TestSpreadOfWhatNeverEnds(t *testing.T) {
	window := Interval{time.Date(2027, 1, 4, 0, 0, 0, 0, time.UTC), time.Date(2027, 1, 11, 0, 0, 0, 0, time.UTC)}
	horizon := Interval{window.Start, window.End.AddDate(0, 0, 7)}
	idle := Calendar{}.Clock(horizon, Set{})
	x, err := NewChain([]Step{{Name: "work", Duration: time.Hour, Clock: idle}})
	if err != nil {
		t.Fatal(err)
	}
	s, err := Promise{Clock: AlwaysOpen().Clock(horizon, Set{})}.Spread(x, window, time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	if s.Within(1000*time.Hour) != 0 || s.Reaching(.5) != Endless {
		t.Errorf("%v within, %v reached", s.Within(1000*time.Hour), s.Reaching(.5))
	}
	if _, err := (Promise{Clock: idle}).Spread(x, Interval{}, time.Hour); err == nil {
		t.Error("an empty window has a spread")
	}
}
