// Package processtest runs the rules of a process over small models written in
// YAML, for tests: it evaluates as the product does, renders every finding in
// both languages, and compares findings with what a test expects of them.
package processtest

import (
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"

	"diapason/internal/finding"
	"diapason/internal/model"
)

// Analyses makes the analyses of a process for one set of facts.
type Analyses = func(*finding.Facts) []any

// All joins the analyses of several processes into one.
func All(parts ...Analyses) Analyses {
	return func(f *finding.Facts) []any {
		var out []any
		for _, p := range parts {
			out = append(out, p(f)...)
		}
		return out
	}
}

// With adds ready-made values to the analyses, such as one that plays the part of
// another process.
func With(a Analyses, extra ...any) Analyses {
	return func(f *finding.Facts) []any { return append(a(f), extra...) }
}

// Run evaluates rules on the model of a text on a date ("2027-03-12"). Findings
// come out as the product shows them, ordered, and each has been rendered in both
// languages without a hole.
func Run(t testing.TB, rules func() []finding.Rule, analyses Analyses, on, text string) []finding.Finding {
	t.Helper()
	found := Evaluate(rules(), Facts(t, analyses, on, text))
	Render(t, found)
	return found
}

// Facts makes the facts of a model written in YAML.
func Facts(t testing.TB, analyses Analyses, on, text string) *finding.Facts {
	t.Helper()
	date, err := model.ParseDate(on)
	if err != nil {
		t.Fatal(err)
	}
	if analyses == nil {
		analyses = func(*finding.Facts) []any { return nil }
	}
	return finding.NewFacts(Snapshot(t, text), date, analyses)
}

// Snapshot decodes a model, strictly. Beside full documents it understands terse
// ones, mappings of references:
//
//	service/payroll: {title: Payroll, owner: person/ann, stage: live}
//	person/ann: {}
//
// where title, description, labels and owner go to the metadata and all else to
// the spec.
func Snapshot(t testing.TB, text string) *model.Snapshot {
	t.Helper()
	s, twice := model.NewSnapshot(1, Objects(t, text))
	for _, o := range twice {
		t.Fatalf("%s stands twice in the model", o.Ref())
	}
	return s
}

// Objects decodes the objects of a model; see Snapshot.
func Objects(t testing.TB, text string) []*model.Object {
	t.Helper()
	var objects []*model.Object
	for part := range strings.SplitSeq("\n"+text, "\n---") {
		if strings.TrimSpace(part) == "" {
			continue
		}
		for _, doc := range expand(t, part) {
			list, issues := model.Decode("model.yaml", doc)
			for _, i := range issues {
				t.Fatalf("%v\nin\n%s", i, doc)
			}
			objects = append(objects, list...)
		}
	}
	return objects
}

// expand turns a terse document into full ones, and leaves a full one alone
// except for a missing apiVersion.
func expand(t testing.TB, text string) [][]byte {
	t.Helper()
	var root yaml.Node
	if err := yaml.Unmarshal([]byte(text), &root); err != nil {
		t.Fatalf("model cannot be read: %v\n%s", err, text)
	}
	if len(root.Content) == 0 {
		return nil
	}
	m := root.Content[0]
	has := func(key string) bool {
		for i := 0; i < len(m.Content); i += 2 {
			if m.Content[i].Value == key {
				return true
			}
		}
		return false
	}
	if has("kind") {
		if !has("apiVersion") {
			text = "apiVersion: " + model.APIVersion + "\n" + text
		}
		return [][]byte{[]byte(text)}
	}
	var docs [][]byte
	for i := 0; i+1 < len(m.Content); i += 2 {
		kind, name, _ := strings.Cut(m.Content[i].Value, "/")
		doc := map[string]any{"apiVersion": model.APIVersion, "kind": kind}
		if k := model.KindOf(kind); k != nil {
			doc["kind"] = k.Name
		}
		metadata, spec := map[string]any{"name": name}, map[string]any{}
		body := m.Content[i+1]
		for j := 0; j+1 < len(body.Content); j += 2 {
			key, value := body.Content[j].Value, body.Content[j+1]
			if slices.Contains([]string{"title", "description", "labels", "owner"}, key) {
				metadata[key] = value
			} else {
				spec[key] = value
			}
		}
		doc["metadata"], doc["spec"] = metadata, spec
		out, err := yaml.Marshal(doc)
		if err != nil {
			t.Fatalf("model cannot be written out: %v", err)
		}
		docs = append(docs, out)
	}
	return docs
}

// Evaluate runs rules on all their subjects and completes findings as the product
// does: rule, subject, outcome and severity where a rule leaves them out.
func Evaluate(rules []finding.Rule, f *finding.Facts) []finding.Finding {
	var out []finding.Finding
	for i := range rules {
		r := &rules[i]
		for _, kind := range r.Kinds {
			for _, h := range f.Snap.OfKind(kind) {
				r.Check(f, h, func(x finding.Finding) {
					x.Rule = r.ID
					if x.Subject.IsZero() {
						x.Subject = f.Snap.Ref(h)
					}
					if x.Outcome == "" {
						x.Outcome = finding.Violated
					}
					if x.Severity == finding.Off {
						x.Severity = r.Severity
					}
					x.Normalise()
					out = append(out, x)
				})
			}
		}
	}
	slices.SortStableFunc(out, func(a, b finding.Finding) int { return finding.Compare(&a, &b) })
	return out
}
