package servicelevel

import (
	"slices"
	"time"

	"diapason/internal/engine/slo"
	"diapason/internal/engine/worktime"
	"diapason/internal/model"
)

// Compute fills in the result of a measure that rests on evidence, from the days that
// its CountedDays name; a day that is not given counts as unknown.
func (m *Measure) Compute(period Span, until time.Time, days []slo.Day) {
	f := slo.NewFrame(period.interval(), until, setOf(m.Agreed), m.excluded())
	r := m.Rules.slo()
	a := slo.Attain(days, f, r)
	m.Result = &MeasureResult{
		Agreed: Length(a.Agreed), LeftOut: Length(a.Excluded), Unknown: Length(a.Unknown), Good: Length(a.Good), Bad: Length(a.Bad),
		GoodEvents: a.GoodEvents, TotalEvents: a.TotalEvents, Attained: a.Attained, Coverage: a.Coverage, Verdict: a.Verdict.String(),
		Budget: Length(a.Budget.Allowed), BudgetUsed: Length(a.Budget.Used),
	}
	for _, i := range slo.Downtime(days, f, r) {
		m.Result.Interruptions = append(m.Result.Interruptions, Span{i.Start, i.End})
	}
	m.due(a.Attained)
}

// ComputeCases fills in the results of a measure that rests on cases.
func (m *Measure) ComputeCases(period Span, until time.Time) {
	c := m.Cases
	list := make([]slo.Case, len(c.Counted))
	horizon := period.interval()
	for i, x := range c.Counted {
		list[i] = slo.Case{ID: x.ID, Priority: x.Priority, Start: x.Start, Stop: x.Stop, Suspended: setOf(x.Suspended)}
		if x.Start.Before(horizon.Start) {
			horizon.Start = x.Start
		}
	}
	rules := slo.CaseRules{Within: time.Duration(c.Within), Share: slo.Share(c.Share), Strict: c.Strict, Priority: c.Priority}
	a := slo.JudgeCases(list, period.interval(), until, worktime.NewClock(horizon, setOf(m.Agreed), worktime.Set{}), rules)
	by := make(map[string]slo.CaseResult, len(a.Results))
	for _, x := range a.Results {
		by[x.Case.ID] = x
	}
	c.Counted = slices.DeleteFunc(c.Counted, func(x CountedCase) bool { _, ok := by[x.ID]; return !ok })
	for i := range c.Counted {
		x := by[c.Counted[i].ID]
		c.Counted[i].Outcome, c.Counted[i].Elapsed = x.Outcome.String(), Length(x.Elapsed)
	}
	c.Result = CaseResult{Kept: a.Kept, Late: a.Late, Pending: a.Pending, Attained: a.Attained, Percentile: Length(a.Percentile), Verdict: a.Verdict.String()}
	m.due(a.Attained)
}

// due computes the credit of the measure; faulty bands, which SLM-012 tells, give none,
// nor does a promise in whose place another one counts.
func (m *Measure) due(attained *slo.Share) {
	m.Credit = nil
	if len(m.Bands) == 0 || m.Overridden != "" {
		return
	}
	bands := make([]slo.Band, len(m.Bands))
	for i, b := range m.Bands {
		bands[i] = slo.Band{From: shareOf(b.From), Below: shareOf(b.Below), Credit: slo.Share(b.Credit)}
	}
	var most *slo.Share
	if m.CreditCap != nil {
		most = new(slo.Share(*m.CreditCap))
	}
	credits, err := slo.NewCredits(bands, nil, most)
	if err != nil {
		return
	}
	c := credits.Due(attained)
	m.Credit = &CreditDue{Due: c.Due, Full: c.Full, Capped: c.Capped}
}

// Close adds up the credits of all measures, under the cap of the agreement.
func (s *Statement) Close() {
	var due []slo.Share
	var full slo.Share
	for _, m := range s.Measures {
		if m.Credit != nil {
			due = append(due, m.Credit.Due)
			full += m.Credit.Due
		}
	}
	var most *slo.Share
	if s.CreditCap != nil {
		most = new(slo.Share(*s.CreditCap))
	}
	total, capped := slo.CapCredits(due, most)
	s.Credit = CreditDue{Due: total, Full: full, Capped: capped}
}

// Verdict is the verdict of a measure: kept, missed or unknown.
func (m *Measure) Verdict() string {
	switch {
	case m.Result != nil:
		return m.Result.Verdict
	case m.Cases != nil:
		return m.Cases.Result.Verdict
	case m.Declared != nil:
		return m.Declared.Verdict
	}
	return slo.Verdict(0).String()
}

// Attained is the share that was attained; ok is false where none is known.
func (m *Measure) Attained() (share slo.Share, ok bool) {
	switch {
	case m.Result != nil && m.Result.Attained != nil:
		return *m.Result.Attained, true
	case m.Cases != nil && m.Cases.Result.Attained != nil:
		return *m.Cases.Result.Attained, true
	case m.Declared != nil && m.Declared.Attained != nil:
		return shareOf(*m.Declared.Attained), true
	}
	return 0, false
}

func (r *MeasureRules) slo() slo.Rules {
	method, _ := slo.ParseMethod(r.Method)
	out := slo.Rules{Method: method, Slice: r.Slice, Target: slo.Share(r.Target), Strict: r.Strict}
	if r.SliceTarget != nil {
		out.SliceTarget = new(slo.Share(*r.SliceTarget))
	}
	switch r.Unknown {
	case "up":
		out.Unknown = slo.UnknownUp
	case "down":
		out.Unknown = slo.UnknownDown
	}
	return out
}

func (m *Measure) excluded() worktime.Set {
	list := make([]worktime.Interval, len(m.Excluded))
	for i, x := range m.Excluded {
		list[i] = x.interval()
	}
	return worktime.NewSet(list...)
}

func setOf(list []Span) worktime.Set {
	out := make([]worktime.Interval, len(list))
	for i, s := range list {
		out[i] = s.interval()
	}
	return worktime.NewSet(out...)
}

// SpansOf are the intervals of a set, in UTC.
func SpansOf(s worktime.Set) []Span {
	out := make([]Span, 0, s.Len())
	for i := range s.All() {
		out = append(out, Span{i.Start.UTC(), i.End.UTC()})
	}
	return out
}

// shareOf writes an availability as a share: both count in units of 1e-12.
func shareOf(a model.Availability) slo.Share {
	var s slo.Share
	_ = s.UnmarshalText([]byte(a.String())) // an availability writes itself as a share is read
	return s
}
