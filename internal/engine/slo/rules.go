package slo

import (
	"fmt"
)

// Method is how good slices and events become one ratio, as in OpenSLO.
type Method uint8

// The budgeting methods.
const (
	Timeslices      Method = iota // good slices of all slices
	Occurrences                   // good events of all events
	RatioTimeslices               // mean of the ratios of the slices
)

// String names the method as OpenSLO does, in lower case: timeslices, occurrences,
// ratio-timeslices.
func (m Method) String() string {
	return [...]string{"timeslices", "occurrences", "ratio-timeslices"}[m%3]
}

// ParseMethod reads what String writes; empty is Timeslices.
func ParseMethod(s string) (Method, error) {
	switch s {
	case "", "timeslices":
		return Timeslices, nil
	case "occurrences":
		return Occurrences, nil
	case "ratio-timeslices":
		return RatioTimeslices, nil
	}
	return 0, fmt.Errorf("%q is no budgeting method: write timeslices, occurrences or ratio-timeslices", s)
}

// Treatment is what becomes of time of which nothing is known.
type Treatment uint8

// The treatments of unknown time.
const (
	UnknownExcluded Treatment = iota // it leaves numerator and denominator
	UnknownUp                        // it counts as good
	UnknownDown                      // it counts as bad
)

// String names the treatment: excluded, up, down.
func (t Treatment) String() string { return [...]string{"excluded", "up", "down"}[t%3] }

// ParseTreatment reads what String writes; empty is UnknownExcluded.
func ParseTreatment(s string) (Treatment, error) {
	switch s {
	case "", "excluded":
		return UnknownExcluded, nil
	case "up":
		return UnknownUp, nil
	case "down":
		return UnknownDown, nil
	}
	return 0, fmt.Errorf("%q is no treatment of unknown time: write excluded, up or down", s)
}

// Rules say how evidence becomes an attainment, and what must be attained.
type Rules struct {
	Method Method
	// Slice is the length of a slice in minutes, 1 to DayMinutes; 0 is 1. Occurrences
	// knows no slices.
	Slice int
	// SliceTarget is the share from which a slice is good; nil where a slice is good when
	// no minute of it is bad.
	SliceTarget *Share
	Unknown     Treatment
	// Target is what must be attained. Strict tells that the target itself misses.
	Target Share
	Strict bool
}

// Validate says what is wrong with the rules, nil if nothing is.
func (r Rules) Validate() error {
	switch {
	case r.Slice < 0 || r.Slice > DayMinutes:
		return fmt.Errorf("a slice of %d minutes: it has 1 to %d", r.Slice, DayMinutes)
	case r.SliceTarget != nil && (*r.SliceTarget <= 0 || *r.SliceTarget > Whole):
		return fmt.Errorf("a slice that is good from %s: write more than 0%% and at most 100%%", *r.SliceTarget)
	case r.Target < 0 || r.Target > Whole:
		return fmt.Errorf("a target of %s: write 0%% to 100%%", r.Target)
	case r.Strict && r.Target == Whole:
		return fmt.Errorf("a target of 100%% that must be exceeded can never be kept")
	}
	return nil
}

// grid is the length of the slices.
func (r Rules) grid() nanos { return nanos(min(max(r.Slice, 1), DayMinutes)) * minute }

// Verdict tells whether a promise was kept.
type Verdict uint8

// The verdicts. Undecided is the zero value: where nothing is known nothing is kept.
const (
	Undecided Verdict = iota
	Kept
	Missed
)

// String names the verdict: unknown, kept, missed.
func (v Verdict) String() string { return [...]string{"unknown", "kept", "missed"}[v%3] }
