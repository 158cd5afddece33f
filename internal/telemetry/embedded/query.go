package embedded

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/prometheus/prometheus/promql"
	"github.com/prometheus/prometheus/tsdb"

	"diapason/internal/telemetry"
)

// Range evaluates an expression as the telemetry.Querier says.
func (s *Store) Range(ctx context.Context, expression string, from, to time.Time, step time.Duration) (telemetry.Answer, error) {
	var a telemetry.Answer
	a.Engine, _ = s.Engine(ctx)
	if err := telemetry.CheckRange(from, to, step); err != nil {
		return a, err
	}
	if n := to.Sub(from) / step; n >= maxPoints {
		return a, fmt.Errorf("%w: %d instants were asked for, at most %d are answered at once", telemetry.ErrLimit, n+1, maxPoints)
	}
	if err := CheckExpression(expression); err != nil {
		return a, fmt.Errorf("%w: %w", telemetry.ErrLimit, err)
	}
	q, err := s.engine.NewRangeQuery(ctx, s.db, nil, expression, from, to, step)
	if err != nil {
		return a, queryError(ctx, err)
	}
	defer q.Close()
	result := Run(ctx, q)
	if result.Err != nil {
		return a, queryError(ctx, result.Err)
	}
	warnings, _ := result.Warnings.AsStrings(expression, 10, 0)
	a.Warnings = warnings
	m, err := result.Matrix()
	if err != nil {
		return a, fmt.Errorf("%w: it yields a %s, not numbers over time", telemetry.ErrExpression, result.Value.Type())
	}
	switch {
	case len(m) > 1:
		return a, fmt.Errorf("%w: %s, %s and %d more; aggregate it, for example with sum(…)", telemetry.ErrManySeries, m[0].Metric, m[1].Metric, len(m)-2)
	case len(m) == 0:
		return a, nil
	case len(m[0].Histograms) > 0:
		return a, fmt.Errorf("%w: it yields histograms, not numbers; take histogram_quantile or histogram_fraction of it", telemetry.ErrExpression)
	}
	a.Points = make([]telemetry.Point, len(m[0].Floats))
	for i, p := range m[0].Floats {
		a.Points[i] = telemetry.Point{At: time.UnixMilli(p.T).UTC(), Value: p.F}
	}
	return a, nil
}

// Run runs a query. An expression whose samples are more than can be counted makes the
// engine panic: that is an error here, of too many samples.
func Run(ctx context.Context, q promql.Query) (result *promql.Result) {
	defer func() {
		if why := recover(); why != nil {
			result = &promql.Result{Err: promql.ErrTooManySamples(fmt.Sprint("query processing (", why, ")"))}
		}
	}()
	return q.Exec(ctx)
}

// CheckExpression refuses an expression that is too long to be read: the time that the
// engine takes for one grows with the square of its operators and brackets, before and
// outside of all limits of a query. What stands in quotes, such as a list of machines, costs
// little and may be longer.
func CheckExpression(expression string) error {
	if len(expression) > maxExpression {
		return fmt.Errorf("an expression of %d bytes, at most %d are taken", len(expression), maxExpression)
	}
	bare, quote := 0, byte(0)
	for i := 0; i < len(expression); i++ {
		switch c := expression[i]; {
		case quote == 0 && (c == '"' || c == '\'' || c == '`'):
			quote = c
		case quote == 0:
			bare++
		case c == quote:
			quote = 0
		case c == '\\' && quote != '`':
			i++
		}
	}
	if bare > maxBare {
		return fmt.Errorf("an expression of %d bytes outside of quotes, at most %d are taken", bare, maxBare)
	}
	return nil
}

// queryError sorts the errors of the engine into those of the contract.
func queryError(ctx context.Context, err error) error {
	var (
		late    promql.ErrQueryTimeout
		much    promql.ErrTooManySamples
		storage promql.ErrStorage
		ended   promql.ErrQueryCanceled
	)
	switch {
	case ctx.Err() != nil && !errors.Is(ctx.Err(), context.DeadlineExceeded):
		return ctx.Err()
	case errors.As(err, &late), errors.As(err, &much), errors.Is(err, context.DeadlineExceeded):
		return fmt.Errorf("%w: %w", telemetry.ErrLimit, err)
	case errors.As(err, &storage), errors.As(err, &ended):
		return fmt.Errorf("%w: %w", telemetry.ErrUnavailable, err)
	}
	return fmt.Errorf("%w: %w", telemetry.ErrExpression, err)
}

// tsdbMeta reads the description of a block.
func tsdbMeta(block string) (*tsdb.BlockMeta, error) {
	data, err := os.ReadFile(filepath.Join(block, "meta.json"))
	if err != nil {
		return nil, err
	}
	var m tsdb.BlockMeta
	if err := json.Unmarshal(data, &m); err != nil {
		return nil, fmt.Errorf("%s: %w", filepath.Join(block, "meta.json"), err)
	}
	if m.Version != 1 || m.MaxTime < m.MinTime {
		return nil, fmt.Errorf("%s is not the description of a block", filepath.Join(block, "meta.json"))
	}
	return &m, nil
}
