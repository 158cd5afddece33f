//go:build unix

package app

import (
	"context"
	"syscall"
	"testing"
	"time"

	"diapason/internal/generate"
	"diapason/internal/language"
	"diapason/internal/model"
)

// generatedState is a generated organisation, assessed.
func generatedState(t testing.TB, services, components int) *State {
	t.Helper()
	var objects []*model.Object
	generate.Objects(generate.Size{Services: services, Components: components, Seed: 1}, func(o *model.Object) { objects = append(objects, o) })
	snap, twice := model.NewSnapshot(1, objects)
	if len(twice) > 0 {
		t.Fatalf("%s is generated twice", twice[0].Ref())
	}
	return Assessed(snap, generate.On)
}

// wishesOf is a full question about a service.
func wishesOf(service, availability, hours string) Wishes {
	return Wishes{Service: service, Availability: availability, Hours: hours, Restore: []TimeWish{{"P1", "4h"}, {"P2", "8 h"}}, Respond: []TimeWish{{"P1", "15 min"}}, Share: "95 %", RTO: "4h", RPO: "1h"}
}

// BenchmarkAttain asks about services of an organisation of 10 000, each for the
// first time, and then again with another availability as somebody who types does.
func BenchmarkAttain(b *testing.B) {
	s := generatedState(b, 10_000, 100_000)
	services := s.Snap.OfKind("service")
	for _, c := range []struct{ name, hours string }{{"calendar", "extended"}, {"typed", "mon-fri 08:00-18:00 Europe/Paris"}} {
		b.Run(c.name, func(b *testing.B) {
			n := 0
			var first, again, longest time.Duration
			for b.Loop() {
				service := s.Snap.Ref(services[n*37%len(services)]).Name
				n++
				for i, a := range []string{"99.9 %", "99.95 %"} {
					used := processorTime()
					if _, err := AttainIn(context.Background(), s, wishesOf(service, a, c.hours), language.EN); err != nil {
						b.Fatal(err)
					}
					took := processorTime() - used
					longest = max(longest, took)
					if i == 0 {
						first += took
					} else {
						again += took
					}
				}
			}
			b.ReportMetric(first.Seconds()*1e3/float64(n), "cpu-ms-first")
			b.ReportMetric(again.Seconds()*1e3/float64(n), "cpu-ms-again")
			b.ReportMetric(longest.Seconds()*1e3, "cpu-ms-longest")
		})
	}
}

// processorTime is the processor time that this process has used: on a loaded machine
// it tells more than the clock.
func processorTime() time.Duration {
	var u syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
