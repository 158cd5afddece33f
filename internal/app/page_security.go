package app

import (
	"slices"
	"strconv"

	"diapason/internal/finding"
	"diapason/internal/model"
	"diapason/internal/process/security"
)

// securityPage answers: is everything rated and assured as required, which risks
// want a decision, who holds rights that nobody looks after.
func securityPage(p *page) {
	p.askOf("assured", nil, "SEC-001", "SEC-002", "SEC-006")
	p.askOf("risks", nil, "SEC-003", "SEC-004")
	p.askOf("access", nil, "SEC-005", "SEC-007", "SEC-008")
	p.pillars()
	p.risks()
	p.controls()
	p.accessReviews()
}

// pillars lists services with the level required and assured on each pillar.
func (p *page) pillars() {
	columns := [][2]string{{"service", "ref"}}
	for _, x := range model.Pillars {
		columns = append(columns, [2]string{"pillar-" + x.Value, "text"})
	}
	t := p.list("pillars", append(columns, [2]string{"weakest", "list"}, [2]string{"mark", "mark"})...)
	a, ok := finding.Use[*security.Analysis](p.state.Result.Facts)
	if !ok {
		return
	}
	p.services(func(h model.Handle, o *model.Object, s *model.Service) {
		cells := map[string]any{"service": p.name(o.Ref()), "mark": p.markAbout(o.Ref())}
		var weak []model.Ref
		for _, x := range model.Pillars {
			required, assured := "–", "–"
			due := s.Security.Of(model.Pillar(x.Value))
			if due != nil {
				required = strconv.Itoa(*due)
			}
			if level, weakest, ok := a.Assured(h, model.Pillar(x.Value)); ok {
				assured = strconv.Itoa(level)
				if due != nil && level < *due && !slices.Contains(weak, weakest) {
					weak = append(weak, weakest)
				}
			}
			cells["pillar-"+x.Value] = required + " / " + assured
		}
		cells["weakest"] = names(p.state, weak)
		t.add(o.Ref(), cells)
	})
}

// risks lists the risks, the highest first, with what was decided on them.
func (p *page) risks() {
	t := p.list("risks", [2]string{"risk", "ref"}, [2]string{"affects", "list"}, [2]string{"level", "integer"}, [2]string{"treatment", "text"}, [2]string{"residual", "integer"}, [2]string{"acceptedBy", "ref"}, [2]string{"acceptedUntil", "date"}, [2]string{"mark", "mark"})
	for _, h := range p.state.Snap.OfKind("risk") {
		o := p.state.Snap.Object(h)
		x := o.Spec.(*model.Risk)
		cells := map[string]any{"risk": p.name(o.Ref()), "affects": names(p.state, x.Affects), "treatment": p.label("risk", "treatment", x.Treatment), "acceptedBy": p.name(x.Acceptance.By), "acceptedUntil": day(x.Acceptance.Until), "mark": p.markAbout(o.Ref())}
		if x.Likelihood != nil && x.Gravity != nil {
			cells["level"] = *x.Likelihood * *x.Gravity
		}
		if x.Residual.Likelihood != nil && x.Residual.Gravity != nil {
			cells["residual"] = *x.Residual.Likelihood * *x.Residual.Gravity
		}
		t.add(o.Ref(), cells)
	}
	sortByNumber(t, "level")
}

// controls lists the security measures with their latest evidence.
func (p *page) controls() {
	t := p.list("controls", [2]string{"control", "ref"}, [2]string{"framework", "text"}, [2]string{"status", "text"}, [2]string{"protects", "list"}, [2]string{"evidence", "date"}, [2]string{"due", "date"}, [2]string{"mark", "mark"})
	for _, h := range p.state.Snap.OfKind("control") {
		o := p.state.Snap.Object(h)
		x := o.Spec.(*model.Control)
		var last model.Date
		for _, e := range x.Evidence {
			last = max(last, e.On)
		}
		cells := map[string]any{"control": p.name(o.Ref()), "framework": x.Framework, "status": p.label("control", "status", x.Status), "protects": names(p.state, x.Protects), "evidence": day(last), "mark": p.markAbout(o.Ref())}
		if !last.IsZero() && !x.Interval.IsZero() {
			cells["due"] = day(last.Add(x.Interval))
		}
		t.add(o.Ref(), cells)
	}
	sortByDate(t, "due")
}

// accessReviews lists services with the review of who may use them.
func (p *page) accessReviews() {
	t := p.list("access", [2]string{"service", "ref"}, [2]string{"described", "ref"}, [2]string{"rights", "integer"}, [2]string{"lastReview", "date"}, [2]string{"due", "date"}, [2]string{"mark", "mark"})
	p.services(func(_ model.Handle, o *model.Object, s *model.Service) {
		cells := map[string]any{"service": p.name(o.Ref()), "described": p.name(s.Access.Described), "rights": len(s.Access.Rights), "lastReview": day(s.Access.LastReview)}
		if !s.Access.LastReview.IsZero() && !s.Access.ReviewInterval.IsZero() {
			cells["due"] = day(s.Access.LastReview.Add(s.Access.ReviewInterval))
		}
		mark := MarkOK
		for _, j := range p.state.About(o.Ref()) {
			if j.Rule == "SEC-007" || j.Rule == "SEC-008" {
				mark = mark.Worst(markOf(j))
			}
		}
		cells["mark"] = mark
		t.add(o.Ref(), cells)
	})
	sortByDate(t, "due")
}
