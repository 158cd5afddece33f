package ingest_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"

	"diapason/internal/telemetry"
	"diapason/internal/telemetry/ingest"
	"diapason/internal/telemetry/promtest"
	"diapason/internal/telemetry/remote"
)

// shop are two hours of a shop: a counter by code, a histogram, a gauge. Samples lie off
// the full minute: Prometheus 3 takes the start of a window out of it, Prometheus 2, which
// Debian has, does not.
func shop(now time.Time) []telemetry.Sample {
	var out []telemetry.Sample
	for i := range 240 {
		at := now.Add(-2*time.Hour + time.Duration(i)*30*time.Second + 7*time.Second)
		for c, code := range []string{"200", "404", "500"} {
			out = append(out, gauge("http_requests_total", at, float64(i*(100-c*40)%7000), "code", code, "job", "shop"))
		}
		for n, le := range []string{"0.1", "0.5", "+Inf"} {
			out = append(out, gauge("latency_seconds_bucket", at, float64(i*(n+1)*10), "le", le, "job", "shop"))
		}
		out = append(out, gauge("temperature", at, 20+math.Sin(float64(i)/9)*1e-7, "room", "<été & hiver>"))
	}
	return out
}

type envelope struct {
	Status    string   `json:"status"`
	Data      any      `json:"data"`
	ErrorType string   `json:"errorType"`
	Error     string   `json:"error"`
	Warnings  []string `json:"warnings"`
}

func ask(t testing.TB, method, base, path string, form url.Values) (int, envelope) {
	t.Helper()
	var a *http.Response
	var err error
	if method == http.MethodGet {
		a, err = http.Get(base + "/api/v1/" + path + "?" + form.Encode())
	} else {
		a, err = http.PostForm(base+"/api/v1/"+path, form)
	}
	if err != nil {
		t.Fatal(err)
	}
	defer a.Body.Close()
	body, _ := io.ReadAll(a.Body)
	var e envelope
	if err := json.Unmarshal(body, &e); err != nil {
		t.Fatalf("%s %s: %s: %s", path, form, a.Status, body)
	}
	return a.StatusCode, e
}

// same compares what JSON holds; texts that are numbers may differ in the last digit.
func same(a, b any) bool {
	switch a := a.(type) {
	case []any:
		b, ok := b.([]any)
		if !ok || len(a) != len(b) {
			return false
		}
		for i := range a {
			if !same(a[i], b[i]) {
				return false
			}
		}
		return true
	case map[string]any:
		b, ok := b.(map[string]any)
		if !ok || len(a) != len(b) {
			return false
		}
		for k := range a {
			if !same(a[k], b[k]) {
				return false
			}
		}
		return true
	case string:
		b, ok := b.(string)
		x, err1 := strconv.ParseFloat(a, 64)
		y, err2 := strconv.ParseFloat(b, 64)
		if err1 == nil && err2 == nil {
			return x == y || math.IsNaN(x) && math.IsNaN(y) || math.Abs(x-y) <= 1e-12*math.Abs(y)
		}
		return ok && a == b
	}
	return reflect.DeepEqual(a, b)
}

func TestQueriesAreAnsweredAsByPrometheus(t *testing.T) {
	b := serve(t)
	there := promtest.Start(t, "--query.max-samples=500000")
	here := b.URL + ingest.PathQuery
	now := time.Now().Truncate(time.Minute)
	samples := shop(now)
	promtest.Write(t, there, samples)
	promtest.Write(t, b.URL, samples)
	at := fmt.Sprint(now.Unix())
	from, to := fmt.Sprint(now.Add(-90*time.Minute).Unix()), at
	instant := func(q string, more ...string) url.Values {
		return values(append([]string{"query", q, "time", at}, more...)...)
	}
	ranged := func(q string, more ...string) url.Values {
		return values(append([]string{"query", q, "start", from, "end", to, "step", "60"}, more...)...)
	}
	type question struct {
		path string
		form url.Values
	}
	var questions []question
	for _, q := range []string{
		"http_requests_total", `http_requests_total{code=~"2.."}`, "sum by (code) (rate(http_requests_total[5m]))",
		"sum(increase(http_requests_total[1h]))", "histogram_quantile(0.9, sum by (le) (rate(latency_seconds_bucket[10m])))",
		"topk(2, http_requests_total)", "bottomk(1, http_requests_total)", "count_values(\"v\", http_requests_total > bool 1)",
		"temperature", "temperature offset 5m", "temperature @ " + from, "avg_over_time(temperature[10m])", "deriv(temperature[10m])",
		"predict_linear(temperature[10m], 3600)", "changes(temperature[10m])", "quantile_over_time(0.5, temperature[20m])",
		"label_replace(http_requests_total, \"class\", \"$1xx\", \"code\", \"(.)..\")", "label_join(http_requests_total, \"x\", \"-\", \"job\", \"code\")",
		"absent(nothing)", "absent_over_time(nothing[5m])", "nothing", "1 + 2", "1 / 0", "0 / 0", "-1 / 0", "vector(time())", "scalar(temperature)", "1e-9", "1e30", "12345678.9",
		`http_requests_total{code="200"} / on(job) http_requests_total{code="404"}`, "http_requests_total and on(code) http_requests_total{code=\"500\"}",
		"http_requests_total unless http_requests_total{code=\"200\"}", "http_requests_total or temperature", "sort_desc(http_requests_total)",
		"max_over_time(sum(rate(http_requests_total[2m]))[30m:70s])", "stddev(http_requests_total)", "group(http_requests_total)",
		"clamp(temperature, 0, 20)", "round(temperature, 0.5)", "hour()", "day_of_week(vector(0))", "minute(temperature)", "resets(http_requests_total[1h])",
		"sum(", "rate(temperature)", "unknown(temperature)", "http_requests_total[5m] + 1", "http_requests_total + on() http_requests_total", "{}", "", "sum(temperature) by (",
		"temperature > 5 < ", "max_over_time(vector(1)[300d:1s])",
	} {
		questions = append(questions, question{"query", instant(q)}, question{"query_range", ranged(q)})
	}
	questions = append(questions,
		question{"query", instant("temperature[3m]")}, question{"query", instant(`"a text"`)},
		question{"query", values("query", "temperature", "time", "nonsense")}, question{"query", values("query", "temperature", "time", now.UTC().Format(time.RFC3339))},
		question{"query", instant("temperature", "timeout", "nonsense")}, question{"query", instant("temperature", "timeout", "5s")},
		question{"query_range", values("query", "temperature")}, question{"query_range", values("query", "temperature", "start", to, "end", from, "step", "60")},
		question{"query_range", values("query", "temperature", "start", from, "end", to, "step", "0")}, question{"query_range", values("query", "temperature", "start", from, "end", to, "step", "-1")},
		question{"query_range", values("query", "temperature", "start", from, "end", to, "step", "0.1")}, question{"query_range", values("query", "temperature", "start", from, "end", to, "step", "1m30s")},
		question{"query_range", values("query", "temperature", "start", from, "end", to, "step", "x")}, question{"query_range", values("query", "temperature", "start", from+".5", "end", to, "step", "60")},
		question{"series", values("match[]", "http_requests_total")}, question{"series", values("match[]", `{code="200"}`, "match[]", "temperature", "match[]", `{job="shop"}`)},
		question{"series", values("match[]", "nothing")}, question{"series", values()}, question{"series", values("match[]", "{}")}, question{"series", values("match[]", `{x=~".*"}`)}, question{"series", values("match[]", "sum(")},
		question{"series", values("match[]", "temperature", "start", "0", "end", "1")}, question{"series", values("match[]", "temperature", "start", from, "end", to)},
		question{"labels", values()}, question{"labels", values("match[]", "temperature")}, question{"labels", values("match[]", "temperature", "match[]", "http_requests_total")}, question{"labels", values("match[]", "nothing")}, question{"labels", values("start", "x")},
		question{"label/code/values", values()}, question{"label/__name__/values", values()}, question{"label/room/values", values("match[]", "temperature")}, question{"label/nothing/values", values()},
		question{"label/code/values", values("match[]", "nothing")}, question{"label/code/values", values("match[]", `http_requests_total{code!="500"}`, "match[]", "temperature")},
		question{"metadata", values()}, question{"metadata", values("limit", "x")}, question{"format_query", values("query", "sum  by(code)(rate(temperature[5m]))")}, question{"format_query", values("query", "sum(")},
		question{"query_exemplars", values("query", "temperature", "start", from, "end", to)}, question{"rules", values()}, question{"alerts", values()},
	)
	for _, q := range questions {
		for _, method := range []string{http.MethodGet, http.MethodPost} {
			if method == http.MethodPost && (strings.HasPrefix(q.path, "label/") || q.path == "metadata" || q.path == "rules" || q.path == "alerts" || q.path == "format_query" && false) {
				continue
			}
			s1, a := ask(t, method, here, q.path, q.form)
			s2, b := ask(t, method, there, q.path, q.form)
			if s1 != s2 || a.Status != b.Status || a.ErrorType != b.ErrorType || !same(a.Data, b.Data) {
				t.Errorf("%s %s %s:\n here %d %.600v\nthere %d %.600v", method, q.path, q.form, s1, a, s2, b)
			}
		}
	}
}

func values(pairs ...string) url.Values {
	v := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		v.Add(pairs[i], pairs[i+1])
	}
	return v
}

func TestListsAreCutAtTheirLimit(t *testing.T) {
	b := serve(t)
	promtest.Write(t, b.URL, shop(time.Now()))
	for path, form := range map[string]url.Values{
		"series": values("match[]", "http_requests_total", "limit", "2"), "label/code/values": values("limit", "2"), "labels": values("limit", "2"),
		"query": values("query", "http_requests_total", "limit", "2"),
	} {
		status, e := ask(t, http.MethodGet, b.URL+ingest.PathQuery, path, form)
		list, _ := e.Data.([]any)
		if m, ok := e.Data.(map[string]any); ok {
			list, _ = m["result"].([]any)
		}
		if status != 200 || len(list) != 2 || len(e.Warnings) != 1 {
			t.Errorf("%s: %d %v", path, status, e)
		}
	}
}

func TestHostileQueriesAreBounded(t *testing.T) {
	b := serve(t)
	promtest.Write(t, b.URL, shop(time.Now()))
	for _, q := range []string{
		"max_over_time(vector(1)[3000d:1s])", "sum_over_time(sum_over_time(vector(1)[1d:1s])[1d:1s])",
		"sum_over_time(" + strings.Repeat("max_over_time(", 20) + "temperature" + strings.Repeat("[1d:1s])", 20) + "[1d:1s])",
		strings.Repeat("1+", 40_000) + "1", strings.Repeat("1+", 4_000) + "1", `count_values("a", {__name__=~".+"}[1y:1s])`, strings.Repeat("x", 1<<20),
		`{__name__=~"` + strings.Repeat("(x+x+)+y", 5000) + `"}`,
	} {
		started := time.Now()
		status, _ := ask(t, http.MethodPost, b.URL+ingest.PathQuery, "query", values("query", q, "timeout", "2s"))
		if d := time.Since(started); d > 10*time.Second {
			t.Errorf("%.60s: %d after %s", q, status, d)
		}
	}
	for _, path := range []string{"admin/tsdb/delete_series", "write", "read", "otlp/v1/metrics", "status/config", "../../api/v1/write"} {
		a, err := http.PostForm(b.URL+ingest.PathQuery+"/api/v1/"+path, values("match[]", "{job=~\".*\"}"))
		if err != nil {
			t.Fatal(err)
		}
		a.Body.Close()
		if a.StatusCode < 400 {
			t.Errorf("%s answers %s: the data source can change something", path, a.Status)
		}
	}
}

func TestAnotherDiapasonCanAskThisOne(t *testing.T) {
	b := serve(t)
	now := time.Now().Truncate(time.Minute)
	promtest.Write(t, b.URL, shop(now))
	c, err := remote.New(remote.Options{URL: b.URL + ingest.PathQuery})
	if err != nil {
		t.Fatal(err)
	}
	a, err := c.Range(context.Background(), "sum(increase(http_requests_total[1m]))", now.Add(-time.Hour), now, time.Minute)
	if err != nil || len(a.Points) != 61 || !strings.HasPrefix(a.Engine.Version, "3.") {
		t.Errorf("%d points, %+v, %v", len(a.Points), a.Engine, err)
	}
}

func TestListedTargetsAreScraped(t *testing.T) {
	b := serve(t)
	shop := http.NewServeMux()
	shop.HandleFunc("/metrics", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, "# HELP orders_total Orders.\n# TYPE orders_total counter\norders_total 42\n")
	})
	target := newServer(t, shop)
	gone := newServer(t, nil)
	gone.Close()
	file := targetsFile(t, `
global: {scrape_interval: 1s, scrape_timeout: 1s}
scrape_configs:
- job_name: shop
  static_configs: [{targets: ["`+strings.TrimPrefix(target.URL, "http://")+`"], labels: {site: paris}}]
- job_name: gone
  static_configs: [{targets: ["`+strings.TrimPrefix(gone.URL, "http://")+`"]}]
`)
	targets, err := ingest.ReadTargets(file)
	if err != nil || targets.Len() != 2 {
		t.Fatal(targets, err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- b.receiver.Scrape(ctx, targets) }()
	until(t, func() bool {
		return len(b.value(t, `orders_total{job="shop",site="paris"} == 42`, time.Now())) == 1 && len(b.value(t, `up{job="gone"} == 0`, time.Now())) == 1
	})
	_, e := ask(t, http.MethodGet, b.URL+ingest.PathQuery, "metadata", values("metric", "orders_total"))
	if !strings.Contains(fmt.Sprint(e.Data), "Orders.") {
		t.Errorf("%v", e.Data)
	}
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

func TestTargetsThatCannotBeScrapedAreRefused(t *testing.T) {
	for name, text := range map[string]string{
		"no target":            "scrape_configs: []",
		"a target to discover": "scrape_configs: [{job_name: a, kubernetes_sd_configs: [{role: pod}]}]",
		"a target by DNS":      "scrape_configs: [{job_name: a, dns_sd_configs: [{names: [a]}]}]",
		"rules":                "rule_files: [a.yml]\nscrape_configs: [{job_name: a, static_configs: [{targets: [b]}]}]",
		"remote write":         "remote_write: [{url: 'http://a'}]\nscrape_configs: [{job_name: a, static_configs: [{targets: [b]}]}]",
		"a word unknown":       "scrape_config: []",
		"no YAML":              "{{",
	} {
		if _, err := ingest.ReadTargets(targetsFile(t, text)); err == nil {
			t.Errorf("%s is taken", name)
		}
	}
	if _, err := ingest.ReadTargets(filepath.Join(t.TempDir(), "none.yml")); err == nil {
		t.Error("a file that is not there is taken")
	}
}

func targetsFile(t *testing.T, text string) string {
	file := filepath.Join(t.TempDir(), "targets.yml")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}
