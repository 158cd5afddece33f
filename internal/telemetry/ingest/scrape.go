package ingest

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"

	"github.com/prometheus/common/promslog"
	"github.com/prometheus/prometheus/config"
	"github.com/prometheus/prometheus/discovery"
	"github.com/prometheus/prometheus/discovery/targetgroup"
	"github.com/prometheus/prometheus/scrape"
)

// Targets are what is to be scraped, from a file in Prometheus' format.
type Targets struct {
	config *config.Config
	groups map[string][]*targetgroup.Group // by job
}

// ReadTargets reads a file in Prometheus' format: global and scrape_configs with
// static_configs. Everything that Prometheus does beside scraping, and targets that have
// to be discovered, is refused rather than left out.
func ReadTargets(file string) (*Targets, error) {
	c, err := config.LoadFile(file, false, promslog.NewNopLogger())
	if err != nil {
		// YAML's errors stand on several lines.
		return nil, fmt.Errorf("the targets to scrape cannot be read: %s", strings.Join(strings.Fields(err.Error()), " "))
	}
	var other []string
	for part, given := range map[string]bool{
		"rule_files": len(c.RuleFiles) > 0, "alerting": len(c.AlertingConfig.AlertmanagerConfigs) > 0,
		"remote_write": len(c.RemoteWriteConfigs) > 0, "remote_read": len(c.RemoteReadConfigs) > 0, "scrape_config_files": len(c.ScrapeConfigFiles) > 0,
	} {
		if given {
			other = append(other, part)
		}
	}
	if len(other) > 0 {
		return nil, fmt.Errorf("%s: only global and scrape_configs are understood, not %s", file, strings.Join(other, ", "))
	}
	t := &Targets{config: c, groups: map[string][]*targetgroup.Group{}}
	for _, s := range c.ScrapeConfigs {
		for _, d := range s.ServiceDiscoveryConfigs {
			static, ok := d.(discovery.StaticConfig)
			if !ok {
				return nil, fmt.Errorf("%s: the job %s discovers targets by %s; only static_configs are understood", file, s.JobName, d.Name())
			}
			t.groups[s.JobName] = append(t.groups[s.JobName], static...)
		}
	}
	if len(t.groups) == 0 {
		return nil, fmt.Errorf("%s lists no target: give scrape_configs with static_configs", file)
	}
	for _, groups := range t.groups {
		for i, g := range groups {
			g.Source = fmt.Sprint(i)
		}
	}
	return t, nil
}

// Len is the number of targets.
func (t *Targets) Len() int {
	n := 0
	for _, groups := range t.groups {
		for _, g := range groups {
			n += len(g.Targets)
		}
	}
	return n
}

// Scrape scrapes targets until the context ends. A target that does not answer is
// written down as up = 0, as Prometheus does.
func (r *Receiver) Scrape(ctx context.Context, t *Targets) error {
	into := &appendable{to: r.store.Appendable(), known: r.known}
	quiet := slog.New(slog.DiscardHandler)
	m, err := scrape.NewManager(&scrape.Options{AppendMetadata: true, DiscoveryReloadOnStartup: true}, quiet, nil, nil, into, r.reg)
	if err != nil {
		return fmt.Errorf("scraping cannot begin: %w", err)
	}
	if err := m.ApplyConfig(t.config); err != nil {
		return fmt.Errorf("scraping cannot begin: %w", err)
	}
	r.mu.Lock()
	taken := r.scraper != nil
	if !taken {
		r.scraper = m
	}
	r.mu.Unlock()
	if taken {
		return errors.New("targets are scraped already")
	}
	sets := make(chan map[string][]*targetgroup.Group, 1)
	sets <- t.groups
	ended := make(chan error, 1)
	go func() { ended <- m.Run(sets) }()
	<-ctx.Done()
	m.Stop()
	return <-ended
}
