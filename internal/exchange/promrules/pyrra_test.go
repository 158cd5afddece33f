package promrules_test

import (
	"maps"
	"strings"
	"testing"
	"time"

	"diapason/internal/exchange/promrules"
	"diapason/internal/exchange/slofile"
)

func pyrraRules(t *testing.T, names ...string) []plainGroup {
	t.Helper()
	r := read(t, names...)
	return groups(t, encode(t, promrules.Pyrra(r.Objectives, 0)))
}

// TestPyrra holds rules against those that Pyrra's own tests expect of objectives of
// the same form (slo/rules_test.go of its sources), other metrics put in place.
func TestPyrra(t *testing.T) {
	common := func(more ...string) map[string]string {
		out := map[string]string{}
		for i := 0; i < len(more); i += 2 {
			out[more[i]] = more[i+1]
		}
		return out
	}
	for _, c := range []struct {
		name, file string
		group      int
		interval   string
		rules      int
		at         int
		want       plainRule
	}{
		{"a ratio counts once where errors and total are one metric", "ratio", 0, "2m30s", 2, 0, plainRule{
			Record: "http_requests:increase4w", Expr: `sum by (code) (increase(http_requests_total{job="portal"}[4w]))`, Labels: common("job", "portal", "slo", "portal-errors", "team", "web")}},
		{"a metric that has gone raises an alert", "ratio", 0, "2m30s", 2, 1, plainRule{
			// 14 × 1 % of an hour, and the two minutes of the first alert: 10 m 24 s
			Alert: "SLOMetricAbsent", Expr: `absent(http_requests_total{job="portal"}) == 1`, For: "10m", Labels: common("job", "portal", "slo", "portal-errors", "team", "web", "severity", "critical"),
			Annotations: common("runbook", "https://runbooks.example.com/portal")}},
		{"the error ratio of five minutes", "ratio", 1, "30s", 11, 0, plainRule{
			Record: "http_requests:burnrate5m", Expr: `sum(rate(http_requests_total{code=~"5..",job="portal"}[5m])) / sum(rate(http_requests_total{job="portal"}[5m]))`, Labels: common("job", "portal", "slo", "portal-errors", "team", "web")}},
		{"the fastest burn", "ratio", 1, "30s", 11, 7, plainRule{
			Alert: "ErrorBudgetBurn", For: "2m", Expr: `http_requests:burnrate5m{job="portal",slo="portal-errors"} > (14 * (1-0.99)) and http_requests:burnrate1h{job="portal",slo="portal-errors"} > (14 * (1-0.99))`,
			Labels:      common("severity", "critical", "job", "portal", "long", "1h", "slo", "portal-errors", "short", "5m", "exhaustion", "2d", "team", "web"),
			Annotations: common("runbook", "https://runbooks.example.com/portal")}},
		{"the slowest burn", "ratio", 1, "30s", 11, 10, plainRule{
			Alert: "ErrorBudgetBurn", For: "3h", Expr: `http_requests:burnrate6h{job="portal",slo="portal-errors"} > (1 * (1-0.99)) and http_requests:burnrate4d{job="portal",slo="portal-errors"} > (1 * (1-0.99))`,
			Labels:      common("severity", "warning", "job", "portal", "long", "4d", "slo", "portal-errors", "short", "6h", "exhaustion", "4w", "team", "web"),
			Annotations: common("runbook", "https://runbooks.example.com/portal")}},
		{"groups and patterns are counted apart", "ratio-grouping", 0, "2m30s", 2, 0, plainRule{
			Record: "http_requests:increase4w", Expr: `sum by (code, handler, job) (increase(http_requests_total{handler=~"/api.*",job="portal"}[4w]))`, Labels: common("slo", "portal-errors")}},
		{"a ratio by groups", "ratio-grouping", 1, "30s", 11, 0, plainRule{
			Record: "http_requests:burnrate5m", Expr: `sum by (handler, job) (rate(http_requests_total{code=~"5..",handler=~"/api.*",job="portal"}[5m])) / sum by (handler, job) (rate(http_requests_total{handler=~"/api.*",job="portal"}[5m]))`, Labels: common("slo", "portal-errors")}},
		{"an alert finds the pattern that it groups by", "ratio-grouping", 1, "30s", 11, 9, plainRule{
			Alert: "ErrorBudgetBurn", For: "1h", Expr: `http_requests:burnrate2h{handler=~"/api.*",job="portal",slo="portal-errors"} > (2 * (1-0.99)) and http_requests:burnrate1d{handler=~"/api.*",job="portal",slo="portal-errors"} > (2 * (1-0.99))`,
			Labels: common("severity", "warning", "long", "1d", "slo", "portal-errors", "short", "2h", "exhaustion", "2w")}},
		{"two metrics are counted each, with an alert each", "ratio-two", 0, "1m30s", 4, 2, plainRule{
			Record: "reconcile_errors:increase2w", Expr: `sum(increase(reconcile_errors_total[2w]))`, Labels: common("slo", "operator-errors")}},
		{"names and severities of alerts are the file's", "ratio-two", 0, "1m30s", 4, 3, plainRule{
			// 14 × 0.5 % of half an hour, and one minute: 3 m 6 s
			Alert: "OperatorGone", Expr: `absent(reconcile_errors_total) == 1`, For: "3m", Labels: common("slo", "operator-errors", "severity", "info")}},
		{"windows of two weeks are half as long", "ratio-two", 1, "30s", 11, 7, plainRule{
			Alert: "OperatorFails", For: "1m", Expr: `reconcile_operations:burnrate3m{slo="operator-errors"} > (14 * (1-0.995)) and reconcile_operations:burnrate30m{slo="operator-errors"} > (14 * (1-0.995))`,
			Labels: common("severity", "page", "long", "30m", "slo", "operator-errors", "short", "3m", "exhaustion", "1d")}},
		{"a latency counts the bucket apart", "latency", 0, "1m", 4, 1, plainRule{
			Record: "http_request_seconds:increase1w", Expr: `sum by (code) (increase(http_request_seconds_bucket{code=~"2..",job="portal",le="1"}[1w]))`, Labels: common("job", "portal", "slo", "portal-latency", "le", "1")}},
		{"a latency is what is not within the bound", "latency", 1, "30s", 11, 0, plainRule{
			Record: "http_request_seconds:burnrate1m", Labels: common("job", "portal", "slo", "portal-latency"),
			Expr: `(sum(rate(http_request_seconds_count{code=~"2..",job="portal"}[1m])) - sum(rate(http_request_seconds_bucket{code=~"2..",job="portal",le="1"}[1m]))) / sum(rate(http_request_seconds_count{code=~"2..",job="portal"}[1m]))`}},
		{"a native histogram is asked for its fraction", "native", 0, "2m30s", 2, 1, plainRule{
			Record: "http_request_seconds:increase30d", Labels: common("job", "portal", "slo", "portal-native", "le", "0.25"),
			Expr: `histogram_fraction(0, 0.25, sum(increase(http_request_seconds{job="portal"}[30d]))) * histogram_count(sum(increase(http_request_seconds{job="portal"}[30d])))`}},
		{"without alerts the ratios are still recorded", "native", 1, "30s", 7, 0, plainRule{
			Record: "http_request_seconds:burnrate5m", Expr: `1 - histogram_fraction(0, 0.25, sum(rate(http_request_seconds{job="portal"}[5m])))`, Labels: common("job", "portal", "slo", "portal-native")}},
		{"a gauge counts its samples", "gauge", 0, "4m", 2, 0, plainRule{
			Record: "up:count90d", Expr: `sum by (__name__, instance, job) (count_over_time(up{instance!~"(127.0.0.1|localhost).*"}[90d]))`, Labels: common("slo", "up-targets")}},
		{"a gauge is bad while it is 0", "gauge", 1, "30s", 11, 0, plainRule{
			Record: "up:burnrate16m", Labels: common("slo", "up-targets"),
			Expr: `(sum by (instance, job) (count_over_time(up{instance!~"(127.0.0.1|localhost).*"}[16m])) - sum by (instance, job) (sum_over_time(up{instance!~"(127.0.0.1|localhost).*"}[16m]))) / sum by (instance, job) (count_over_time(up{instance!~"(127.0.0.1|localhost).*"}[16m]))`}},
	} {
		t.Run(c.name, func(t *testing.T) {
			g := pyrraRules(t, "pyrra/"+c.file+".yaml")[c.group]
			if g.Interval != c.interval || len(g.Rules) != c.rules {
				t.Errorf("%d rules every %s, want %d every %s", len(g.Rules), g.Interval, c.rules, c.interval)
			}
			if c.at >= len(g.Rules) {
				t.FailNow()
			}
			got, w := g.Rules[c.at], c.want
			if got.Record != w.Record || got.Alert != w.Alert || got.Expr != w.Expr || !sameDuration(got.For, w.For) || !maps.Equal(got.Labels, w.Labels) || !maps.Equal(got.Annotations, w.Annotations) {
				t.Errorf("%+v\nwant\n%+v", got, w)
			}
		})
	}
}

func TestPyrraWindows(t *testing.T) {
	// long and short windows of 14, 7, 2 and 1 are the same shares of every period
	for days, want := range map[int]string{28: "5m 1h 30m 6h 2h 1d 6h 4d", 7: "1m 15m 8m 1h30m 30m 6h 1h30m 1d", 90: "16m 3h13m 1h36m 19h17m 6h26m 3d5h9m 19h17m 12d20h34m"} {
		o := &slofile.Objective{Format: slofile.Pyrra, Name: "n", Target: 99, Period: time.Duration(days) * day, Page: slofile.Alert{Name: "A"}, Ticket: slofile.Alert{Name: "A"},
			Absent: slofile.Alert{Disabled: true}, Indicator: slofile.Indicator{Bool: &slofile.BoolGauge{Metric: "up"}}}
		var got []string
		for _, g := range groups(t, encode(t, promrules.Pyrra([]*slofile.Objective{o}, 0))) {
			for _, r := range g.Rules {
				if r.Alert != "" {
					got = append(got, r.Labels["short"], r.Labels["long"])
				}
			}
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%d days: %v, want %s", days, got, want)
		}
	}
}

// TestOneToolsFileInTheOthersConvention asks the same of both: the error ratio stays.
func TestOneToolsFileInTheOthersConvention(t *testing.T) {
	t.Run("an objective of Pyrra in the convention of Sloth", func(t *testing.T) {
		r := read(t, "pyrra/ratio.yaml", "pyrra/latency.yaml", "pyrra/native.yaml", "pyrra/gauge.yaml")
		got := groups(t, encode(t, promrules.Sloth(r.Objectives, promrules.SlothOptions{})))
		if e := got[0].Rules[0].Expr; !strings.Contains(e, `(sum(rate(http_requests_total{code=~"5..",job="portal"}[5m])))`) {
			t.Error(e)
		}
	})
	t.Run("an objective of Sloth in the convention of Pyrra", func(t *testing.T) {
		r := read(t, "sloth/events.yaml")
		got := groups(t, encode(t, promrules.Pyrra(r.Objectives, 0)))
		want := `sum(rate(http_requests_total{code=~"(5..|429)",job="billing"}[5m])) / sum(rate(http_requests_total{job="billing"}[5m]))`
		if e := got[1].Rules[0].Expr; e != want {
			t.Error(e)
		}
	})
	t.Run("what is no ratio of counters is refused in the convention of Pyrra", func(t *testing.T) {
		r := read(t, "sloth/raw.yaml")
		s := promrules.Pyrra(r.Objectives, 0)
		if len(s.Groups) > 0 || len(s.Problems) != 1 || s.Problems[0].Code != "pyrra.events" || s.Problems[0].Line != 4 {
			t.Errorf("%+v", s)
		}
	})
}
