package ingest_test

import (
	"fmt"
	"math"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"diapason/internal/telemetry"
	"diapason/internal/telemetry/ingest"
	"diapason/internal/telemetry/promtest"
)

// fleet are two hours of three machines, every 10 s: memory by type, processor time that
// starts again now and then, disks, a nightly job, times of answers as a histogram, and a
// metric that comes and goes. Samples lie off the full second, see shop.
func fleet(now time.Time) []telemetry.Sample {
	var out []telemetry.Sample
	start := now.Add(-2 * time.Hour)
	for i := range 720 {
		at := start.Add(time.Duration(i)*10*time.Second + 3*time.Second + 137*time.Millisecond)
		x := float64(i)
		for m, machine := range []string{"host-a:9100", "host-b:9100", "host-c:9100"} {
			k := float64(m + 1)
			put := func(name string, v float64, labels ...string) {
				out = append(out, gauge(name, at, v, append([]string{"instance", machine, "job", "fleet"}, labels...)...))
			}
			for n, kind := range []string{"free", "used", "cached", "buffers"} {
				put("fleet_memory_bytes", math.Round(1e9*k*(2+math.Sin(x/40+float64(n)))), "type", kind)
			}
			for n, mode := range []string{"idle", "system", "user"} {
				put("fleet_cpu_seconds_total", math.Mod(x*k*(float64(n)+0.5), 2500), "mode", mode)
			}
			put("fleet_cpus", 4*k)
			put("fleet_disk_bytes", 1e10+x*k*1e6)
			put("fleet_job_last_success_timestamp_seconds", math.Floor(float64(at.Unix())/300)*300)
			for n, le := range []string{"0.1", "0.25", "0.5", "1", "+Inf"} {
				put("fleet_answer_seconds_bucket", math.Floor(x*k*float64(n+1)/3), "le", le, "path", "/api")
			}
			put("fleet_answer_seconds_count", math.Floor(x*k*5/3), "path", "/api")
			if m == 0 && i%60 < 30 {
				put("fleet_sometimes", x)
			}
		}
		if i%60 == 30 {
			out = append(out, gauge("fleet_sometimes", at, math.Float64frombits(0x7ff0000000000002), "instance", "host-a:9100", "job", "fleet"))
		}
	}
	return out
}

// publicQueries are questions over fleet of every kind that the query set of the
// Prometheus project's compliance tests asks (promql/promql-test-queries.yml), with the
// same operators, functions, ranges and offsets in their places.
func publicQueries() []string {
	places := map[string][]string{
		"<range>": {"1s", "15s", "1m", "5m", "15m", "1h"}, "<offset>": {"1m", "5m", "10m"}, "<quantile>": {"-0.5", "0.1", "0.5", "0.75", "0.9", "0.95", "0.99", "1", "1.5"},
		"<aggregate>": {"sum", "avg", "max", "min", "count", "stddev", "stdvar"}, "<top>": {"topk", "bottomk"},
		"<over>":  {"sum", "avg", "max", "min", "count", "stddev", "stdvar", "absent", "last", "present"},
		"<arith>": {"+", "-", "*", "/", "%", "^", "atan2"}, "<compare>": {"==", "!=", "<", ">", "<=", ">="}, "<binary>": {"+", "-", "*", "/", "%", "^", "==", "!=", "<", ">", "<=", ">="},
		"<math>": {"abs", "ceil", "floor", "exp", "sqrt", "ln", "log2", "log10", "round", "sgn", "sin", "cos", "atan", "deg", "rad"},
		"<rate>": {"delta", "rate", "increase"}, "<last>": {"idelta", "irate"},
		"<clamp>": {"clamp_min", "clamp_max"},
		"<date>":  {"day_of_month", "day_of_week", "day_of_year", "days_in_month", "hour", "minute", "month", "year"},
	}
	var out []string
	var fill func(q string)
	fill = func(q string) {
		for place, words := range places {
			if strings.Contains(q, place) {
				for _, w := range words {
					fill(strings.ReplaceAll(q, place, w))
				}
				return
			}
		}
		out = append(out, q)
	}
	for _, q := range strings.Split(strings.TrimSpace(`
7
0.5
.25
4.56e-3
0x1f
Inf
+Inf
-Inf
NaN
fleet_memory_bytes
{__name__="fleet_memory_bytes"}
fleet_memory_bytes{type="used"}
fleet_memory_bytes{type!="used"}
fleet_memory_bytes{instance=~"host-.:9100"}
fleet_memory_bytes{instance=~"host"}
fleet_memory_bytes{instance!~".*b:9100"}
fleet_memory_bytes{type="used", instance!="host-a:9100"}
{type="used", instance!="host-a:9100"}
{__name__=~".*"}
no_such_metric
fleet_memory_bytes offset <offset>
fleet_memory_bytes offset -<offset>
fleet_sometimes
<aggregate>(fleet_memory_bytes)
<aggregate>(no_such_metric)
<aggregate> by() (fleet_memory_bytes)
<aggregate> by(instance) (fleet_memory_bytes)
<aggregate> by(instance, type) (fleet_memory_bytes)
<aggregate> by(no_such_label) (fleet_memory_bytes)
<aggregate> without() (fleet_memory_bytes)
<aggregate> without(instance) (fleet_memory_bytes)
<aggregate> without(instance, type) (fleet_memory_bytes)
<aggregate> without(no_such_label) (fleet_memory_bytes)
<top>(3, fleet_memory_bytes)
<top> by(instance) (2, fleet_memory_bytes)
<top> without(instance) (2, fleet_memory_bytes)
<top> without() (2, fleet_memory_bytes)
quantile(<quantile>, fleet_memory_bytes)
avg(max by(type) (fleet_memory_bytes))
3 * 2 + 5 / 6 - 11 % 2 ^ 2
fleet_cpus + (1 <compare> bool 2)
fleet_memory_bytes <binary> 2.345
fleet_memory_bytes <compare> bool 2.345
2.345 <compare> bool fleet_memory_bytes
0.2345 <binary> fleet_memory_bytes
(3 * 2 + 5 / 6 - (11%7)^2) <binary> fleet_memory_bytes
fleet_memory_bytes <binary> (3 * 2 + 5 / 6 - 11)
timestamp(fleet_memory_bytes * 1)
timestamp(-fleet_memory_bytes)
fleet_memory_bytes <binary> on(instance, job, type) fleet_memory_bytes
sum by(instance, type) (fleet_memory_bytes) <binary> on(instance, type) group_left(job) fleet_memory_bytes
fleet_memory_bytes <compare> bool on(instance, job, type) fleet_memory_bytes
fleet_memory_bytes / on(instance, job, type, __name__) fleet_memory_bytes
sum without(job) (fleet_memory_bytes) / on(instance, type) fleet_memory_bytes
sum without(job) (fleet_memory_bytes) / on(instance, type) group_left fleet_memory_bytes
sum without(job) (fleet_memory_bytes) / on(instance, type) group_left(job) fleet_memory_bytes
fleet_memory_bytes / on(instance, job) group_left fleet_cpus
fleet_memory_bytes / on(instance, type, job, no_such_label) fleet_memory_bytes
fleet_memory_bytes / on(job) fleet_memory_bytes
fleet_cpus / on(instance) fleet_memory_bytes
fleet_cpus * Inf
fleet_cpus * -Inf
fleet_cpus * NaN
fleet_memory_bytes + -(1)
-fleet_memory_bytes
-1 ^ 2
1 <arith> time()
time() <arith> 1
time() <compare> bool 1
1 <compare> bool time()
time() <arith> time()
time() <compare> bool time()
time() <binary> fleet_memory_bytes
fleet_memory_bytes <binary> time()
<over>_over_time(fleet_memory_bytes[<range>])
quantile_over_time(<quantile>, fleet_memory_bytes[<range>])
timestamp(fleet_cpus)
timestamp(timestamp(fleet_cpus))
<math>(fleet_memory_bytes)
<math>(-fleet_memory_bytes)
<rate>(no_such_metric[5m])
<rate>(fleet_cpu_seconds_total[<range>])
deriv(fleet_disk_bytes[<range>])
predict_linear(fleet_disk_bytes[<range>], 600)
time()
label_replace(fleet_cpus, "job", "to-$1", "instance", "host-(.*)")
label_replace(fleet_cpus, "job", "to-$1", "instance", "ost-(.*)")
label_replace(fleet_cpus, "job", "$1-$2", "instance", "host(.*):(.*)")
label_replace(fleet_cpus, "job", "value-$1", "no_such_label", "text-(.*)")
label_replace(fleet_cpus, "job", "value-$1", "no_such_label", "(.*)")
label_replace(fleet_cpus, "job", "value-$1", "instance", "matches-nothing")
label_replace(fleet_cpus, "job", "", "other", ".*")
label_replace(fleet_cpus, "job", "value-$1", "other", "(.*")
label_replace(fleet_cpus, "instance", "", "", "")
label_join(fleet_cpus, "new_label", "-", "instance", "job")
label_join(fleet_cpus, "job", "-", "instance", "job")
label_join(fleet_cpus, "job", "-", "instance")
<date>()
<date>(fleet_job_last_success_timestamp_seconds offset <offset>)
<last>(fleet_cpu_seconds_total[<range>])
<clamp>(fleet_memory_bytes, 2)
clamp(fleet_memory_bytes, 0, 1)
clamp(fleet_memory_bytes, 0, 1000000000000)
clamp(fleet_memory_bytes, 1000000000000, 0)
clamp(fleet_memory_bytes, 1000000000000, 1000000000000)
resets(fleet_cpu_seconds_total[<range>])
changes(fleet_job_last_success_timestamp_seconds[<range>])
vector(1.23)
vector(time())
histogram_quantile(<quantile>, rate(fleet_answer_seconds_bucket[1m]))
histogram_quantile(0.9, no_such_metric)
histogram_quantile(0.9, fleet_memory_bytes)
histogram_quantile(0.9, {__name__=~"fleet_answer_seconds_.+"})
count_values("value", fleet_answer_seconds_bucket)
absent(fleet_memory_bytes)
absent(no_such_metric)
max_over_time((time() - max(fleet_job_last_success_timestamp_seconds) < 1000)[5m:10s] offset 5m)
avg_over_time(rate(fleet_cpu_seconds_total[1m])[115s:10s])
`), "\n") {
		fill(q)
	}
	return out
}

func TestThePublicQuerySetIsAnsweredAsByPrometheus(t *testing.T) {
	b := serve(t)
	there := promtest.Start(t)
	here := b.URL + ingest.PathQuery
	now := time.Now().Truncate(time.Minute)
	samples := fleet(now)
	promtest.Write(t, there, samples)
	promtest.Write(t, b.URL, samples)
	queries := publicQueries()
	for _, q := range queries {
		for path, form := range map[string]url.Values{
			"query_range": values("query", q, "start", fmt.Sprint(now.Add(-30*time.Minute).Unix()), "end", fmt.Sprint(now.Add(-11*time.Minute).Unix()), "step", "10"),
			"query":       values("query", q, "time", fmt.Sprint(now.Add(-20*time.Minute).Unix())),
		} {
			s1, a := ask(t, http.MethodGet, here, path, form)
			s2, b := ask(t, http.MethodGet, there, path, form)
			inOrder(a.Data)
			inOrder(b.Data)
			if s1 != s2 || a.Status != b.Status || a.ErrorType != b.ErrorType || !same(a.Data, b.Data) {
				t.Errorf("%s %s:\n here %d %.400v\nthere %d %.400v", path, q, s1, a, s2, b)
			}
		}
	}
	if t.Logf("%d queries, at an instant and over 20 minutes", len(queries)); len(queries) < 500 {
		t.Errorf("only %d queries were asked", len(queries))
	}
}

// inOrder puts the series of an answer in the order of their labels: they are a set.
func inOrder(data any) {
	m, _ := data.(map[string]any)
	list, _ := m["result"].([]any)
	if m["resultType"] == "vector" || m["resultType"] == "matrix" {
		slices.SortFunc(list, func(a, b any) int {
			return strings.Compare(fmt.Sprint(a.(map[string]any)["metric"]), fmt.Sprint(b.(map[string]any)["metric"]))
		})
	}
}
