package model

import (
	"fmt"
	"time"
)

// Date is a civil date without zone, as days since 1970-01-01 plus one, so that
// the zero value is "no date". Document form "2027-03-12".
type Date int32

// NewDate makes a date; out-of-range days roll over as time.Date does.
func NewDate(y int, m time.Month, d int) Date {
	return Date(time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix()/86400) + 1
}

// DateOf is the civil date of an instant in its own location.
func DateOf(t time.Time) Date { return NewDate(t.Year(), t.Month(), t.Day()) }

// ParseDate reads "2006-01-02".
func ParseDate(s string) (Date, error) {
	t, err := time.Parse("2006-01-02", s)
	if err == nil && (t.Year() < 1900 || t.Year() > 2999) {
		return 0, faultf("%q lies outside the years 1900 to 2999", s)
	}
	if err != nil {
		return 0, faultf("%q is no date: write year-month-day, for example 2027-03-12", clip(s, 40))
	}
	return DateOf(t), nil
}

// IsZero reports an absent date.
func (d Date) IsZero() bool { return d == 0 }

// UTC is midnight UTC of the date.
func (d Date) UTC() time.Time { return time.Unix(int64(d-1)*86400, 0).UTC() }

// In is the first instant of the date in a location.
func (d Date) In(loc *time.Location) time.Time {
	u := d.UTC()
	return time.Date(u.Year(), u.Month(), u.Day(), 0, 0, 0, 0, loc)
}

// AddDays moves by days.
func (d Date) AddDays(n int) Date { return d + Date(n) }

// AddMonths moves by months; the day is clamped to the end of the month.
func (d Date) AddMonths(n int) Date {
	u := d.UTC()
	first := time.Date(u.Year(), u.Month()+time.Month(n), 1, 0, 0, 0, 0, time.UTC)
	last := first.AddDate(0, 1, -1).Day()
	return NewDate(first.Year(), first.Month(), min(u.Day(), last))
}

// Add moves by a period: months first, then days.
func (d Date) Add(p Period) Date { return d.AddMonths(p.Months).AddDays(p.Days) }

// DaysUntil counts days from d to o; negative when o is earlier.
func (d Date) DaysUntil(o Date) int { return int(o - d) }

// String writes "2006-01-02".
func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	return d.UTC().Format("2006-01-02")
}

// MarshalText writes "2006-01-02".
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads "2006-01-02".
func (d *Date) UnmarshalText(b []byte) error {
	v, err := ParseDate(string(b))
	if err != nil {
		return err
	}
	*d = v
	return nil
}

// Instant is a point in time with its offset, RFC 3339, whole seconds.
type Instant struct{ time.Time }

// MarshalText writes RFC 3339 in UTC.
func (i Instant) MarshalText() ([]byte, error) {
	return []byte(i.UTC().Format(time.RFC3339)), nil
}

// UnmarshalText reads RFC 3339, or "2027-03-12 08:00" followed by an offset.
func (i *Instant) UnmarshalText(b []byte) error {
	for _, layout := range []string{time.RFC3339, "2006-01-02 15:04:05Z07:00", "2006-01-02 15:04Z07:00", "2006-01-02T15:04Z07:00"} {
		if t, err := time.Parse(layout, string(b)); err == nil {
			i.Time = t.UTC().Truncate(time.Second)
			return nil
		}
	}
	return faultf("%q is no instant: write for example 2027-03-12T08:00:00+01:00", clip(string(b), 40))
}

// ClockTime is a wall-clock time of day in minutes since midnight, 0 to 1440.
// Document form "08:30"; "24:00" closes a day.
type ClockTime int16

// MarshalText writes "08:30".
func (c ClockTime) MarshalText() ([]byte, error) {
	return fmt.Appendf(nil, "%02d:%02d", c/60, c%60), nil
}

// UnmarshalText reads "08:30", "8:30", "8h30" or "24:00".
func (c *ClockTime) UnmarshalText(b []byte) error {
	var h, m int
	var sep rune
	n, err := fmt.Sscanf(string(b), "%d%c%d", &h, &sep, &m)
	if n == 2 && sep == 'h' {
		n, err = 3, nil
	}
	if n != 3 || err != nil || sep != ':' && sep != 'h' || h < 0 || m < 0 || m > 59 || h*60+m > 1440 {
		return faultf("%q is no time of day: write for example 08:30 or 24:00", clip(string(b), 20))
	}
	*c = ClockTime(h*60 + m)
	return nil
}
