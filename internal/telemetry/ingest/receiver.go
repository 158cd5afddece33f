// Package ingest is how samples come into the embedded metrics store and how others ask
// it: Remote Write 1.0 and 2.0, OTLP, scraping of listed targets, and Prometheus' HTTP API
// for queries, read-only, so that Grafana and others can use Diapason as a data source.
//
// Who may do so is decided before these handlers are reached.
package ingest

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"runtime"
	"sync"
	"time"

	remoteapi "github.com/prometheus/client_golang/exp/api/remote"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/prometheus/config"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/scrape"
	prom "github.com/prometheus/prometheus/storage/remote"

	"diapason/internal/telemetry/embedded"
)

// Options of the receiver.
type Options struct {
	Store *embedded.Store
	Log   *slog.Logger
	// Registerer takes the receivers' own figures; nil keeps them to itself.
	Registerer prometheus.Registerer
	// Now is the clock by which samples are refused as too far ahead.
	Now func() time.Time
}

// Receiver takes samples for a store and answers queries of it.
type Receiver struct {
	store   *embedded.Store
	log     *slog.Logger
	now     func() time.Time
	reg     prometheus.Registerer
	write2  http.Handler
	otlp    http.Handler
	turns   chan struct{}
	count   *figures
	known   *knowledge
	refs    references
	use     sync.Pool // of *usage
	mu      sync.Mutex
	scraper *scrape.Manager
}

// New makes a receiver.
func New(o Options) *Receiver {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Registerer == nil {
		o.Registerer = prometheus.NewRegistry()
	}
	r := &Receiver{store: o.Store, log: o.Log, now: o.Now, reg: o.Registerer, turns: make(chan struct{}, 2*runtime.GOMAXPROCS(0)), count: newFigures(o.Registerer), known: &knowledge{}}
	r.use.New = func() any { return &usage{builder: labels.NewScratchBuilder(16)} }
	quiet := slog.New(slog.DiscardHandler) // a sender's mistakes are answered to the sender, and counted
	into := &appendable{to: o.Store.Appendable(), known: r.known}
	r.write2 = prom.NewWriteHandler(quiet, o.Registerer, into, remoteapi.MessageTypes{remoteapi.WriteV2MessageType}, false, true)
	settings := config.DefaultConfig
	r.otlp = prom.NewOTLPWriteHandler(quiet, o.Registerer, into, func() config.Config { return settings }, prom.OTLPOptions{
		// Prometheus knows cumulative counters only: increments are added up per series.
		ConvertDelta: true, LookbackDelta: embedded.Lookback,
	})
	return r
}

// The paths under which samples are taken.
const (
	PathWrite = "/api/v1/write"
	PathOTLP  = "/api/v1/otlp/v1/metrics"
)

// Write takes samples: Remote Write at PathWrite, OTLP at PathOTLP.
func (r *Receiver) Write() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("POST "+PathWrite, r.inTurn(http.HandlerFunc(r.remoteWrite)))
	mux.Handle("POST "+PathOTLP, r.inTurn(http.HandlerFunc(r.openTelemetry)))
	return mux
}

// slowest is how long a sender may take to send one request.
const slowest = time.Minute

// inTurn decodes a bounded number of requests at a time: each may take 32 MB of memory
// and more. The body of a request that waits stays with its sender.
func (r *Receiver) inTurn(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(slowest))
		wait, cancel := context.WithTimeout(req.Context(), slowest/2)
		defer cancel()
		select {
		case r.turns <- struct{}{}:
			defer func() { <-r.turns }()
			next.ServeHTTP(w, req)
		case <-wait.Done():
			w.Header().Set("Retry-After", "5")
			http.Error(w, "too many senders at once; send it again later", http.StatusServiceUnavailable)
		}
	})
}

// figures count what comes in.
type figures struct {
	samples, refused *prometheus.CounterVec
}

func newFigures(reg prometheus.Registerer) *figures {
	f := &figures{
		samples: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "diapason_ingested_samples_total", Help: "Samples stored, by the way they came."}, []string{"by"}),
		refused: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "diapason_refused_samples_total", Help: "Samples refused (too old, too far ahead, twice with another value, invalid labels), by the way they came."}, []string{"by"}),
	}
	reg.MustRegister(f.samples, f.refused)
	for _, by := range []string{byWrite1, byWrite2, byOTLP} {
		f.samples.WithLabelValues(by)
		f.refused.WithLabelValues(by)
	}
	return f
}

// The ways by which samples come.
const (
	byWrite1 = "remote-write-1"
	byWrite2 = "remote-write-2"
	byOTLP   = "otlp"
)

// refusals are the samples of one request that were not stored.
type refusals struct {
	stored, refused int
	first           error
}

func (f *refusals) add(err error) {
	f.refused++
	if f.first == nil {
		f.first = err
	}
}

func (f *refusals) String() string {
	return fmt.Sprintf("%d of %d samples were refused, the others are stored; the first: %v", f.refused, f.stored+f.refused, f.first)
}
