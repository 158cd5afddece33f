package app

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"diapason/internal/engine/slo"
	"diapason/internal/finding"
	"diapason/internal/language"
	"diapason/internal/model"
	"diapason/internal/process/servicelevel"
)

// sheet writes what was counted.
func (b *levelBuilder) sheet(ctx context.Context) (*LevelSheet, error) {
	out := &LevelSheet{Months: []LevelMonth{}, Rows: []LevelRow{}, At: model.Instant{Time: b.v.now}}
	for _, m := range b.months {
		out.Months = append(out.Months, LevelMonth{m.String()[:7], monthInWords(b.w, m)})
	}
	seals, err := b.a.sealedOf(ctx, model.Ref{}, "")
	if err != nil {
		return nil, err
	}
	b.seals = map[string]Sealed{}
	for _, s := range seals {
		b.seals[s.Hash] = s
	}
	snap := b.v.state.Snap
	for i := range b.v.list {
		st := &b.v.list[i]
		t := st.o.Target
		row := LevelRow{Of: Name(snap, st.o.Of), With: named(snap, b.with[i]), Service: Name(snap, st.o.Service), Target: t.Name, Label: strings.TrimSpace(b.w.Value(t.Metric) + " " + t.Priority), Promised: PromisedValue(b.w, *t), Zone: st.o.Location.String()}
		for n := range b.cells[i] {
			cell := b.cell(st, n, &b.cells[i][n])
			row.Cells = append(row.Cells, cell)
			if cell.Sealed != "" {
				out.Counts.Sealed++
			}
			if !cell.Promised || cell.Provisional {
				continue
			}
			switch cell.Mark {
			case MarkOK:
				out.Counts.Kept++
			case MarkGap:
				out.Counts.Missed++
			case MarkUnknown:
				out.Counts.Unknown++
			case MarkNone:
				out.Counts.None++
			}
		}
		out.Rows = append(out.Rows, row)
	}
	lang := string(b.w.Lang)
	slices.SortStableFunc(out.Rows, func(x, y LevelRow) int {
		return cmp.Or(cmp.Compare(foldWord(x.Service.Title.In(lang)), foldWord(y.Service.Title.In(lang))), x.Service.Ref.Compare(y.Service.Ref), x.Of.Ref.Compare(y.Of.Ref), cmp.Compare(x.Target, y.Target))
	})
	return out, nil
}

// cell writes a month of an objective: what was sealed, else what the evidence or the cases
// give, else what was declared.
func (b *levelBuilder) cell(st *standing, n int, c *levelCell) LevelCell {
	out := LevelCell{Period: b.months[n].String()[:7], Promised: c.promised, Basis: string(servicelevel.BasisNone)}
	if !c.promised || b.months[n] > b.v.state.On {
		return out
	}
	out.Provisional = c.until.Before(c.window.End)
	longer := !st.o.Window.IsRolling() && st.o.Window.Months > 1
	verdict, none := slo.Undecided.String(), false
	switch {
	case c.reached != nil:
		r := c.reached
		out.Basis, out.Unknown, out.Excluded = string(servicelevel.BasisEvidence), lengthOrNone(b.w, r.Unknown), lengthOrNone(b.w, r.Excluded)
		if r.Attained != nil {
			out.Share, verdict = r.Attained, r.Verdict.String()
			out.Coverage = ShareText(b.w, r.Coverage)
		}
	case c.measure != nil && c.measure.Cases != nil:
		r := c.measure.Cases.Result
		out.Basis = string(servicelevel.BasisCases)
		out.Cases = b.w.Message("objective.cases", finding.Args{"kept": r.Kept, "late": r.Late, "pending": r.Pending})
		out.Share, verdict = r.Attained, r.Verdict
		none = st.heard && nothingJudged(c.measure.Cases)
	}
	if out.Share != nil {
		out.Attained = ShareText(b.w, *out.Share)
	}
	out.Mark = markOfVerdict(verdict)
	if none {
		out.Mark = MarkNone
	}
	if c.reached != nil && out.Mark == MarkOK && c.reached.Coverage < leastCoverage {
		out.Mark = MarkUnknown // what nobody saw is not kept
	}
	if longer {
		out.Mark = "" // the promise is judged by a longer period
	}
	b.figure(st, c, longer, &out)
	return out
}

// figure takes a figure of the model into a cell: sealed ones stand above what the evidence
// gives now, declared ones only where nothing else is known.
func (b *levelBuilder) figure(st *standing, c *levelCell, longer bool, out *LevelCell) {
	f := c.figure
	if f.attained == nil && f.value == nil {
		return
	}
	seal, sealed := b.seals[f.sealed]
	if sealed && seal.Interim {
		sealed = false
	}
	if !sealed && out.Attained != "" {
		return
	}
	text := ""
	switch {
	case f.attained != nil:
		text = ShareText(b.w, *f.attained)
	case f.value != nil:
		text = b.w.Value(*f.value)
	}
	if sealed {
		out.Sealed, out.Provisional = f.sealed, false
		if !longer && out.Share != nil && f.attained != nil && *out.Share != *f.attained {
			out.Since = out.Attained
		}
		if out.Basis == string(servicelevel.BasisNone) {
			out.Basis = string(servicelevel.BasisDeclared)
		}
	} else {
		out.Basis, out.Declared, out.Provisional = string(servicelevel.BasisDeclared), true, false
	}
	if longer {
		out.Whole = b.v.window(b.w, &st.o, st.o.Window.At(c.window.Start, st.o.Location)).Label
	}
	out.Attained, out.Share, out.Mark = text, f.attained, markOfVerdict(f.verdict)
}

// LevelRows are the sheet as rows of a spreadsheet, with its title and columns.
func LevelRows(s *LevelSheet, lang language.Lang) (title string, labels []string, rows [][]any) {
	w := language.Writer{Lang: lang}
	for _, key := range []string{"service", "agreement", "with", "target", "promised"} {
		labels = append(labels, levelWord(w, key))
	}
	for _, m := range s.Months {
		labels = append(labels, m.Label, m.Label+w.Colon()+levelWord(w, "standing"))
	}
	for _, r := range s.Rows {
		with := ""
		if r.With != nil {
			with = r.With.Title.In(string(lang))
		}
		row := []any{r.Service.Title.In(string(lang)), r.Of.Title.In(string(lang)), with, r.Label, r.Promised}
		for _, c := range r.Cells {
			row = append(row, c.Attained, strings.Join(LevelNotes(w, &c), "; "))
		}
		rows = append(rows, row)
	}
	return levelWord(w, "title"), labels, rows
}

// LevelNotes are what is to be known of a month beside its figure: whether the promise was
// kept, what it rests on, and whether it is sealed.
func LevelNotes(w language.Writer, c *LevelCell) []string {
	if !c.Promised {
		return []string{levelWord(w, "not-promised")}
	}
	var out []string
	add := func(yes bool, key string) {
		if yes {
			out = append(out, levelWord(w, key))
		}
	}
	add(c.Mark == MarkOK, "kept")
	add(c.Mark == MarkGap, "missed")
	add(c.Mark == MarkUnknown, "unknown")
	add(c.Mark == MarkNone, "none")
	add(c.Provisional && c.Attained != "", "provisional")
	add(c.Declared, "declared")
	add(c.Sealed != "", "sealed")
	if c.Whole != "" {
		out = append(out, c.Whole)
	}
	if c.Coverage != "" && c.Unknown != "" {
		out = append(out, w.Message("level.known", finding.Args{"coverage": c.Coverage}))
	}
	if c.Since != "" {
		out = append(out, w.Message("level.since", finding.Args{"attained": c.Since}))
	}
	return out
}

// levelWord writes a message "level.word.<key>".
func levelWord(w language.Writer, key string) string { return w.Message("level.word."+key, nil) }

// lengthOrNone writes a length of time, "" for none.
func lengthOrNone(w language.Writer, d time.Duration) string {
	if d <= 0 {
		return ""
	}
	return w.Duration(d)
}
