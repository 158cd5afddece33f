package app

import (
	"fmt"
	"testing"
	"time"

	"diapason/internal/anchor"
	"diapason/internal/engine/slo"
	"diapason/internal/engine/worktime"
	"diapason/internal/store/ledger"
	"diapason/internal/store/ledger/sqlite"
	"diapason/internal/telemetry"
	"diapason/internal/telemetry/embedded"
)

// BenchmarkThirtyDays compares the two ways to the same number, the share of good events
// of 50 services in 30 days: asking PromQL, in one question and in one for each service as
// other tools do, and reading the evidence that was recorded from the same samples. The
// ledger must not take longer than PromQL.
func BenchmarkThirtyDays(b *testing.B) {
	const services, days, each = 50, 30, 60 // seconds between samples
	end := startOf(thisDay)
	start := end.AddDate(0, 0, -days)
	store, err := embedded.Open(embedded.Options{Folder: b.TempDir(), Now: func() time.Time { return end }, MaxSamples: 100_000_000})
	if err != nil {
		b.Fatal(err)
	}
	defer store.Close()
	l, err := sqlite.Open(b.Context(), b.TempDir(), sqlite.Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer l.Close()
	samples, names := make([]telemetry.Sample, 2*services), make([]ledger.Series, services)
	for n := range services {
		service := fmt.Sprint("service-", n)
		samples[2*n].Labels = map[string]string{"__name__": "requests_total", "service": service}
		samples[2*n+1].Labels = map[string]string{"__name__": "requests_good_total", "service": service}
		names[n] = ledger.Series("measurement-source/counts service/" + service)
	}
	builders := make([]*slo.DayBuilder, services)
	for minute := range days*slo.DayMinutes + 1 {
		at := start.Add(time.Duration(minute) * each * time.Second)
		if m := minute - 1; m >= 0 { // what the recorder makes of the increase over each minute
			records := make([]ledger.Record, 0, services)
			for n := range services {
				if m%slo.DayMinutes == 0 {
					builders[n] = slo.NewDayBuilder(dayOf(start) + m/slo.DayMinutes)
				}
				total, bad := events(n, minute)
				state := slo.Good
				if bad > 0 {
					state = slo.Bad
				}
				builders[n].Minute(m%slo.DayMinutes, state, total-bad, total)
				if m%slo.DayMinutes == slo.DayMinutes-1 {
					raw, err := slo.EncodeDay(builders[n].Day())
					if err != nil {
						b.Fatal(err)
					}
					records = append(records, ledger.Record{Series: names[n], Day: dayOf(start) + m/slo.DayMinutes, Slices: raw})
				}
			}
			if _, err := l.Append(b.Context(), records); err != nil {
				b.Fatal(err)
			}
		}
		for n := range services {
			total, bad := events(n, minute)
			samples[2*n].At, samples[2*n+1].At = at, at
			samples[2*n].Value += total
			samples[2*n+1].Value += total - bad
		}
		if refused, err := store.Append(b.Context(), samples); err != nil || refused > 0 {
			b.Fatal(refused, err)
		}
	}
	if err := store.Compact(b.Context()); err != nil {
		b.Fatal(err)
	}
	ask := func(expression string) {
		a, err := store.Range(b.Context(), expression, end, end, time.Minute)
		if err != nil || len(a.Points) != 1 {
			b.Fatal(a.Points, err)
		}
	}
	measure := func(name string, rounds int, do func()) (cpu float64) {
		b.Run(name, func(b *testing.B) {
			do() // once before, so that all find their files in memory
			watch := anchor.Start()
			for range rounds {
				do()
			}
			wall, used := watch.Read()
			cpu = used.Seconds() * 1000 / float64(rounds)
			b.ReportMetric(0, "ns/op")
			b.ReportMetric(wall.Seconds()*1000/float64(rounds), "ms")
			b.ReportMetric(cpu, "cpu-ms")
		})
		return cpu
	}
	together := measure("PromQL, one question for 50 services", 5, func() {
		ask("count(sum by (service) (increase(requests_good_total[30d])) / sum by (service) (increase(requests_total[30d])))")
	})
	apart := measure("PromQL, one question each", 5, func() {
		for n := range services {
			ask(fmt.Sprintf(`increase(requests_good_total{service="service-%d"}[30d]) / increase(requests_total{service="service-%d"}[30d])`, n, n))
		}
	})
	window := worktime.Interval{Start: start, End: end}
	evidence := measure("the ledger, 50 services counted minute by minute", 5, func() {
		frame := slo.NewFrame(window, time.Time{}, worktime.NewSet(window), worktime.Set{})
		of := make([]slo.Day, 0, days)
		done := 0
		for r, err := range l.Read(b.Context(), names, dayOf(start), dayOf(end)-1, time.Time{}) {
			if err != nil {
				b.Fatal(err)
			}
			day, err := slo.DecodeDay(r.Slices)
			if err != nil {
				b.Fatal(err)
			}
			if of = append(of, day); len(of) == days {
				if got := slo.Attain(of, frame, slo.Rules{Target: slo.ShareOf(0.999), Method: slo.Occurrences}); got.Attained == nil {
					b.Fatal("nothing is known")
				}
				of, done = of[:0], done+1
			}
		}
		if done != services {
			b.Fatal(done)
		}
	})
	b.Run("the ledger against PromQL", func(b *testing.B) {
		b.ReportMetric(0, "ns/op")
		b.ReportMetric(apart/evidence, "times-less-than-apart")
		anchor.AtLeast(b, together/evidence, 1, "times-less-than-together")
	})
}

// events are those of one service in one minute.
func events(service, minute int) (total, bad float64) {
	total = float64(800 + (service*7919+minute*104729)%400)
	if (minute+service*37)%500 < 3 {
		bad = float64(minute % 50)
	}
	return total, bad
}
