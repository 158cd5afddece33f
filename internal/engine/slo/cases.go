package slo

import (
	"cmp"
	"math/big"
	"slices"
	"time"

	"diapason/internal/engine/worktime"
)

// Case is one case of a ticket tool as a promise sees it: when its clock started, when it
// stopped, and when it stood still in between.
type Case struct {
	ID       string
	Priority string
	Start    time.Time
	Stop     time.Time // zero while it runs
	// Suspended are the times in which the clock stands still by the agreement. A
	// suspension that lasts ends with the instant of the judgement.
	Suspended worktime.Set
}

// CaseRules say how long a case may take, and what share of them must keep that.
type CaseRules struct {
	// Within is the longest time allowed; a case that takes exactly as long keeps it.
	Within time.Duration
	// Share is the share of cases that must keep it; Strict tells that the share itself
	// misses. Whole is every single case.
	Share  Share
	Strict bool
	// Priority selects cases, all of them where it is empty.
	Priority string
}

// Outcome is what became of a case.
type Outcome uint8

// The outcomes.
const (
	CasePending Outcome = iota // its clock has not stopped, its time is not over
	CaseKept                   // it took no longer than allowed
	CaseLate                   // it took longer, or takes longer already
)

// String names the outcome: pending, kept, late.
func (o Outcome) String() string { return [...]string{"pending", "kept", "late"}[o%3] }

// CaseResult is a case with the working shown.
type CaseResult struct {
	Case    Case
	Outcome Outcome
	// Elapsed is the time its clock ran, up to the instant of the judgement while it runs.
	Elapsed time.Duration
	// Suspended is the time that its suspensions kept the clock from running, and Closed
	// the time it stood still as the calendar was closed: Elapsed + Suspended + Closed is
	// the time from start to stop.
	Suspended, Closed time.Duration
	// Due is the instant at which its time ends, as far as is known; zero where that lies
	// beyond the horizon of the clock.
	Due time.Time
	// Decided is the instant that puts it into a window: the stop of a case that was kept;
	// for one that is late the instant from which it is, which is Due or, where the clock
	// stands still then, the instant it goes on; zero while it is pending.
	Decided time.Time
}

// CaseAttainment is how the cases of a window kept a promise.
type CaseAttainment struct {
	Window worktime.Interval
	Until  time.Time
	Kept   int
	Late   int
	// Pending are the cases that run, at the instant up to which is counted, and are not
	// late. They count in neither window nor share until they are decided.
	Pending int
	// Attained is kept / (kept + late), rounded down; nil where nothing was decided.
	Attained *Share
	Verdict  Verdict
	// Percentile is the time that the share of the rules of the decided cases took at most
	// (nearest rank); for a late case that still runs the time so far. Zero without cases.
	Percentile time.Duration
	// Results are all decided and pending cases, the longest first, then by start and ID.
	Results []CaseResult
}

// JudgeCases judges the cases of a window on a clock, whose horizon should reach from the
// first start to beyond the last due time. Now is the instant of the judgement: what
// happened after it is not known yet.
//
// A case counts in the one window in which it is decided: when its clock stops in time, or
// when its time runs out. So every case counts exactly once, a case that was opened before
// the window included, a late case counts although it is not closed, and what happens after
// a window cannot change it. A case is no case where it stops before it starts.
func JudgeCases(cases []Case, window worktime.Interval, now time.Time, clock *worktime.Clock, r CaseRules) CaseAttainment {
	a := CaseAttainment{Window: window, Until: window.End}
	if !now.IsZero() && now.Before(window.End) {
		a.Until = now
	}
	for _, c := range cases {
		if r.Priority != "" && c.Priority != r.Priority || c.Start.After(a.Until) || !c.Stop.IsZero() && c.Stop.Before(c.Start) {
			continue
		}
		x := JudgeCase(c, a.Until, clock, r.Within)
		if x.Outcome != CasePending && x.Decided.Before(window.Start) || x.Outcome == CaseKept && !x.Decided.Before(window.End) {
			continue
		}
		switch x.Outcome {
		case CaseKept:
			a.Kept++
		case CaseLate:
			a.Late++
		default:
			a.Pending++
		}
		a.Results = append(a.Results, x)
	}
	slices.SortFunc(a.Results, func(x, y CaseResult) int {
		return cmp.Or(cmp.Compare(y.Elapsed, x.Elapsed), x.Case.Start.Compare(y.Case.Start), cmp.Compare(x.Case.ID, y.Case.ID))
	})
	a.settle(r)
	return a
}

func (a *CaseAttainment) settle(r CaseRules) {
	n := a.Kept + a.Late
	if n == 0 {
		return
	}
	share := shareOfWide(wide{lo: uint64(a.Kept)}, wide{lo: uint64(n)})
	a.Attained = &share
	a.Verdict = Missed
	// kept/n ≥ share, compared exactly.
	kept, due := product(uint64(a.Kept), uint64(Whole)), product(uint64(max(r.Share, 0)), uint64(n))
	if due.less(kept) || kept == due && !r.Strict {
		a.Verdict = Kept
	}
	// The smallest rank that is at least the share of n, from the shortest.
	rank := max(1, int(ceilOf(product(uint64(min(max(r.Share, 0), Whole)), uint64(n)).big(), big.NewInt(int64(Whole)))))
	for _, x := range a.Results { // the longest first
		if x.Outcome == CasePending {
			continue
		}
		if n == rank {
			a.Percentile = x.Elapsed
			return
		}
		n--
	}
}

// JudgeCase judges one case at an instant: what happened after it is not known yet.
func JudgeCase(c Case, at time.Time, clock *worktime.Clock, within time.Duration) CaseResult {
	end, running := c.Stop, false
	if end.IsZero() || end.After(at) {
		end, running = at, true
	}
	if end.Before(c.Start) {
		end = c.Start
	}
	x := CaseResult{Case: c, Elapsed: clock.Elapsed(c.Start, end)}
	life := end.Sub(c.Start)
	x.Closed = life - x.Elapsed
	for s := range c.Suspended.Clip(worktime.Interval{Start: c.Start, End: end}).All() {
		x.Suspended += clock.Elapsed(s.Start, s.End)
	}
	x.Elapsed -= x.Suspended
	x.Due = dueAt(c, clock, within)
	switch {
	case x.Elapsed > within:
		x.Outcome, x.Decided = CaseLate, dueAt(c, clock, within+1).Add(-1)
	case !running:
		x.Outcome, x.Decided = CaseKept, end
	}
	return x
}

// dueAt is the instant at which so much time has elapsed on the clock outside suspensions.
func dueAt(c Case, clock *worktime.Clock, within time.Duration) time.Time {
	at := c.Start
	for s := range c.Suspended.All() {
		if !s.End.After(at) {
			continue
		}
		if run := clock.Elapsed(at, s.Start); run >= within {
			break
		} else if s.Start.After(at) {
			within -= run
		}
		at = s.End
	}
	due, ok := clock.Add(at, within)
	if !ok {
		return time.Time{}
	}
	return due
}
