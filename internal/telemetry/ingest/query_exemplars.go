package ingest

import (
	"errors"
	"net/http"
	"time"

	"github.com/prometheus/prometheus/model/exemplar"
	"github.com/prometheus/prometheus/model/timestamp"
	"github.com/prometheus/prometheus/promql/parser"
	"github.com/prometheus/prometheus/util/annotations"
)

// exemplars answers query_exemplars: the examples of the series that an expression
// selects, as far as they are still in memory.
func (r *Receiver) exemplars(req *http.Request) (any, annotations.Annotations, error) {
	start, err := instantOf(req, "start", time.UnixMilli(earliest))
	if err != nil {
		return nil, nil, err
	}
	end, err := instantOf(req, "end", time.UnixMilli(latest))
	if err != nil {
		return nil, nil, err
	}
	if end.Before(start) {
		return nil, nil, badData(errors.New("end timestamp must not be before start timestamp"))
	}
	tree, err := r.tree(req)
	if err != nil {
		return nil, nil, err
	}
	selectors := parser.ExtractSelectors(tree)
	if len(selectors) == 0 {
		return []any{}, nil, nil
	}
	querier, err := r.store.Exemplars().ExemplarQuerier(req.Context())
	if err != nil {
		return nil, nil, queryFault(err)
	}
	found, err := querier.Select(timestamp.FromTime(start), timestamp.FromTime(end), selectors...)
	if err != nil {
		return nil, nil, queryFault(err)
	}
	return encoded(appendExemplars(nil, found)), nil, nil
}

// appendExemplars writes exemplars as Prometheus does.
func appendExemplars(b []byte, series []exemplar.QueryResult) []byte {
	b = append(b, '[')
	for i, s := range series {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(appendLabels(append(b, `{"seriesLabels":`...), s.SeriesLabels), `,"exemplars":[`...)
		for n, e := range s.Exemplars {
			if n > 0 {
				b = append(b, ',')
			}
			b = appendLabels(append(b, `{"labels":`...), e.Labels)
			b = append(appendValue(append(b, `,"value":"`...), e.Value), `","timestamp":`...)
			b = append(appendSeconds(b, e.Ts), '}')
		}
		b = append(b, "]}"...)
	}
	return append(b, ']')
}
