package ingest

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"runtime"
	"strings"
	"time"

	"github.com/prometheus/prometheus/promql"
	"github.com/prometheus/prometheus/promql/parser"
	"github.com/prometheus/prometheus/util/annotations"

	"diapason/internal/telemetry/embedded"
)

// PathQuery is the address that a data source of the type Prometheus is given.
const PathQuery = "/prometheus"

const (
	// longestForm is the longest form that a query may come in, in bytes.
	longestForm = 1 << 20
	// mostPoints is how many instants of one series are answered, as by Prometheus.
	mostPoints = 11_000
	// mostListed is how many series, names or values are listed.
	mostListed = 100_000
)

// Query answers the part of Prometheus' HTTP API that reads:
// query, query_range, series, labels, label values, metadata, build information, and what
// Grafana asks besides. Answers have Prometheus' form; nothing can be changed by it.
func (r *Receiver) Query() http.Handler {
	mux := http.NewServeMux()
	read := func(path string, f func(*http.Request) (any, annotations.Annotations, error)) {
		h := func(w http.ResponseWriter, req *http.Request) { r.answer(w, req, f) }
		for _, method := range []string{"GET ", "POST "} {
			mux.HandleFunc(method+PathQuery+"/api/v1/"+path, h)
		}
	}
	read("query", r.instant)
	read("query_range", r.ranged)
	read("series", r.series)
	read("labels", r.labelNames)
	read("label/{name}/values", r.labelValues)
	read("metadata", r.metadata)
	read("format_query", r.format)
	read("status/buildinfo", func(*http.Request) (any, annotations.Annotations, error) {
		return map[string]string{"version": embedded.Version, "revision": "", "branch": "", "buildUser": "diapason", "buildDate": "", "goVersion": strings.TrimPrefix(runtime.Version(), "go")}, nil, nil
	})
	read("query_exemplars", r.exemplars)
	read("rules", func(*http.Request) (any, annotations.Annotations, error) {
		return map[string]any{"groups": []any{}}, nil, nil
	})
	read("alerts", func(*http.Request) (any, annotations.Annotations, error) {
		return map[string]any{"alerts": []any{}}, nil, nil
	})
	return mux
}

// fault is an error with its type in Prometheus' API.
type fault struct {
	kind string
	err  error
}

func (f *fault) Error() string { return f.err.Error() }

func badData(err error) error { return &fault{"bad_data", err} }

func invalidParameter(name string, err error) error {
	return badData(fmt.Errorf("invalid parameter %q: %w", name, err))
}

func (r *Receiver) answer(w http.ResponseWriter, req *http.Request, f func(*http.Request) (any, annotations.Annotations, error)) {
	_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(slowest))
	req.Body = http.MaxBytesReader(w, req.Body, longestForm)
	if err := req.ParseForm(); err != nil {
		writeFault(w, badData(fmt.Errorf("error parsing form values: %w", err)))
		return
	}
	ctx, cancel := context.WithTimeout(req.Context(), embedded.DefaultTimeout)
	defer cancel()
	data, warnings, err := f(req.WithContext(ctx))
	if err != nil {
		writeFault(w, err)
		return
	}
	writeSuccess(w, data, warnings, req.FormValue("query"))
}

// queryFault sorts the errors of the engine as Prometheus' API does.
func queryFault(err error) error {
	var (
		canceled promql.ErrQueryCanceled
		timeout  promql.ErrQueryTimeout
		stored   promql.ErrStorage
	)
	switch {
	case errors.As(err, &canceled), errors.Is(err, context.Canceled):
		return &fault{"canceled", err}
	case errors.As(err, &timeout), errors.Is(err, context.DeadlineExceeded):
		return &fault{"timeout", err}
	case errors.As(err, &stored):
		return &fault{"internal", err}
	}
	return &fault{"execution", err}
}

// queryContext shortens the time of a request to the timeout it names.
func queryContext(req *http.Request) (context.Context, context.CancelFunc, error) {
	text := req.FormValue("timeout")
	if text == "" {
		return req.Context(), func() {}, nil
	}
	d, err := duration(text)
	if err != nil {
		return nil, nil, invalidParameter("timeout", err)
	}
	ctx, cancel := context.WithTimeout(req.Context(), d)
	return ctx, cancel, nil
}

func queryOptions(req *http.Request) (promql.QueryOpts, error) {
	var lookback time.Duration
	if text := req.FormValue("lookback_delta"); text != "" {
		var err error
		if lookback, err = duration(text); err != nil {
			return nil, badData(fmt.Errorf("error parsing lookback delta duration: %w", err))
		}
	}
	return promql.NewPrometheusQueryOpts(false, lookback, nil), nil
}

func expressionOf(req *http.Request) (string, error) {
	q := req.FormValue("query")
	if err := embedded.CheckExpression(q); err != nil {
		return "", invalidParameter("query", err)
	}
	return q, nil
}

func (r *Receiver) instant(req *http.Request) (any, annotations.Annotations, error) {
	at, err := instantOf(req, "time", r.now())
	if err != nil {
		return nil, nil, err
	}
	return r.evaluate(req, func(ctx context.Context, e *promql.Engine, o promql.QueryOpts, q string) (promql.Query, error) {
		return e.NewInstantQuery(ctx, r.store.Queryable(), o, q, at)
	})
}

func (r *Receiver) ranged(req *http.Request) (any, annotations.Annotations, error) {
	start, err := parseInstant(req.FormValue("start"))
	if err != nil {
		return nil, nil, invalidParameter("start", err)
	}
	end, err := parseInstant(req.FormValue("end"))
	if err != nil {
		return nil, nil, invalidParameter("end", err)
	}
	if end.Before(start) {
		return nil, nil, invalidParameter("end", errors.New("end timestamp must not be before start time"))
	}
	step, err := duration(req.FormValue("step"))
	if err != nil {
		return nil, nil, invalidParameter("step", err)
	}
	if step <= 0 {
		return nil, nil, invalidParameter("step", errors.New("zero or negative query resolution step widths are not accepted. Try a positive integer"))
	}
	if end.Sub(start)/step > mostPoints {
		return nil, nil, badData(errors.New("exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query resolution (?step=XX)"))
	}
	return r.evaluate(req, func(ctx context.Context, e *promql.Engine, o promql.QueryOpts, q string) (promql.Query, error) {
		return e.NewRangeQuery(ctx, r.store.Queryable(), o, q, start, end, step)
	})
}

func (r *Receiver) evaluate(req *http.Request, prepare func(context.Context, *promql.Engine, promql.QueryOpts, string) (promql.Query, error)) (any, annotations.Annotations, error) {
	limit, err := limitOf(req)
	if err != nil {
		return nil, nil, err
	}
	expression, err := expressionOf(req)
	if err != nil {
		return nil, nil, err
	}
	options, err := queryOptions(req)
	if err != nil {
		return nil, nil, err
	}
	ctx, cancel, err := queryContext(req)
	if err != nil {
		return nil, nil, err
	}
	defer cancel()
	engine, _ := r.store.PromQL()
	q, err := prepare(ctx, engine, options, expression)
	var sorted *fault
	if err != nil && errors.As(queryFault(err), &sorted) && sorted.kind != "execution" {
		return nil, nil, sorted
	}
	if err != nil {
		return nil, nil, invalidParameter("query", err)
	}
	defer q.Close()
	result := embedded.Run(ctx, q)
	if result.Err != nil {
		return nil, result.Warnings, queryFault(result.Err)
	}
	// The engine takes its points back when the query closes: they are written out first.
	data, cut := appendResult(nil, result.Value, limit)
	if cut {
		result.Warnings.Add(errors.New("results truncated due to limit"))
	}
	return encoded(data), result.Warnings, nil
}

func (r *Receiver) format(req *http.Request) (any, annotations.Annotations, error) {
	tree, err := r.tree(req)
	if err != nil {
		return nil, nil, err
	}
	return tree.Pretty(0), nil, nil
}

// tree reads the expression of a request.
func (r *Receiver) tree(req *http.Request) (parser.Expr, error) {
	expression, err := expressionOf(req)
	if err != nil {
		return nil, err
	}
	_, grammar := r.store.PromQL()
	tree, err := grammar.ParseExpr(expression)
	if err != nil {
		return nil, invalidParameter("query", err)
	}
	return tree, nil
}
