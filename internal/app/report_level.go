package app

import (
	"fmt"
	"slices"
	"strings"

	"diapason/internal/calendars"
	"diapason/internal/finding"
	"diapason/internal/model"
	"diapason/internal/report"
)

// levelWord writes a message "level.word.<key>".
func (r *reporter) levelWord(key string) string { return levelWord(r.w, key) }

// levelSay writes a message "level.<key>"; pairs are its arguments by name.
func (r *reporter) levelSay(key string, pairs ...any) string {
	args := finding.Args{}
	for i := 0; i+1 < len(pairs); i += 2 {
		args[pairs[i].(string)] = pairs[i+1]
	}
	return r.w.Message("level."+key, args)
}

// instant writes an instant in the zone of the organisation.
func (r *reporter) instant(t model.Instant) string {
	if t.IsZero() {
		return ""
	}
	return r.w.Instant(t.In(calendars.Zone(r.s.Result.Facts)))
}

// levelSheet prints the sheet services × months up to a month.
func (r *reporter) levelSheet(until string) (any, error) {
	if until == "now" {
		until = r.s.On.String()[:7]
	}
	sheet, err := r.a.LevelSheet(r.ctx, r.actor, LevelSheetQuery{Until: until}, r.w.Lang)
	if err != nil {
		return nil, err
	}
	first, last := sheet.Months[0], sheet.Months[len(sheet.Months)-1]
	r.begin(r.levelWord("kind.sheet"), first.Label+" – "+last.Label, r.levelSay("lead.sheet", "kept", sheet.Counts.Kept, "missed", sheet.Counts.Missed, "unknown", sheet.Counts.Unknown))
	r.doc.Landscape = true
	r.months(sheet)
	return sheet, nil
}

// monthsOnPaper is how many months stand beside each other on a page.
const monthsOnPaper = 6

// months lays the sheet out, some months at a time, the latest first.
func (r *reporter) months(s *LevelSheet) {
	if len(s.Rows) == 0 {
		r.add("sheet", r.levelWord("title"), report.Paragraph{Text: r.levelWord("empty")})
		return
	}
	for end := len(s.Months); end > 0; end -= monthsOnPaper {
		start := max(0, end-monthsOnPaper)
		t := report.Table{Columns: []string{r.levelWord("service"), r.levelWord("promise")}}
		silent := 0
		for _, m := range s.Months[start:end] {
			t.Columns = append(t.Columns, m.Label)
		}
		for i := range s.Rows {
			row := &s.Rows[i]
			shown := row.Cells[start:end]
			if !slices.ContainsFunc(shown, func(c LevelCell) bool { return c.Promised }) {
				continue
			}
			if !slices.ContainsFunc(shown, func(c LevelCell) bool { return c.Attained != "" }) {
				silent++ // a row of dashes tells nothing
				continue
			}
			cells := []report.Cell{{Text: r.w.Value(row.Service.Title), Bold: true}, text(row.Label + " " + row.Promised + "\n" + r.w.Value(row.Of.Title))}
			for k := range shown {
				cells = append(cells, r.month(&shown[k]))
			}
			t.Rows = append(t.Rows, cells)
		}
		if told := r.monthsTold(t, silent); len(told) > 0 {
			r.add("sheet", r.levelWord("title")+r.w.Colon()+s.Months[start].Label+" – "+s.Months[end-1].Label, told...)
		}
	}
	r.add("sheet-key", r.levelWord("key"), report.Paragraph{Text: r.levelWord("key.text"), Note: true})
}

// monthsTold is a part of the sheet, with what is left out of it.
func (r *reporter) monthsTold(t report.Table, silent int) []report.Block {
	var out []report.Block
	if len(t.Rows) > 0 {
		out = append(out, t)
	}
	if silent > 0 {
		out = append(out, report.Paragraph{Text: r.levelSay("silent", "n", silent), Note: true})
	}
	return out
}

// month is a cell of the sheet.
func (r *reporter) month(c *LevelCell) report.Cell {
	if !c.Promised {
		return report.Cell{}
	}
	out := report.Cell{Text: c.Attained, Mark: report.Mark(c.Mark)}
	if c.Mark == MarkNone { // paper draws nothing where nothing was judged
		out.Mark = report.MarkNone
	}
	if out.Text == "" {
		out.Text = "–"
	}
	var notes []string
	for _, n := range []struct {
		yes  bool
		word string
	}{{c.Sealed != "", "sealed"}, {c.Declared, "declared"}, {c.Provisional && c.Attained != "", "provisional"}, {c.Since != "", "corrected"}} {
		if n.yes {
			notes = append(notes, r.levelWord(n.word))
		}
	}
	if c.Whole != "" {
		notes = append(notes, c.Whole)
	}
	if c.Unknown != "" && c.Coverage != "" {
		notes = append(notes, r.levelSay("known", "coverage", c.Coverage))
	}
	if len(notes) > 0 {
		out.Text += "\n" + strings.Join(notes, ", ")
	}
	return out
}

// levels prints the pack of a period for the steering committee.
func (r *reporter) levels(period string, customer model.Ref) (any, error) {
	p, err := r.a.LevelPackOf(r.ctx, r.actor, PackQuery{Period: period, Customer: customer}, r.w.Lang)
	if err != nil {
		return nil, err
	}
	title := p.Label
	if !customer.IsZero() {
		title = r.name(customer) + ", " + title
	}
	r.begin(r.levelWord("kind.pack"), title, r.levelSay("lead.pack", "sealed", p.Sealed, "all", p.All, "breaches", len(p.Breaches)))
	r.doc.Landscape = true
	r.packStatements(p)
	r.packBreaches(p)
	r.packCredits(p)
	r.months(p.Sheet)
	r.packOutages(p)
	r.packAhead(p)
	return p, nil
}

func (r *reporter) packStatements(p *LevelPack) {
	t := report.Table{Columns: []string{r.levelWord("agreement"), r.levelWord("with"), r.levelWord("period"), r.levelWord("state"), r.levelWord("kept.n"), r.levelWord("missed.n"), r.levelWord("unknown.n"), r.levelWord("seal")}, Empty: r.levelWord("statements.none")}
	for i := range p.Stated {
		s := &p.Stated[i]
		mark := map[string]report.Mark{"sealed": report.MarkOK, "open": report.MarkRisk, "interim": report.MarkRisk, "none": report.MarkUnknown}[s.State]
		with, seal := "", s.Reason
		if s.With != nil {
			with = r.w.Value(s.With.Title)
		}
		if s.Hash != "" {
			seal = r.levelSay("sealed.at", "at", r.instant(s.At), "hash", s.Hash[:min(16, len(s.Hash))])
		}
		n := func(n int) report.Cell {
			if s.statement == nil {
				return report.Cell{}
			}
			return text(fmt.Sprint(n))
		}
		missed := n(s.Missed)
		if s.Missed > 0 {
			missed.Mark = report.MarkGap
		}
		t.Rows = append(t.Rows, []report.Cell{{Text: r.w.Value(s.Of.Title), Bold: true}, text(with), text(s.Period), {Text: r.levelWord("state." + s.State), Mark: mark}, n(s.Kept), missed, n(s.Open), text(seal)})
	}
	blocks := []report.Block{}
	if p.Sealed < p.All {
		blocks = append(blocks, report.List{Items: []report.Item{{Mark: report.MarkRisk, Text: r.levelSay("unsealed", "n", p.All-p.Sealed, "all", p.All)}}})
	}
	r.add("statements", r.levelWord("statements"), append(blocks, t)...)
}

func (r *reporter) packBreaches(p *LevelPack) {
	t := report.Table{Columns: []string{r.levelWord("service"), r.levelWord("agreement"), r.levelWord("promise"), r.levelWord("period"), r.levelWord("attained"), r.levelWord("cause")}, Empty: r.levelWord("breaches.none")}
	for _, x := range p.Breaches {
		var causes []string
		for _, i := range x.Interruptions {
			line := r.levelSay("interruption", "from", r.instant(i.From), "length", i.Length)
			switch {
			case i.Cause != nil:
				line += ", " + r.w.Value(i.Cause.Title)
			case i.Outage == nil:
				line += ", " + r.levelWord("no-outage")
			}
			causes = append(causes, line)
		}
		if x.Late > 0 {
			causes = append(causes, r.levelSay("late", "n", x.Late))
		}
		attained := x.Attained
		if !x.Sealed {
			attained += "\n" + r.levelWord("state.open")
		}
		t.Rows = append(t.Rows, []report.Cell{{Text: r.w.Value(x.Service.Title), Bold: true}, text(r.w.Value(x.Of.Title)), text(x.Target + " " + x.Promised), text(x.Period), {Text: attained, Mark: report.MarkGap}, text(strings.Join(causes, "\n"))})
	}
	r.add("breaches", r.levelWord("breaches"), t)
}

func (r *reporter) packCredits(p *LevelPack) {
	t := report.Table{Columns: []string{r.levelWord("agreement"), r.levelWord("promise"), r.levelWord("period"), r.levelWord("due"), r.levelWord("working")}, Empty: r.levelWord("credits.none")}
	for _, c := range p.Credits {
		what := report.Cell{Text: r.levelWord("total"), Bold: true}
		if c.Service != nil {
			what = text(r.w.Value(c.Service.Title) + ", " + c.Target)
		}
		working := c.Working
		if !c.Sealed {
			working += " " + r.levelWord("credit.open")
		}
		t.Rows = append(t.Rows, []report.Cell{{Text: r.w.Value(c.Of.Title), Bold: c.Service == nil}, what, text(c.Period), {Text: c.Due, Bold: c.Service == nil}, text(working)})
	}
	r.add("credits", r.levelWord("credits"), t)
}

func (r *reporter) packOutages(p *LevelPack) {
	t := report.Table{Columns: []string{r.levelWord("from"), r.levelWord("length"), r.levelWord("services"), r.levelWord("cause"), r.levelWord("review")}, Empty: r.levelWord("outages.none")}
	for _, o := range p.Outages {
		cause := ""
		if o.Cause != nil {
			cause = r.w.Value(o.Cause.Title)
		}
		review := report.Cell{Text: r.levelWord("reviewed"), Mark: report.MarkOK}
		switch {
		case o.Planned:
			review = text(r.levelWord("controlled"))
		case o.End.IsZero():
			review = report.Cell{Text: r.levelWord("goes-on"), Mark: report.MarkGap}
		case !o.Reviewed:
			review = report.Cell{Text: r.levelWord("not-reviewed"), Mark: report.MarkRisk}
		}
		t.Rows = append(t.Rows, []report.Cell{text(r.instant(o.Start)), text(o.Length), text(r.named(o.Services)), text(cause), review})
	}
	r.add("outages", r.levelWord("outages"), t)
}

func (r *reporter) packAhead(p *LevelPack) {
	f := report.Table{Columns: []string{r.levelWord("service"), r.levelWord("agreement"), r.levelWord("promise"), r.levelWord("window"), r.levelWord("attained"), r.levelWord("forecast")}, Empty: r.levelWord("forecasts.none")}
	for _, x := range p.Forecasts {
		f.Rows = append(f.Rows, []report.Cell{{Text: r.w.Value(x.Service.Title), Bold: true}, text(r.w.Value(x.Of.Title)), text(x.Target + " " + x.Promised), text(x.Window), {Text: x.Attained, Mark: report.Mark(x.Mark)}, text(x.Text)})
	}
	r.add("forecasts", r.levelWord("forecasts"), f)
	r.add("actions", r.levelWord("actions"), r.reviewActions(p.Actions))
	t := report.Table{Columns: []string{r.levelWord("agreement"), r.levelWord("with"), r.levelWord("last"), r.levelWord("planned"), r.levelWord("review.due")}, Empty: r.levelWord("reviews.none")}
	for _, d := range p.Reviews {
		with := ""
		if d.With != nil {
			with = r.w.Value(d.With.Title)
		}
		due := r.day(d.Due)
		if d.Overdue {
			due.Mark = report.MarkGap
		}
		t.Rows = append(t.Rows, []report.Cell{{Text: r.w.Value(d.Title), Bold: true}, text(with), r.day(d.Last), r.day(d.Planned), due})
	}
	r.add("reviews", r.levelWord("reviews"), t)
}
