package ingest_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/golang/snappy"
	"github.com/prometheus/prometheus/prompb"
	writev2 "github.com/prometheus/prometheus/prompb/io/prometheus/write/v2"
	"go.opentelemetry.io/collector/pdata/pmetric/pmetricotlp"

	"diapason/internal/telemetry"
	"diapason/internal/telemetry/embedded"
	"diapason/internal/telemetry/ingest"
	"diapason/internal/telemetry/promtest"
)

type bench struct {
	*httptest.Server
	store    *embedded.Store
	receiver *ingest.Receiver
}

// serve opens a store and serves it as the product does.
func serve(t testing.TB) *bench {
	t.Helper()
	store, err := embedded.Open(embedded.Options{Folder: t.TempDir(), MaxSamples: 500_000, Timeout: 5 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() })
	r := ingest.New(ingest.Options{Store: store})
	mux := http.NewServeMux()
	mux.Handle(ingest.PathWrite, r.Write())
	mux.Handle(ingest.PathOTLP, r.Write())
	mux.Handle(ingest.PathQuery+"/", r.Query())
	s := httptest.NewServer(mux)
	t.Cleanup(s.Close)
	return &bench{s, store, r}
}

func (b *bench) value(t testing.TB, expression string, at time.Time) []float64 {
	t.Helper()
	a, err := b.store.Range(context.Background(), expression, at, at, time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	var out []float64
	for _, p := range a.Points {
		out = append(out, p.Value)
	}
	return out
}

type reply struct {
	*http.Response
	body string
}

func (b *bench) post(t testing.TB, path string, body []byte, headers ...string) reply {
	t.Helper()
	r, err := http.NewRequest(http.MethodPost, b.URL+path, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	a, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Body.Close()
	var said bytes.Buffer
	_, _ = said.ReadFrom(a.Body)
	return reply{a, said.String()}
}

func gauge(name string, at time.Time, v float64, labels ...string) telemetry.Sample {
	s := telemetry.Sample{Labels: map[string]string{"__name__": name}, At: at, Value: v}
	for i := 0; i+1 < len(labels); i += 2 {
		s.Labels[labels[i]] = labels[i+1]
	}
	return s
}

// write2 is a request of Remote Write 2.0.
func write2(t testing.TB, series ...writev2.TimeSeries) []byte {
	t.Helper()
	request := writev2.Request{Symbols: []string{"", "__name__", "up", "job", "portal", "A gauge.", "other", "\xff", "before"}, Timeseries: series}
	data, err := request.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	return snappy.Encode(nil, data)
}

func TestRemoteWriteBehavesAsItsSpecificationSays(t *testing.T) {
	now := time.Now().Truncate(time.Second)
	ms := now.UnixMilli()
	const v1, v2 = "application/x-protobuf", "application/x-protobuf;proto=io.prometheus.write.v2.Request"
	up := func(labels []uint32, samples ...writev2.Sample) writev2.TimeSeries {
		return writev2.TimeSeries{LabelsRefs: labels, Samples: samples, Metadata: writev2.Metadata{Type: writev2.Metadata_METRIC_TYPE_GAUGE, HelpRef: 5}}
	}
	portal := []uint32{1, 2, 3, 4}
	before := func(s writev2.Sample) writev2.TimeSeries {
		return writev2.TimeSeries{LabelsRefs: []uint32{1, 8}, Samples: []writev2.Sample{s}}
	}
	one := promtest.Encode([]telemetry.Sample{gauge("up", now, 1, "job", "portal")})
	for _, c := range []struct {
		name      string
		body      []byte
		kind      string
		encoding  string
		status    int
		written   string // X-Prometheus-Remote-Write-Samples-Written
		stored    int    // samples of up afterwards
		mentioned string
	}{
		{"a request of 1.0", one, v1, "snappy", 204, "", 1, ""},
		{"1.0 with the message named", one, v1 + ";proto=prometheus.WriteRequest", "snappy", 204, "", 1, ""},
		{"1.0 without a content type", one, "", "snappy", 204, "", 1, ""},
		{"a request of 2.0", write2(t, up(portal, writev2.Sample{Timestamp: ms, Value: 1})), v2, "snappy", 204, "1", 1, ""},
		{"a content type that is no protobuf, though the body is fine", one, "application/json", "snappy", 415, "", 0, ""},
		{"a content type that is no protobuf, and a body that is no snappy", []byte("{}"), "application/json", "snappy", 415, "", 0, ""},
		{"a message of the future", []byte("anything"), v1 + ";proto=io.prometheus.write.v3.Request", "snappy", 415, "", 0, ""},
		{"an encoding that is not taken", one, v1, "zstd", 415, "", 0, ""},
		{"an encoding that is not taken, in 2.0", one, v2, "gzip", 415, "", 0, ""},
		{"a body that is not snappy", []byte("plain"), v1, "snappy", 400, "", 0, ""},
		{"a body that is not snappy, in 2.0", []byte("plain"), v2, "snappy", 400, "", 0, ""},
		{"snappy around nonsense", snappy.Encode(nil, []byte("nonsense")), v1, "snappy", 400, "", 0, ""},
		{"snappy around nonsense, in 2.0", snappy.Encode(nil, []byte("nonsense")), v2, "snappy", 400, "0", 0, ""},
		{"a body that claims to grow to 3 GB", []byte{0xff, 0xff, 0xff, 0xff, 0x0b, 0}, v1, "snappy", 413, "", 0, ""},
		{"an empty request", snappy.Encode(nil, nil), v1, "snappy", 204, "", 0, ""},
		{"1.0: the good one of two is stored", promtest.Encode([]telemetry.Sample{gauge("up", now, 1, "job", "portal"), gauge("up", now.Add(-30*24*time.Hour), 1, "job", "portal")}), v1, "snappy", 400, "", 1, "1 of 2"},
		{"1.0: an hour ahead is refused", promtest.Encode([]telemetry.Sample{gauge("up", now.Add(time.Hour), 1), gauge("up", now, 1)}), v1, "snappy", 400, "", 1, "too far ahead"},
		{"1.0: labels without a name are refused", promtest.Encode([]telemetry.Sample{{Labels: map[string]string{"job": "x"}, At: now}, gauge("up", now, 1)}), v1, "snappy", 400, "", 1, "invalid metric name"},
		{"1.0: late and out of order is taken", promtest.Encode([]telemetry.Sample{gauge("up", now, 1), gauge("up", now.Add(-time.Hour), 1), gauge("up", now.Add(-2*time.Hour), 1)}), v1, "snappy", 204, "", 3, ""},
		{"1.0: the same sample twice is taken once", promtest.Encode([]telemetry.Sample{gauge("up", now, 1), gauge("up", now, 1)}), v1, "snappy", 204, "", 1, ""},
		{"1.0: another value for an instant that has one", promtest.Encode([]telemetry.Sample{gauge("before", now, 1), gauge("up", now, 1)}), v1, "snappy", 400, "", 1, "1 of 2"},
		{"2.0: a partial write is counted", write2(t, up(portal, writev2.Sample{Timestamp: ms, Value: 1}), before(writev2.Sample{Timestamp: ms, Value: 1})), v2, "snappy", 400, "1", 1, "duplicate"},
		{"2.0: far ahead", write2(t, up(portal, writev2.Sample{Timestamp: ms + 3_600_000, Value: 1}, writev2.Sample{Timestamp: ms, Value: 2})), v2, "snappy", 400, "1", 1, "future"},
		{"2.0: labels that name no symbol", write2(t, up([]uint32{1, 99}, writev2.Sample{Timestamp: ms}), up(portal, writev2.Sample{Timestamp: ms})), v2, "snappy", 400, "1", 1, ""},
		{"2.0: an odd number of labels", write2(t, up([]uint32{1, 2, 3}, writev2.Sample{Timestamp: ms})), v2, "snappy", 400, "0", 0, ""},
		{"2.0: a label twice", write2(t, up([]uint32{1, 2, 3, 4, 3, 6}, writev2.Sample{Timestamp: ms})), v2, "snappy", 400, "0", 0, ""},
		{"2.0: labels that are not text", write2(t, up([]uint32{1, 2, 3, 7}, writev2.Sample{Timestamp: ms})), v2, "snappy", 400, "0", 0, ""},
		{"2.0: a series without samples", write2(t, up(portal)), v2, "snappy", 400, "0", 0, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := serve(t)
			promtest.Write(t, b.URL, []telemetry.Sample{gauge("before", now, 5)})
			headers := []string{"Content-Encoding", c.encoding, "X-Prometheus-Remote-Write-Version", "0.1.0"}
			if c.kind != "" {
				headers = append(headers, "Content-Type", c.kind)
			}
			a := b.post(t, ingest.PathWrite, c.body, headers...)
			if a.StatusCode != c.status || a.Header.Get("X-Prometheus-Remote-Write-Samples-Written") != c.written || !strings.Contains(a.body, c.mentioned) {
				t.Errorf("%s, %q written: %s; want %d, %q written", a.Status, a.Header.Get("X-Prometheus-Remote-Write-Samples-Written"), a.body, c.status, c.written)
			}
			if c.written != "" {
				for _, name := range []string{"Histograms", "Exemplars"} {
					if a.Header.Get("X-Prometheus-Remote-Write-"+name+"-Written") != "0" {
						t.Errorf("the header for %s is missing: %v", name, a.Header)
					}
				}
			}
			got := b.value(t, "sum(count_over_time(up[3h])) or vector(0)", now)
			if len(got) != 1 || int(got[0]) != c.stored {
				t.Errorf("%v stored, want %d", got, c.stored)
			}
		})
	}
	b := serve(t)
	if a, err := http.Get(b.URL + ingest.PathWrite); err != nil || a.StatusCode != http.StatusMethodNotAllowed {
		t.Errorf("%v, %v", a, err)
	}
}

func TestNativeHistogramsAreStored(t *testing.T) {
	b := serve(t)
	now := time.Now()
	w := prompb.WriteRequest{Timeseries: []prompb.TimeSeries{{
		Labels: []prompb.Label{{Name: "__name__", Value: "latency"}},
		Histograms: []prompb.Histogram{{
			Timestamp: now.UnixMilli(), Schema: 0, ZeroThreshold: 1e-9, Count: &prompb.Histogram_CountInt{CountInt: 4}, Sum: 6,
			ZeroCount: &prompb.Histogram_ZeroCountInt{}, PositiveSpans: []prompb.BucketSpan{{Offset: 0, Length: 2}}, PositiveDeltas: []int64{3, -2},
		}},
	}}}
	data, err := w.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	if a := b.post(t, ingest.PathWrite, snappy.Encode(nil, data)); a.StatusCode != 204 {
		t.Fatal(a.Status, a.body)
	}
	if got := b.value(t, "histogram_count(latency)", now.Add(time.Second)); len(got) != 1 || got[0] != 4 {
		t.Error(got)
	}
}

// otlp is an export of one counter, as JSON.
func otlp(temporality int, points ...string) []byte {
	return []byte(`{"resourceMetrics":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"portal"}}]},"scopeMetrics":[{"metrics":[{"name":"http.server.requests","unit":"1","sum":{"aggregationTemporality":` +
		fmt.Sprint(temporality) + `,"isMonotonic":true,"dataPoints":[` + strings.Join(points, ",") + `]}}]}]}]}`)
}

func point(start, at time.Time, v int) string {
	return fmt.Sprintf(`{"startTimeUnixNano":"%d","timeUnixNano":"%d","asInt":"%d"}`, start.UnixNano(), at.UnixNano(), v)
}

func TestOpenTelemetry(t *testing.T) {
	const delta, cumulative = 1, 2
	now := time.Now().Truncate(time.Second)
	start := now.Add(-10 * time.Minute)
	zipped := func(data []byte) []byte {
		var b bytes.Buffer
		w := gzip.NewWriter(&b)
		_, _ = w.Write(data)
		_ = w.Close()
		return b.Bytes()
	}
	protobuf := func(data []byte) []byte {
		r := pmetricotlp.NewExportRequest()
		if err := r.UnmarshalJSON(data); err != nil {
			t.Fatal(err)
		}
		out, err := r.MarshalProto()
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	at := func(minutes int) time.Time { return start.Add(time.Duration(minutes) * time.Minute) }
	total := otlp(cumulative, point(start, at(9), 7))
	for _, c := range []struct {
		name      string
		bodies    [][]byte
		headers   []string
		status    int
		want      float64 // of the counter; -1: none
		mentioned string
	}{
		{"a total as JSON", [][]byte{total}, []string{"Content-Type", "application/json"}, 200, 7, ""},
		{"a content type with a character set", [][]byte{total}, []string{"Content-Type", "application/json; charset=utf-8"}, 200, 7, ""},
		{"a total as protobuf", [][]byte{protobuf(total)}, []string{"Content-Type", "application/x-protobuf"}, 200, 7, ""},
		{"a total compressed", [][]byte{zipped(total)}, []string{"Content-Type", "application/json", "Content-Encoding", "gzip"}, 200, 7, ""},
		{"increments are added up", [][]byte{otlp(delta, point(at(6), at(7), 3)), otlp(delta, point(at(7), at(8), 4)), otlp(delta, point(at(8), at(9), 5))}, []string{"Content-Type", "application/json"}, 200, 12, ""},
		{"a point too old is counted, the other stored", [][]byte{total, otlp(cumulative, point(start.AddDate(0, -2, 0), start.AddDate(0, -1, 0), 3), point(start, now, 9))}, []string{"Content-Type", "application/json"}, 200, 9, "rejectedDataPoints"},
		{"a point an hour ahead is counted, the other stored", [][]byte{otlp(cumulative, point(start, now.Add(time.Hour), 100), point(start, at(9), 9))}, []string{"Content-Type", "application/json"}, 200, 9, `"rejectedDataPoints":"1"`},
		{"an increment an hour ahead is counted, the others added up", [][]byte{protobuf(otlp(delta, point(at(6), at(7), 3), point(at(7), now.Add(time.Hour), 50))), protobuf(otlp(delta, point(at(7), at(8), 4)))}, []string{"Content-Type", "application/x-protobuf"}, 200, 7, ""},
		{"nothing but points ahead is a success with all of them counted", [][]byte{total, otlp(cumulative, point(start, now.AddDate(10, 0, 0), 3))}, []string{"Content-Type", "application/json"}, 200, 7, `"rejectedDataPoints":"1"`},
		{"a time beyond all times is counted", [][]byte{total, []byte(strings.ReplaceAll(string(otlp(cumulative, point(start, now, 3))), fmt.Sprint(now.UnixNano()), "18446744073709551615"))}, []string{"Content-Type", "application/json"}, 200, 7, `rejectedDataPoints`},
		{"an empty request", [][]byte{total, []byte("{}")}, []string{"Content-Type", "application/json"}, 200, 7, ""},
		{"a content type that is not taken", [][]byte{total}, []string{"Content-Type", "text/plain"}, 415, -1, ""},
		{"an encoding that is not taken", [][]byte{total}, []string{"Content-Type", "application/json", "Content-Encoding", "zstd"}, 415, -1, ""},
		{"nonsense", [][]byte{[]byte("nonsense")}, []string{"Content-Type", "application/json"}, 400, -1, ""},
		{"nonsense as protobuf", [][]byte{[]byte("\xff\xff\xffnonsense")}, []string{"Content-Type", "application/x-protobuf"}, 400, -1, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := serve(t)
			var a reply
			for _, body := range c.bodies {
				a = b.post(t, ingest.PathOTLP, body, c.headers...)
			}
			if a.StatusCode != c.status || !strings.Contains(a.body, c.mentioned) {
				t.Errorf("%s: %s", a.Status, a.body)
			}
			got := b.value(t, `http_server_requests_total{job="portal"} or vector(-1) unless on() http_server_requests_total{job="portal"}`, now)
			if len(got) == 0 {
				got = b.value(t, `sum(http_server_requests_total{job="portal"})`, now)
			}
			if len(got) != 1 || got[0] != c.want {
				t.Errorf("%v, want %v", got, c.want)
			}
		})
	}
}

func TestARealPrometheusWritesHere(t *testing.T) {
	b := serve(t)
	promtest.StartWith(t, `
global: {scrape_interval: 200ms}
scrape_configs: [{job_name: shop, metrics_path: /metrics, static_configs: [{targets: ["`+strings.TrimPrefix(b.URL, "http://")+`"]}]}]
remote_write: [{url: "`+b.URL+ingest.PathWrite+`", queue_config: {batch_send_deadline: 100ms}}]
`)
	until(t, func() bool {
		got := b.value(t, `count_over_time(up{job="shop"}[5m])`, time.Now())
		return len(got) == 1 && got[0] >= 3
	})
}

// until waits for something to become true.
func until(t testing.TB, true func() bool) {
	t.Helper()
	for deadline := time.Now().Add(30 * time.Second); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		if true() {
			return
		}
	}
	t.Fatal("it did not come about within 30 s")
}

func newServer(t testing.TB, h http.Handler) *httptest.Server {
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s
}
