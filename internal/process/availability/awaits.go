package availability

import (
	"diapason/internal/calendars"
	"diapason/internal/finding"
	"diapason/internal/model"
)

// AwaitedReview is the review that an interruption is due.
type AwaitedReview struct {
	Due     model.Date // the day by which it is to be held (AVL-010)
	Planned model.Date // the day for which it is planned; no date where it is not
}

// AwaitsReview reports an interruption that came uncontrolled, has ended, and was not
// reviewed yet.
func (a *Analysis) AwaitsReview(outage model.Handle) (AwaitedReview, bool) {
	o := finding.Spec[model.Outage](a.f, outage)
	if o == nil || o.End.IsZero() || amiss(a.f, o) != Sound {
		return AwaitedReview{}, false
	}
	zone := calendars.Zone(a.f)
	if announced(a.f, o, model.DateOf(o.Start.In(zone))) || reviewed(a.f, outage, o) {
		return AwaitedReview{}, false
	}
	return AwaitedReview{Due: model.DateOf(o.End.In(zone)).AddDays(reviewWithin), Planned: planned(a.f, outage, o)}, true
}
