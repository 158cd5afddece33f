package continuity

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"diapason/internal/calendars"
	"diapason/internal/finding"
	"diapason/internal/model"
	"diapason/internal/process/processtest"
)

// structural plays the part of the availability analysis for chains of sites and
// components without alternatives.
type structural struct{ f *finding.Facts }

func (s structural) FailsWith(h model.Handle, down []model.Ref) bool {
	for _, d := range down {
		if s.f.Snap.Ref(h) == d {
			return true
		}
	}
	for _, e := range s.f.Snap.Out(h) {
		if e.Field.Structure && s.FailsWith(e.To, down) {
			return true
		}
	}
	return false
}

func (s structural) Required(h model.Handle) (out []model.Handle) {
	for _, e := range s.f.Snap.Out(h) {
		if e.Field.Structure {
			out = append(append(out, e.To), s.Required(e.To)...)
		}
	}
	return out
}

func analyses(f *finding.Facts) []any {
	return append(Analyses(f), structural{f}, calendars.New(f))
}

func TestRules(t *testing.T) {
	const office = `
calendar/office: {zone: Europe/Paris, hours: [{days: [mon, tue, wed, thu, fri], from: "08:00", to: "18:00"}]}
calendar/always: {zone: Europe/Paris, always: true}
`
	for _, tc := range []struct {
		name, rule, text string
		want             []string
	}{
		{"a critical activity without impact analysis", "CON-001", `
business-activity/a: {criticality: critical}
business-activity/b: {criticality: high}`, []string{"CON-001 violated error business-activity/a at /spec/impact variant none"}},
		{"an impact without a level that is unacceptable", "CON-001", `
business-activity/a: {criticality: critical, impact: [{type: legal, after: 1 h, level: 2}]}`, []string{"CON-001 violated error business-activity/a variant level"}},
		{"an impact that falls with time (C1)", "CON-001", `
business-activity/a: {unacceptable: 3, impact: [{type: legal, after: 4 h, level: 2}, {type: legal, after: 1 h, level: 3}, {type: people, after: 8 h, level: 1}]}`, []string{"CON-001 violated error business-activity/a part impact/legal variant falls"}},
		{"a critical service without plan", "CON-001", `
service/s: {stage: live, criticality: critical}
service/t: {stage: live, criticality: high, vital: true}
service/u: {stage: live, criticality: critical}
service/v: {stage: design, criticality: critical}
recovery-plan/p: {services: [service/u]}`, []string{"CON-001 violated error service/s variant plan", "CON-001 violated error service/t variant plan"}},
		{"an RTO above the MTPD of the activity that needs the service (C3)", "CON-002", `
service/s: {stage: live, continuity: {rto: 5 h}}
service/t: {stage: live, continuity: {rto: 4 h}}
business-activity/a: {services: [service/s, service/t], unacceptable: 3, impact: [{type: legal, after: 4 h, level: 3}, {type: people, after: 8 h, level: 4}]}`, []string{"CON-002 violated error service/s part rto causes business-activity/a at /spec/continuity/rto variant none"}},
		{"an RTO above the MTPD of the activity itself", "CON-002", `
business-activity/a: {rto: 2 d, unacceptable: 3, impact: [{type: legal, after: 1 d, level: 3}]}`, []string{"CON-002 violated error business-activity/a causes none at /spec/rto"}},
		{"an RPO above the tolerable loss of the data", "CON-002", `
service/s: {stage: live, data: [data-asset/d], continuity: {rpo: 2 h}}
data-asset/d: {mtdl: 1 h}`, []string{"CON-002 violated error service/s part rpo causes data-asset/d variant loss"}},
		{"nothing is compared with a level that is never reached", "CON-002", `
business-activity/a: {rto: 2 d, unacceptable: 4, impact: [{type: legal, after: 1 d, level: 3}]}`, nil},

		{"one person for two steps of two hours", "CON-003", `
service/s: {stage: live, continuity: {rto: 4 h}}
person/ann: {}
recovery-plan/p: {services: [service/s], detection: 10 min, decision: 20 min, verification: 0 min, steps: [{name: a, duration: 2 h, by: [person/ann]}, {name: b, duration: 2 h, by: [person/ann]}]}`, []string{"CON-003 violated error recovery-plan/p causes service/s at /spec/steps variant none"}},
		{"two people side by side", "CON-003", `
service/s: {stage: live, continuity: {rto: 4 h}}
team/t: {members: [ann, bob]}
person/ann: {}
person/bob: {}
recovery-plan/p: {services: [service/s], detection: 10 min, decision: 20 min, steps: [{name: a, duration: 2 h, by: [team/t]}, {name: b, duration: 2 h, by: [team/t]}]}`, nil},
		{"who is lost in the scenario does nothing", "CON-003", `
service/s: {stage: live, continuity: {rto: 4 h}}
team/t: {members: [ann, bob]}
person/ann: {}
person/bob: {}
recovery-plan/p: {services: [service/s], loses: [person/bob], detection: 10 min, decision: 20 min, steps: [{name: a, duration: 2 h, by: [team/t]}, {name: b, duration: 2 h, by: [team/t]}]}`, []string{"CON-003 violated error recovery-plan/p"}},
		{"exactly the RTO", "CON-003", `
service/s: {stage: live, continuity: {rto: 4 h}}
recovery-plan/p: {services: [service/s], detection: 30 min, decision: 30 min, verification: 1 h, steps: [{name: a, duration: 2 h}]}`, nil},
		{"one minute more", "CON-003", `
service/s: {stage: live, continuity: {rto: 4 h}}
recovery-plan/p: {services: [service/s], detection: 30 min, decision: 30 min, verification: 1 h, steps: [{name: a, duration: 121 min}]}`, []string{"CON-003 violated error recovery-plan/p"}},
		{"the clock starts when the crisis is declared", "CON-003", `
service/s: {stage: live, continuity: {rto: 3 h}}
recovery-plan/p: {services: [service/s], clockStarts: declaration, detection: 30 min, decision: 30 min, verification: 1 h, steps: [{name: a, duration: 2 h}]}`, nil},
		{"the service is back before the plan ends", "CON-003", `
service/s: {stage: live, continuity: {rto: 2 h}}
service/t: {stage: live, continuity: {rto: 2 h}}
recovery-plan/p: {services: [service/s, service/t], clockStarts: declaration, steps: [{name: a, duration: 2 h, restores: [service/s]}, {name: b, duration: 1 h, after: [a]}]}`, []string{"CON-003 violated error recovery-plan/p causes service/t"}},
		{"a skill that nobody holds", "CON-003", `
service/s: {stage: live, continuity: {rto: 4 h}}
skill/oracle: {}
person/ann: {}
recovery-plan/p: {services: [service/s], steps: [{name: a, duration: 2 h, by: [person/ann], skills: [oracle]}]}`, []string{"CON-003 violated error recovery-plan/p part steps/a variant nobody"}},
		{"a contract brings its own people", "CON-003", `
service/s: {stage: live, continuity: {rto: 4 h}}
skill/oracle: {}
contract/c: {supplier: x}
recovery-plan/p: {services: [service/s], clockStarts: declaration, steps: [{name: a, duration: 2 h, by: [contract/c], skills: [oracle]}]}`, nil},
		{"a tool serves one step at a time", "CON-003", `
service/s: {stage: live, continuity: {rto: 3 h}}
tool/restore: {}
recovery-plan/p: {services: [service/s], clockStarts: declaration, steps: [{name: a, duration: 2 h, means: [tool/restore]}, {name: b, duration: 2 h, means: [tool/restore]}]}`, []string{"CON-003 violated error recovery-plan/p"}},
		{"steps in a circle", "CON-003", `
service/s: {stage: live, continuity: {rto: 3 h}}
recovery-plan/p: {services: [service/s], steps: [{name: a, duration: 2 h, after: [b]}, {name: b, duration: 2 h, after: [a]}]}`, []string{"CON-003 violated error recovery-plan/p variant circle"}},
		{"a step without duration", "CON-003", `
service/s: {stage: live, continuity: {rto: 3 h}}
recovery-plan/p: {services: [service/s], steps: [{name: a}]}`, []string{"CON-003 unknown error recovery-plan/p part steps/a variant duration"}},
		{"a plan without steps", "CON-003", `
service/s: {stage: live, continuity: {rto: 3 h}}
recovery-plan/p: {services: [service/s]}`, []string{"CON-003 unknown error recovery-plan/p variant steps"}},
		{"a step after one that is not there", "CON-003", `
service/s: {stage: live, continuity: {rto: 3 h}}
recovery-plan/p: {services: [service/s], steps: [{name: a, duration: 1 h, after: [z]}]}`, []string{"CON-003 unknown error recovery-plan/p part steps/a variant broken"}},
		{"a detection that is not stated", "CON-003", `
service/s: {stage: live, continuity: {rto: 3 h}}
recovery-plan/p: {services: [service/s], decision: 5 min, steps: [{name: a, duration: 1 h}]}`, []string{"CON-003 unknown error recovery-plan/p at /spec/detection variant lead"}},
		{"no RTO to meet", "CON-003", `
service/s: {stage: live}
recovery-plan/p: {services: [service/s], steps: [{name: a, duration: 1 h}]}`, []string{"CON-003 unknown error recovery-plan/p causes service/s variant rto"}},

		{"a daily backup for an RPO of an hour", "CON-004", `
service/s: {stage: live, data: [data-asset/d], continuity: {rpo: 1 h}}
data-asset/d: {backups: [{name: night, interval: 24 h}, {name: tape, interval: 7 d}]}`, []string{"CON-004 violated error data-asset/d part backups/night at /spec/backups/0/interval variant none"}},
		{"a replica every hour", "CON-004", `
service/s: {stage: live, data: [data-asset/d], continuity: {rpo: 1 h}}
data-asset/d: {backups: [{name: night, interval: 24 h}, {name: replica, interval: 1 h}]}`, nil},
		{"no copy at all, said once", "CON-004", `
service/s: {stage: live, criticality: critical, data: [data-asset/d], continuity: {rpo: 1 h}}
data-asset/d: {}`, []string{"CON-004 violated error data-asset/d variant none"}},
		{"a copy at an interval not stated", "CON-004", `
service/s: {stage: live, data: [data-asset/d], continuity: {rpo: 1 h}}
data-asset/d: {backups: [{name: night, interval: 24 h}, {name: replica}]}`, []string{"CON-004 unknown error data-asset/d part backups/replica at /spec/backups/1/interval"}},

		{"what is required is back later, through a component (C4)", "CON-005", `
service/s: {stage: live, requires: [component/c], continuity: {rto: 2 h}}
component/c: {requires: [service/t]}
service/t: {stage: live, continuity: {rto: 3 h}}`, []string{"CON-005 violated error service/t causes none at /spec/continuity/rto"}},
		{"what is required is back at the same time", "CON-005", `
service/s: {stage: live, requires: [service/t], continuity: {rto: 2 h}}
service/t: {stage: live, continuity: {rto: 2 h}}`, nil},
		{"an alternative may be back later", "CON-005", `
service/s: {stage: live, requires: [{anyOf: [service/t, service/u]}], continuity: {rto: 2 h}}
service/t: {stage: live, continuity: {rto: 4 h}}
service/u: {stage: live, continuity: {rto: 4 h}}`, nil},
		{"a critical service requires one without RTO", "CON-005", `
service/s: {stage: live, criticality: critical, requires: [service/t], continuity: {rto: 2 h}}
service/t: {stage: live}`, []string{"CON-005 unknown info service/t"}},

		{"the fallback site is the lost site", "CON-006", `
service/s: {stage: live}
site/main: {}
recovery-plan/p: {services: [service/s], loses: [site/main], uses: [site/main]}`, []string{"CON-006 violated error recovery-plan/p part site/main causes site/main at /spec/uses/0 variant none"}},
		{"the fallback needs the same power", "CON-006", `
service/s: {stage: live}
site/main: {requires: [component/grid]}
site/other: {requires: [component/grid]}
component/grid: {}
recovery-plan/p: {services: [service/s], loses: [site/main, component/grid], uses: [site/other]}`, []string{"CON-006 violated error recovery-plan/p part site/other causes component/grid,site/other variant through"}},
		{"the fallback supplier belongs to the lost one", "CON-006", `
service/s: {stage: live}
supplier/x: {}
supplier/y: {parent: x}
contract/c: {supplier: y}
recovery-plan/p: {services: [service/s], loses: [supplier/x], steps: [{name: a, duration: 1 h, by: [contract/c]}]}`, []string{"CON-006 violated error recovery-plan/p part contract/c causes contract/c,supplier/x at /spec/steps/0/by/0 variant through"}},
		{"every copy is at the lost site", "CON-006", `
service/s: {stage: live, data: [data-asset/d]}
data-asset/d: {backups: [{name: a, site: main}, {name: b, on: component/nas}]}
component/nas: {site: main}
site/main: {}
recovery-plan/p: {services: [service/s], loses: [site/main]}`, []string{"CON-006 violated error recovery-plan/p part data-asset/d causes data-asset/d,site/main variant data"}},
		{"one copy survives, and so does the fallback", "CON-006", `
service/s: {stage: live, data: [data-asset/d]}
data-asset/d: {backups: [{name: a, site: main}, {name: b, site: other}]}
site/main: {}
site/other: {}
recovery-plan/p: {services: [service/s], loses: [site/main], uses: [site/other]}`, nil},

		{"never exercised", "CON-007", `
service/s: {stage: live}
recovery-plan/p: {services: [service/s]}
exercise/e: {plan: p, planned: 2027-06-01}`, []string{"CON-007 violated warning recovery-plan/p variant never"}},
		{"exercised a year ago to the day (C6)", "CON-007", `
service/s: {stage: live}
recovery-plan/p: {services: [service/s]}
exercise/e: {plan: p, date: 2026-03-12}`, nil},
		{"exercised a year and a day ago", "CON-007", `
service/s: {stage: live}
recovery-plan/p: {services: [service/s]}
exercise/e: {plan: p, date: 2026-03-11}
exercise/f: {plan: p, date: 2027-03-13}`, []string{"CON-007 violated warning recovery-plan/p variant none"}},
		{"exercised on an older version", "CON-007", `
service/s: {stage: live}
recovery-plan/p: {services: [service/s], version: "2"}
exercise/e: {plan: p, date: 2027-01-01, planVersion: "1"}`, []string{"CON-007 violated warning recovery-plan/p at /spec/version variant version"}},
		{"approved again since, no version told", "CON-007", `
service/s: {stage: live}
recovery-plan/p: {services: [service/s], approvedOn: 2027-02-01}
exercise/e: {plan: p, date: 2027-01-01}`, []string{"CON-007 violated warning recovery-plan/p at /spec/approvedOn variant approved"}},
		{"a change of what it needs makes the proof stale (C7)", "CON-007", `
service/s: {stage: live, requires: [component/a]}
component/a: {requires: [component/b]}
component/b: {}
recovery-plan/p: {services: [service/s], approvedOn: 2026-12-01}
exercise/e: {plan: p, date: 2027-01-01}
maintenance/before: {on: [component/b], start: "2026-12-31T02:00:00Z", change: true}
maintenance/works: {on: [component/b], start: "2027-02-01T02:00:00Z"}
maintenance/move: {on: [component/b], start: "2027-02-02T02:00:00Z", change: true}
maintenance/later: {on: [component/b], start: "2027-03-13T02:00:00Z", change: true}`, []string{"CON-007 violated warning recovery-plan/p causes maintenance/move at /spec/services variant changed"}},
		{"a change of its means does too", "CON-007", `
service/s: {stage: live}
site/other: {}
recovery-plan/p: {services: [service/s], uses: [site/other]}
exercise/e: {plan: p, date: 2027-01-01}
maintenance/move: {on: [site/other], start: "2027-02-02T02:00:00Z", change: true}`, []string{"CON-007 violated warning recovery-plan/p causes maintenance/move variant changed"}},
		{"a change on the day of the exercise was exercised with", "CON-007", `
service/s: {stage: live}
recovery-plan/p: {services: [service/s]}
exercise/e: {plan: p, date: 2027-01-01}
maintenance/move: {on: [service/s], start: "2027-01-01T02:00:00Z", change: true}`, nil},

		{"a crisis log in order (C8)", "CON-014", `
exercise/e: {plan: p, log: [{at: "2027-01-10T08:00:00+01:00", text: Power lost}, {at: "2027-01-10T07:00:00Z", text: at once}, {at: "2027-01-10T08:10:00+01:00", text: Room B takes over}]}`, nil},
		{"a line before the one above", "CON-014", `
exercise/e: {plan: p, log: [{at: "2027-01-10T08:00:00+01:00", text: a}, {at: "2027-01-10T07:59:59+01:00", text: b}, {at: "2027-01-10T07:00:00+01:00", text: c}]}`, []string{"CON-014 violated warning exercise/e part log at /spec/log/1/at variant none"}},
		{"a line without its time", "CON-014", `
outage/o: {start: "2027-01-10T08:00:00+01:00", log: [{text: a}]}`, []string{"CON-014 violated warning outage/o variant timeless"}},
		{"a line of a day to come", "CON-014", `
exercise/e: {plan: p, log: [{at: "2027-03-13T08:00:00+01:00", text: a}]}`, []string{"CON-014 violated warning exercise/e variant ahead"}},
		{"a log that begins before the interruption", "CON-014", `
outage/o: {start: "2027-01-10T08:00:00+01:00", log: [{at: "2027-01-10T07:00:00+01:00", text: a}]}`, []string{"CON-014 violated warning outage/o variant early"}},

		{"the one trained person works office hours only", "CON-008", `
business-activity/a: {criticality: critical, hours: always, roles: [{name: triage, people: [person/ann]}]}
person/ann: {calendar: office}` + office, []string{"CON-008 violated error business-activity/a part roles/triage causes person/ann variant none"}},
		{"trained people in all hours", "CON-008", `
business-activity/a: {criticality: critical, hours: office, roles: [{name: triage, skill: triage}]}
skill/triage: {}
person/ann: {calendar: office, skills: [triage]}` + office, nil},
		{"nobody is trained", "CON-008", `
business-activity/a: {criticality: critical, roles: [{name: triage, people: [person/ann], skill: triage}]}
skill/triage: {}
person/ann: {}` + office, []string{"CON-008 violated error business-activity/a variant nobody"}},
		{"hours that nobody states", "CON-008", `
business-activity/a: {criticality: critical, hours: office, roles: [{name: triage, people: [person/ann]}]}
person/ann: {}` + office, []string{"CON-008 unknown error business-activity/a causes person/ann"}},
		{"a step's skill outside the plan's hours", "CON-008", `
service/s: {stage: live}
skill/oracle: {}
person/ann: {calendar: office, skills: [oracle]}
recovery-plan/p: {services: [service/s], hours: always, steps: [{name: a, duration: 1 h, skills: [oracle]}]}` + office, []string{"CON-008 violated error recovery-plan/p part skill/oracle causes person/ann variant step"}},

		{"the backlog makes it too long", "CON-009", `
service/s: {stage: live}
business-activity/a: {services: [service/s], unacceptable: 3, backlog: 3 h, impact: [{type: legal, after: 6 h, level: 3}]}
recovery-plan/p: {services: [service/s], detection: 30 min, decision: 30 min, verification: 30 min, steps: [{name: x, duration: 2 h}]}`, []string{"CON-009 violated error business-activity/a causes recovery-plan/p at /spec/backlog"}},
		{"the backlog just fits", "CON-009", `
service/s: {stage: live}
business-activity/a: {services: [service/s], unacceptable: 3, backlog: 150 min, impact: [{type: legal, after: 6 h, level: 3}]}
recovery-plan/p: {services: [service/s], detection: 30 min, decision: 30 min, verification: 30 min, steps: [{name: x, duration: 2 h}]}`, nil},

		{"critical data never restored", "CON-010", `
service/s: {stage: live, criticality: high, data: [data-asset/d]}
data-asset/d: {backups: [{name: night}]}`, []string{"CON-010 violated error data-asset/d variant never"}},
		{"restored too long ago", "CON-010", `
service/s: {stage: live, criticality: high, data: [data-asset/d]}
data-asset/d: {backups: [{name: night, lastTest: 2026-12-11, testInterval: 3 months}]}`, []string{"CON-010 violated error data-asset/d variant none"}},
		{"restored in time", "CON-010", `
service/s: {stage: live, criticality: high, data: [data-asset/d]}
data-asset/d: {backups: [{name: night, lastTest: 2026-12-12, testInterval: 3 months}]}`, nil},
		{"data that nothing critical uses", "CON-010", `
service/s: {stage: live, criticality: medium, data: [data-asset/d]}
data-asset/d: {}`, nil},

		{"one account for data and copies", "CON-011", `
data-asset/d: {adminDomain: corp, backups: [{name: a, adminDomain: corp}, {name: b, on: component/nas}]}
component/nas: {adminDomain: corp}`, []string{"CON-011 violated error data-asset/d at /spec/backups"}},
		{"one copy out of reach", "CON-011", `
data-asset/d: {adminDomain: corp, backups: [{name: a, adminDomain: corp}, {name: b, adminDomain: vault}]}`, nil},
		{"a domain that is not stated", "CON-011", `
service/s: {stage: live, criticality: high, data: [data-asset/d]}
data-asset/d: {adminDomain: corp, backups: [{name: a}]}`, []string{"CON-011 unknown error data-asset/d"}},

		{"a directory never verified", "CON-012", `
service/s: {stage: live}
recovery-plan/p: {services: [service/s], directory: {interval: 3 months}}`, []string{"CON-012 violated warning recovery-plan/p variant never"}},
		{"no directory", "CON-012", `
service/s: {stage: live}
recovery-plan/p: {services: [service/s]}`, []string{"CON-012 violated warning recovery-plan/p variant none"}},
		{"a directory verified in time", "CON-012", `
service/s: {stage: live}
recovery-plan/p: {services: [service/s], directory: {interval: 3 months, verifiedOn: 2026-12-12}}`, nil},
		{"a directory verified too long ago", "CON-012", `
service/s: {stage: live}
recovery-plan/p: {services: [service/s], directory: {interval: 3 months, verifiedOn: 2026-12-11}}`, []string{"CON-012 violated warning recovery-plan/p variant none"}},

		{"an exercise over the RTO without action", "CON-013", `
service/s: {stage: live, continuity: {rto: 4 h, rpo: 0 s}}
recovery-plan/p: {services: [service/s]}
exercise/e: {plan: p, date: 2027-01-01, rta: 5 h, rpa: 1 min}
exercise/f: {plan: p, date: 2027-02-01, rta: 6 h}
action/x: {about: [exercise/f]}`, []string{"CON-013 violated error exercise/e part rta causes recovery-plan/p at /spec/rta variant none", "CON-013 violated error exercise/e part rpa variant loss"}},
		{"a later exercise did better", "CON-013", `
service/s: {stage: live, continuity: {rto: 4 h}}
recovery-plan/p: {services: [service/s]}
exercise/e: {plan: p, date: 2027-01-01, rta: 5 h}
exercise/f: {plan: p, date: 2027-02-01, rta: 4 h}`, nil},
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

// C2: the MTPD is the first time with an unacceptable impact over all types.
func TestMTPDIsTheFirstUnacceptableTime(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		level := rapid.IntRange(1, 4).Draw(t, "unacceptable")
		b := &model.BusinessActivity{Unacceptable: &level}
		for range rapid.IntRange(0, 8).Draw(t, "points") {
			b.Impact = append(b.Impact, model.Impact{
				Type:  rapid.SampledFrom([]string{"legal", "people"}).Draw(t, "type"),
				After: model.Duration(rapid.IntRange(0, 48).Draw(t, "after")) * model.Duration(time.Hour),
				Level: rapid.IntRange(0, 4).Draw(t, "level"),
			})
		}
		d, ok := MTPD(b)
		for _, i := range b.Impact {
			if i.Level >= level && (!ok || i.After.Std() < d) {
				t.Fatalf("after %v the impact is %d, but the MTPD is %v (%v)", i.After, i.Level, d, ok)
			}
		}
		if ok && !func() bool {
			for _, i := range b.Impact {
				if i.After.Std() == d && i.Level >= level {
					return true
				}
			}
			return false
		}() {
			t.Fatalf("at %v nothing is unacceptable", d)
		}
	})
}

// C5: what is attainable is detection, decision, makespan and verification, as far
// as the clock has started.
func TestTimeline(t *testing.T) {
	f := processtest.Facts(t, analyses, "2027-03-12", `
service/s: {stage: live, continuity: {rto: 10 h}}
service/t: {stage: live}
skill/db: {}
team/ops: {members: [ann, bob]}
person/ann: {skills: [db]}
person/bob: {}
recovery-plan/p:
  services: [service/s, service/t]
  clockStarts: detection
  detection: 1 h
  decision: 30 min
  verification: 15 min
  steps:
    - {name: site, duration: 1 h, by: [team/ops], people: 2}
    - {name: db, duration: 2 h, after: [site], by: [team/ops], skills: [db], restores: [service/t]}
    - {name: web, duration: 1 h, after: [site], by: [team/ops]}
    - {name: check, duration: 1 h, after: [web, db], by: [person/bob], restores: [service/s]}`)
	h, _ := f.Snap.Find(model.Ref{Kind: "recovery-plan", Name: "p"})
	a := use(f)
	got := a.Timeline(h)
	if got.Fault != "" || got.Makespan != 4*time.Hour || !got.Optimal || got.Total != 5*time.Hour+45*time.Minute {
		t.Fatalf("timeline %+v", got)
	}
	if d, ok := a.Attainable(h); !ok || d != 4*time.Hour+45*time.Minute {
		t.Errorf("attainable after %v (%v)", d, ok)
	}
	service := func(name string) time.Duration { return got.back(model.Ref{Kind: "service", Name: name}) }
	if service("t") != 3*time.Hour+45*time.Minute || service("s") != 4*time.Hour+45*time.Minute {
		t.Errorf("services are back after %v", got.Back)
	}
	who := map[string]string{}
	for _, b := range got.Bars {
		for _, r := range b.Who {
			who[b.Step] += r.Name
		}
	}
	if len(who["site"]) != 6 || who["db"] != "ann" || who["web"] != "bob" || who["check"] != "bob" {
		t.Errorf("steps are done by %v", who)
	}
}

func TestProse(t *testing.T) { processtest.Prose(t, Rules()) }
