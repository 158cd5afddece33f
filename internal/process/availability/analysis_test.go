package availability

import (
	"math"
	"slices"
	"testing"

	"diapason/internal/finding"
	"diapason/internal/model"
	"diapason/internal/process/processtest"
)

func facts(t testing.TB, text string) (*finding.Facts, *Analysis) {
	t.Helper()
	f := processtest.Facts(t, Analyses, "2027-03-12", text)
	a, ok := finding.Use[*Analysis](f)
	if !ok {
		t.Fatal("no analysis of availability")
	}
	return f, a
}

func handle(t testing.TB, f *finding.Facts, ref string) model.Handle {
	t.Helper()
	r, err := model.ParseRef(ref)
	if err != nil {
		t.Fatal(err)
	}
	h, ok := f.Snap.Find(r)
	if !ok {
		t.Fatalf("%s is not in the model", ref)
	}
	return h
}

func names(refs []model.Ref) []string {
	out := []string{}
	for _, r := range refs {
		out = append(out, r.String())
	}
	return out
}

func TestPrediction(t *testing.T) {
	for _, tc := range []struct {
		name, text string
		want       string // availability
		missing    []string
		singles    []string
	}{
		{"parts in series multiply", `
service/s: {requires: [component/a, component/b]}
component/a: {availability: 99.9%}
component/b: {availability: 99.9%}`, "99.8001%", nil, []string{"component/a", "component/b"}},
		{"MTBF and MTTR come before a declared availability", `
service/s: {requires: [component/a]}
component/a: {availability: 50%, mtbf: 999 h, mttr: 1 h}`, "99.9%", nil, []string{"component/a"}},
		{"alternatives on two sites fail only together", `
service/s: {requires: [{anyOf: [component/a, component/b]}]}
component/a: {availability: 99%, site: one}
component/b: {availability: 99%, site: two}
site/one: {availability: 100%}
site/two: {availability: 100%}`, "99.99%", nil, nil},
		{"alternatives on one site share it", `
service/s: {requires: [{anyOf: [component/a, component/b]}]}
component/a: {availability: 99%, site: one}
component/b: {availability: 99%, site: one}
site/one: {availability: 99.9%}`, "99.89001%", nil, []string{"site/one"}},
		{"two of three must work", `
service/s: {requires: [{atLeast: 2, of: [component/a, component/b, component/c]}]}
component/a: {availability: 99%}
component/b: {availability: 99%}
component/c: {availability: 99%}`, "99.9702%", nil, nil},
		{"what only degrades is not counted", `
service/s: {requires: [component/a], degrades: [component/b]}
component/a: {availability: 99%}
component/b: {availability: 1%}`, "99%", nil, []string{"component/a"}},
		{"what counts only to start is not counted", `
service/s: {requires: [component/a, {on: component/b, for: [start]}]}
component/a: {availability: 99%}
component/b: {availability: 1%}`, "99%", nil, []string{"component/a"}},
		{"services that need each other hold each other up", `
service/s: {requires: [service/t, component/a]}
service/t: {requires: [service/s, component/b]}
component/a: {availability: 99%}
component/b: {availability: 99%}`, "98.01%", nil, []string{"component/a", "component/b"}},
		{"what has no figure is taken as perfect and named", `
service/s: {requires: [component/a, component/b, component/gone]}
component/a: {availability: 99%}
component/b: {mtbf: 1000 h}`, "99%", []string{"component/b", "component/gone"}, []string{"component/a", "component/b", "component/gone"}},
		{"the organisation's default for a class counts", `
organisation/o: {defaults: [{class: server, availability: 98%}, {class: site, availability: 99%}]}
service/s: {requires: [component/a]}
component/a: {class: server, site: one}
site/one: {}`, "97.02%", nil, []string{"component/a", "site/one"}},
		{"instances to spare are no single point", `
service/s: {requires: [component/a]}
component/a: {availability: 99%, instances: 2, needed: 1}`, "99.99%", nil, nil},
		{"the supplier of what is external is a common cause", `
service/s: {requires: [{anyOf: [component/a, component/b]}]}
component/a: {availability: 99%, external: true, supplier: x}
component/b: {availability: 99%, external: true, supplier: x}
supplier/x: {}`, "99.99%", nil, []string{"supplier/x"}},
		{"who sold it need not live", `
service/s: {requires: [component/a]}
component/a: {availability: 99%, supplier: x}
supplier/x: {availability: 50%}`, "99%", nil, []string{"component/a"}},
		{"a team of one is its person", `
service/s: {requires: [component/a, team/ops]}
component/a: {availability: 99%}
team/ops: {members: [ann, bob]}
person/ann: {}
person/bob: {left: 2027-01-01}`, "99%", nil, []string{"component/a", "person/ann"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			f, a := facts(t, tc.text)
			h := handle(t, f, "service/s")
			value, lower, upper, exact, missing, ok := a.Predicted(h)
			var want model.Availability
			if err := want.UnmarshalText([]byte(tc.want)); err != nil {
				t.Fatal(err)
			}
			if known := len(tc.missing) == 0; !ok || exact != known || math.Abs(value.Ratio()-want.Ratio()) > 1e-11 || value != upper || known != (value == lower) {
				t.Errorf("predicted %v [%v, %v] exact %v ok %v, want %s", value, lower, upper, exact, ok, tc.want)
			}
			if got := names(missing); !slices.Equal(got, append([]string{}, tc.missing...)) {
				t.Errorf("missing %v, want %v", got, tc.missing)
			}
			if got := names(a.SinglePoints(h)); !slices.Equal(got, append([]string{}, tc.singles...)) {
				t.Errorf("single points %v, want %v", got, tc.singles)
			}
		})
	}
}

func TestBoundsHoldWhateverIsMissing(t *testing.T) {
	f, a := facts(t, `
service/s: {requires: [component/a, {anyOf: [component/b, component/c]}]}
component/a: {availability: 99.9%}
component/b: {availability: 99%}
component/c: {}`)
	value, lower, upper, exact, missing, ok := a.Predicted(handle(t, f, "service/s"))
	if !ok || exact || value.String() != "99.9%" || upper != value || lower.String() != "98.901%" || len(missing) != 1 {
		t.Errorf("value %v in [%v, %v], exact %v, missing %v", value, lower, upper, exact, missing)
	}
}

func TestNothingKnown(t *testing.T) {
	f, a := facts(t, `
service/s: {requires: [service/t]}
service/t: {}`)
	_, _, _, _, missing, ok := a.Predicted(handle(t, f, "service/s"))
	if ok || !slices.Equal(names(missing), []string{"service/t"}) {
		t.Errorf("ok %v, missing %v; want not ok and service/t", ok, missing)
	}
}

func TestContributionsOfTwoSites(t *testing.T) {
	f, a := facts(t, `
service/s: {requires: [component/lb, {anyOf: [component/a, component/b]}]}
component/lb: {availability: 99.9%}
component/a: {availability: 99%}
component/b: {availability: 98%}`)
	got := a.Contributions(handle(t, f, "service/s"))
	u := 1 - 0.999*(1-0.01*0.02)
	want := map[string]float64{"component/lb": u - 0.0002, "component/a": u - 0.001, "component/b": u - 0.001}
	if len(got) != 3 || got[0].Input.Ref.Name != "lb" || !got[0].Single || got[1].Single {
		t.Fatalf("contributions %+v", got)
	}
	for _, c := range got {
		if math.Abs(c.Gain-want[c.Input.Ref.String()]) > 1e-12 || c.Minutes != Monthly(c.Gain) {
			t.Errorf("%s: gain %v, want %v", c.Input.Ref, c.Gain, want[c.Input.Ref.String()])
		}
	}
}

func TestDown(t *testing.T) {
	_, a := facts(t, `
service/shop: {requires: [service/pay, {anyOf: [component/a, component/b]}], degrades: [component/search]}
service/pay: {requires: [component/bank]}
service/site: {requires: [service/shop]}
component/a: {site: one}
component/b: {site: two}
component/bank: {}
component/search: {}
site/one: {}
site/two: {}`)
	down := func(refs ...string) Impact {
		var list []model.Ref
		for _, s := range refs {
			r, _ := model.ParseRef(s)
			list = append(list, r)
		}
		return a.Down(list)
	}
	if got := down("component/bank"); !slices.Equal(names(got.Services), []string{"service/pay", "service/shop", "service/site"}) {
		t.Errorf("the bank takes %v", got.Services)
	}
	got := down("site/one")
	if len(got.Services) > 0 || !slices.Equal(names(got.Others), []string{"component/a"}) {
		t.Errorf("one site takes %v and %v", got.Services, got.Others)
	}
	if len(got.Fallback) != 1 || got.Fallback[0].Spare() != 0 || got.Fallback[0].Pointer != "/spec/requires/1" || !slices.Equal(names(got.Fallback[0].Left), []string{"component/b"}) {
		t.Errorf("alternatives %+v", got.Fallback)
	}
	if got := down("site/one", "site/two"); len(got.Services) != 2 || len(got.Fallback) != 0 {
		t.Errorf("both sites take %v", got.Services)
	}
	if got := down("component/search"); len(got.Services) > 0 || !slices.Equal(names(got.Degraded), []string{"service/shop", "service/site"}) {
		t.Errorf("search degrades %v", got.Degraded)
	}
}
