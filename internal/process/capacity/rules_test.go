package capacity

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"diapason/internal/finding"
	"diapason/internal/model"
	"diapason/internal/process/processtest"
)

// above plays the part of the availability analysis: what names h in requires.
type above struct{ f *finding.Facts }

func (a above) Dependents(h model.Handle) (out []model.Handle) {
	for _, in := range a.f.Snap.In(h) {
		if in.Field.Name == "requires" {
			out = append(out, in.From)
		}
	}
	return out
}

func analyses(f *finding.Facts) []any { return append(Analyses(f), above{f}) }

func TestRules(t *testing.T) {
	for _, tc := range []struct {
		name, rule, text string
		want             []string
	}{
		{"growth reaches the limit within the year", "CAP-001", `
service/s: {stage: live, capacity: [{name: visits, limit: 105 visits/d}]}
demand/d: {service: service/s, resource: visits, current: 100 visits/d, growth: 10%}`, []string{"CAP-001 violated error service/s part capacity/visits causes demand/d at /spec/capacity/0 variant none"}},
		{"growth reaches the limit after the year", "CAP-001", `
service/s: {stage: live, capacity: [{name: visits, limit: 111 visits/d}]}
demand/d: {service: service/s, resource: visits, current: 100 visits/d, growth: 10%}`, nil},
		{"with a longer horizon it is a gap", "CAP-001", `
organisation/o: {horizon: 2 years}
service/s: {stage: live, capacity: [{name: visits, limit: 111 visits/d}]}
demand/d: {service: service/s, current: 100 visits/d, growth: 10%}`, []string{"CAP-001 violated error service/s"}},
		{"unless the service retires before", "CAP-001", `
organisation/o: {horizon: 2 years}
service/s: {stage: live, retiresOn: 2027-09-01, capacity: [{name: visits, limit: 111 visits/d}]}
demand/d: {service: service/s, current: 100 visits/d, growth: 10%}`, nil},
		{"only the upper end of the growth reaches the limit", "CAP-001", `
service/s: {stage: live, capacity: [{name: visits, limit: 111 visits/d}]}
demand/d: {service: service/s, current: 100 visits/d, growth: 10%, spread: 5%}`, []string{"CAP-001 violated warning service/s variant perhaps"}},
		{"two activities add up, a forecast point counts", "CAP-001", `
service/s: {stage: live, capacity: [{name: visits, limit: 150 visits/d}]}
demand/d: {service: service/s, current: 50 visits/d}
demand/e: {service: service/s, current: 60 visits/d, on: 2027-01-01, forecast: [{on: 2027-09-01, value: 101 visits/d}]}`, []string{"CAP-001 violated error service/s causes demand/d,demand/e"}},
		{"units are compared as written", "CAP-001", `
service/s: {stage: live, capacity: [{name: visits, limit: 150 visits/h}]}
demand/d: {service: service/s, current: 50 visits/d}`, []string{"CAP-001 unknown error service/s variant unit"}},
		{"what is exceeded today is not forecast", "CAP-001", `
service/s: {stage: live, capacity: [{name: visits, limit: 90 visits/d}]}
demand/d: {service: service/s, current: 100 visits/d}`, nil},
		{"what is exceeded today", "CAP-002", `
service/s: {stage: live, capacity: [{name: visits, limit: 90 visits/d}]}
demand/d: {service: service/s, current: 80 visits/d, peak: 91 visits/d}`, []string{"CAP-002 violated error service/s part capacity/visits causes demand/d variant none"}},
		{"what is just reached", "CAP-002", `
service/s: {stage: live, capacity: [{name: visits, limit: 90 visits/d}]}
demand/d: {service: service/s, current: 90 visits/d}`, nil},
		{"a test has shown less than was stated", "CAP-002", `
service/s: {stage: live, capacity: [{name: visits, limit: 90 visits/d, tested: 70 visits/d}]}
demand/d: {service: service/s, current: 80 visits/d}`, []string{"CAP-002 violated error service/s variant tested"}},
		{"a disk fills up before the horizon", "CAP-003", `
component/c: {capacity: [{name: disk, limit: 1000 GiB, used: 700 GiB, growth: 50%}]}`, []string{"CAP-003 violated error component/c part capacity/disk at /spec/capacity/0 variant none"}},
		{"a disk above the threshold", "CAP-003", `
component/c: {capacity: [{name: cpu, limit: 10 cores, used: 1 cores}, {name: disk, limit: 1000 GiB, used: 801 GiB}]}`, []string{"CAP-003 violated warning component/c at /spec/capacity/1 variant threshold"}},
		{"a disk at the threshold", "CAP-003", `
component/c: {capacity: [{name: disk, limit: 1000 GiB, used: 800 GiB}]}`, nil},
		{"a threshold of its own", "CAP-003", `
component/c: {capacity: [{name: disk, limit: 1000 GiB, used: 850 GiB, threshold: 90%}]}`, nil},
		{"a disk that is full", "CAP-003", `
component/c: {capacity: [{name: disk, limit: 1000 GiB, used: 1100 GiB}]}`, []string{"CAP-003 violated error component/c variant now"}},
		{"a team above the threshold", "CAP-003", `
team/t: {members: [ann, bob], work: [{name: run, hoursPerWeek: 60 h}]}
person/ann: {hoursPerWeek: 35 h}
person/bob: {hoursPerWeek: 35 h}`, []string{"CAP-003 violated warning team/t at /spec/work variant team"}},
		{"an activity linked to nothing", "CAP-004", `
business-activity/a: {services: [service/s, service/t], driver: invoices}
service/s: {stage: design}
service/t: {stage: design}
demand/d: {service: service/s, activity: business-activity/a, current: 3 x}`, []string{"CAP-004 violated warning business-activity/a causes service/t at /spec/driver variant none"}},
		{"an activity without driver", "CAP-004", `
business-activity/a: {services: [service/s]}
service/s: {stage: design}`, []string{"CAP-004 violated warning business-activity/a variant driver"}},
		{"a critical service without demand", "CAP-004", `
service/s: {stage: live, facing: customer, criticality: critical}
service/t: {stage: live, facing: customer, criticality: low}
service/u: {stage: live, facing: customer, criticality: high}
demand/d: {service: service/u, current: 1 x}`, []string{"CAP-004 violated warning service/s variant service"}},
		{"more work than hours", "CAP-005", `
skill/oracle: {}
person/ann: {skills: [oracle], hoursPerWeek: 10 h}
person/bob: {hoursPerWeek: 35 h}
service/s: {stage: live, work: [{name: run, skill: oracle, hoursPerWeek: 12 h}]}`, []string{"CAP-005 violated error skill/oracle causes none"}},
		{"as much work as hours", "CAP-005", `
skill/oracle: {}
person/ann: {skills: [oracle], hoursPerWeek: 12 h}
service/s: {stage: live, work: [{name: run, skill: oracle, hoursPerWeek: 12 h}]}`, nil},
		{"two skills of one person, each alone would do", "CAP-005", `
skill/linux: {}
skill/oracle: {}
person/ann: {skills: [oracle, linux], hoursPerWeek: 20 h}
service/s: {stage: live, work: [{name: run, skill: oracle, hoursPerWeek: 15 h}, {name: os, skill: linux, hoursPerWeek: 12 h}]}`, []string{"CAP-005 violated error skill/oracle causes skill/linux"}},
		{"sharing two people the right way works", "CAP-005", `
skill/linux: {}
skill/oracle: {}
person/ann: {skills: [oracle, linux], hoursPerWeek: 20 h}
person/bob: {skills: [linux], hoursPerWeek: 20 h}
service/s: {stage: live, work: [{name: os, skill: linux, hoursPerWeek: 20 h}, {name: run, skill: oracle, hoursPerWeek: 20 h}]}`, nil},
		{"hours that nobody states", "CAP-005", `
skill/oracle: {}
person/ann: {skills: [oracle]}
service/s: {stage: live, work: [{name: run, skill: oracle, hoursPerWeek: 12 h}]}`, []string{"CAP-005 unknown error skill/oracle causes person/ann"}},
		{"nobody at all", "CAP-005", `
skill/oracle: {}
service/s: {stage: live, work: [{name: run, skill: oracle, hoursPerWeek: 12 h}]}`, []string{"CAP-005 violated error skill/oracle"}},
		{"a team after somebody leaves", "CAP-005", `
team/t: {members: [ann, bob], work: [{name: run, hoursPerWeek: 50 h}]}
person/ann: {hoursPerWeek: 30 h}
person/bob: {hoursPerWeek: 30 h, left: 2027-06-01}`, []string{"CAP-005 violated error team/t"}},
		{"the rest does not carry the load", "CAP-006", `
service/s: {stage: live, requires: [component/x, {anyOf: [component/a, component/b]}]}
component/a: {capacity: [{name: load, limit: 100 req/s, used: 40 req/s}]}
component/b: {capacity: [{name: load, limit: 60 req/s, used: 30 req/s}]}`, []string{"CAP-006 violated error service/s part requires/1/load causes component/a at /spec/requires/1"}},
		{"the rest just carries the load", "CAP-006", `
service/s: {stage: live, requires: [{anyOf: [component/a, component/b]}]}
component/a: {capacity: [{name: load, limit: 100 req/s, used: 40 req/s}]}
component/b: {capacity: [{name: load, limit: 70 req/s, used: 30 req/s}]}`, nil},
		{"what is asked of the service counts", "CAP-006", `
service/s: {stage: live, requires: [{atLeast: 2, of: [component/a, component/b, component/c]}], capacity: [{name: load, limit: 150 req/s}]}
demand/d: {service: service/s, resource: load, peak: 110 req/s}
component/a: {capacity: [{name: load, limit: 50 req/s}]}
component/b: {capacity: [{name: load, limit: 50 req/s}]}
component/c: {capacity: [{name: load, limit: 50 req/s}]}`, []string{"CAP-006 violated error service/s causes component/a"}},
		{"what is asked of a service that states no capacity of its own counts too", "CAP-006", `
service/s: {stage: live, requires: [{anyOf: [component/a, component/b]}]}
demand/d: {service: service/s, resource: load, peak: 110 req/s}
component/a: {capacity: [{name: load, limit: 100 req/s}]}
component/b: {capacity: [{name: load, limit: 100 req/s}]}`, []string{"CAP-006 violated error service/s causes component/a"}},
		{"the cooling of a site carries its load with one unit down", "CAP-006", `
site/room: {requires: [{anyOf: [component/a, component/b]}]}
component/a: {capacity: [{name: cooling, limit: 90 kW, used: 40 kW}]}
component/b: {capacity: [{name: cooling, limit: 90 kW, used: 40 kW}]}`, nil},
		{"the cooling of a site does not", "CAP-006", `
site/room: {requires: [{anyOf: [component/a, component/b]}]}
component/a: {capacity: [{name: cooling, limit: 90 kW, used: 48 kW}]}
component/b: {capacity: [{name: cooling, limit: 90 kW, used: 48 kW}]}`, []string{"CAP-006 violated error site/room causes component/a"}},
		{"two copies of one volume of data", "CAP-006", `
service/s: {stage: live, requires: [{anyOf: [component/a, component/b]}]}
component/a: {class: storage, capacity: [{name: space, limit: 100 TiB, used: 60 TiB}]}
component/b: {class: storage, capacity: [{name: space, limit: 100 TiB, used: 60 TiB}]}`, nil},
		{"a copy that does not fit", "CAP-006", `
service/s: {stage: live, requires: [{anyOf: [component/a, component/b]}]}
component/a: {class: storage, capacity: [{name: space, limit: 100 TiB, used: 60 TiB}]}
component/b: {class: storage, capacity: [{name: space, limit: 50 TiB, used: 40 TiB}]}`, []string{"CAP-006 violated error service/s causes component/a"}},
		{"a promise rests on what nobody measures", "CAP-007", `
service/s: {stage: live, requires: [component/a, component/b]}
component/a: {capacity: [{name: load, limit: 50 req/s}]}
component/b: {capacity: [{name: load, limit: 50 req/s, used: 1 req/s}]}
agreement/x: {services: [service/s], targets: [{name: fast, metric: response-time, within: 2 s}]}`, []string{"CAP-007 unknown info component/a part capacity/load at /spec/capacity/0/used"}},
		{"an agreement that has ended promises nothing", "CAP-007", `
service/s: {stage: live, requires: [component/a]}
component/a: {capacity: [{name: load, limit: 50 req/s}]}
agreement/x: {services: [service/s], end: 2027-03-11, targets: [{name: fast, metric: response-time, within: 2 s}]}`, nil},
	} {
		t.Run(tc.rule+" "+tc.name, func(t *testing.T) {
			found := processtest.Run(t, Rules, analyses, "2027-03-12", tc.text)
			if len(tc.want) == 0 {
				processtest.Silent(t, found, tc.rule)
				return
			}
			processtest.Want(t, found, tc.want...)
		})
	}
}

func TestForecastFigures(t *testing.T) {
	found := processtest.Run(t, Rules, analyses, "2027-03-12", `
service/s: {stage: live, capacity: [{name: visits, limit: 105 visits/d}]}
demand/d: {service: service/s, resource: visits, current: 100 visits/d, growth: 10%, spread: 2%}`)
	x := processtest.One(t, found, "CAP-001", "service/s")
	// 1.1^t = 1.05 after 0.512 years, 1.12^t after 0.431, 1.08^t after 0.634.
	for key, want := range map[string]string{"on": "2027-09-15", "early": "2027-08-17", "late": "2027-10-30"} {
		if got := x.Args[key].(model.Date).String(); got != want {
			t.Errorf("%s is %s, want %s", key, got, want)
		}
	}
}

func TestWorstWeekOfTwoDepartures(t *testing.T) {
	f := processtest.Facts(t, analyses, "2027-03-12", `
team/t: {members: [ann, bob, eve], work: [{name: run, hoursPerWeek: 70 h}]}
person/ann: {hoursPerWeek: 30 h}
person/bob: {hoursPerWeek: 30 h, left: 2027-06-01}
person/eve: {hoursPerWeek: 30 h, left: 2027-09-01}`)
	got := use(f).Shortages()
	if len(got) != 1 || got[0].First.String() != "2027-06-07" || got[0].Worst.String() != "2027-09-06" || got[0].Lacking.Std().Hours() != 40 || got[0].Hours.Std().Hours() != 30 {
		t.Errorf("shortages %+v", got)
	}
}

// A minimum cut by trying all sets of buckets (Hall, Gale): lacking is the largest
// excess of the work of a set over the hours of its people.
func TestFlowAgreesWithAllSets(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n, m := rapid.IntRange(1, 6).Draw(t, "buckets"), rapid.IntRange(1, 5).Draw(t, "people")
		fl := flow{people: rapid.SliceOfN(rapid.Int64Range(0, 9), m, m).Draw(t, "hours"), work: rapid.SliceOfN(rapid.Int64Range(0, 9), n, n).Draw(t, "work")}
		for range n {
			fl.edges = append(fl.edges, rapid.SliceOfDistinct(rapid.IntRange(0, m-1), rapid.ID[int]).Draw(t, "edges"))
		}
		var worst int64
		for set := range 1 << n {
			var excess int64
			served := map[int]bool{}
			for b := range n {
				if set>>b&1 == 1 {
					excess += fl.work[b]
					for _, p := range fl.edges[b] {
						served[p] = true
					}
				}
			}
			for p := range served {
				excess -= fl.people[p]
			}
			worst = max(worst, excess)
		}
		lacking, buckets, people := fl.solve()
		if lacking != worst {
			t.Fatalf("lacking %d, want %d", lacking, worst)
		}
		var cut int64
		for _, b := range buckets {
			cut += fl.work[b]
		}
		for _, p := range people {
			cut -= fl.people[p]
		}
		if lacking > 0 && cut != lacking {
			t.Fatalf("the bottleneck lacks %d, all lack %d", cut, lacking)
		}
	})
}

func TestCurveCompoundsAndJoins(t *testing.T) {
	d := func(s string) model.Date { v, _ := model.ParseDate(s); return v }
	c := curve{from: d("2027-01-01"), value: 100, growth: 0.1, points: []point{{d("2027-01-11"), 200}}}
	for _, tc := range []struct {
		on   string
		want float64
	}{{"2026-01-01", 100}, {"2027-01-01", 100}, {"2027-01-06", 150}, {"2027-01-11", 200}, {"2028-01-11", 200 * math.Pow(1.1, 365/365.25)}} {
		if got := c.at(d(tc.on), central); math.Abs(got-tc.want) > 1e-9 {
			t.Errorf("on %s the demand is %v, want %v", tc.on, got, tc.want)
		}
	}
}

func TestProse(t *testing.T) { processtest.Prose(t, Rules()) }
