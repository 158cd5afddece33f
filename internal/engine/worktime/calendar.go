package worktime

import (
	"fmt"
	"time"
)

// Calendar says when something is open: hours of the week on the wall clock of
// a zone, days closed as holidays, and special days with hours of their own. A
// special day overrides both the week and a holiday; without spans it is
// closed. The zero Calendar is never open.
type Calendar struct {
	// Location is the zone of the wall clock; nil is UTC.
	Location *time.Location
	// Week is ignored where Always is set.
	Week Week
	// Holidays are closed days, in any order.
	Holidays []Date
	// SpecialDays override the hours of single days.
	SpecialDays map[Date][]Span
	// Always makes the week 00:00-24:00 each day.
	Always bool
}

// AlwaysOpen returns the calendar that never closes (24x7).
func AlwaysOpen() Calendar { return Calendar{Always: true} }

// Validate returns the first fault of any span, with its day.
func (c Calendar) Validate() error {
	if err := c.Week.Validate(); err != nil {
		return err
	}
	for date, spans := range c.SpecialDays {
		for _, s := range spans {
			if err := s.Validate(); err != nil {
				return fmt.Errorf("special day %s: %w", date, err)
			}
		}
	}
	return nil
}

// Open returns the open instants within the interval: every span expanded on
// the wall clock by the rules of the package documentation. Spans that
// Validate refuses stay closed.
func (c Calendar) Open(within Interval) Set {
	if within.IsEmpty() {
		return Set{}
	}
	if c.Always && len(c.Holidays) == 0 && len(c.SpecialDays) == 0 {
		return NewSet(within)
	}
	loc := orUTC(c.Location)
	holidays := make(map[Date]bool, len(c.Holidays))
	for _, h := range c.Holidays {
		holidays[h] = true
	}
	clock := wallClock{location: loc}
	// A span may begin on the day before and reach in; a zone may have jumped
	// over a whole day.
	day := DateOf(within.Start.In(loc)).AddDays(-2)
	last := DateOf(within.End.In(loc))
	var open []Interval
	for ; !day.After(last); day = day.AddDays(1) {
		for _, s := range c.spansOn(day, holidays) {
			if s.Validate() != nil {
				continue
			}
			end := day
			if s.PastMidnight() {
				end = day.AddDays(1)
			}
			i := Interval{clock.instant(day, s.From, opening), clock.instant(end, s.To, closing)}
			open = append(open, i.Intersect(within))
		}
	}
	return NewSet(open...)
}

var wholeDay = []Span{WholeDay}

func (c Calendar) spansOn(day Date, holidays map[Date]bool) []Span {
	if spans, special := c.SpecialDays[day]; special {
		return spans
	}
	switch {
	case holidays[day]:
		return nil
	case c.Always:
		return wholeDay
	}
	return c.Week[day.Weekday()]
}
