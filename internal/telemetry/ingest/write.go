package ingest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strings"
	"time"

	"github.com/gogo/protobuf/proto"
	"github.com/golang/snappy"
	remoteapi "github.com/prometheus/client_golang/exp/api/remote"
	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/histogram"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/prompb"
	"github.com/prometheus/prometheus/storage"

	"diapason/internal/telemetry/embedded"
)

const (
	// largest is the largest request taken, before and after decompression, in bytes.
	largest = 32 << 20
	// maxAhead is how far ahead of the clock a sample may be.
	maxAhead = 10 * time.Minute
)

// remoteWrite takes Remote Write 1.0 and 2.0. The content type is judged before anything
// is decoded: a message that this server does not take is 415, whatever its body, so that
// a sender falls back to the version before (Remote Write 2.0, "Backward and Forward
// Compatibility").
func (r *Receiver) remoteWrite(w http.ResponseWriter, req *http.Request) {
	kind := req.Header.Get("Content-Type")
	if kind == "" {
		kind = "application/x-protobuf"
	}
	message, err := remoteapi.ParseProtoMsg(kind)
	if err != nil {
		http.Error(w, err.Error(), http.StatusUnsupportedMediaType)
		return
	}
	if encoding := req.Header.Get("Content-Encoding"); encoding != "" && encoding != "snappy" {
		http.Error(w, fmt.Sprintf("the encoding %q is not taken, only snappy (block format) is", encoding), http.StatusUnsupportedMediaType)
		return
	}
	if message == remoteapi.WriteV2MessageType {
		req.Body = http.MaxBytesReader(w, req.Body, largest)
		counted := &refusals{}
		r.write2.ServeHTTP(&writtenCount{ResponseWriter: w, into: counted}, req)
		r.count.samples.WithLabelValues(byWrite2).Add(float64(counted.stored))
		return
	}
	request, status, err := decode1(w, req)
	if err != nil {
		http.Error(w, err.Error(), status)
		return
	}
	f, err := r.store1(req.Context(), request)
	switch {
	case err != nil:
		r.log.Error("samples received by Remote Write cannot be stored", "error", err)
		http.Error(w, "the samples cannot be stored", http.StatusInternalServerError)
		return
	case f.refused > 0: // never to be sent again: it would be refused again
		http.Error(w, f.String(), http.StatusBadRequest)
	default:
		w.WriteHeader(http.StatusNoContent)
	}
	r.count.samples.WithLabelValues(byWrite1).Add(float64(f.stored))
	r.count.refused.WithLabelValues(byWrite1).Add(float64(f.refused))
}

func decode1(w http.ResponseWriter, req *http.Request) (*prompb.WriteRequest, int, error) {
	body, err := io.ReadAll(http.MaxBytesReader(w, req.Body, largest))
	if err != nil {
		var large *http.MaxBytesError
		if errors.As(err, &large) {
			return nil, http.StatusRequestEntityTooLarge, fmt.Errorf("a request has at most %d MB", largest>>20)
		}
		return nil, http.StatusBadRequest, err
	}
	n, err := snappy.DecodedLen(body)
	if err != nil {
		return nil, http.StatusBadRequest, fmt.Errorf("the body is not snappy (block format): %w", err)
	}
	if n > largest {
		return nil, http.StatusRequestEntityTooLarge, fmt.Errorf("a request has at most %d MB when decompressed", largest>>20)
	}
	data, err := snappy.Decode(nil, body)
	if err != nil {
		return nil, http.StatusBadRequest, fmt.Errorf("the body is not snappy (block format): %w", err)
	}
	var request prompb.WriteRequest
	if err := proto.Unmarshal(data, &request); err != nil {
		return nil, http.StatusBadRequest, fmt.Errorf("the body is not a prometheus.WriteRequest: %w", err)
	}
	return &request, 0, nil
}

// store1 stores what can be stored of a request of Remote Write 1.0. Prometheus' own
// receiver drops the whole request for one sample out of order; here it holds up no other.
func (r *Receiver) store1(ctx context.Context, request *prompb.WriteRequest) (*refusals, error) {
	f := &refusals{}
	app := r.store.Appendable().AppenderV2(ctx)
	ahead := r.now().Add(maxAhead).UnixMilli()
	builder := labels.NewScratchBuilder(16)
	for i := range request.Timeseries {
		ts := &request.Timeseries[i]
		series := ts.ToLabels(&builder, nil)
		if why := unusable(series); why != nil {
			for range len(ts.Samples) + len(ts.Histograms) {
				f.add(why)
			}
			continue
		}
		var ref storage.SeriesRef
		put := func(at int64, v float64, h *histogram.Histogram, fh *histogram.FloatHistogram) error {
			if at > ahead {
				f.add(fmt.Errorf("%w: %s is too far ahead", storage.ErrOutOfBounds, time.UnixMilli(at).UTC().Format(time.RFC3339)))
				return nil
			}
			got, err := app.Append(ref, series, 0, at, v, h, fh, storage.AOptions{})
			var invalid histogram.Error
			switch {
			case err == nil:
				ref = got
				f.stored++
			case embedded.Refusal(err) || errors.As(err, &invalid):
				f.add(fmt.Errorf("%w for series %s", err, series))
			default:
				return errors.Join(err, app.Rollback())
			}
			return nil
		}
		for _, s := range ts.Samples {
			if err := put(s.Timestamp, s.Value, nil, nil); err != nil {
				return nil, err
			}
		}
		for _, h := range ts.Histograms {
			var err error
			if h.IsFloatHistogram() {
				err = put(h.Timestamp, 0, nil, h.ToFloatHistogram())
			} else {
				err = put(h.Timestamp, 0, h.ToIntHistogram(), nil)
			}
			if err != nil {
				return nil, err
			}
		}
	}
	return f, app.Commit()
}

// unusable says why a set of labels names no series.
func unusable(series labels.Labels) error {
	if !series.Has(model.MetricNameLabel) || !series.IsValid(model.UTF8Validation) {
		return fmt.Errorf("invalid metric name or labels: %s", series)
	}
	if twice, ok := series.HasDuplicateLabelNames(); ok {
		return fmt.Errorf("the label %s twice: %s", twice, series)
	}
	return nil
}

// writtenCount reads from the answer how many samples were written.
type writtenCount struct {
	http.ResponseWriter
	into *refusals
}

func (w *writtenCount) WriteHeader(status int) {
	for _, name := range []string{"Samples", "Histograms"} {
		var n int
		if _, err := fmt.Sscan(w.Header().Get("X-Prometheus-Remote-Write-"+name+"-Written"), &n); err == nil {
			w.into.stored += n
		}
	}
	w.ResponseWriter.WriteHeader(status)
}

// openTelemetry takes OTLP over HTTP, as protobuf or JSON. Increments (delta temporality)
// are added up to counters in memory, per series; after a restart they begin at zero
// again, which PromQL takes for the restart of a counter, as it should.
func (r *Receiver) openTelemetry(w http.ResponseWriter, req *http.Request) {
	kind, _, err := mime.ParseMediaType(req.Header.Get("Content-Type"))
	if err != nil || kind != "application/x-protobuf" && kind != "application/json" {
		http.Error(w, "OTLP is taken as application/x-protobuf or application/json", http.StatusUnsupportedMediaType)
		return
	}
	if encoding := req.Header.Get("Content-Encoding"); encoding != "" && encoding != "gzip" {
		http.Error(w, "OTLP is taken compressed by gzip or not at all", http.StatusUnsupportedMediaType)
		return
	}
	f := &refusals{}
	inner := req.WithContext(lenient(req.Context(), f))
	inner.Header = req.Header.Clone()
	inner.Header.Set("Content-Type", kind)
	inner.Body = http.MaxBytesReader(w, req.Body, largest)
	answer := &held{header: http.Header{}, status: http.StatusOK}
	r.otlp.ServeHTTP(answer, inner)
	if answer.status/100 != 2 {
		status := answer.status
		if strings.Contains(answer.body.String(), "request body too large") {
			status = http.StatusRequestEntityTooLarge
		}
		http.Error(w, strings.TrimSpace(answer.body.String()), status)
		return
	}
	r.count.samples.WithLabelValues(byOTLP).Add(float64(f.stored))
	r.count.refused.WithLabelValues(byOTLP).Add(float64(f.refused))
	w.Header().Set("Content-Type", kind)
	_, _ = w.Write(exportResponse(kind, f))
}

// held keeps an answer back.
type held struct {
	header http.Header
	status int
	body   strings.Builder
}

func (h *held) Header() http.Header { return h.header }

func (h *held) WriteHeader(status int) { h.status = status }

func (h *held) Write(p []byte) (int, error) { return h.body.Write(p) }
