package sloth

import (
	"slices"
	"strings"
	"testing"

	"diapason/internal/exchange/intake"
	"diapason/internal/exchange/intake/intaketest"
	"diapason/internal/exchange/slomodel"
	"diapason/internal/language"
	"diapason/internal/model"
)

const billing = `
version: prometheus/v1
service: billing
labels: {owner: finance}
slos:
  - name: requests
    objective: 99.9
    description: Invoices are answered.
    labels: {category: availability}
    sli:
      events:
        error_query: sum(rate(requests_total{code=~"5.."}[{{.window}}]))
        total_query: sum(rate(requests_total[{{ .window }}]))
    alerting: {name: BillingErrors, labels: {team: f}, ticket_alert: {disable: true}}
  - name: queue
    objective: 95
    sli: {raw: {error_ratio_query: 'avg_over_time(stuck[{{.window}}])'}}
    alerting: {name: Stuck}
  - name: external
    objective: 99
    sli: {plugin: {id: acme/availability}}
    alerting: {name: A}
---
apiVersion: sloth.slok.dev/v1
kind: AlertWindows
spec:
  sloPeriod: 7d
  page: {quick: {errorBudgetPercent: 2, shortWindow: 5m, longWindow: 1h}, slow: {errorBudgetPercent: 5, shortWindow: 30m, longWindow: 6h}}
  ticket: {quick: {errorBudgetPercent: 10, shortWindow: 2h, longWindow: 1d}, slow: {errorBudgetPercent: 10, shortWindow: 6h, longWindow: 3d}}
`

func TestObjectivesBecomeAnAgreement(t *testing.T) {
	r, err := Import([]intake.File{intaketest.File("billing.yaml", billing)}, slomodel.Options{Agreement: "sla"})
	if err != nil {
		t.Fatal(err)
	}
	intaketest.Prose(t, r.Notes, nil)
	s := intaketest.Model(t, r.Objects)
	a := s.Get(model.Ref{Kind: "agreement", Name: "billing"}).Spec.(*model.Agreement)
	if a.Type != "sla" || len(a.Targets) != 3 || a.Services[0].Name != "billing" {
		t.Fatalf("%+v", a)
	}
	first := a.Targets[0]
	if first.Name != "requests" || first.Availability.String() != "99.9%" || first.Window != "rolling-30d" || first.Method != "occurrences" {
		t.Errorf("%+v", first)
	}
	if len(first.Alerts) != 2 || first.Alerts[0].Factor != "14.4" || first.Alerts[1].Factor != "6" || first.Alerts[0].Short.String() != "PT5M" {
		t.Errorf("alerts %+v", first.Alerts)
	}
	source := s.Get(first.MeasuredBy)
	i := source.Spec.(*model.MeasurementSource).Indicator
	if i.Bad != `sum(rate(requests_total{code=~"5.."}[$window]))` || i.Total != `sum(rate(requests_total[$window]))` || source.Metadata.Labels["owner"] != "finance" || source.Metadata.Labels["category"] != "availability" {
		t.Errorf("%+v %+v", i, source.Metadata)
	}
	if i := s.Get(a.Targets[1].MeasuredBy).Spec.(*model.MeasurementSource).Indicator; i.Bad != "avg_over_time(stuck[$window])" || i.Total != slomodel.One {
		t.Errorf("%+v", i)
	}
	if !a.Targets[2].MeasuredBy.IsZero() {
		t.Error("a plugin measures nothing here")
	}
	for _, code := range []string{"slo.plugin", "slo.period.none", "slo.alerting", "slo.windows.model"} {
		if !slices.ContainsFunc(r.Notes, func(n intake.Note) bool { return n.Code == code }) {
			t.Errorf("nothing is told of %s", code)
		}
	}
}

func TestInvalidObjectivesAreTold(t *testing.T) {
	head := "version: prometheus/v1\nservice: s1\nslos:\n"
	const sli, alert = "    sli: {raw: {error_ratio_query: 'a[{{.window}}]'}}\n", "    alerting: {name: A}\n"
	for _, c := range []struct{ name, text, want string }{
		{"no objectives", "version: prometheus/v1\nservice: s1\n", "1:1 sloth.none"},
		{"a service that is no name", "version: prometheus/v1\nservice: -x\nslos: [{name: a1}]\n", "2:10 sloth.name"},
		{"a name of one letter", head + "  - name: a\n    objective: 9\n" + sli + alert, "4:11 sloth.name"},
		{"an objective of 0", head + "  - name: a1\n    objective: 0\n" + sli + alert, "5:16 sloth.objective"},
		{"no indicator", head + "  - name: a1\n    objective: 9\n" + alert, "4:5 sloth.sli"},
		{"two indicators", head + "  - name: a1\n    objective: 9\n    sli: {raw: {}, events: {}}\n" + alert, "6:10 sloth.sli"},
		{"a query without its window", head + "  - name: a1\n    objective: 9\n    sli: {raw: {error_ratio_query: 'a[5m]'}}\n" + alert, "6:36 slo.query.window"},
		{"a query with another template", head + "  - name: a1\n    objective: 9\n    sli: {raw: {error_ratio_query: 'a[{{.window}}] + {{ range 9 }}{{ end }}'}}\n" + alert, "6:36 slo.query.template"},
		{"errors that are the total", head + "  - name: a1\n    objective: 9\n    sli: {events: {error_query: 'a[{{.window}}]', total_query: 'a[{{.window}}]'}}\n" + alert, "6:19 sloth.same"},
		{"alerts without a name", head + "  - name: a1\n    objective: 9\n" + sli + "    alerting: {labels: {a: b}}\n", "7:15 sloth.alert"},
		{"windows without a share", "apiVersion: sloth.slok.dev/v1\nkind: AlertWindows\nspec: {sloPeriod: 7d, page: {quick: {shortWindow: 5m, longWindow: 1h}}}\n", "3:37 sloth.share"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := Read([]intake.File{intaketest.File("x.yaml", c.text)})
			if len(r.Objectives) > 0 || len(r.Windows) > 0 {
				t.Error("it was taken")
			}
			var got []string
			for _, p := range r.Invalid {
				got = append(got, strings.TrimPrefix(p.Place.String(), "x.yaml:")+" "+p.Code)
				for _, l := range language.Languages {
					if p.Message(language.Writer{Lang: l}) == "" {
						t.Errorf("%s has no words in %s", p.Code, l)
					}
				}
			}
			if !slices.Contains(got, c.want) {
				t.Errorf("%v, want %s", got, c.want)
			}
		})
	}
}

func FuzzFiles(f *testing.F) {
	for _, doc := range strings.Split(billing, "---\n") {
		f.Add([]byte(doc))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if r, err := Import([]intake.File{{Name: "x.yaml", Data: data}}, slomodel.Options{}); err == nil {
			intaketest.Model(t, r.Objects)
		}
	})
}
