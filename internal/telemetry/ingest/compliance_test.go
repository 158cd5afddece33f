package ingest_test

import (
	"context"
	"fmt"
	"maps"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/golang/snappy"
	"github.com/prometheus/prometheus/model/value"
	"github.com/prometheus/prometheus/prompb"
	writev2 "github.com/prometheus/prometheus/prompb/io/prometheus/write/v2"

	"diapason/internal/telemetry/ingest"
)

// This file holds what Remote Write 2.0 demands of a receiver, behaviour by behaviour as
// the compliance tests of the Prometheus project name them (remotewrite/receiver): values
// and labels, native histograms, exemplars, metadata, all of them together, and requests
// that are none.

const kind2 = "application/x-protobuf;proto=io.prometheus.write.v2.Request"

// named are labels in the order of their pairs, which is not that of their names.
func named(pairs ...string) []string { return pairs }

// content is one series of a request of Remote Write 2.0.
type content struct {
	labels     []string
	samples    []writev2.Sample
	histograms []writev2.Histogram
	exemplars  []writev2.Exemplar
	examples   [][]string // labels of the exemplars
	kind       writev2.Metadata_MetricType
	help, unit string
}

func one(v float64, labels ...string) content {
	return content{labels: labels, samples: []writev2.Sample{{Value: v}}}
}

func bins(h writev2.Histogram, labels ...string) content {
	return content{labels: labels, histograms: []writev2.Histogram{h}}
}

// with adds an exemplar with labels.
func (c content) with(v float64, labels ...string) content {
	c.exemplars = append(slices.Clone(c.exemplars), writev2.Exemplar{Value: v})
	c.examples = append(slices.Clone(c.examples), labels)
	return c
}

func (c content) described(kind writev2.Metadata_MetricType, help, unit string) content {
	c.kind, c.help, c.unit = kind, help, unit
	return c
}

// created sets when the counter or histogram began.
func (c content) created(ms int64) content {
	for i := range c.samples {
		c.samples[i].StartTimestamp = ms
	}
	for i := range c.histograms {
		c.histograms[i].StartTimestamp = ms
	}
	return c
}

// request2 encodes series; what has no time yet is of the instant given.
func request2(t testing.TB, at int64, series []content) []byte {
	t.Helper()
	symbols := writev2.NewSymbolTable()
	refs := func(pairs []string) (out []uint32) {
		for _, p := range pairs {
			out = append(out, symbols.Symbolize(p))
		}
		return out
	}
	request := writev2.Request{}
	for _, c := range series {
		ts := writev2.TimeSeries{LabelsRefs: refs(c.labels), Samples: c.samples, Histograms: c.histograms, Metadata: writev2.Metadata{Type: c.kind, HelpRef: symbols.Symbolize(c.help), UnitRef: symbols.Symbolize(c.unit)}}
		for i := range ts.Samples {
			if ts.Samples[i].Timestamp == 0 {
				ts.Samples[i].Timestamp = at
			}
		}
		for i := range ts.Histograms {
			ts.Histograms[i].Timestamp = at
		}
		for i, e := range c.exemplars {
			e.LabelsRefs, e.Timestamp = refs(c.examples[i]), at-int64(len(c.exemplars)-i)
			ts.Exemplars = append(ts.Exemplars, e)
		}
		request.Timeseries = append(request.Timeseries, ts)
	}
	request.Symbols = symbols.Symbols()
	data, err := request.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	return snappy.Encode(nil, data)
}

// buckets is a histogram with whole counts: three buckets above zero, two below, one at
// zero, as asked for.
func buckets(above, below, zero bool) writev2.Histogram {
	h, count := writev2.Histogram{Sum: 1.5, ZeroThreshold: 1e-9}, uint64(0)
	if above {
		h.PositiveSpans, h.PositiveDeltas = []writev2.BucketSpan{{Length: 2}, {Offset: 2, Length: 1}}, []int64{1, 1, 2}
		count += 1 + 2 + 4
	}
	if below {
		h.NegativeSpans, h.NegativeDeltas = []writev2.BucketSpan{{Length: 2}}, []int64{1, 1}
		count += 1 + 2
	}
	if zero {
		h.ZeroCount = &writev2.Histogram_ZeroCountInt{ZeroCountInt: 1}
		count++
	}
	h.Count = &writev2.Histogram_CountInt{CountInt: count}
	return h
}

func customBuckets() writev2.Histogram {
	return writev2.Histogram{
		Schema: -53, CustomValues: []float64{0.1, 0.5, 1, 2.5}, Sum: 3, Count: &writev2.Histogram_CountInt{CountInt: 10},
		PositiveSpans: []writev2.BucketSpan{{Length: 4}}, PositiveDeltas: []int64{2, 1, 0, -1},
	}
}

func floatBuckets() writev2.Histogram {
	return writev2.Histogram{
		Sum: 3, Count: &writev2.Histogram_CountFloat{CountFloat: 2.5}, ZeroCount: &writev2.Histogram_ZeroCountFloat{ZeroCountFloat: 0.5},
		PositiveSpans: []writev2.BucketSpan{{Length: 2}}, PositiveCounts: []float64{1, 1},
	}
}

func miscounted() writev2.Histogram {
	h := buckets(true, false, false)
	h.Count = &writev2.Histogram_CountInt{CountInt: 99}
	return h
}

// expectation is what a request must be answered with, and how many of each kind are
// written.
type expectation struct{ status, samples, histograms, exemplars int }

type behaviour struct {
	name   string
	series []content
	want   expectation
}

func valuesAndLabels() []behaviour {
	var out []behaviour
	for name, v := range map[string]float64{"one": 1, "stale": math.Float64frombits(value.StaleNaN), "no number": math.Float64frombits(value.NormalNaN), "infinite": math.Inf(1), "infinite below zero": math.Inf(-1)} {
		up := func(instance string) content {
			return one(v, "__name__", "up", "job", "portal", "instance", instance)
		}
		nameless := one(v, "job", "portal", "instance", "a")
		out = append(out,
			behaviour{name + ": a name alone", []content{one(v, "__name__", "up")}, expectation{204, 1, 0, 0}},
			behaviour{name + ": labels in no order", []content{up("b:9090")}, expectation{204, 1, 0, 0}},
			behaviour{name + ": ends of lines in a label", []content{one(v, "__name__", "up", "job", "a\nb\n")}, expectation{204, 1, 0, 0}},
			behaviour{name + ": dots in names", []content{one(v, "__name__", "cpu.use", "host.name", "a")}, expectation{204, 1, 0, 0}},
			behaviour{name + ": spaces in names", []content{one(v, "__name__", "cpu use", "host name", "a")}, expectation{204, 1, 0, 0}},
			behaviour{name + ": no name", []content{nameless}, expectation{400, 0, 0, 0}},
			behaviour{name + ": no labels", []content{one(v)}, expectation{400, 0, 0, 0}},
			behaviour{name + ": an empty name", []content{one(v, "__name__", "")}, expectation{400, 0, 0, 0}},
			behaviour{name + ": an empty label is none", []content{one(v, "__name__", "up", "job", "")}, expectation{204, 1, 0, 0}},
			behaviour{name + ": a label twice", []content{one(v, "__name__", "up", "job", "a", "job", "b")}, expectation{400, 0, 0, 0}},
			behaviour{name + ": four series", []content{up("a"), up("b"), up("c"), up("d")}, expectation{204, 4, 0, 0}},
			behaviour{name + ": one of four without a name", []content{nameless, up("b"), up("c"), up("d")}, expectation{400, 3, 0, 0}},
			behaviour{name + ": four without a name", []content{nameless, nameless, nameless, nameless}, expectation{400, 0, 0, 0}},
		)
	}
	return out
}

func histogramsAndExemplars(hourAgo int64) []behaviour {
	counter := one(100, "__name__", "requests_total", "job", "api")
	latency := bins(buckets(true, true, true), "__name__", "latency_seconds", "job", "api")
	out := []behaviour{
		{"a counter with the time of its creation", []content{one(100, "__name__", "requests_total").created(hourAgo)}, expectation{204, 1, 0, 0}},
		{"a histogram", []content{latency}, expectation{204, 0, 1, 0}},
		{"a histogram above zero", []content{bins(buckets(true, false, true), "__name__", "h")}, expectation{204, 0, 1, 0}},
		{"a histogram below zero", []content{bins(buckets(false, true, false), "__name__", "h")}, expectation{204, 0, 1, 0}},
		{"a histogram at zero only", []content{bins(buckets(false, false, true), "__name__", "h")}, expectation{204, 0, 1, 0}},
		{"an empty histogram", []content{bins(buckets(false, false, false), "__name__", "h")}, expectation{204, 0, 1, 0}},
		{"a histogram with buckets of its own", []content{bins(customBuckets(), "__name__", "h")}, expectation{204, 0, 1, 0}},
		{"a histogram of floats", []content{bins(floatBuckets(), "__name__", "h")}, expectation{204, 0, 1, 0}},
		{"a histogram whose count is wrong", []content{bins(miscounted(), "__name__", "h")}, expectation{400, 0, 0, 0}},
		{"a good and a wrong histogram", []content{latency, bins(miscounted(), "__name__", "h")}, expectation{400, 0, 1, 0}},
		{"a histogram with the time of its creation", []content{bins(buckets(true, true, true), "__name__", "h").created(hourAgo)}, expectation{204, 0, 1, 0}},
		{"two histograms", []content{latency, bins(buckets(false, true, false), "__name__", "h")}, expectation{204, 0, 2, 0}},
		{"a histogram with an example", []content{latency.with(1.2, "trace_id", "a1", "span_id", "b2")}, expectation{204, 0, 1, 1}},
		{"a histogram with an example and what it is", []content{latency.with(1.2, "trace_id", "a1").described(writev2.Metadata_METRIC_TYPE_HISTOGRAM, "Time to answer.", "seconds")}, expectation{204, 0, 1, 1}},
		{"an example with one label", []content{counter.with(1, "trace_id", "a1")}, expectation{204, 1, 0, 1}},
		{"an example without a trace", []content{counter.with(1, "user", "u1")}, expectation{204, 1, 0, 1}},
		{"an example with three labels", []content{counter.with(1, "trace_id", "a1", "user", "u", "endpoint", "/login")}, expectation{204, 1, 0, 1}},
		{"an example without labels", []content{counter.with(1)}, expectation{204, 1, 0, 1}},
		{"an example in another script", []content{one(1, "__name__", "x", "region", "🌍").with(1, "trace_id", "测试")}, expectation{204, 1, 0, 1}},
		{"an example of a counter with the time of its creation", []content{one(2, "__name__", "c").created(hourAgo).with(2, "trace_id", "a")}, expectation{204, 1, 0, 1}},
		{"examples of three series", []content{counter.with(1, "trace_id", "a"), one(2, "__name__", "b").with(2, "trace_id", "b"), one(3, "__name__", "c").with(3, "trace_id", "c")}, expectation{204, 3, 0, 3}},
		{"three examples of one series", []content{counter.with(1, "trace_id", "a").with(2, "trace_id", "b").with(3, "trace_id", "c")}, expectation{204, 1, 0, 3}},
		{"an example of a series without a name", []content{one(1, "job", "a").with(1, "trace_id", "a")}, expectation{400, 0, 0, 0}},
		{"a bad series beside one with an example", []content{counter.with(1, "trace_id", "a"), one(1, "job", "a")}, expectation{400, 1, 0, 1}},
	}
	for _, v := range []float64{0, -123.456, 1e10, 1e-10, math.NaN(), math.Inf(1), math.Inf(-1)} {
		out = append(out, behaviour{fmt.Sprint("an example of ", v), []content{one(v, "__name__", "x").with(v, "trace_id", "a")}, expectation{204, 1, 0, 1}})
	}
	return out
}

func metadataAndAllTogether(hourAgo int64) []behaviour {
	out := []behaviour{
		{"what a metric is, without text", []content{one(1, "__name__", "c").described(writev2.Metadata_METRIC_TYPE_COUNTER, "", "")}, expectation{204, 1, 0, 0}},
		{"what a metric is, with ends of lines and quotes", []content{one(1, "__name__", "c").described(writev2.Metadata_METRIC_TYPE_GAUGE, "a\nb \"c\"", "bytes/sec")}, expectation{204, 1, 0, 0}},
		{"what a metric is, without a name", []content{one(1, "job", "a").described(writev2.Metadata_METRIC_TYPE_COUNTER, "Help.", "")}, expectation{400, 0, 0, 0}},
		{"an old and a new sample", []content{{labels: named("__name__", "old"), samples: []writev2.Sample{{Timestamp: hourAgo, Value: 1}}}, one(2, "__name__", "new")}, expectation{204, 2, 0, 0}},
		{"special characters everywhere", []content{one(42, "__name__", "x", "job", "a-b_c.d@e", "env", "test🚀").with(42, "trace_id", "äöü-1").described(writev2.Metadata_METRIC_TYPE_GAUGE, "äöü\n\"q\"", "special/units")}, expectation{204, 1, 0, 1}},
		{"buckets of its own with an example", []content{bins(customBuckets(), "__name__", "h", "version", "v2").with(0.05, "trace_id", "a")}, expectation{204, 0, 1, 1}},
		{"a series without samples", []content{{labels: named("__name__", "x"), kind: writev2.Metadata_METRIC_TYPE_COUNTER, help: "Alone."}}, expectation{400, 0, 0, 0}},
	}
	for number, name := range writev2.Metadata_MetricType_name {
		out = append(out, behaviour{"the type " + strings.ToLower(name), []content{one(1, "__name__", "typed").described(writev2.Metadata_MetricType(number), "Help.", "unit")}, expectation{204, 1, 0, 0}})
	}
	var samples, histograms []content
	for i := range 50 {
		n := strconv.Itoa(i)
		samples = append(samples, one(float64(i), "__name__", "counter_"+n, "series", n).with(float64(i), "trace_id", n).described(writev2.Metadata_METRIC_TYPE_COUNTER, "Number "+n, "count"))
		histograms = append(histograms, bins(buckets(true, i%2 == 0, true), "__name__", "histogram_"+n, "series", n).with(float64(i), "trace_id", n).described(writev2.Metadata_METRIC_TYPE_HISTOGRAM, "Number "+n, "seconds"))
	}
	return append(out,
		behaviour{"fifty series with all that belongs to them", samples, expectation{204, 50, 0, 50}},
		behaviour{"fifty histograms with all that belongs to them", histograms, expectation{204, 0, 50, 50}},
		behaviour{"samples and histograms in one request", slices.Concat(samples[:3], histograms[:2]), expectation{204, 3, 2, 5}},
	)
}

func TestRemoteWrite2(t *testing.T) {
	b := serve(t)
	at := time.Now().Add(-time.Minute).UnixMilli()
	hourAgo := at - time.Hour.Milliseconds()
	for _, c := range slices.Concat(valuesAndLabels(), histogramsAndExemplars(hourAgo), metadataAndAllTogether(hourAgo)) {
		at += 10 // the receiver is one for all: no two speak of the same instant
		t.Run(c.name, func(t *testing.T) {
			a := b.post(t, ingest.PathWrite, request2(t, at, c.series), "Content-Type", kind2, "Content-Encoding", "snappy", "X-Prometheus-Remote-Write-Version", "2.0.0")
			got := expectation{a.StatusCode, written(t, a, "Samples"), written(t, a, "Histograms"), written(t, a, "Exemplars")}
			if got != c.want {
				t.Errorf("%+v, want %+v: %s", got, c.want, a.body)
			}
		})
	}
}

func written(t *testing.T, a reply, what string) int {
	n, err := strconv.Atoi(a.Header.Get("X-Prometheus-Remote-Write-" + what + "-Written"))
	if err != nil {
		t.Errorf("the header for %s is missing: %v", what, maps.Clone(a.Header))
	}
	return n
}

func TestRequestsThatAreNoneAreRefused(t *testing.T) {
	b := serve(t)
	good := request2(t, time.Now().UnixMilli(), []content{one(1, "__name__", "up")})
	spoilt := append([]byte{'0'}, good[1:]...)
	for _, c := range []struct {
		name, kind, encoding string
		body                 []byte
		status               int
	}{
		{"JSON, and a body that is nothing", "application/json", "snappy", spoilt, http.StatusUnsupportedMediaType},
		{"a picture", "image/png", "snappy", spoilt, http.StatusUnsupportedMediaType},
		{"gzip", kind2, "gzip", spoilt, http.StatusUnsupportedMediaType},
		{"deflate", kind2, "deflate", spoilt, http.StatusUnsupportedMediaType},
		{"a body that is nothing", kind2, "snappy", spoilt, http.StatusBadRequest},
		{"a body that is nothing, in 1.0", "application/x-protobuf", "snappy", append([]byte{0xff}, good[1:]...), http.StatusBadRequest},
		{"a request of 2.0 that says it is 1.0", "application/x-protobuf", "snappy", good, http.StatusBadRequest},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := b.post(t, ingest.PathWrite, c.body, "Content-Type", c.kind, "Content-Encoding", c.encoding, "X-Prometheus-Remote-Write-Version", "2.0.0")
			if a.StatusCode != c.status {
				t.Errorf("%s: %s", a.Status, a.body)
			}
		})
	}
	if got := b.value(t, "count({__name__=~'.+'}) or vector(0)", time.Now()); len(got) != 1 || got[0] != 0 {
		t.Errorf("%v series were stored", got)
	}
}

func TestAnOldSenderIsServed(t *testing.T) {
	b := serve(t)
	now := time.Now().UnixMilli()
	w := prompb.WriteRequest{
		Metadata: []prompb.MetricMetadata{{Type: prompb.MetricMetadata_COUNTER, MetricFamilyName: "requests_total", Help: "Requests.", Unit: "1"}},
		Timeseries: []prompb.TimeSeries{
			{Labels: []prompb.Label{{Name: "job", Value: "portal"}, {Name: "__name__", Value: "up"}, {Name: "empty"}}, Samples: []prompb.Sample{{Timestamp: now - 2, Value: 1}, {Timestamp: now - 1, Value: 1}}},
			{Labels: []prompb.Label{{Name: "__name__", Value: "requests_total"}}, Samples: []prompb.Sample{{Timestamp: now, Value: 9}}, Exemplars: []prompb.Exemplar{{Labels: []prompb.Label{{Name: "trace_id", Value: "a1"}}, Value: 2, Timestamp: now}}},
		},
	}
	data, err := w.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	for range 2 { // the second time all of it is known
		if a := b.post(t, ingest.PathWrite, snappy.Encode(nil, data), "Content-Type", "application/x-protobuf", "Content-Encoding", "snappy"); a.StatusCode != http.StatusNoContent {
			t.Fatal(a.Status, a.body)
		}
	}
	if got := b.value(t, `sum(count_over_time(up{job="portal",empty=""}[5m]))`, time.Now()); len(got) != 1 || got[0] != 2 {
		t.Errorf("%v samples are stored", got)
	}
	for path, want := range map[string]string{"metadata": "Requests.", "query_exemplars?query=rate(requests_total[5m])": `map[exemplars:[map[labels:map[trace_id:a1]`} {
		path, query, _ := strings.Cut(path, "?query=")
		if _, e := ask(t, http.MethodGet, b.URL+ingest.PathQuery, path, values("query", query)); !strings.Contains(fmt.Sprint(e.Data), want) {
			t.Errorf("%s: %v", path, e.Data)
		}
	}
}

// TestSeriesThatTheStoreHasLetGoAreWrittenAnew writes a series by what is remembered of it
// after the store has closed the time it was in.
func TestSeriesThatTheStoreHasLetGoAreWrittenAnew(t *testing.T) {
	b := serve(t)
	now := time.Now()
	send := func(name string, at time.Time) int {
		w := prompb.WriteRequest{Timeseries: []prompb.TimeSeries{{Labels: []prompb.Label{{Name: "__name__", Value: name}}, Samples: []prompb.Sample{{Timestamp: at.UnixMilli(), Value: 1}}}}}
		data, err := w.Marshal()
		if err != nil {
			t.Fatal(err)
		}
		return b.post(t, ingest.PathWrite, snappy.Encode(nil, data)).StatusCode
	}
	old := now.Add(-5 * time.Hour)
	for range 2 {
		if s := send("seldom", old); s != 204 {
			t.Fatal(s)
		}
	}
	for at := old; at.Before(now); at = at.Add(10 * time.Minute) {
		send("often", at)
	}
	if err := b.store.Compact(context.Background()); err != nil {
		t.Fatal(err)
	}
	if b.store.Series() != 1 {
		t.Fatalf("%d series are in memory, want only the one written to", b.store.Series())
	}
	if s := send("seldom", now); s != 204 {
		t.Fatal(s)
	}
	if got := b.value(t, `count_over_time(seldom[6h])`, now.Add(time.Second)); len(got) != 1 || got[0] != 2 {
		t.Errorf("%v samples", got)
	}
}
