package app

import (
	"cmp"
	"slices"
	"strconv"

	"diapason/internal/finding"
	"diapason/internal/model"
	"diapason/internal/report"
)

// communication lists whom to keep informed: the customers of what stops.
func (p *planReport) communication() {
	t := report.Table{Columns: []string{p.say("customer"), p.say("plan.represented"), p.say("plan.phone"), p.say("plan.mail"), p.say("plan.uses")}, Empty: p.say("plan.no-customer")}
	uses := map[model.Ref][]model.Ref{}
	var order []model.Ref
	note := func(customer, what model.Ref) {
		if customer.IsZero() || p.s.Snap.Get(customer) == nil {
			return
		}
		if uses[customer] == nil {
			order = append(order, customer)
		}
		if !slices.Contains(uses[customer], what) {
			uses[customer] = append(uses[customer], what)
		}
	}
	for _, a := range p.plan.Activities {
		if x := finding.SpecOf[model.BusinessActivity](p.s.Result.Facts, a); x != nil {
			note(x.Customer, a)
		}
	}
	for _, s := range p.plan.Services {
		h, ok := p.s.Snap.Find(s)
		if !ok {
			continue
		}
		for _, in := range p.s.Snap.In(h) {
			switch x := p.s.Snap.Object(in.From).Spec.(type) {
			case *model.Customer:
				note(p.s.Snap.Ref(in.From), s)
			case *model.Agreement:
				note(x.Customer, s)
			}
		}
	}
	slices.SortFunc(order, model.Ref.Compare)
	for _, c := range order {
		x := p.s.Snap.Get(c).Spec.(*model.Customer)
		phone, mail := p.reach(x.Representative)
		t.Rows = append(t.Rows, []report.Cell{{Text: p.name(c), Bold: true}, text(p.name(x.Representative)), text(phone), text(mail), text(p.all(uses[c]))})
	}
	blocks := []report.Block{report.Paragraph{Text: p.say("plan.communication.text")}, t}
	if back := p.w.Value(p.plan.WayBack); back != "" {
		p.add("communication", p.say("plan.communication"), blocks...)
		p.add("back", p.say("plan.back"), report.Paragraph{Text: back})
		return
	}
	p.add("communication", p.say("plan.communication"), blocks...)
}

// needs sets what must come back beside when it does.
func (p *planReport) needs() *report.Section {
	services := report.Table{Caption: p.say("plan.services"), Columns: []string{p.say("service"), p.say("service.criticality"), "RTO", "RPO", p.say("plan.back-after"), p.say("finding.status")}, Empty: p.say("plan.no-service")}
	for _, s := range p.plan.Services {
		x := finding.SpecOf[model.Service](p.s.Result.Facts, s)
		if x == nil {
			continue
		}
		back, mark := "", MarkUnknown
		if p.line != nil && p.line.Fault == "" {
			d := p.line.Attainable
			if b, ok := p.line.Back[s]; ok {
				d = b
			}
			back = p.w.Value(d)
			if x.Continuity.RTO > 0 {
				if mark = MarkOK; d > x.Continuity.RTO.Std() {
					mark = MarkGap
				}
			}
		}
		rpo := ""
		if x.Continuity.RPO != nil {
			rpo = p.w.Value(*x.Continuity.RPO)
		}
		services.Rows = append(services.Rows, []report.Cell{text(p.name(s)), text(p.w.Value(x.Criticality)), text(p.length(x.Continuity.RTO)), text(rpo), text(back), p.marked(mark)})
	}
	activities := report.Table{Caption: p.say("plan.activities"), Columns: []string{p.say("plan.activity"), p.say("plan.mtpd"), "RTO", "RPO", p.say("plan.minimum"), p.say("plan.peaks")}, Empty: p.say("plan.no-activity")}
	for _, a := range p.plan.Activities {
		x := finding.SpecOf[model.BusinessActivity](p.s.Result.Facts, a)
		if x == nil {
			continue
		}
		mtpd, rpo := "", ""
		if h, ok := p.s.Snap.Find(a); ok && p.analysis != nil {
			if d, ok := p.analysis.MTPD(h); ok {
				mtpd = p.w.Value(d)
			}
		}
		if x.RPO != nil {
			rpo = p.w.Value(*x.RPO)
		}
		activities.Rows = append(activities.Rows, []report.Cell{text(p.name(a)), text(mtpd), text(p.length(x.RTO)), text(rpo), text(p.w.Value(x.Minimum)), text(p.w.Value(x.Peaks))})
	}
	return p.add("needs", p.say("plan.needs"), services, activities)
}

// risks lists the risks that bear on what the plan loses or brings back.
func (p *planReport) risks() {
	t := report.Table{Columns: []string{p.say("plan.risk"), p.say("plan.scenario"), p.say("plan.rating"), p.say("plan.treatment")}, Empty: p.say("plan.no-risk")}
	about := map[model.Ref]bool{}
	for _, x := range slices.Concat(p.plan.Services, p.plan.Activities, p.plan.Loses) {
		about[x] = true
	}
	type rated struct {
		level int
		row   []report.Cell
	}
	var list []rated
	for _, h := range p.s.Snap.OfKind("risk") {
		o := p.s.Snap.Object(h)
		x := o.Spec.(*model.Risk)
		if !slices.ContainsFunc(x.Affects, func(r model.Ref) bool { return about[r] }) {
			continue
		}
		level, rating := 0, ""
		if x.Likelihood != nil && x.Gravity != nil {
			level = *x.Likelihood * *x.Gravity
			rating = strconv.Itoa(*x.Likelihood) + " × " + strconv.Itoa(*x.Gravity) + " = " + strconv.Itoa(level)
		}
		list = append(list, rated{level, []report.Cell{text(p.name(o.Ref())), text(p.w.Value(x.Scenario)), text(rating), text(p.choice("risk", "treatment", x.Treatment))}})
	}
	slices.SortStableFunc(list, func(x, y rated) int { return cmp.Compare(y.level, x.level) })
	for _, x := range list {
		t.Rows = append(t.Rows, x.row)
	}
	p.add("risks", p.say("plan.risks"), t)
}

// exercises is the history of exercises, the latest first.
func (p *planReport) exercises() {
	t := report.Table{Columns: []string{p.say("plan.held"), p.say("plan.exercise"), p.say("plan.type"), p.say("plan.version"), "RTA", "RPA", p.say("plan.success"), p.say("plan.learned")}, Empty: p.say("plan.no-exercise")}
	var list []*model.Object
	for _, in := range p.s.Snap.In(p.h) {
		o := p.s.Snap.Object(in.From)
		if _, ok := o.Spec.(*model.Exercise); ok && in.Field.Name == "plan" {
			list = append(list, o)
		}
	}
	slices.SortStableFunc(list, func(x, y *model.Object) int {
		return cmp.Compare(y.Spec.(*model.Exercise).Date, x.Spec.(*model.Exercise).Date)
	})
	for _, o := range list {
		x := o.Spec.(*model.Exercise)
		held := p.day(x.Date)
		success := report.Cell{Text: p.say("plan.failed"), Mark: report.MarkGap}
		switch {
		case x.Date.IsZero() && !x.Planned.IsZero():
			held, success = report.Cell{Text: p.say("plan.planned", "on", x.Planned), Day: x.Planned.UTC()}, p.marked(MarkUnknown)
		case x.Success:
			success = report.Cell{Text: p.say("plan.succeeded"), Mark: report.MarkOK}
		}
		rpa := ""
		if x.RPA != nil {
			rpa = p.w.Value(*x.RPA)
		}
		learned := p.w.Value(x.Findings)
		if len(x.Actions) > 0 {
			learned += "\n→ " + p.all(x.Actions)
		}
		t.Rows = append(t.Rows, []report.Cell{held, text(p.name(o.Ref())), text(p.choice("exercise", "type", x.Type)), text(x.PlanVersion), text(p.length(x.RTA)), text(rpa), success, text(learned)})
	}
	p.add("exercises", p.say("plan.exercises"), t)
}

// life is how the plan is kept: who wrote and approved it, when it is exercised,
// what stands against it.
func (p *planReport) life() {
	var f facts
	f.add(p.say("plan.author"), p.name(p.plan.Author))
	if !p.plan.ApprovedBy.IsZero() {
		f.add(p.say("plan.approved"), p.say("plan.approved-by", "by", p.plan.ApprovedBy, "on", p.plan.ApprovedOn))
	}
	if !p.plan.ExerciseInterval.IsZero() {
		f.add(p.say("plan.interval"), p.w.Value(p.plan.ExerciseInterval))
	}
	f.add(p.say("plan.relies"), p.all(p.plan.Uses))
	var list []FindingView
	for _, j := range p.s.About(p.o.Ref()) {
		list = append(list, ViewFinding(p.s.Snap, p.w, j))
	}
	p.add("life", p.say("plan.life"), f.list, p.findings(list, p.say("no-finding")))
}

// guide says where the plan answers each of the ten steps of the French guide to
// business continuity plans (SGDSN).
func (p *planReport) guide() {
	t := report.Table{Columns: []string{p.say("plan.guide.step"), p.say("plan.guide.where")}}
	for _, x := range [][2]string{
		{p.say("plan.guide.context"), p.say("plan.trigger")}, {p.say("plan.guide.needs"), p.say("plan.needs")}, {p.say("plan.guide.risks"), p.say("plan.risks")},
		{p.say("plan.guide.scenarios"), p.say("plan.trigger")}, {p.say("plan.guide.means"), p.say("plan.steps")}, {p.say("plan.guide.strategy"), p.say("plan.life")},
		{p.say("plan.guide.crisis"), p.say("plan.communication")}, {p.say("plan.guide.writing"), p.say("plan.life")}, {p.say("plan.guide.capacity"), p.say("plan.call")},
		{p.say("plan.guide.exercises"), p.say("plan.exercises")},
	} {
		t.Rows = append(t.Rows, []report.Cell{text(x[0]), text(x[1])})
	}
	p.add("guide", p.say("plan.guide"), report.Paragraph{Text: p.say("plan.guide.text"), Note: true}, t)
}
