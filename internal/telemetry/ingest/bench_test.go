package ingest_test

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/golang/snappy"
	"github.com/prometheus/prometheus/prompb"
	writev2 "github.com/prometheus/prometheus/prompb/io/prometheus/write/v2"

	"diapason/internal/anchor"
	"diapason/internal/telemetry/ingest"
	"diapason/internal/telemetry/promtest"
)

// sent is the k-th of n series that a sender sends every 15 s.
func sent(k int) []prompb.Label {
	return []prompb.Label{
		{Name: "__name__", Value: "http_requests_total"}, {Name: "code", Value: fmt.Sprint(200 + k%5)},
		{Name: "instance", Value: fmt.Sprintf("10.0.%d.%d:9100", k/250, k%250)}, {Name: "job", Value: "portal"}, {Name: "service", Value: fmt.Sprintf("service-%d", k%50)},
	}
}

// batches are requests of Remote Write 1.0: so many series, one sample each, every 15 s.
func batches(b *testing.B, series, from, n int, start time.Time) [][]byte {
	out := make([][]byte, n)
	w := prompb.WriteRequest{Timeseries: make([]prompb.TimeSeries, series)}
	for k := range w.Timeseries {
		w.Timeseries[k] = prompb.TimeSeries{Labels: sent(from + k), Samples: make([]prompb.Sample, 1)}
	}
	for i := range out {
		for k := range w.Timeseries {
			w.Timeseries[k].Samples[0] = prompb.Sample{Timestamp: start.Add(time.Duration(i) * 15 * time.Second).UnixMilli(), Value: float64(i * k)}
		}
		data, err := w.Marshal()
		if err != nil {
			b.Fatal(err)
		}
		out[i] = snappy.Encode(nil, data)
	}
	return out
}

// batches2 are the same as requests of Remote Write 2.0.
func batches2(b *testing.B, series, from, n int, start time.Time) [][]byte {
	out := make([][]byte, n)
	symbols := writev2.NewSymbolTable()
	w := writev2.Request{Timeseries: make([]writev2.TimeSeries, series)}
	for k := range w.Timeseries {
		ts := &w.Timeseries[k]
		for _, l := range sent(from + k) {
			ts.LabelsRefs = append(ts.LabelsRefs, symbols.Symbolize(l.Name), symbols.Symbolize(l.Value))
		}
		ts.Metadata = writev2.Metadata{Type: writev2.Metadata_METRIC_TYPE_COUNTER, HelpRef: symbols.Symbolize("Requests.")}
		ts.Samples = make([]writev2.Sample, 1)
	}
	w.Symbols = symbols.Symbols()
	for i := range out {
		for k := range w.Timeseries {
			w.Timeseries[k].Samples[0] = writev2.Sample{Timestamp: start.Add(time.Duration(i) * 15 * time.Second).UnixMilli(), Value: float64(i * k)}
		}
		data, err := w.Marshal()
		if err != nil {
			b.Fatal(err)
		}
		out[i] = snappy.Encode(nil, data)
	}
	return out
}

// aimIngest is how many samples must be taken for each second of the processor, the
// senders' part and the evaluations included: a machine of two cores takes them in a second
// with one core to spare.
const aimIngest = 250_000

// BenchmarkIngest is how many samples are received over HTTP from two senders, decoded,
// stored and written to the log, alone and while a hundred service levels a second are
// evaluated: 2 000 000 samples of 5 000 series.
func BenchmarkIngest(b *testing.B) {
	const senders, series, requests = 2, 2500, 400
	for _, c := range []struct {
		name      string
		batches   func(b *testing.B, series, from, n int, start time.Time) [][]byte
		kind      string
		evaluates bool
		aim       float64
	}{
		{"Remote Write 1.0", batches, "application/x-protobuf", false, aimIngest},
		{"Remote Write 1.0 while 100 service levels a second are evaluated", batches, "application/x-protobuf", true, aimIngest},
		{"Remote Write 2.0 while 100 service levels a second are evaluated", batches2, kind2, true, aimIngest},
	} {
		b.Run(c.name, func(b *testing.B) {
			start := time.Now().Add(-requests * 15 * time.Second)
			var bodies [senders][][]byte
			for s := range senders {
				bodies[s] = c.batches(b, series, s*series, requests, start)
			}
			bench := serve(b)
			ctx, stop := context.WithCancel(context.Background())
			var sending, evaluating sync.WaitGroup
			evaluated := 0
			if c.evaluates {
				evaluating.Go(func() {
					for tick := time.NewTicker(10 * time.Millisecond); ctx.Err() == nil; <-tick.C {
						i := evaluated % 50
						_, _ = bench.store.Range(ctx, fmt.Sprintf(`sum(increase(http_requests_total{service="service-%d",code!="204"}[1m])) / sum(increase(http_requests_total{service="service-%d"}[1m]))`, i, i), start, start.Add(10*time.Minute), time.Minute)
						evaluated++
					}
				})
			}
			watch := anchor.Start()
			for s := range senders {
				sending.Go(func() {
					for _, body := range bodies[s] {
						if a := bench.post(b, ingest.PathWrite, body, "Content-Type", c.kind, "Content-Encoding", "snappy"); a.StatusCode != http.StatusNoContent {
							b.Error(a.Status, a.body)
						}
					}
				})
			}
			sending.Wait()
			wall, used := watch.Read()
			stop()
			evaluating.Wait()
			if got := bench.value(b, `count(http_requests_total)`, start.Add((requests-1)*15*time.Second)); len(got) != 1 || got[0] != senders*series {
				b.Fatalf("%v series are there", got)
			}
			samples := float64(senders * series * requests)
			b.ReportMetric(0, "ns/op")
			b.ReportMetric(samples/wall.Seconds(), "samples/s")
			anchor.AtLeast(b, samples/used.Seconds(), c.aim, "samples/cpu-s")
			if c.evaluates {
				b.ReportMetric(float64(evaluated)/wall.Seconds(), "evaluations/s")
			}
		})
	}
}

// BenchmarkRange is the cost of what the recorder of evidence asks: one series, a day in
// minutes, out of 2 000 series.
func BenchmarkRange(b *testing.B) {
	bench := serve(b)
	now := time.Now().Truncate(time.Minute)
	promtest.Write(b, bench.URL, shop(now))
	for _, body := range batches(b, 2000, 0, 240, now.Add(-time.Hour)) {
		bench.post(b, ingest.PathWrite, body, "Content-Encoding", "snappy")
	}
	for name, expression := range map[string]string{
		"counts of events": `sum(increase(http_requests_total{service="service-7",code!="204"}[1m]))`,
		"a threshold":      `temperature`,
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if _, err := bench.store.Range(context.Background(), expression, now.Add(-24*time.Hour), now, time.Minute); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	b.Run("an answer over HTTP of 40 series and 240 points", func(b *testing.B) {
		for b.Loop() {
			r := httptest.NewRequest(http.MethodGet, ingest.PathQuery+"/api/v1/query_range?query="+`http_requests_total{service="service-7"}`+fmt.Sprintf("&start=%d&end=%d&step=15", now.Add(-time.Hour).Unix(), now.Unix()), nil)
			w := httptest.NewRecorder()
			bench.receiver.Query().ServeHTTP(w, r)
			if w.Code != 200 || !bytes.Contains(w.Body.Bytes(), []byte("service-7")) {
				b.Fatal(w.Code, w.Body.String())
			}
		}
	})
}
