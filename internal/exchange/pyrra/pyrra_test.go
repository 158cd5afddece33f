package pyrra

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

func slo(name, indicator, more string) string {
	return "apiVersion: pyrra.dev/v1alpha1\nkind: ServiceLevelObjective\nmetadata: {name: " + name + ", labels: {pyrra.dev/service: portal, other: x}}\nspec:\n  target: '99.5'\n  window: 4w\n  indicator:\n" + indicator + more
}

const (
	ratio   = "    ratio: {errors: {metric: 'r_total{code=~\"5..\"}'}, total: {metric: r_total}, grouping: [job]}\n"
	latency = "    latency: {success: {metric: 's_bucket{le=\"0.5\"}'}, total: {metric: s_count}}\n"
	native  = "    latencyNative: {total: {metric: s}, latency: 250ms}\n"
	gauge   = "    bool_gauge: {metric: up}\n"
)

func TestObjectivesBecomeTargets(t *testing.T) {
	text := strings.Join([]string{slo("errors", ratio, ""), slo("fast", latency, "  alerting: {burnrates: false}\n"), slo("native", native, ""), slo("up", gauge, "")}, "---\n")
	r, err := Import([]intake.File{intaketest.File("x.yaml", text)}, slomodel.Options{})
	if err != nil {
		t.Fatal(err)
	}
	intaketest.Prose(t, r.Notes, nil)
	s := intaketest.Model(t, r.Objects)
	a := s.Get(model.Ref{Kind: "agreement", Name: "portal"}).Spec.(*model.Agreement)
	var got []string
	for _, x := range a.Targets {
		i := s.Get(x.MeasuredBy).Spec.(*model.MeasurementSource).Indicator
		got = append(got, fmt.Sprintf("%s %s %s %d %s%s/%s", x.Name, x.Availability, x.Window, len(x.Alerts), i.Good, i.Bad, i.Total))
	}
	want := []string{
		`errors 99.5% rolling-28d 4 sum(increase(r_total{code=~"5.."}[$window]))/sum(increase(r_total[$window]))`,
		`fast 99.5% rolling-28d 0 sum(increase(s_bucket{le="0.5"}[$window]))/sum(increase(s_count[$window]))`,
		`native 99.5% rolling-28d 4 histogram_fraction(0, 0.25, sum(increase(s[$window]))) * histogram_count(sum(increase(s[$window])))/histogram_count(sum(increase(s[$window])))`,
		`up 99.5% rolling-28d 4 sum(sum_over_time(up[$window]))/sum(count_over_time(up[$window]))`,
	}
	if !slices.Equal(got, want) {
		t.Errorf("%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if !slices.ContainsFunc(r.Notes, func(n intake.Note) bool { return n.Code == "slo.grouping" }) {
		t.Error("nothing is told of the groups")
	}
}

func TestInvalidObjectivesAreTold(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"no name", strings.Replace(slo("x", ratio, ""), "name: x, ", "", 1), "3:11 kubernetes.name"},
		{"a target above 100", strings.Replace(slo("x", ratio, ""), "99.5", "120", 1), "5:11 pyrra.target"},
		{"no window", strings.Replace(slo("x", ratio, ""), "  window: 4w\n", "", 1), "5:3 slo.duration"},
		{"no indicator", slo("x", "    {}\n", ""), "8:5 pyrra.indicator"},
		{"two indicators", slo("x", ratio+gauge, ""), "8:5 pyrra.indicator"},
		{"an expression in place of a metric", slo("x", "    ratio: {errors: {metric: 'rate(r[5m])'}, total: {metric: r_total}}\n", ""), "8:30 pyrra.selector"},
		{"no PromQL", slo("x", "    bool_gauge: {metric: 'up{'}\n", ""), "8:26 slo.query.promql"},
		{"a latency without its bound", slo("x", "    latency: {success: {metric: s_bucket}, total: {metric: s_count}}\n", ""), "8:33 pyrra.bucket"},
		{"no metric", slo("x", "    ratio: {errors: {metric: r}}\n", ""), "8:12 slo.query.missing"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := Read([]intake.File{intaketest.File("x.yaml", c.text)})
			if len(r.Objectives) > 0 {
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
	for _, indicator := range []string{ratio, latency, native, gauge} {
		f.Add([]byte(slo("x", indicator, "  alerting: {name: A, severities: {fastBurn: page}}\n")))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if r, err := Import([]intake.File{{Name: "x.yaml", Data: data}}, slomodel.Options{}); err == nil {
			intaketest.Model(t, r.Objects)
		}
	})
}
