package availability

import (
	"fmt"
	"math"
	"testing"
	"time"

	"diapason/internal/model"
)

// office hours are 8 h a day, every day: a repair of 2 h done at once from 8 to 14 h,
// else after the wait for the morning: 16 h of night wait 8 h on average, and the last
// 2 h of the day wait the whole night of 16 h.
const officeWait = time.Duration(float64(time.Hour) * (16*8 + 2*16) / 24)

const restorers = `
calendar/office: {zone: UTC, hours: [{days: [mon, tue, wed, thu, fri, sat, sun], from: "08:00", to: "16:00"}]}
calendar/nights: {zone: UTC, hours: [{days: [mon, tue, wed, thu, fri, sat, sun], from: "16:00", to: "08:00"}]}
organisation/o: {zone: UTC}
skill/oracle: {}
person/ann: {skills: [oracle]}
person/bob: {}
person/eve: {skills: [oracle], left: 2027-01-01}
team/day: {calendar: office, members: [ann, bob]}
team/ever: {calendar: office, members: [ann, bob], onCall: [{name: n, calendar: nights, members: [bob]}]}
team/able: {calendar: office, members: [ann, bob], onCall: [{name: n, calendar: nights, members: [ann]}]}
team/silent: {members: [bob]}
team/gone: {calendar: office, members: [bob, eve]}
contract/nights: {supplier: x, start: 2026-01-01, hours: nights}
contract/over: {supplier: x, start: 2026-01-01, end: 2026-12-31, hours: nights}
supplier/x: {}
`

func TestWaitingForThoseWhoRestore(t *testing.T) {
	for _, tc := range []struct {
		name, restore string
		down          time.Duration
		known, nobody bool
		missing       string
	}{
		{"a team by day adds the mean wait for its hours", "{by: [team/day]}", 2*time.Hour + officeWait, true, false, ""},
		{"a team on call at night adds nothing", "{by: [team/ever]}", 2 * time.Hour, true, false, ""},
		{"whoever is on call without the skill does not restore", "{by: [team/ever], skills: [oracle]}", 2*time.Hour + officeWait, true, false, ""},
		{"whoever is on call with the skill does", "{by: [team/able], skills: [oracle]}", 2 * time.Hour, true, false, ""},
		{"a team and a contract take turns", "{by: [team/day, contract/nights]}", 2 * time.Hour, true, false, ""},
		{"a contract that has ended restores nothing", "{by: [team/day, contract/over]}", 2*time.Hour + officeWait, true, false, ""},
		{"nobody left with the skill: it is not known when", "{by: [team/gone], skills: [oracle]}", 2 * time.Hour, false, true, ""},
		{"a team without hours is not known", "{by: [team/silent]}", 2 * time.Hour, false, false, "team/silent"},
		{"steps wait each in their own hours", "{by: [team/ever], steps: [{name: look, duration: 1 h}, {name: mend, duration: 1 h, after: [look], by: [team/day]}]}",
			// The second hour of work begins an hour after the failure, at any instant of the day:
			// 16 h of night wait 8 h on average, the last hour of the day 16 h.
			2*time.Hour + time.Duration(float64(time.Hour)*(16*8+1*16)/24), true, false, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			f, a := facts(t, restorers+"component/c: {mtbf: 998 h, mttr: 2 h, restore: "+tc.restore+"}")
			w := a.waitOf(handle(t, f, "component/c"))
			if w == nil || w.Known != tc.known || w.Nobody != tc.nobody || (w.Down-tc.down).Abs() > time.Second {
				t.Fatalf("%+v, want %v, known %v, nobody %v", w, tc.down, tc.known, tc.nobody)
			}
			if got := names(w.Missing); len(got) != len(tc.missing[:min(len(tc.missing), 1)]) || len(got) == 1 && got[0] != tc.missing {
				t.Errorf("missing %v, want %q", got, tc.missing)
			}
			in, _ := a.input(handle(t, f, "component/c"))
			if want := tc.down.Hours() / (998 + tc.down.Hours()); math.Abs(in.unavailability()-want) > 1e-9 {
				t.Errorf("unavailability %v, want %v", in.unavailability(), want)
			}
		})
	}
}

func TestWhatIsNeverLengthened(t *testing.T) {
	for _, tc := range []struct{ name, text string }{
		{"an MTTR that counts all down time", "component/c: {mtbf: 998 h, mttr: 2 h, mttrCounts: down, restore: {by: [team/day]}}"},
		{"an MTTR of which the component does not say who restores", "component/c: {mtbf: 998 h, mttr: 2 h, restore: {skills: [oracle]}}"},
		{"a declared availability", "component/c: {availability: 99.8%, restore: {by: [team/day]}}"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			f, a := facts(t, restorers+tc.text)
			in, _ := a.input(handle(t, f, "component/c"))
			if math.Abs(in.unavailability()-.002) > 1e-9 || in.Repair != 0 {
				t.Errorf("%+v", in)
			}
		})
	}
	t.Run("a component may say otherwise than the organisation", func(t *testing.T) {
		f, a := facts(t, `
organisation/p: {zone: UTC, mttrCounts: down}
calendar/office: {zone: UTC, hours: [{days: [mon, tue, wed, thu, fri, sat, sun], from: "08:00", to: "16:00"}]}
team/day: {calendar: office}
component/c: {mtbf: 998 h, mttr: 2 h, restore: {by: [team/day]}}
component/d: {mtbf: 998 h, mttr: 2 h, mttrCounts: work, restore: {by: [team/day]}}`)
		c, _ := a.input(handle(t, f, "component/c"))
		d, _ := a.input(handle(t, f, "component/d"))
		if c.MTTR.Std() != 2*time.Hour || d.MTTR.Std() <= 2*time.Hour {
			t.Errorf("%v and %v", c.MTTR, d.MTTR)
		}
	})
}

// A record has the waiting in it: only the declared figure that it corrects has it
// added, once.
func TestARecordIsNotLengthened(t *testing.T) {
	text := `
organisation/o: {zone: UTC, recordedSince: 2027-01-01}
calendar/office: {zone: UTC, hours: [{days: [mon, tue, wed, thu, fri, sat, sun], from: "08:00", to: "16:00"}]}
team/day: {calendar: office}
outage/x: {cause: component/c, start: 2027-02-01T18:00:00Z, end: 2027-02-02T10:00:00Z}
component/c: {mtbf: 998 h, mttr: %s, inService: 2027-01-01, restore: {by: [team/day]}}`
	mttr := func(declared, counts string) time.Duration {
		f, a := facts(t, fmt.Sprintf(text, declared+counts))
		in, _ := a.input(handle(t, f, "component/c"))
		if in.Source != SourceObserved {
			t.Fatalf("%+v", in)
		}
		return in.MTTR.Std()
	}
	long := model.Duration((2*time.Hour + officeWait).Round(time.Second))
	if x, y := mttr("2 h", ""), mttr(long.String(), ", mttrCounts: down"); (x - y).Abs() > time.Second {
		t.Errorf("corrected to %v, but %v from the same figure with the waiting in it", x, y)
	}
}

func TestCrews(t *testing.T) {
	f, a := facts(t, `
organisation/o: {zone: UTC}
calendar/office: {zone: UTC, hours: [{days: [mon, tue, wed, thu, fri, sat, sun], from: "08:00", to: "16:00"}]}
person/ann: {}
team/day: {calendar: office, members: [ann]}
team/other: {calendar: office, members: [ann]}
component/c: {mtbf: 98 h, mttr: 2 h, restore: {by: [team/day]}}
component/d: {mtbf: 198 h, mttr: 2 h, restore: {by: [team/day]}}
component/e: {mtbf: 98 h, mttr: 2 h, restore: {by: [team/other]}}
service/s: {requires: [component/c, component/e]}`)
	list := a.Crews(handle(t, f, "service/s"))
	if len(list) != 1 || list[0].Team.Name != "day" || len(list[0].Restores) != 2 || list[0].People != 1 || list[0].Assumed {
		t.Fatalf("%+v", list)
	}
	// 2 % and 1 % of all hours are repairs, a third of them is worked.
	x := list[0]
	if math.Abs(x.Load-.09) > 1e-9 || x.Busy() || !x.Keeps {
		t.Errorf("load %v", x.Load)
	}
	if want := model.Duration(712088 * time.Millisecond).Std(); (x.Wait - want).Abs() > time.Second {
		t.Errorf("waits %v, want %v", x.Wait, want)
	}
}
