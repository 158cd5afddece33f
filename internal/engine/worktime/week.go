package worktime

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// TimeOfDay is a reading of the wall clock in minutes since midnight, from 0
// (00:00) to 1440 (24:00).
type TimeOfDay int

// EndOfDay is 24:00, the closing bound of a civil day.
const EndOfDay TimeOfDay = 24 * 60

// ParseTimeOfDay reads HH:MM from 00:00 to 24:00.
func ParseTimeOfDay(s string) (TimeOfDay, error) {
	hours, minutes, found := strings.Cut(s, ":")
	h, errH := strconv.ParseUint(hours, 10, 8)
	m, errM := strconv.ParseUint(minutes, 10, 8)
	t := TimeOfDay(h*60 + m)
	if !found || len(hours) != 2 || len(minutes) != 2 || errH != nil || errM != nil || m > 59 || t > EndOfDay {
		return 0, fmt.Errorf("time of day %q: write hours and minutes as HH:MM, from 00:00 to 24:00", s)
	}
	return t, nil
}

// String returns HH:MM.
func (t TimeOfDay) String() string { return fmt.Sprintf("%02d:%02d", int(t)/60, int(t)%60) }

// Span is a stretch of opening on the wall clock of one day. A To at or before
// From lies on the next day: 22:00-06:00 belongs wholly to the day on which it
// starts, so a holiday on that next day does not cut it.
type Span struct {
	From, To TimeOfDay
}

// ParseSpan reads HH:MM-HH:MM.
func ParseSpan(s string) (Span, error) {
	from, to, found := strings.Cut(s, "-")
	if !found {
		return Span{}, fmt.Errorf("span %q: write opening and closing as HH:MM-HH:MM", s)
	}
	var span Span
	var err error
	if span.From, err = ParseTimeOfDay(from); err != nil {
		return Span{}, fmt.Errorf("span %q: %w", s, err)
	}
	if span.To, err = ParseTimeOfDay(to); err != nil {
		return Span{}, fmt.Errorf("span %q: %w", s, err)
	}
	return span, span.Validate()
}

// Validate refuses times outside the day and spans whose length is unclear.
func (s Span) Validate() error {
	switch {
	case s.From < 0 || s.From >= EndOfDay:
		return fmt.Errorf("span %s: it must open between 00:00 and 23:59", s)
	case s.To < 0 || s.To > EndOfDay:
		return fmt.Errorf("span %s: it must close between 00:00 and 24:00", s)
	case s.From == s.To:
		return fmt.Errorf("span %s: it opens and closes at the same time; write 00:00-24:00 for a whole day", s)
	}
	return nil
}

// PastMidnight tells whether the span closes on the day after it opens.
func (s Span) PastMidnight() bool { return s.To <= s.From }

// String returns HH:MM-HH:MM.
func (s Span) String() string { return s.From.String() + "-" + s.To.String() }

// WholeDay is the span from midnight to midnight.
var WholeDay = Span{0, EndOfDay}

// Week holds the spans of each day of the week, indexed by time.Weekday. Spans
// may come in any order and overlap.
type Week [7][]Span

// Everyday returns the week with the same spans each day.
func Everyday(spans ...Span) Week {
	return Week{spans, spans, spans, spans, spans, spans, spans}
}

// WorkingDays returns the week with the same spans from Monday to Friday.
func WorkingDays(spans ...Span) Week {
	week := Everyday(spans...)
	week[time.Saturday], week[time.Sunday] = nil, nil
	return week
}

// Validate returns the first fault of any span, with its day.
func (w Week) Validate() error {
	for day, spans := range w {
		for _, s := range spans {
			if err := s.Validate(); err != nil {
				return fmt.Errorf("%s: %w", time.Weekday(day), err)
			}
		}
	}
	return nil
}
