package openslo

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"diapason/internal/exchange/intake"
	"diapason/internal/exchange/intake/intaketest"
	"diapason/internal/exchange/slomodel"
	"diapason/internal/language"
	"diapason/internal/model"
)

const documents = `
apiVersion: openslo/v1
kind: Service
metadata: {name: search, displayName: Search, labels: {team: [web, core]}, annotations: {wiki: /search}}
spec: {description: Finds products.}
---
apiVersion: openslo/v1
kind: DataSource
metadata: {name: metrics}
spec: {type: Prometheus, connectionDetails: [{url: http://prometheus.example.com}, {token: s3cr3t}]}
---
apiVersion: openslo/v1
kind: SLI
metadata: {name: search-success, displayName: Searches that succeed}
spec:
  ratioMetric:
    counter: true
    good: {metricSource: {metricSourceRef: metrics, type: Prometheus, spec: {query: 'sum(http_requests_total{job="search",code!~"5.."})'}}}
    total: {metricSource: {metricSourceRef: metrics, type: Prometheus, spec: {query: 'sum(http_requests_total{job="search"})'}}}
---
apiVersion: openslo/v1
kind: AlertCondition
metadata: {name: fast-burn}
spec: {severity: page, condition: {kind: burnrate, op: gt, threshold: 14.4, lookbackWindow: 1h, alertAfter: 5m}}
---
apiVersion: openslo/v1
kind: AlertPolicy
metadata: {name: page}
spec:
  alertWhenBreaching: true
  conditions: [{conditionRef: fast-burn}]
  notificationTargets: [{targetRef: on-call}]
---
apiVersion: openslo/v1
kind: AlertNotificationTarget
metadata: {name: on-call}
spec: {target: pagerduty}
---
apiVersion: openslo/v1
kind: SLO
metadata: {name: search-availability, displayName: Search answers}
spec:
  description: Searches are answered.
  service: search
  indicatorRef: search-success
  timeWindow: [{duration: 28d, isRolling: true}]
  budgetingMethod: Occurrences
  objectives:
    - {displayName: Good, target: 0.995}
    - {displayName: Best, targetPercent: 99.9}
  alertPolicies: [{alertPolicyRef: page}]
---
apiVersion: openslo/v1
kind: SLO
metadata: {name: search-latency}
spec:
  service: search
  indicator:
    metadata: {name: search-median, displayName: Median of searches}
    spec: {thresholdMetric: {metricSource: {type: Prometheus, spec: {query: 'histogram_quantile(0.5, sum by (le) (rate(search_seconds_bucket[1m])))'}}}}
  timeWindow: [{duration: 1M, isRolling: false, calendar: {startTime: '2027-01-01 00:00:00', timeZone: Europe/Paris}}]
  budgetingMethod: Timeslices
  objectives:
    - {displayName: Fast, op: lt, value: 0.2, target: 0.95, timeSliceTarget: 0.9, timeSliceWindow: 5m}
    - {displayName: Bearable, op: lte, value: 1.5, target: 0.99, timeSliceTarget: 0.9, timeSliceWindow: 5m}
`

func importText(t testing.TB, text string) *intake.Result {
	t.Helper()
	r, err := Import([]intake.File{intaketest.File("slos.yaml", text)}, slomodel.Options{})
	if err != nil {
		t.Fatal(err)
	}
	intaketest.Prose(t, r.Notes, nil)
	return r
}

func TestDocumentsBecomeAModel(t *testing.T) {
	r := importText(t, documents)
	s := intaketest.Model(t, r.Objects)
	var names []string
	for _, o := range r.Objects {
		names = append(names, o.Ref().String())
	}
	want := "agreement/search-availability agreement/search-latency calendar/always-europe-paris measurement-source/search-median measurement-source/search-median-2 measurement-source/search-success service/search tool/metrics"
	if got := strings.Join(names, " "); got != want {
		t.Fatalf("%s\nwant %s", got, want)
	}
	get := func(kind, name string) *model.Object { return s.Get(model.Ref{Kind: kind, Name: name}) }
	service := get("service", "search")
	if service.Metadata.Title.All != "Search" || service.Metadata.Labels["team"] != "web core" || service.Metadata.Labels["openslo.annotation.wiki"] != "/search" {
		t.Errorf("%+v", service.Metadata)
	}
	a := get("agreement", "search-availability").Spec.(*model.Agreement)
	if a.Type != "ola" || len(a.Targets) != 2 {
		t.Fatalf("%+v", a)
	}
	first := a.Targets[0]
	if first.Name != "good" || first.Availability.String() != "99.5%" || first.Window != "rolling-28d" || first.Method != "occurrences" || first.MeasuredBy.Name != "search-success" {
		t.Errorf("%+v", first)
	}
	if got := fmt.Sprint(first.Alerts); got != "[{fast-burn 14.4 PT1H PT0S}]" {
		t.Errorf("alerts %s", got)
	}
	if a.Targets[1].Availability.String() != "99.9%" {
		t.Errorf("%+v", a.Targets[1])
	}
	source := get("measurement-source", "search-success").Spec.(*model.MeasurementSource)
	if source.URL != "http://prometheus.example.com" || source.Tool.Name != "metrics" || source.Of[0].Name != "search" || source.Indicator.Good != `sum(rate(http_requests_total{code!~"5..",job="search"}[$window]))` {
		t.Errorf("%+v %+v", source, source.Indicator)
	}
	fast := get("agreement", "search-latency").Spec.(*model.Agreement).Targets[0]
	if fast.Window != "month" || fast.Calendar.Name != "always-europe-paris" || fast.Method != "timeslices" || fast.Slice.String() != "PT5M" || fast.SliceTarget.String() != "90%" {
		t.Errorf("%+v", fast)
	}
	threshold := get("measurement-source", "search-median").Spec.(*model.MeasurementSource)
	if threshold.Indicator.Comparison != "lt" || threshold.Indicator.Threshold.String() != "0.2" || threshold.Query == "" {
		t.Errorf("%+v", threshold)
	}
	told := map[string]int{}
	for _, n := range r.Notes {
		told[n.Code]++
	}
	for _, code := range []string{"openslo.secret", "openslo.notify", "slo.after", "openslo.severity", "slo.query.windowed"} {
		if told[code] == 0 {
			t.Errorf("nothing is told of %s: %v", code, told)
		}
	}
	for _, o := range r.Objects {
		if strings.Contains(string(o.YAML()), "s3cr3t") {
			t.Errorf("%s holds a secret", o.Ref())
		}
	}
}

// TestRoundTrip writes what was read and reads it again: the model stays the same.
func TestRoundTrip(t *testing.T) {
	first := importText(t, documents)
	text, notes, err := Export(intaketest.Model(t, first.Objects))
	if err != nil || len(notes) > 0 {
		t.Fatal(err, notes)
	}
	second := importText(t, string(text))
	for _, n := range second.Notes {
		if n.Outcome == intake.Invalid {
			t.Fatalf("%s %s\n%s", n.Place, n.Message(language.Writer{Lang: language.EN}), text)
		}
	}
	a, b := intaketest.Model(t, first.Objects), intaketest.Model(t, second.Objects)
	for _, o := range first.Objects {
		again := b.Get(o.Ref())
		if again == nil {
			t.Errorf("%s is lost", o.Ref())
		} else if !model.SameDocument(o, again) {
			t.Errorf("%s was\n%s\nand is\n%s", o.Ref(), o.YAML(), again.YAML())
		}
	}
	if len(first.Objects) != len(second.Objects) || a.Hash() != b.Hash() {
		t.Errorf("%d objects became %d", len(first.Objects), len(second.Objects))
	}
	third, _, err := Export(b)
	if err != nil || string(third) != string(text) {
		t.Error("the documents differ the second time")
	}
}

func TestInvalidDocumentsAreToldAndTheRestIsTaken(t *testing.T) {
	slo := func(more string) string {
		return "apiVersion: openslo/v1\nkind: SLO\nmetadata: {name: bad}\nspec:\n  service: s\n  budgetingMethod: Occurrences\n" + more
	}
	const ratio = "  indicator: {metadata: {name: i}, spec: {ratioMetric: {counter: true, good: {metricSource: {spec: {query: a}}}, total: {metricSource: {spec: {query: b}}}}}}\n"
	const one = "  objectives: [{target: 0.9}]\n"
	for _, c := range []struct{ name, text, code, place string }{
		{"op with a ratio", slo(ratio + "  objectives:\n    - target: 0.9\n      op: gt\n"), "openslo.op.ratio", "10:11"},
		{"a threshold without op", slo("  indicator: {metadata: {name: i}, spec: {thresholdMetric: {metricSource: {spec: {query: a}}}}}\n" + one), "openslo.op.missing", "8:16"},
		{"no indicator", slo(one), "openslo.indicator", "5:3"},
		{"two targets", slo(ratio + "  objectives: [{target: 0.9, targetPercent: 90}]\n"), "openslo.target.one", "8:16"},
		{"a target of 100 %", slo(ratio + "  objectives: [{target: 1}]\n"), "openslo.target", "8:25"},
		{"no objectives", slo(ratio), "openslo.objectives", "5:3"},
		{"a rolling window with a calendar", slo(ratio + one + "  timeWindow: [{duration: 1w, isRolling: true, calendar: {startTime: '2027-01-01 00:00:00', timeZone: UTC}}]\n"), "openslo.calendar.rolling", "9:58"},
		{"a calendar window without one", slo(ratio + one + "  timeWindow: [{duration: 1w, isRolling: false}]\n"), "openslo.calendar.missing", "9:16"},
		{"two windows", slo(ratio + one + "  timeWindow: [{duration: 1w, isRolling: true}, {duration: 2w, isRolling: true}]\n"), "openslo.windows", "9:15"},
		{"an unknown zone", slo(ratio + one + "  timeWindow: [{duration: 1M, calendar: {startTime: '2027-01-01 00:00:00', timeZone: Mars/Olympus}}]\n"), "openslo.zone", "9:86"},
		{"no such start", slo(ratio + one + "  timeWindow: [{duration: 1M, calendar: {startTime: tomorrow, timeZone: UTC}}]\n"), "openslo.start", "9:53"},
		{"no duration", slo(ratio + one + "  timeWindow: [{duration: 4 weeks, isRolling: true}]\n"), "openslo.duration", "9:27"},
		{"an unknown method", "apiVersion: openslo/v1\nkind: SLO\nmetadata: {name: bad}\nspec:\n  service: s\n  budgetingMethod: Guess\n" + ratio + one, "openslo.method", "6:20"},
		{"time slices without their target", "apiVersion: openslo/v1\nkind: SLO\nmetadata: {name: bad}\nspec:\n  service: s\n  budgetingMethod: Timeslices\n" + ratio + one, "openslo.target", "8:16"},
		{"a name in capitals", "apiVersion: openslo/v1\nkind: Service\nmetadata: {name: Bad}\nspec: {}\n", "openslo.name", "3:18"},
		{"an unknown version", "apiVersion: openslo/v3\nkind: Service\nmetadata: {name: bad}\n", "openslo.version", "1:13"},
		{"an unknown kind", "apiVersion: openslo/v1\nkind: Wish\nmetadata: {name: bad}\nspec: {}\n", "openslo.kind", "2:7"},
		{"raw beside total", "apiVersion: openslo/v1\nkind: SLI\nmetadata: {name: bad}\nspec:\n  ratioMetric:\n    rawType: success\n    raw: {metricSource: {spec: {query: a}}}\n    total: {metricSource: {spec: {query: b}}}\n", "openslo.raw", "7:10"},
		{"good and bad", "apiVersion: openslo/v1\nkind: SLI\nmetadata: {name: bad}\nspec:\n  ratioMetric:\n    good: {metricSource: {spec: {query: a}}}\n    bad: {metricSource: {spec: {query: c}}}\n    total: {metricSource: {spec: {query: b}}}\n", "openslo.ratio", "6:5"},
		{"v1alpha with op and a ratio", "apiVersion: openslo/v1alpha\nkind: SLO\nmetadata: {name: bad}\nspec:\n  service: s\n  budgetingMethod: Occurrences\n  objectives:\n    - target: 0.9\n      op: gt\n      ratioMetrics: {good: {source: p, queryType: q, query: a}, total: {source: p, queryType: q, query: b}}\n", "openslo.op.ratio", "9:11"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := importText(t, c.text+"---\napiVersion: openslo/v1\nkind: Service\nmetadata: {name: kept}\nspec: {}\n")
			var bad []string
			for _, n := range r.Notes {
				if n.Outcome == intake.Invalid {
					bad = append(bad, n.Code+" "+strings.TrimPrefix(n.Place.String(), "slos.yaml:"))
				}
			}
			if !slices.Equal(bad, []string{c.code + " " + c.place}) {
				t.Errorf("told %v, want %s %s", bad, c.code, c.place)
			}
			if !slices.ContainsFunc(r.Objects, func(o *model.Object) bool { return o.Ref().String() == "service/kept" }) {
				t.Error("the rest is lost")
			}
			if slices.ContainsFunc(r.Objects, func(o *model.Object) bool { return o.Kind.Slug == "agreement" }) {
				t.Error("an invalid SLO was taken")
			}
		})
	}
}

func TestPublishedDocuments(t *testing.T) {
	for _, c := range []struct {
		folder  string
		files   []string
		invalid string
		kinds   map[string]int
	}{
		{"v1", []string{"services", "slos", "data_sources", "alert_conditions", "alert_notification_targets", "slis", "alert_policies"}, "slos.yaml:40:13 openslo.op.ratio", map[string]int{"service": 1, "tool": 2, "measurement-source": 4}},
		{"v1alpha", []string{"services", "slos"}, "", map[string]int{"service": 2, "agreement": 2, "measurement-source": 2, "calendar": 1}},
	} {
		t.Run(c.folder, func(t *testing.T) {
			var paths []string
			for _, f := range c.files {
				paths = append(paths, intaketest.Shared(t, "openslo/"+c.folder+"/"+f+".yaml"))
			}
			r, err := Import(intaketest.Files(t, paths...), slomodel.Options{})
			if err != nil {
				t.Fatal(err)
			}
			intaketest.Prose(t, r.Notes, nil)
			intaketest.Model(t, r.Objects)
			kinds, invalid := map[string]int{}, []string{}
			for _, o := range r.Objects {
				kinds[o.Kind.Slug]++
			}
			for _, n := range r.Notes {
				if n.Outcome == intake.Invalid {
					at := n.Place.String()
					invalid = append(invalid, at[strings.LastIndexByte(at, '/')+1:]+" "+n.Code)
				}
			}
			if fmt.Sprint(kinds) != fmt.Sprint(c.kinds) || strings.Join(invalid, "; ") != c.invalid {
				t.Errorf("%v, invalid %v; want %v, %s", kinds, invalid, c.kinds, c.invalid)
			}
		})
	}
}

func FuzzDocuments(f *testing.F) {
	for _, doc := range strings.Split(documents, "---\n") {
		f.Add([]byte(doc))
	}
	f.Add([]byte(documents))
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := Import([]intake.File{{Name: "x.yaml", Data: data}}, slomodel.Options{})
		if err != nil {
			return
		}
		s := intaketest.Model(t, r.Objects)
		text, _, err := Export(s)
		if err != nil {
			t.Fatal(err)
		}
		if len(text) == 0 {
			return
		}
		again, err := Import([]intake.File{{Name: "x.yaml", Data: text}}, slomodel.Options{})
		if err != nil {
			t.Fatalf("what was written cannot be read: %v\n%s", err, text)
		}
		for _, n := range again.Notes {
			if n.Outcome == intake.Invalid {
				t.Fatalf("what was written is invalid: %s %s\n%s", n.Place, n.Code, text)
			}
		}
	})
}
