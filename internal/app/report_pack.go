package app

import (
	"cmp"
	"slices"
	"strings"

	"diapason/internal/app/assess"
	"diapason/internal/calendars"
	"diapason/internal/finding"
	"diapason/internal/model"
	"diapason/internal/report"
)

// What a committee is shown: enough to decide, little enough to be read.
const (
	packFindings  = 15
	packRows      = 10
	packDecisions = 8
	packDates     = 25
	packServices  = 300
)

// pack is what a steering committee (COPIL) decides on: a process's three
// questions answered, its working lists, the dates ahead, the findings ranked and
// the decisions asked; or all processes together.
func (r *reporter) pack(name string) error {
	processes := []finding.Process{finding.Process(name)}
	if name == PackAll {
		processes = finding.Processes
	} else if pageBuilders[finding.Process(name)] == nil {
		return notFound(name)
	}
	title := r.say("pack.all")
	if name != PackAll {
		title = r.w.Message("process."+name, nil)
	}
	r.begin(r.say("pack.kind"), title, r.say("pack.lead", "on", r.s.On))
	r.doc.Landscape = true
	var pages []*ProcessPage
	for _, p := range processes {
		page, err := r.a.ProcessPage(r.ctx, r.actor, r.view, string(p), r.w.Lang)
		if err != nil {
			return err
		}
		pages = append(pages, page)
	}
	if name == PackAll {
		r.whole(pages)
		return nil
	}
	page := pages[0]
	r.add("questions", r.say("pack.questions"), r.answers(page)...)
	r.decisions(processes)
	r.add("dates", r.say("pack.dates", "days", nearDays), r.dates(processes))
	r.add("findings", r.say("pack.findings"), r.ranked(page.Findings))
	lists := r.add("lists", r.say("pack.lists"))
	for _, l := range page.Lists {
		lists.Blocks = append(lists.Blocks, r.from(l, l.Title, r.say("pack.empty"), packRows))
	}
	lists.Break = true
	return nil
}

// whole is the pack of all processes: the services with their marks, then each
// process's answers and worst findings.
func (r *reporter) whole(pages []*ProcessPage) {
	counts := report.Table{Columns: []string{r.say("process"), r.say("pack.errors"), r.say("pack.warnings"), r.say("pack.unknowns"), r.say("pack.waived")}}
	for _, p := range pages {
		mark := MarkOK
		for _, q := range p.Questions {
			mark = mark.Worst(q.Mark)
		}
		n := func(n int) report.Cell { return text(r.w.Value(n)) }
		counts.Rows = append(counts.Rows, []report.Cell{{Text: r.w.Message("process."+string(p.Process), nil), Mark: report.Mark(mark)}, n(p.Counts.Error), n(p.Counts.Warning), n(p.Counts.Unknown), n(p.Counts.Waived)})
	}
	r.add("processes", r.say("service.processes"), counts)
	r.decisions(finding.Processes)
	r.add("services", r.say("pack.services"), r.marks()).Break = true
	r.add("dates", r.say("pack.dates", "days", nearDays), r.dates(nil)).Break = true
	for i, p := range pages {
		s := r.add(string(p.Process), r.w.Message("process."+string(p.Process), nil), r.answers(p)...)
		s.Break = i == 0
		if worst := unwaived(p.Findings); len(worst) > 0 {
			s.Blocks = append(s.Blocks, r.ranked(worst[:min(len(worst), 5)]))
		}
	}
}

// answers are a process's questions, each with what its answer rests on.
func (r *reporter) answers(page *ProcessPage) []report.Block {
	var out []report.Block
	for _, q := range page.Questions {
		out = append(out, report.List{Items: []report.Item{{Mark: report.Mark(q.Mark), Lead: q.Question, Text: q.Answer}}})
		l := report.List{Indent: true}
		for _, item := range q.Items[:min(len(q.Items), 5)] {
			line := item.Text
			if d, err := model.ParseDate(item.Date); err == nil {
				line = r.w.Date(d) + " – " + line
			}
			l.Items = append(l.Items, report.Item{Lead: r.w.Value(item.Title), Text: line})
		}
		if len(l.Items) > 0 {
			out = append(out, l)
		}
	}
	return out
}

// marks is every service that is not retired with its eight marks.
func (r *reporter) marks() report.Table {
	t := report.Table{Columns: []string{r.say("service"), r.say("service.stage")}, Empty: r.say("pack.empty")}
	for _, p := range finding.Processes {
		t.Columns = append(t.Columns, r.w.Message("process."+string(p), nil))
	}
	type line struct {
		ref   model.Ref
		stage model.Stage
		marks map[finding.Process]Mark
		gaps  int
	}
	var lines []line
	p := page{app: r.a, actor: r.actor, state: r.s, w: r.w}
	p.services(func(h model.Handle, o *model.Object, s *model.Service) {
		l := line{ref: o.Ref(), stage: s.Stage, marks: r.s.Marks(h)}
		for _, m := range l.marks {
			if m == MarkGap {
				l.gaps++
			}
		}
		lines = append(lines, l)
	})
	if len(lines) > packServices { // then those with most gaps are worth the paper
		t.Caption = r.say("first", "title", r.say("pack.services"), "shown", packServices, "all", len(lines))
		slices.SortStableFunc(lines, func(x, y line) int { return cmp.Compare(y.gaps, x.gaps) })
		lines = lines[:packServices]
	}
	for _, l := range lines {
		row := []report.Cell{text(r.name(l.ref)), text(r.w.Value(l.stage))}
		for _, p := range finding.Processes {
			row = append(row, r.marked(l.marks[p]))
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

func (r *reporter) ranked(list []FindingView) report.Table {
	list = unwaived(list)
	t := r.findings(list[:min(len(list), packFindings)], r.say("no-finding"))
	if len(list) > packFindings {
		t.Caption = r.say("first", "title", r.say("findings"), "shown", packFindings, "all", len(list))
	}
	return t
}

// datesOf says which processes a date on a kind of object concerns.
var datesOf = map[string][]finding.Process{
	"service": {finding.Coordination, finding.Catalogue}, "agreement": {finding.ServiceLevel}, "contract": {finding.Supplier}, "exercise": {finding.Continuity},
	"certification": {finding.Security, finding.Supplier}, "component": {finding.Availability, finding.Capacity}, "tool": {finding.Availability},
	"waiver": {finding.Coordination}, "document": {finding.Coordination}, "policy": {finding.Coordination, finding.Security}, "action": {finding.Coordination},
}

// reviewsOf says which process a type of review belongs to.
var reviewsOf = map[string]finding.Process{
	"service": finding.ServiceLevel, "supplier": finding.Supplier, "outage": finding.Availability, "access": finding.Security, "plan": finding.Continuity, "committee": finding.Coordination,
}

func concerns(s *State, ref model.Ref, processes []finding.Process) bool {
	if processes == nil {
		return true
	}
	o := s.Snap.Get(ref)
	if o == nil {
		return false
	}
	list := datesOf[ref.Kind]
	if x, ok := o.Spec.(*model.Review); ok {
		list = []finding.Process{reviewsOf[x.Type]}
	}
	return slices.ContainsFunc(list, func(p finding.Process) bool { return slices.Contains(processes, p) })
}

// dates lists what falls due within the next months; nil is all processes.
func (r *reporter) dates(processes []finding.Process) report.Table {
	t := report.Table{Columns: []string{r.say("date"), r.say("what"), r.say("object")}, Empty: r.say("pack.no-date")}
	n := 0
	for _, d := range r.a.datesAhead(r.s, r.w, nearDays) {
		if !concerns(r.s, d.Ref, processes) {
			continue
		}
		if n++; n > packDates {
			continue
		}
		on, _ := model.ParseDate(d.Date)
		t.Rows = append(t.Rows, []report.Cell{r.day(on), text(d.What), text(r.w.Value(d.Title))})
	}
	if n > packDates {
		t.Caption = r.say("first", "title", r.say("dates"), "shown", packDates, "all", n)
	}
	return t
}

// decision is something that the committee is asked for.
type decision struct {
	what, why string
	who       model.Ref
	by        model.Date
}

// decisions gathers what needs somebody to decide: submissions, notices of
// contracts, waivers and acceptances that run out, and the errors that stand.
func (r *reporter) decisions(processes []finding.Process) {
	var list []decision
	has := func(p finding.Process) bool { return slices.Contains(processes, p) }
	if has(finding.Coordination) || has(finding.Catalogue) {
		list = append(list, r.submitted()...)
	}
	if has(finding.Supplier) {
		list = append(list, r.notices()...)
	}
	list = append(list, r.runningOut(processes)...)
	slices.SortStableFunc(list, func(x, y decision) int { return cmp.Compare(x.by, y.by) })
	list = append(list, r.errors(processes, max(3, packDecisions-len(list)))...)
	t := report.Table{Columns: []string{r.say("decision.what"), r.say("decision.why"), r.say("decision.who"), r.say("decision.by"), r.say("decision.taken")}, Empty: r.say("decision.none"), ToFill: true}
	for _, d := range list {
		t.Rows = append(t.Rows, []report.Cell{{Text: d.what, Bold: true}, text(d.why), text(r.name(d.who)), r.day(d.by), {}})
	}
	r.add("decisions", r.say("pack.decisions"), t)
}

func (r *reporter) owner(ref model.Ref) model.Ref {
	if o := r.s.Snap.Get(ref); o != nil {
		return o.Metadata.Owner
	}
	return model.Ref{}
}

// submitted are the services that wait for their publication.
func (r *reporter) submitted() []decision {
	var out []decision
	for _, h := range r.s.Snap.OfKind("decision") {
		o := r.s.Snap.Object(h)
		d := o.Spec.(*model.Decision)
		if openSubmission(r.s.Snap, d.Service) != o {
			continue
		}
		sh, ok := r.s.Snap.Find(d.Service)
		if !ok || r.s.Snap.Object(sh) == nil {
			continue
		}
		why := r.w.Message("page.submission", finding.Args{"by": d.By, "known": !d.By.IsZero(), "n": len(blocking(r.s, sh))})
		out = append(out, decision{what: r.say("decision.publish", "service", d.Service), why: why, who: r.owner(d.Service)})
	}
	return out
}

// notices are the contracts whose last day for notice is near.
func (r *reporter) notices() []decision {
	var out []decision
	for _, h := range r.s.Snap.OfKind("contract") {
		x := r.s.Snap.Object(h).Spec.(*model.Contract)
		d := calendars.ContractStanding(x, r.s.On)
		if d.Ended() || d.NoticeBy.IsZero() || d.NoticePassed || !d.Renews || r.s.On.DaysUntil(d.NoticeBy) > nearDays {
			continue
		}
		ref := r.s.Snap.Ref(h)
		out = append(out, decision{r.say("decision.renew", "contract", ref), r.say("decision.renew.why", "last", d.Last), cmp.Or(r.owner(ref), r.owner(x.Supplier)), d.NoticeBy})
	}
	return out
}

// runningOut are the waivers and risk acceptances that end soon.
func (r *reporter) runningOut(processes []finding.Process) []decision {
	var out []decision
	near := func(d model.Date) bool { return !d.IsZero() && r.s.On.DaysUntil(d) <= nearDays && d >= r.s.On }
	for _, h := range r.s.Snap.OfKind("waiver") {
		x := r.s.Snap.Object(h).Spec.(*model.Waiver)
		rule := assess.Rule(x.Rule)
		if rule != nil && slices.Contains(processes, rule.Process) && near(x.Until) {
			out = append(out, decision{r.say("decision.waiver", "rule", x.Rule, "subject", x.Subject), r.w.Value(x.Reason), r.owner(x.Subject), x.Until})
		}
	}
	if slices.Contains(processes, finding.Security) {
		for _, h := range r.s.Snap.OfKind("risk") {
			x := r.s.Snap.Object(h).Spec.(*model.Risk)
			if ref := r.s.Snap.Ref(h); near(x.Acceptance.Until) {
				out = append(out, decision{r.say("decision.accept", "risk", ref), r.w.Value(x.Acceptance.Why), cmp.Or(r.owner(ref), x.Acceptance.By), x.Acceptance.Until})
			}
		}
	}
	return out
}

// errors are the worst gaps that stand: to be mended, or waived by a decision.
func (r *reporter) errors(processes []finding.Process, most int) []decision {
	var worst []assess.Judged
	for _, j := range r.s.Judged {
		rule := assess.Rule(j.Rule)
		if rule != nil && slices.Contains(processes, rule.Process) && j.Counts() && j.Outcome == finding.Violated && j.Severity == finding.Error {
			worst = append(worst, j)
		}
	}
	SortWorstFirst(worst)
	var out []decision
	for _, j := range worst[:min(len(worst), most)] {
		what := r.w.Remedy(j.Finding)
		if strings.TrimSpace(what) == "" {
			what = r.say("decision.mend", "subject", j.Subject)
		}
		out = append(out, decision{what: what, why: r.w.Finding(j.Finding) + " (" + j.Rule + ")", who: r.owner(j.Subject)})
	}
	return out
}
