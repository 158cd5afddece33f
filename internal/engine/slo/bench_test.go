package slo

import (
	"slices"
	"testing"
	"time"

	"diapason/internal/engine/worktime"
)

func BenchmarkMonthOfQuietDays(b *testing.B) {
	days, f := quietMonth()
	r := Rules{Target: ShareOf(0.999)}
	b.ReportAllocs()
	for b.Loop() {
		Attain(days, f, r)
	}
}

// BenchmarkTenThousandMonths reads and judges a month of 10 000 series from their bytes,
// one in ten of them with an outage, without the storage.
func BenchmarkTenThousandMonths(b *testing.B) {
	days, f := quietMonth()
	quiet, err := EncodeDay(days[0])
	if err != nil {
		b.Fatal(err)
	}
	outage, err := EncodeDay(days[0].With(600, 637, Run{State: Bad}))
	if err != nil {
		b.Fatal(err)
	}
	r := Rules{Target: ShareOf(0.999)}
	month := make([]Day, len(days))
	b.ReportAllocs()
	for b.Loop() {
		for i := range 10_000 {
			for j := range month {
				text := quiet
				if i%10 == 0 && j == i/10%30 {
					text = outage
				}
				if month[j], err = DecodeDay(text); err != nil {
					b.Fatal(err)
				}
				month[j].Number += j
			}
			if a := Attain(month, f, r); a.Verdict == Undecided {
				b.Fatal(a)
			}
		}
	}
}

func BenchmarkMonthOfOutages(b *testing.B) {
	days, f := quietMonth()
	days = slices.Clone(days)
	for i := range days {
		days[i].Runs = []Run{{Minutes: 100 + i, State: Good}, {Minutes: 5, State: Bad}, {Minutes: 600, State: Good}, {Minutes: 2, State: Unknown}, {Minutes: 500, State: Good}}
	}
	r := Rules{Target: ShareOf(0.999)}
	for b.Loop() {
		Attain(days, f, r)
	}
}

func BenchmarkYearOfCountedMinutes(b *testing.B) {
	noisy := noisyDay()
	var days []Day
	for n := range 365 {
		days = append(days, Day{firstDay + n, noisy.Runs})
	}
	window := worktime.Interval{Start: at(0), End: at(365 * DayMinutes)}
	f := NewFrame(window, time.Time{}, worktime.NewSet(window), worktime.Set{})
	for _, m := range []Method{Timeslices, Occurrences, RatioTimeslices} {
		b.Run(m.String(), func(b *testing.B) {
			target := ShareOf(0.99)
			for b.Loop() {
				Attain(days, f, Rules{Method: m, Slice: 5, SliceTarget: &target, Target: ShareOf(0.999)})
			}
		})
	}
}

func BenchmarkFrameOfOfficeMonth(b *testing.B) {
	_, f := quietMonth()
	office := worktime.Calendar{Location: time.UTC}
	for d := time.Monday; d <= time.Friday; d++ {
		office.Week[d] = []worktime.Span{{From: 8 * 60, To: 18 * 60}}
	}
	open := office.Open(f.Window())
	for b.Loop() {
		NewFrame(f.Window(), time.Time{}, open, worktime.Set{})
	}
}

func BenchmarkEncode(b *testing.B) {
	quiet := Day{firstDay, []Run{{Minutes: DayMinutes, State: Good}}}
	for name, d := range map[string]Day{"quiet": quiet, "counted": noisyDay()} {
		bytes, err := EncodeDay(d)
		if err != nil {
			b.Fatal(err)
		}
		b.Run("write-"+name, func(b *testing.B) {
			for b.Loop() {
				if _, err := EncodeDay(d); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run("read-"+name, func(b *testing.B) {
			for b.Loop() {
				if _, err := DecodeDay(bytes); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func quietMonth() ([]Day, *Frame) {
	var days []Day
	for n := range 30 {
		days = append(days, Day{firstDay + n, []Run{{Minutes: DayMinutes, State: Good}}})
	}
	window := worktime.Interval{Start: at(0), End: at(30 * DayMinutes)}
	return days, NewFrame(window, time.Time{}, worktime.NewSet(window), worktime.Set{})
}

func noisyDay() Day {
	b := NewDayBuilder(firstDay)
	for i := range DayMinutes {
		n := float64(1000 + (i*7919)%61 - 30)
		b.Minute(i, Good, n-float64(i*31%7/6), n)
	}
	return b.Day()
}
