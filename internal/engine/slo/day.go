package slo

import (
	"fmt"
	"slices"
)

// State is what a slice of time was.
type State uint8

// The three states. Unknown is the zero value: what nobody measured is not good.
const (
	Unknown State = iota
	Good
	Bad
)

// String names the state: unknown, good, bad.
func (s State) String() string {
	switch s {
	case Good:
		return "good"
	case Bad:
		return "bad"
	}
	return "unknown"
}

// DayMinutes is the number of minute slices of a UTC day.
const DayMinutes = 24 * 60

// Run is a stretch of minutes that were alike. Good and Total are the events of each of
// its minutes (not of the run), zero where events were not counted. A minute in which
// nothing was asked for is Unknown, unless its source states it good or bad.
type Run struct {
	Minutes     int // at least 1
	State       State
	Good, Total Count // events a minute; 0 ≤ Good ≤ Total ≤ MaxCount
}

func (r Run) like(o Run) bool { return r.State == o.State && r.Good == o.Good && r.Total == o.Total }

// Day is the evidence of one series for one UTC day: runs that together hold at most
// DayMinutes minutes, from midnight on. Minutes after the last run are unknown.
// Neighbouring runs differ.
type Day struct {
	Number int // days since 1970-01-01 UTC
	Runs   []Run
}

// maxDay keeps the instants of a day within the 292 years around 1970 that nanoseconds in
// 64 bits reach.
const maxDay = 106_000

// Validate says what is wrong with a day, nil if nothing is. A day that is valid need not
// be in normal form.
func (d Day) Validate() error {
	if d.Number < -maxDay || d.Number > maxDay {
		return fmt.Errorf("day %d: it lies more than 290 years from 1970", d.Number)
	}
	minutes := 0
	for i, r := range d.Runs {
		switch {
		case r.Minutes < 1 || r.Minutes > DayMinutes:
			return fmt.Errorf("day %d, run %d: %d minutes; a run has 1 to %d", d.Number, i+1, r.Minutes, DayMinutes)
		case r.State > Bad:
			return fmt.Errorf("day %d, run %d: state %d does not exist", d.Number, i+1, r.State)
		case r.Good < 0 || r.Good > r.Total || r.Total > MaxCount:
			return fmt.Errorf("day %d, run %d: %s good events of %s; good events lie between 0 and all events, all events are at most %s a minute", d.Number, i+1, r.Good, r.Total, MaxCount)
		}
		minutes += r.Minutes
	}
	if minutes > DayMinutes {
		return fmt.Errorf("day %d: %d minutes; a day has %d", d.Number, minutes, DayMinutes)
	}
	return nil
}

// Normal is the one form of a valid day: neighbouring runs that are alike are one, unknown
// runs have no events, and no unknown run ends the day.
func (d Day) Normal() Day {
	if d.isNormal() {
		return d
	}
	out := Day{Number: d.Number}
	for _, r := range d.Runs {
		out.add(r)
	}
	return out.trimmed()
}

func (d Day) isNormal() bool {
	for i, r := range d.Runs {
		if r.Minutes < 1 || i > 0 && r.like(d.Runs[i-1]) || r.State == Unknown && (r.Total != 0 || r.Good != 0) {
			return false
		}
	}
	return len(d.Runs) == 0 || d.Runs[len(d.Runs)-1].State != Unknown
}

// add appends a run and joins it with one that is alike.
func (d *Day) add(r Run) {
	if r.Minutes < 1 {
		return
	}
	if r.State == Unknown {
		r.Good, r.Total = 0, 0
	}
	if last := len(d.Runs) - 1; last >= 0 && d.Runs[last].like(r) {
		d.Runs[last].Minutes += r.Minutes
		return
	}
	d.Runs = append(d.Runs, r)
}

func (d Day) trimmed() Day {
	if last := len(d.Runs) - 1; last >= 0 && d.Runs[last].State == Unknown {
		d.Runs = d.Runs[:last]
	}
	return d
}

// Equal tells whether two days say the same.
func (d Day) Equal(o Day) bool {
	return d.Number == o.Number && slices.Equal(d.Normal().Runs, o.Normal().Runs)
}

// At is a minute of the day as a run of one minute; unknown outside the runs.
func (d Day) At(minute int) Run {
	if minute < 0 {
		return Run{Minutes: 1}
	}
	for _, r := range d.Runs {
		if minute < r.Minutes {
			r.Minutes = 1
			return r
		}
		minute -= r.Minutes
	}
	return Run{Minutes: 1}
}

// Known is the number of minutes that are good or bad.
func (d Day) Known() int {
	n := 0
	for _, r := range d.Runs {
		if r.State != Unknown {
			n += r.Minutes
		}
	}
	return n
}
