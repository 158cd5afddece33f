package app

import (
	"strings"

	"diapason/internal/finding"
	"diapason/internal/model"
	"diapason/internal/process/continuity"
)

// continuityPage answers: are the plans proven, do they bring everything back in
// time, is every critical activity analysed and planned for.
func continuityPage(p *page) {
	p.askOf("proven", nil, "CON-007", "CON-010", "CON-011", "CON-012", "CON-013")
	p.askOf("in-time", nil, "CON-002", "CON-003", "CON-004", "CON-005", "CON-006", "CON-008", "CON-009", "SLM-010")
	p.askOf("analysed", nil, "CON-001")
	a, ok := finding.Use[*continuity.Analysis](p.state.Result.Facts)
	if !ok {
		return
	}
	p.plans(a)
	p.timelines(a)
	p.activities(a)
}

// plans lists the recovery plans with what they must and can attain.
func (p *page) plans(a *continuity.Analysis) {
	t := p.list("plans", [2]string{"plan", "ref"}, [2]string{"services", "list"}, [2]string{"scenarios", "text"}, [2]string{"rto", "duration"}, [2]string{"attainable", "duration"}, [2]string{"rpo", "duration"}, [2]string{"version", "text"}, [2]string{"exercised", "date"}, [2]string{"due", "date"}, [2]string{"mark", "mark"})
	for _, h := range p.state.Snap.OfKind("recovery-plan") {
		o := p.state.Snap.Object(h)
		x := o.Spec.(*model.RecoveryPlan)
		cells := map[string]any{"plan": p.name(o.Ref()), "services": names(p.state, x.Services), "scenarios": p.w.Value(x.Scenarios), "version": x.Version, "mark": p.markAbout(o.Ref())}
		var rto model.Duration
		for _, s := range x.Services {
			if svc := finding.SpecOf[model.Service](p.state.Result.Facts, s); svc != nil && svc.Continuity.RTO > 0 && (rto == 0 || svc.Continuity.RTO < rto) {
				rto = svc.Continuity.RTO
			}
		}
		cells["rto"] = positive(rto)
		if d, ok := a.Attainable(h); ok {
			cells["attainable"] = model.Duration(d).String()
		}
		if x.RPO != nil {
			cells["rpo"] = x.RPO.String()
		}
		var last model.Date
		for _, in := range p.state.Snap.In(h) {
			if e, ok := p.state.Snap.Object(in.From).Spec.(*model.Exercise); ok && e.Date <= p.state.On {
				last = max(last, e.Date)
			}
		}
		cells["exercised"] = day(last)
		if !last.IsZero() && !x.ExerciseInterval.IsZero() {
			cells["due"] = day(last.Add(x.ExerciseInterval))
		}
		t.add(o.Ref(), cells)
	}
	sortByDate(t, "due")
}

// timelines lists the steps of all plans in their place, as a Gantt chart shows
// them: start and end count from the beginning of the recovery.
func (p *page) timelines(a *continuity.Analysis) {
	t := p.list("timeline", [2]string{"plan", "ref"}, [2]string{"step", "text"}, [2]string{"start", "duration"}, [2]string{"finish", "duration"}, [2]string{"who", "list"}, [2]string{"restores", "list"}, [2]string{"critical", "boolean"})
	for _, h := range p.state.Snap.OfKind("recovery-plan") {
		line := a.Timeline(h)
		if line == nil {
			continue
		}
		plan := p.state.Snap.Ref(h)
		for _, b := range line.Bars {
			step := p.w.Value(b.Title)
			if step == "" {
				step = b.Step
			}
			t.add(plan, map[string]any{
				"plan": p.name(plan), "step": step, "start": span(model.Duration(b.Start)), "finish": span(model.Duration(b.End)), "who": names(p.state, append(append([]model.Ref{}, b.Who...), b.By...)),
				"restores": names(p.state, b.Restores), "critical": b.Critical,
			})
		}
	}
}

// activities lists what the business does with its impact analysis.
func (p *page) activities(a *continuity.Analysis) {
	t := p.list("activities", [2]string{"activity", "ref"}, [2]string{"criticality", "text"}, [2]string{"services", "list"}, [2]string{"mtpd", "duration"}, [2]string{"rto", "duration"}, [2]string{"rpo", "duration"}, [2]string{"analysed", "date"}, [2]string{"impacts", "text"}, [2]string{"mark", "mark"})
	for _, h := range p.state.Snap.OfKind("business-activity") {
		o := p.state.Snap.Object(h)
		x := o.Spec.(*model.BusinessActivity)
		cells := map[string]any{"activity": p.name(o.Ref()), "criticality": p.w.Value(x.Criticality), "services": names(p.state, x.Services), "rto": positive(x.RTO), "analysed": day(x.AnalysedOn), "mark": p.markAbout(o.Ref())}
		if d, ok := a.MTPD(h); ok {
			cells["mtpd"] = model.Duration(d).String()
		}
		if x.RPO != nil {
			cells["rpo"] = x.RPO.String()
		}
		var impacts []string
		for _, i := range x.Impact {
			if label, ok := p.label("business-activity", "type", i.Type).(string); ok && !strings.Contains(strings.Join(impacts, "\x00"), label) {
				impacts = append(impacts, label)
			}
		}
		cells["impacts"] = p.w.List(impacts)
		t.add(o.Ref(), cells)
	}
}
