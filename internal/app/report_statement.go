package app

import (
	"bytes"
	"context"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"time"

	"diapason/internal/engine/slo"
	"diapason/internal/finding"
	"diapason/internal/language"
	"diapason/internal/model"
	"diapason/internal/process/servicelevel"
	"diapason/internal/report"
)

// paper is the document of a report as it is sealed: PDF, in one language.
func (a *App) paper(ctx context.Context, r *servicelevel.Report, lang language.Lang) ([]byte, error) {
	var b bytes.Buffer
	err := report.Write(&b, a.StatementDocument(ctx, r, lang), report.PDF)
	return b.Bytes(), err
}

// StatementDocument lays out a report of a statement for people.
func (a *App) StatementDocument(ctx context.Context, r *servicelevel.Report, lang language.Lang) *report.Document {
	snap, s, hash := a.Head(), r.Statement, r.Sealed
	p := statementPaper{reporter{ctx: ctx, a: a, w: WriterFor(snap, lang), s: &State{Snap: snap, On: model.DateOf(s.Until)}}, s, r.View == servicelevel.ViewInternal, time.UTC}
	if loc, err := time.LoadLocation(s.Zone); err == nil {
		p.loc = loc
	}
	agreement, _ := model.ParseRef(s.Agreement.Object)
	p.begin(p.word("kind", "view", string(r.View)), p.name(agreement), p.word("lead", "from", p.instant(s.Period.From), "to", p.instant(s.Period.To)))
	p.summary()
	for i := range s.Measures {
		p.measure(i, &s.Measures[i])
	}
	p.proof(hash)
	p.doc.Trace = []string{p.word("trace", "agreement", s.Agreement.Object, "version", s.Agreement.Version, "until", p.instant(s.Until))}
	if hash != "" {
		p.doc.Trace = append(p.doc.Trace, p.word("trace.hash", "hash", hash))
	}
	return &p.doc
}

type statementPaper struct {
	reporter
	st *servicelevel.Statement
	// inside tells that it is for those who keep the promise.
	inside bool
	loc    *time.Location
}

// word writes a message "statement.<key>".
func (p *statementPaper) word(key string, pairs ...any) string {
	args := finding.Args{}
	for i := 0; i+1 < len(pairs); i += 2 {
		args[pairs[i].(string)] = pairs[i+1]
	}
	return p.w.Message("statement."+key, args)
}

func (p *statementPaper) instant(t time.Time) string { return p.w.Instant(t.In(p.loc)) }

// share writes a share with the digits that tell something.
func (p *statementPaper) share(s slo.Share) string { return ShareText(p.w, s) }

// ShareText writes a share of time or events for people.
func ShareText(w language.Writer, s slo.Share) string {
	var a model.Availability
	if a.UnmarshalText([]byte(s.String())) == nil {
		return w.Value(a)
	}
	return s.String()
}

// standing is the verdict on a measure; cases of which none fell into the period had nothing
// to be judged.
func (p *statementPaper) standing(m *servicelevel.Measure) report.Cell {
	if m.Cases != nil && m.Verdict() == slo.Undecided.String() && nothingJudged(m.Cases) {
		return text(p.word("verdict.none"))
	}
	return p.verdict(m.Verdict())
}

func (p *statementPaper) verdict(verdict string) report.Cell {
	mark := report.MarkUnknown
	switch verdict {
	case slo.Kept.String():
		mark = report.MarkOK
	case slo.Missed.String():
		mark = report.MarkGap
	}
	return report.Cell{Text: p.word("verdict." + verdict), Mark: mark}
}

// label names a target as the agreement or contract does.
func (p *statementPaper) label(m *servicelevel.Measure) (label, promised string) {
	of, _ := model.ParseRef(p.st.Agreement.Object)
	if o := p.s.Snap.Get(of); o != nil {
		var targets []model.Target
		switch x := o.Spec.(type) {
		case *model.Agreement:
			targets = x.Targets
		case *model.Contract:
			targets = x.Targets
		}
		if i := slices.IndexFunc(targets, func(t model.Target) bool { return t.Name == m.Target }); i >= 0 {
			t := targets[i]
			if label = p.w.Value(t.Title); label == "" {
				label = strings.TrimSpace(p.w.Value(t.Metric) + " " + t.Priority)
			}
			return label, PromisedValue(p.w, t)
		}
	}
	if m.Rules != nil {
		promised = p.w.Value(m.Rules.Target)
	}
	return m.Target, promised
}

func (p *statementPaper) summary() {
	t := report.Table{Caption: p.word("targets"), Columns: []string{p.word("target"), p.word("service"), p.word("promised"), p.word("attained"), p.word("coverage"), p.word("verdict"), p.word("credit")}}
	for i := range p.st.Measures {
		m := &p.st.Measures[i]
		label, promised := p.label(m)
		row := []report.Cell{text(label), text(p.service(m)), text(promised), {}, {}, p.standing(m), {}}
		if attained, ok := m.Attained(); ok {
			row[3].Text = p.share(attained)
		}
		switch {
		case m.Declared != nil:
			row[3].Text = strings.TrimSpace(p.w.Value(m.Declared.Value) + " " + row[3].Text)
			row[4].Text = p.word("declared")
		case m.Result != nil:
			row[4].Text = p.share(m.Result.Coverage)
		case m.Cases != nil:
			row[4].Text = p.word("cases.count", "n", m.Cases.Result.Kept+m.Cases.Result.Late)
		}
		if m.Credit != nil {
			row[6].Text = p.share(m.Credit.Due)
		}
		t.Rows = append(t.Rows, row)
	}
	blocks := []report.Block{}
	if p.st.Interim() {
		blocks = append(blocks, report.Paragraph{Text: p.word("interim", "until", p.instant(p.st.Until))})
	}
	blocks = append(blocks, t)
	if parties := p.parties(); len(parties) > 0 {
		blocks = append([]report.Block{parties}, blocks...)
	}
	if p.st.Credit.Full > 0 {
		blocks = append(blocks, report.Paragraph{Text: p.word("credit.total", "full", p.share(p.st.Credit.Full), "due", p.share(p.st.Credit.Due), "capped", p.st.Credit.Capped)})
		if fee := p.st.Fee; fee != nil {
			blocks = append(blocks, report.Paragraph{Text: p.word("credit.fee", "fee", *fee)})
		}
		if cost, ok := p.st.Cost(); ok && p.inside {
			blocks = append(blocks, report.Paragraph{Text: p.word("credit.cost", "cost", cost, "owed", p.st.Supplier == "")})
		}
	}
	p.add("summary", p.word("summary"), blocks...)
}

func (p *statementPaper) service(m *servicelevel.Measure) string {
	ref, _ := model.ParseRef(m.Service)
	return p.name(ref)
}

// measure is one section a measure: the working of its figure.
func (p *statementPaper) measure(i int, m *servicelevel.Measure) {
	label, promised := p.label(m)
	var f facts
	f.add(p.word("promised"), promised)
	blocks := []report.Block{}
	if m.Overridden != "" {
		blocks = append(blocks, report.Paragraph{Text: p.word("overridden", "by", p.named(m.Overridden))})
	}
	switch m.Basis {
	case servicelevel.BasisEvidence:
		r := m.Result
		f.add(p.word("agreed"), p.w.Value(time.Duration(r.Agreed)))
		f.add(p.word("excluded"), p.w.Value(time.Duration(r.LeftOut)))
		f.add(p.word("good"), p.w.Value(time.Duration(r.Good)))
		f.add(p.word("bad"), p.w.Value(time.Duration(r.Bad)))
		f.add(p.word("unknown"), p.word("unknown.as", "time", time.Duration(r.Unknown), "treatment", m.Rules.Unknown))
		if r.TotalEvents > 0 {
			f.add(p.word("events"), p.word("events.of", "good", r.GoodEvents.Events(), "total", r.TotalEvents.Events()))
		}
		f.add(p.word("method"), p.word("method."+m.Rules.Method, "slice", time.Duration(m.Rules.Slice)*time.Minute))
		if r.Attained != nil {
			f.add(p.word("attained"), p.share(*r.Attained))
		}
		f.add(p.word("budget"), p.word("budget.used", "used", time.Duration(r.BudgetUsed), "allowed", time.Duration(r.Budget)))
		if p.inside {
			f.add(p.word("engine"), strings.Join(engines(m), ", "))
		}
		blocks = append(blocks, f.list, p.interruptions(r), p.excluded(m))
		if t := p.corrections(m); p.inside && len(t.Rows) > 0 {
			blocks = append(blocks, t)
		}
	case servicelevel.BasisCases:
		r := m.Cases.Result
		f.add(p.word("cases"), p.word("cases.split", "kept", r.Kept, "late", r.Late, "pending", r.Pending))
		if r.Attained != nil {
			f.add(p.word("attained"), p.share(*r.Attained))
		}
		if r.Kept+r.Late > 0 {
			f.add(p.word("percentile", "share", m.Cases.Share), p.w.Value(time.Duration(r.Percentile)))
		}
		blocks = append(blocks, f.list, p.cases(m))
	case servicelevel.BasisDeclared:
		if p.inside {
			f.add(p.word("figures"), m.Declared.Figures.Object)
		}
		blocks = append(blocks, f.list, report.Paragraph{Text: p.word("declared.note")})
	default:
		blocks = append(blocks, f.list, report.Paragraph{Text: p.word("unmeasured")})
	}
	if m.Credit != nil {
		blocks = append(blocks, p.bands(m))
	}
	if p.inside && m.Behind != nil {
		blocks = append(blocks, p.behind(m.Behind)...)
	}
	p.add(fmt.Sprintf("measure-%d", i+1), p.word("measure", "target", label, "service", p.service(m)), blocks...)
}

// engines are those that answered for the evidence.
func engines(m *servicelevel.Measure) []string {
	var out []string
	for _, d := range m.Evidence {
		if d.Engine != "" && !slices.Contains(out, d.Engine) {
			out = append(out, d.Engine)
		}
	}
	return out
}

func (p *statementPaper) interruptions(r *servicelevel.MeasureResult) report.Table {
	t := report.Table{Caption: p.word("interruptions"), Columns: []string{p.word("from"), p.word("to"), p.word("length")}, Empty: p.word("interruptions.none")}
	for _, i := range r.Interruptions {
		t.Rows = append(t.Rows, []report.Cell{text(p.instant(i.From)), text(p.instant(i.To)), text(p.w.Value(i.To.Sub(i.From)))})
	}
	return t
}

// excluded is the time that was left out, with the reasons; who decided it is for those
// inside.
func (p *statementPaper) excluded(m *servicelevel.Measure) report.Table {
	t := report.Table{Caption: p.word("exclusions"), Columns: []string{p.word("from"), p.word("to"), p.word("cause"), p.word("announced"), p.word("reason")}, Empty: p.word("exclusions.none")}
	if p.inside {
		t.Columns = append(t.Columns, p.word("by"))
	}
	for _, e := range m.Excluded {
		announced, reason, by := "", e.Reason, ""
		if !e.Announced.IsZero() {
			announced = p.instant(e.Announced)
		}
		if work, ok := e.Maintenance(); ok && reason == "" {
			reason = p.name(work)
		}
		if e.Author != "" {
			by = p.a.ActorName(p.ctx, e.Author)
		}
		row := []report.Cell{text(p.instant(e.From)), text(p.instant(e.To)), text(p.word("exclusion." + e.Kind)), text(announced), text(reason)}
		if p.inside {
			row = append(row, text(by))
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// proof says how the statement can be checked.
func (p *statementPaper) proof(hash string) {
	if hash == "" {
		p.add("proof", p.word("proof"), report.Paragraph{Text: p.word("proof.none")})
		return
	}
	var f facts
	f.add(p.word("proof.hash"), hash)
	f.add(p.word("proof.asof"), p.instant(p.st.AsOf))
	if raw, err := hex.DecodeString(hash); err == nil && len(raw) > 0 {
		f.add(p.word("proof.verify"), "diapason servicelevel verify "+hash)
	}
	p.add("proof", p.word("proof"), f.list, report.Paragraph{Text: p.word("proof.note")})
}
