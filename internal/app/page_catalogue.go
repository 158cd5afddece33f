package app

import (
	"context"

	"diapason/internal/finding"
	"diapason/internal/model"
)

// cataloguePage answers: what comes and what is late, which sheets are not fit to
// be shown, where the catalogue says something else than the design.
func cataloguePage(p *page) {
	p.askComing()
	p.askOf("sheets", nil, "CAT-001", "CAT-002")
	rows := p.published()
	p.askAhead(rows)
	p.showcase(rows)
}

// askComing asks what is to become available or to retire, soonest first.
func (p *page) askComing() {
	coming := &Table{}
	late := 0
	p.services(func(_ model.Handle, o *model.Object, s *model.Service) {
		if s.Facing == "supporting" {
			return
		}
		switch state := LifecycleOf(s, p.state.On); {
		case state == Coming && s.AvailableFrom > 0 && s.AvailableFrom < p.state.On:
			late++
			coming.add(o.Ref(), map[string]any{"date": day(s.AvailableFrom), "what": "page.coming.late"})
		case state == Coming && s.AvailableFrom > 0:
			coming.add(o.Ref(), map[string]any{"date": day(s.AvailableFrom), "what": "page.coming.from"})
		case state == Retiring && s.RetiresOn > 0:
			coming.add(o.Ref(), map[string]any{"date": day(s.RetiresOn), "what": "page.coming.retires"})
		}
	})
	sortByDate(coming, "date")
	mark := MarkOK
	for _, j := range p.of("CAT-003", "CAT-005") {
		mark = mark.Worst(markOf(j))
	}
	if late > 0 {
		mark = mark.Worst(MarkRisk)
	}
	items := []QuestionItem{}
	for _, r := range coming.Rows[:min(len(coming.Rows), itemsShown)] {
		x := p.item(*r.Ref, p.w.Message(r.Cells["what"].(string), nil))
		x.Date = r.Cells["date"].(string)
		items = append(items, x)
	}
	p.ask("coming", mark, finding.Args{"n": len(coming.Rows), "late": late}, items)
}

// shown is a service with what the catalogue shows of it, nil for nothing.
type shown struct {
	o         *model.Object
	s         *model.Service
	published *Published
}

func (p *page) published() []shown {
	var out []shown
	p.services(func(_ model.Handle, o *model.Object, s *model.Service) {
		pub, err := p.app.PublishedService(context.Background(), p.state.Snap, o.Ref())
		if err != nil {
			p.app.log.Error("a published service cannot be read", "service", o.Ref().String(), "error", err)
		}
		out = append(out, shown{o, s, pub})
	})
	return out
}

// askAhead asks where catalogue and design differ: published versions behind the
// working ones, live services never published, retirements that agreements or
// users do not know of.
func (p *page) askAhead(rows []shown) {
	ahead, never := 0, 0
	items := []QuestionItem{}
	mark := MarkOK
	add := func(x QuestionItem) {
		if len(items) < itemsShown {
			items = append(items, x)
		}
	}
	gaps := p.of("CAT-004", "CAT-006")
	for _, j := range gaps {
		mark = mark.Worst(markOf(j))
		add(p.item(j.Subject, p.w.Finding(j.Finding)))
	}
	for _, r := range rows {
		switch {
		case r.published != nil && r.published.Ahead:
			ahead++
			add(p.item(r.o.Ref(), p.w.Message("page.ahead", nil)))
		case r.published == nil && r.s.Stage == model.StageLive && r.s.Facing != "supporting":
			never++
			add(p.item(r.o.Ref(), p.w.Message("page.unpublished", nil)))
		}
	}
	if ahead+never > 0 {
		mark = mark.Worst(MarkRisk)
	}
	p.ask("ahead", mark, finding.Args{"ahead": ahead, "never": never, "n": ahead + never + len(gaps), "gaps": len(gaps)}, items)
}

func (p *page) showcase(rows []shown) {
	t := p.list("showcase", [2]string{"service", "ref"}, [2]string{"family", "text"}, [2]string{"state", "text"}, [2]string{"availableFrom", "date"}, [2]string{"retiresOn", "date"}, [2]string{"published", "date"}, [2]string{"version", "text"}, [2]string{"audience", "text"}, [2]string{"mark", "mark"})
	for _, r := range rows {
		cells := map[string]any{
			"service": p.name(r.o.Ref()), "family": p.w.Value(familyOf(p.state.Snap, r.s.Family, "").Title), "state": p.w.Message("catalogue.state."+string(LifecycleOf(r.s, p.state.On)), nil), "availableFrom": day(r.s.AvailableFrom), "retiresOn": day(r.s.RetiresOn),
			"version": p.w.Message("publication.none", nil), "audience": p.label("service", "audience", r.s.Sheet.Audience), "mark": p.markAbout(r.o.Ref()),
		}
		if r.published != nil {
			cells["published"] = model.DateOf(r.published.Decision.Spec.(*model.Decision).At.Time).String()
			cells["version"] = p.w.Message("publication.published", nil)
			if r.published.Ahead {
				cells["version"] = p.w.Message("publication.ahead", nil)
			}
		}
		t.add(r.o.Ref(), cells)
	}
}
