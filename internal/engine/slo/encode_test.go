package slo

import (
	"bytes"
	"errors"
	"testing"

	"pgregory.net/rapid"
)

// aDay draws a valid day, in normal form or not.
func aDay(t *rapid.T, number int) Day {
	d := Day{Number: number}
	left := DayMinutes
	counted := rapid.Bool().Draw(t, "counted")
	whole := rapid.Bool().Draw(t, "whole")
	for left > 0 && rapid.IntRange(0, 20).Draw(t, "more") > 0 {
		r := Run{Minutes: rapid.IntRange(1, min(left, 300)).Draw(t, "minutes"), State: State(rapid.IntRange(0, 2).Draw(t, "state"))}
		if counted && rapid.IntRange(0, 4).Draw(t, "has events") > 0 {
			top := rapid.SampledFrom([]int64{5_000, 100_000, int64(MaxCount)}).Draw(t, "top")
			r.Total = Count(rapid.Int64Range(0, top).Draw(t, "total"))
			r.Good = Count(rapid.Int64Range(0, int64(r.Total)).Draw(t, "good"))
			if whole {
				r.Total, r.Good = r.Total/1000*1000, r.Good/1000*1000
			}
		}
		d.Runs = append(d.Runs, r)
		left -= r.Minutes
	}
	return d
}

func anyDay(t *rapid.T) Day { return aDay(t, rapid.IntRange(-maxDay, maxDay).Draw(t, "day")) }

func TestADayReadsAsItWasWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := anyDay(t)
		b, err := EncodeDay(d)
		if err != nil {
			t.Fatal(err)
		}
		back, err := DecodeDay(b)
		if err != nil {
			t.Fatalf("%v\n%x", err, b)
		}
		if !back.Equal(d) || !back.isNormal() {
			t.Fatalf("%+v\nbecame %+v", d.Normal(), back)
		}
		again, err := EncodeDay(d.Builder().Day())
		if err != nil || !bytes.Equal(again, b) {
			t.Fatalf("the same day minute by minute has other bytes: %x, %x, %v", b, again, err)
		}
	})
}

func TestQuietDaysAreShort(t *testing.T) {
	noisy := NewDayBuilder(20_454)
	for i := range DayMinutes {
		noisy.Minute(i, Good, float64(1000+(i*7919)%61-30), float64(1000+(i*7919)%61-30))
	}
	for _, c := range []struct {
		name string
		day  Day
		most int
	}{
		{"a good day", Day{20_454, []Run{{Minutes: DayMinutes, State: Good}}}, 9},
		{"a day of which nothing is known", Day{Number: 20_454}, 5},
		{"a day with steady events", Day{20_454, []Run{{Minutes: DayMinutes, State: Good, Good: 60_000, Total: 60_000}}}, 16},
		{"a day with one outage", Day{20_454, []Run{{Minutes: 600, State: Good}, {Minutes: 7, State: Bad}, {Minutes: 833, State: Good}}}, 14},
		{"a day of 1440 different counts", noisy.Day(), 1800},
	} {
		b, err := EncodeDay(c.day)
		if err != nil || len(b) > c.most {
			t.Errorf("%s takes %d bytes, %d expected (%v)", c.name, len(b), c.most, err)
		}
	}
}

func TestWhatIsNoDayIsRefused(t *testing.T) {
	for name, d := range map[string]Day{
		"more minutes than a day has":       {1, []Run{{Minutes: 1440, State: Good}, {Minutes: 1, State: Bad}}},
		"a run without minutes":             {1, []Run{{Minutes: 0, State: Good}}},
		"a state that does not exist":       {1, []Run{{Minutes: 1, State: 3}}},
		"more good events than events":      {1, []Run{{Minutes: 1, State: Good, Good: 2, Total: 1}}},
		"fewer than no good events":         {1, []Run{{Minutes: 1, State: Good, Good: -1, Total: 1}}},
		"more events than a minute can":     {1, []Run{{Minutes: 1, State: Good, Total: MaxCount + 1}}},
		"a day beyond the range of instant": {maxDay + 1, nil},
	} {
		if _, err := EncodeDay(d); err == nil {
			t.Errorf("%s is taken", name)
		}
	}
}

func FuzzDecodeDay(f *testing.F) {
	for _, d := range []Day{
		{Number: 20_454},
		{20_454, []Run{{Minutes: DayMinutes, State: Good}}},
		{-3, []Run{{Minutes: 60, State: Good, Good: 59_000, Total: 60_000}, {Minutes: 1, State: Bad, Total: 12_345}, {Minutes: 9}, {Minutes: 3, State: Bad}}},
	} {
		b, err := EncodeDay(d)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		d, err := DecodeDay(b)
		if err != nil {
			if !errors.Is(err, ErrEvidence) {
				t.Fatalf("%v is no ErrEvidence", err)
			}
			return
		}
		again, err := EncodeDay(d)
		if err != nil || !bytes.Equal(again, b) {
			t.Fatalf("%x reads as %+v and is written %x (%v)", b, d, again, err)
		}
	})
}
