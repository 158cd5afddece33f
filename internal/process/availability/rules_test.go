package availability

import (
	"testing"

	"diapason/internal/calendars"
	"diapason/internal/finding"
	"diapason/internal/model"
	"diapason/internal/process/capacity"
	"diapason/internal/process/processtest"
)

// agreements plays the part of service level management: every agreement promises
// its first target and its hours to its services.
type agreements struct{ f *finding.Facts }

func (g agreements) each(service model.Handle, fn func(model.Ref, *model.Agreement)) {
	for _, h := range g.f.Snap.OfKind("agreement") {
		a := finding.Spec[model.Agreement](g.f, h)
		for _, s := range a.Services {
			if s == g.f.Snap.Ref(service) {
				fn(g.f.Snap.Ref(h), a)
			}
		}
	}
}

func (g agreements) Promised(service model.Handle) (a model.Availability, agreement model.Ref, target string, ok bool) {
	g.each(service, func(r model.Ref, x *model.Agreement) {
		for _, t := range x.Targets {
			if t.Availability != nil {
				a, agreement, target, ok = *t.Availability, r, t.Name, true
			}
		}
	})
	return a, agreement, target, ok
}

func (g agreements) PromisedHours(service model.Handle) (out []model.Ref) {
	g.each(service, func(_ model.Ref, x *model.Agreement) {
		if !x.Hours.IsZero() {
			out = append(out, x.Hours)
		}
	})
	return out
}

func analyses(f *finding.Facts) []any {
	return append(Analyses(f), agreements{f}, calendars.New(f), capacity.New(f))
}

func run(t *testing.T, text string) []finding.Finding {
	t.Helper()
	return processtest.Run(t, Rules, analyses, "2027-03-12", text)
}

func TestRules(t *testing.T) {
	const sla = `
agreement/sla: {services: [service/s], targets: [{name: up, availability: 99.9%}], hours: office}
calendar/office: {zone: Europe/Paris, hours: [{days: [mon, tue, wed, thu, fri], from: "08:00", to: "18:00"}]}
calendar/always: {zone: Europe/Paris, always: true}
`
	const live = "stage: live, criticality: medium"
	for _, tc := range []struct {
		name, rule, text string
		want             []string
	}{
		// AVL-001
		{"a single component of a live service is worth knowing", "AVL-001", `
service/s: {` + live + `, requires: [component/a]}
component/a: {}`, []string{"AVL-001 violated info component/a at /spec causes none variant none"}},
		{"of a critical service it is a warning, once for two services", "AVL-001", `
service/s: {stage: live, criticality: critical, requires: [component/a]}
service/t: {` + live + `, requires: [component/a]}
component/a: {}`, []string{"AVL-001 violated warning component/a"}},
		{"it is an error where a promise fails because of it, and only for the cause to blame", "AVL-001", `
service/s: {` + live + `, requires: [component/a, component/b]}
component/a: {availability: 99.8%}
component/b: {availability: 99.99%}` + sla, []string{"AVL-001 violated error component/a", "AVL-001 violated info component/b"}},
		{"a promise just kept is no error", "AVL-001", `
service/s: {` + live + `, requires: [component/a]}
component/a: {availability: 99.9%}` + sla, []string{"AVL-001 violated info component/a"}},
		{"sites and people are single points too", "AVL-001", `
service/s: {` + live + `, requires: [person/ann, {anyOf: [component/a, component/b]}]}
component/a: {site: one}
component/b: {site: two}
site/one: {requires: [component/grid]}
site/two: {requires: [component/grid]}
component/grid: {class: power}
person/ann: {}`, []string{"AVL-001 violated info person/ann variant person"}},
		{"a supplier is not reported beside its component", "AVL-001", `
service/s: {` + live + `, requires: [component/a]}
component/a: {external: true, supplier: x}
supplier/x: {}`, []string{"AVL-001 violated info component/a"}},
		{"a design that nobody uses yet is left alone", "AVL-001", `
service/s: {stage: design, criticality: critical, requires: [component/a]}
component/a: {}`, nil},
		// AVL-002
		{"two machines in one room", "AVL-002", `
service/s: {` + live + `, requires: [{anyOf: [component/a, component/b]}]}
component/a: {site: room}
component/b: {site: room}
site/room: {requires: [component/grid]}
component/grid: {}`, []string{"AVL-002 violated info service/s causes site/room at /spec/requires/0"}},
		{"of three, two must work and two share", "AVL-002", `
service/s: {stage: live, criticality: high, requires: [{atLeast: 2, of: [component/a, component/b, component/c]}]}
component/a: {site: room}
component/b: {site: room}
component/c: {site: other}
site/room: {}
site/other: {}`, []string{"AVL-002 violated warning service/s causes site/room"}},
		{"one of three is enough and two share", "AVL-002", `
service/s: {` + live + `, requires: [{anyOf: [component/a, component/b, component/c]}]}
component/a: {site: room}
component/b: {site: room}
component/c: {site: other}
site/room: {}
site/other: {}`, nil},
		{"what the holder needs anyway is not shared by its alternatives", "AVL-002", `
service/s: {` + live + `, requires: [component/net, {anyOf: [component/a, component/b]}]}
component/a: {requires: [component/net]}
component/b: {requires: [component/net]}
component/net: {}`, nil},
		{"a promise that fails through the shared room is an error", "AVL-002", `
service/s: {` + live + `, requires: [component/pair]}
component/pair: {availability: 100%, requires: [{anyOf: [component/a, component/b]}]}
component/a: {availability: 99%, site: room}
component/b: {availability: 99%, site: room}
site/room: {availability: 99.5%}` + sla, []string{"AVL-002 violated error component/pair causes site/room at /spec/requires/0"}},
		{"several that count on one pair are told once, at what it shares", "AVL-002", `
service/s: {` + live + `, requires: [{anyOf: [component/a, component/b]}]}
service/t: {` + live + `, requires: [{anyOf: [component/b, component/a]}]}
component/a: {site: room}
component/b: {site: room}
site/room: {}`, []string{"AVL-002 violated info site/room causes site/room hits service/s,service/t at /spec variant common"}},
		{"pairs of their own are told at their holders, also of one room", "AVL-002", `
service/s: {` + live + `, requires: [{anyOf: [component/a, component/b]}]}
service/t: {` + live + `, requires: [{anyOf: [component/a, component/c]}]}
component/a: {site: room}
component/b: {site: room}
component/c: {site: room}
site/room: {}`, []string{
			"AVL-002 violated info service/s causes site/room at /spec/requires/0 variant none",
			"AVL-002 violated info service/t causes site/room at /spec/requires/0 variant none"}},
		{"how many must work makes another group", "AVL-002", `
service/s: {` + live + `, requires: [{anyOf: [component/a, component/b, component/c]}]}
service/t: {` + live + `, requires: [{atLeast: 2, of: [component/a, component/b, component/c]}]}
component/a: {site: room}
component/b: {site: room}
component/c: {site: room}
site/room: {}`, []string{"AVL-002 violated info service/s variant none", "AVL-002 violated info service/t variant none"}},
		{"what is told at its cause hits the components that count on it", "AVL-002", `
service/s: {` + live + `, requires: [component/x, component/y]}
component/x: {requires: [{anyOf: [component/a, component/b]}]}
component/y: {requires: [{anyOf: [component/a, component/b]}]}
component/a: {site: room}
component/b: {site: room}
site/room: {}`, []string{"AVL-002 violated info site/room causes site/room hits component/x,component/y,service/s variant common"}},
		// AVL-003
		{"more are needed than there are", "AVL-003", `
service/s: {requires: [{atLeast: 3, of: [component/a, component/b]}]}`, []string{"AVL-003 violated error service/s part requires/0 at /spec/requires/0 variant none"}},
		{"as many are needed as there are", "AVL-003", `
service/s: {requires: [{atLeast: 2, of: [component/a, component/b]}]}`, nil},
		{"one alternative is none, nested too", "AVL-003", `
component/c: {requires: [component/x, {anyOf: [component/a, {anyOf: [component/b]}]}]}`, []string{"AVL-003 violated error component/c causes component/b at /spec/requires/1/anyOf/1 variant alone"}},
		{"the same one twice", "AVL-003", `
service/s: {requires: [{anyOf: [component/a, component/a]}]}`, []string{"AVL-003 violated error service/s causes component/a variant twice"}},
		{"more instances are needed than there are", "AVL-003", `
component/a: {instances: 2, needed: 3}`, []string{"AVL-003 violated error component/a part needed at /spec/needed variant instances"}},
		{"how many instances there are is not said", "AVL-003", `
component/a: {needed: 3}`, []string{"AVL-003 unknown error component/a part needed at /spec/instances variant none"}},
		{"one of one is nothing to tell", "AVL-003", `
component/a: {needed: 1}
component/b: {instances: 3, needed: 3}`, nil},
		{"the load of the day takes every instance that is to spare", "AVL-003", `
service/s: {` + live + `, requires: [component/a]}
component/a: {instances: 3, needed: 1, capacity: [{name: requests, limit: 300 req/s}]}
demand/d: {service: component/a, resource: requests, current: 150 req/s, peak: 201 req/s}`,
			[]string{"AVL-003 violated warning component/a part needed causes demand/d at /spec/needed variant load hits service/s"}},
		{"an instance is to spare at the load of the day", "AVL-003", `
service/s: {` + live + `, requires: [component/a]}
component/a: {instances: 3, needed: 1, capacity: [{name: requests, limit: 300 req/s}]}
demand/d: {service: component/a, resource: requests, current: 200 req/s}`, nil},
		{"a load in another unit says nothing", "AVL-003", `
service/s: {` + live + `, requires: [component/a]}
component/a: {instances: 2, needed: 1, capacity: [{name: requests, limit: 300 req/s}]}
demand/d: {service: component/a, resource: requests, current: 900 req/h}`, nil},
		// AVL-004
		{"one person knows how", "AVL-004", `
service/s: {` + live + `, requires: [component/a]}
component/a: {restore: {by: [team/ops], skills: [oracle]}}
team/ops: {members: [ann, bob]}
person/ann: {skills: [oracle]}
person/bob: {}
person/eve: {skills: [oracle]}
skill/oracle: {}`, []string{"AVL-004 violated warning skill/oracle causes person/ann variant none"}},
		{"who left knows nothing any more", "AVL-004", `
service/s: {` + live + `, restore: {skills: [oracle]}}
person/ann: {skills: [oracle], left: 2027-03-12}
skill/oracle: {}`, []string{"AVL-004 violated warning skill/oracle causes none variant nobody"}},
		{"two people, but nobody at night", "AVL-004", `
service/s: {` + live + `, restore: {by: [team/ops], skills: [oracle]}}
agreement/sla: {services: [service/s], hours: always}
calendar/always: {zone: Europe/Paris, always: true}
calendar/office: {zone: Europe/Paris, hours: [{days: [mon, tue, wed, thu, fri], from: "08:00", to: "18:00"}]}
team/ops: {members: [ann, bob], calendar: office}
person/ann: {skills: [oracle]}
person/bob: {skills: [oracle]}
skill/oracle: {}`, []string{"AVL-004 violated warning skill/oracle causes person/ann,person/bob variant hours"}},
		{"two people on call cover the night in turn", "AVL-004", `
service/s: {` + live + `, restore: {by: [team/ops], skills: [oracle]}}
agreement/sla: {services: [service/s], hours: always}
calendar/always: {zone: Europe/Paris, always: true}
team/ops: {members: [ann, bob], onCall: [{name: nights, calendar: always, members: [ann, bob], turn: P7D, start: 2027-01-04, handover: "08:00"}]}
person/ann: {skills: [oracle]}
person/bob: {skills: [oracle]}
skill/oracle: {}`, nil},
		{"a third on call without the skill leaves every third week open", "AVL-004", `
service/s: {` + live + `, restore: {by: [team/ops], skills: [oracle]}}
agreement/sla: {services: [service/s], hours: always}
calendar/always: {zone: Europe/Paris, always: true}
team/ops: {members: [ann, bob, eve], onCall: [{name: nights, calendar: always, members: [ann, bob, eve], turn: P7D, start: 2027-01-04, handover: "08:00"}]}
person/ann: {skills: [oracle]}
person/bob: {skills: [oracle]}
person/eve: {}
skill/oracle: {}`, []string{"AVL-004 violated warning skill/oracle variant hours"}},
		{"nobody knows their hours", "AVL-004", `
service/s: {` + live + `, restore: {skills: [oracle]}}
agreement/sla: {services: [service/s], hours: always}
calendar/always: {zone: Europe/Paris, always: true}
person/ann: {skills: [oracle]}
person/bob: {skills: [oracle]}
skill/oracle: {}`, []string{"AVL-004 unknown warning skill/oracle causes person/ann,person/bob"}},
		{"a contract's people are not known here", "AVL-004", `
service/s: {` + live + `, restore: {by: [contract/c], skills: [oracle]}}
contract/c: {supplier: x}
skill/oracle: {}`, nil},
		// AVL-005
		{"figures are asked for where a promise rests on them", "AVL-005", `
service/s: {` + live + `, requires: [component/a, component/b, component/c]}
component/a: {}
component/b: {mtbf: 1000 h}
component/c: {availability: 99.99%}` + sla, []string{"AVL-005 unknown info component/a at /spec/mtbf", "AVL-005 unknown info component/b at /spec/mttr variant repair"}},
		{"and not where nothing is promised", "AVL-005", `
service/s: {` + live + `, requires: [component/a]}
component/a: {}`, nil},
		// AVL-006
		{"work in promised hours", "AVL-006", `
service/s: {` + live + `, requires: [component/a]}
component/a: {}
maintenance/m: {on: [component/a], stops: true, start: "2027-03-15T17:00:00+01:00", end: "2027-03-15T20:00:00+01:00"}` + sla, []string{"AVL-006 violated warning maintenance/m variant none"}},
		{"work that ends as promised hours begin", "AVL-006", `
service/s: {` + live + `, requires: [component/a]}
component/a: {}
maintenance/m: {on: [component/a], stops: true, start: "2027-03-15T04:00:00+01:00", end: "2027-03-15T08:00:00+01:00"}` + sla, nil},
		{"work that the agreement leaves out", "AVL-006", `
service/s: {` + live + `, requires: [component/a]}
component/a: {}
maintenance/m: {on: [component/a], stops: true, start: "2027-03-15T10:00:00+01:00", end: "2027-03-15T12:00:00+01:00"}
agreement/sla: {services: [service/s], targets: [{name: up, availability: 99.9%, exclusions: [planned-maintenance]}], hours: office}
calendar/office: {zone: Europe/Paris, hours: [{days: [mon], from: "08:00", to: "18:00"}]}`, nil},
		{"two pieces of work take both alternatives", "AVL-006", `
service/s: {` + live + `, requires: [{anyOf: [component/a, component/b]}]}
component/a: {}
component/b: {}
maintenance/m: {on: [component/a], stops: true, start: "2027-03-15T09:00:00+01:00", end: "2027-03-15T11:00:00+01:00"}
maintenance/n: {on: [component/b], stops: true, start: "2027-03-15T10:00:00+01:00", end: "2027-03-15T12:00:00+01:00"}` + sla,
			[]string{"AVL-006 violated warning maintenance/m causes maintenance/n variant together", "AVL-006 violated warning maintenance/n causes maintenance/m variant together"}},
		{"a critical service is left without alternative in its hours", "AVL-006", `
service/s: {stage: live, criticality: critical, requires: [{anyOf: [component/a, component/b]}]}
component/a: {}
component/b: {}
maintenance/m: {on: [component/a], stops: true, start: "2027-03-15T09:00:00+01:00", end: "2027-03-15T11:00:00+01:00"}` + sla, []string{"AVL-006 violated warning maintenance/m causes service/s variant spare"}},
		{"work without end", "AVL-006", `
maintenance/m: {on: [component/a], stops: true, start: "2027-03-15T09:00:00+01:00"}`, []string{"AVL-006 unknown warning maintenance/m at /spec/end"}},
		// AVL-007
		{"a second one keeps the promise", "AVL-007", `
service/s: {` + live + `, requires: [component/a, component/b]}
component/a: {availability: 99.8%}
component/b: {availability: 99.99%}` + sla, []string{"AVL-007 violated info service/s causes component/a variant duplicate"}},
		{"faster restoration where nothing can be doubled", "AVL-007", `
service/s: {` + live + `, requires: [site/x]}
site/x: {mtbf: 998 h, mttr: 2 h}` + sla, []string{"AVL-007 violated info service/s causes site/x variant repair"}},
		{"a promise that is kept needs no advice", "AVL-007", `
service/s: {` + live + `, requires: [component/a]}
component/a: {availability: 99.9%}` + sla, nil},
		// AVL-008 and AVL-010
		{"an interruption out of the blue", "AVL-008", `
outage/o: {start: "2027-03-01T10:00:00+01:00", end: "2027-03-01T12:00:00+01:00", hits: [service/s], cause: component/a}`, []string{"AVL-008 violated error outage/o causes component/a at /spec/plan variant none"}},
		{"an interruption covered by a plan", "AVL-008", `
outage/o: {start: "2027-03-01T10:00:00+01:00", plan: p}
recovery-plan/p: {services: [service/s]}`, nil},
		{"work announced too late", "AVL-008", `
outage/o: {start: "2027-03-01T10:00:00+01:00", maintenance: m}
maintenance/m: {on: [component/a], start: "2027-03-01T10:00:00+01:00", announced: 2027-03-02}`, []string{"AVL-008 violated error outage/o variant late"}},
		{"work announced in time", "AVL-008", `
outage/o: {start: "2027-03-01T10:00:00+01:00", maintenance: m}
maintenance/m: {on: [component/a], start: "2027-03-01T10:00:00+01:00", announced: 2027-03-01}`, nil},
		{"ten days after the end there is still time", "AVL-010", `
outage/o: {cause: component/a, start: "2027-03-01T10:00:00+01:00", end: "2027-03-02T12:00:00+01:00"}`, nil},
		{"eleven days after the end there is none", "AVL-010", `
outage/o: {cause: component/a, start: "2027-03-01T10:00:00+01:00", end: "2027-03-01T12:00:00+01:00"}`, []string{"AVL-010 violated warning outage/o at /spec/review"}},
		{"a review that names the interruption counts", "AVL-010", `
outage/o: {cause: component/a, start: "2027-02-01T10:00:00+01:00", end: "2027-02-01T12:00:00+01:00"}
review/r: {about: [outage/o], date: 2027-02-10}`, nil},
		{"a review only planned does not", "AVL-010", `
outage/o: {cause: component/a, start: "2027-02-01T10:00:00+01:00", end: "2027-02-01T12:00:00+01:00", review: r}
review/r: {planned: 2027-04-10}`, []string{"AVL-010 violated warning outage/o"}},
		{"an end before the start", "AVL-010", `
outage/o: {cause: component/a, start: "2026-03-02T10:00:00+01:00", end: "2026-03-01T12:00:00+01:00"}`, []string{"AVL-010 violated warning outage/o at /spec/end variant order"}},
		{"an end at the start", "AVL-010", `
outage/o: {cause: component/a, start: "2027-03-11T10:00:00+01:00", end: "2027-03-11T10:00:00+01:00"}`, []string{"AVL-010 violated warning outage/o at /spec/end variant order"}},
		{"a start on the day of the view", "AVL-010", `
outage/o: {cause: component/a, start: "2027-03-12T10:00:00+01:00"}`, nil},
		{"a start after the day of the view", "AVL-010", `
outage/o: {cause: component/a, start: "2027-03-13T10:00:00+01:00"}`, []string{"AVL-010 violated warning outage/o at /spec/start variant ahead"}},
		{"an end that nobody can know yet", "AVL-010", `
outage/o: {cause: component/a, start: "2026-04-02T10:00:00+01:00", end: "9999-12-31T12:00:00Z"}`, []string{"AVL-010 violated warning outage/o at /spec/end variant endAhead"}},
		{"no start", "AVL-010", `
outage/o: {cause: component/a}`, []string{"AVL-010 unknown warning outage/o at /spec/start variant start"}},
		{"no cause once it is over", "AVL-010", `
outage/o: {hits: [service/s], start: "2027-03-10T10:00:00+01:00", end: "2027-03-10T12:00:00+01:00"}
service/s: {}`, []string{"AVL-010 unknown warning outage/o at /spec/cause variant cause"}},
		{"while it lasts its cause may not be known", "AVL-010", `
outage/o: {hits: [service/s], start: "2027-03-10T10:00:00+01:00"}
service/s: {}`, nil},
		{"neither cause nor services hit", "AVL-010", `
outage/o: {start: "2027-03-10T10:00:00+01:00"}`, []string{"AVL-010 unknown warning outage/o at /spec/cause variant cause"}},
		{"a service hit and spared", "AVL-010", `
outage/o: {cause: component/a, hits: [service/s, service/t], spared: [service/s], start: "2027-03-10T10:00:00+01:00", end: "2027-03-10T12:00:00+01:00"}
service/s: {}
service/t: {}`, []string{"AVL-010 violated warning outage/o causes service/s at /spec/spared variant both"}},
		// AVL-009
		{"support ends before the service retires", "AVL-009", `
service/s: {` + live + `, requires: [component/a], retiresOn: 2030-01-01}
component/a: {supportEnds: 2029-12-31}`, []string{"AVL-009 violated warning component/a at /spec/supportEnds variant none"}},
		{"support ends with the service", "AVL-009", `
service/s: {` + live + `, requires: [component/a], retiresOn: 2030-01-01}
component/a: {supportEnds: 2030-01-01}`, nil},
		{"support has ended", "AVL-009", `
service/s: {` + live + `, requires: [component/a]}
component/a: {supportEnds: 2027-03-11}`, []string{"AVL-009 violated warning component/a variant ended"}},
		{"support lasts to the planning horizon", "AVL-009", `
service/s: {` + live + `, requires: [component/a]}
component/a: {supportEnds: 2028-03-12}`, nil},
	} {
		t.Run(tc.rule+" "+tc.name, func(t *testing.T) {
			found := run(t, tc.text)
			if len(tc.want) == 0 {
				processtest.Silent(t, found, tc.rule)
				return
			}
			processtest.Want(t, found, tc.want...)
		})
	}
}

func TestSinglePointShowsWhatItCosts(t *testing.T) {
	found := run(t, `
service/s: {stage: live, requires: [component/a, component/b]}
component/a: {availability: 99.8%}
component/b: {availability: 99.99%}
agreement/sla: {services: [service/s], targets: [{name: up, availability: 99.9%}]}`)
	x := processtest.One(t, found, "AVL-001", "component/a")
	for key, want := range map[string]string{"predicted": "99.79002%", "without": "99.99%", "promised": "99.9%"} {
		if got := x.Args[key].(model.Availability).String(); got != want {
			t.Errorf("%s is %s, want %s", key, got, want)
		}
	}
	y := processtest.One(t, found, "AVL-007", "service/s")
	if got := y.Args["after"].(model.Availability).String(); got != "99.98960004%" {
		t.Errorf("a second one gives %s", got)
	}
}

func TestProse(t *testing.T) { processtest.Prose(t, Rules()) }
