package app

import (
	"context"
	"slices"
	"time"

	"diapason/internal/finding"
	"diapason/internal/identity"
	"diapason/internal/language"
	"diapason/internal/model"
	"diapason/internal/process/availability"
	"diapason/internal/process/servicelevel"
)

// ChainsView is what stands behind every target of an agreement or requirement.
type ChainsView struct {
	Of       Named       `json:"of"`
	Sentence string      `json:"sentence"`
	Chains   []ChainView `json:"chains"`
	Table    Table       `json:"table"`
}

// ChainView is what stands behind one target for one service.
type ChainView struct {
	Service  Named           `json:"service"`
	Target   string          `json:"target"`
	Metric   string          `json:"metric"`
	Label    string          `json:"label"`
	Promised string          `json:"promised"`
	Hours    *Named          `json:"hours,omitempty"`
	Verdict  string          `json:"verdict"` // covered, uncovered, unknown
	Word     string          `json:"word"`    // the verdict in words
	Mark     Mark            `json:"mark"`
	Sentence string          `json:"sentence"`
	Needs    []NeedView      `json:"needs"`
	Links    []ChainLinkView `json:"links"`
	Values   []ComposedView  `json:"values"`
	Lacking  []Named         `json:"lacking"`
}

// NeedView is a requirement beside a promise, or an agreement beside a need.
type NeedView struct {
	Of    Named  `json:"of"`
	Value string `json:"value"`
	Word  string `json:"word"`
	Mark  Mark   `json:"mark"`
}

// ChainLinkView is one promise, hand-over, plan or copy.
type ChainLinkView struct {
	By      Named  `json:"by"`
	Kind    string `json:"kind"` // in words
	Promise *Named `json:"promise,omitempty"`
	What    string `json:"what,omitempty"`
	Value   string `json:"value,omitempty"`
	Hours   *Named `json:"hours,omitempty"`
	Outside string `json:"outside,omitempty"`
	From    string `json:"from,omitempty"`
	To      string `json:"to,omitempty"`
	Works   string `json:"works,omitempty"`
	Waited  string `json:"waited,omitempty"`
	Fails   bool   `json:"fails"`
	First   bool   `json:"first"`
	Short   string `json:"short,omitempty"`
	// Start and Length place a hand-over on a line from the failure to the end, in
	// shares of it; Work is the share of Length in which work is done.
	Start  float64 `json:"start"`
	Length float64 `json:"length"`
	Work   float64 `json:"work"`
}

// ComposedView is one way of computing what stands behind a target.
type ComposedView struct {
	ID      string `json:"id"` // product, bound, exact, common, predicted, worst, work, share, recovers
	Label   string `json:"label"`
	Text    string `json:"text"`
	Keeps   *bool  `json:"keeps,omitempty"`
	Formula string `json:"formula"`
	// Figure can be asked "why?" of the subject; empty where the formula says all.
	Figure  string    `json:"figure,omitempty"`
	Subject model.Ref `json:"subject"`
}

// ChainsOf draws what stands behind every target of an agreement or requirement.
func (a *App) ChainsOf(ctx context.Context, actor identity.Actor, v View, of model.Ref, lang language.Lang) (*ChainsView, error) {
	s, err := a.At(ctx, v)
	if err != nil {
		return nil, err
	}
	if err := a.Authorize(actor, identity.ActionReadFindings, identity.Resource{Kind: "organisation"}); err != nil {
		return nil, err
	}
	if _, err := a.readable(actor, s.Snap, of); err != nil {
		return nil, err
	}
	return ChainsIn(s, of, lang)
}

// ChainsIn draws the chains of an agreement or requirement of a state.
func ChainsIn(s *State, of model.Ref, lang language.Lang) (*ChainsView, error) {
	h, found := s.Snap.Find(of)
	if !found || s.Snap.Object(h) == nil || of.Kind != "agreement" && of.Kind != "requirement" {
		return nil, notFound(of.String())
	}
	sl, ok := finding.Use[*servicelevel.Analysis](s.Result.Facts)
	if !ok {
		return nil, fail(CodeUnavailable, nil)
	}
	b := chainBuilder{s, WriterFor(s.Snap, lang)}
	out := &ChainsView{Of: Name(s.Snap, of), Chains: []ChainView{}, Table: b.table()}
	count := map[servicelevel.Verdict]int{}
	for _, c := range sl.Chains(h) {
		count[c.Verdict]++
		v := b.view(&c)
		out.Chains = append(out.Chains, v)
		b.rows(&out.Table, &c, &v)
	}
	out.Sentence = b.w.Message("chain.sentence", finding.Args{
		"n": len(out.Chains), "covered": count[servicelevel.Covered], "uncovered": count[servicelevel.Uncovered], "unknown": count[servicelevel.Unknown],
	})
	return out, nil
}

type chainBuilder struct {
	s *State
	w language.Writer
}

func (b chainBuilder) named(r model.Ref) *Named {
	if r.IsZero() {
		return nil
	}
	n := Name(b.s.Snap, r)
	return &n
}

// label is what a target measures: "Time to restore P1".
func (b chainBuilder) label(t *model.Target) string {
	text := b.w.Value(t.Metric)
	if t.Priority != "" {
		text += " " + t.Priority
	}
	return text
}

var verdictMarks = map[servicelevel.Verdict]Mark{servicelevel.Covered: MarkOK, servicelevel.Uncovered: MarkGap, servicelevel.Unknown: MarkUnknown}

func (b chainBuilder) view(c *servicelevel.Chain) ChainView {
	v := ChainView{
		Service: Name(b.s.Snap, c.Service), Target: c.Target.Name, Metric: string(c.Target.Metric), Label: b.label(c.Target), Promised: PromisedValue(b.w, *c.Target),
		Hours: b.named(c.Hours), Verdict: string(c.Verdict), Word: b.w.Message("chain.is."+string(c.Verdict), nil), Mark: verdictMarks[c.Verdict],
		Needs: []NeedView{}, Links: []ChainLinkView{}, Values: b.values(c), Lacking: names(b.s, c.Lacking),
	}
	for _, n := range c.Needs {
		of := n.Requirement
		if !n.Agreement.IsZero() {
			of = n.Agreement
		}
		v.Needs = append(v.Needs, NeedView{Name(b.s.Snap, of), b.w.Value(n.Value), b.w.Message("chain.need."+string(n.Verdict), nil), verdictMarks[n.Verdict]})
	}
	var begin, end time.Time
	if t := c.Timed; t != nil {
		begin, end = t.Failed, t.Restored
	}
	for i := range c.Links {
		v.Links = append(v.Links, b.link(&c.Links[i], i == c.First, begin, end))
	}
	v.Sentence = b.sentence(c)
	return v
}

// sentence says the verdict and why.
func (b chainBuilder) sentence(c *servicelevel.Chain) string {
	args := finding.Args{
		"verdict": string(c.Verdict), "promised": c.Target.Value(), "n": len(c.Links), "lacking": c.Lacking, "lack": len(c.Lacking), "first": "", "alone": false,
		"by": c.Service, "service": c.Service,
	}
	if l := c.FirstFailing(); l != nil {
		args["alone"], args["first"], args["short"], args["outside"], args["value"] = true, l.By, "", l.Outside, l.Value
		if l.Short > 0 {
			args["short"] = availability.Monthly(l.Short)
		}
		args["late"], args["never"], args["outsideAny"], args["valued"] = l.Late, l.Never, l.Outside > 0, l.Value != nil
	}
	switch {
	case c.Composed != nil:
		x := c.Composed
		args["falls"], args["predicted"], args["weak"], args["verdict"] = x.Falls, x.Predicted.Rounded(3), c.Support.Verdict == servicelevel.Uncovered, string(c.Support.Verdict)
		if x.Falls {
			args["missed"] = availability.Monthly(x.Predicted.Unavailability() - c.Target.Availability.Unavailability())
		}
		return b.w.Message("chain.availability", args)
	case c.Timed != nil:
		args["by"], args["elapsed"], args["never"], args["failed"], args["restored"] = c.Timed.By, c.Timed.Elapsed, c.Timed.Never, c.Timed.Failed, c.Timed.Restored
		return b.w.Message("chain.time", args)
	case c.Target.Metric == model.MetricRecoveryTime || c.Target.Metric == model.MetricRecoveryPoint:
		return b.w.Message("chain.recovery", args)
	}
	units := []string{}
	if s := finding.SpecOf[model.Service](b.s.Result.Facts, c.Service); s != nil && c.Target.Metric == model.MetricThroughput {
		for _, x := range s.Capacity {
			if x.Limit.Unit != "" && !slices.Contains(units, x.Limit.Unit) {
				units = append(units, x.Limit.Unit)
			}
		}
	}
	args["units"], args["stated"] = units, len(units)
	return b.w.Message("chain.other", args)
}

func (b chainBuilder) link(l *servicelevel.ChainLink, first bool, begin, end time.Time) ChainLinkView {
	v := ChainLinkView{By: Name(b.s.Snap, l.By), Promise: b.named(l.Promise), Hours: b.named(l.Hours), Fails: l.Fails, First: first, Value: b.w.Value(l.Value)}
	if k := model.KindOf(l.By.Kind); k != nil {
		v.Kind = k.Label.In(string(b.w.Lang))
	}
	if l.By.Kind == "agreement" {
		v.Kind = b.w.Message("chain.ola", nil)
	}
	if l.Promise == l.By {
		v.Promise = nil
	}
	if l.What != nil {
		v.What = b.w.Value(l.What)
	}
	if l.Outside > 0 {
		v.Outside = b.w.Duration(l.Outside)
	}
	switch {
	case l.Short > 0:
		v.Short = b.w.Message("chain.short", finding.Args{"month": availability.Monthly(l.Short)})
	case l.Late > 0:
		v.Short = b.w.Message("chain.late", finding.Args{"late": l.Late})
	}
	if l.From.IsZero() && l.To.IsZero() {
		return v
	}
	v.From, v.Works = b.w.Instant(l.From), b.w.Duration(l.Works)
	if !l.To.IsZero() {
		v.To = b.w.Instant(l.To)
	}
	if l.Waited > 0 {
		v.Waited = b.w.Duration(l.Waited)
	}
	if whole := end.Sub(begin).Seconds(); whole > 0 && !l.To.IsZero() {
		v.Start, v.Length = l.From.Sub(begin).Seconds()/whole, l.To.Sub(l.From).Seconds()/whole
		if taken := l.To.Sub(l.From).Seconds(); taken > 0 {
			v.Work = min(l.Works.Seconds()/taken, 1)
		}
	}
	return v
}

// values are the ways of computing what stands behind a target, side by side.
func (b chainBuilder) values(c *servicelevel.Chain) []ComposedView {
	out := []ComposedView{}
	add := func(id, text string, keeps *bool, args finding.Args) *ComposedView {
		out = append(out, ComposedView{ID: id, Label: b.w.Message("chain.value."+id, nil), Text: text, Keeps: keeps, Formula: b.w.Message("chain.formula."+id, args), Subject: c.Service})
		return &out[len(out)-1]
	}
	if x := c.Composed; x != nil {
		level := func(id string, a model.Availability, args finding.Args) *ComposedView {
			keeps := !a.Less(*c.Target.Availability)
			return add(id, b.w.Value(a.Rounded(3)), &keeps, args)
		}
		if x.Known {
			level("predicted", x.Predicted, finding.Args{"exact": x.Certain}).Figure = "availability"
		}
		if links := len(c.Support.Links) + c.Support.Groups; links > 0 {
			level("product", x.Product, finding.Args{"n": links})
			level("bound", x.Bound, nil)
			if x.IsExact {
				level("exact", x.Exact, nil)
			}
			if x.Narrowed {
				level("common", x.BoundCommon, finding.Args{"common": x.Common, "agreed": c.Agreed})
			}
		}
	}
	if t := c.Timed; t != nil {
		keeps := !t.Never && t.Elapsed <= c.Target.Within.Std()
		text := b.w.Duration(t.Elapsed)
		if t.Never {
			text = b.w.Message("promise.never", nil)
		}
		add("worst", text, &keeps, finding.Args{"failed": t.Failed})
		fits := t.Work <= c.Target.Within.Std()
		add("work", b.w.Duration(t.Work), &fits, nil)
		if t.Spread {
			enough := t.Kept >= c.Target.Share().Ratio()
			add("share", b.w.Value(shownShare(t.Kept)), &enough, nil)
		}
	}
	if c.Recovers != nil {
		keeps := *c.Recovers <= c.Target.Within
		add("recovers", b.w.Value(*c.Recovers), &keeps, nil)
	}
	return out
}

// shownShare is a share to a tenth of a percent, never rounded up to all of it.
func shownShare(x float64) model.Percent {
	p := model.PercentOf(float64(int(x*1000)) / 1000)
	return p
}

// table lists every link of every chain.
func (b chainBuilder) table() Table {
	t := Table{ID: "chain", Title: b.w.Message("chain.list", nil), Columns: []Column{}, Rows: []Row{}}
	for _, c := range [][2]string{
		{"service", "ref"}, {"target", "text"}, {"promised", "text"}, {"mark", "mark"}, {"link", "ref"}, {"linkKind", "text"}, {"linkWhat", "text"}, {"linkValue", "text"},
		{"hours", "ref"}, {"linkOutside", "text"}, {"linkFrom", "text"}, {"linkTo", "text"}, {"linkShort", "text"}, {"linkFirst", "boolean"},
	} {
		t.Columns = append(t.Columns, Column{c[0], b.w.Message("column."+c[0], nil), c[1]})
	}
	return t
}

func (b chainBuilder) rows(t *Table, c *servicelevel.Chain, v *ChainView) {
	whole := func() map[string]any {
		return map[string]any{"service": v.Service, "target": v.Label, "promised": v.Promised, "mark": v.Mark}
	}
	if len(v.Links) == 0 {
		t.add(c.Service, whole())
	}
	text := func(s string) any {
		if s == "" {
			return nil
		}
		return s
	}
	for i := range v.Links {
		l, cells := &v.Links[i], whole()
		cells["link"], cells["linkKind"], cells["linkWhat"], cells["linkValue"] = l.By, l.Kind, text(l.What), text(l.Value)
		cells["linkOutside"], cells["linkFrom"], cells["linkTo"], cells["linkShort"], cells["linkFirst"] = text(l.Outside), text(l.From), text(l.To), text(l.Short), l.First
		if l.Hours != nil {
			cells["hours"] = *l.Hours
		}
		t.add(l.By.Ref, cells)
	}
}
