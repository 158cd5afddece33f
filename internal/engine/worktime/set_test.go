package worktime

import (
	"math"
	"testing"
	"time"

	"pgregory.net/rapid"
)

var epoch = time.Date(2026, 3, 28, 0, 0, 0, 0, time.UTC)

// spread draws an integer of the range, all about as often: rapid's own ranges
// prefer small numbers, and long windows would hardly be tried.
func spread(t *rapid.T, label string, lo, hi int) int {
	const golden = 0x9E3779B97F4A7C15
	mixed := rapid.Uint64().Draw(t, label) * golden
	return lo + int((mixed>>32)%uint64(hi-lo+1))
}

// minuteInterval draws intervals, empty and inverted ones too, on a grid of
// minutes and in changing zones: only the instant may count.
func minuteInterval(span int) *rapid.Generator[Interval] {
	zones := []*time.Location{time.UTC, time.FixedZone("east", 5*3600+1800), time.FixedZone("west", -8*3600)}
	return rapid.Custom(func(t *rapid.T) Interval {
		from := spread(t, "from", 0, span)
		to := spread(t, "to", 0, span)
		zone := rapid.SampledFrom(zones).Draw(t, "zone")
		at := func(m int) time.Time { return epoch.Add(time.Duration(m) * time.Minute).In(zone) }
		return Interval{at(from), at(to)}
	})
}

func drawSet(t *rapid.T, span int, label string) Set {
	return NewSet(rapid.SliceOfN(minuteInterval(span), 0, 8).Draw(t, label)...)
}

// minutes returns which minutes of the grid the set holds, by definition.
func minutes(s Set, span int) []bool {
	held := make([]bool, span)
	for m := range held {
		at := epoch.Add(time.Duration(m) * time.Minute)
		for _, i := range s.Intervals() {
			held[m] = held[m] || i.Contains(at)
		}
	}
	return held
}

func TestSetAlgebraAgreesWithSingleMinutes(t *testing.T) {
	const span = 120
	rapid.Check(t, func(t *rapid.T) {
		a, b := drawSet(t, span, "a"), drawSet(t, span, "b")
		within := minuteInterval(span).Draw(t, "within")
		inA, inB := minutes(a, span), minutes(b, span)
		results := map[string]struct {
			set  Set
			want func(m int, inside bool) bool
		}{
			"union":      {a.Union(b), func(m int, _ bool) bool { return inA[m] || inB[m] }},
			"unite":      {Unite(b, Set{}, a), func(m int, _ bool) bool { return inA[m] || inB[m] }},
			"intersect":  {a.Intersect(b), func(m int, _ bool) bool { return inA[m] && inB[m] }},
			"subtract":   {a.Subtract(b), func(m int, _ bool) bool { return inA[m] && !inB[m] }},
			"clip":       {a.Clip(within), func(m int, inside bool) bool { return inA[m] && inside }},
			"complement": {a.Complement(within), func(m int, inside bool) bool { return !inA[m] && inside }},
		}
		for name, r := range results {
			for i, part := range r.set.parts {
				if part.IsEmpty() || part.Start.Location() != time.UTC || i > 0 && !part.Start.After(r.set.parts[i-1].End) {
					t.Fatalf("%s is not in normal form: %s", name, r.set)
				}
			}
			var total time.Duration
			for m, got := range minutes(r.set, span) {
				at := epoch.Add(time.Duration(m) * time.Minute)
				if got != r.want(m, within.Contains(at)) {
					t.Fatalf("%s of %s and %s within %s is wrong at %s: %s", name, a, b, within, at, r.set)
				}
				if r.set.Contains(at) != got {
					t.Fatalf("%s: Contains disagrees at %s", name, at)
				}
				if got {
					total += time.Minute
				}
			}
			if total != r.set.Duration() {
				t.Fatalf("%s lasts %s, its minutes %s", name, r.set.Duration(), total)
			}
		}
	})
}

func TestSetLaws(t *testing.T) {
	const span = 200
	whole := Interval{epoch, epoch.Add(span * time.Minute)}
	rapid.Check(t, func(t *rapid.T) {
		a, b, c := drawSet(t, span, "a"), drawSet(t, span, "b"), drawSet(t, span, "c")
		laws := map[string]bool{
			"union commutes":            a.Union(b).Equal(b.Union(a)),
			"intersection commutes":     a.Intersect(b).Equal(b.Intersect(a)),
			"union associates":          a.Union(b.Union(c)).Equal(a.Union(b).Union(c)),
			"intersection distributes":  a.Intersect(b.Union(c)).Equal(a.Intersect(b).Union(a.Intersect(c))),
			"De Morgan":                 a.Union(b).Complement(whole).Equal(a.Complement(whole).Intersect(b.Complement(whole))),
			"complement is involutive":  a.Complement(whole).Complement(whole).Equal(a),
			"what is taken may be back": a.Subtract(b).Union(a.Intersect(b)).Equal(a),
			"a set rebuilt is equal":    NewSet(a.Intervals()...).Equal(a),
		}
		for law, holds := range laws {
			if !holds {
				t.Fatalf("%s fails for %s, %s, %s", law, a, b, c)
			}
		}
	})
}

func TestSetsKeepTheirOperandsUnchanged(t *testing.T) {
	at := func(m int) time.Time { return epoch.Add(time.Duration(m) * time.Minute) }
	a, b := NewSet(Interval{at(0), at(10)}, Interval{at(20), at(30)}), NewSet(Interval{at(5), at(25)})
	beforeA, beforeB := a.String(), b.String()
	a.Union(b)
	Unite(a, b)
	a.Clip(Interval{at(2), at(22)})
	a.Subtract(b)
	a.Intervals()[0].Start = at(9)
	if a.String() != beforeA || b.String() != beforeB {
		t.Errorf("operands changed: %s, %s", a, b)
	}
}

func TestLongSetsSaturate(t *testing.T) {
	s := NewSet(Interval{epoch.AddDate(-400, 0, 0), epoch}, Interval{epoch.AddDate(0, 0, 1), epoch.AddDate(400, 0, 0)})
	if s.Duration() != math.MaxInt64 {
		t.Errorf("800 years last %s", s.Duration())
	}
}
