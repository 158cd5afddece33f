package servicelevel

import (
	"encoding/hex"
	"strings"
	"time"

	"diapason/internal/calendars"
	"diapason/internal/engine/slo"
	"diapason/internal/finding"
	"diapason/internal/model"
)

// Period is a period that can be closed: a month, a quarter or a year of the calendar.
type Period struct {
	Window slo.Window
	First  model.Date
}

// ParsePeriod reads "2027-03", "2027-Q1" or "2027".
func ParsePeriod(s string) (Period, bool) {
	for layout, w := range map[string]slo.Window{"2006-01": slo.Month, "2006": slo.Year} {
		if t, err := time.Parse(layout, s); err == nil && dated(t) {
			return Period{w, model.DateOf(t)}, true
		}
	}
	if year, quarter, ok := strings.Cut(s, "-Q"); ok && len(quarter) == 1 && quarter[0] >= '1' && quarter[0] <= '4' {
		if t, err := time.Parse("2006", year); err == nil && dated(t) {
			return Period{slo.Quarter, model.NewDate(t.Year(), time.Month(3*int(quarter[0]-'1')+1), 1)}, true
		}
	}
	return Period{}, false
}

// dated tells that the model can write the days of such a year (model.ParseDate).
func dated(t time.Time) bool { return t.Year() >= 1900 && t.Year() <= 2999 }

// String writes what ParsePeriod reads.
func (p Period) String() string {
	t := p.First.UTC()
	switch p.Window {
	case slo.Year:
		return t.Format("2006")
	case slo.Quarter:
		return t.Format("2006") + "-Q" + string(rune('1'+(int(t.Month())-1)/3))
	}
	return t.Format("2006-01")
}

// Span is the period in a zone.
func (p Period) Span(loc *time.Location) Span {
	i := p.Window.At(p.First.In(loc), loc)
	return Span{i.Start.UTC(), i.End.UTC()}
}

// Last is the last day of the period.
func (p Period) Last() model.Date {
	months := max(p.Window.Months, 1)
	return p.First.AddMonths(months).AddDays(-1)
}

// holds tells that a target is counted in such periods: those of its own window, and
// months where its window rolls or is not stated.
func (p Period) holds(t *model.Target) bool {
	w, err := slo.ParseWindow(t.Window)
	if err != nil || t.Window == "" || w.IsRolling() {
		return p.Window == slo.Month
	}
	return max(w.Months, 1) == max(p.Window.Months, 1)
}

// StatementOf prepares the statement of an agreement or contract for a period: everything
// but the evidence. Facts are those of a date in the period, so that calendars know its
// holidays. Left are the exclusions of the ledger.
func StatementOf(f *finding.Facts, of model.Handle, p Period, left []Left) *Statement {
	loc := ZoneOf(f, of)
	s := &Statement{Format: StatementFormat, Agreement: pinned(f.Snap.Object(of)), Period: p.Span(loc), Zone: loc.String()}
	if x := finding.Spec[model.Agreement](f, of); x != nil {
		s.CreditCap, s.Fee = x.CreditCap, x.Fee
		if !x.Customer.IsZero() {
			s.Customer = x.Customer.String()
		}
	} else if c := finding.Spec[model.Contract](f, of); c != nil {
		s.Supplier, s.Fee, s.CreditCap = c.Supplier.String(), c.Amount, c.CreditCap
	}
	a := use(f)
	for _, o := range a.ObjectivesOf(of) {
		if p.holds(o.Target) {
			s.Measures = append(s.Measures, a.measure(&o, s.Period, left))
		}
	}
	return s
}

// ZoneOf is the zone in which the periods of an agreement or contract begin and end, and in
// which days of notice are counted: that of its hours, else that of the organisation.
func ZoneOf(f *finding.Facts, of model.Handle) *time.Location {
	var hours model.Ref
	if x := finding.Spec[model.Agreement](f, of); x != nil {
		hours = x.Hours
	} else if c := finding.Spec[model.Contract](f, of); c != nil {
		hours = c.Hours
	}
	if c := finding.SpecOf[model.Calendar](f, hours); c != nil {
		if l, ok := calendars.Location(c.Zone); ok {
			return l
		}
	}
	return calendars.Zone(f)
}

func pinned(o *model.Object) Pinned {
	h := o.MaterialHash()
	return Pinned{o.Ref().String(), o.Version, hex.EncodeToString(h[:])}
}

// casesBefore is how many years before a period a case may have been opened and still count.
const casesBefore = 1

// Measured prepares the measure of an objective in a span: everything but the evidence and
// what the target is called. Excludable is the time that it may leave out.
func (o *Objective) Measured(within Span, excludable []ExcludedTime) Measure {
	t := o.Target
	m := Measure{Target: t.Name, Metric: string(t.Metric), Service: o.Service.String(), Basis: o.Basis(), Bands: t.Credits, CreditCap: t.CreditCap}
	if by, ok := o.Overridden(); ok {
		m.Overridden = by.String()
	}
	switch m.Basis {
	case BasisEvidence:
		r := o.Rules
		m.Agreed, m.Series = SpansOf(o.Agreed(within.interval())), o.Series
		m.Rules = &MeasureRules{Target: model.Percent(r.Target), Strict: r.Strict, Method: r.Method.String(), Slice: max(r.Slice, 1), SliceTarget: t.SliceTarget, Unknown: r.Unknown.String()}
		m.Excluded = o.LeftOut(excludable, within)
	case BasisCases:
		from := within
		from.From = from.From.AddDate(-casesBefore, 0, 0)
		m.Agreed = SpansOf(o.Agreed(from.interval()))
		stops := t.Stops
		if stops == "" && t.Metric == model.MetricRespond {
			stops = "acknowledged"
		}
		r := o.CaseRules()
		m.Cases = &CaseMeasure{Source: o.Source.String(), Starts: t.Starts, Stops: stops, Suspension: t.Suspension, Within: Length(r.Within), Share: model.Percent(r.Share), Strict: r.Strict, Priority: r.Priority}
	}
	return m
}

// measure prepares the measure of an objective: from evidence, from cases, else from the
// figure of the period that was typed by hand.
func (a *Analysis) measure(o *Objective, period Span, left []Left) Measure {
	m := o.Measured(period, o.Excludable(a.Planned(o.Service, o.Location), left))
	if m.Basis == BasisNone {
		m.declare(a.f, o.Target, o.Of, o.Service, period, o.Location)
	}
	return m
}

// Series names the evidence of a source about a thing.
func Series(source, of model.Ref) string { return source.String() + " " + of.String() }

// measures tells that a source says how it measures.
func measures(s *model.MeasurementSource) bool {
	return s.Query != "" || s.Probe != nil || s.Indicator != nil && s.Indicator.Total != "" || s.Type == "other"
}

// priorityOf is the priority whose cases count, empty for all.
func priorityOf(t *model.Target) string {
	if strings.EqualFold(t.Priority, "all") {
		return ""
	}
	return t.Priority
}

// ratioOf is the share that a target wants of time or events; ok is false where it
// promises none.
func ratioOf(t *model.Target) (model.Percent, bool) {
	var p model.Percent
	switch {
	case t.Availability != nil:
		err := p.UnmarshalText([]byte(t.Availability.String()))
		return p, err == nil
	case t.AtLeast != nil && t.AtLeast.Unit == "%" && t.Metric == model.MetricRatio:
		err := p.UnmarshalText([]byte(t.AtLeast.String()))
		return p, err == nil
	case t.Metric == model.MetricResponseTime, t.Metric == model.MetricThroughput, t.Metric == model.MetricThreshold, t.Metric == model.MetricRatio:
		return t.Share(), true
	}
	return p, false
}

// declare takes the figure of the period that was typed by hand, the last where there
// are several.
func (m *Measure) declare(f *finding.Facts, t *model.Target, agreement, service model.Ref, period Span, loc *time.Location) {
	h, ok := f.Snap.Find(agreement)
	if !ok {
		return
	}
	var best *model.Object
	handles(f, h, "case-figures", func(x model.Handle) {
		c := finding.Spec[model.CaseFigures](f, x)
		if c.Of != agreement || c.Target != t.Name || c.Until.IsZero() || !c.Service.IsZero() && c.Service != service || c.Sealed != "" {
			return
		}
		if end := c.Until.AddDays(1).In(loc); end.After(period.To) || !end.After(period.From) || c.From.In(loc).Before(period.From) {
			return
		}
		if o := f.Snap.Object(x); best == nil || o.Version > best.Version {
			best = o
		}
	})
	if best == nil {
		return
	}
	c := best.Spec.(*model.CaseFigures)
	m.Basis = BasisDeclared
	m.Declared = &DeclaredFigure{Figures: pinned(best), Attained: c.Attained, Value: c.Value, Verdict: slo.Undecided.String()}
	if _, _, kept, ok := t.Attainment(c); ok {
		m.Declared.Verdict = slo.Missed.String()
		if kept {
			m.Declared.Verdict = slo.Kept.String()
		}
	}
	if c.Attained != nil {
		share := shareOf(*c.Attained)
		m.due(&share)
	}
}
