package worktime

import "fmt"

// Period is a length on the calendar: so many months, then so many days.
type Period struct {
	Months, Days int
}

// IsZero tells whether the period is empty.
func (p Period) IsZero() bool { return p == Period{} }

// String returns the ISO 8601 duration, for example P3M or P1M15D.
func (p Period) String() string {
	switch {
	case p.Months == 0:
		return fmt.Sprintf("P%dD", p.Days)
	case p.Days == 0:
		return fmt.Sprintf("P%dM", p.Months)
	}
	return fmt.Sprintf("P%dM%dD", p.Months, p.Days)
}

// from returns the date one period after d, months first, clamped to the end
// of the month.
func (p Period) from(d Date) Date { return d.AddMonths(p.Months).AddDays(p.Days) }

func (p Period) times(n int) Period { return Period{p.Months * n, p.Days * n} }
