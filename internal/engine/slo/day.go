// Package slo is the mathematics of service levels: slices of time that are good, bad or
// unknown; what part of an agreed time they leave attained; budgets, burn rates,
// forecasts, credits; and how long cases took on a calendar.
//
// It knows nothing of ITIL, of databases or of clocks. Evidence is a Day for each series
// and UTC day. Calendars come in as sets of instants (package worktime).
package slo

// State is what a slice of time was.
type State uint8

// The three states. Unknown is the zero value: what nobody measured is not good.
const (
	Unknown State = iota
	Good
	Bad
)

// DayMinutes is the number of minute slices of a UTC day.
const DayMinutes = 24 * 60

// Run is a stretch of minutes that were alike. Good and Total are the events of each of
// its minutes (not of the run), zero where events were not counted.
type Run struct {
	Minutes     int // at least 1
	State       State
	Good, Total float64 // events a minute; 0 ≤ Good ≤ Total
}

// Day is the evidence of one series for one UTC day: runs that together hold at most
// DayMinutes minutes, from midnight on. Minutes after the last run are unknown.
// Neighbouring runs differ.
type Day struct {
	Number int // days since 1970-01-01 UTC
	Runs   []Run
}
