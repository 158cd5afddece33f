package security

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"diapason/internal/model"
	"diapason/internal/process/processtest"
)

const on = "2027-03-12"

type scene struct {
	name   string
	model  string
	want   []string
	silent []string
}

func play(t *testing.T, scenes []scene) {
	t.Helper()
	for _, s := range scenes {
		t.Run(s.name, func(t *testing.T) {
			found := processtest.Run(t, Rules, Analyses, on, s.model)
			processtest.Want(t, found, s.want...)
			processtest.Silent(t, found, s.silent...)
		})
	}
}

func TestEveryRuleHasItsProse(t *testing.T) { processtest.Prose(t, Rules()) }

func TestRatings(t *testing.T) {
	const all = "security: {availability: 1, confidentiality: 1, integrity: 1, authenticity: 1, nonRepudiation: 1}"
	play(t, []scene{
		{"in design it is to be confirmed", "service/s: {stage: design, security: {availability: 3}}", []string{"SEC-001 violated warning service/s at /spec/security"}, nil},
		{"from build on it is an error", "service/s: {stage: build}", []string{"SEC-001 violated error service/s"}, nil},
		{"zero is a rating", "service/s: {stage: live, security: {availability: 0, confidentiality: 0, integrity: 0, authenticity: 0, nonRepudiation: 0}}", nil, []string{"SEC-001"}},
		{"data of a service being built", "service/s: {stage: build, data: [data-asset/d], " + all + "}\ndata-asset/d: {}\ndata-asset/e: {}", []string{"SEC-001 violated error data-asset/d", "SEC-001 violated warning data-asset/e"}, nil},
		{"a retired service is left alone", "service/s: {stage: retired}", nil, []string{"SEC-001"}},
	})
}

func TestLevels(t *testing.T) {
	play(t, []scene{
		{"a component below what its service requires, two steps away", `
service/s: {security: {integrity: 3}, requires: [component/app]}
component/app: {security: {integrity: 3}, requires: [component/db]}
component/db: {security: {integrity: 2}}
`, []string{"SEC-002 violated error component/db part integrity causes service/s at /spec/security/integrity"}, nil},
		{"an equal level is enough", "service/s: {security: {integrity: 3}, requires: [component/a]}\ncomponent/a: {security: {integrity: 3}}", nil, []string{"SEC-002"}},
		{"told once, with the highest of those that ask", `
service/s: {security: {integrity: 3}, requires: [component/a]}
service/t: {security: {integrity: 4}, requires: [component/a]}
component/a: {security: {integrity: 2}}
`, []string{"SEC-002 violated error component/a part integrity causes service/t"}, nil},
		{"encryption stops confidentiality, and nothing else", `
service/s: {security: {confidentiality: 4, integrity: 4}, requires: [component/vault]}
component/vault: {security: {confidentiality: 4, integrity: 4}, protects: [confidentiality], requires: [component/disk]}
component/disk: {security: {confidentiality: 0, integrity: 1}}
`, []string{"SEC-002 violated error component/disk part integrity causes service/s"}, nil},
		{"what protects must itself assure the level", "service/s: {security: {confidentiality: 4}, requires: [component/vault]}\ncomponent/vault: {security: {confidentiality: 3}, protects: [confidentiality]}",
			[]string{"SEC-002 violated error component/vault part confidentiality"}, nil},
		{"each alternative may carry the data", "service/s: {security: {confidentiality: 3}, requires: [{anyOf: [component/a, component/b]}]}\ncomponent/a: {security: {confidentiality: 3}}\ncomponent/b: {security: {confidentiality: 1}}",
			[]string{"SEC-002 violated error component/b part confidentiality"}, nil},
		{"one good alternative carries availability", "service/s: {security: {availability: 3}, requires: [{anyOf: [component/a, component/b]}]}\ncomponent/a: {security: {availability: 3}}\ncomponent/b: {security: {availability: 1}}",
			nil, []string{"SEC-002"}},
		{"two of three needed, one of them good", "service/s: {security: {availability: 3}, requires: [{atLeast: 2, of: [component/a, component/b, component/c]}]}\ncomponent/a: {security: {availability: 3}}\ncomponent/b: {security: {availability: 2}}\ncomponent/c: {security: {availability: 1}}",
			[]string{"SEC-002 violated error service/s part availability/0 variant group at /spec/requires/0 causes component/a,component/b,component/c"}, nil},
		{"alternatives that are not rated cannot be judged", "service/s: {security: {availability: 3}, requires: [{anyOf: [component/a, component/b]}]}\ncomponent/a: {}\ncomponent/b: {security: {availability: 1}}",
			[]string{"SEC-002 unknown error service/s part availability/0 variant group-unknown"}, nil},
		{"what is not rated is one unknown for all pillars", "service/s: {security: {availability: 2, integrity: 3}, requires: [component/a]}\ncomponent/a: {}", []string{"SEC-002 unknown error component/a part security at /spec/security"}, nil},
		{"data asks of what holds it and of what that runs on", `
data-asset/d: {security: {confidentiality: 4}}
component/db: {security: {confidentiality: 4}, data: [data-asset/d], site: site/room}
site/room: {security: {confidentiality: 2}}
`, []string{"SEC-002 violated error site/room part confidentiality causes data-asset/d"}, nil},
		{"the supplier of what is external answers too, that of a machine does not", `
service/s: {security: {integrity: 3}, requires: [component/cloud, component/box]}
component/cloud: {external: true, supplier: supplier/x, security: {integrity: 3}}
component/box: {supplier: supplier/y, security: {integrity: 3}}
supplier/x: {security: {integrity: 1}}
supplier/y: {security: {integrity: 1}}
`, []string{"SEC-002 violated error supplier/x part integrity causes service/s"}, nil},
		{"a service rated below its data", "service/s: {security: {confidentiality: 2, availability: 1}, data: [data-asset/d]}\ndata-asset/d: {security: {confidentiality: 3, availability: 4}}",
			[]string{"SEC-002 violated error service/s part confidentiality variant data causes data-asset/d at /spec/security/confidentiality"}, nil},
		{"one holder of data assures its availability", "data-asset/d: {security: {availability: 3}}\ncomponent/a: {data: [data-asset/d], security: {availability: 3}}\ncomponent/b: {data: [data-asset/d], security: {availability: 0}}", nil, []string{"SEC-002"}},
		{"no holder of data assures its availability", "data-asset/d: {security: {availability: 3}}\ncomponent/a: {data: [data-asset/d], security: {availability: 2}}", []string{"SEC-002 violated error data-asset/d part availability variant holders causes component/a"}, nil},
		{"a retired service asks nothing", "service/s: {stage: retired, security: {integrity: 4}, requires: [component/a]}\ncomponent/a: {security: {integrity: 0}}", nil, []string{"SEC-002"}},
		{"what only starts it is not relied on", "service/s: {security: {integrity: 4}, requires: [{on: component/a, for: [start]}]}\ncomponent/a: {security: {integrity: 0}}", nil, []string{"SEC-002"}},
	})
}

func handle(t testing.TB, s *model.Snapshot, name string) model.Handle {
	r, err := model.ParseRef(name)
	if err != nil {
		t.Fatal(err)
	}
	h, ok := s.Find(r)
	if !ok {
		t.Fatalf("%s is not in the model", name)
	}
	return h
}

func TestAssured(t *testing.T) {
	f := processtest.Facts(t, Analyses, on, `
service/s: {requires: [component/app, {anyOf: [component/x, component/y]}]}
component/app: {security: {confidentiality: 4, availability: 4}, protects: [confidentiality], requires: [component/disk]}
component/disk: {security: {confidentiality: 0, availability: 3}}
component/x: {security: {availability: 4, integrity: 1}}
component/y: {security: {availability: 0, integrity: 2}}
`)
	s := handle(t, f.Snap, "service/s")
	for _, c := range []struct {
		pillar  model.Pillar
		level   int
		weakest string
		ok      bool
	}{
		{model.PillarConfidentiality, 4, "component/app", true},
		{model.PillarAvailability, 3, "component/disk", true},
		{model.PillarIntegrity, 1, "component/x", true},
		{model.PillarAuthenticity, 0, "", false},
	} {
		level, weakest, ok := of(f).Assured(s, c.pillar)
		if level != c.level || weakest.String() != c.weakest || ok != c.ok {
			t.Errorf("%s: %d by %s, %v; want %d by %s, %v", c.pillar, level, weakest, ok, c.level, c.weakest, c.ok)
		}
	}
}

// What is asked of a part must be the highest of the services from which it can be
// reached along requires, whatever circles there are.
func TestDemandsEqualReachability(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		names := []string{"a", "b", "c", "d", "e", "f"}
		levels, edges := map[string]int{}, map[string][]string{}
		var text strings.Builder
		for _, n := range names {
			levels[n] = rapid.IntRange(0, 4).Draw(rt, "level")
			text.WriteString("service/" + n + ": {security: {integrity: " + itoa(levels[n]) + "}, requires: [")
			for i := range rapid.IntRange(0, 2).Draw(rt, "needs") {
				to := rapid.SampledFrom(names).Draw(rt, "to")
				if i > 0 {
					text.WriteString(", ")
				}
				text.WriteString("service/" + to)
				edges[n] = append(edges[n], to)
			}
			text.WriteString("]}\n")
		}
		want := map[string]int{}
		for _, from := range names {
			seen := map[string]bool{from: true}
			for queue := []string{from}; len(queue) > 0; queue = queue[1:] {
				want[queue[0]] = max(want[queue[0]], levels[from])
				for _, to := range edges[queue[0]] {
					if !seen[to] {
						seen[to] = true
						queue = append(queue, to)
					}
				}
			}
		}
		f := processtest.Facts(t, Analyses, on, text.String())
		i := slices.Index(pillars, model.PillarIntegrity)
		for _, n := range names {
			if got := of(f).demands.Value(int32(handle(t, f.Snap, "service/"+n))).level[i]; int(got) != want[n] {
				rt.Fatalf("%d is asked of %s, want %d, in\n%s", got, n, want[n], text.String())
			}
		}
	})
}
