package ingest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/golang/snappy"
	remoteapi "github.com/prometheus/client_golang/exp/api/remote"
	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/exemplar"
	"github.com/prometheus/prometheus/model/histogram"
	"github.com/prometheus/prometheus/model/labels"
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
	u := r.use.Get().(*usage)
	defer r.use.Put(u)
	status, err := u.decode(w, req)
	if err != nil {
		http.Error(w, err.Error(), status)
		return
	}
	f, err := r.store1(req.Context(), u)
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

// usage is the memory that one request of Remote Write 1.0 takes, used again by the next.
type usage struct {
	body, data []byte
	request    written
	refs       []storage.SeriesRef
	fresh      []int
	builder    labels.ScratchBuilder
}

// longest is how much memory of a request is kept for the next, in bytes.
const longest = 4 << 20

// decode reads a request: its status where it is none.
func (u *usage) decode(w http.ResponseWriter, req *http.Request) (status int, err error) {
	if cap(u.body) > longest || cap(u.data) > longest {
		*u = usage{builder: u.builder}
	}
	body := bytes.NewBuffer(u.body[:0])
	if n := req.ContentLength; n > 0 && n <= largest {
		body.Grow(int(n) + bytes.MinRead)
	}
	_, err = body.ReadFrom(http.MaxBytesReader(w, req.Body, largest))
	u.body = body.Bytes()
	if err != nil {
		var large *http.MaxBytesError
		if errors.As(err, &large) {
			return http.StatusRequestEntityTooLarge, fmt.Errorf("a request has at most %d MB", largest>>20)
		}
		return http.StatusBadRequest, err
	}
	n, err := snappy.DecodedLen(u.body)
	if err != nil {
		return http.StatusBadRequest, fmt.Errorf("the body is not snappy (block format): %w", err)
	}
	if n > largest {
		return http.StatusRequestEntityTooLarge, fmt.Errorf("a request has at most %d MB when decompressed", largest>>20)
	}
	if u.data, err = snappy.Decode(u.data[:cap(u.data)], u.body); err != nil {
		return http.StatusBadRequest, fmt.Errorf("the body is not snappy (block format): %w", err)
	}
	if err := u.request.read(u.data); err != nil {
		return http.StatusBadRequest, fmt.Errorf("the body is not a prometheus.WriteRequest: %w", err)
	}
	return 0, nil
}

// store1 stores what can be stored of a request of Remote Write 1.0. Prometheus' own
// receiver drops the whole request for one sample out of order; here it holds up no other.
func (r *Receiver) store1(ctx context.Context, u *usage) (*refusals, error) {
	f := &refusals{}
	for i := range u.request.metadata {
		if m := &u.request.metadata[i]; m.MetricFamilyName != "" {
			r.known.note(m.MetricFamilyName, labels.EmptyLabels(), metadataOf(m))
		}
	}
	u.refs = slices.Grow(u.refs[:0], len(u.request.series))[:len(u.request.series)]
	u.fresh = append(u.fresh[:0], r.refs.find(u.request.series, u.refs)...)
	into := &appending{AppenderV2: r.store.Appendable().AppenderV2(ctx), refusals: f, ahead: r.now().Add(maxAhead).UnixMilli(), builder: &u.builder}
	for i := range u.request.series {
		before := u.refs[i]
		if err := into.series(&u.request, &u.request.series[i], &u.refs[i]); err != nil {
			return nil, errors.Join(err, into.Rollback())
		}
		if u.refs[i] != before {
			u.fresh = append(u.fresh, i)
		}
	}
	if err := into.Commit(); err != nil {
		return nil, err
	}
	r.refs.keep(u.request.series, u.refs, u.fresh)
	return f, nil
}

// appending appends the series of one request.
type appending struct {
	storage.AppenderV2
	*refusals
	ahead   int64 // the last instant taken, in milliseconds
	builder *labels.ScratchBuilder
}

// series appends one series. Its reference is 0, or one by which it was stored before; it
// is the present one afterwards.
func (a *appending) series(request *written, s *writtenSeries, ref *storage.SeriesRef) error {
	var named labels.Labels
	known := false // the labels are
	if *ref == 0 {
		if why := a.name(s, &named); why != nil {
			for range s.to - s.from + len(s.histograms) {
				a.add(why)
			}
			return nil
		}
		known = true
	}
	put := func(at int64, v float64, h *histogram.Histogram, fh *histogram.FloatHistogram) error {
		if at > a.ahead {
			a.add(fmt.Errorf("%w: %s is too far ahead", storage.ErrOutOfBounds, time.UnixMilli(at).UTC().Format(time.RFC3339)))
			return nil
		}
		got, err := a.Append(*ref, named, 0, at, v, h, fh, storage.AOptions{})
		if err != nil && !known { // the store may have let the series go
			if why := a.name(s, &named); why != nil {
				return why
			}
			known = true
			got, err = a.Append(*ref, named, 0, at, v, h, fh, storage.AOptions{})
		}
		var invalid histogram.Error
		switch {
		case err == nil:
			*ref = got
			a.stored++
		case embedded.Refusal(err) || errors.As(err, &invalid):
			a.add(fmt.Errorf("%w for series %s", err, named))
		default:
			return err
		}
		return nil
	}
	for _, x := range request.samples[s.from:s.to] {
		if err := put(x.Timestamp, x.Value, nil, nil); err != nil {
			return err
		}
	}
	for _, h := range s.histograms {
		var err error
		if h.IsFloatHistogram() {
			err = put(h.Timestamp, 0, nil, coarse(h.ToFloatHistogram()))
		} else {
			err = put(h.Timestamp, 0, coarse(h.ToIntHistogram()), nil)
		}
		if err != nil {
			return err
		}
	}
	if len(s.exemplars) > 0 && *ref != 0 {
		a.exemplars(s, *ref)
	}
	return nil
}

// name reads the labels of a series; it says why they name none.
func (a *appending) name(s *writtenSeries, named *labels.Labels) error {
	var err error
	if *named, err = readLabels(s.labels, a.builder); err != nil {
		return err
	}
	return unusable(*named)
}

// coarse takes a histogram that is finer than the store keeps at its finest.
func coarse[H interface {
	comparable
	ReduceResolution(int32) error
}](h H) H {
	var schema int32
	switch h := any(h).(type) {
	case *histogram.Histogram:
		schema = h.Schema
	case *histogram.FloatHistogram:
		schema = h.Schema
	}
	if histogram.IsExponentialSchemaReserved(schema) && schema > histogram.ExponentialSchemaMax {
		_ = h.ReduceResolution(histogram.ExponentialSchemaMax) // what it cannot read the store refuses
	}
	return h
}

// exemplars keeps the examples of a series; one that cannot be kept is no fault of the
// samples.
func (a *appending) exemplars(s *writtenSeries, ref storage.SeriesRef) {
	to, ok := a.AppenderV2.(storage.ExemplarAppenderV2)
	if !ok {
		return
	}
	list := make([]exemplar.Exemplar, 0, len(s.exemplars))
	for i := range s.exemplars {
		if e := &s.exemplars[i]; e.Timestamp <= a.ahead {
			list = append(list, e.ToExemplar(a.builder, nil))
		}
	}
	slices.SortFunc(list, exemplar.Compare)
	_, _ = to.AppendExemplars(ref, labels.EmptyLabels(), list)
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
