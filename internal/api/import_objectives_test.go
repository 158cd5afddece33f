package api_test

import (
	"bytes"
	"mime/multipart"
	"testing"
)

func objectivesForm(t *testing.T, source, text string) (*bytes.Buffer, string) {
	t.Helper()
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	part, err := m.CreateFormFile("file", "slos.yaml")
	if err != nil {
		t.Fatal(err)
	}
	_, _ = part.Write([]byte(text))
	_ = m.WriteField("mapping", source)
	m.Close()
	return &b, m.FormDataContentType()
}

func TestObjectivesOfOtherToolsAreTakenOverThroughADraft(t *testing.T) {
	const openslo = `
- {apiVersion: openslo/v1, kind: Service, metadata: {name: finder}, spec: {}}
- apiVersion: openslo/v1
  kind: SLO
  metadata: {name: finder-answers}
  spec:
    service: finder
    indicator: {metadata: {name: finder-ok}, spec: {ratioMetric: {counter: true, good: {metricSource: {type: Prometheus, spec: {query: good_total}}}, total: {metricSource: {type: Prometheus, spec: {query: all_total}}}}}}
    timeWindow: [{duration: 28d, isRolling: true}]
    budgetingMethod: Occurrences
    objectives: [{displayName: Good, target: 0.99}]
- apiVersion: openslo/v1
  kind: SLO
  metadata: {name: wrong}
  spec: {service: finder, budgetingMethod: Guess, objectives: [{target: 0.9}]}
`
	const sloth = "version: prometheus/v1\nservice: billing\nslos:\n  - name: requests\n    objective: 99.9\n    sli: {raw: {error_ratio_query: 'avg_over_time(e[{{.window}}])'}}\n    alerting: {name: A}\n"
	const pyrra = "apiVersion: pyrra.dev/v1alpha1\nkind: ServiceLevelObjective\nmetadata: {name: up}\nspec: {target: '99', window: 4w, indicator: {bool_gauge: {metric: up}}}\n"
	s := hospital(t).as("ada", "design-coordinator")
	s.get("ada", "/mappings").want(200).holds([]string{"OpenSLO", "Sloth", "Pyrra"}, nil)
	for _, c := range []struct {
		source, text string
		creates      float64
		told         []string
	}{
		{"openslo", openslo, 3, []string{"“Guess” is no budgetingMethod", `"invalid"`, "slos.yaml"}},
		{"sloth", sloth, 3, []string{"the file states no period"}},
		{"pyrra", pyrra, 3, nil},
	} {
		t.Run(c.source, func(t *testing.T) {
			body, kind := objectivesForm(t, c.source, c.text)
			a := s.do("ada", "POST", "/api/v1/imports/preview", body, "Content-Type", kind).want(200)
			a.holds(c.told, nil)
			if got := a.json(); got["creates"] != c.creates {
				t.Errorf("%v objects would be created, want %v", got["creates"], c.creates)
			}
			body, kind = objectivesForm(t, c.source, c.text)
			s.do("ada", "POST", "/api/v1/imports/draft", body, "Content-Type", kind).want(201)
		})
	}
	body, kind := objectivesForm(t, "openslo", "apiVersion: openslo/v1\nkind: SLO\nmetadata: {name: wrong}\nspec: {}\n")
	s.do("ada", "POST", "/api/v1/imports/preview?lang=fr", body, "Content-Type", kind).want(422).holds([]string{"ne nomme aucun service"}, nil)
}
