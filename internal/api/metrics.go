package api

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"diapason/internal/app"
)

type metrics struct {
	registry *prometheus.Registry
	shown    prometheus.Gatherer // with the figures of the metrics store
	requests *prometheus.HistogramVec
}

func newMetrics(a *app.App, t *Telemetry) *metrics {
	m := &metrics{registry: prometheus.NewRegistry()}
	m.shown = m.registry
	if t != nil && t.Figures != nil {
		m.shown = prometheus.Gatherers{m.registry, t.Figures}
	}
	m.requests = prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name: "diapason_http_request_duration_seconds", Help: "Duration of HTTP requests.",
		Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5},
	}, []string{"method", "area", "code"})
	gauge := func(name, help string, fn func() float64) prometheus.Collector {
		return prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help}, fn)
	}
	m.registry.MustRegister(
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}), m.requests,
		gauge("diapason_head_seq", "Last entry of the log that the model holds.", func() float64 { return float64(a.Head().Seq) }),
		gauge("diapason_objects", "Objects in the model.", func() float64 { return float64(a.Head().Len()) }),
		gauge("diapason_assessed_seq", "Last entry of the log that the rules have seen.", func() float64 { return float64(a.AssessedSeq()) }),
		gauge("diapason_findings", "Findings that stand, of any severity.", func() float64 { return float64(a.FindingCount()) }),
	)
	return m
}

func (m *metrics) handler() http.Handler {
	if m.registry == nil { // only the description is wanted
		return http.NotFoundHandler()
	}
	return promhttp.HandlerFor(m.shown, promhttp.HandlerOpts{})
}

type statusWriter struct {
	http.ResponseWriter
	code int
}

func (w *statusWriter) WriteHeader(code int) {
	w.code = code
	w.ResponseWriter.WriteHeader(code)
}

func (w *statusWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// Flush lets streams through.
func (w *statusWriter) Flush() { _ = http.NewResponseController(w.ResponseWriter).Flush() }

// observe times requests, by area of the address only: names never become labels.
func (m *metrics) observe(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		sw := &statusWriter{w, 200}
		started := time.Now()
		next.ServeHTTP(sw, r)
		m.requests.WithLabelValues(r.Method, areaOf(r.URL.Path), strconv.Itoa(sw.code)).Observe(time.Since(started).Seconds())
	})
}

var areas = map[string]bool{"session": true, "schema": true, "objects": true, "changes": true, "drafts": true, "what-if": true, "findings": true, "overview": true, "services": true, "search": true, "history": true, "map": true, "impact": true, "processes": true, "catalogue": true, "accounts": true, "attachments": true, "imports": true, "tables": true, "submissions": true, "reports": true, "questionnaires": true, "write": true, "otlp": true}

func areaOf(path string) string {
	if rest, ok := strings.CutPrefix(path, "/api/v1/"); ok {
		first, _, _ := strings.Cut(rest, "/")
		if areas[first] {
			return first
		}
		return "api"
	}
	if strings.HasPrefix(path, "/prometheus/") {
		return "prometheus"
	}
	if strings.HasPrefix(path, "/catalogue") {
		return "catalogue"
	}
	if strings.HasPrefix(path, "/questionnaire/") {
		return "questionnaire"
	}
	return "web"
}
