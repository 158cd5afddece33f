package servicelevel_test

import (
	"strings"
	"testing"
	"time"

	"diapason/internal/finding"
	"diapason/internal/model"
	"diapason/internal/process/processtest"
	"diapason/internal/process/servicelevel"
)

const on = "2027-03-12" // a Friday

func run(t *testing.T, text string, extra ...any) []finding.Finding {
	t.Helper()
	return processtest.Run(t, servicelevel.Rules, processtest.With(servicelevel.Analyses, extra...), on, text)
}

// people, calendars and contracts of the tests.
const stage = `
calendar/always: {always: true, zone: Europe/Paris}
calendar/office: {zone: Europe/Paris, holidays: FR, hours: [{days: [mon, tue, wed, thu, fri], from: "08:00", to: "18:00"}]}
calendar/week: {zone: Europe/Paris, hours: [{days: [mon, tue, wed, thu, fri, sat], from: "07:00", to: "20:00"}]}
calendar/nights: {zone: Europe/Paris, hours: [{days: [mon, tue, wed, thu, fri, sat, sun], from: "18:00", to: "08:00"}]}
calendar/days: {always: true, zone: Europe/Paris}
person/ann: {}
person/ben: {}
supplier/hostco: {}
customer/clinic: {external: true, uses: [service/records]}
tool/tickets: {}
`

const records = `
team/desk: {calendar: office, respond: 30min}
component/db: {restore: {by: [team/desk], steps: [{name: diagnose, duration: 30min}, {name: repair, duration: 1h, after: [diagnose]}]}}
service/records: {stage: live, criticality: critical, support: [team/desk], requires: [component/db]}
agreement/records:
  type: sla
  customer: clinic
  services: [service/records]
  start: 2026-01-01
  hours: calendar/office
  signatures: [{party: provider, on: 2025-12-01}, {party: customer, on: 2025-12-01}]
  resources: {people: [team/desk], hoursPerWeek: 10h, cost: 1000 EUR/month}
  targets: [{name: gtr, metric: time-to-restore, within: 4h, starts: detected, stops: restored, priority: P1, suspension: outside-hours, measuredBy: tool/tickets}]
`

// with replaces parts of a model, each of which must be there.
func with(t *testing.T, text string, pairs ...string) string {
	t.Helper()
	for i := 0; i < len(pairs); i += 2 {
		if !strings.Contains(text, pairs[i]) {
			t.Fatalf("the model does not hold %q", pairs[i])
		}
		text = strings.ReplaceAll(text, pairs[i], pairs[i+1])
	}
	return text
}

func TestRestorationAgainstBothClocks(t *testing.T) {
	for _, c := range []struct {
		name  string
		pairs []string
		want  []string
	}{
		{"two hours of work in the promised hours keep four", nil, nil},
		{"the boundary itself is kept", []string{"within: 4h, starts", "within: 2h, starts"}, nil},
		{"a second less is broken", []string{"within: 4h, starts", "within: 7199s, starts"},
			[]string{"SLM-005 violated error team/desk part time-to-restore causes none hits agreement/records,service/records at /spec/calendar"}},
		{"a promise round the clock waits for the office over the longest weekend", []string{"hours: calendar/office", "hours: calendar/always"},
			[]string{"SLM-005 violated error team/desk part time-to-restore causes none hits agreement/records,service/records"}},
		{"an on-call rota at night and on days off keeps it", []string{"hours: calendar/office", "hours: calendar/always", "respond: 30min}", "respond: 30min, onCall: [{name: all, calendar: days, members: [ann, ben], turn: P7D, start: 2027-03-01, respond: 30min}]}"}, nil},
		{"a suspension-free supplier within contract hours keeps it", []string{"by: [team/desk], steps: [{name: diagnose, duration: 30min}, {name: repair, duration: 1h, after: [diagnose]}]", "by: [contract/hosting]"}, nil},
		{"the supplier's four hours on other hours do not", []string{"by: [team/desk], steps: [{name: diagnose, duration: 30min}, {name: repair, duration: 1h, after: [diagnose]}]", "by: [contract/hosting]", "within: 4h, starts", "within: 3h, starts"},
			[]string{"SLM-005 violated error contract/hosting part time-to-restore causes none hits agreement/records,service/records"}},
		{"where two can restore the better one counts", []string{"by: [team/desk], steps", "by: [team/desk, contract/hosting], steps", "within: 4h, starts", "within: 3h, starts"}, nil},
		{"redundant components are not walked", []string{"[team/desk], requires: [component/db]", "[team/desk], requires: [{anyOf: [component/db, component/spare]}]", "within: 4h, starts", "within: 1h, starts"}, nil},
		{"what alternatives share is walked", []string{"[team/desk], requires: [component/db]", "[team/desk], requires: [{anyOf: [component/a, component/b]}]", "within: 4h, starts", "within: 1h, starts"},
			[]string{"SLM-005 violated error team/desk part time-to-restore causes none hits agreement/records,service/records"}},
		{"a component that nobody restores is not known", []string{"[team/desk], requires: [component/db]", "[team/desk], requires: [component/db, component/orphan]"},
			[]string{"SLM-005 unknown error component/orphan part none hits agreement/records,service/records"}},
		{"a team without hours is not known", []string{"{calendar: office, respond: 30min}", "{respond: 30min}"},
			[]string{"SLM-005 unknown error team/desk part none hits agreement/records,service/records"}},
		{"a team that does not say its response is not known where it may keep the promise", []string{"calendar: office, respond: 30min", "calendar: office"},
			[]string{"SLM-005 unknown error team/desk part none hits agreement/records,service/records"}},
		{"and broken where the steps alone are too long", []string{"calendar: office, respond: 30min", "calendar: office", "within: 4h, starts", "within: 1h, starts"},
			[]string{"SLM-005 violated error team/desk part time-to-restore causes none hits agreement/records,service/records"}},
		{"a contract that has ended restores nothing", []string{"by: [team/desk], steps: [{name: diagnose, duration: 30min}, {name: repair, duration: 1h, after: [diagnose]}]", "by: [contract/old]"},
			[]string{"SLM-005 unknown error contract/old part none hits agreement/records,service/records"}},
		{"a contract covering the component restores it where nobody is named", []string{"[team/desk], requires: [component/db]", "[team/desk], requires: [component/covered]"}, nil},
		{"the clock of a promise from acknowledgement leaves the response out", []string{"within: 4h, starts: detected", "within: 90min, starts: acknowledged"}, nil},
		{"a share of cases is at risk only", []string{"within: 4h, starts", "within: 1h, percentile: 95%, window: month, starts"},
			[]string{"SLM-005 violated warning team/desk part time-to-restore causes none hits agreement/records,service/records variant share"}},
		{"an agreement that has ended promises nothing", []string{"start: 2026-01-01\n  hours", "end: 2026-12-31\n  hours", "within: 4h, starts", "within: 1h, starts"}, nil},
		{"steps in parallel count by the slowest", []string{"{name: repair, duration: 1h, after: [diagnose]}", "{name: repair, duration: 1h}", "within: 4h, starts", "within: 90min, starts"}, nil},
		{"the mean time stands for missing steps", []string{", steps: [{name: diagnose, duration: 30min}, {name: repair, duration: 1h, after: [diagnose]}]}", "}, mttr: 5h"},
			[]string{"SLM-005 violated error team/desk part time-to-restore causes none hits agreement/records,service/records"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			found := processtest.Of(run(t, with(t, stage+more+records, c.pairs...)), "SLM-005")
			if len(c.want) == 0 {
				processtest.Silent(t, found, "SLM-005")
				return
			}
			processtest.Want(t, found, c.want...)
		})
	}
}

func TestTheWorstMinuteIsShownWithEveryHandOver(t *testing.T) {
	// Closed Mondays after Easter, Ascension weekends and the like make stretches of
	// 86 h; the longest of the year that begins on 12 March 2027 is the one over All
	// Saints' Day, a Monday, in the night before which the clock is put back.
	found := run(t, with(t, stage+more+records, "hours: calendar/office", "hours: calendar/always"))
	f := processtest.One(t, processtest.Of(found, "SLM-005"), "SLM-005", "team/desk")
	paris, _ := time.LoadLocation("Europe/Paris")
	failed := f.Args["failed"].(time.Time)
	// With 30 minutes to respond and 1 h 30 of steps, a failure after 16:00 on the
	// last day is no longer repaired on it: what is left waits for the next opening.
	if want := time.Date(2027, 10, 29, 16, 0, 0, 0, paris); !failed.Equal(want) {
		t.Errorf("worst failure %v, want %v", failed, want)
	}
	// Friday 16:00 to Tuesday 08:00 is 88 h, and one more for the clock put back.
	if got, want := f.Args["worst"], 89*time.Hour; got != want {
		t.Errorf("worst case %v, want %v", got, want)
	}
	var legs []finding.Leg
	for _, e := range f.Evidence {
		if l, ok := e.Value.(finding.Leg); ok {
			legs = append(legs, l)
		}
	}
	if len(legs) != 3 || legs[0].By.String() != "team/desk" || !legs[0].From.Equal(failed) || !legs[2].To.Equal(time.Date(2027, 11, 2, 8, 0, 0, 0, paris)) {
		t.Errorf("hand-overs %v", legs)
	}
}

func TestPlannedMaintenanceStopsTheClockWhereItIsLeftOut(t *testing.T) {
	maintenance := `
maintenance/upgrade: {on: [service/records], start: "2027-10-29T15:00:00+02:00", end: "2027-11-02T06:00:00+01:00", announced: 2027-02-01, stops: true}
`
	hours := []string{"hours: calendar/office", "hours: calendar/always", "within: 4h, starts", "within: 88h, starts"}
	processtest.Want(t, processtest.Of(run(t, with(t, stage+more+records+maintenance, hours...)), "SLM-005"),
		"SLM-005 violated error team/desk part time-to-restore")
	left := append(hours, "suspension: outside-hours", "suspension: outside-hours, exclusions: [planned-maintenance]")
	processtest.Silent(t, run(t, with(t, stage+more+records+maintenance, left...)), "SLM-005")
}

func TestOneTeamTooSlowIsToldOnceForAllPromises(t *testing.T) {
	text := with(t, stage+more+records, "within: 4h, starts", "within: 1h, starts") + `
service/mail: {stage: live, support: [team/desk], requires: [component/db]}
agreement/mail: {type: sla, customer: clinic, services: [service/mail], start: 2026-01-01, hours: calendar/office, targets: [{name: r, metric: time-to-restore, within: 90min, priority: P1}, {name: t, metric: time-to-respond, within: 10min, priority: P1}]}
`
	found := processtest.Of(run(t, text), "SLM-005")
	processtest.Want(t, found,
		"SLM-005 violated error team/desk part time-to-restore hits agreement/mail,agreement/records,service/mail,service/records",
		"SLM-005 violated error team/desk part time-to-respond hits agreement/mail,service/mail variant respond")
	for _, f := range found {
		if f.Part != "time-to-restore" {
			continue
		}
		if f.Args["agreement"].(model.Ref).Name != "records" || f.Args["late"] != time.Hour {
			t.Errorf("the promise missed by most does not speak for all: %v", f.Args)
		}
		for _, at := range []finding.Place{{Object: model.Ref{Kind: "agreement", Name: "mail"}, Part: "targets/r"}, {Object: model.Ref{Kind: "agreement", Name: "records"}, Part: "targets/gtr"}} {
			if !f.Shows(at.Object, at.Part) {
				t.Errorf("it does not show at %v", at)
			}
		}
	}
}

func TestTimeToRespond(t *testing.T) {
	respond := []string{"metric: time-to-restore, within: 4h", "metric: time-to-respond, within: 30min", "stops: restored", "stops: acknowledged"}
	processtest.Silent(t, run(t, with(t, stage+more+records, respond...)), "SLM-005")
	processtest.Want(t, processtest.Of(run(t, with(t, stage+more+records, append(respond, "within: 30min, starts", "within: 29min, starts")...)), "SLM-005"),
		"SLM-005 violated error team/desk part time-to-respond causes none hits agreement/records,service/records variant respond")
}

const more = `
component/spare: {restore: {by: [team/desk], steps: [{name: all, duration: 9h}]}}
component/a: {requires: [component/db], restore: {by: [team/desk], steps: [{name: all, duration: 30min}]}}
component/b: {requires: [component/db], restore: {by: [team/desk], steps: [{name: all, duration: 30min}]}}
component/orphan: {}
component/covered: {}
contract/hosting: {supplier: hostco, covers: [component/covered], start: 2026-01-01, hours: calendar/office, targets: [{name: r, metric: time-to-restore, within: 4h, priority: all, starts: reported, stops: restored, suspension: never}]}
contract/old: {supplier: hostco, start: 2025-01-01, end: 2026-12-31, hours: calendar/office, targets: [{name: r, metric: time-to-restore, within: 1h, priority: all, starts: reported, stops: restored, suspension: never}]}
`
