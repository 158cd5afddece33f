package assess

import (
	"encoding/json"
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"diapason/internal/model"
)

// randomObject writes an object of a kind with some of its fields, by the schema,
// and reads it as a file would be read.
func randomObject(t *rapid.T, tb testing.TB, k *model.Kind, name string) *model.Object {
	g := generator{t}
	doc := map[string]any{"apiVersion": model.APIVersion, "kind": k.Name, "metadata": g.metadata(name), "spec": g.record(k.Fields, 0)}
	text, err := json.Marshal(doc)
	if err != nil {
		tb.Fatal(err)
	}
	list, issues := model.Decode("random.yaml", text)
	if len(issues) > 0 || len(list) != 1 {
		tb.Fatalf("%v in %s", issues, text)
	}
	return list[0]
}

type generator struct{ t *rapid.T }

// chance is true once in n.
func (g generator) chance(n int) bool { return rapid.IntRange(0, n-1).Draw(g.t, "chance") == 0 }

func (g generator) one(of ...string) string { return rapid.SampledFrom(of).Draw(g.t, "one") }

var names = []string{"a", "b", "c"}

func (g generator) metadata(name string) map[string]any {
	m := map[string]any{"name": name}
	if g.chance(2) {
		m["title"] = g.text()
	}
	if g.chance(2) {
		m["owner"] = g.one("person/a", "person/b", "team/a")
	}
	return m
}

func (g generator) text() any {
	if g.chance(2) {
		return g.one("Payroll", "Pay roll", "Imaging", "Messaging for everyone")
	}
	return map[string]any{"en": g.one("Payroll", "Imaging"), "fr": g.one("Paie", "Imagerie")}
}

func (g generator) record(fields []*model.Field, depth int) map[string]any {
	m := map[string]any{}
	for _, f := range fields {
		often := 2
		if f.Type != model.TypeDependency && len(f.Refs) == 0 && depth > 0 {
			often = 3
		}
		if f.Name == "name" || g.chance(often) {
			m[f.Name] = g.value(f, depth)
		}
	}
	return m
}

func (g generator) value(f *model.Field, depth int) any {
	switch f.Type {
	case model.TypeText:
		return g.text1(f)
	case model.TypeLocalText:
		return g.text()
	case model.TypeBoolean:
		return g.chance(2)
	case model.TypeInteger:
		return rapid.IntRange(0, 5).Draw(g.t, "integer")
	case model.TypeEnum:
		return rapid.SampledFrom(f.Choices).Draw(g.t, "choice").Value
	case model.TypeRef:
		return g.ref(f.Refs)
	case model.TypeDate:
		return g.one("2026-01-10", "2027-02-01", "2027-03-01", "2027-03-20", "2027-09-01", "2028-01-01")
	case model.TypeInstant:
		return g.one("2027-02-01T08:00:00Z", "2027-03-11T22:00:00Z", "2027-03-12T04:00:00Z", "2027-03-20T06:00:00Z", "2027-04-20T06:00:00Z")
	case model.TypeTime:
		return g.one("08:00", "12:00", "18:00", "22:00")
	case model.TypeDuration:
		return g.one("PT15M", "PT1H", "PT4H", "PT8H", "P1D", "P30D")
	case model.TypePeriod:
		return g.one("P1M", "P3M", "P1Y", "P30D")
	case model.TypeAvailability:
		return g.one("99%", "99.5%", "99.9%", "99.99%", "100%")
	case model.TypePercent:
		return g.one("5%", "50%", "80%", "95%", "120%")
	case model.TypeMoney:
		return g.one("100.00 EUR", "1200.00 EUR/month", "5000.00 EUR/year")
	case model.TypeQuantity:
		return g.one("10 requests/s", "100 requests/s", "50 GiB", "200")
	case model.TypeDependency:
		return g.need(f.Refs, 0)
	case model.TypeRecord:
		return g.record(f.Fields, depth+1)
	case model.TypeList:
		return g.list(f, depth)
	}
	panic("no random value for " + string(f.Type))
}

func (g generator) text1(f *model.Field) string {
	switch f.Name {
	case "zone":
		return g.one("Europe/Paris", "Indian/Reunion", "Nowhere/None")
	case "country", "countries", "dataCountries":
		return g.one("FR", "DE", "US")
	case "factor":
		return g.one("14.4", "2", "much")
	case "rule":
		return g.one("SLM-003", "AVL-001", "COO-002")
	}
	return g.one("a", "b", "P1", "HDS")
}

func (g generator) ref(kinds []string) string {
	kind := g.one(kinds...)
	if kind == "*" {
		kind = g.one(model.Slugs()...)
	}
	return kind + "/" + g.one("a", "b", "c", "d")
}

func (g generator) need(kinds []string, depth int) any {
	switch shape := rapid.IntRange(0, 9).Draw(g.t, "need"); {
	case shape < 5 || depth > 1:
		return g.needRef(kinds)
	case shape < 7:
		return map[string]any{"on": g.needRef(kinds), "for": []string{g.one("run", "start")}}
	case shape < 9:
		return map[string]any{"anyOf": []any{g.need(kinds, depth+1), g.need(kinds, depth+1)}, "takeover": "PT5M"}
	default:
		return map[string]any{"atLeast": 2, "of": []any{g.need(kinds, depth+1), g.need(kinds, depth+1), g.need(kinds, depth+1)}}
	}
}

// needRef prefers what is required in practice.
func (g generator) needRef(kinds []string) string {
	if g.chance(3) {
		return g.ref(kinds)
	}
	return g.one("service/a", "service/b", "component/a", "component/b", "component/c")
}

func (g generator) list(f *model.Field, depth int) []any {
	n := rapid.IntRange(0, 2).Draw(g.t, "length")
	if f.Type == model.TypeList && f.Item.Type == model.TypeDependency {
		n++
	}
	out := make([]any, 0, n)
	for i := range n {
		v := g.value(f.Item, depth+1)
		if m, ok := v.(map[string]any); ok && f.Key() == "name" {
			var name any = fmt.Sprintf("n%d", i)
			for _, x := range f.Item.Fields {
				if x.Name == "name" && x.Type == model.TypeEnum {
					name = x.Choices[(i+len(out))%len(x.Choices)].Value
				}
			}
			m["name"] = name
		}
		out = append(out, v)
	}
	return out
}
