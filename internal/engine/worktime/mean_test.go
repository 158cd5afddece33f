package worktime

import (
	"math"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// All clocks of drawn chains start, stop and last whole minutes, so that the end is
// linear in the failure within each minute: the mean over the window is the mean over
// the middles of its minutes.
func TestMeanIsTheMeanOverAllFailures(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		chain, err := NewChain(drawChain(t))
		if err != nil {
			t.Fatal(err)
		}
		const minutes = 100
		window := Interval{epoch, epoch.Add(minutes * time.Minute)}
		sum, never := 0.0, false
		for i := range minutes {
			at := epoch.Add(time.Duration(i)*time.Minute + 30*time.Second)
			r := chain.Restore(at)
			never = never || r.Never
			sum += r.RestoredAt.Sub(at).Minutes()
		}
		mean, ok, err := chain.Mean(window)
		if err != nil || ok == never {
			t.Fatalf("restored always: %v (%v), one by one: %v", ok, err, !never)
		}
		if ok && math.Abs(mean.Minutes()-sum/minutes) > 1e-6 {
			t.Fatalf("mean %v, one by one %v min", mean, sum/minutes)
		}
	})
}

func TestMean(t *testing.T) {
	day := func(n int) time.Time { return epoch.AddDate(0, 0, n) }
	horizon := Interval{day(0), day(60)}
	window := Interval{day(0), day(28)}
	var office []Interval
	for i := range 60 {
		office = append(office, Interval{day(i).Add(8 * time.Hour), day(i).Add(16 * time.Hour)})
	}
	for _, tc := range []struct {
		name  string
		hours Set
		lasts time.Duration
		want  time.Duration
	}{
		{"around the clock nothing is waited for", NewSet(horizon), 2 * time.Hour, 2 * time.Hour},
		// Of 24 hours, work of 2 is done by a failure between 8 and 14 at once; later it
		// waits for the night. Waiting alone: 16 h of night end 8 h later on average, and
		// 2 hours of the day cannot be finished before the night of 16 h.
		{"eight hours a day add the mean wait for the morning", NewSet(office...), 2 * time.Hour,
			2*time.Hour + time.Duration(float64(time.Hour)*(16*8+2*16)/24)},
	} {
		t.Run(tc.name, func(t *testing.T) {
			chain, err := NewChain([]Step{{Name: "work", Duration: tc.lasts, Clock: NewClock(horizon, tc.hours, Set{})}})
			if err != nil {
				t.Fatal(err)
			}
			got, ok, err := chain.Mean(window)
			if err != nil || !ok || (got-tc.want).Abs() > time.Microsecond {
				t.Errorf("mean %v (%v, %v), want %v", got, ok, err, tc.want)
			}
		})
	}
}
