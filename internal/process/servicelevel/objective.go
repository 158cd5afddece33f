package servicelevel

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"diapason/internal/calendars"
	"diapason/internal/engine/slo"
	"diapason/internal/engine/worktime"
	"diapason/internal/finding"
	"diapason/internal/model"
)

// Objective is one target of an agreement or contract for one of the things it is about,
// as the mathematics of service levels takes it.
type Objective struct {
	// Of is the agreement or contract, Target the target at Index in it, Service the
	// service or component.
	Of      model.Ref
	Index   int
	Target  *model.Target
	Service model.Ref
	// Gap says why no evidence can be judged by it; empty where it can. What is below holds
	// as far as it could be read in any case.
	Gap Gap
	// Source is what it is measured by, Series the name of its evidence in the ledger; the
	// latter is empty where Gap is not.
	Source model.Ref
	Series string
	Window slo.Window
	// Location is the zone in which its window is a window of the calendar; see ZoneOf.
	Location *time.Location
	Hours    model.Ref
	Rules    slo.Rules
	// Exclusions are the kinds of time that it leaves out, Notice how long before planned
	// maintenance must have been announced.
	Exclusions []string
	Notice     worktime.Period
	// Credits are its bands; CreditsFault says what is wrong with them among themselves, and
	// no credit is due then.
	Credits      slo.Credits
	CreditsFault error
	// Overrides are the agreements that count in its place; see Overridden.
	Overrides []Override
	// Alerts are its burn-rate alerts as stated; see Rows.
	Alerts []slo.BurnRow

	calendar *worktime.Calendar
}

// Gap is why a target has no objective that evidence can be judged by.
type Gap string

// The gaps, the first that is found.
const (
	GapNotMeasured Gap = "not-measured" // it names nothing that measures it
	GapTickets     Gap = "tickets"      // cases of a ticket tool: see Cases
	GapDeclared    Gap = "declared"     // figures typed by hand
	GapNotOf       Gap = "not-of"       // the source does not measure the service
	GapHow         Gap = "how"          // the source does not say what it asks
	GapNoShare     Gap = "no-share"     // it promises no share of time or events
	GapHours       Gap = "hours"        // its hours are not stated or cannot be read
	GapRules       Gap = "rules"        // its method, slice or treatment cannot be read
	GapOnSite      Gap = "on-site"      // its clock stops on site, which cases do not tell
)

// Cases tells that it promises how long cases may take, so that the cases of a ticket tool
// can be judged by it.
func (o *Objective) Cases() bool {
	return (o.Target.Metric == model.MetricRespond || o.Target.Metric == model.MetricRestore) && o.Target.Within > 0
}

// Overridden is the agreement that counts in its place for everybody to whom it was
// promised; ok is false where it counts itself.
func (o *Objective) Overridden() (by model.Ref, ok bool) { return overridden(o.Overrides) }

// Basis is what can be judged by it: minute slices, cases of a ticket tool, or neither.
func (o *Objective) Basis() Basis {
	switch {
	case o.Gap == "":
		return BasisEvidence
	case o.Gap == GapTickets && o.Cases() && o.Source.Kind == "measurement-source" && o.calendar != nil:
		return BasisCases
	}
	return BasisNone
}

// CaseRules are the rules for its cases.
func (o *Objective) CaseRules() slo.CaseRules {
	return slo.CaseRules{Within: o.Target.Within.Std(), Share: slo.Share(o.Target.Share()), Strict: o.Target.Boundary == "missed", Priority: priorityOf(o.Target)}
}

// Agreed is its agreed time in an interval; empty where its hours cannot be read.
func (o *Objective) Agreed(within worktime.Interval) worktime.Set {
	if o.calendar == nil {
		return worktime.Set{}
	}
	return o.calendar.Open(within)
}

// HasHours tells that its hours can be read.
func (o *Objective) HasHours() bool { return o.calendar != nil }

// Rows are its burn-rate alerts: those it states, else the ones of constant windows with
// factors scaled to its window.
func (o *Objective) Rows(window worktime.Interval) []slo.BurnRow {
	if len(o.Alerts) > 0 {
		return o.Alerts
	}
	return slo.Sloth(window.Duration())
}

// Objectives lists every target of the agreements and contracts in force on the date of the
// facts, for each thing they are about, by agreement or contract, target and service.
func (a *Analysis) Objectives() []Objective {
	var out []Objective
	for _, kind := range []string{"agreement", "contract"} {
		hs := slices.Clone(a.f.Snap.OfKind(kind))
		slices.SortFunc(hs, func(x, y model.Handle) int { return a.f.Snap.Ref(x).Compare(a.f.Snap.Ref(y)) })
		for _, h := range hs {
			if a.binding(h) {
				out = append(out, a.ObjectivesOf(h)...)
			}
		}
	}
	return out
}

// binding tells that an agreement or contract is in force.
func (a *Analysis) binding(h model.Handle) bool {
	if c := finding.Spec[model.Contract](a.f, h); c != nil {
		return calendars.ContractStanding(c, a.f.On).InForce()
	}
	return a.InForce(h, a.f.On)
}

// ObjectivesOf lists the targets of one agreement or contract, in force or not, for each
// thing it is about.
func (a *Analysis) ObjectivesOf(h model.Handle) []Objective {
	var about []model.Ref
	var hours model.Ref
	var notice worktime.Period
	if x := finding.Spec[model.Agreement](a.f, h); x != nil {
		for _, s := range a.served(x) {
			about = append(about, s.ref)
		}
		hours, notice = x.Hours, calendars.Period(x.MaintenanceNotice)
	} else if c := finding.Spec[model.Contract](a.f, h); c != nil {
		for _, r := range c.Covers {
			if r.Kind == "service" || r.Kind == "component" {
				about = append(about, r)
			}
		}
		hours, notice = c.Hours, calendars.Period(c.MaintenanceNotice)
	}
	targets, loc := targetsOf(a.f, h), ZoneOf(a.f, h)
	out := make([]Objective, 0, len(targets)*len(about))
	for i := range targets {
		for _, service := range about {
			o := Objective{Of: a.f.Snap.Ref(h), Index: i, Target: &targets[i], Service: service, Location: loc, Notice: notice, Hours: hours}
			o.Overrides = a.Overrides(h, o.Target, handle(a.f, service))
			o.read(a.f)
			out = append(out, o)
		}
	}
	return out
}

// read takes from the target all that can be read.
func (o *Objective) read(f *finding.Facts) {
	t := o.Target
	o.Exclusions, o.Source = t.Exclusions, t.MeasuredBy
	if !t.Calendar.IsZero() {
		o.Hours = t.Calendar
	}
	o.calendar, _ = calendars.Of(f, o.Hours)
	o.Window, _ = slo.ParseWindow(t.Window)
	due, rated := ratioOf(t)
	o.Rules = slo.Rules{Target: slo.Share(due), Strict: t.Boundary == "missed", Slice: int(t.Slice.Std() / time.Minute)}
	if t.SliceTarget != nil {
		v := slo.Share(*t.SliceTarget)
		o.Rules.SliceTarget = &v
	}
	var method, treatment error
	o.Rules.Method, method = slo.ParseMethod(t.Method)
	o.Rules.Unknown, treatment = slo.ParseTreatment(t.Unknown)
	o.Alerts = rows(t.Alerts)
	o.bands()
	o.Gap = o.gap(f, rated, method == nil && treatment == nil && o.Rules.Validate() == nil && t.Slice.Std()%time.Minute == 0)
	if o.Gap == "" {
		o.Series = Series(o.Source, o.Service)
	}
}

func (o *Objective) gap(f *finding.Facts, rated, readable bool) Gap {
	source := finding.SpecOf[model.MeasurementSource](f, o.Source)
	switch {
	case o.Source.Kind == "tool":
		return GapTickets
	case source == nil:
		return GapNotMeasured
	case source.Type == "declared":
		return GapDeclared
	case !slices.Contains(source.Of, o.Service):
		return GapNotOf
	case source.Type == "tickets" && o.Target.Stops == "on-site":
		return GapOnSite
	case source.Type == "tickets":
		return GapTickets
	case !measures(source):
		return GapHow
	case !rated:
		return GapNoShare
	case o.calendar == nil:
		return GapHours
	case !readable:
		return GapRules
	}
	return ""
}

// bands reads the credits of the target. Bands that stop short of the promise or go beyond
// it are taken as they were agreed; SLM-012 tells of them.
func (o *Objective) bands() {
	if len(o.Target.Credits) == 0 {
		return
	}
	var list []slo.Band
	for _, b := range o.Target.Credits {
		list = append(list, slo.Band{From: shareOf(b.From), Below: shareOf(b.Below), Credit: slo.Share(b.Credit)})
	}
	var most *slo.Share
	if o.Target.CreditCap != nil {
		v := slo.Share(*o.Target.CreditCap)
		most = &v
	}
	o.Credits, o.CreditsFault = slo.NewCredits(list, nil, most)
}

// rows reads burn-rate alerts; those that cannot be read are left out (SLM-013 tells of
// them). Alerts over more than six hours are tickets.
func rows(alerts []model.BurnAlert) []slo.BurnRow {
	var out []slo.BurnRow
	for _, x := range alerts {
		factor, err := strconv.ParseFloat(strings.Replace(strings.TrimSpace(x.Factor), ",", ".", 1), 64)
		if err != nil || factor <= 0 || x.Long <= 0 {
			continue
		}
		r := slo.BurnRow{Severity: slo.Page, Long: x.Long.Std(), Short: x.Short.Std(), Factor: slo.BurnRate(factor)}
		if r.Short <= 0 {
			r.Short = r.Long / 12
		}
		if r.Long > 6*time.Hour {
			r.Severity = slo.Ticket
		}
		out = append(out, r)
	}
	return out
}
