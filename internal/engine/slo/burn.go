package slo

import (
	"math"
	"math/big"
	"time"

	"diapason/internal/engine/worktime"
)

// BurnRate is how many times faster than evenly a budget is used: 1 uses it up exactly in
// its window.
type BurnRate float64

// burnRate is (num/den)/(budget/Whole), from exact numbers by one rounding; infinite where
// nothing is allowed and something lost.
func burnRate(num, den *big.Int, budget int64) BurnRate {
	if num.Sign() <= 0 {
		return 0
	}
	if budget <= 0 {
		return BurnRate(math.Inf(1))
	}
	r := new(big.Rat).SetFrac(new(big.Int).Mul(num, big.NewInt(int64(Whole))), new(big.Int).Mul(den, big.NewInt(budget)))
	f, _ := r.Float64()
	return BurnRate(f)
}

// MostBurn is the largest burn rate that a target knows: that of a total loss,
// 1/(1 − target). An alert above it can never fire. Infinite for a target of 100 %.
func MostBurn(target Share) BurnRate {
	if target >= Whole {
		return BurnRate(math.Inf(1))
	}
	return BurnRate(float64(Whole) / float64(Whole-target))
}

// Severity is how urgent an alert is.
type Severity string

// The severities, in the words of the SRE workbook.
const (
	Page   Severity = "page"
	Ticket Severity = "ticket"
)

// BurnRow is one row of a table of multi-window burn-rate alerts: it fires while the burn
// rate of both windows exceeds the factor.
type BurnRow struct {
	Severity    Severity
	Long, Short time.Duration
	Factor      BurnRate
	// Share of the budget of the period that is gone when the long window burns at the
	// factor: factor·long/period.
	Share Share
	// For is how long both must have exceeded before Pyrra's alert fires; 0 with Sloth.
	For time.Duration
}

// CanFire tells that a row can ever fire for a target.
func (r BurnRow) CanFire(target Share) bool { return r.Factor < MostBurn(target) }

// FiresWithinBudget tells that a row fires although the budget is kept: a factor below 1.
func (r BurnRow) FiresWithinBudget() bool { return r.Factor < 1 }

// Factor is the burn rate that uses a share of the budget of a period in a long window,
// b = share·period/long; computed in the order of Sloth, so that its figures come out.
func Factor(percent float64, period, long time.Duration) BurnRate {
	return BurnRate(percent * period.Hours() / 100 / long.Hours())
}

// Sloth is the table of constant windows with factors scaled to the period: 14.4, 6, 3 and
// 1 for 30 days (SRE workbook, chapter 5, table 5-8; slok/sloth, default windows).
func Sloth(period time.Duration) []BurnRow {
	const hour = time.Hour
	row := func(s Severity, percent float64, long, short time.Duration) BurnRow {
		return BurnRow{Severity: s, Long: long, Short: short, Factor: Factor(percent, period, long), Share: ShareOf(percent / 100)}
	}
	return []BurnRow{
		row(Page, 2, hour, 5*time.Minute),
		row(Page, 5, 6*hour, 30*time.Minute),
		row(Ticket, 10, 24*hour, 2*hour),
		row(Ticket, 10, 72*hour, 6*hour),
	}
}

// Pyrra is the table of constant factors 14, 7, 2 and 1 with windows scaled to the period
// and rounded to minutes: 1 h, 6 h, 1 d and 4 d for 28 days (pyrra-dev/pyrra, Windows).
func Pyrra(period time.Duration) []BurnRow {
	row := func(s Severity, factor BurnRate, long, short, hold time.Duration) BurnRow {
		r := BurnRow{Severity: s, Long: (period / long).Round(time.Minute), Short: (period / short).Round(time.Minute), For: (period / hold).Round(time.Minute), Factor: factor}
		if period > 0 {
			r.Share = ShareOf(float64(factor) * float64(r.Long) / float64(period))
		}
		return r
	}
	const days, hours = 28, 28 * 24
	return []BurnRow{
		row(Page, 14, hours, hours*(60/5), hours*(60/2)),
		row(Page, 7, days*(24/6), hours*(60/30), hours*(60/15)),
		row(Ticket, 2, days, days*(24/2), hours),
		row(Ticket, 1, 7, days*(24/6), days*(24/3)),
	}
}

// Burn is the burn rate of the time of length long that ends at an instant; ok is false
// where nothing of its counted time is known. Agreed and excluded time must reach as far
// back.
func Burn(days []Day, at time.Time, long time.Duration, agreed, excluded worktime.Set, r Rules) (rate BurnRate, ok bool) {
	a := Attain(days, NewFrame(worktime.Interval{Start: at.Add(-long), End: at}, time.Time{}, agreed, excluded), r)
	return a.Budget.Rate, a.Attained != nil
}

// Firing is a row with the burn rates that were found.
type Firing struct {
	Row         BurnRow
	Long, Short BurnRate
	// Known tells that both rates are known; Fires that both exceed the factor.
	Known, Fires bool
}

// Alert evaluates every row at an instant. A severity alerts if one of its rows fires. What
// is unknown does not fire.
func Alert(days []Day, at time.Time, rows []BurnRow, agreed, excluded worktime.Set, r Rules) []Firing {
	out := make([]Firing, len(rows))
	for i, row := range rows {
		x := Firing{Row: row}
		var long, short bool
		x.Long, long = Burn(days, at, row.Long, agreed, excluded, r)
		x.Short, short = Burn(days, at, row.Short, agreed, excluded, r)
		x.Known = long && short
		x.Fires = x.Known && x.Long > row.Factor && x.Short > row.Factor
		out[i] = x
	}
	return out
}

// Alerting tells whether a row of a severity fires.
func Alerting(list []Firing, s Severity) bool {
	for _, f := range list {
		if f.Fires && f.Row.Severity == s {
			return true
		}
	}
	return false
}
