package servicelevel_test

import (
	"testing"
	"time"

	"diapason/internal/process/processtest"
)

// Eight hours of work from 08:00 to 16:00 every day, and somebody who is always there.
const shifts = `
calendar/shift: {zone: UTC, hours: [{days: [mon, tue, wed, thu, fri, sat, sun], from: "08:00", to: "16:00"}]}
calendar/always: {always: true, zone: UTC}
team/shift: {calendar: shift, respond: 1min}
team/guard: {calendar: always, respond: 1min}
customer/c: {external: true, uses: [service/s]}
tool/t: {}
organisation/o: {zone: UTC}
component/d: {mttr: 12 h, restore: {by: [team/shift]}}
service/s: {stage: live, support: [team/shift], requires: [component/d]}
agreement/s:
  type: sla
  customer: c
  services: [service/s]
  start: 2026-01-01
  hours: calendar/always
  targets: [{name: gtr, metric: time-to-restore, within: 1s, starts: detected, stops: restored, priority: P1, suspension: never, measuredBy: tool/t}]
`

func TestAMeanDownTimeIsNotWalkedAsWork(t *testing.T) {
	for _, c := range []struct {
		name  string
		pairs []string
		want  time.Duration
	}{
		// Begun with less than four hours of a shift left: a night, a shift, and a night.
		{"twelve hours of work take at worst a shift of eight and what is left, with two nights", nil, 44 * time.Hour},
		// Work w, begun within the last w of a shift, has 16 h of night in it; begun in the
		// night it waits for 8 h on average. The mean is w + 16·w/24 + 8·16/24
		// = 5w/3 + 16/3, which is 12 h for w = 4 h: at worst 16 h of night and 4 h.
		{"twelve hours of down time hold four hours of work", []string{"mttr: 12 h", "mttr: 12 h, mttrCounts: down"}, 20 * time.Hour},
		{"the organisation says so for all", []string{"{zone: UTC}\ncomponent", "{zone: UTC, mttrCounts: down}\ncomponent"}, 20 * time.Hour},
		{"the component says otherwise", []string{"{zone: UTC}\ncomponent", "{zone: UTC, mttrCounts: down}\ncomponent", "mttr: 12 h", "mttr: 12 h, mttrCounts: work"}, 44 * time.Hour},
		{"down time shorter than the mean wait still waits for the night at worst", []string{"mttr: 12 h", "mttr: 4 h, mttrCounts: down"}, 16 * time.Hour},
		{"steps are work whatever the MTTR counts", []string{"restore: {by: [team/shift]}", "mttrCounts: down, restore: {by: [team/shift], steps: [{name: all, duration: 2 h}]}"}, 18*time.Hour + time.Minute},
		{"where somebody is always there all of it is work", []string{"restore: {by: [team/shift]}", "mttrCounts: down, restore: {by: [team/guard]}"}, 12 * time.Hour},
	} {
		t.Run(c.name, func(t *testing.T) {
			found := processtest.Of(run(t, with(t, shifts, c.pairs...)), "SLM-005")
			if len(found) != 1 {
				t.Fatalf("%d findings, want one: %v", len(found), found)
			}
			if got := found[0].Args["worst"].(time.Duration); (got - c.want).Abs() > 2*time.Second {
				t.Errorf("at worst %v, want %v", got, c.want)
			}
		})
	}
}
