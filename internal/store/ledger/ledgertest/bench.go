package ledgertest

import (
	"context"
	"fmt"
	"testing"
	"time"

	"diapason/internal/anchor"
	"diapason/internal/engine/slo"
	"diapason/internal/engine/worktime"
	"diapason/internal/store/ledger"
)

// Of the series that Benchmark records, one in hundred counts events minute by minute, no
// two minutes alike, as a busy shop does; of the others one in ten has an outage on a day.
const (
	benchSeries = 10_000
	benchFirst  = 20_454 // 2026-01-01
	countedEach = 100
	outageEach  = 10
)

// The aims, each of which the engines of a server must keep.
const (
	aimDay   = 10.0 // s: the evidence of a day of all series written
	aimMonth = 2.0  // s: a month's attainment of all series
	aimYear  = 5.0  // ms: a year of one series
	aimBytes = 200  // of a quiet day, indexes included
)

func benchName(n int) ledger.Series {
	return ledger.Series(fmt.Sprintf("measurement-source/probe-%d service/service-%d", n%50, n))
}

// benchDays are the different days that the series have on one day of the calendar.
type benchDays struct {
	quiet            []byte
	outages, counted [][]byte
}

func daysOf(b *testing.B, day int) benchDays {
	encode := func(build *slo.DayBuilder) []byte {
		out, err := slo.EncodeDay(build.Day())
		if err != nil {
			b.Fatal(err)
		}
		return out
	}
	var d benchDays
	whole := slo.NewDayBuilder(day)
	whole.Set(0, slo.DayMinutes, slo.Run{State: slo.Good})
	d.quiet = encode(whole)
	for n := range 30 {
		build := slo.NewDayBuilder(day)
		build.Set(0, slo.DayMinutes, slo.Run{State: slo.Good})
		at := (day*37 + n*41) % 1300
		build.Set(at, at+3+n, slo.Run{State: slo.Bad})
		build.Set(at+60, at+62, slo.Run{State: slo.Unknown})
		d.outages = append(d.outages, encode(build))
	}
	for n := range 4 {
		build := slo.NewDayBuilder(day)
		for m := range slo.DayMinutes {
			total := 1000 + (m*7919+day*31+n*104729)%900
			build.Minute(m, slo.Good, float64(total-m%3), float64(total))
		}
		d.counted = append(d.counted, encode(build))
	}
	return d
}

func (d *benchDays) of(series, day int) []byte {
	switch {
	case series%countedEach == 0:
		return d.counted[series/countedEach%len(d.counted)]
	case (series+day)%outageEach == 0:
		return d.outages[series%len(d.outages)]
	}
	return d.quiet
}

// Benchmark measures the aims of the ledger with 10 000 series over some days (at least
// 90): the evidence of a day written, a month of all series read and attained, a year of
// one, and the bytes that a quiet day takes with its indexes. Processor time is that of
// this process: of an engine that is a process of its own it is but a part.
func Benchmark(b *testing.B, e Engine, length int) {
	l := e.Open(b, nil)
	b.Run("a day of 10 000 series written", func(b *testing.B) {
		watch, slowest := anchor.Start(), time.Duration(0)
		for day := range length {
			each := anchor.Start()
			days := daysOf(b, benchFirst+day)
			records := make([]ledger.Record, benchSeries)
			for n := range records {
				records[n] = ledger.Record{Series: benchName(n), Day: benchFirst + day, Engine: "prometheus 3.16.0 embedded", Slices: days.of(n, day)}
			}
			if _, err := l.Append(b.Context(), records); err != nil {
				b.Fatal(err)
			}
			wall, _ := each.Read()
			slowest = max(slowest, wall)
		}
		wall, used := watch.Read()
		b.ReportMetric(0, "ns/op")
		b.ReportMetric(wall.Seconds()/float64(length), "s/day")
		b.ReportMetric(slowest.Seconds(), "s-slowest")
		anchor.AtMost(b, used.Seconds()/float64(length), aimDay, "cpu-s/day")
	})
	b.Run("a month of 10 000 series read and attained", func(b *testing.B) {
		const rounds = 3
		from := benchFirst + length - 40
		frame := benchFrame(from, 31)
		all := make([]ledger.Series, benchSeries)
		for n := range all {
			all[n] = benchName(n)
		}
		watch := anchor.Start()
		for range rounds {
			if n := attain(b, l, all, from, from+30, frame); n != benchSeries {
				b.Fatalf("%d series", n)
			}
		}
		wall, used := watch.Read()
		b.ReportMetric(0, "ns/op")
		b.ReportMetric(wall.Seconds()/rounds, "s")
		anchor.AtMost(b, used.Seconds()/rounds, aimMonth, "cpu-s")
	})
	frame := benchFrame(benchFirst, length)
	for _, kind := range []struct {
		name  string
		first int
		aim   float64
	}{{"a year of one series", 1, aimYear}, {"a year of one series counted minute by minute", 0, 20 * aimYear}} {
		b.Run(kind.name, func(b *testing.B) {
			const rounds = 40
			watch := anchor.Start()
			for n := range rounds {
				attain(b, l, []ledger.Series{benchName(kind.first + n*countedEach)}, benchFirst, benchFirst+length-1, frame)
			}
			wall, used := watch.Read()
			year := 365 / float64(length) * 1000 / rounds
			b.ReportMetric(0, "ns/op")
			b.ReportMetric(wall.Seconds()*year, "ms")
			anchor.AtMost(b, used.Seconds()*year, kind.aim, "cpu-ms")
		})
	}
	b.Run("bytes of a quiet day", func(b *testing.B) {
		const series, days = 2000, 60
		l := e.Open(b, nil)
		for day := range days {
			quiet := daysOf(b, benchFirst+day).quiet
			records := make([]ledger.Record, series)
			for n := range records {
				records[n] = ledger.Record{Series: benchName(n), Day: benchFirst + day, Engine: "prometheus 3.16.0 embedded", Slices: quiet}
			}
			if _, err := l.Append(b.Context(), records); err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(0, "ns/op")
		anchor.AtMost(b, float64(e.Size(b, l))/(series*days), aimBytes, "bytes/day")
	})
}

func benchFrame(first, days int) *slo.Frame {
	from := time.Unix(int64(first)*86400, 0).UTC()
	window := worktime.Interval{Start: from, End: from.AddDate(0, 0, days)}
	return slo.NewFrame(window, time.Time{}, worktime.NewSet(window), worktime.Set{})
}

// attain reads days of series and computes what each has attained; it counts the series.
func attain(b *testing.B, l ledger.Ledger, names []ledger.Series, from, to int, frame *slo.Frame) (series int) {
	days := make([]slo.Day, 0, to-from+1)
	for r, err := range l.Read(context.Background(), names, from, to, time.Time{}) {
		if err != nil {
			b.Fatal(err)
		}
		day, err := slo.DecodeDay(r.Slices)
		if err != nil {
			b.Fatal(err)
		}
		if days = append(days, day); r.Day == to {
			if len(days) != to-from+1 {
				b.Fatalf("%d days of %s", len(days), r.Series)
			}
			if got := slo.Attain(days, frame, slo.Rules{Target: slo.ShareOf(0.999)}); got.Attained == nil {
				b.Fatalf("nothing is known of %s", r.Series)
			}
			days = days[:0]
			series++
		}
	}
	return series
}
