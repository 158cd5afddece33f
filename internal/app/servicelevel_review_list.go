package app

import (
	"diapason/internal/finding"
	"diapason/internal/model"
	"diapason/internal/process/servicelevel"
)

// agreementReviews lists the agreements in force that are reviewed, the next review due
// first, with the actions of their reviews that are still open.
func (p *page) agreementReviews() {
	t := p.list("reviews", [2]string{"object", "ref"}, [2]string{"lastReview", "date"}, [2]string{"review", "ref"}, [2]string{"due", "date"}, [2]string{"openActions", "list"}, [2]string{"mark", "mark"})
	x, ok := finding.Use[*servicelevel.Analysis](p.state.Result.Facts)
	if !ok {
		return
	}
	for _, h := range p.state.Snap.OfKind("agreement") {
		if !x.Binding(h) {
			continue
		}
		o := p.state.Snap.Object(h)
		plan := servicelevel.ReviewPlanOf(p.state.Result.Facts, h)
		_, _, open := p.lastReview(h)
		if plan.Due.IsZero() && plan.Held.IsZero() && plan.Next.IsZero() {
			continue
		}
		t.add(o.Ref(), map[string]any{"object": p.name(o.Ref()), "lastReview": day(plan.Last), "review": p.name(reviewTold(plan)), "due": day(plan.Due), "openActions": names(p.state, open), "mark": p.markAbout(o.Ref())})
	}
	sortByDate(t, "due")
}

// reviewTold is the review that a row leads to: the one that is planned, else the last.
func reviewTold(p servicelevel.ReviewPlan) model.Ref {
	if !p.Next.IsZero() {
		return p.Next
	}
	return p.Held
}
