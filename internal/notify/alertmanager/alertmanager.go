// Package alertmanager tells an Alertmanager which alerts stand, by its API v2
// (https://github.com/prometheus/alertmanager, api/v2/openapi.yaml), as Prometheus does:
// again and again, each time with an end a few minutes ahead, so that what is no longer
// told ends by itself.
package alertmanager

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"diapason/internal/notify"
	"diapason/internal/notify/outgoing"
)

// Lasts is for how long an alert stands that is not told again: four times the minute after
// which it is, as with Prometheus.
const Lasts = 4 * time.Minute

// batch bounds the alerts of one request, as with Prometheus.
const batch = 256

// Options of a channel.
type Options struct {
	outgoing.Options
	// Source is the address of the interface, for links; empty where nobody gave it.
	Source string
}

// Channel tells one Alertmanager.
type Channel struct {
	options Options
	client  *outgoing.Client
}

// New makes a channel; it sends nothing yet. The address may end with that of the API.
func New(o Options) (*Channel, error) {
	base := *o.URL
	base.Path = strings.TrimSuffix(strings.TrimSuffix(base.Path, "/"), "/api/v2/alerts")
	base.Path = strings.TrimSuffix(base.Path, "/api/v2")
	o.URL = &base
	client, err := outgoing.New(o.Options)
	if err != nil {
		return nil, err
	}
	return &Channel{options: o, client: client}, nil
}

// postable is a PostableAlert of the API.
type postable struct {
	Labels      map[string]string `json:"labels"`
	Annotations map[string]string `json:"annotations"`
	Starts      time.Time         `json:"startsAt"`
	Ends        time.Time         `json:"endsAt"`
	Generator   string            `json:"generatorURL,omitempty"`
}

// Names of alerts.
const (
	NameBurn  = "ErrorBudgetBurn"
	NameBlind = "ServiceLevelNotMeasured"
	NameTest  = "DiapasonTest"
)

// Labels are those of an alert: those by which the exported rules name an objective, so
// that one routing serves both, and those of the model. They never change while it stands.
func Labels(a *notify.Alert) map[string]string {
	_, service, _ := strings.Cut(a.Service, "/")
	_, agreement, _ := strings.Cut(a.Agreement, "/")
	_, customer, _ := strings.Cut(a.Customer, "/")
	name := NameBurn
	switch a.Kind {
	case "not-measured":
		name = NameBlind
	case "test":
		name = NameTest
	}
	out := map[string]string{
		"alertname": name, "severity": a.Severity, "service": service, "agreement": agreement, "customer": customer, "slo": a.Target,
		"sloth_severity": a.Severity, "sloth_service": service, "sloth_slo": a.Target,
	}
	if service != "" && a.Target != "" {
		out["sloth_id"] = service + "-" + a.Target
	}
	for k, v := range out { // an empty label is none
		if v == "" {
			delete(out, k)
		}
	}
	return out
}

// Post implements notify.Poster.
func (c *Channel) Post(ctx context.Context, now time.Time, alerts []notify.Alert) error {
	list := make([]postable, 0, len(alerts))
	for i := range alerts {
		a := &alerts[i]
		p := postable{Labels: Labels(a), Annotations: map[string]string{"title": a.Subject, "summary": a.Text, "description": a.Text}, Starts: a.Since.UTC(), Ends: now.UTC().Add(Lasts)}
		if a.State == "resolved" {
			p.Ends = a.Until.UTC()
		}
		if p.Ends.Before(p.Starts) { // under a clock that was moved
			p.Starts = p.Ends
		}
		if !a.Breach.IsZero() {
			p.Annotations["breach"] = a.Breach.UTC().Format(time.RFC3339)
		}
		if strings.HasPrefix(c.options.Source, "http") {
			p.Generator = c.options.Source + "/service-levels/alerts"
		}
		list = append(list, p)
	}
	for first := true; first || len(list) > 0; first = false {
		some := list[:min(len(list), batch)]
		list = list[len(some):]
		body, err := json.Marshal(some)
		if err != nil {
			return notify.NewProblem(notify.Refused, err.Error())
		}
		if err := c.client.Post(ctx, "api/v2/alerts", "application/json", body, nil); err != nil {
			return err
		}
	}
	return nil
}
