package embedded

import (
	"context"
	"testing"
	"time"

	"diapason/internal/telemetry"
)

func TestAClockThatJumpsAheadIsNotBelievedAtOnce(t *testing.T) {
	start := time.Now()
	for _, c := range []struct {
		name  string
		pace  float64
		steps []struct{ wall, mono, want time.Duration } // since the start
	}{
		{"a clock that runs", 1, []struct{ wall, mono, want time.Duration }{{0, 0, 0}, {time.Hour, time.Hour, time.Hour}, {24 * time.Hour, 24 * time.Hour, 24 * time.Hour}}},
		{"a clock put right by minutes", 1, []struct{ wall, mono, want time.Duration }{{0, 0, 0}, {5 * time.Minute, time.Minute, 5 * time.Minute}, {time.Minute, 2 * time.Minute, time.Minute}}},
		{"a clock a year ahead, and back", 1, []struct{ wall, mono, want time.Duration }{{0, 0, 0}, {8760 * time.Hour, time.Minute, time.Minute}, {8760 * time.Hour, 50 * time.Minute, 50 * time.Minute}, {time.Hour, time.Hour, time.Hour}, {8760 * time.Hour, 61 * time.Minute, 61 * time.Minute}}},
		{"a clock that stays ahead is believed after an hour", 1, []struct{ wall, mono, want time.Duration }{{0, 0, 0}, {8760 * time.Hour, time.Minute, time.Minute}, {8761 * time.Hour, 61 * time.Minute, 8761 * time.Hour}, {8762 * time.Hour, 121 * time.Minute, 8762 * time.Hour}}},
		{"a clock sixty times as fast", 60, []struct{ wall, mono, want time.Duration }{{0, 0, 0}, {time.Hour, time.Minute, time.Hour}, {24 * time.Hour, 24 * time.Minute, 24 * time.Hour}, {48 * time.Hour, 25 * time.Minute, 25 * time.Hour}}},
		{"a clock of a test", 0, []struct{ wall, mono, want time.Duration }{{0, 0, 0}, {8760 * time.Hour, 0, 8760 * time.Hour}}},
	} {
		var d disbelief
		for i, s := range c.steps {
			if got := d.believed(start.Add(s.wall), start.Add(s.mono), c.pace).Sub(start); got != s.want {
				t.Errorf("%s, step %d: %s, want %s", c.name, i, got, s.want)
			}
		}
	}
}

// TestAClockAYearAheadPoisonsNothing lets the clock jump while samples are taken: those of
// the wrong time are refused, and those that come when it is right again are taken.
func TestAClockAYearAheadPoisonsNothing(t *testing.T) {
	now := time.Now()
	clock := now
	s := open(t, Options{Now: func() time.Time { return clock }, Pace: 1})
	put(t, s, sample("up", now.Add(-time.Minute), 1))
	clock = now.AddDate(1, 0, 0)
	if refused, err := s.Append(context.Background(), []telemetry.Sample{sample("up", clock, 1), sample("up", clock.Add(-time.Minute), 0)}); err != nil || refused != 2 {
		t.Errorf("%d of 2 samples of next year are refused, %v", refused, err)
	}
	clock = now
	put(t, s, sample("up", now, 1), sample("late", now.Add(-6*24*time.Hour), 1))
	a, err := s.Range(context.Background(), "count_over_time(up[10m])", now, now, time.Minute)
	if err != nil || len(a.Points) != 1 || a.Points[0].Value != 2 {
		t.Errorf("%v, %v", a.Points, err)
	}
}
