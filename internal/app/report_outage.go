package app

import (
	"slices"
	"time"

	"diapason/internal/engine/worktime"
	"diapason/internal/finding"
	"diapason/internal/model"
	"diapason/internal/process/availability"
)

// outageSeen is an outage as a review or a pack tells of it.
type outageSeen struct {
	object   *model.Object
	spec     *model.Outage
	services []model.Ref
	lasted   time.Duration // up to the end of the stretch looked at where it has no end
	reviewed bool
}

// outagesOf lists the outages that hit some services in a stretch of time, the earliest
// first; nil services are all of them.
func outagesOf(s *State, services map[model.Ref]bool, within worktime.Interval) []outageSeen {
	av, ok := finding.Use[*availability.Analysis](s.Result.Facts)
	if !ok {
		return nil
	}
	var out []outageSeen
	for _, h := range s.Snap.OfKind("outage") {
		o := s.Snap.Object(h)
		x := o.Spec.(*model.Outage)
		end := x.End.Time
		if end.IsZero() {
			end = within.End
		}
		if x.Start.IsZero() || !x.Start.Before(within.End) || !end.After(within.Start) {
			continue
		}
		hit := slices.Clone(av.Hits(h))
		if services != nil {
			hit = slices.DeleteFunc(hit, func(r model.Ref) bool { return !services[r] })
		}
		if len(hit) == 0 {
			continue
		}
		out = append(out, outageSeen{o, x, hit, max(0, end.Sub(x.Start.Time)), reviewHeld(s, h, x)})
	}
	slices.SortStableFunc(out, func(p, q outageSeen) int { return p.spec.Start.Compare(q.spec.Start.Time) })
	return out
}

// reviewHeld tells that a review of an outage was held.
func reviewHeld(s *State, outage model.Handle, x *model.Outage) bool {
	held := func(o *model.Object) bool {
		if o == nil {
			return false
		}
		r, ok := o.Spec.(*model.Review)
		return ok && !r.Date.IsZero() && r.Date <= s.On
	}
	return held(s.Snap.Get(x.Review)) || slices.ContainsFunc(s.Snap.In(outage), func(in model.Incoming) bool { return held(s.Snap.Object(in.From)) })
}

// servicesHit lists the services that fall with some things.
func servicesHit(s *State, down []model.Ref) []model.Ref {
	if av, ok := finding.Use[*availability.Analysis](s.Result.Facts); ok {
		return av.Down(down).Services
	}
	return nil
}
