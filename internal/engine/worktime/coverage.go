package worktime

import (
	"slices"
	"time"
)

// Coverage compares promised hours with the hours that somebody supports.
type Coverage struct {
	// Uncovered are the promised instants that nobody supports.
	Uncovered Set
	// Weeks are the weeks of the period, Monday to Sunday on the wall clock of
	// the zone, in order; the first and the last may be cut by the period.
	Weeks []WeekCoverage
	// Typical is the index of the first week that shows the pattern most
	// whole weeks show, -1 where the period holds no whole week.
	Typical int
	// Worst is the index of the first week with the most uncovered time, -1
	// where the period is empty.
	Worst int
}

// WeekCoverage is one week of a [Coverage].
type WeekCoverage struct {
	// Monday is the date on which the week begins.
	Monday Date
	// Whole tells that the period holds the entire week.
	Whole     bool
	Promised  time.Duration
	Uncovered time.Duration
	// Pattern is the uncovered time on the wall clock; empty when all is covered.
	Pattern Pattern
}

// Cover compares the promised with the supporting hours over a period, week by
// week in the zone.
func Cover(loc *time.Location, period Interval, promised Set, supporting ...Set) Coverage {
	loc = orUTC(loc)
	promised = promised.Clip(period)
	c := Coverage{Uncovered: promised.Subtract(Unite(supporting...)), Typical: -1, Worst: -1}
	if period.IsEmpty() {
		return c
	}
	first := DateOf(period.Start.In(loc))
	monday := first.AddDays(-((int(first.Weekday()) + 6) % 7))
	for start := monday.In(loc); start.Before(period.End); {
		next := monday.AddDays(7)
		week := Interval{start, next.In(loc)}
		uncovered := c.Uncovered.Clip(week)
		c.Weeks = append(c.Weeks, WeekCoverage{
			Monday:    monday,
			Whole:     !week.Start.Before(period.Start) && !week.End.After(period.End),
			Promised:  promised.Clip(week).Duration(),
			Uncovered: uncovered.Duration(),
			Pattern:   PatternOf(uncovered, loc),
		})
		monday, start = next, week.End
	}
	c.choose()
	return c
}

// choose finds the typical and the worst week.
func (c *Coverage) choose() {
	most := 0
	counts := map[string]int{}
	first := map[string]int{}
	for i, w := range c.Weeks {
		if c.Worst < 0 || w.Uncovered > c.Weeks[c.Worst].Uncovered {
			c.Worst = i
		}
		if !w.Whole {
			continue
		}
		key := w.Pattern.String()
		if counts[key] == 0 {
			first[key] = i
		}
		counts[key]++
		// A later pattern must be strictly more frequent, or as frequent and
		// seen earlier, to be the typical one.
		if counts[key] > most || counts[key] == most && first[key] < c.Typical {
			most, c.Typical = counts[key], first[key]
		}
	}
}

// Pattern is hours of the week in compact form: groups of consecutive days with
// the same hours, from Monday on. Spans never pass midnight: what does is cut
// there, and a whole day is 00:00-24:00.
type Pattern []DayGroup

// DayGroup is a run of consecutive days of the week with the same hours.
type DayGroup struct {
	// From and To are the first and last day; equal for a single day. Monday
	// is the first day of the week and Sunday the last.
	From, To time.Weekday
	Spans    []Span
}

// PatternOf projects a set onto the wall clock of one week. A set longer than
// a week shows every hour that it holds in any week. Instants within a minute
// count as the whole minute; either passage of an hour that a change of the
// clock repeats shows as that hour.
func PatternOf(s Set, loc *time.Location) Pattern {
	loc = orUTC(loc)
	var days [7][]Span
	for i := range s.All() {
		last := DateOf(i.End.Add(-1).In(loc))
		for day := DateOf(i.Start.In(loc)); !day.After(last); day = day.AddDays(1) {
			part := i.Intersect(day.Interval(loc))
			if part.IsEmpty() {
				continue
			}
			weekday := day.Weekday()
			days[weekday] = append(days[weekday], wallSpans(part, loc)...)
		}
	}
	var p Pattern
	for n := range 7 {
		day := time.Weekday((n + 1) % 7)
		spans := joinSpans(days[day])
		if len(spans) == 0 {
			continue
		}
		if last := len(p) - 1; last >= 0 && (p[last].To+1)%7 == day && slices.Equal(p[last].Spans, spans) {
			p[last].To = day
			continue
		}
		p = append(p, DayGroup{day, day, spans})
	}
	return p
}

// wallSpans returns the wall-clock readings that an interval within one day
// passes, cut where the clock is changed.
func wallSpans(part Interval, loc *time.Location) []Span {
	var spans []Span
	for start := part.Start.In(loc); start.Before(part.End); {
		end := part.End
		if _, change, _ := stretch(start); !change.IsZero() {
			end = earlier(end, change)
		}
		from := time.Duration(start.Hour())*time.Hour + time.Duration(start.Minute())*time.Minute +
			time.Duration(start.Second())*time.Second + time.Duration(start.Nanosecond())
		to := from + end.Sub(start) + time.Minute - 1
		spans = append(spans, Span{TimeOfDay(from / time.Minute), min(TimeOfDay(to/time.Minute), EndOfDay)})
		start = end.In(loc)
	}
	return spans
}

// joinSpans sorts the spans of one day and joins those that overlap or touch.
func joinSpans(spans []Span) []Span {
	slices.SortFunc(spans, func(a, b Span) int { return int(a.From - b.From) })
	var joined []Span
	for _, s := range spans {
		if last := len(joined) - 1; last >= 0 && s.From <= joined[last].To {
			joined[last].To = max(joined[last].To, s.To)
			continue
		}
		joined = append(joined, s)
	}
	return joined
}

// String writes the pattern for logs and tests: "Mon-Fri 18:00-20:00; Sun
// 00:00-24:00". What users read is rendered elsewhere, from the data.
func (p Pattern) String() string {
	var b []byte
	for i, g := range p {
		if i > 0 {
			b = append(b, "; "...)
		}
		b = append(b, g.From.String()[:3]...)
		if g.To != g.From {
			b = append(append(b, '-'), g.To.String()[:3]...)
		}
		for _, s := range g.Spans {
			b = append(append(b, ' '), s.String()...)
		}
	}
	return string(b)
}
