package ingest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"mime"
	"net/http"
	"strings"
	"time"

	"github.com/prometheus/prometheus/storage"
	prom "github.com/prometheus/prometheus/storage/remote"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/pmetric"
	"go.opentelemetry.io/collector/pdata/pmetric/pmetricotlp"
)

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
	inner := req.WithContext(req.Context())
	inner.Header = req.Header.Clone()
	inner.Header.Set("Content-Type", kind)
	inner.Body = http.MaxBytesReader(w, req.Body, largest)
	sent, err := prom.DecodeOTLPWriteRequest(inner)
	if err != nil {
		status := http.StatusBadRequest
		var large *http.MaxBytesError
		if errors.As(err, &large) {
			status = http.StatusRequestEntityTooLarge
		}
		http.Error(w, err.Error(), status)
		return
	}
	f := &refusals{}
	dropAhead(sent.Metrics(), r.now().Add(maxAhead), f)
	if sent.Metrics().DataPointCount() > 0 {
		if status, why := r.takeOTLP(req.Context(), sent, f); status/100 != 2 {
			http.Error(w, why, status)
			return
		}
	}
	r.count.samples.WithLabelValues(byOTLP).Add(float64(f.stored))
	r.count.refused.WithLabelValues(byOTLP).Add(float64(f.refused))
	w.Header().Set("Content-Type", kind)
	_, _ = w.Write(exportResponse(kind, f))
}

// takeOTLP stores what a request holds; why not, where its status is not 200.
func (r *Receiver) takeOTLP(ctx context.Context, sent pmetricotlp.ExportRequest, f *refusals) (status int, why string) {
	body, err := sent.MarshalProto()
	if err != nil {
		return http.StatusBadRequest, err.Error()
	}
	inner, err := http.NewRequestWithContext(lenient(ctx, f), http.MethodPost, PathOTLP, bytes.NewReader(body))
	if err != nil {
		return http.StatusInternalServerError, err.Error()
	}
	inner.Header.Set("Content-Type", "application/x-protobuf")
	answer := &held{header: http.Header{}, status: http.StatusOK}
	r.otlp.ServeHTTP(answer, inner)
	return answer.status, strings.TrimSpace(answer.body.String())
}

// dropAhead takes the points too far ahead of the clock out of a request: Prometheus'
// handler refuses all of it for one of them, and OTLP wants the others stored ("Partial
// Success").
func dropAhead(m pmetric.Metrics, ahead time.Time, f *refusals) {
	late := func(at pcommon.Timestamp) bool {
		if !at.AsTime().After(ahead) {
			return false
		}
		f.add(fmt.Errorf("%w: %s is too far ahead", storage.ErrOutOfBounds, at.AsTime().UTC().Format(time.RFC3339)))
		return true
	}
	for _, resource := range m.ResourceMetrics().All() {
		for _, scope := range resource.ScopeMetrics().All() {
			for _, metric := range scope.Metrics().All() {
				switch metric.Type() {
				case pmetric.MetricTypeGauge:
					metric.Gauge().DataPoints().RemoveIf(func(p pmetric.NumberDataPoint) bool { return late(p.Timestamp()) })
				case pmetric.MetricTypeSum:
					metric.Sum().DataPoints().RemoveIf(func(p pmetric.NumberDataPoint) bool { return late(p.Timestamp()) })
				case pmetric.MetricTypeHistogram:
					metric.Histogram().DataPoints().RemoveIf(func(p pmetric.HistogramDataPoint) bool { return late(p.Timestamp()) })
				case pmetric.MetricTypeExponentialHistogram:
					metric.ExponentialHistogram().DataPoints().RemoveIf(func(p pmetric.ExponentialHistogramDataPoint) bool { return late(p.Timestamp()) })
				case pmetric.MetricTypeSummary:
					metric.Summary().DataPoints().RemoveIf(func(p pmetric.SummaryDataPoint) bool { return late(p.Timestamp()) })
				}
			}
		}
	}
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

// exportResponse is the answer that OTLP wants: empty where all was stored, a partial
// success with the number of refused points where not (OTLP 1.x, "Partial Success").
func exportResponse(kind string, f *refusals) []byte {
	response := pmetricotlp.NewExportResponse()
	if f.refused > 0 {
		response.PartialSuccess().SetRejectedDataPoints(int64(f.refused))
		response.PartialSuccess().SetErrorMessage(f.String())
	}
	var data []byte
	if kind == "application/json" {
		data, _ = response.MarshalJSON()
	} else {
		data, _ = response.MarshalProto()
	}
	return data
}
