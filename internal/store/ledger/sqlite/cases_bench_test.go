package sqlite

import (
	"fmt"
	"testing"
	"time"

	"diapason/internal/store/ledger"
)

// BenchmarkCases reads one month of five years of cases, a hundred a day.
func BenchmarkCases(b *testing.B) {
	l := openTest(b, b.TempDir(), nil)
	start := time.Date(2022, 1, 1, 0, 0, 0, 0, time.UTC)
	for day := range 5 * 365 {
		var cases []ledger.Case
		for n := range 100 {
			opened := start.AddDate(0, 0, day).Add(time.Duration(n) * time.Minute)
			cases = append(cases, ledger.Case{
				Source: "measurement-source/desk", ID: fmt.Sprintf("I-%d-%d", day, n), Service: "service/shop", Priority: "P2", Title: "Something does not work",
				Opened: opened, Restored: opened.Add(5 * time.Hour), Closed: opened.Add(72 * time.Hour),
			})
		}
		if _, _, err := l.AppendCases(b.Context(), cases); err != nil {
			b.Fatal(err)
		}
	}
	for _, month := range []struct {
		name string
		from time.Time
	}{{"the last month", start.AddDate(0, 0, 5*365-30)}, {"a month in the first year", start.AddDate(0, 6, 0)}} {
		b.Run(month.name, func(b *testing.B) {
			for b.Loop() {
				n := 0
				for _, err := range l.Cases(b.Context(), "measurement-source/desk", month.from, month.from.AddDate(0, 0, 30), time.Time{}) {
					if err != nil {
						b.Fatal(err)
					}
					n++
				}
				if n < 3000 {
					b.Fatal(n)
				}
			}
		})
	}
}
