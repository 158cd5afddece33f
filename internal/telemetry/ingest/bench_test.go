package ingest_test

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/golang/snappy"
	"github.com/prometheus/prometheus/prompb"

	"diapason/internal/telemetry/ingest"
	"diapason/internal/telemetry/promtest"
)

// batches are requests of Remote Write 1.0: so many series, one sample each, every 15 s.
func batches(b *testing.B, series, from, n int, start time.Time) [][]byte {
	out := make([][]byte, n)
	for i := range out {
		w := prompb.WriteRequest{Timeseries: make([]prompb.TimeSeries, series)}
		for s := range w.Timeseries {
			w.Timeseries[s] = prompb.TimeSeries{
				Labels: []prompb.Label{
					{Name: "__name__", Value: "http_requests_total"}, {Name: "code", Value: fmt.Sprint(200 + s%5)},
					{Name: "instance", Value: fmt.Sprintf("10.0.%d.%d:9100", (from+s)/250, (from+s)%250)}, {Name: "job", Value: "portal"}, {Name: "service", Value: fmt.Sprintf("service-%d", s%50)},
				},
				Samples: []prompb.Sample{{Timestamp: start.Add(time.Duration(i) * 15 * time.Second).UnixMilli(), Value: float64(i * s)}},
			}
		}
		data, err := w.Marshal()
		if err != nil {
			b.Fatal(err)
		}
		out[i] = snappy.Encode(nil, data)
	}
	return out
}

// BenchmarkRemoteWrite is how many samples a second are received over HTTP from two
// senders, decoded, stored and written to the log, alone and while service levels are
// evaluated.
func BenchmarkRemoteWrite(b *testing.B) {
	for _, c := range []struct {
		name      string
		evaluates bool
	}{{"alone", false}, {"while 100 service levels are asked about every second", true}} {
		b.Run(c.name, func(b *testing.B) {
			const senders, series, sent = 2, 2000, 60
			start := time.Now().Add(-sent * 15 * time.Second)
			var requests [senders][][]byte
			for s := range senders {
				requests[s] = batches(b, series, s*series, sent, start)
			}
			var used time.Duration // of the processor, senders included
			for b.Loop() {
				b.StopTimer()
				bench := serve(b)
				var sending sync.WaitGroup
				stop, evaluated := context.CancelFunc(func() {}), atomic.Int64{}
				if c.evaluates {
					var ctx context.Context
					ctx, stop = context.WithCancel(context.Background())
					go func() {
						for ctx.Err() == nil {
							round := time.Now()
							for i := range 100 {
								_, _ = bench.store.Range(ctx, fmt.Sprintf(`sum(increase(http_requests_total{service="service-%d",code!="204"}[1m])) / sum(increase(http_requests_total{service="service-%d"}[1m]))`, i%50, i%50), start, start.Add(10*time.Minute), time.Minute)
								evaluated.Add(1)
							}
							time.Sleep(time.Until(round.Add(time.Second)))
						}
					}()
				}
				before := processor()
				b.StartTimer()
				for s := range senders {
					sending.Go(func() {
						for _, body := range requests[s] {
							if a := bench.post(b, ingest.PathWrite, body, "Content-Type", "application/x-protobuf", "Content-Encoding", "snappy"); a.StatusCode != http.StatusNoContent {
								b.Error(a.Status, a.body)
							}
						}
					})
				}
				sending.Wait()
				b.StopTimer()
				used += processor() - before
				stop()
				b.ReportMetric(float64(evaluated.Load()), "evaluations")
				b.StartTimer()
			}
			b.ReportMetric(float64(b.N*senders*series*sent)/b.Elapsed().Seconds(), "samples/s")
			b.ReportMetric(float64(b.N*senders*series*sent)/used.Seconds(), "samples/cpu-s")
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

// processor is the processor time of this process so far.
func processor() time.Duration {
	var u syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
