package postgres

import (
	"testing"
	"time"

	"diapason/internal/engine/slo"
	"diapason/internal/engine/worktime"
	"diapason/internal/store/ledger/ledgertest"
)

func BenchmarkLedger(b *testing.B) {
	from := time.Date(2026, 2, 1, 0, 0, 0, 0, time.UTC)
	month := worktime.Interval{Start: from, End: from.AddDate(0, 0, 31)}
	frame := slo.NewFrame(month, time.Time{}, worktime.NewSet(month), worktime.Set{})
	ledgertest.Benchmark(b, engine, ledgertest.Days{
		Quiet: func(day int) []byte {
			out, err := slo.EncodeDay(slo.Day{Number: day, Runs: []slo.Run{{Minutes: slo.DayMinutes, State: slo.Good, Good: 2000, Total: 2000}}})
			if err != nil {
				b.Fatal(err)
			}
			return out
		},
		Attain: func(slices [][]byte) error {
			days := make([]slo.Day, len(slices))
			for i, s := range slices {
				var err error
				if days[i], err = slo.DecodeDay(s); err != nil {
					return err
				}
			}
			slo.Attain(days, frame, slo.Rules{Target: slo.ShareOf(0.999)})
			return nil
		},
	})
}
