package calendars

import (
	"diapason/internal/engine/worktime"
	"diapason/internal/model"
)

// Standing is a contract or an agreement seen from a day. All days are held.
type Standing struct {
	Phase worktime.Phase
	// First and Last bound the term that holds the day, or the nearest one; Last
	// is zero where it runs on without end.
	First, Last model.Date
	// Renews tells that another term follows unless notice is given.
	Renews bool
	// NoticeBy is the last day for notice that ends it with the term; zero where
	// nothing renews. NoticePassed tells that it lies behind.
	NoticeBy     model.Date
	NoticePassed bool
	// NextLast is the last day of the following term where one follows.
	NextLast model.Date
	// Ends is the day it certainly ends with: the fixed end, or the end of the
	// term for which notice was given in time; zero where it goes on.
	Ends model.Date
	// Lacks tells that renewal or notice is stated but start, term or end is
	// missing, so that no day can be derived.
	Lacks bool
}

// InForce tells that the day lies within the life of the contract or agreement.
func (s Standing) InForce() bool { return s.Phase == worktime.Running }

// Ended tells that the life of the contract or agreement lies behind the day.
func (s Standing) Ended() bool { return s.Phase == worktime.Ended }

type terms struct {
	start, end, noticeGiven model.Date
	term, renewal, notice   model.Period
}

// ContractStanding derives the standing of a contract on a day from start, term
// or end, renewal and notice; nothing of it is ever typed. The rules of counting
// are those of worktime.Terms.
func ContractStanding(c *model.Contract, on model.Date) Standing {
	return terms{c.Start, c.End, c.NoticeGiven, c.Term, c.Renewal, c.Notice}.on(on)
}

// AgreementStanding derives the standing of an agreement on a day.
func AgreementStanding(a *model.Agreement, on model.Date) Standing {
	return terms{start: a.Start, end: a.End, renewal: a.Renewal, notice: a.Notice}.on(on)
}

func (t terms) on(day model.Date) Standing {
	if t.start.IsZero() && !t.end.IsZero() {
		t.start = t.end // the day it began does not matter to when it ends
		if day < t.start {
			day = t.start
		}
	}
	if t.start.IsZero() || t.end.IsZero() && t.term.IsZero() {
		return t.withoutTerm(day)
	}
	w := worktime.Terms{Start: Date(t.start), Renewal: Period(t.renewal), Notice: Period(t.notice)}
	if t.end.IsZero() {
		w.Initial = Period(t.term)
	} else {
		w.InitialEnd = Date(t.end)
	}
	s, err := w.On(Date(day))
	if err != nil { // an end before the start: no day can be derived
		return Standing{Phase: worktime.Running, First: t.start, Lacks: true}
	}
	out := Standing{
		Phase: s.Phase, First: ModelDate(s.Current.First), Last: ModelDate(s.Current.Last),
		Renews: s.Current.Renews, NoticePassed: s.NoticePassed,
	}
	if !out.Renews {
		out.Ends = out.Last
	} else {
		out.NoticeBy = ModelDate(s.Current.NoticeBy)
		if next, ok := w.Term(s.Current.Number + 1); ok {
			out.NextLast = ModelDate(next.Last)
		}
	}
	if !t.noticeGiven.IsZero() && t.noticeGiven <= day && out.Renews {
		t.endByNotice(&out, w, day)
	}
	return out
}

// endByNotice ends the contract with the first term for which the notice given
// came in time.
func (t terms) endByNotice(out *Standing, w worktime.Terms, day model.Date) {
	given, err := w.On(Date(t.noticeGiven))
	if err != nil {
		return
	}
	last := ModelDate(given.Open.Last)
	out.Ends = last
	if day > last {
		out.Phase = worktime.Ended
		out.First, out.Last, out.NoticeBy = ModelDate(given.Open.First), last, ModelDate(given.Open.NoticeBy)
	}
	if out.Last == last {
		out.Renews, out.NoticePassed, out.NextLast = false, false, 0
	}
}

// withoutTerm is what runs on from its start until notice ends it.
func (t terms) withoutTerm(day model.Date) Standing {
	s := Standing{Phase: worktime.Running, First: t.start, Lacks: !t.renewal.IsZero()}
	if !t.noticeGiven.IsZero() {
		s.Last = t.noticeGiven.Add(t.notice)
		s.Ends = s.Last
	}
	switch {
	case day < t.start:
		s.Phase = worktime.NotBegun
	case !s.Last.IsZero() && day > s.Last:
		s.Phase = worktime.Ended
	}
	return s
}
