package app

import (
	"context"
	"encoding/hex"
	"strings"

	"diapason/internal/finding"
	"diapason/internal/identity"
	"diapason/internal/language"
	"diapason/internal/model"
	"diapason/internal/report"
)

// ReportQuery says which report is wanted.
type ReportQuery struct {
	// Kind is one of ReportKinds.
	Kind string
	// Name is a service, a recovery plan, a review, a process ("all" for the whole), a
	// period for "levels", or the last month of the "sheet" ("now" for the present one).
	Name string
	// Customer asks for a service in the words of its customers, as the catalogue
	// shows it.
	Customer bool
	// Customers are those that the reader stands for, for the customer's view.
	Customers []string
	// Party narrows the pack of a period ("levels") to a customer.
	Party model.Ref
	// Source names where the model was read when it does not come from a log of
	// its own, for the trace on each page.
	Source string
}

// ReportKinds lists the kinds of report.
var ReportKinds = []string{"service", "plan", "pack", "availability", "review", "levels", "sheet"}

// PackAll names the committee pack of all processes together.
const PackAll = "all"

// Report makes a report of what the actor may see, as of a view.
func (a *App) Report(ctx context.Context, actor identity.Actor, v View, q ReportQuery, lang language.Lang) (*report.Document, error) {
	d, _, err := a.ReportData(ctx, actor, v, q, lang)
	return d, err
}

// ReportData makes a report together with what it is made of, for machines; that is nil
// for reports that have no such form.
func (a *App) ReportData(ctx context.Context, actor identity.Actor, v View, q ReportQuery, lang language.Lang) (_ *report.Document, data any, err error) {
	if actor.ID() == "" && (q.Kind != "service" || !v.IsNow()) {
		return nil, nil, fail(CodeSignIn, nil)
	}
	if q.Kind == "pack" {
		if err := a.Authorize(actor, identity.ActionReadFindings, identity.Resource{Kind: "organisation"}); err != nil {
			return nil, nil, err
		}
	}
	s, err := a.At(ctx, v)
	if err != nil {
		return nil, nil, err
	}
	r := &reporter{ctx: ctx, a: a, actor: actor, view: v, s: s, w: WriterFor(s.Snap, lang)}
	switch q.Kind {
	case "service":
		err = r.service(q)
	case "plan":
		err = r.plan(q.Name)
	case "pack":
		err = r.pack(q.Name)
	case "availability":
		err = r.availability(q.Name)
	case "review":
		data, err = r.review(q.Name)
	case "levels":
		data, err = r.levels(q.Name, q.Party)
	case "sheet":
		data, err = r.levelSheet(q.Name)
	default:
		err = notFound(q.Kind)
	}
	if err != nil {
		return nil, nil, err
	}
	if err := r.trace(q.Source); err != nil {
		return nil, nil, err
	}
	return &r.doc, data, nil
}

// reporter fills one document.
type reporter struct {
	ctx   context.Context
	a     *App
	actor identity.Actor
	view  View
	s     *State
	w     language.Writer
	doc   report.Document
	ids   map[string]int
}

// say writes a message "report.<key>"; pairs are its arguments by name.
func (r *reporter) say(key string, pairs ...any) string {
	args := finding.Args{}
	for i := 0; i+1 < len(pairs); i += 2 {
		args[pairs[i].(string)] = pairs[i+1]
	}
	return r.w.Message("report."+key, args)
}

// begin fills what all reports share.
func (r *reporter) begin(kind, title, lead string) {
	r.doc = report.Document{
		Lang: string(r.w.Lang), Kind: kind, Title: title, Lead: lead, On: r.s.On.UTC(),
		Words: report.Words{Page: r.say("page"), Contents: r.say("contents"), Summary: r.say("summary"), Marks: map[report.Mark]string{}},
	}
	for _, m := range markOrder {
		r.doc.Words.Marks[report.Mark(m)] = r.mark(m)
	}
	for _, h := range r.s.Snap.OfKind("organisation") {
		r.doc.Organisation = r.s.Snap.Object(h).Title(string(r.w.Lang))
	}
}

// trace writes on the document which state of the model it shows.
func (r *reporter) trace(source string) error {
	hash := r.s.Hash()
	from := r.say("trace.entry", "seq", r.s.Snap.Seq, "on", r.s.On)
	if source != "" {
		from = r.say("trace.source", "source", source, "on", r.s.On)
	}
	if r.view.Draft != "" {
		d, err := r.a.Draft(r.ctx, r.actor, r.view.Draft)
		if err != nil {
			return err
		}
		from += r.say("trace.draft", "title", d.Title)
	}
	r.doc.Trace = []string{from, r.say("trace.hash", "hash", hex.EncodeToString(hash[:]))}
	return nil
}

// mark is the word of a mark.
func (r *reporter) mark(m Mark) string {
	switch m {
	case MarkOK:
		return r.say("mark.ok")
	case MarkRisk:
		return r.say("mark.risk")
	case MarkGap:
		return r.say("mark.gap")
	}
	return r.say("mark.unknown")
}

// add appends a section; its identifier is made from a word of the programme.
func (r *reporter) add(id, title string, blocks ...report.Block) *report.Section {
	if r.ids == nil {
		r.ids = map[string]int{}
	}
	if r.ids[id]++; r.ids[id] > 1 {
		id += "-" + strings.Repeat("x", r.ids[id]-1)
	}
	r.doc.Sections = append(r.doc.Sections, report.Section{ID: id, Title: title, Blocks: blocks})
	return &r.doc.Sections[len(r.doc.Sections)-1]
}

// facts collects labelled values and leaves out those without a value.
type facts struct{ list report.Facts }

func (f *facts) add(label, value string) {
	if value != "" {
		f.list = append(f.list, report.Fact{Label: label, Value: value})
	}
}

// text is a cell of words.
func text(s string) report.Cell { return report.Cell{Text: s} }

// marked is a cell with a verdict.
func (r *reporter) marked(m Mark) report.Cell {
	return report.Cell{Text: r.mark(m), Mark: report.Mark(m)}
}

// day is a cell with a date; none leaves it empty.
func (r *reporter) day(d model.Date) report.Cell {
	if d.IsZero() {
		return report.Cell{}
	}
	return report.Cell{Text: r.w.Date(d), Day: d.UTC()}
}

// name is the title of an object, "" for none.
func (r *reporter) name(ref model.Ref) string {
	if ref.IsZero() {
		return ""
	}
	return r.w.Value(ref)
}

// all are the titles of objects, one a line where there are many.
func (r *reporter) all(refs []model.Ref) string {
	out := make([]string, len(refs))
	for i, x := range refs {
		out[i] = r.name(x)
	}
	return strings.Join(out, "\n")
}

// named are the titles of named objects, one a line.
func (r *reporter) named(list []Named) string {
	out := make([]string, len(list))
	for i, n := range list {
		out[i] = r.w.Value(n.Title)
	}
	return strings.Join(out, "\n")
}

// choice is the label of a value of a closed list.
func (r *reporter) choice(kind, field, value string) string {
	if value == "" {
		return ""
	}
	return choiceOf(kind, field, value).In(string(r.w.Lang))
}

// length writes a length of time, "" for none.
func (r *reporter) length(d model.Duration) string {
	if d <= 0 {
		return ""
	}
	return r.w.Value(d)
}

// from turns a table of a page into one of a report, at most so many rows.
func (r *reporter) from(t Table, caption, empty string, most int) report.Table {
	out := report.Table{Caption: caption, Empty: empty}
	for _, c := range t.Columns {
		out.Columns = append(out.Columns, c.Label)
	}
	for i, row := range t.Rows {
		if i == most {
			break
		}
		cells := make([]report.Cell, len(t.Columns))
		for k, c := range t.Columns {
			cells[k] = r.cell(c.Type, row.Cells[c.Key])
		}
		out.Rows = append(out.Rows, cells)
	}
	if len(t.Rows) > most {
		out.Caption = r.say("first", "title", caption, "shown", most, "all", len(t.Rows))
	}
	return out
}

// cell writes a value of a page's table for people.
func (r *reporter) cell(typ string, v any) report.Cell {
	switch x := v.(type) {
	case nil:
		return report.Cell{}
	case Mark:
		return r.marked(x)
	}
	return text(CellText(r.w, typ, v))
}

// findings lists findings with what to do about them, worst first.
func (r *reporter) findings(list []FindingView, empty string) report.Table {
	t := report.Table{Columns: []string{r.say("finding.status"), r.say("finding.rule"), r.say("finding.subject"), r.say("finding.text"), r.say("finding.remedy")}, Empty: empty}
	for _, f := range list {
		mark := MarkRisk
		switch {
		case f.Outcome == finding.Unknown:
			mark = MarkUnknown
		case f.Severity == finding.Error:
			mark = MarkGap
		}
		status := report.Cell{Text: r.severity(f), Mark: report.Mark(mark)}
		if f.Waiver != nil {
			status = report.Cell{Text: r.say("finding.waived", "until", f.Waiver.Until), Mark: report.Mark(MarkOK)}
		}
		t.Rows = append(t.Rows, []report.Cell{status, text(f.Rule), text(r.w.Value(f.Subject.Title)), text(f.Text), text(f.Remedy)})
	}
	return t
}

func (r *reporter) severity(f FindingView) string {
	if f.Outcome == finding.Unknown {
		return r.w.Message("outcome.unknown", nil)
	}
	return capital(r.w.Message("severity."+f.Severity.String(), nil))
}

// unwaived keeps the findings that count.
func unwaived(list []FindingView) []FindingView {
	var out []FindingView
	for _, f := range list {
		if f.Waiver == nil && !f.Baseline {
			out = append(out, f)
		}
	}
	return out
}
