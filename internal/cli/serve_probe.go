package cli

import (
	"context"
	"log/slog"
	"maps"
	"sync"

	"diapason/internal/app"
	"diapason/internal/model"
	"diapason/internal/telemetry/probe"
)

// prober shows the probes that run in this process to the use cases.
type prober struct {
	runner *probe.Runner

	mu      sync.Mutex
	refused map[string]string
}

// follow sets what is to be asked, and keeps what the runner refuses.
func (p *prober) follow(wanted []app.ProbeDefinition, log *slog.Logger) {
	definitions := make([]probe.Definition, len(wanted))
	for i, w := range wanted {
		definitions[i] = definitionOf(w)
	}
	refused := map[string]string{}
	for _, x := range p.runner.Set(definitions) {
		log.Warn("a probe cannot be run", "source", x.Source, "error", x.Err)
		refused[x.Source] = x.Err.Error()
	}
	p.mu.Lock()
	p.refused = refused
	p.mu.Unlock()
}

func definitionOf(w app.ProbeDefinition) probe.Definition {
	return probe.Definition{Source: w.Source, Services: w.Of, Type: w.Type, Target: w.Target, Interval: w.Interval, Timeout: w.Timeout, Status: w.Status, Contains: w.Contains, Name: w.Name, Record: w.Record, Secure: w.Secure, Expires: w.Expires}
}

// Runs are the last runs, by the name of their source.
func (p *prober) Runs() map[string]app.ProbeRun {
	out := map[string]app.ProbeRun{}
	for _, s := range p.runner.Statuses() {
		out[s.Source] = runOf(s)
	}
	return out
}

func runOf(s probe.Status) app.ProbeRun {
	return app.ProbeRun{
		At: model.Instant{Time: s.At}, Success: s.Success, Blind: s.Blind, Seconds: s.Seconds, Lag: s.Lag.Seconds(), Reason: s.Reason,
		Expires: model.Instant{Time: s.Expires}, Next: model.Instant{Time: s.Next},
	}
}

// Refused are the definitions that the runner does not take.
func (p *prober) Refused() map[string]string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return maps.Clone(p.refused)
}

// Health is how the runner keeps its schedule.
func (p *prober) Health() app.ProberHealth {
	f := p.runner.Figures()
	return app.ProberHealth{Probes: f.Probes, Running: f.Running, Lag: f.Lag, Vouched: model.Instant{Time: f.Vouched}}
}

// Try runs a probe once, now.
func (p *prober) Try(ctx context.Context, d app.ProbeDefinition) (app.ProbeRun, error) {
	s, err := p.runner.Try(ctx, definitionOf(d))
	return runOf(s), err
}
