package slo

import (
	"time"

	"diapason/internal/engine/worktime"
)

// Exclusion is a stretch of time that may not count.
type Exclusion struct {
	Interval worktime.Interval // its end is zero where none was stated
	// Planned tells that it must have been announced ahead to count, such as maintenance.
	Planned   bool
	Announced time.Time // zero where it never was
}

// Standing is whether an exclusion holds, and why not.
type Standing uint8

// The standings.
const (
	Holds         Standing = iota // the time is left out
	NotAnnounced                  // planned, and never announced
	AnnouncedLate                 // planned, and announced too late or afterwards
	WithoutEnd                    // no end was stated: nothing says how long it may last
)

// String names the standing: holds, not-announced, announced-late, without-end.
func (s Standing) String() string {
	return [...]string{"holds", "not-announced", "announced-late", "without-end"}[s%4]
}

// Standing judges an exclusion by the notice that was agreed, counted from date to date in
// a zone, nil being UTC: five days' notice for the 10th is given on the 5th at the latest.
// Without agreed notice it must have been announced before it began. Only its own interval
// is left out, however long the work really took.
func (e Exclusion) Standing(notice worktime.Period, loc *time.Location) Standing {
	switch {
	case e.Interval.End.IsZero():
		return WithoutEnd
	case !e.Planned:
		return Holds
	case e.Announced.IsZero():
		return NotAnnounced
	case e.Announced.After(e.Interval.Start):
		return AnnouncedLate
	}
	announced := worktime.DateOf(e.Announced.In(zone(loc)))
	if announced.AddMonths(notice.Months).AddDays(notice.Days).After(worktime.DateOf(e.Interval.Start.In(zone(loc)))) {
		return AnnouncedLate
	}
	return Holds
}

// ExcludedTime is the time that the exclusions that hold leave out; overlapping ones count
// once.
func ExcludedTime(list []Exclusion, notice worktime.Period, loc *time.Location) worktime.Set {
	var held []worktime.Interval
	for _, e := range list {
		if e.Standing(notice, loc) == Holds {
			held = append(held, e.Interval)
		}
	}
	return worktime.NewSet(held...)
}
