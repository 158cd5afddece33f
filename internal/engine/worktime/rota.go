package worktime

import (
	"fmt"
	"slices"
	"time"
)

// Rota hands on-call duty round a list of members: the first is on duty from
// the start, the next from the following handover, and so on in a circle.
type Rota struct {
	// Members are the names in order; an empty name is a turn of nobody.
	Members []string
	// Location is the zone of the handover; nil is UTC.
	Location *time.Location
	// Start is the date of the first handover.
	Start Date
	// End is the date of the last handover, from which nobody is on duty; no
	// date where the rota runs on.
	End Date
	// Handover is the local time of each handover.
	Handover TimeOfDay
	// Turn is the length of a turn, for example {Days: 7}. Handovers are
	// counted from Start, so that months do not drift.
	Turn Period
	// Exceptions replace whoever is on duty; later ones override earlier.
	Exceptions []Exception
}

// Exception puts a member, or with an empty name nobody, on duty for a while.
type Exception struct {
	Interval
	Member string
}

// Shift is a stretch of duty of one member.
type Shift struct {
	Interval
	Member string
}

// Validate returns the first fault of the rota.
func (r Rota) Validate() error {
	switch {
	case len(r.Members) == 0:
		return fmt.Errorf("rota without members: list who takes turns")
	case !r.Start.IsValid():
		return fmt.Errorf("rota start %q: give the date of the first handover", r.Start)
	case r.Handover < 0 || r.Handover >= EndOfDay:
		return fmt.Errorf("rota handover %s: give a time between 00:00 and 23:59", r.Handover)
	case r.Turn.Months < 0 || r.Turn.Days < 0 || r.Turn == Period{}:
		return fmt.Errorf("rota turn of %s: give a length of at least a day", r.Turn)
	}
	return nil
}

// Expand returns who is on duty within the interval: shifts in time order,
// disjoint, those of one member joined where they touch. Nobody is on duty in
// what they leave out. A rota that Validate refuses has no shifts.
func (r Rota) Expand(within Interval) []Shift {
	if r.Validate() != nil || within.IsEmpty() {
		return nil
	}
	shifts := r.turns(within)
	for _, e := range r.Exceptions {
		shifts = override(shifts, e, within)
	}
	var joined []Shift
	for _, s := range shifts {
		if last := len(joined) - 1; last >= 0 && joined[last].Member == s.Member && joined[last].End.Equal(s.Start) {
			joined[last].End = s.End
			continue
		}
		joined = append(joined, s)
	}
	return joined
}

func (r Rota) turns(within Interval) []Shift {
	clock := wallClock{location: orUTC(r.Location)}
	handover := func(turn int) time.Time {
		return clock.instant(r.Turn.times(turn).from(r.Start), r.Handover, opening)
	}
	end := within.End
	if !r.End.IsZero() {
		end = earlier(end, clock.instant(r.End, r.Handover, opening))
	}
	turn := r.firstTurn(DateOf(within.Start.In(clock.location)))
	var shifts []Shift
	for start := handover(turn); start.Before(end); turn++ {
		next := handover(turn + 1)
		duty := Interval{start, next}.Intersect(Interval{within.Start, end})
		if member := r.Members[turn%len(r.Members)]; member != "" && !duty.IsEmpty() {
			shifts = append(shifts, Shift{Interval{instantOf(duty.Start), instantOf(duty.End)}, member})
		}
		start = next
	}
	return shifts
}

// firstTurn returns a turn that begins before the day, as late as is easily
// known, so that a rota of years ago is not walked from its start.
func (r Rota) firstTurn(day Date) int {
	longest := r.Turn.Months*31 + r.Turn.Days
	return max(0, r.Start.DaysUntil(day)/longest-1)
}

// override cuts the exception out of the shifts and puts its member there.
func override(shifts []Shift, e Exception, within Interval) []Shift {
	cut := e.Interval.Intersect(within)
	if cut.IsEmpty() {
		return shifts
	}
	cut = Interval{instantOf(cut.Start), instantOf(cut.End)}
	var kept []Shift
	for _, s := range shifts {
		for rest := range NewSet(s.Interval).Subtract(NewSet(cut)).All() {
			kept = append(kept, Shift{rest, s.Member})
		}
	}
	if e.Member != "" {
		kept = append(kept, Shift{cut, e.Member})
	}
	slices.SortFunc(kept, func(a, b Shift) int { return a.Start.Compare(b.Start) })
	return kept
}

// Duty returns the instants at which somebody is on duty.
func Duty(shifts []Shift) Set {
	intervals := make([]Interval, len(shifts))
	for i, s := range shifts {
		intervals[i] = s.Interval
	}
	return NewSet(intervals...)
}

// DutyOf returns the instants at which one member is on duty.
func DutyOf(shifts []Shift, member string) Set {
	return Duty(slices.DeleteFunc(slices.Clone(shifts), func(s Shift) bool { return s.Member != member }))
}

// Unassigned returns the instants of the required hours with nobody on duty.
func Unassigned(required Set, shifts []Shift) Set { return required.Subtract(Duty(shifts)) }
