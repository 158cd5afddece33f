package app

import (
	"strings"
	"testing"
	"time"

	"diapason/internal/identity"
	"diapason/internal/language"
)

const watchedShop = `
apiVersion: diapason/v1
kind: Calendar
metadata: {name: always}
spec: {always: true}
---
apiVersion: diapason/v1
kind: Agreement
metadata: {name: silver}
spec:
  type: sla
  services: [service/shop]
  start: 2027-01-01
  hours: calendar/always
  targets:
  - {name: up, metric: availability, availability: 99.9%, window: month, measuredBy: measurement-source/web}
`

func TestAlertsFireOnceResolveAndTellWhatIsNotMeasured(t *testing.T) {
	clock := time.Date(2027, 3, 12, 10, 0, 0, 0, time.UTC)
	value := func(at time.Time) float64 { return 1 }
	s := &server{answers: map[string]func(time.Time) float64{"up{shop}": func(at time.Time) float64 { return value(at) }}}
	w := measuredWorld(t, nil, &clock) // without the recorder, which would read the clock beside the test
	w.evidence.metrics = s
	if err := w.Restore(w.ctx, identity.Operator(), w.objects(measured+"---"+watchedShop), "promise"); err != nil {
		t.Fatal(err)
	}
	watch := newAlertWatch(w.App)
	step := func(name string, d time.Duration, want string) {
		t.Helper()
		clock = clock.Add(d)
		if err := watch.pass(w.ctx, d); err != nil {
			t.Fatal(name, err)
		}
		list, err := w.ServiceLevelAlerts(w.ctx, identity.Operator(), 1, language.EN)
		if err != nil {
			t.Fatal(name, err)
		}
		var got []string
		for _, a := range list {
			got = append(got, a.Kind+" "+a.Severity+" "+a.State)
		}
		if strings.Join(got, "; ") != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	step("a service that is up raises nothing", time.Minute, "")
	down := clock
	value = func(at time.Time) float64 {
		if at.After(down) {
			return 0
		}
		return 1
	}
	step("an outage of six minutes burns the budget", 6*time.Minute, "burn page firing; burn ticket firing")
	list, _ := w.ServiceLevelAlerts(w.ctx, identity.Operator(), 1, language.FR)
	if len(list) != 2 || (!strings.Contains(list[0].Text, "Boutique") || !strings.Contains(list[0].Text, "budget d'erreur")) {
		t.Errorf("in French: %v", list)
	}
	watch = newAlertWatch(w.App)
	step("a restart neither loses nor repeats it", time.Minute, "burn page firing; burn ticket firing")
	up := clock
	value = func(at time.Time) float64 {
		if at.After(down) && !at.After(up) {
			return 0
		}
		return 1
	}
	for range 5 {
		clock = clock.Add(5 * time.Minute)
		if err := watch.pass(w.ctx, 5*time.Minute); err != nil {
			t.Fatal(err)
		}
	}
	step("after the outage it is over", 20*time.Minute, "burn page resolved; burn ticket firing")
	value = func(time.Time) float64 { return absent }
	for range 7 {
		clock = clock.Add(5 * time.Minute)
		if err := watch.pass(w.ctx, 5*time.Minute); err != nil {
			t.Fatal(err)
		}
	}
	step("what is unknown is no outage but an alert of its own", time.Minute, "not-measured ticket firing; burn page resolved; burn ticket firing")
}
