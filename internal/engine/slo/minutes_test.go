package slo

import (
	"reflect"
	"testing"
	"time"

	"diapason/internal/engine/worktime"

	"pgregory.net/rapid"
)

// Judging by whole minutes gives what judging by the piece gives.
func TestDaysOfWholeMinutesAreJudgedAsPiecesAre(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var days []Day
		for n := range rapid.IntRange(1, 3).Draw(t, "days") {
			d := Day{Number: firstDay + n}
			for range rapid.IntRange(0, 12).Draw(t, "runs") {
				r := Run{Minutes: rapid.SampledFrom([]int{1, 1, 2, 3, 5, 60, 700}).Draw(t, "minutes"), State: rapid.SampledFrom([]State{Unknown, Good, Bad}).Draw(t, "state")}
				if r.State != Unknown && rapid.Bool().Draw(t, "counted") {
					r.Total = Count(rapid.SampledFrom([]int64{1, 1000, 3000, int64(MaxCount), fewEvents}).Draw(t, "total"))
					r.Good = min(r.Total, Count(rapid.Int64Range(0, 3000).Draw(t, "good")))
				}
				d.Runs = append(d.Runs, r)
			}
			days = append(days, d)
		}
		instant := func(label string) time.Time {
			m := rapid.IntRange(-60, 3*DayMinutes+60).Draw(t, label)
			at := at(m)
			if rapid.IntRange(0, 4).Draw(t, label+" cut") == 0 {
				at = at.Add(17 * time.Second)
			}
			return at
		}
		interval := func(label string) worktime.Interval {
			a, b := instant(label+" from"), instant(label+" to")
			if b.Before(a) {
				a, b = b, a
			}
			return worktime.Interval{Start: a, End: b}
		}
		window := worktime.Interval{Start: at(0), End: at(3 * DayMinutes)}
		f := NewFrame(window, instant("until"), worktime.NewSet(interval("agreed"), interval("agreed too")), worktime.NewSet(interval("excluded")))
		r := Rules{
			Method: rapid.SampledFrom([]Method{Timeslices, Occurrences, RatioTimeslices}).Draw(t, "method"), Slice: rapid.SampledFrom([]int{0, 1, 5, 7, 60, DayMinutes}).Draw(t, "slice"),
			Unknown: rapid.SampledFrom([]Treatment{UnknownExcluded, UnknownUp, UnknownDown}).Draw(t, "unknown"), Target: ShareOf(0.99),
		}
		if rapid.Bool().Draw(t, "target") {
			target := Share(rapid.SampledFrom([]int64{0, 1, int64(Whole) / 2, int64(Whole) / 3, int64(Whole)}).Draw(t, "slice target"))
			r.SliceTarget = &target
		}
		var slow tally
		f.pieces(days, r, &slow)
		want := f.attained(&slow, r)
		if got := Attain(days, f, r); !reflect.DeepEqual(got, want) {
			t.Fatalf("%+v\nby the piece %+v", got, want)
		}
	})
}
