package ingest

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/model/metadata"
	"github.com/prometheus/prometheus/model/timestamp"
	"github.com/prometheus/prometheus/promql/parser"
	"github.com/prometheus/prometheus/storage"
	"github.com/prometheus/prometheus/util/annotations"

	"diapason/internal/telemetry/embedded"
)

// selection is what series, labels and label values ask about.
type selection struct {
	querier  storage.Querier
	matchers [][]*labels.Matcher
	limit    int
	from, to int64
}

func (r *Receiver) selection(req *http.Request) (*selection, error) {
	limit, err := limitOf(req)
	if err != nil {
		return nil, err
	}
	start, err := instantOf(req, "start", time.UnixMilli(earliest))
	if err != nil {
		return nil, err
	}
	end, err := instantOf(req, "end", time.UnixMilli(latest))
	if err != nil {
		return nil, err
	}
	_, grammar := r.store.PromQL()
	matchers, err := selectors(grammar, req.Form["match[]"])
	if err != nil {
		return nil, invalidParameter("match[]", err)
	}
	s := &selection{matchers: matchers, limit: min(limit, mostListed), from: timestamp.FromTime(start), to: timestamp.FromTime(end)}
	if limit == 0 {
		s.limit = mostListed
	}
	if s.querier, err = r.store.Queryable().Querier(s.from, s.to); err != nil {
		return nil, queryFault(err)
	}
	return s, nil
}

func selectors(grammar parser.Parser, texts []string) ([][]*labels.Matcher, error) {
	for _, t := range texts {
		if err := embedded.CheckExpression(t); err != nil {
			return nil, err
		}
	}
	sets, err := grammar.ParseMetricSelectors(texts)
	if err != nil {
		return nil, err
	}
	for _, set := range sets {
		if !slices.ContainsFunc(set, func(m *labels.Matcher) bool { return m != nil && !m.Matches("") }) {
			return nil, errors.New("match[] must contain at least one non-empty matcher")
		}
	}
	return sets, nil
}

var errTruncated = errors.New("results truncated due to limit")

func (r *Receiver) series(req *http.Request) (any, annotations.Annotations, error) {
	if len(req.Form["match[]"]) == 0 {
		return nil, nil, badData(errors.New("no match[] parameter provided"))
	}
	s, err := r.selection(req)
	if err != nil {
		return nil, nil, err
	}
	defer s.querier.Close()
	hints := &storage.SelectHints{Start: s.from, End: s.to, Func: "series", Limit: s.limit + 1}
	sets := make([]storage.SeriesSet, len(s.matchers))
	for i, m := range s.matchers {
		sets[i] = s.querier.Select(req.Context(), len(s.matchers) > 1, hints, m...)
	}
	set := sets[0]
	if len(sets) > 1 {
		set = storage.NewMergeSeriesSet(sets, 0, storage.ChainedSeriesMerge)
	}
	found := []labels.Labels{}
	warnings := annotations.New()
	for set.Next() {
		if len(found) == s.limit {
			warnings.Add(errTruncated)
			break
		}
		if len(found)%1000 == 999 && req.Context().Err() != nil {
			return nil, nil, queryFault(req.Context().Err())
		}
		found = append(found, set.At().Labels())
	}
	if err := set.Err(); err != nil {
		return nil, nil, queryFault(err)
	}
	warnings.Merge(set.Warnings())
	return found, *warnings, nil
}

func (r *Receiver) labelNames(req *http.Request) (any, annotations.Annotations, error) {
	return r.listed(req, func(s *selection, hints *storage.LabelHints, m []*labels.Matcher) ([]string, annotations.Annotations, error) {
		return s.querier.LabelNames(req.Context(), hints, m...)
	})
}

func (r *Receiver) labelValues(req *http.Request) (any, annotations.Annotations, error) {
	name := req.PathValue("name")
	if strings.HasPrefix(name, "U__") {
		name = model.UnescapeName(name, model.ValueEncodingEscaping)
	}
	if !model.UTF8Validation.IsValidLabelName(name) {
		return nil, nil, badData(fmt.Errorf("invalid label name: %q", name))
	}
	return r.listed(req, func(s *selection, hints *storage.LabelHints, m []*labels.Matcher) ([]string, annotations.Annotations, error) {
		return s.querier.LabelValues(req.Context(), name, hints, m...)
	})
}

func (r *Receiver) listed(req *http.Request, list func(*selection, *storage.LabelHints, []*labels.Matcher) ([]string, annotations.Annotations, error)) (any, annotations.Annotations, error) {
	s, err := r.selection(req)
	if err != nil {
		return nil, nil, err
	}
	defer s.querier.Close()
	if len(s.matchers) == 0 {
		s.matchers = [][]*labels.Matcher{nil}
	}
	all := []string{}
	warnings := annotations.New()
	for _, m := range s.matchers {
		found, w, err := list(s, &storage.LabelHints{Limit: s.limit + 1}, m)
		if err != nil {
			return nil, nil, queryFault(err)
		}
		warnings.Merge(w)
		all = append(all, found...)
	}
	slices.Sort(all)
	all = slices.Compact(all)
	if len(all) > s.limit {
		all = all[:s.limit]
		warnings.Add(errTruncated)
	}
	return all, *warnings, nil
}

func (r *Receiver) metadata(req *http.Request) (any, annotations.Annotations, error) {
	limit := -1
	if text := req.FormValue("limit"); text != "" {
		var err error
		if limit, err = strconv.Atoi(text); err != nil {
			return nil, nil, badData(errors.New("limit must be a number"))
		}
	}
	only := req.FormValue("metric")
	out := map[string][]metadata.Metadata{}
	r.known.all(func(family string, m metadata.Metadata) bool {
		if limit >= 0 && len(out) >= limit {
			return false
		}
		if only == "" || only == family {
			out[family] = []metadata.Metadata{m}
		}
		return true
	})
	return out, nil, nil
}
