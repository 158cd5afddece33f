package coordination

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"diapason/internal/finding"
	"diapason/internal/model"
	"diapason/internal/process/processtest"
)

func ref(s string) model.Ref {
	r, err := model.ParseRef(s)
	if err != nil {
		panic(err)
	}
	return r
}

func joined(m map[model.FourP][]model.Ref, p string) string {
	var out []string
	for _, r := range m[model.FourP(p)] {
		out = append(out, r.String())
	}
	return strings.Join(out, " ")
}

func TestLifecycle(t *testing.T) {
	play(t, []scene{
		{"a live service requires one still built", "service/a: {stage: live, requires: [service/b]}\nservice/b: {stage: build}", []string{"COO-005 violated error service/a causes service/b at /spec/requires/0 variant none"}, nil},
		{"the same stage is fine, and so is one further", "service/a: {stage: build, requires: [service/b, service/c]}\nservice/b: {stage: build}\nservice/c: {stage: live}", nil, []string{"COO-005"}},
		{"an alternative at an earlier stage is fine while the other is there", "service/a: {stage: live, requires: [{anyOf: [service/b, service/c]}]}\nservice/b: {stage: design}\nservice/c: {stage: live}", nil, []string{"COO-005"}},
		{"two of three needed, two of them late", "service/a: {stage: live, requires: [{atLeast: 2, of: [service/b, service/c, service/d]}]}\nservice/b: {stage: design}\nservice/c: {stage: live}\nservice/d: {stage: build}",
			[]string{"COO-005 violated error service/a causes service/b,service/d"}, nil},
		{"a component between is looked through", "service/a: {stage: live, requires: [component/x]}\ncomponent/x: {requires: [service/b]}\nservice/b: {stage: design}", []string{"COO-005 violated error service/a causes service/b"}, nil},
		{"dates that fit make an earlier stage a warning before going live", "service/a: {stage: transition, availableFrom: 2027-09-01, requires: [service/b]}\nservice/b: {stage: build, availableFrom: 2027-06-01}",
			[]string{"COO-005 violated warning service/a causes service/b"}, nil},
		{"a retired service", "service/a: {stage: live, requires: [service/b]}\nservice/b: {stage: retired}", []string{"COO-005 violated error service/a causes service/b variant retired"}, nil},
		{"one that retires first", "service/a: {stage: live, requires: [service/b]}\nservice/b: {stage: live, retiresOn: 2028-01-01}", []string{"COO-005 violated error service/a causes service/b variant retires"}, nil},
		{"one that retires on the same day", "service/a: {stage: live, retiresOn: 2028-01-01, requires: [service/b]}\nservice/b: {stage: live, retiresOn: 2028-01-01}", nil, []string{"COO-005"}},
		{"one that names what replaces it", "service/a: {stage: live, requires: [service/b]}\nservice/b: {stage: live, retiresOn: 2028-01-01, replacedBy: service/c}\nservice/c: {stage: live, availableFrom: 2027-06-01}",
			[]string{"COO-005 violated warning service/a causes service/b variant replaced"}, nil},
		{"an alternative that arrives in time bridges a retirement", "service/a: {stage: live, requires: [{anyOf: [service/b, service/c]}]}\nservice/b: {stage: live, retiresOn: 2028-01-01}\nservice/c: {stage: live, availableFrom: 2028-01-01}", nil, []string{"COO-005"}},
		{"one that arrives a day too late leaves a hole", "service/a: {stage: live, requires: [{anyOf: [service/b, service/c]}]}\nservice/b: {stage: live, retiresOn: 2028-01-01}\nservice/c: {stage: live, availableFrom: 2028-01-02}",
			[]string{"COO-005 violated error service/a causes service/b,service/c variant retires"}, nil},
		{"components that lean on each other end with what they stand on", `
service/a: {stage: live, requires: [component/x]}
component/x: {requires: [component/y]}
component/y: {requires: [component/x, service/b]}
service/b: {stage: live, retiresOn: 2028-01-01}
`, []string{"COO-005 violated error service/a causes service/b variant retires"}, nil},
	})
}

func TestAvailableTooSoon(t *testing.T) {
	for _, c := range []struct{ name, model, want string }{
		{"what it requires comes later", "service/a: {stage: build, availableFrom: 2027-06-01, requires: [service/b]}\nservice/b: {stage: build, availableFrom: 2027-07-01}", "0 2027-06-01 2027-07-01 service/b"},
		{"on the same day is in time", "service/a: {stage: build, availableFrom: 2027-06-01, requires: [service/b]}\nservice/b: {stage: build, availableFrom: 2027-06-01}", ""},
		{"a later alternative is no gap", "service/a: {stage: build, availableFrom: 2027-06-01, requires: [{anyOf: [service/b, service/c]}]}\nservice/b: {availableFrom: 2027-06-01}\nservice/c: {availableFrom: 2027-12-01}", ""},
		{"live today without one that comes later", "service/a: {stage: live, requires: [service/b]}\nservice/b: {availableFrom: 2027-07-01}", "0 2027-03-12 2027-07-01 service/b"},
		{"what is past is history", "service/a: {stage: live, availableFrom: 2020-01-01, requires: [service/b]}\nservice/b: {availableFrom: 2021-01-01}", ""},
		{"in design without a date nothing is too late", "service/a: {stage: design, requires: [service/b]}\nservice/b: {availableFrom: 2030-07-01}", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := processtest.Facts(t, Analyses, on, c.model)
			h, _ := f.Snap.Find(ref("service/a"))
			var got []string
			of(f).AvailableTooSoon(h, func(need int, starts, holds model.Date, late []model.Ref) {
				line := []string{string(rune('0' + need)), starts.String(), holds.String()}
				for _, r := range late {
					line = append(line, r.String())
				}
				got = append(got, strings.Join(line, " "))
			})
			if strings.Join(got, ";") != c.want {
				t.Fatalf("%q, want %q", got, c.want)
			}
		})
	}
}

// combine must agree with counting on each day.
func TestCombineCountsOnEachDay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 4).Draw(t, "lives")
		lives := make([]life, n)
		for i := range lives {
			from := model.Date(rapid.IntRange(10, 20).Draw(t, "from"))
			lives[i] = life{[]span{{from, from + model.Date(rapid.IntRange(1, 8).Draw(t, "length"))}}, 4}
		}
		k := rapid.IntRange(1, n).Draw(t, "k")
		got := combine(lives, k)
		for d := model.Date(5); d < 35; d++ {
			up := 0
			for _, l := range lives {
				if l.at(d) {
					up++
				}
			}
			if got.at(d) != (up >= k) {
				t.Fatalf("day %d: %d of %d up, %d needed, combined %v", d, up, n, k, got.spans)
			}
		}
		if !slices.IsSortedFunc(got.spans, func(a, b span) int { return int(a.until - b.from) }) {
			t.Fatalf("spans touch or are out of order: %v", got.spans)
		}
	})
}

func TestStartUp(t *testing.T) {
	play(t, []scene{
		{"two that wait for each other", "component/a: {requires: [component/b]}\ncomponent/b: {requires: [component/a]}", []string{"COO-006 violated error component/a causes component/b at /spec/requires/0"}, nil},
		{"one that waits for itself", "component/a: {requires: [component/a]}", []string{"COO-006 violated error component/a causes none"}, nil},
		{"a circle only while running is fine", "component/a: {requires: [component/b]}\ncomponent/b: {requires: [{on: component/a, for: [run]}]}", nil, []string{"COO-006"}},
		{"an alternative from outside breaks it", "component/a: {requires: [component/b]}\ncomponent/b: {requires: [{anyOf: [component/a, component/c]}]}\ncomponent/c: {}", nil, []string{"COO-006"}},
		{"an alternative that is in the circle does not", "component/a: {requires: [component/b]}\ncomponent/b: {requires: [{anyOf: [component/a, component/c]}]}\ncomponent/c: {requires: [component/a]}",
			[]string{"COO-006 violated error component/a causes component/b,component/c"}, nil},
		{"two of three, one of them outside, still wait", "component/a: {requires: [{atLeast: 2, of: [component/b, component/c, component/d]}]}\ncomponent/b: {requires: [component/a]}\ncomponent/c: {requires: [component/a]}\ncomponent/d: {}",
			[]string{"COO-006 violated error component/a causes component/b,component/c"}, nil},
		{"what waits for a circle is not in it", "service/s: {requires: [component/a]}\ncomponent/a: {requires: [component/b]}\ncomponent/b: {requires: [component/a]}", []string{"COO-006 violated error component/a causes component/b"}, nil},
		{"through a site and its power", "component/power: {site: site/main, requires: [component/control]}\ncomponent/control: {site: site/main}\nsite/main: {requires: [component/power]}",
			[]string{"COO-006 violated error component/control causes component/power,site/main"}, nil},
		{"an alternative that counts only while running does not help to start", "component/a: {requires: [{anyOf: [component/b, {on: component/c, for: [run]}]}]}\ncomponent/b: {requires: [component/a]}\ncomponent/c: {}",
			[]string{"COO-006 violated error component/a causes component/b"}, nil},
	})
}

func TestStartUpShowsTheShortestWayRound(t *testing.T) {
	f := processtest.One(t, processtest.Run(t, Rules, Analyses, on, `
component/a: {requires: [component/b]}
component/b: {requires: [component/c]}
component/c: {requires: [component/d, component/b]}
component/d: {requires: [component/a]}
`), "COO-006", "component/a")
	if got := f.Args["shortest"].([]model.Ref); len(got) != 2 || got[0] != ref("component/b") || got[1] != ref("component/c") {
		t.Fatalf("shortest way round %v", got)
	}
	if f.Args["n"] != 4 {
		t.Fatalf("circle of %v", f.Args["n"])
	}
}

// Start-up must agree with letting things start one after the other.
func TestStartUpEqualsLettingThingsStart(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		names := []string{"a", "b", "c", "d", "e"}
		leaf := func() string { return "component/" + rapid.SampledFrom(names).Draw(rt, "leaf") }
		var text strings.Builder
		for _, n := range names {
			text.WriteString("component/" + n + ": {requires: [")
			for i := range rapid.IntRange(0, 2).Draw(rt, "needs") {
				if i > 0 {
					text.WriteString(", ")
				}
				if rapid.Bool().Draw(rt, "group") {
					text.WriteString("{anyOf: [" + leaf() + ", " + leaf() + "]}")
				} else {
					text.WriteString(leaf())
				}
			}
			text.WriteString("]}\n")
		}
		f := processtest.Facts(t, Analyses, on, text.String())
		started := map[model.Ref]bool{}
		for range names {
			for _, h := range f.Snap.OfKind("component") {
				if of(f).starts(h, func(r model.Ref) bool { return started[r] }) {
					started[f.Snap.Ref(h)] = true
				}
			}
		}
		blocked := false
		for _, h := range f.Snap.OfKind("component") {
			c := of(f).circles.Value(int32(h))
			blocked = blocked || c != nil
			if c != nil && started[f.Snap.Ref(h)] {
				rt.Fatalf("%s starts, yet stands in the circle %v of\n%s", f.Snap.Ref(h), c.members, text.String())
			}
		}
		if blocked != (len(started) < len(names)) {
			rt.Fatalf("%d of %d start, circles told: %v in\n%s", len(started), len(names), blocked, text.String())
		}
	})
}

func TestSections(t *testing.T) {
	const complete = `
service/s:
  stage: live
  owner: person/a
  facing: customer
  availableFrom: 2027-01-01
  users: [user-group/u]
  support: [team/t]
  requires: [component/c]
  restore: {by: [team/t]}
  sections: [{name: readiness, document: document/d}, {name: functional-requirements, notNeeded: bought as it is}]
  acceptance: [{name: signed, verifier: person/a, met: 2026-12-20}, {name: later, verifier: person/a, optional: true}]
  tests:
    - {name: functional, passed: 2026-12-01}
    - {name: component, passed: 2026-12-01}
    - {name: acceptance, passed: 2026-12-01}
    - {name: compatibility, passed: 2026-12-01}
    - {name: performance, passed: 2026-12-01}
    - {name: resilience, planned: 2027-12-01}
    - {name: events, passed: 2026-12-01}
    - {name: security, passed: 2026-12-01}
    - {name: logistics, notNeeded: nothing is delivered}
    - {name: management, passed: 2026-12-01}
person/a: {}
user-group/u: {}
team/t: {}
component/c: {}
document/d: {}
requirement/r: {type: business, service: service/s}
agreement/g: {type: sla, services: [service/s], targets: [{name: a, metric: availability, availability: 99%}]}
agreement/o: {type: ola, services: [service/s]}
measurement-source/m: {of: [service/s]}
`
	play(t, []scene{
		{"a complete package", complete, nil, []string{"COO-004"}},
		{"to enter design, three sections", "service/s: {stage: design}", []string{
			"COO-004 violated error service/s part sections/business-requirements",
			"COO-004 violated error service/s part sections/applicability",
			"COO-004 violated error service/s part sections/contacts at /spec/sections"}, nil},
		{"the first stage asks nothing, the last ones neither", "service/a: {stage: requirement}\nservice/b: {stage: retiring}\nservice/c: {stage: retired}", nil, []string{"COO-004"}},
		{"the organisation says what a stage requires, and later stages keep it", "organisation/o: {stages: [{stage: design, sections: [contacts]}, {stage: live, sections: [topology]}]}\nservice/s: {stage: build}",
			[]string{"COO-004 violated error service/s part sections/contacts"}, nil},
		{"kinds of test left open are named", strings.Replace(complete, "    - {name: management, passed: 2026-12-01}\n", "", 1), []string{"COO-004 violated error service/s part sections/transition-plan variant tests at /spec/tests"}, nil},
		{"a mandatory criterion not met once live", strings.Replace(complete, ", met: 2026-12-20", "", 1), []string{"COO-004 violated error service/s part sections/acceptance-criteria variant criteria at /spec/acceptance"}, nil},
		{"a document that does not exist proves nothing", strings.Replace(complete, "document/d: {}", "", 1), []string{"COO-004 violated error service/s part sections/readiness"}, nil},
		{"without a stage it cannot be judged", "service/s: {}", []string{"COO-004 unknown error service/s at /spec/stage"}, nil},
	})

	f := processtest.Facts(t, Analyses, on, complete)
	h, _ := f.Snap.Find(ref("service/s"))
	states := map[SectionState]int{}
	for _, s := range of(f).Sections(h) {
		states[s.State]++
		if s.Name == "applicability" && !slices.Equal(s.Proof, []model.Ref{ref("user-group/u")}) {
			t.Errorf("applicability is proven by %v", s.Proof)
		}
		if s.Name == "functional-requirements" && s.Why.All == "" {
			t.Error("the reason of a section that is not needed is lost")
		}
	}
	if states[SectionComplete] != 11 || states[SectionWaived] != 1 {
		t.Errorf("states %v", states)
	}
}

func TestWorse(t *testing.T) {
	const base = `
service/s: {stage: live, capacity: [{name: visits, limit: 100 visits/day}]}
service/idle: {stage: design, capacity: [{name: visits, limit: 100 visits/day}]}
demand/d: {service: service/s, resource: visits, current: 80 visits/day}
agreement/a: {type: sla, services: [service/s], start: 2026-01-01}
`
	for _, c := range []struct {
		name, puts string
		deletes    []string
		want       []string
	}{
		{"less capacity, still enough", "service/s: {stage: live, capacity: [{name: visits, limit: 90 visits/day}]}", nil, []string{"COO-009 violated warning service/s part capacity/visits variant capacity at /spec/capacity/0/limit"}},
		{"less capacity than is asked", "service/s: {stage: live, capacity: [{name: visits, limit: 70 visits/day}]}", nil, []string{"COO-009 violated error service/s part capacity/visits"}},
		{"more capacity is no loss", "service/s: {stage: live, capacity: [{name: visits, limit: 110 visits/day}]}", nil, nil},
		{"another unit cannot be compared", "service/s: {stage: live, capacity: [{name: visits, limit: 10 visits/h}]}", nil, nil},
		{"a service not yet live may shrink", "service/idle: {stage: design}", nil, nil},
		{"a live service taken away while promised", "", []string{"service/s"}, []string{"COO-009 violated error service/s part stage variant removed"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			before := processtest.Facts(t, Analyses, on, base)
			var deletes []model.Ref
			for _, d := range c.deletes {
				deletes = append(deletes, ref(d))
			}
			var puts []*model.Object
			if c.puts != "" {
				puts = processtest.Objects(t, c.puts)
			}
			after := finding.NewFacts(before.Snap.With(2, puts, deletes), before.On, Analyses)
			found := Worse(before, after)
			processtest.Render(t, found)
			processtest.Want(t, found, c.want...)
			if len(found) != len(c.want) {
				t.Errorf("found\n%s", processtest.Lines(found))
			}
		})
	}
}
