package app

import (
	"strconv"
	"strings"

	"diapason/internal/finding"
	"diapason/internal/model"
	"diapason/internal/process/availability"
	"diapason/internal/process/coordination"
	"diapason/internal/report"
)

// reportRows bounds the tables of a service's report.
const reportRows = 200

// service is the summary of a service's design package, or what its customers
// are told of it: the reader who may not open the working version gets the
// customer's view.
func (r *reporter) service(q ReportQuery) error {
	ref := model.Ref{Kind: "service", Name: q.Name}
	if !q.Customer {
		_, err := r.a.readable(r.actor, r.s.Snap, ref)
		if err == nil {
			return r.designPackage(ref)
		}
		if !codeIs(err, CodeNotFound) {
			return err
		}
	}
	return r.customerSheet(ref, q.Customers)
}

func (r *reporter) designPackage(ref model.Ref) error {
	sheet, err := r.a.Sheet(r.ctx, r.actor, r.view, ref, r.w.Lang)
	if err != nil {
		return err
	}
	o := r.s.Snap.Get(ref)
	svc := o.Spec.(*model.Service)
	h, _ := r.s.Snap.Find(ref)
	r.begin(r.say("service.kind"), r.name(ref), r.w.Value(o.Metadata.Description))

	var f facts
	f.add(r.say("service.stage"), r.w.Value(svc.Stage))
	f.add(r.say("service.owner"), r.name(o.Metadata.Owner))
	f.add(r.say("service.criticality"), r.w.Value(svc.Criticality))
	for _, d := range []struct {
		label string
		date  model.Date
	}{{r.say("service.from"), svc.AvailableFrom}, {r.say("service.until"), svc.RetiresOn}} {
		if !d.date.IsZero() {
			f.add(d.label, r.w.Date(d.date))
		}
	}
	f.add(r.say("service.replaced"), r.name(svc.ReplacedBy))
	f.add(r.say("service.publication"), r.published(sheet.Publication))
	r.add("summary", r.say("service.summary"), f.list)

	marks := report.Table{Columns: []string{r.say("process"), r.say("finding.status")}}
	for _, p := range finding.Processes {
		marks.Rows = append(marks.Rows, []report.Cell{text(r.w.Message("process."+string(p), nil)), r.marked(sheet.Service.Marks[p])})
	}
	fourPs := report.Table{Caption: r.say("service.fourPs"), Columns: []string{"P", r.say("finding.status"), r.say("service.shown-by")}}
	for _, p := range model.FourPs {
		v := sheet.FourPs[p.Value]
		status := r.marked(MarkOK)
		shown := v.Items
		extra := ""
		switch {
		case v.State == "empty":
			status = r.marked(MarkGap)
		case v.State == "none":
			extra = r.say("service.none-because", "why", v.Why)
		case len(shown) > 12:
			extra = "\n" + r.say("others", "n", len(shown)-12)
			shown = shown[:12]
		}
		fourPs.Rows = append(fourPs.Rows, []report.Cell{text(r.w.Value(p.Label)), status, text(r.named(shown) + extra)})
	}
	r.add("processes", r.say("service.processes"), marks, fourPs)
	r.add("package", r.say("service.package"), report.Paragraph{Text: r.say("service.package.text"), Note: true}, r.sections(sheet.Sections))
	r.add("promises", r.say("service.promises"), r.promises(sheet.Promises))
	r.add("dependencies", r.say("service.dependencies"), r.dependencies(h))
	r.add("capacity", r.w.Message("process.capacity", nil), r.from(sheet.Capacity, "", r.say("service.no-capacity"), reportRows))

	continuity := facts{}
	continuity.add("RTO", r.length(svc.Continuity.RTO))
	if svc.Continuity.RPO != nil {
		continuity.add("RPO", r.w.Value(*svc.Continuity.RPO))
	}
	r.add("continuity", r.w.Message("process.continuity", nil), continuity.list, r.from(sheet.Continuity, "", r.say("service.no-plan"), reportRows))
	r.add("security", r.w.Message("process.security", nil), r.pillars(sheet.Security))
	r.add("suppliers", r.w.Message("process.supplier", nil), r.from(sheet.Suppliers, "", r.say("service.no-supplier"), reportRows))
	r.add("documents", r.say("service.documents"), r.from(sheet.Documents, "", r.say("service.no-document"), reportRows))
	r.add("findings", r.say("findings"), r.findings(sheet.Findings[:min(len(sheet.Findings), reportRows)], r.say("no-finding")))
	return nil
}

func (r *reporter) published(p PublicationView) string {
	switch p.State {
	case "published", "ahead":
		day, _, _ := strings.Cut(p.At, "T")
		d, err := model.ParseDate(day)
		if err != nil {
			return ""
		}
		if p.State == "ahead" {
			return r.say("service.published-ahead", "on", d, "by", p.By)
		}
		return r.say("service.published", "on", d, "by", p.By)
	}
	return r.say("service.unpublished")
}

// sections are the sections of the service design package with their proof.
func (r *reporter) sections(list []SectionView) report.Table {
	t := report.Table{Columns: []string{r.say("section"), r.say("finding.status"), r.say("service.shown-by")}}
	for _, s := range list {
		status := r.marked(MarkOK)
		switch coordination.SectionState(s.State) {
		case coordination.SectionMissing:
			status = report.Cell{Text: r.say("section.later"), Mark: report.MarkUnknown}
			if s.Needed {
				status = report.Cell{Text: r.say("section.missing"), Mark: report.MarkGap}
			}
		case coordination.SectionWaived:
			status = report.Cell{Text: r.say("section.waived"), Mark: report.MarkOK}
		default:
			status.Text = r.say("section.complete")
		}
		t.Rows = append(t.Rows, []report.Cell{text(r.w.Value(s.Label)), status, text(r.named(s.Proof))})
	}
	return t
}

func (r *reporter) promises(list []PromiseView) report.Table {
	t := report.Table{Columns: []string{r.say("agreement"), r.say("customer"), r.say("target"), r.say("promised"), r.say("predicted"), r.say("measured"), r.say("finding.status")}, Empty: r.say("service.no-promise")}
	for _, p := range list {
		customer, measured := "", p.Measured
		if p.Customer != nil {
			customer = r.w.Value(p.Customer.Title)
		}
		if p.Declared && measured != "" {
			measured = r.w.Message("page.declared", finding.Args{"value": measured})
		}
		if p.Period != "" && measured != "" {
			measured += "\n" + p.Period
		}
		t.Rows = append(t.Rows, []report.Cell{text(r.w.Value(p.Agreement.Title)), text(customer), text(p.Label), text(p.Promised), text(p.Predicted), text(measured), r.marked(p.Verdict)})
	}
	return t
}

// dependencies lists what the service directly rests on.
func (r *reporter) dependencies(h model.Handle) report.Table {
	t := report.Table{Columns: []string{r.say("object"), r.say("kind"), r.say("service.role")}, Empty: r.say("service.no-dependency")}
	single := map[model.Ref]bool{}
	if av, ok := finding.Use[*availability.Analysis](r.s.Result.Facts); ok {
		for _, x := range av.SinglePoints(h) {
			single[x] = true
		}
	}
	seen := map[model.Ref]bool{}
	add := func(ref model.Ref, role string) {
		if seen[ref] || len(t.Rows) == reportRows {
			return
		}
		seen[ref] = true
		cell := text(role)
		if single[ref] {
			cell = report.Cell{Text: r.say("service.single"), Mark: report.MarkRisk}
		}
		t.Rows = append(t.Rows, []report.Cell{text(r.name(ref)), text(r.kind(ref)), cell})
	}
	for _, e := range r.s.Snap.Out(h) {
		if e.Field.Name == "degrades" {
			add(r.s.Snap.Ref(e.To), r.say("service.degrades"))
		} else if e.Field.Structure && e.Group {
			add(r.s.Snap.Ref(e.To), r.say("service.alternative"))
		} else if e.Field.Structure {
			add(r.s.Snap.Ref(e.To), r.say("service.needed"))
		}
	}
	if av, ok := finding.Use[*availability.Analysis](r.s.Result.Facts); ok {
		for _, x := range av.SinglePoints(h) { // those that lie deeper
			add(x, "")
		}
	}
	return t
}

// kind is the label of an object's kind.
func (r *reporter) kind(ref model.Ref) string {
	if k := model.KindOf(ref.Kind); k != nil {
		return k.Label.In(string(r.w.Lang))
	}
	return ref.Kind
}

func (r *reporter) pillars(list []PillarView) report.Table {
	t := report.Table{Columns: []string{r.say("pillar"), r.say("required"), r.say("assured"), r.say("weakest"), r.say("finding.status")}}
	number := func(n *int) string {
		if n == nil {
			return "—"
		}
		return strconv.Itoa(*n)
	}
	for _, p := range list {
		mark, weakest := MarkUnknown, ""
		if p.Required != nil && p.Assured != nil {
			if mark = MarkOK; *p.Assured < *p.Required {
				mark = MarkGap
			}
		}
		if p.Weakest != nil {
			weakest = r.w.Value(p.Weakest.Title)
		}
		t.Rows = append(t.Rows, []report.Cell{text(p.Label), text(number(p.Required)), text(number(p.Assured)), text(weakest), r.marked(mark)})
	}
	return t
}

// customerSheet is a published service as its customers read it in the catalogue.
func (r *reporter) customerSheet(ref model.Ref, customers []string) error {
	c, err := r.a.CatalogueSheet(r.ctx, r.actor, r.view, ref, r.w.Lang, customers)
	if codeIs(err, CodeForbidden) {
		return notFound(ref.String()) // not even its existence is told
	}
	if err != nil {
		return err
	}
	r.begin(r.say("customer.kind"), r.w.Value(c.Title), r.w.Value(c.Summary))
	words := func(key string) string { return r.w.Message("catalogue."+key, nil) }
	date := func(stored string) string {
		if d, err := model.ParseDate(stored); err == nil {
			return r.w.Date(d)
		}
		return ""
	}
	var f facts
	f.add(r.say("customer.state"), words("state."+string(c.State)))
	f.add(r.say("service.from"), date(c.AvailableFrom))
	f.add(r.say("service.until"), date(c.RetiresOn))
	if c.ReplacedBy != nil {
		f.add(r.say("service.replaced"), r.w.Value(c.ReplacedBy.Title))
	}
	if h := c.Hours; h != nil {
		f.add(words("sheet.hours"), hoursInWords(h, words("hours.always"), r.w.Value(h.Title)))
	}
	f.add(words("sheet.contact"), r.w.Value(c.Contact))
	price := r.w.Value(c.Price)
	if c.Free && price == "" {
		price = words("sheet.free")
	}
	f.add(words("sheet.price"), price)
	r.add("summary", r.say("service.summary"), f.list)
	if len(c.Includes) > 0 {
		l := report.List{}
		for _, x := range c.Includes {
			l.Items = append(l.Items, report.Item{Text: r.w.Value(x)})
		}
		r.add("get", words("sheet.get"), l)
	}
	if x := r.w.Value(c.ForWhom); x != "" {
		r.add("for-whom", words("sheet.for-whom"), report.Paragraph{Text: x})
	}
	if x := r.w.Value(c.HowToRequest); x != "" {
		r.add("ask", words("sheet.ask"), report.Paragraph{Text: x})
	}
	promised, delivered := r.promisedToCustomers(c)
	blocks := []report.Block{promised}
	if len(c.Promises) == 0 && !c.Levels.IsZero() {
		blocks = []report.Block{report.Paragraph{Text: r.w.Value(c.Levels)}}
	}
	r.add("promise", words("sheet.promise"), blocks...)
	if len(delivered.Rows) > 0 {
		r.add("delivered", words("sheet.delivered"), delivered)
	}
	if len(c.Offerings) > 0 {
		t := report.Table{Columns: []string{r.say("customer.offering"), r.say("customer.level"), words("sheet.price")}}
		for _, x := range c.Offerings {
			t.Rows = append(t.Rows, []report.Cell{text(r.w.Value(x.Title)), text(r.w.Value(x.Level)), text(x.Price)})
		}
		r.add("offers", words("sheet.offers"), t)
	}
	return nil
}

func (r *reporter) promisedToCustomers(c *CatalogueSheet) (promised, delivered report.Table) {
	words := func(key string) string { return r.w.Message("catalogue."+key, nil) }
	promised = report.Table{Columns: []string{r.say("agreement"), r.say("promised"), r.say("customer.during")}, Empty: words("sheet.no-promise")}
	delivered = report.Table{Columns: []string{r.say("promised"), words("sheet.period"), words("sheet.attained"), words("sheet.kept")}}
	for _, p := range c.Promises {
		for _, t := range p.Targets {
			sentence := t.Sentence
			if title := r.w.Value(t.Title); title != "" {
				sentence = title + "\n" + sentence
			}
			promised.Rows = append(promised.Rows, []report.Cell{text(r.w.Value(p.Agreement.Title)), text(sentence), text(t.During)})
			for _, d := range t.Delivered {
				kept := report.Cell{}
				if d.Kept != nil && *d.Kept {
					kept = report.Cell{Text: words("sheet.kept.yes"), Mark: report.MarkOK}
				} else if d.Kept != nil {
					kept = report.Cell{Text: words("sheet.kept.no"), Mark: report.MarkGap}
				}
				value := d.Value
				if d.Declared {
					value = r.w.Message("page.declared", finding.Args{"value": value})
				}
				delivered.Rows = append(delivered.Rows, []report.Cell{text(t.Sentence), text(d.From + " – " + d.Until), text(value), kept})
			}
		}
	}
	return promised, delivered
}

func hoursInWords(h *OpeningHours, always, title string) string {
	switch {
	case !h.Known:
		return title
	case h.Always:
		return always
	}
	var lines []string
	for _, l := range h.Lines {
		lines = append(lines, l.Days+" "+l.Hours)
	}
	if h.Holidays != "" {
		lines = append(lines, h.Holidays)
	}
	return strings.Join(lines, "\n")
}
