package embedded

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/histogram"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/storage"

	"diapason/internal/telemetry"
)

// Append stores samples as the telemetry.Appender says. A sample more than ten minutes
// ahead of the clock is refused: taken, it would make all that is sent afterwards too old.
// The same sample twice is taken once.
func (s *Store) Append(ctx context.Context, samples []telemetry.Sample) (refused int, err error) {
	app := s.Appendable().AppenderV2(ctx)
	for _, x := range samples {
		series := labels.FromMap(x.Labels)
		if !series.Has(model.MetricNameLabel) || !series.IsValid(model.UTF8Validation) {
			refused++
			continue
		}
		_, err := app.Append(0, series, 0, x.At.UnixMilli(), x.Value, nil, nil, storage.AOptions{})
		switch {
		case err == nil:
		case Refusal(err):
			refused++
		default:
			return len(samples), fmt.Errorf("the samples cannot be stored: %w", errors.Join(err, app.Rollback()))
		}
	}
	if err := app.Commit(); err != nil {
		return len(samples), fmt.Errorf("the samples cannot be stored: %w", err)
	}
	return refused, nil
}

// Refusal reports whether an error means that one sample was refused, not that the store
// is out of order.
func Refusal(err error) bool {
	return errors.Is(err, storage.ErrOutOfOrderSample) || errors.Is(err, storage.ErrOutOfBounds) ||
		errors.Is(err, storage.ErrTooOldSample) || errors.Is(err, storage.ErrDuplicateSampleForTimestamp)
}

// Appendable takes samples of receivers. A sample too far ahead is storage.ErrOutOfBounds,
// see ahead.
func (s *Store) Appendable() storage.AppendableV2 { return bounded{s} }

type bounded struct{ *Store }

func (b bounded) AppenderV2(ctx context.Context) storage.AppenderV2 {
	app := b.db.AppenderV2(ctx)
	if both, ok := app.(storage.ExemplarAppenderV2); ok {
		return &boundedAppender{both, b.ahead().UnixMilli()}
	}
	return app // which the store of this package never is
}

type boundedAppender struct {
	storage.ExemplarAppenderV2
	last int64 // instant taken, in milliseconds
}

func (a *boundedAppender) Append(ref storage.SeriesRef, l labels.Labels, st, t int64, v float64, h *histogram.Histogram, fh *histogram.FloatHistogram, o storage.AOptions) (storage.SeriesRef, error) {
	if t > a.last {
		return 0, fmt.Errorf("%w: %s is too far ahead", storage.ErrOutOfBounds, time.UnixMilli(t).UTC().Format(time.RFC3339))
	}
	return a.ExemplarAppenderV2.Append(ref, l, st, t, v, h, fh, o)
}

// ahead is the last instant of which a sample is taken: ten minutes after the clock, and
// after the time that has passed by itself since the clock was last believed. A clock put
// forward by a mistake would otherwise let in samples beside which all that come when it is
// right again are too old.
func (s *Store) ahead() time.Time {
	now := s.now()
	s.clock.mu.Lock()
	defer s.clock.mu.Unlock()
	return s.clock.believed(now, time.Now(), s.pace).Add(maxAhead)
}

// disbelief compares a clock with the time that passes in this process.
type disbelief struct {
	mu         sync.Mutex
	wall, mono time.Time // the clock and the process's time when it was last believed
	since      time.Time // process's time at which it was first found ahead; zero while it is not
}

// How far a clock may be ahead of the time that has passed, and after how long it is
// believed where it stays there.
const (
	mostJump  = 5 * time.Minute
	settleFor = time.Hour
)

// believed is the time by the clock, or what it should be where it has jumped ahead. Pace
// is how many times as fast as the process's own time the clock runs; with 0 it is believed
// whatever it says.
func (d *disbelief) believed(wall, mono time.Time, pace float64) time.Time {
	expected := d.wall.Add(time.Duration(float64(mono.Sub(d.mono)) * pace))
	switch {
	case pace == 0:
		return wall
	case d.wall.IsZero(), !wall.After(expected.Add(mostJump)):
		d.wall, d.mono, d.since = wall, mono, time.Time{}
		return wall
	case d.since.IsZero():
		d.since = mono
	case time.Duration(float64(mono.Sub(d.since))*pace) >= settleFor:
		d.wall, d.mono, d.since = wall, mono, time.Time{}
		return wall
	}
	return expected
}
