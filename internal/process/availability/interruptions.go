package availability

import (
	"slices"

	"diapason/internal/calendars"
	"diapason/internal/finding"
	"diapason/internal/model"
)

// remembered is how many days back an interruption without plan is spoken of.
const remembered = 365

// reviewWithin is how many days after its end an interruption must be reviewed.
const reviewWithin = 10

// uncontrolled is AVL-008: nobody had announced it and no plan covered it.
func uncontrolled(f *finding.Facts, h model.Handle, emit func(finding.Finding)) {
	o := finding.Spec[model.Outage](f, h)
	zone := calendars.Zone(f)
	if o == nil || o.Start.IsZero() {
		return
	}
	day := model.DateOf(o.Start.In(zone))
	if day > f.On || day.DaysUntil(f.On) > remembered || announced(f, o, day) || finding.SpecOf[model.RecoveryPlan](f, o.Plan) != nil {
		return
	}
	out := finding.Finding{
		Pointer: "/spec/plan", Args: finding.Args{"start": o.Start.In(zone), "cause": o.Cause, "hits": o.Hits, "n": len(o.Hits)},
		Causes:   []model.Ref{o.Cause},
		Evidence: []finding.Evidence{{Label: "start", Value: o.Start.In(zone)}},
	}
	if len(o.Hits) > 0 {
		out.Evidence = append(out.Evidence, finding.Evidence{Label: "hits", Value: o.Hits})
	}
	if !o.End.IsZero() && amiss(f, o) == Sound {
		out.Args["lasted"] = o.End.Sub(o.Start.Time)
		out.Evidence = append(out.Evidence, finding.Evidence{Label: "lasted", Value: o.End.Sub(o.Start.Time)})
	}
	if m := finding.SpecOf[model.Maintenance](f, o.Maintenance); m != nil {
		out.Variant = "late" // there was work, but nobody had been told
		out.Pointer = "/spec/maintenance"
		out.Args["maintenance"] = o.Maintenance
	}
	emit(out)
}

// announced reports an interruption that was planned and announced by its day.
func announced(f *finding.Facts, o *model.Outage, day model.Date) bool {
	if o.Maintenance.IsZero() {
		return o.Controlled
	}
	m := finding.SpecOf[model.Maintenance](f, o.Maintenance)
	return m != nil && !m.Announced.IsZero() && m.Announced <= day
}

// unreviewed is AVL-010: what a record says must hold together, and somebody must look
// at what came uncontrolled.
func unreviewed(f *finding.Facts, h model.Handle, emit func(finding.Finding)) {
	o := finding.Spec[model.Outage](f, h)
	zone := calendars.Zone(f)
	if o == nil || !record(f, o, emit) {
		return
	}
	since := model.DateOf(o.Start.In(zone))
	if announced(f, o, since) {
		return
	}
	if !o.End.IsZero() {
		since = model.DateOf(o.End.In(zone))
	}
	due := since.AddDays(reviewWithin)
	if f.On <= due || reviewed(f, h, o) {
		return
	}
	out := finding.Finding{
		Pointer: "/spec/review", Causes: []model.Ref{o.Cause},
		Args:     finding.Args{"days": since.DaysUntil(f.On), "due": due, "ended": since},
		Evidence: []finding.Evidence{{Label: "ended", Value: since}, {Label: "due", Value: due}},
	}
	if day := planned(f, h, o); !day.IsZero() {
		out.Args["planned"] = day
	}
	emit(out)
}

func reviewsOf(f *finding.Facts, h model.Handle, o *model.Outage, fn func(*model.Review) bool) bool {
	if r := finding.SpecOf[model.Review](f, o.Review); r != nil && fn(r) {
		return true
	}
	return slices.ContainsFunc(f.Snap.In(h), func(in model.Incoming) bool {
		r := finding.Spec[model.Review](f, in.From)
		return r != nil && fn(r)
	})
}

func reviewed(f *finding.Facts, h model.Handle, o *model.Outage) bool {
	return reviewsOf(f, h, o, func(r *model.Review) bool { return !r.Date.IsZero() && r.Date <= f.On })
}

// planned is the day for which a review is planned, no date where none is.
func planned(f *finding.Facts, h model.Handle, o *model.Outage) model.Date {
	var day model.Date
	reviewsOf(f, h, o, func(r *model.Review) bool {
		if r.Planned >= f.On && (day.IsZero() || r.Planned < day) {
			day = r.Planned
		}
		return false
	})
	return day
}
