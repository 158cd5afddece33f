package calendars_test

import (
	"testing"
	"time"

	"diapason/internal/calendars"
	"diapason/internal/engine/worktime"
	"diapason/internal/finding"
	"diapason/internal/model"
)

func facts(t *testing.T, on, yaml string) *finding.Facts {
	t.Helper()
	objects, issues := model.Decode("model.yaml", []byte(yaml))
	if len(issues) > 0 {
		t.Fatalf("the test's model: %v", issues)
	}
	day, err := model.ParseDate(on)
	if err != nil {
		t.Fatal(err)
	}
	snap, _ := model.NewSnapshot(1, objects)
	return finding.NewFacts(snap, day, func(f *finding.Facts) []any { return []any{calendars.New(f)} })
}

func ref(t *testing.T, s string) model.Ref {
	t.Helper()
	r, err := model.ParseRef(s)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestPublicHolidays(t *testing.T) {
	for _, c := range []struct {
		name, region, day string
		closed            bool
	}{
		{"France closes on the Monday after Easter", "FR", "2027-03-29", true},
		{"France works on Good Friday", "FR", "2027-03-26", false},
		{"Alsace-Moselle closes on Good Friday", "FR-57", "2027-03-26", true},
		{"Alsace-Moselle closes on 26 December", "FR-57", "2027-12-26", true},
		{"Réunion closes on 20 December", "FR-974", "2027-12-20", true},
		{"Mayotte closes on 27 April", "FR-976", "2027-04-27", true},
		{"Guadeloupe closes on 27 May", "FR-971", "2027-05-27", true},
		{"Martinique closes on 22 May", "FR-972", "2027-05-22", true},
		{"French Guiana closes on 10 June", "FR-973", "2027-06-10", true},
		{"metropolitan France works on 10 June", "FR", "2027-06-10", false},
		{"Luxembourg has its national day in June", "LU", "2027-06-23", true},
		{"Luxembourg works on 23 July", "LU", "2027-07-23", false},
		{"Luxembourg keeps Europe Day", "LU", "2027-05-09", true},
		{"Switzerland keeps 1 August in every canton", "CH", "2027-08-01", true},
		{"Swiss Epiphany is no day of all cantons", "CH", "2027-01-06", false},
		{"the United Kingdom takes Boxing Day of a Sunday on Tuesday", "GB", "2027-12-28", true},
		{"Canada works on Easter Monday", "CA", "2027-03-29", false},
		{"Germany keeps 3 October", "DE", "2027-10-03", true},
		{"a calendar without region never closes", "", "2027-05-01", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			days, ok := calendars.Holidays(c.region, 2027, 2027)
			if !ok {
				t.Fatal("the region is not known")
			}
			want, _ := worktime.ParseDate(c.day)
			found := false
			for _, d := range days {
				found = found || d == want
			}
			if found != c.closed {
				t.Errorf("%s in %q: closed %v, want %v", c.day, c.region, found, c.closed)
			}
		})
	}
	if _, ok := calendars.Holidays("XX", 2027, 2027); ok {
		t.Error("an unknown region is taken for one without holidays")
	}
}

const calendarsYAML = `
apiVersion: diapason/v1
kind: Calendar
metadata: {name: office}
spec:
  zone: Europe/Paris
  holidays: FR
  hours: [{days: [mon, tue, wed, thu, fri], from: "08:00", to: "18:00"}]
  special:
    - {date: 2027-03-15, closed: true}
    - {date: 2027-03-13, from: "09:00", to: "12:00"}
---
apiVersion: diapason/v1
kind: Calendar
metadata: {name: always}
spec: {always: true}
---
apiVersion: diapason/v1
kind: Calendar
metadata: {name: nowhere}
spec: {zone: Europe/Atlantis, hours: [{days: [mon], from: "08:00", to: "18:00"}]}
---
apiVersion: diapason/v1
kind: Calendar
metadata: {name: unzoned}
spec: {hours: [{days: [mon], from: "08:00", to: "18:00"}]}
---
apiVersion: diapason/v1
kind: Calendar
metadata: {name: empty}
spec: {zone: Europe/Paris}
---
apiVersion: diapason/v1
kind: Calendar
metadata: {name: nights}
spec: {zone: Europe/Paris, hours: [{days: [mon, tue, wed, thu, fri, sat, sun], from: "18:00", to: "08:00"}]}
---
apiVersion: diapason/v1
kind: Person
metadata: {name: anna}
---
apiVersion: diapason/v1
kind: Person
metadata: {name: bob}
spec: {left: 2027-01-31}
---
apiVersion: diapason/v1
kind: Team
metadata: {name: desk}
spec:
  calendar: office
  onCall: [{name: nights, calendar: nights, members: [anna, bob], turn: P7D, start: 2027-03-01, handover: "08:00"}]
---
apiVersion: diapason/v1
kind: Team
metadata: {name: silent}
`

func TestCalendarsOfTheModel(t *testing.T) {
	f := facts(t, "2027-03-12", calendarsYAML)
	paris, _ := calendars.Location("Europe/Paris")
	at := func(s string) time.Time {
		v, err := time.ParseInLocation("2006-01-02 15:04", s, paris)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	t.Run("a holiday, a special closure and a weekend move the end of eleven hours", func(t *testing.T) {
		clock, ok := calendars.Clock(f, ref(t, "calendar/office"))
		if !ok {
			t.Fatal("no clock")
		}
		end, ok := clock.Add(at("2027-03-12 17:00"), 5*time.Hour) // Friday 1 h, Saturday special 3 h, Monday closed, Tuesday 1 h
		if want := at("2027-03-16 09:00"); !ok || !end.Equal(want) {
			t.Errorf("ends %v, want %v", end, want)
		}
	})
	t.Run("a calendar around the clock needs no zone", func(t *testing.T) {
		if set, ok := calendars.Open(f, ref(t, "calendar/always")); !ok || set.Duration() != calendars.Horizon(f).Duration() {
			t.Errorf("open %v, ok %v", set.Duration(), ok)
		}
	})
	for _, name := range []string{"nowhere", "unzoned", "empty", "absent"} {
		t.Run("the hours of calendar "+name+" are not known", func(t *testing.T) {
			if _, ok := calendars.Of(f, ref(t, "calendar/"+name)); ok {
				t.Error("taken for known")
			}
		})
	}
	t.Run("the turns of somebody who left are nobody's", func(t *testing.T) {
		hours, missing := calendars.Support(f, ref(t, "team/desk"))
		if len(missing) > 0 {
			t.Fatalf("missing %v", missing)
		}
		// Anna is on call from 15 March 08:00, bob (left) until then.
		if hours.Contains(at("2027-03-12 23:00")) || !hours.Contains(at("2027-03-16 23:00")) || !hours.Contains(at("2027-03-12 10:00")) {
			t.Error("the rota does not follow its turns")
		}
	})
	t.Run("a team without hours is a missing datum", func(t *testing.T) {
		if _, missing := calendars.Support(f, ref(t, "team/silent")); len(missing) != 1 || missing[0] != ref(t, "team/silent") {
			t.Errorf("missing %v", missing)
		}
	})
}
