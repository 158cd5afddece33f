package app

import (
	"strings"

	"diapason/internal/finding"
	"diapason/internal/model"
	"diapason/internal/report"
)

// word writes a message "review.report.<key>".
func (r *reporter) reviewWord(key string, pairs ...any) string {
	args := finding.Args{}
	for i := 0; i+1 < len(pairs); i += 2 {
		args[pairs[i].(string)] = pairs[i+1]
	}
	return r.w.Message("review.report."+key, args)
}

// review prints a review: its agenda while it is prepared, its minutes once it was held.
func (r *reporter) review(name string) (any, error) {
	x, err := r.a.Review(r.ctx, r.actor, name, r.w.Lang)
	if err != nil {
		return nil, err
	}
	title := x.Title.In(string(r.w.Lang))
	var f facts
	f.add(r.reviewWord("about"), r.named(x.About))
	f.add(r.reviewWord("type"), x.TypeText)
	if x.Held.IsZero() {
		r.begin(r.reviewWord("agenda"), title, r.reviewWord("lead.agenda", "planned", x.Planned, "since", x.Since))
		f.add(r.reviewWord("invited"), r.named(x.Attendees))
	} else {
		r.begin(r.reviewWord("minutes"), title, r.reviewWord("lead.minutes", "held", x.Held, "since", x.Since))
		f.add(r.reviewWord("attendees"), r.named(x.Attendees))
	}
	if !x.Next.IsZero() {
		f.add(r.reviewWord("next"), r.w.Date(x.Next))
	}
	r.add("review", x.TypeText, f.list)
	r.agendaOf(x)
	if x.Minutes != "" {
		blocks := []report.Block{}
		for _, p := range strings.Split(x.Minutes, "\n") {
			if p = strings.TrimSpace(p); p != "" {
				blocks = append(blocks, report.Paragraph{Text: p})
			}
		}
		r.add("minutes", r.reviewWord("minutes.title"), blocks...)
	}
	if !x.Held.IsZero() || len(x.Decisions) > 0 {
		t := report.Table{Columns: []string{r.reviewWord("decision"), r.reviewWord("by")}, Empty: r.reviewWord("decisions.none")}
		for _, d := range x.Decisions {
			by, _ := model.ParseRef(d.By)
			t.Rows = append(t.Rows, []report.Cell{{Text: d.Text, Bold: true}, text(r.name(by))})
		}
		r.add("decisions", r.reviewWord("decisions"), t)
	}
	if !x.Held.IsZero() || len(x.Actions) > 0 {
		r.add("actions", r.reviewWord("actions"), r.reviewActions(x.Actions))
	}
	if len(x.Measures) > 0 {
		t := report.Table{Columns: []string{r.reviewWord("measure"), r.reviewWord("value"), r.reviewWord("state")}, Empty: r.reviewWord("measures.none")}
		for _, m := range x.Measures {
			cell := report.Cell{Text: r.w.Message("review.kept", nil), Mark: report.MarkOK}
			if m.Missed {
				cell = report.Cell{Text: r.w.Message("review.missed", nil), Mark: report.MarkGap}
			}
			t.Rows = append(t.Rows, []report.Cell{text(m.Name), text(m.Value), cell})
		}
		r.add("measures", r.reviewWord("measures"), t)
	}
	return x, nil
}

// agendaOf prints the points by topic: with what was said, or with room to write.
func (r *reporter) agendaOf(x *ReviewSheet) {
	blocks := []report.Block{}
	if x.Fresh {
		blocks = append(blocks, report.Paragraph{Text: r.reviewWord("fresh"), Note: true})
	}
	topic := ""
	var list report.List
	flush := func() {
		if len(list.Items) > 0 {
			blocks = append(blocks, report.List{Items: []report.Item{{Lead: topic}}}, list)
		}
		list = report.List{Indent: true}
	}
	for _, p := range x.Agenda {
		if p.TopicText != topic {
			flush()
			topic = p.TopicText
		}
		item := report.Item{Text: p.Text}
		if p.Said != "" {
			item.Text += " — " + p.Said
		}
		list.Items = append(list.Items, item)
	}
	flush()
	r.add("agenda", r.reviewWord("points"), blocks...)
}

func (r *reporter) reviewActions(list []ReviewAction) report.Table {
	t := report.Table{Columns: []string{r.reviewWord("action"), r.reviewWord("owner"), r.reviewWord("due"), r.reviewWord("done"), r.reviewWord("state")}, Empty: r.reviewWord("actions.none")}
	for _, a := range list {
		owner := ""
		if a.Owner != nil {
			owner = r.w.Value(a.Owner.Title)
		}
		state := report.Cell{Text: r.w.Message("review.state."+a.State, nil), Mark: report.MarkNone}
		switch a.State {
		case "overdue":
			state.Mark = report.MarkGap
		case "done":
			state.Mark = report.MarkOK
		}
		t.Rows = append(t.Rows, []report.Cell{{Text: r.w.Value(a.Title), Bold: true}, text(owner), r.day(a.Due), r.day(a.Done), state})
	}
	return t
}
