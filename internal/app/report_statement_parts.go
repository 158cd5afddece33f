package app

import (
	"slices"
	"time"

	"diapason/internal/model"
	"diapason/internal/process/servicelevel"
	"diapason/internal/report"
)

// parties names who promised, and to whom.
func (p *statementPaper) parties() report.Facts {
	var f facts
	for _, x := range []struct{ key, ref string }{{"customer", p.st.Customer}, {"supplier", p.st.Supplier}} {
		if ref, err := model.ParseRef(x.ref); err == nil {
			f.add(p.word(x.key), p.name(ref))
		}
	}
	return f.list
}

// behind is what stood behind a promise: who carried it, what the design gave, what
// interrupted it.
func (p *statementPaper) behind(b *servicelevel.Behind) []report.Block {
	var out []report.Block
	var f facts
	if b.Verdict != "" {
		f.add(p.word("behind.verdict"), p.w.Message("chain.is."+b.Verdict, nil))
	}
	for _, x := range []struct {
		key   string
		value *model.Availability
	}{{"predicted", b.Predicted}, {"exact", b.Exact}, {"product", b.Product}, {"worst", b.Worst}} {
		if x.value != nil {
			f.add(p.word("behind."+x.key), p.w.Value(*x.value))
		}
	}
	if len(f.list) > 0 {
		out = append(out, f.list)
	}
	if len(b.Links) > 0 {
		t := report.Table{Caption: p.word("behind.chain"), Columns: []string{p.word("behind.who"), p.word("behind.promise"), p.word("supplier"), p.word("promised"), p.word("verdict")}}
		for _, l := range b.Links {
			value := ""
			switch {
			case l.Availability != nil:
				value = p.w.Value(*l.Availability)
			case l.Within != nil:
				value = p.w.Value(*l.Within)
			}
			judged := report.Cell{Text: p.word("behind.carries"), Mark: report.MarkOK}
			if l.Fails {
				judged = report.Cell{Text: p.word("behind.fails"), Mark: report.MarkGap}
			} else if value == "" {
				judged = text("")
			}
			t.Rows = append(t.Rows, []report.Cell{text(p.named(l.By)), text(p.named(l.Promise)), text(p.named(l.Supplier)), text(value), judged})
		}
		out = append(out, t)
	}
	if len(b.Causes) > 0 {
		t := report.Table{Caption: p.word("behind.causes"), Columns: []string{p.word("from"), p.word("to"), p.word("cause"), p.word("behind.outage")}}
		for _, c := range b.Causes {
			outage := p.named(c.Outage)
			if c.Planned {
				outage = p.word("behind.planned", "outage", outage)
			}
			t.Rows = append(t.Rows, []report.Cell{text(p.instant(c.From)), text(p.instant(c.To)), text(p.named(c.Cause)), text(outage)})
		}
		out = append(out, t)
	}
	return out
}

// named is the title of what a sealed reference names, empty for none.
func (p *statementPaper) named(ref string) string {
	r, err := model.ParseRef(ref)
	if err != nil {
		return ref
	}
	return p.name(r)
}

// corrections are the days of which a later revision than the first was counted.
func (p *statementPaper) corrections(m *servicelevel.Measure) report.Table {
	t := report.Table{Caption: p.word("corrections"), Columns: []string{p.word("day"), p.word("revision"), p.word("by"), p.word("reason")}}
	for _, d := range m.Evidence {
		if d.Revision < 2 {
			continue
		}
		by := "Diapason"
		if d.Author != "" {
			by = p.a.ActorName(p.ctx, d.Author)
		}
		reason := p.a.reasonText(d.Reason, d.Author, p.w.Lang)
		t.Rows = append(t.Rows, []report.Cell{p.day(model.DateOf(startOf(d.Day))), text(p.w.Value(d.Revision)), text(by), text(reason)})
	}
	return t
}

func (p *statementPaper) cases(m *servicelevel.Measure) report.Table {
	t := report.Table{Caption: p.word("cases"), Columns: []string{p.word("case"), p.word("priority"), p.word("from"), p.word("to"), p.word("elapsed"), p.word("outcome")}, Empty: p.word("cases.none")}
	list := slices.Clone(m.Cases.Counted)
	slices.SortStableFunc(list, func(a, b servicelevel.CountedCase) int {
		return int((b.Elapsed - a.Elapsed) / servicelevel.Length(time.Second))
	})
	for _, c := range list {
		stop := p.word("cases.open")
		if !c.Stop.IsZero() {
			stop = p.instant(c.Stop)
		}
		cell := text(p.word("outcome." + c.Outcome))
		switch c.Outcome {
		case "kept":
			cell.Mark = report.MarkOK
		case "late":
			cell.Mark = report.MarkGap
		}
		t.Rows = append(t.Rows, []report.Cell{text(c.ID), text(c.Priority), text(p.instant(c.Start)), text(stop), text(p.w.Value(time.Duration(c.Elapsed))), cell})
	}
	return t
}

func (p *statementPaper) bands(m *servicelevel.Measure) report.Table {
	t := report.Table{Caption: p.word("bands", "due", p.share(m.Credit.Due), "capped", m.Credit.Capped), Columns: []string{p.word("from"), p.word("below"), p.word("credit")}}
	for _, b := range m.Bands {
		t.Rows = append(t.Rows, []report.Cell{text(p.w.Value(b.From)), text(p.w.Value(b.Below)), text(p.w.Value(b.Credit))})
	}
	return t
}
