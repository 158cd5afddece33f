package servicelevel

import (
	"encoding/hex"
	"slices"
	"strconv"
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
		if t, err := time.Parse(layout, s); err == nil {
			return Period{w, model.DateOf(t)}, true
		}
	}
	if year, quarter, ok := strings.Cut(s, "-Q"); ok && len(quarter) == 1 && quarter[0] >= '1' && quarter[0] <= '4' {
		if t, err := time.Parse("2006", year); err == nil {
			return Period{slo.Quarter, model.NewDate(t.Year(), time.Month(3*int(quarter[0]-'1')+1), 1)}, true
		}
	}
	return Period{}, false
}

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

// Left is time that the ledger says is left out, with whom it concerns.
type Left struct {
	ExcludedTime
	Scope string // a series, service/NAME, agreement/NAME, or "" for all
}

// StatementOf prepares the statement of an agreement for a period: everything but the
// evidence. Facts are those of a date in the period, so that calendars know its
// holidays. Left are the exclusions of the ledger.
func StatementOf(f *finding.Facts, agreement model.Handle, p Period, left []Left) *Statement {
	o := f.Snap.Object(agreement)
	x := o.Spec.(*model.Agreement)
	loc := ZoneOf(f, agreement)
	s := &Statement{Format: StatementFormat, Agreement: pinned(o), Period: p.Span(loc), Zone: loc.String(), CreditCap: x.CreditCap, Fee: x.Fee}
	if !x.Customer.IsZero() {
		s.Customer = x.Customer.String()
	}
	for i := range x.Targets {
		t := &x.Targets[i]
		if !p.holds(t) {
			continue
		}
		for _, service := range x.Services {
			m := Measure{Target: t.Name, Metric: string(t.Metric), Service: service.String(), Basis: BasisNone, Bands: t.Credits, CreditCap: t.CreditCap}
			m.fill(f, t, x, o, service, s.Period, loc, left)
			s.Measures = append(s.Measures, m)
		}
	}
	return s
}

// ZoneOf is the zone of an agreement's hours, that of the organisation where it states
// none.
func ZoneOf(f *finding.Facts, agreement model.Handle) *time.Location {
	x := finding.Spec[model.Agreement](f, agreement)
	if c := finding.SpecOf[model.Calendar](f, x.Hours); c != nil {
		if l, ok := calendars.Location(c.Zone); ok {
			return l
		}
	}
	return calendars.Zone(f)
}

// ExclusionName names an exclusion of the ledger in a statement.
func ExclusionName(id int64) string { return "exclusion " + strconv.FormatInt(id, 10) }

func pinned(o *model.Object) Pinned {
	h := o.MaterialHash()
	return Pinned{o.Ref().String(), o.Version, hex.EncodeToString(h[:])}
}

// fill finds what a target is measured by, and the hours and exclusions that count.
func (m *Measure) fill(f *finding.Facts, t *model.Target, x *model.Agreement, o *model.Object, service model.Ref, period Span, loc *time.Location, left []Left) {
	hours := t.Calendar
	if hours.IsZero() {
		hours = x.Hours
	}
	source := finding.SpecOf[model.MeasurementSource](f, t.MeasuredBy)
	due, rated := ratioOf(t)
	switch {
	case source == nil || !slices.Contains(source.Of, service):
	case source.Type == "tickets" && (t.Metric == model.MetricRespond || t.Metric == model.MetricRestore) && t.Within > 0:
		from := period
		from.From = from.From.AddDate(-1, 0, 0) // cases opened before
		if agreed, ok := agreedTime(f, hours, from); ok {
			m.Basis, m.Agreed = BasisCases, agreed
			stops := t.Stops
			if stops == "" && t.Metric == model.MetricRespond {
				stops = "acknowledged"
			}
			m.Cases = &CaseMeasure{Source: t.MeasuredBy.String(), Starts: t.Starts, Stops: stops, Suspension: t.Suspension, Within: Length(t.Within.Std()), Share: t.Share(), Strict: t.Boundary == "missed", Priority: priorityOf(t)}
		}
	case source.Type != "tickets" && source.Type != "declared" && rated && measures(source):
		if agreed, ok := agreedTime(f, hours, period); ok {
			m.Basis, m.Agreed = BasisEvidence, agreed
			m.Series = Series(t.MeasuredBy, service)
			m.Rules = &MeasureRules{Target: due, Strict: t.Boundary == "missed", Method: slo.Timeslices.String(), Slice: 1, SliceTarget: t.SliceTarget, Unknown: slo.UnknownExcluded.String()}
			if t.Method != "" {
				m.Rules.Method = t.Method
			}
			if t.Unknown != "" {
				m.Rules.Unknown = t.Unknown
			}
			if n := int(t.Slice.Std() / time.Minute); n > 0 {
				m.Rules.Slice = n
			}
			m.Excluded = leftOut(f, t, x, o.Ref(), service, m.Series, period, loc, left)
		}
	}
	if m.Basis == BasisNone {
		m.declare(f, t, o.Ref(), service, period, loc)
	}
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
		return p, p.UnmarshalText([]byte(t.Availability.String())) == nil
	case t.AtLeast != nil && t.AtLeast.Unit == "%" && t.Metric == model.MetricRatio:
		return p, p.UnmarshalText([]byte(t.AtLeast.String())) == nil
	case t.Metric == model.MetricResponseTime, t.Metric == model.MetricThroughput, t.Metric == model.MetricThreshold, t.Metric == model.MetricRatio:
		return t.Share(), true
	}
	return p, false
}

// agreedTime is when a calendar is open in a period.
func agreedTime(f *finding.Facts, hours model.Ref, period Span) ([]Span, bool) {
	spec := finding.SpecOf[model.Calendar](f, hours)
	if spec == nil {
		return nil, false
	}
	c, ok := calendars.Convert(spec, model.DateOf(period.To))
	if !ok {
		return nil, false
	}
	return SpansOf(c.Open(period.interval())), true
}

// leftOut lists the time that a target leaves out: maintenance that was announced in
// time, and exclusions of the ledger of a kind it names.
func leftOut(f *finding.Facts, t *model.Target, x *model.Agreement, agreement, service model.Ref, series string, period Span, loc *time.Location, left []Left) []ExcludedTime {
	var out []ExcludedTime
	add := func(e ExcludedTime) {
		i := e.interval().Intersect(period.interval())
		if !slices.Contains(t.Exclusions, e.Kind) || i.IsEmpty() {
			return
		}
		whole := slo.Exclusion{Interval: e.interval(), Planned: e.Kind == plannedMaintenance, Announced: e.Announced}
		if whole.Standing(calendars.Period(x.MaintenanceNotice), loc) != slo.Holds {
			return
		}
		e.Span = Span{i.Start.UTC(), i.End.UTC()}
		out = append(out, e)
	}
	for _, e := range use(f).Planned(service, loc) {
		add(ExcludedTime{Span: Span{e.Interval.Start.UTC(), e.Interval.End.UTC()}, Kind: e.Kind, Source: e.Source.String(), Announced: e.Announced})
	}
	for _, l := range left {
		switch l.Scope {
		case "", series, service.String(), agreement.String():
			add(l.ExcludedTime)
		}
	}
	slices.SortFunc(out, func(a, b ExcludedTime) int {
		if c := a.From.Compare(b.From); c != 0 {
			return c
		}
		return strings.Compare(a.Source, b.Source)
	})
	return out
}

const plannedMaintenance = "planned-maintenance"

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
