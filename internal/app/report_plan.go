package app

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"diapason/internal/finding"
	"diapason/internal/model"
	"diapason/internal/process/continuity"
	"diapason/internal/report"
)

// crisisLines is how many lines of the crisis log are printed to write in.
const crisisLines = 16

// planReport is a continuity plan to print and keep offline: first what is needed
// to act, then what is needed to understand and keep the plan alive.
type planReport struct {
	*reporter
	h        model.Handle
	o        *model.Object
	plan     *model.RecoveryPlan
	line     *continuity.Timeline
	analysis *continuity.Analysis
	people   []model.Ref // in the order in which the plan needs them
	seen     map[model.Ref]bool
}

func (r *reporter) plan(name string) error {
	ref := model.Ref{Kind: "recovery-plan", Name: name}
	o, err := r.a.readable(r.actor, r.s.Snap, ref)
	if err != nil {
		return err
	}
	h, _ := r.s.Snap.Find(ref)
	p := &planReport{reporter: r, h: h, o: o, plan: o.Spec.(*model.RecoveryPlan), seen: map[model.Ref]bool{}}
	if a, ok := finding.Use[*continuity.Analysis](r.s.Result.Facts); ok {
		p.analysis, p.line = a, a.Timeline(h)
	}
	r.begin(r.say("plan.kind"), r.name(ref), r.w.Value(o.Metadata.Description))
	p.trigger()
	p.gatherPeople()
	p.directory()
	p.steps()
	p.suppliers()
	p.communication()
	log := r.add("log", r.say("plan.log"), report.Paragraph{Text: r.say("plan.log.text")}, report.Table{Columns: []string{r.say("plan.log.time"), r.say("plan.log.what"), r.say("plan.log.who")}, Lines: crisisLines})
	log.Break = true
	needs := p.needs()
	needs.Break = true
	p.risks()
	p.exercises()
	p.life()
	p.guide()
	return nil
}

// trigger says when the plan is activated and what it must attain.
func (p *planReport) trigger() {
	var f facts
	f.add(p.say("plan.scenarios"), p.w.Value(p.plan.Scenarios))
	f.add(p.say("plan.lost"), p.all(p.plan.Loses))
	f.add(p.say("plan.declares"), p.deciders())
	f.add(p.say("plan.clock"), p.choice("recovery-plan", "clockStarts", p.plan.ClockStarts))
	f.add(p.say("plan.detection"), p.length(p.plan.Detection))
	f.add(p.say("plan.decision"), p.length(p.plan.Decision))
	f.add(p.say("plan.hours"), p.name(p.plan.Hours))
	rto := p.required()
	if rto > 0 {
		f.add(p.say("plan.rto"), p.w.Value(rto))
	}
	if p.line != nil && p.line.Fault == "" {
		mark := MarkOK
		if rto > 0 && p.line.Attainable > rto.Std() {
			mark = MarkGap
		}
		f.list = append(f.list, report.Fact{Label: p.say("plan.attainable"), Value: p.w.Value(p.line.Attainable), Mark: report.Mark(mark)})
	}
	if p.plan.RPO != nil {
		f.add(p.say("plan.rpo"), p.w.Value(*p.plan.RPO))
	}
	f.add(p.say("plan.version"), p.plan.Version)
	p.add("trigger", p.say("plan.trigger"), report.Paragraph{Text: p.say("plan.trigger.text")}, f.list)
}

// required is the shortest RTO of the services and activities of the plan.
func (p *planReport) required() model.Duration {
	var rto model.Duration
	least := func(d model.Duration) {
		if d > 0 && (rto == 0 || d < rto) {
			rto = d
		}
	}
	for _, s := range p.plan.Services {
		if x := finding.SpecOf[model.Service](p.s.Result.Facts, s); x != nil {
			least(x.Continuity.RTO)
		}
	}
	for _, b := range p.plan.Activities {
		if x := finding.SpecOf[model.BusinessActivity](p.s.Result.Facts, b); x != nil {
			least(x.RTO)
		}
	}
	return rto
}

// deciders are those who may set the plan in motion, in words.
func (p *planReport) deciders() string {
	var lines []string
	for _, a := range p.assignments(func(x *model.RoleAssignment) bool {
		return x.Role == "continuity-manager" && x.Service.IsZero()
	}) {
		line := p.w.Value(a.Role) + p.say("colon") + p.name(a.Holder)
		if !a.Deputy.IsZero() {
			line += p.say("plan.or-deputy", "deputy", a.Deputy)
		}
		lines = append(lines, line)
	}
	if owner := p.o.Metadata.Owner; !owner.IsZero() {
		lines = append(lines, p.say("plan.owner")+p.say("colon")+p.name(owner))
	}
	return strings.Join(lines, "\n")
}

// assignments lists the role assignments in force on the date of the view.
func (p *planReport) assignments(keep func(*model.RoleAssignment) bool) []*model.RoleAssignment {
	var out []*model.RoleAssignment
	for _, h := range p.s.Snap.OfKind("role-assignment") {
		x := p.s.Snap.Object(h).Spec.(*model.RoleAssignment)
		if (x.From.IsZero() || x.From <= p.s.On) && (x.Until.IsZero() || x.Until >= p.s.On) && keep(x) {
			out = append(out, x)
		}
	}
	return out
}

func (p *planReport) note(refs ...model.Ref) {
	for _, x := range refs {
		if x.IsZero() || p.seen[x] || p.s.Snap.Get(x) == nil {
			continue
		}
		switch x.Kind {
		case "person", "team":
			p.seen[x] = true
			p.people = append(p.people, x)
		case "role-assignment":
			p.note(p.s.Snap.Get(x).Spec.(*model.RoleAssignment).Holder)
		}
	}
}

// gatherPeople lists who the plan needs: those who decide, those who act, those
// who own what comes back.
func (p *planReport) gatherPeople() {
	for _, a := range p.assignments(func(x *model.RoleAssignment) bool {
		return x.Role == "continuity-manager" && x.Service.IsZero() || x.Role == "security-manager" && x.Service.IsZero()
	}) {
		p.note(a.Holder)
	}
	p.note(p.o.Metadata.Owner)
	for _, s := range p.plan.Steps {
		p.note(s.By...)
	}
	p.note(p.plan.Uses...)
	for _, s := range p.plan.Services {
		if o := p.s.Snap.Get(s); o != nil {
			p.note(o.Metadata.Owner)
		}
	}
}

// reach is how somebody is reached: phone and e-mail, or a word that it is not
// stated.
func (p *planReport) reach(ref model.Ref) (phone, mail string) {
	x := finding.SpecOf[model.Person](p.s.Result.Facts, ref)
	if x == nil {
		return "", ""
	}
	phone = x.Phone
	if phone == "" {
		phone = p.say("plan.no-phone")
	}
	return phone, x.Email
}

// directory lists people with their deputies, then teams with their rotas.
func (p *planReport) directory() {
	people := report.Table{Caption: p.say("plan.people"), Columns: []string{p.say("plan.who"), p.say("plan.function"), p.say("plan.phone"), p.say("plan.mail"), p.say("plan.deputy"), p.say("plan.deputy-phone")}, Empty: p.say("plan.nobody")}
	teams := report.Table{Caption: p.say("plan.teams"), Columns: []string{p.say("plan.team"), p.say("plan.lead"), p.say("plan.members"), p.say("plan.oncall"), p.say("plan.responds")}, Empty: p.say("plan.no-team")}
	for _, ref := range p.people {
		if ref.Kind == "team" {
			teams.Rows = append(teams.Rows, p.team(ref))
			continue
		}
		phone, mail := p.reach(ref)
		functions, deputies, phones := p.functions(ref)
		people.Rows = append(people.Rows, []report.Cell{{Text: p.name(ref), Bold: true}, text(functions), text(phone), text(mail), text(deputies), text(phones)})
	}
	blocks := []report.Block{people, teams}
	if d := p.plan.Directory; !d.Document.IsZero() {
		verified := p.say("plan.never")
		if !d.VerifiedOn.IsZero() {
			verified = p.w.Date(d.VerifiedOn)
		}
		blocks = append(blocks, report.Paragraph{Text: p.say("plan.directory.text", "document", d.Document, "verified", verified)})
	}
	p.add("people", p.say("plan.call"), blocks...)
}

// functions are the roles of a person on the date, with the deputies.
func (p *planReport) functions(person model.Ref) (functions, deputies, phones string) {
	var f, d, t []string
	for _, a := range p.assignments(func(x *model.RoleAssignment) bool { return x.Holder == person }) {
		if label := p.w.Value(a.Role); !slices.Contains(f, label) {
			f = append(f, label)
		}
		if name := p.name(a.Deputy); name != "" && !slices.Contains(d, name) {
			phone, _ := p.reach(a.Deputy)
			d, t = append(d, name), append(t, phone)
		}
	}
	return strings.Join(f, "\n"), strings.Join(d, "\n"), strings.Join(t, "\n")
}

func (p *planReport) team(ref model.Ref) []report.Cell {
	x := p.s.Snap.Get(ref).Spec.(*model.Team)
	who := func(list []model.Ref) string {
		var out []string
		for _, m := range list {
			line := p.name(m)
			if q := finding.SpecOf[model.Person](p.s.Result.Facts, m); q != nil && q.Phone != "" {
				line += " · " + q.Phone
			}
			out = append(out, line)
		}
		return strings.Join(out, "\n")
	}
	var rotas []string
	respond := p.length(x.Respond)
	for _, c := range x.OnCall {
		rota := p.name(c.Calendar)
		if c.Respond > 0 {
			rota += " (" + p.w.Value(c.Respond) + ")"
		}
		rotas = append(rotas, rota)
	}
	lead := ""
	if !x.Lead.IsZero() {
		lead = who([]model.Ref{x.Lead})
	}
	return []report.Cell{{Text: p.name(ref), Bold: true}, text(lead), text(who(x.Members)), text(strings.Join(rotas, "\n")), text(respond)}
}

// steps lists what is done, in the order in which it begins.
func (p *planReport) steps() {
	title := p.say("plan.steps")
	if p.line != nil && p.line.Fault == "" {
		t := report.Table{Columns: []string{p.say("plan.number"), p.say("plan.starts"), p.say("plan.ends"), p.say("plan.takes"), p.say("plan.step"), p.say("plan.who"), p.say("plan.means"), p.say("plan.restores"), p.say("plan.critical")}}
		bars := slices.Clone(p.line.Bars)
		slices.SortStableFunc(bars, func(x, y continuity.Bar) int { return cmp.Or(cmp.Compare(x.Start, y.Start), cmp.Compare(x.End, y.End)) })
		for i, b := range bars {
			critical := ""
			if b.Critical {
				critical = p.w.Value(true)
			}
			t.Rows = append(t.Rows, []report.Cell{text(strconv.Itoa(i + 1)), text(p.clock(b.Start)), text(p.clock(b.End)), text(p.w.Value(b.End - b.Start)), {Text: p.stepTitle(b.Title, b.Step), Bold: true},
				text(p.all(slices.Concat(p.doing(b), b.By))), text(p.all(b.With)), text(p.all(b.Restores)), text(critical)})
		}
		var f facts
		f.add(p.say("plan.verification"), p.length(p.plan.Verification))
		f.add(p.say("plan.total"), p.w.Value(p.line.Total))
		p.add("steps", title, report.Paragraph{Text: p.say("plan.steps.text")}, t, f.list)
		return
	}
	t := report.Table{Columns: []string{p.say("plan.number"), p.say("plan.step"), p.say("plan.takes"), p.say("plan.after"), p.say("plan.who"), p.say("plan.means"), p.say("plan.restores")}, Empty: p.say("plan.no-steps")}
	titles := map[string]string{}
	for _, s := range p.plan.Steps {
		titles[s.Name] = p.stepTitle(s.Title, s.Name)
	}
	for i, s := range p.plan.Steps {
		var after []string
		for _, n := range s.After {
			after = append(after, cmp.Or(titles[n], n))
		}
		t.Rows = append(t.Rows, []report.Cell{text(strconv.Itoa(i + 1)), {Text: titles[s.Name], Bold: true}, text(p.length(s.Duration)), text(strings.Join(after, "\n")), text(p.all(s.By)), text(p.all(s.Means)), text(p.all(s.Restores))})
	}
	p.add("steps", title, report.Paragraph{Text: p.say("plan.steps.unplaced")}, t)
}

// doing are the people and teams of a step: a schedule that names each member of
// a team says the team, too.
func (p *planReport) doing(b continuity.Bar) []model.Ref {
	var out []model.Ref
	for _, s := range p.plan.Steps {
		if s.Name == b.Step {
			for _, by := range s.By {
				if by.Kind == "team" {
					out = append(out, by)
				}
			}
		}
	}
	for _, w := range b.Who {
		if !slices.Contains(out, w) {
			out = append(out, w)
		}
	}
	return out
}

func (p *planReport) stepTitle(title model.Text, name string) string {
	if t := p.w.Value(title); t != "" {
		return t
	}
	return name
}

// clock writes a time since the beginning of the recovery: T+1:30.
func (p *planReport) clock(d time.Duration) string {
	m := int(d.Round(time.Minute) / time.Minute)
	minutes := strconv.Itoa(m % 60)
	if m%60 < 10 {
		minutes = "0" + minutes
	}
	return "T+" + strconv.Itoa(m/60) + ":" + minutes
}

// suppliers lists the partners that the plan calls upon, or that cover what it
// loses or brings back, with their contracts.
func (p *planReport) suppliers() {
	t := report.Table{Columns: []string{p.say("plan.supplier"), p.say("plan.contact"), p.say("plan.phone"), p.say("plan.mail"), p.say("plan.contract"), p.say("plan.covers"), p.say("plan.hours")}, Empty: p.say("plan.no-supplier")}
	var contracts []model.Ref
	bare := []model.Ref{}
	note := func(ref model.Ref) {
		switch {
		case ref.Kind == "contract" && !slices.Contains(contracts, ref) && p.s.Snap.Get(ref) != nil:
			contracts = append(contracts, ref)
		case ref.Kind == "supplier" && !slices.Contains(bare, ref) && p.s.Snap.Get(ref) != nil:
			bare = append(bare, ref)
		}
	}
	about := slices.Concat(p.plan.Uses, p.plan.Loses)
	for _, s := range p.plan.Steps {
		about = slices.Concat(about, s.By, s.Means, s.Restores)
	}
	for _, x := range about {
		note(x)
		h, ok := p.s.Snap.Find(x)
		if !ok || x.Kind == "team" || x.Kind == "person" {
			continue
		}
		for _, in := range p.s.Snap.In(h) {
			if in.Field.Name == "covers" || in.Field.Name == "supplier" {
				note(p.s.Snap.Ref(in.From))
			}
		}
	}
	row := func(supplier, contract model.Ref) {
		s := finding.SpecOf[model.Supplier](p.s.Result.Facts, supplier)
		contact, phone, mail := "", "", ""
		if s != nil && !s.Contact.IsZero() {
			contact = p.name(s.Contact)
			phone, mail = p.reach(s.Contact)
		}
		cells := []report.Cell{{Text: p.name(supplier), Bold: true}, text(contact), text(phone), text(mail), {}, {}, {}}
		if c := finding.SpecOf[model.Contract](p.s.Result.Facts, contract); c != nil {
			title := p.name(contract)
			if c.Number != "" {
				title += "\n" + c.Number
			}
			cells[4], cells[5], cells[6] = text(title), text(p.all(c.Covers)), text(p.name(c.Hours))
		}
		t.Rows = append(t.Rows, cells)
	}
	for _, c := range contracts {
		x := p.s.Snap.Get(c).Spec.(*model.Contract)
		row(x.Supplier, c)
		bare = slices.DeleteFunc(bare, func(s model.Ref) bool { return s == x.Supplier })
	}
	for _, s := range bare {
		row(s, model.Ref{})
	}
	p.add("suppliers", p.say("plan.suppliers"), t)
}
