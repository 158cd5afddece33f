package worktime

import "fmt"

// Terms say how long a contract runs, how it renews itself and how it is ended.
//
// # Terms
//
// All days are inclusive. A term of months ends on the day before the one that
// bears the same number as its first day: twelve months from 2026-01-15 end on
// 2027-01-14. Where the month has no such day, the term ends with the last day
// of the month: one month from 2026-01-31 ends on 2026-02-28. (The rule of
// section 188 (2) and (3) of the German civil code, and for missing days of
// article 3 (2) c of Regulation (EEC, Euratom) No 1182/71 and article 641 of
// the French code of civil procedure.) Terms follow one another without gap.
//
// Every renewal is counted from the original start, never from the end of the
// term before, so that short months leave no trace: monthly terms from 31
// January end on 28 February, 30 March, 30 April and 30 May.
//
// # Notice
//
// The last day for notice is the latest day from which the whole notice
// period, the day itself not counted, ends by the last day of the term: three
// months to 31 July is 30 April, to 30 June is 31 March; 90 days to 31
// December is 2 October. Notice given on that day is in time.
type Terms struct {
	// Start is the first day.
	Start Date
	// Initial is the length of the first term. Where the contract names its
	// last day instead, InitialEnd holds it, Initial is zero, and renewals are
	// counted from the day after.
	Initial    Period
	InitialEnd Date
	// Renewal is the length of each tacit renewal; zero where the contract
	// ends with its first term.
	Renewal Period
	// MaxRenewals bounds the tacit renewals; zero is without bound.
	MaxRenewals int
	// Notice is the time between notice and end.
	Notice Period
	// MonthEnd makes terms that begin on the last day of a month always do so:
	// monthly terms from 28 February 2026 begin on 31 March, 30 April, 31 May.
	MonthEnd bool
}

// Term is the initial term of a contract or one of its renewals.
type Term struct {
	// Number is 0 for the initial term and counts the renewals from 1.
	Number int
	// First and Last are the days on which the term begins and ends, both held.
	First, Last Date
	// NoticeBy is the last day on which notice ends the contract with this term.
	NoticeBy Date
	// Renews tells that without notice another term follows.
	Renews bool
}

// Phase says where a day lies in the life of a contract.
type Phase string

// The phases of a contract.
const (
	NotBegun Phase = "not begun"
	Running  Phase = "running"
	Ended    Phase = "ended"
)

// Standing is a contract seen from a day, as if no notice had been given.
type Standing struct {
	Phase Phase
	// Current is the term that holds the day; the initial one before the
	// contract begins, the final one after it has ended.
	Current Term
	// NoticePassed tells that Current renews and its last day for notice lies
	// before the day of the question.
	NoticePassed bool
	// Open is the first term, from Current on, whose end is still open or
	// certain: notice on the day itself would be in time, or the term is the
	// final one. The contract binds at least until its Last; its NoticeBy is
	// the next date to keep. After the end it is the final term.
	Open Term
}

// longestPeriod bounds the parts of a period; beyond lies a slip of the keyboard.
const longestPeriod = 1000 * 366

// Validate returns the first fault of the terms.
func (t Terms) Validate() error {
	for _, p := range []struct {
		name string
		Period
	}{{"initial term", t.Initial}, {"renewal", t.Renewal}, {"notice", t.Notice}} {
		if p.Months < 0 || p.Days < 0 || p.Months > longestPeriod || p.Days > longestPeriod {
			return fmt.Errorf("%s of %s: give a length from zero to 1000 years", p.name, p.Period)
		}
	}
	switch {
	case !t.Start.IsValid():
		return fmt.Errorf("contract start %q: give the first day of the contract", t.Start)
	case t.Initial.IsZero() == t.InitialEnd.IsZero():
		return fmt.Errorf("contract from %s: give either the length of its first term or its last day", t.Start)
	case !t.InitialEnd.IsZero() && (!t.InitialEnd.IsValid() || t.InitialEnd.Before(t.Start)):
		return fmt.Errorf("contract from %s to %s: its last day must not lie before its first", t.Start, t.InitialEnd)
	case t.MaxRenewals < 0:
		return fmt.Errorf("contract from %s renews at most %d times: give zero (without bound) or more", t.Start, t.MaxRenewals)
	}
	return nil
}

// Term returns the initial term (0) or the n-th renewal, false where the
// contract has no such term.
func (t Terms) Term(n int) (Term, bool) {
	if n < 0 || n > 0 && !t.renews(n-1) {
		return Term{}, false
	}
	term := Term{Number: n, First: t.begin(n), Last: t.begin(n + 1).AddDays(-1), Renews: t.renews(n)}
	term.NoticeBy = t.noticeBy(term.Last)
	return term, true
}

// On returns the standing of the contract on a day.
func (t Terms) On(day Date) (Standing, error) {
	if err := t.Validate(); err != nil {
		return Standing{}, err
	}
	if !day.IsValid() {
		return Standing{}, fmt.Errorf("day %q: give an existing day", day)
	}
	number := t.numberOn(day)
	current, _ := t.Term(number)
	s := Standing{Phase: Running, Current: current}
	switch {
	case day.Before(t.Start):
		s.Phase = NotBegun
	case day.After(current.Last):
		s.Phase = Ended
	}
	s.NoticePassed = current.Renews && day.After(current.NoticeBy)
	s.Open = current
	for s.Open.Renews && s.Open.NoticeBy.Before(day) {
		s.Open, _ = t.Term(s.Open.Number + 1)
	}
	return s, nil
}

// renews tells whether another term follows term n.
func (t Terms) renews(n int) bool {
	return !t.Renewal.IsZero() && (t.MaxRenewals == 0 || n < t.MaxRenewals)
}

// begin returns the first day of term n, or the day after the final term.
func (t Terms) begin(n int) Date {
	switch {
	case n == 0:
		return t.Start
	case t.InitialEnd.IsZero():
		renewals := t.Renewal.times(n - 1)
		return t.shift(t.Start, Period{t.Initial.Months + renewals.Months, t.Initial.Days + renewals.Days})
	}
	return t.shift(t.InitialEnd.AddDays(1), t.Renewal.times(n-1))
}

// shift returns the day after a period that begins on the anchor.
func (t Terms) shift(anchor Date, p Period) Date {
	moved := anchor.AddMonths(p.Months)
	switch {
	case t.MonthEnd:
		moved = anchor.AddMonthsSticky(p.Months)
	case moved.Day < anchor.Day:
		// The month is too short: it is used up to its last day.
		moved = moved.AddDays(1)
	}
	return moved.AddDays(p.Days)
}

// noticeBy returns the latest day from which the notice period ends by last.
func (t Terms) noticeBy(last Date) Date {
	day := last.AddDays(-t.Notice.Days).AddMonths(-t.Notice.Months)
	for {
		next := day.AddDays(1)
		if t.Notice.from(next).After(last) {
			return day
		}
		day = next
	}
}

// numberOn returns the number of the term that holds the day, or of the
// nearest one.
func (t Terms) numberOn(day Date) int {
	n := 0
	if t.renews(0) {
		// Periods are at most this long, so the estimate is never too high.
		longest := t.Renewal.Months*31 + t.Renewal.Days
		n = max(0, t.begin(1).DaysUntil(day)/longest-1)
		if t.MaxRenewals > 0 {
			n = min(n, t.MaxRenewals)
		}
	}
	for t.renews(n) && !day.Before(t.begin(n+1)) {
		n++
	}
	return n
}
