package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/spf13/cobra"

	"diapason/internal/api"
	"diapason/internal/app"
	"diapason/internal/finding"
	"diapason/internal/model"
	"diapason/internal/telemetry"
	"diapason/internal/telemetry/embedded"
	"diapason/internal/telemetry/ingest"
	"diapason/internal/telemetry/probe"
	"diapason/internal/telemetry/remote"
)

// telemetryOptions say where metrics live and who may send and read them.
type telemetryOptions struct {
	none              bool
	folder, retention string

	url, user               string
	passwordFile, tokenFile string
	headers                 []string
	ca                      string

	writeTokens, readTokens string
	scrape                  string
	references              []string
}

func (o *telemetryOptions) flags(t *terminal, c *cobra.Command) {
	f := c.Flags()
	f.BoolVar(&o.none, "no-metrics", false, t.say("telemetry.flag.none", nil))
	f.StringVar(&o.folder, "metrics-dir", "", t.say("telemetry.flag.folder", nil))
	f.StringVar(&o.retention, "metrics-retention", defaultRetention, t.say("telemetry.flag.retention", nil))
	f.StringVar(&o.url, "metrics-url", "", t.say("telemetry.flag.url", nil))
	f.StringVar(&o.user, "metrics-user", "", t.say("telemetry.flag.user", nil))
	f.StringVar(&o.passwordFile, "metrics-password-file", "", t.say("telemetry.flag.password", nil))
	f.StringVar(&o.tokenFile, "metrics-token-file", "", t.say("telemetry.flag.token", nil))
	f.StringArrayVar(&o.headers, "metrics-header", nil, t.say("telemetry.flag.header", nil))
	f.StringVar(&o.ca, "metrics-ca", "", t.say("telemetry.flag.ca", nil))
	f.StringVar(&o.writeTokens, "ingest-token-file", "", t.say("telemetry.flag.ingest", nil))
	f.StringVar(&o.readTokens, "query-token-file", "", t.say("telemetry.flag.query", nil))
	f.StringVar(&o.scrape, "scrape", "", t.say("telemetry.flag.scrape", nil))
	f.StringArrayVar(&o.references, "probe-reference", nil, t.say("telemetry.flag.reference", nil))
}

// defaultRetention is how long metrics are kept where nobody says otherwise.
const defaultRetention = "400 d"

// everKept is how long a command that only asks keeps metrics: it deletes nothing.
const everKept = 100 * 365 * 24 * time.Hour

// openMeasured opens the metrics of a data folder to ask them; nil where there are none, or
// where a server holds them.
func (t *terminal) openMeasured(o *storeOptions) (*embedded.Store, error) {
	folder := filepath.Join(o.folder(), "metrics")
	if _, err := os.Stat(folder); o.url() != "" || err != nil {
		return nil, nil
	}
	s, err := embedded.Open(embedded.Options{Folder: folder, Retention: everKept, Now: machine.now})
	switch {
	case errors.Is(err, embedded.ErrLocked), err != nil && o.reads:
		return nil, nil
	case err != nil:
		return nil, t.metricsError(folder, err)
	}
	return s, nil
}

// measuring is everything that measures while the server runs.
type measuring struct {
	store    *embedded.Store // nil where metrics are elsewhere only
	remote   *remote.Server
	receiver *ingest.Receiver
	targets  *ingest.Targets
	runner   *probe.Runner
	prober   *prober
	write    *tokens
	read     *tokens
	figures  *prometheus.Registry
	log      *slog.Logger

	stop context.CancelFunc
	done sync.WaitGroup
}

// openTelemetry opens the metrics store and what belongs to it; nil where there is none.
func (t *terminal) openTelemetry(o serveOptions, log *slog.Logger) (_ *measuring, err error) {
	m := &measuring{log: log, figures: prometheus.NewRegistry(), stop: func() {}}
	defer func() {
		if err != nil {
			m.close()
		}
	}()
	if url := cmp.Or(o.metrics.url, os.Getenv("DIAPASON_METRICS_URL")); url != "" && !o.metrics.none {
		if m.remote, err = t.remoteMetrics(url, o.metrics); err != nil {
			return nil, err
		}
	}
	folder := o.metrics.folder
	if folder == "" && o.url() == "" {
		folder = filepath.Join(o.folder(), "metrics")
	}
	if o.metrics.none || folder == "" {
		if o.metrics.scrape != "" || o.metrics.writeTokens != "" {
			return nil, unusable(errors.New(t.say("telemetry.nowhere", nil)))
		}
		if m.remote == nil {
			return nil, nil
		}
		return m, nil
	}
	retention, err := model.ParseDuration(o.metrics.retention)
	if err != nil {
		return nil, unusable(errors.New(t.say("telemetry.retention", finding.Args{"value": o.metrics.retention})))
	}
	if m.store, err = embedded.Open(embedded.Options{Folder: folder, Retention: retention.Std(), Now: machine.now, Pace: machine.pace, Log: log, Registerer: m.figures}); err != nil {
		return nil, t.metricsError(folder, err)
	}
	m.receiver = ingest.New(ingest.Options{Store: m.store, Now: machine.now, Log: log, Registerer: m.figures})
	if o.metrics.scrape != "" {
		if m.targets, err = ingest.ReadTargets(o.metrics.scrape); err != nil {
			return nil, unusable(err)
		}
	}
	if m.write, err = t.readTokens(o.metrics.writeTokens); err != nil {
		return nil, err
	}
	if m.read, err = t.readTokens(o.metrics.readTokens); err != nil {
		return nil, err
	}
	if m.runner, err = probe.New(probe.Options{Into: m.store, References: o.metrics.references, Log: log, Now: machine.now, Pace: machine.pace}); err != nil {
		return nil, unusable(err)
	}
	m.prober = &prober{runner: m.runner}
	m.showProbes()
	return m, nil
}

func (t *terminal) remoteMetrics(url string, o telemetryOptions) (*remote.Server, error) {
	headers := map[string]string{}
	for _, h := range o.headers {
		name, value, ok := strings.Cut(h, ":")
		if !ok {
			return nil, unusable(errors.New(t.say("telemetry.header", finding.Args{"value": h})))
		}
		headers[strings.TrimSpace(name)] = strings.TrimSpace(value)
	}
	s, err := remote.New(remote.Options{
		URL: url, User: o.user, CA: o.ca, Headers: headers,
		Password: remote.Secret{Value: os.Getenv("DIAPASON_METRICS_PASSWORD"), File: o.passwordFile},
		Token:    remote.Secret{Value: os.Getenv("DIAPASON_METRICS_TOKEN"), File: o.tokenFile},
	})
	if err != nil {
		return nil, unusable(err)
	}
	return s, nil
}

// metricsError gives an error of opening the store its sentence in the user's language.
func (t *terminal) metricsError(folder string, err error) error {
	var damage *embedded.DamageError
	switch {
	case errors.Is(err, embedded.ErrLocked):
		err = errors.New(t.say("telemetry.locked", finding.Args{"path": folder}))
	case errors.As(err, &damage):
		err = errors.New(t.say("telemetry.damaged", finding.Args{"path": folder, "parts": strings.Join(damage.Parts, ", "), "cause": damage.Cause.Error()}))
	}
	return unusable(err)
}

// querier answers the recorder of evidence; nil where nobody does.
func (m *measuring) querier() telemetry.Querier {
	switch {
	case m == nil:
		return nil
	case m.remote == nil:
		return m.store
	case m.store == nil:
		return m.remote
	}
	return m.store.Beside(m.remote)
}

// serve is what the server needs of it.
func (m *measuring) serve(open bool) *api.Telemetry {
	if m == nil {
		return nil
	}
	t := &api.Telemetry{Figures: m.figures, State: m.state, Open: open}
	if m.receiver != nil {
		t.Write, t.Query = m.receiver.Write(), m.receiver.Query()
		t.WritePaths, t.QueryPrefix = []string{ingest.PathWrite, ingest.PathOTLP}, ingest.PathQuery
	}
	if m.write != nil {
		t.MayWrite = m.write.holds
	}
	if m.read != nil {
		t.MayRead = m.read.holds
	}
	return t
}

// state says who answers queries.
func (m *measuring) state(ctx context.Context) string {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	e, err := m.querier().Engine(ctx)
	if err != nil {
		return err.Error()
	}
	return fmt.Sprintf("%s %s (%s)", e.Name, e.Version, e.Where)
}

// start begins to probe and scrape, and follows the probes of the model.
func (m *measuring) start(ctx context.Context, a *app.App) {
	if m == nil || m.store == nil {
		return
	}
	ctx, m.stop = context.WithCancel(context.WithoutCancel(ctx))
	a.UseProber(m.prober)
	m.done.Go(func() { m.runner.Run(ctx) })
	m.done.Go(func() { m.follow(ctx, a) })
	if m.targets != nil {
		m.done.Go(func() {
			if err := m.receiver.Scrape(ctx, m.targets); err != nil && ctx.Err() == nil {
				m.log.Error("targets are not scraped", "error", err)
			}
		})
	}
}

// follow sets the probes whenever the model changes.
func (m *measuring) follow(ctx context.Context, a *app.App) {
	last := int64(-1)
	for ctx.Err() == nil {
		seq, wait := a.HeadChange(last)
		if seq == last {
			select {
			case <-ctx.Done():
			case <-wait:
			}
			continue
		}
		last = seq
		m.prober.follow(a.ProbeDefinitions(), m.log)
	}
}

// close stops measuring and closes the store.
func (m *measuring) close() {
	if m == nil {
		return
	}
	m.stop()
	m.done.Wait()
	if m.store != nil {
		if err := m.store.Close(); err != nil {
			m.log.Error("the metrics were not closed in order", "error", err)
		}
	}
}

// showProbes adds the figures of the prober to those at /metrics.
func (m *measuring) showProbes() {
	for _, g := range []struct {
		name, help string
		value      func(probe.Figures) float64
	}{
		{"diapason_probes", "Probes that the model defines.", func(f probe.Figures) float64 { return float64(f.Probes) }},
		{"diapason_probes_failing", "Probes whose last run failed.", func(f probe.Figures) float64 { return float64(f.Failures) }},
		{"diapason_probes_running", "Probes under way.", func(f probe.Figures) float64 { return float64(f.Running) }},
		{"diapason_probe_lag_seconds", "How much later than due the last probe began.", func(f probe.Figures) float64 { return f.Lag }},
		{"diapason_probe_vouched_timestamp_seconds", "The last minute for which the prober vouches; 0 before the first.", func(f probe.Figures) float64 {
			if f.Vouched.IsZero() {
				return 0
			}
			return float64(f.Vouched.Unix())
		}},
	} {
		m.figures.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: g.name, Help: g.help}, func() float64 { return g.value(m.runner.Figures()) }))
	}
}
