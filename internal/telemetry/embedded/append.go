package embedded

import (
	"context"
	"errors"
	"fmt"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/storage"

	"diapason/internal/telemetry"
)

// Append stores samples as the telemetry.Appender says. A sample more than ten minutes
// ahead of the clock is refused: taken, it would make all that is sent afterwards too old.
// The same sample twice is taken once.
func (s *Store) Append(ctx context.Context, samples []telemetry.Sample) (refused int, err error) {
	app := s.db.AppenderV2(ctx)
	ahead := s.now().Add(maxAhead)
	for _, x := range samples {
		series := labels.FromMap(x.Labels)
		if !series.Has(model.MetricNameLabel) || !series.IsValid(model.UTF8Validation) || x.At.After(ahead) {
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
