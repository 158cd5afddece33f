package app

import (
	"slices"
	"time"

	"diapason/internal/finding"
	"diapason/internal/model"
	"diapason/internal/process/availability"
)

// availabilityPage answers: which single points of failure hurt most, which
// interruptions were not controlled or not reviewed, where the design does not
// reach what is promised.
func availabilityPage(p *page) {
	p.askOf("single", nil, "AVL-001", "AVL-002", "AVL-003", "AVL-004")
	p.askOf("interruptions", nil, "AVL-006", "AVL-008", "AVL-010")
	p.askOf("below", nil, "SLM-003", "AVL-005", "AVL-009")
	p.predictions()
	p.interruptions()
	p.experience()
}

// promised is what service level management promises about availability.
type promised interface {
	Promised(service model.Handle) (a model.Availability, agreement model.Ref, target string, ok bool)
}

// predictions lists services with promise and prediction, the greatest shortfall
// first.
func (p *page) predictions() {
	t := p.list("predictions", [2]string{"service", "ref"}, [2]string{"criticality", "text"}, [2]string{"promised", "availability"}, [2]string{"predicted", "availability"}, [2]string{"downtime", "duration"}, [2]string{"singlePoints", "list"}, [2]string{"lacking", "list"}, [2]string{"mark", "mark"})
	av, ok := finding.Use[*availability.Analysis](p.state.Result.Facts)
	if !ok {
		return
	}
	pr, promises := finding.Use[promised](p.state.Result.Facts)
	shortfall := map[model.Ref]float64{}
	p.services(func(h model.Handle, o *model.Object, s *model.Service) {
		value, _, _, _, missing, known := av.Predicted(h)
		cells := map[string]any{"service": p.name(o.Ref()), "criticality": p.w.Value(s.Criticality), "singlePoints": names(p.state, av.SinglePoints(h)), "lacking": names(p.state, missing), "mark": p.state.Marks(h)[finding.Availability]}
		if known {
			cells["predicted"] = digits(value)
			cells["downtime"] = model.Duration(availability.Monthly(value.Unavailability()).Round(time.Second)).String()
		}
		if promises {
			if due, _, _, ok := pr.Promised(h); ok {
				cells["promised"] = due.String()
				if known {
					shortfall[o.Ref()] = value.Unavailability() - due.Unavailability()
					if value.Less(due) {
						cells["mark"] = MarkGap
					}
				}
			}
		}
		t.add(o.Ref(), cells)
	})
	slices.SortStableFunc(t.Rows, func(x, y Row) int {
		a, b := shortfall[*x.Ref], shortfall[*y.Ref]
		switch {
		case a > b:
			return -1
		case a < b:
			return 1
		}
		return 0
	})
}

// interruptions lists what was interrupted, the latest first.
func (p *page) interruptions() {
	t := p.list("interruptions", [2]string{"outage", "ref"}, [2]string{"date", "date"}, [2]string{"duration", "duration"}, [2]string{"cause", "ref"}, [2]string{"services", "list"}, [2]string{"controlled", "boolean"}, [2]string{"review", "ref"}, [2]string{"mark", "mark"})
	hits, sound := func(model.Handle) []model.Ref { return nil }, func(model.Handle) bool { return false }
	if av, ok := finding.Use[*availability.Analysis](p.state.Result.Facts); ok {
		hits, sound = av.Hits, func(h model.Handle) bool { return av.Amiss(h) == availability.Sound }
	}
	list := slices.Clone(p.state.Snap.OfKind("outage"))
	start := func(h model.Handle) time.Time { return p.state.Snap.Object(h).Spec.(*model.Outage).Start.Time }
	slices.SortStableFunc(list, func(x, y model.Handle) int { return start(y).Compare(start(x)) })
	for _, h := range list {
		o := p.state.Snap.Object(h)
		x := o.Spec.(*model.Outage)
		cells := map[string]any{"outage": p.name(o.Ref()), "cause": p.name(x.Cause), "services": names(p.state, hits(h)), "controlled": x.Controlled || !x.Maintenance.IsZero(), "review": p.name(x.Review), "mark": p.markAbout(o.Ref())}
		if !x.Start.IsZero() {
			cells["date"] = model.DateOf(x.Start.Time).String()
			if !x.End.IsZero() && sound(h) {
				cells["duration"] = model.Duration(x.End.Sub(x.Start.Time)).String()
			}
		}
		t.add(o.Ref(), cells)
	}
}

// experience lists what failed since interruptions are recorded: how often, for how
// long, and how sure that is.
func (p *page) experience() {
	av, ok := finding.Use[*availability.Analysis](p.state.Result.Facts)
	if !ok || p.state.Snap.Organisation().RecordedSince.IsZero() {
		return
	}
	t := p.list("experience", [2]string{"object", "ref"}, [2]string{"since", "date"}, [2]string{"observed", "integer"}, [2]string{"mtbf", "duration"}, [2]string{"mtbfInterval", "text"}, [2]string{"mttr", "duration"}, [2]string{"mttrInterval", "text"}, [2]string{"measured", "availability"})
	b := &studyBuilder{s: p.state, w: p.w, av: av}
	seen := map[model.Ref]bool{}
	for _, h := range p.state.Snap.OfKind("outage") {
		cause := p.state.Snap.Object(h).Spec.(*model.Outage).Cause
		to, found := p.state.Snap.Find(cause)
		if seen[cause] || !found || p.state.Snap.Get(cause) == nil {
			continue
		}
		seen[cause] = true
		x := av.Failures(to)
		if !x.Known {
			continue
		}
		up, down := x.Record.MTBF(availability.Confidence), x.Record.MTTR(availability.Confidence)
		cells := map[string]any{"object": p.name(cause), "since": day(x.Since), "observed": len(x.Record.Downs), "measured": model.AvailabilityOf(1 - x.Record.Availability(availability.Confidence).Mean).Rounded(3).String()}
		_, cells["mtbfInterval"] = b.meanTime(up)
		_, cells["mttrInterval"] = b.meanTime(down)
		if up.Known {
			cells["mtbf"], cells["mttr"] = duration(coarse(up.Mean)), duration(coarse(down.Mean))
		}
		t.add(cause, cells)
	}
}
