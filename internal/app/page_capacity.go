package app

import (
	"cmp"
	"slices"

	"diapason/internal/finding"
	"diapason/internal/model"
	"diapason/internal/process/capacity"
)

// capacityPage answers for the three parts of the process: does business demand
// outgrow the services, do services carry today's demand, are there machines and
// people enough.
func capacityPage(p *page) {
	p.askOf("business", nil, "CAP-001", "CAP-004")
	p.askOf("service", nil, "CAP-002", "CAP-006", "SLM-009")
	p.askOf("component", nil, "CAP-003", "CAP-005", "CAP-007")
	a, ok := finding.Use[*capacity.Analysis](p.state.Result.Facts)
	if !ok {
		return
	}
	p.exhaustions(a)
	p.shortages(a)
}

// exhaustions lists every capacity of services and components, what runs out
// first on top, then the fullest.
func (p *page) exhaustions(a *capacity.Analysis) {
	t := p.list("exhaustions", [2]string{"object", "ref"}, [2]string{"resource", "text"}, [2]string{"demand", "quantity"}, [2]string{"limit", "quantity"}, [2]string{"load", "percent"}, [2]string{"runsOut", "date"}, [2]string{"early", "date"}, [2]string{"late", "date"}, [2]string{"mark", "mark"})
	type row struct {
		ref model.Ref
		x   capacity.Exhaustion
	}
	var list []row
	for _, kind := range []string{"service", "component"} {
		for _, h := range p.state.Snap.OfKind(kind) {
			for _, x := range a.Exhaustions(h) {
				list = append(list, row{p.state.Snap.Ref(h), x})
			}
		}
	}
	slices.SortStableFunc(list, func(x, y row) int {
		if x.x.On.IsZero() != y.x.On.IsZero() {
			return boolOrder(!x.x.On.IsZero())
		}
		return cmp.Or(cmp.Compare(x.x.On, y.x.On), cmp.Compare(y.x.Load, x.x.Load))
	})
	for _, r := range list {
		cells := map[string]any{"object": p.name(r.ref), "resource": p.w.Value(r.x.Title), "limit": r.x.Limit.String(), "runsOut": day(r.x.On), "mark": p.partMark(r.ref, "capacity/"+r.x.Resource)}
		if r.x.Unknown {
			cells["mark"] = MarkUnknown
		} else {
			cells["demand"], cells["load"] = r.x.Demand.String(), r.x.Load.String()
		}
		if r.x.Spread {
			cells["early"], cells["late"] = day(r.x.Early), day(r.x.Late)
		}
		t.add(r.ref, cells)
	}
}

// shortages lists the hours of people that are short, the first week on top.
func (p *page) shortages(a *capacity.Analysis) {
	t := p.list("people", [2]string{"skill", "ref"}, [2]string{"firstWeek", "date"}, [2]string{"worstWeek", "date"}, [2]string{"work", "duration"}, [2]string{"available", "duration"}, [2]string{"short", "duration"}, [2]string{"people", "list"}, [2]string{"workOf", "list"})
	for _, x := range a.Shortages() {
		t.add(x.Subject, map[string]any{
			"skill": p.name(x.Subject), "firstWeek": day(x.First), "worstWeek": day(x.Worst), "work": span(x.Work), "available": span(x.Hours), "short": span(x.Lacking), "people": names(p.state, x.People), "workOf": names(p.state, x.From),
		})
	}
}
