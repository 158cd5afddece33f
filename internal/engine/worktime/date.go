package worktime

import (
	"cmp"
	"fmt"
	"time"
)

// Date is a civil date of the proleptic Gregorian calendar, without time and
// zone. It is comparable and may key a map. The zero Date is no date.
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// NewDate returns the date, carrying days and months out of range over as
// time.Date does: NewDate(2026, 2, 29) is 2026-03-01.
func NewDate(year int, month time.Month, day int) Date {
	y, m, d := time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Date()
	return Date{y, m, d}
}

// DateOf returns the date that the wall clock of t's own location shows.
func DateOf(t time.Time) Date {
	y, m, d := t.Date()
	return Date{y, m, d}
}

// ParseDate reads an ISO 8601 calendar date, YYYY-MM-DD, and refuses days that
// the calendar does not have.
func ParseDate(s string) (Date, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return Date{}, fmt.Errorf("date %q: write an existing day as YYYY-MM-DD, for example 2026-02-28", s)
	}
	return DateOf(t), nil
}

// String returns the date as YYYY-MM-DD, and the empty string for no date.
func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	return fmt.Sprintf("%04d-%02d-%02d", d.Year, int(d.Month), d.Day)
}

// MarshalText writes the ISO form.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads the ISO form; empty text is no date.
func (d *Date) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*d = Date{}
		return nil
	}
	parsed, err := ParseDate(string(text))
	if err == nil {
		*d = parsed
	}
	return err
}

// IsZero tells whether d is no date.
func (d Date) IsZero() bool { return d == Date{} }

// IsValid tells whether the calendar has this day.
func (d Date) IsValid() bool { return !d.IsZero() && NewDate(d.Year, d.Month, d.Day) == d }

// Compare returns -1, 0 or +1 as d lies before, on or after o.
func (d Date) Compare(o Date) int {
	return cmp.Or(cmp.Compare(d.Year, o.Year), cmp.Compare(d.Month, o.Month), cmp.Compare(d.Day, o.Day))
}

// Before tells whether d lies before o.
func (d Date) Before(o Date) bool { return d.Compare(o) < 0 }

// After tells whether d lies after o.
func (d Date) After(o Date) bool { return d.Compare(o) > 0 }

// Weekday returns the day of the week.
func (d Date) Weekday() time.Weekday { return d.midnightUTC().Weekday() }

// AddDays returns the date n days later, earlier when n is negative.
func (d Date) AddDays(n int) Date { return NewDate(d.Year, d.Month, d.Day+n) }

// DaysUntil returns the number of days from d to o, negative when o is earlier.
func (d Date) DaysUntil(o Date) int {
	return int((o.midnightUTC().Unix() - d.midnightUTC().Unix()) / 86400)
}

// AddMonths returns the day of the same number n months later, and the last
// day of that month where it has no such day: 31 January plus one month is
// 28 or 29 February.
func (d Date) AddMonths(n int) Date {
	first := NewDate(d.Year, d.Month+time.Month(n), 1)
	return Date{first.Year, first.Month, min(d.Day, DaysIn(first.Year, first.Month))}
}

// AddMonthsSticky is AddMonths for agreements that run from month end to month
// end: the last day of a month stays the last day (30 April plus one month is
// 31 May; 28 February 2026 plus one month is 31 March).
func (d Date) AddMonthsSticky(n int) Date {
	moved := d.AddMonths(n)
	if d.Day == DaysIn(d.Year, d.Month) {
		moved.Day = DaysIn(moved.Year, moved.Month)
	}
	return moved
}

// MonthsUntil returns the number of month boundaries between d and o, whatever
// the days: 2026-01-31 to 2026-02-01 is one.
func (d Date) MonthsUntil(o Date) int {
	return (o.Year-d.Year)*12 + int(o.Month) - int(d.Month)
}

// DaysIn returns the number of days of a month.
func DaysIn(year int, month time.Month) int {
	return time.Date(year, month+1, 0, 0, 0, 0, 0, time.UTC).Day()
}

// In returns the instant at which the date begins in the zone: midnight, or the
// end of the gap where midnight does not exist.
func (d Date) In(loc *time.Location) time.Time {
	clock := wallClock{location: orUTC(loc)}
	return clock.instant(d, 0, opening).In(clock.location)
}

// Interval returns the instants that bear the date in the zone: 23, 24 or 25
// hours long in most of the world, and empty where the zone skipped the day.
func (d Date) Interval(loc *time.Location) Interval {
	clock := wallClock{location: orUTC(loc)}
	return Interval{clock.instant(d, 0, opening), clock.instant(d, EndOfDay, closing)}
}

func (d Date) midnightUTC() time.Time {
	return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC)
}

func orUTC(loc *time.Location) *time.Location {
	if loc == nil {
		return time.UTC
	}
	return loc
}
