package ingest

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql"
	"github.com/prometheus/prometheus/promql/parser"
	"github.com/prometheus/prometheus/util/annotations"
)

// encoded is JSON that is ready.
type encoded []byte

// MarshalJSON gives it as it is.
func (e encoded) MarshalJSON() ([]byte, error) { return e, nil }

// Statuses of the error types of Prometheus' API.
var statusOf = map[string]int{
	"bad_data": http.StatusBadRequest, "execution": http.StatusUnprocessableEntity, "canceled": 499,
	"timeout": http.StatusServiceUnavailable, "internal": http.StatusInternalServerError,
}

func writeFault(w http.ResponseWriter, err error) {
	f := &fault{"internal", err}
	errors.As(err, &f)
	body, _ := json.Marshal(map[string]string{"status": "error", "errorType": f.kind, "error": f.Error()})
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(statusOf[f.kind])
	_, _ = w.Write(body)
}

func writeSuccess(w http.ResponseWriter, data any, notes annotations.Annotations, query string) {
	warnings, infos := notes.AsStrings(query, 10, 10)
	part, ready := data.(encoded)
	if !ready {
		var err error
		if part, err = json.Marshal(data); err != nil {
			writeFault(w, err)
			return
		}
	}
	w.Header().Set("Content-Type", "application/json")
	body := append([]byte(`{"status":"success","data":`), part...)
	for _, list := range []struct {
		name  string
		texts []string
	}{{"warnings", warnings}, {"infos", infos}} {
		if len(list.texts) > 0 {
			texts, _ := json.Marshal(list.texts)
			body = append(append(append(append(body, `,"`...), list.name...), `":`...), texts...)
		}
	}
	_, _ = w.Write(append(body, '}'))
}

// appendResult writes {"resultType": …, "result": …}, at most limit series (0: all).
func appendResult(b []byte, v parser.Value, limit int) (_ []byte, cut bool) {
	b = append(append(append(b, `{"resultType":"`...), v.Type()...), `","result":`...)
	switch v := v.(type) {
	case promql.Matrix:
		if limit > 0 && len(v) > limit {
			v, cut = v[:limit], true
		}
		b = append(b, '[')
		for i, s := range v {
			if i > 0 {
				b = append(b, ',')
			}
			b = appendSeries(b, s)
		}
		b = append(b, ']')
	case promql.Vector:
		if limit > 0 && len(v) > limit {
			v, cut = v[:limit], true
		}
		b = append(b, '[')
		for i, s := range v {
			if i > 0 {
				b = append(b, ',')
			}
			b = appendLabels(append(b, `{"metric":`...), s.Metric)
			if s.H != nil {
				b = appendJSON(append(b, `,"histogram":`...), promql.HPoint{T: s.T, H: s.H})
			} else {
				b = appendPoint(append(b, `,"value":`...), s.T, s.F)
			}
			b = append(b, '}')
		}
		b = append(b, ']')
	case promql.Scalar:
		b = appendPoint(b, v.T, v.V)
	default: // promql.String
		b = appendJSON(b, v)
	}
	return append(b, '}'), cut
}

func appendSeries(b []byte, s promql.Series) []byte {
	b = appendLabels(append(b, `{"metric":`...), s.Metric)
	if len(s.Floats) > 0 {
		b = append(b, `,"values":[`...)
		for i, p := range s.Floats {
			if i > 0 {
				b = append(b, ',')
			}
			b = appendPoint(b, p.T, p.F)
		}
		b = append(b, ']')
	}
	if len(s.Histograms) > 0 {
		b = appendJSON(append(b, `,"histograms":`...), s.Histograms)
	}
	return append(b, '}')
}

func appendLabels(b []byte, l labels.Labels) []byte { return appendJSON(b, l) }

func appendJSON(b []byte, v any) []byte {
	data, err := json.Marshal(v)
	if err != nil {
		return append(b, "null"...)
	}
	return append(b, data...)
}

// appendPoint writes [seconds, "value"] as Prometheus does.
func appendPoint(b []byte, ms int64, v float64) []byte {
	b = appendSeconds(append(b, '['), ms)
	return append(appendValue(append(b, `,"`...), v), `"]`...)
}

func appendValue(b []byte, v float64) []byte {
	format := byte('f')
	if a := math.Abs(v); a != 0 && (a < 1e-6 || a >= 1e21) {
		format = 'e'
	}
	return strconv.AppendFloat(b, v, format, -1, 64)
}

func appendSeconds(b []byte, ms int64) []byte {
	if ms < 0 {
		b, ms = append(b, '-'), -ms
	}
	b = strconv.AppendInt(b, ms/1000, 10)
	if rest := ms % 1000; rest > 0 {
		b = append(b, '.')
		if rest < 100 {
			b = append(b, '0')
		}
		if rest < 10 {
			b = append(b, '0')
		}
		b = strconv.AppendInt(b, rest, 10)
	}
	return b
}

// Times before and after all samples, in milliseconds.
const (
	earliest = math.MinInt64 / 4
	latest   = math.MaxInt64 / 4
)

func instantOf(req *http.Request, name string, otherwise time.Time) (time.Time, error) {
	text := req.FormValue(name)
	if text == "" {
		return otherwise, nil
	}
	t, err := parseInstant(text)
	if err != nil {
		return t, invalidParameter(name, fmt.Errorf("invalid time value for '%s': %w", name, err))
	}
	return t, nil
}

// parseInstant reads seconds since 1970, with a fraction, or RFC 3339.
func parseInstant(text string) (time.Time, error) {
	if s, err := strconv.ParseFloat(text, 64); err == nil && math.Abs(s) < 1e13 {
		whole, part := math.Modf(s)
		return time.Unix(int64(whole), int64(math.Round(part*1000)/1000*float64(time.Second))).UTC(), nil
	}
	if t, err := time.Parse(time.RFC3339Nano, text); err == nil {
		return t, nil
	}
	return time.Time{}, fmt.Errorf("cannot parse %q to a valid timestamp", text)
}

// duration reads seconds, with a fraction, or Prometheus' durations such as 5m.
func duration(text string) (time.Duration, error) {
	if s, err := strconv.ParseFloat(text, 64); err == nil {
		ns := s * float64(time.Second)
		if math.IsNaN(ns) || ns >= math.MaxInt64 || ns < math.MinInt64 {
			return 0, fmt.Errorf("cannot parse %q to a valid duration. It overflows int64", text)
		}
		return time.Duration(ns), nil
	}
	if d, err := model.ParseDuration(text); err == nil {
		return time.Duration(d), nil
	}
	return 0, fmt.Errorf("cannot parse %q to a valid duration", text)
}

func limitOf(req *http.Request) (int, error) {
	text := req.FormValue("limit")
	if text == "" {
		return 0, nil
	}
	n, err := strconv.Atoi(text)
	if err == nil && n < 0 {
		err = errors.New("limit must be non-negative")
	}
	if err != nil {
		return 0, invalidParameter("limit", err)
	}
	return n, nil
}
