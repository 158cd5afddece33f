package ledgertest

import (
	"context"
	"fmt"
	"testing"
	"time"

	"diapason/internal/store/ledger"
)

// Days are the evidence that Benchmark records and what it does with what it reads.
type Days struct {
	// Quiet gives the slices of a day without an outage.
	Quiet func(day int) []byte
	// Attain computes what was attained in a month from the slices of its days.
	Attain func(slices [][]byte) error
}

// Benchmark measures the aims of the ledger: evidence of a day written, a month of all
// read and attained, a year of one read, and the bytes that a quiet day takes with its
// indexes.
func Benchmark(b *testing.B, e Engine, days Days) {
	ctx := context.Background()
	const series, first = 10_000, 20_454 // 2026-01-01
	names := make([]ledger.Series, series)
	for i := range names {
		names[i] = ledger.Series(fmt.Sprintf("measurement-source/probe-%d service/service-%d", i%50, i))
	}
	l := e.Open(b, nil)
	day := first
	write := func(b *testing.B) {
		records := make([]ledger.Record, series)
		quiet := days.Quiet(day)
		for i := range records {
			records[i] = ledger.Record{Series: names[i], Day: day, Engine: "prometheus 3.8.0 embedded", Slices: quiet}
		}
		if _, err := l.Append(ctx, records); err != nil {
			b.Fatal(err)
		}
		day++
	}
	read := func(b *testing.B, names []ledger.Series, from, to int) {
		n := 0
		var month [][]byte
		for r, err := range l.Read(ctx, names, from, to, time.Time{}) {
			if err != nil {
				b.Fatal(err)
			}
			if month = append(month, r.Slices); r.Day == to {
				if err := days.Attain(month); err != nil {
					b.Fatal(err)
				}
				month = month[:0]
			}
			n++
		}
		if n != len(names)*(to-from+1) {
			b.Fatalf("%d records", n)
		}
	}
	write(b) // the names of the series
	for day < first+59 {
		write(b)
	}
	b.Run("a day of 10 000 series written", func(b *testing.B) {
		for b.Loop() {
			write(b)
		}
	})
	for day < first+90 {
		write(b)
	}
	b.Run("a month of 10 000 series read and attained", func(b *testing.B) {
		for b.Loop() {
			read(b, names, first+31, first+61)
		}
	})
	b.Run("bytes of a quiet day", func(b *testing.B) {
		for b.Loop() {
		}
		b.ReportMetric(float64(e.Size(b, l))/float64((day-first)*series), "bytes/day")
	})
	var year []ledger.Record
	for d := range 365 {
		year = append(year, ledger.Record{Series: "one", Day: first + d, Slices: days.Quiet(first + d)})
	}
	if _, err := l.Append(ctx, year); err != nil {
		b.Fatal(err)
	}
	b.Run("a year of one series read", func(b *testing.B) {
		for b.Loop() {
			read(b, []ledger.Series{"one"}, first, first+364)
		}
	})
}
