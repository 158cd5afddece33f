package app

import (
	"context"
	"log/slog"
	"runtime"
	"testing"
	"time"

	"diapason/internal/store/ledger/sqlite"
	"diapason/internal/telemetry"
)

// quick answers every question at once, with every minute good: what is left is the
// recorder's own work.
type quick struct{ server }

func (q *quick) Range(ctx context.Context, _ string, from, to time.Time, step time.Duration) (telemetry.Answer, error) {
	e, _ := q.Engine(ctx)
	out := telemetry.Answer{Engine: e, Points: make([]telemetry.Point, 0, to.Sub(from)/step+1)}
	for at := from; !at.After(to); at = at.Add(step) {
		out.Points = append(out.Points, telemetry.Point{At: at, Value: 1})
	}
	return out, nil
}

// BenchmarkRecorder records one night of 10 000 series, the late days asked for again.
func BenchmarkRecorder(b *testing.B) {
	clock := startOf(thisDay).Add(time.Hour)
	now := func() time.Time { return clock }
	l, err := sqlite.Open(b.Context(), b.TempDir(), sqlite.Options{Clock: now})
	if err != nil {
		b.Fatal(err)
	}
	defer l.Close()
	e := newEvidence(Options{Ledger: l, Metrics: &quick{}, Now: now, Log: slog.New(slog.DiscardHandler)})
	var series []measuredSeries
	for n := range 10_000 {
		series = append(series, valued(n))
	}
	over := thisDay - 1
	if whole, err := e.record(b.Context(), series, over); err != nil || !whole {
		b.Fatal(whole, err)
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for b.Loop() {
		clock, over = clock.AddDate(0, 0, 1), over+1
		if whole, err := e.record(b.Context(), series, over); err != nil || !whole {
			b.Fatal(whole, err)
		}
	}
	runtime.ReadMemStats(&after)
	b.ReportMetric(float64(after.HeapSys)/(1<<20), "MB-heap")
}
