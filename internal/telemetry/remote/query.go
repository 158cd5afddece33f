package remote

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode"

	"diapason/internal/telemetry"
)

// pointsAtOnce is how many instants one call asks about: servers refuse more than 11 000.
const pointsAtOnce = 10_000

// maxPoints is the most that one call of Range asks about: almost two years of minutes.
const maxPoints = 1_000_000

// Range asks the server as the telemetry.Querier says. A long range is asked for in
// pieces; all of them must give the same one series.
//
// Caches that shift the instants asked about (VictoriaMetrics) and answers that leave
// parts of the data out (Thanos) are declined.
func (s *Server) Range(ctx context.Context, expression string, from, to time.Time, step time.Duration) (telemetry.Answer, error) {
	a := telemetry.Answer{Engine: telemetry.Engine{Where: s.Where()}}
	if err := telemetry.CheckRange(from, to, step); err != nil {
		return a, err
	}
	if n := to.Sub(from) / step; n >= maxPoints {
		return a, fmt.Errorf("%w: %d instants were asked for, at most %d are answered at once", telemetry.ErrLimit, n+1, maxPoints)
	}
	var err error
	if a.Engine, err = s.Engine(ctx); err != nil {
		return a, err
	}
	var labels map[string]string
	for start := from; !start.After(to); start = start.Add(pointsAtOnce * step) {
		end := start.Add((pointsAtOnce - 1) * step)
		if end.After(to) {
			end = to
		}
		part, warnings, err := s.piece(ctx, expression, start, end, step)
		if err != nil {
			return a, err
		}
		a.Warnings = append(a.Warnings, warnings...)
		if part == nil {
			continue
		}
		if labels != nil && !maps.Equal(labels, part.Metric) {
			return a, fmt.Errorf("%w: %v and %v; aggregate it, for example with sum(…)", telemetry.ErrManySeries, labels, part.Metric)
		}
		labels = part.Metric
		points, err := part.points(start, end, step)
		if err != nil {
			return a, err
		}
		a.Points = append(a.Points, points...)
	}
	return a, nil
}

// series is one series of a matrix as it comes over the wire.
type series struct {
	Metric     map[string]string `json:"metric"`
	Values     []sample          `json:"values"`
	Histograms json.RawMessage   `json:"histograms"`
}

// sample is [seconds, "value"].
type sample struct {
	at    float64
	value float64
}

// UnmarshalJSON reads exactly two elements: a number and a number in quotes.
func (s *sample) UnmarshalJSON(data []byte) error {
	var pair []json.RawMessage
	if err := json.Unmarshal(data, &pair); err != nil {
		return err
	}
	if len(pair) != 2 {
		return fmt.Errorf("a sample of %d parts instead of an instant and a value", len(pair))
	}
	var text string
	if err := json.Unmarshal(pair[0], &s.at); err != nil {
		return err
	}
	if err := json.Unmarshal(pair[1], &text); err != nil {
		return err
	}
	v, err := strconv.ParseFloat(text, 64)
	s.value = v
	return err
}

func (s *Server) piece(ctx context.Context, expression string, from, to time.Time, step time.Duration) (*series, []string, error) {
	form := url.Values{
		"query": {expression}, "start": {seconds(from)}, "end": {seconds(to)}, "step": {strconv.FormatFloat(step.Seconds(), 'f', -1, 64)},
		"timeout": {strconv.FormatFloat(s.options.Timeout.Seconds(), 'f', -1, 64) + "s"},
		"nocache": {"1"}, "partial_response": {"false"},
	}
	var data struct {
		ResultType string   `json:"resultType"`
		Result     []series `json:"result"`
	}
	reply, err := s.post(ctx, "/api/v1/query_range", form, &data)
	if err != nil {
		return nil, nil, err
	}
	switch {
	case data.ResultType != "matrix":
		return nil, nil, fmt.Errorf("%w: a result of type %q where a matrix was asked for", telemetry.ErrNonsense, clip(data.ResultType))
	case len(data.Result) > 1:
		return nil, nil, fmt.Errorf("%w: %v, %v and %d more; aggregate it, for example with sum(…)", telemetry.ErrManySeries, data.Result[0].Metric, data.Result[1].Metric, len(data.Result)-2)
	case len(data.Result) == 0:
		return nil, reply.warnings, nil
	case len(data.Result[0].Histograms) > 0:
		return nil, nil, fmt.Errorf("%w: it yields histograms, not numbers; take histogram_quantile or histogram_fraction of it", telemetry.ErrExpression)
	}
	return &data.Result[0], reply.warnings, nil
}

func seconds(t time.Time) string { return strconv.FormatFloat(float64(t.UnixMilli())/1000, 'f', 3, 64) }

// points checks that a series has values at instants that were asked about only, in order.
func (s *series) points(from, to time.Time, step time.Duration) ([]telemetry.Point, error) {
	out := make([]telemetry.Point, 0, len(s.Values))
	first, last, each := from.UnixMilli(), to.UnixMilli(), step.Milliseconds()
	before := int64(math.MinInt64)
	for _, v := range s.Values {
		if math.IsNaN(v.at) || math.Abs(v.at) > 1e13 {
			return nil, fmt.Errorf("%w: a value at no instant", telemetry.ErrNonsense)
		}
		ms := int64(math.Round(v.at * 1000))
		if ms < first || ms > last || (ms-first)%each != 0 || ms <= before {
			return nil, fmt.Errorf("%w: a value at %s, which was not asked about (from %s every %s) or comes twice", telemetry.ErrNonsense,
				time.UnixMilli(ms).UTC().Format(time.RFC3339), from.UTC().Format(time.RFC3339), step)
		}
		before = ms
		out = append(out, telemetry.Point{At: time.UnixMilli(ms).UTC(), Value: v.value})
	}
	return out, nil
}

// reply is what came with an answer.
type reply struct {
	status   int
	server   string // the header Server
	warnings []string
}

func (s *Server) get(ctx context.Context, path string, query url.Values, data any) (*reply, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, s.address(path)+"?"+query.Encode(), nil)
	if err != nil {
		return nil, err
	}
	return s.do(r, data)
}

func (s *Server) post(ctx context.Context, path string, form url.Values, data any) (*reply, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, s.address(path), strings.NewReader(form.Encode()))
	if err != nil {
		return nil, err
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return s.do(r, data)
}

func (s *Server) address(path string) string { return s.base.String() + path }

// do sends a request and reads the envelope of its answer.
func (s *Server) do(r *http.Request, data any) (*reply, error) {
	if err := s.sign(r); err != nil {
		return nil, fmt.Errorf("%w: %w", telemetry.ErrUnavailable, err)
	}
	answer, err := s.client.Do(r)
	if err != nil {
		return nil, s.failure(r.Context(), err)
	}
	defer answer.Body.Close()
	back := &reply{status: answer.StatusCode, server: answer.Header.Get("Server")}
	body, err := io.ReadAll(io.LimitReader(answer.Body, s.options.MaxBytes+1))
	if err != nil {
		return back, s.failure(r.Context(), err)
	}
	if int64(len(body)) > s.options.MaxBytes {
		return back, fmt.Errorf("%w: %s answers more than %d MB", telemetry.ErrLimit, s.Where(), s.options.MaxBytes>>20)
	}
	return back, s.envelope(back, answer, body, data)
}

// envelope takes the data out of {"status": "success", "data": …}.
func (s *Server) envelope(back *reply, answer *http.Response, body []byte, data any) error {
	nonsense := func(why string, args ...any) error {
		return fmt.Errorf("%w: %s answers %s", telemetry.ErrNonsense, s.Where(), fmt.Sprintf(why, args...))
	}
	switch answer.StatusCode {
	case http.StatusUnauthorized, http.StatusForbidden, http.StatusProxyAuthRequired:
		return fmt.Errorf("%w: %s refuses the credentials (%s)", telemetry.ErrUnavailable, s.Where(), answer.Status)
	case http.StatusTooManyRequests:
		return fmt.Errorf("%w: %s is asked too often (%s)", telemetry.ErrUnavailable, s.Where(), answer.Status)
	}
	if answer.StatusCode/100 == 3 {
		return nonsense("with a redirect to %s; give its final address", clip(answer.Header.Get("Location")))
	}
	kind, _, _ := mime.ParseMediaType(answer.Header.Get("Content-Type"))
	var e struct {
		Status    string          `json:"status"`
		Data      json.RawMessage `json:"data"`
		ErrorType string          `json:"errorType"`
		Error     string          `json:"error"`
		Warnings  []string        `json:"warnings"`
	}
	if kind != "application/json" || json.Unmarshal(body, &e) != nil || e.Status != "success" && e.Status != "error" {
		if answer.StatusCode >= 500 {
			return fmt.Errorf("%w: %s answers %s", telemetry.ErrUnavailable, s.Where(), answer.Status)
		}
		return nonsense("%s with %s: %s", answer.Status, clip(cmp.Or(kind, "no content type")), clip(string(body)))
	}
	if e.Status == "error" {
		return s.refusal(answer.StatusCode, e.ErrorType, e.Error)
	}
	if answer.StatusCode != http.StatusOK {
		return nonsense("%s and success in one", answer.Status)
	}
	if len(e.Data) == 0 || bytes.Equal(e.Data, []byte("null")) {
		return nonsense("success without data")
	}
	if err := json.Unmarshal(e.Data, data); err != nil {
		return nonsense("data of another shape: %v", err)
	}
	back.warnings = e.Warnings
	return nil
}

// refusal sorts the error types of Prometheus' API (web/api/v1, errorType).
func (s *Server) refusal(status int, kind, message string) error {
	sentinel := telemetry.ErrExpression
	switch kind {
	case "timeout", "canceled", "cost_limit":
		sentinel = telemetry.ErrLimit
	case "internal", "unavailable", "server_error", "too_many_requests":
		sentinel = telemetry.ErrUnavailable
	case "bad_data", "execution":
		for _, word := range []string{"too many samples", "maximum resolution", "limit", "timed out", "timeout"} {
			if strings.Contains(message, word) {
				sentinel = telemetry.ErrLimit
			}
		}
	default: // VictoriaMetrics gives the status as the type
		if status >= 500 {
			sentinel = telemetry.ErrUnavailable
		}
	}
	return fmt.Errorf("%w: %s says: %s", sentinel, s.Where(), clip(message))
}

// failure is an error of the connection, without the credentials that a URL might hold.
func (s *Server) failure(ctx context.Context, err error) error {
	if errors.Is(ctx.Err(), context.Canceled) {
		return ctx.Err()
	}
	var address *url.Error
	if errors.As(err, &address) {
		err = address.Err
	}
	return fmt.Errorf("%w: %s: %w", telemetry.ErrUnavailable, s.Where(), err)
}

func (s *Server) sign(r *http.Request) error {
	for name, value := range s.options.Headers {
		r.Header.Set(name, value)
	}
	r.Header.Set("Accept", "application/json")
	r.Header.Set("User-Agent", "diapason")
	switch {
	case s.options.User != "" || s.options.Password.Given():
		password, err := s.options.Password.read()
		if err != nil {
			return err
		}
		r.SetBasicAuth(s.options.User, password)
	case s.options.Token.Given():
		token, err := s.options.Token.read()
		if err != nil {
			return err
		}
		r.Header.Set("Authorization", "Bearer "+token)
	}
	return nil
}

// clip keeps what a stranger says short and printable.
func clip(s string) string {
	s = strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return ' '
		}
		return r
	}, s)
	if r := []rune(s); len(r) > 200 {
		return string(r[:200]) + "…"
	}
	return s
}
