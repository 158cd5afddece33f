package app

import (
	"context"
	"io"

	"diapason/internal/identity"
	"diapason/internal/language"
	"diapason/internal/model"
	"diapason/internal/report"
)

// mostInStudy bounds the rows of each table of a printed study.
const mostInStudy = 200

// availability prints the study of one service: promise, prediction and record, and
// the tables they rest on.
func (r *reporter) availability(name string) error {
	ref := model.Ref{Kind: "service", Name: name}
	study, err := r.a.AvailabilityOf(r.ctx, r.actor, r.view, ref, r.w.Lang)
	if err != nil {
		return err
	}
	advice, err := r.a.AdviceOf(r.ctx, r.actor, r.view, ref, r.w.Lang)
	if err != nil {
		return err
	}
	r.begin(r.say("availability.kind"), r.name(ref), study.Sentence)
	var f facts
	level := func(label string, l *Level) {
		if l != nil {
			f.add(label, r.say("availability.level", "text", l.Text, "month", l.Month))
		}
	}
	level(r.say("availability.promised"), study.Promised)
	level(r.say("availability.predicted"), study.Predicted)
	if study.Uncertainty != nil {
		f.add(r.say("availability.range"), study.Uncertainty.Sentence)
	}
	level(r.say("availability.recorded"), study.Recorded)
	for _, m := range study.Measured {
		f.add(r.say("availability.measured", "agreement", r.name(m.Agreement.Ref)), r.say("availability.attained", "attained", m.Attained, "sentence", m.Sentence))
	}
	for _, t := range study.Times {
		if t.Predicted != "" || t.Recorded != "" || t.Interval != "" {
			f.add(t.Label, r.say("availability.time", "predicted", t.Predicted, "recorded", t.Recorded, "interval", t.Interval))
		}
	}
	levels := []report.Block{f.list}
	for _, n := range study.Notes {
		levels = append(levels, report.Paragraph{Text: n})
	}
	r.add("levels", r.say("availability.levels"), levels...)
	causes := report.Table{Columns: []string{r.w.Message("column.cause", nil), r.w.Message("column.kind", nil), r.w.Message("column.minutes", nil)}}
	for _, c := range study.Causes {
		label := c.Label
		if !c.Ref.IsZero() {
			label = r.w.Value(c.Title)
		}
		causes.Rows = append(causes.Rows, []report.Cell{text(label), text(c.Label), text(c.Text)})
	}
	r.add("causes", r.say("availability.causes"), causes)
	r.add("advice", r.say("availability.advice"), report.Paragraph{Text: advice.Sentence}, r.front(advice), r.from(advice.Table, advice.Table.Title, "", mostInStudy))
	for _, t := range study.Tables {
		if len(t.Rows) == 0 {
			continue
		}
		blocks := []report.Block{}
		if t.Sentence != "" {
			blocks = append(blocks, report.Paragraph{Text: t.Sentence})
		}
		r.add(t.ID, t.Title, append(blocks, r.from(t, t.Title, "", mostInStudy))...)
	}
	return nil
}

// front is the choice between cost and availability.
func (r *reporter) front(a *Advice) report.Table {
	t := report.Table{Caption: r.say("availability.front"), Columns: []string{
		r.w.Message("column.yearlyCost", nil), r.w.Message("column.after", nil), r.w.Message("column.minutes", nil), r.w.Message("column.reaches", nil), r.w.Message("column.improvement", nil),
	}}
	for _, b := range a.Front {
		t.Rows = append(t.Rows, []report.Cell{text(b.Cost), text(b.After.Text), text(b.After.Month), text(r.w.Value(b.Kept)), text(b.Text)})
	}
	return t
}

// FaultTree writes the fault tree of a service as Open-PSA, for the actor.
func (a *App) FaultTree(ctx context.Context, actor identity.Actor, v View, service model.Ref, lang language.Lang, out io.Writer) error {
	if err := a.Authorize(actor, identity.ActionReadFindings, identity.Resource{Kind: "organisation"}); err != nil {
		return err
	}
	s, err := a.At(ctx, v)
	if err != nil {
		return err
	}
	if _, err := a.readable(actor, s.Snap, service); err != nil {
		return err
	}
	return WriteFaultTree(s, service, lang, out)
}
