package app

import (
	"strings"
	"testing"
	"time"

	"diapason/internal/model"
	"diapason/internal/telemetry"
	"diapason/internal/telemetry/embedded"
)

// TestProbesBecomeEvidence records what probes wrote into the embedded metrics store: an
// outage of ten minutes, and five minutes that the prober does not vouch for.
func TestProbesBecomeEvidence(t *testing.T) {
	r := newRecording(t)
	r.clock = time.Now().UTC().Truncate(24 * time.Hour).Add(time.Hour)
	now := func() time.Time { return r.clock }
	store, err := embedded.Open(embedded.Options{Folder: t.TempDir(), Retention: 30 * 24 * time.Hour, Log: r.log, Now: now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	r.metrics = store
	day := dayOf(r.clock) - 1
	start := startOf(day)
	var samples []telemetry.Sample
	add := func(name, source string, at time.Time, value float64) {
		labels := map[string]string{"__name__": name}
		if source != "" {
			labels[telemetry.LabelSource], labels[telemetry.LabelService] = source, "shop"
		}
		samples = append(samples, telemetry.Sample{Labels: labels, At: at, Value: value})
	}
	for second := 0; second < 2*3600; second += 30 {
		at, minute := start.Add(time.Duration(second)*time.Second), second/60
		up := 1.0
		if minute >= 30 && minute < 40 {
			up = 0
		}
		add(telemetry.MetricProbeSuccess, "often", at.Add(5*time.Second), up)
		if second%300 == 0 {
			add(telemetry.MetricProbeSuccess, "rarely", at.Add(10*time.Second+time.Duration(second%7)*time.Millisecond), up)
		}
		if second%60 == 0 && (minute < 60 || minute >= 65) {
			add(telemetry.MetricProbeHeartbeat, "", at.Add(30*time.Second), 1)
		}
	}
	if refused, err := store.Append(t.Context(), samples); err != nil || refused > 0 {
		t.Fatal(refused, err)
	}
	of := model.Ref{Kind: "service", Name: "shop"}
	often, _ := measure(model.Ref{Kind: "measurement-source", Name: "often"}, &model.MeasurementSource{Type: "probe", Probe: &model.Probe{}, Of: []model.Ref{of}}, of)
	rarely, _ := measure(model.Ref{Kind: "measurement-source", Name: "rarely"}, &model.MeasurementSource{Type: "probe", Probe: &model.Probe{Interval: model.Duration(5 * time.Minute)}, Of: []model.Ref{of}}, of)
	r.pass([]measuredSeries{often, rarely}, day, true)
	for _, tt := range []struct {
		name   string
		series measuredSeries
		want   string
	}{
		{"twice a minute", often, ".1 good 30 (2/2) bad 10 (0/2) good 20 (2/2) unknown 5 good 55 (2/2)"},
		{"every five minutes", rarely, ".1 good 30 (1/1) bad 10 (0/1) good 20 (1/1) unknown 5 good 55 (1/1)"},
	} {
		if got := r.days(tt.series.name); !strings.HasSuffix(got, tt.want) {
			t.Errorf("%s: recorded %q", tt.name, got)
		}
	}
	records, err := r.ledger.Revisions(t.Context(), often.name, day)
	if err != nil || len(records) != 1 || !strings.Contains(records[0].Engine, "embedded") {
		t.Errorf("%+v, %v", records, err)
	}
}
