package servicelevel

import (
	"slices"

	"diapason/internal/finding"
	"diapason/internal/model"
)

// ReviewPlan says when an agreement or a contract is to be reviewed.
type ReviewPlan struct {
	// Interval is how often it is reviewed; none where nothing was agreed.
	Interval model.Period
	// Last is the day of the last review that was held, Held that review.
	Last model.Date
	Held model.Ref
	// Planned is the next day for which a review is planned and not yet held, Next that
	// review; the day may have passed.
	Planned model.Date
	Next    model.Ref
	// Due is when a review is due: the last one, or the start, and the interval.
	Due model.Date
	// Since is the day from which the interval runs.
	Since model.Date
}

// Overdue tells that a review should have been held before a day.
func (p ReviewPlan) Overdue(on model.Date) bool { return !p.Due.IsZero() && p.Due < on }

// ReviewPlanOf says when an agreement or contract is to be reviewed, as of the date of the
// facts. A review of a customer is one of the customer's agreements, and a review of a
// supplier one of its contracts.
func ReviewPlanOf(f *finding.Facts, h model.Handle) ReviewPlan {
	var p ReviewPlan
	about := []model.Ref{f.Snap.Ref(h)}
	types := []string{"service", "committee", ""}
	switch x := f.Snap.Object(h).Spec.(type) {
	case *model.Agreement:
		p.Interval, p.Since = x.ReviewInterval, x.Start
		about = append(about, x.Customer)
	case *model.Contract:
		p.Interval, p.Since = x.ReviewInterval, x.Start
		if s := finding.SpecOf[model.Supplier](f, x.Supplier); s != nil && p.Interval.IsZero() {
			p.Interval = s.ReviewInterval
		}
		about, types = append(about, x.Supplier), nil
	default:
		return p
	}
	for i, ref := range about {
		if ref.IsZero() {
			continue
		}
		handles(f, handle(f, ref), "review", func(r model.Handle) {
			x := finding.Spec[model.Review](f, r)
			if !slices.Contains(x.About, ref) || i > 0 && types != nil && !slices.Contains(types, x.Type) {
				return
			}
			switch {
			case !x.Date.IsZero() && x.Date <= f.On:
				if x.Date > p.Last {
					p.Last, p.Held = x.Date, f.Snap.Ref(r)
				}
			case x.Date.IsZero() && !x.Planned.IsZero():
				if p.Planned.IsZero() || x.Planned < p.Planned {
					p.Planned, p.Next = x.Planned, f.Snap.Ref(r)
				}
			}
		})
	}
	if !p.Last.IsZero() {
		p.Since = p.Last
	}
	if !p.Interval.IsZero() && !p.Since.IsZero() {
		p.Due = p.Since.Add(p.Interval)
	}
	return p
}

// SLM-020: the review of an agreement is overdue.
var reviewOverdue = finding.Rule{
	ID: "SLM-020", Process: finding.ServiceLevel, Kinds: []string{"agreement"}, Reach: finding.Closure, Severity: finding.Warning,
	Check: func(f *finding.Facts, h model.Handle, emit func(finding.Finding)) {
		spec := finding.Spec[model.Agreement](f, h)
		if spec.ReviewInterval.IsZero() || !use(f).InForce(h, f.On) {
			return
		}
		p := ReviewPlanOf(f, h)
		if !p.Overdue(f.On) {
			return
		}
		x := finding.Finding{
			Pointer:  "/spec/reviewInterval",
			Args:     finding.Args{"interval": p.Interval, "held": p.Last, "since": p.Since, "due": p.Due, "days": p.Due.DaysUntil(f.On), "planned": p.Planned, "ahead": p.Planned >= f.On},
			Evidence: []finding.Evidence{{Label: "due", Value: p.Due}},
		}
		if p.Last.IsZero() {
			x.Variant = "first"
		}
		emit(x)
	},
}

// SLM-021: an action from a service review is overdue. Those of suppliers are SUP-012.
var reviewActionOverdue = finding.Rule{
	ID: "SLM-021", Process: finding.ServiceLevel, Kinds: []string{"action"}, Reach: finding.Near, Severity: finding.Warning,
	Check: func(f *finding.Facts, h model.Handle, emit func(finding.Finding)) {
		spec := finding.Spec[model.Action](f, h)
		if spec.Due.IsZero() || !spec.Done.IsZero() || spec.Due >= f.On {
			return
		}
		from := model.Missing
		partner := false
		handles(f, h, "review", func(r model.Handle) {
			review := finding.Spec[model.Review](f, r)
			if !slices.Contains(review.Actions, f.Snap.Ref(h)) {
				return
			}
			if review.Type == "supplier" || slices.ContainsFunc(review.About, func(x model.Ref) bool { return x.Kind == "supplier" || x.Kind == "contract" }) {
				partner = true
			}
			if review.Type == "service" || review.Type == "committee" {
				from = r
			}
		})
		if from == model.Missing || partner {
			return
		}
		review := finding.Spec[model.Review](f, from)
		emit(finding.Finding{
			Pointer: "/spec/due", Causes: []model.Ref{f.Snap.Ref(from)},
			Args:     finding.Args{"due": spec.Due, "days": spec.Due.DaysUntil(f.On), "review": f.Snap.Ref(from), "held": review.Date},
			Evidence: []finding.Evidence{{Label: "due", Value: spec.Due}},
		})
	},
}

// Binding tells that an agreement or contract is in force on the date of the facts.
func (a *Analysis) Binding(h model.Handle) bool { return a.binding(h) }
