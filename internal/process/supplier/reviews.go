package supplier

import (
	"slices"

	"diapason/internal/calendars"
	"diapason/internal/finding"
	"diapason/internal/model"
)

// SUP-004: a review is overdue, or was held without measures. A review of a
// contract is one of its supplier and the other way round.
var reviewOverdue = finding.Rule{
	ID: "SUP-004", Process: finding.Supplier, Kinds: []string{"supplier", "contract"}, Reach: finding.Closure, Severity: finding.Warning,
	Check: func(f *finding.Facts, h model.Handle, emit func(finding.Finding)) {
		a := use(f)
		about := []model.Ref{f.Snap.Ref(h)}
		var interval model.Period
		var since model.Date
		switch spec := f.Snap.Object(h).Spec.(type) {
		case *model.Contract:
			if spec.ReviewInterval.IsZero() || !calendars.ContractStanding(spec, f.On).InForce() {
				return
			}
			interval, since = spec.ReviewInterval, spec.Start
			about = append(about, spec.Supplier)
		case *model.Supplier:
			if spec.ReviewInterval.IsZero() {
				return
			}
			interval = spec.ReviewInterval
			current := false
			for _, c := range a.contractsOf(h) {
				contract := finding.Spec[model.Contract](f, c)
				about = append(about, f.Snap.Ref(c))
				if calendars.ContractStanding(contract, f.On).InForce() {
					current = true
					if since.IsZero() || contract.Start < since {
						since = contract.Start
					}
				}
			}
			if !current {
				return // SUP-001 asks for the contract first
			}
		}
		last := a.lastReview(about)
		x := finding.Finding{Pointer: "/spec/reviewInterval", Args: finding.Args{"interval": interval}}
		if last != nil {
			since = last.Date
			x.Args["held"] = last.Date
		}
		due := since.Add(interval)
		switch {
		case since.IsZero():
			x.Variant = "never"
		case due < f.On:
			x.Args["due"], x.Args["days"] = due, due.DaysUntil(f.On)
			x.Evidence = []finding.Evidence{{Label: "due", Value: due}}
			if last == nil {
				x.Variant, x.Args["since"] = "first", since
			}
		case last != nil && len(last.Measures) == 0:
			x.Variant = "measures"
		default:
			return
		}
		emit(x)
	},
}

// lastReview is the latest review held about one of several objects.
func (a *Analysis) lastReview(about []model.Ref) *model.Review {
	var last *model.Review
	for _, r := range about {
		for _, review := range a.reviewsOf(r) {
			if review.Date.IsZero() || review.Date > a.f.On {
				continue
			}
			better := last == nil || review.Date > last.Date || review.Date == last.Date && len(review.Measures) > len(last.Measures)
			if better {
				last = review
			}
		}
	}
	return last
}

// SUP-012: an action from a review of a supplier is overdue.
var actionOverdue = finding.Rule{
	ID: "SUP-012", Process: finding.Supplier, Kinds: []string{"action"}, Reach: finding.Near, Severity: finding.Warning,
	Check: func(f *finding.Facts, h model.Handle, emit func(finding.Finding)) {
		spec := finding.Spec[model.Action](f, h)
		if spec.Due.IsZero() || !spec.Done.IsZero() || spec.Due >= f.On {
			return
		}
		done := false
		handles(f, h, "review", func(r model.Handle) {
			review := finding.Spec[model.Review](f, r)
			partner := slices.IndexFunc(review.About, func(x model.Ref) bool { return x.Kind == "supplier" || x.Kind == "contract" })
			if done || partner < 0 && review.Type != "supplier" {
				return
			}
			done = true
			x := finding.Finding{
				Pointer: "/spec/due", Causes: []model.Ref{f.Snap.Ref(r)},
				Args:     finding.Args{"due": spec.Due, "days": spec.Due.DaysUntil(f.On), "review": f.Snap.Ref(r), "held": review.Date, "with": model.Ref{}},
				Evidence: []finding.Evidence{{Label: "due", Value: spec.Due}},
			}
			if partner >= 0 {
				x.Args["with"] = review.About[partner]
			}
			emit(x)
		})
	},
}
