package app

import (
	"context"
	"math"
	"time"

	"diapason/internal/finding"
	"diapason/internal/identity"
	"diapason/internal/language"
	"diapason/internal/model"
	"diapason/internal/process/availability"
)

// AvailabilityStudy is one service as availability management sees it: promise,
// prediction and record side by side, and what the prediction is made of. Numbers
// for pictures stand beside the words; every picture has its table.
type AvailabilityStudy struct {
	Service       Named            `json:"service"`
	Sentence      string           `json:"sentence"`
	Exact         bool             `json:"exact"`
	Promised      *Level           `json:"promised,omitempty"`
	Agreement     *Named           `json:"agreement,omitempty"`
	Predicted     *Level           `json:"predicted,omitempty"`
	Bounds        *[2]Level        `json:"bounds,omitempty"`
	Uncertainty   *Uncertainty     `json:"uncertainty,omitempty"`
	Recorded      *Level           `json:"recorded,omitempty"`
	RecordedSince string           `json:"recordedSince,omitempty"`
	Measured      []Measured       `json:"measured"`
	Times         []MeanTime       `json:"times"`
	Causes        []Cause          `json:"causes"`
	CutSets       CutSetsView      `json:"cutSets"`
	Interruptions []InterruptedFor `json:"interruptions"`
	Tables        []Table          `json:"tables"`
	Missing       []Named          `json:"missing"`
	// Notes say which interruptions go on and are counted, where the load takes more than
	// is declared, and where the prediction leaves out that those who restore are shared.
	Notes []string `json:"notes"`
}

// Level is an availability, in words, as a ratio, and in minutes of interruption in
// a mean month.
type Level struct {
	Text    string  `json:"text"`
	Ratio   float64 `json:"ratio"`
	Minutes float64 `json:"minutes"`
	Month   string  `json:"month"` // Minutes in words
}

// Uncertainty is the range in which the prediction lies, given how well its inputs
// are known.
type Uncertainty struct {
	Low      Level  `json:"low"`
	Median   Level  `json:"median"`
	High     Level  `json:"high"`
	Samples  int    `json:"samples"`
	Sentence string `json:"sentence"`
}

// MeanTime is one of MTBF, MTTR and MTBSI, predicted and recorded.
type MeanTime struct {
	ID        string `json:"id"` // mtbf, mttr, mtbsi
	Label     string `json:"label"`
	Predicted string `json:"predicted,omitempty"`
	Recorded  string `json:"recorded,omitempty"`
	Interval  string `json:"interval,omitempty"`
}

// Cause is one bar of the waterfall: minutes of interruption in a mean month. The
// bars add up to the prediction; where things fail together their time is divided
// in proportion to their importance.
type Cause struct {
	Named
	Category string  `json:"category"` // kind, or "maintenance"
	Label    string  `json:"label"`    // the category in words
	Minutes  float64 `json:"minutes"`
	Text     string  `json:"text"`
	Share    float64 `json:"share"`
	Single   bool    `json:"single"`
}

// CutSetsView are the smallest sets of things that stop the service together.
type CutSetsView struct {
	Count    string       `json:"count"`
	ByOrder  []string     `json:"byOrder"`
	Complete bool         `json:"complete"`
	List     []CutSetView `json:"list"`
}

// CutSetView is one of them.
type CutSetView struct {
	Of      []Named `json:"of"`
	Minutes float64 `json:"minutes"`
	Text    string  `json:"text"`
}

// InterruptedFor is one bar of the timeline.
type InterruptedFor struct {
	Named
	Cause      Named   `json:"cause"`
	Start      string  `json:"start"`
	End        string  `json:"end"`
	Minutes    float64 `json:"minutes"`
	Text       string  `json:"text"`
	Open       bool    `json:"open"`
	Controlled bool    `json:"controlled"`
	Derived    bool    `json:"derived"`
}

// Bounds of what a study lists.
const (
	studiedOrder = 4
	studiedSets  = 200
	studiedBars  = 12
)

// AvailabilityOf studies one service.
func (a *App) AvailabilityOf(ctx context.Context, actor identity.Actor, v View, service model.Ref, lang language.Lang) (*AvailabilityStudy, error) {
	s, err := a.At(ctx, v)
	if err != nil {
		return nil, err
	}
	if err := a.Authorize(actor, identity.ActionReadFindings, identity.Resource{Kind: "organisation"}); err != nil {
		return nil, err
	}
	if _, err := a.readable(actor, s.Snap, service); err != nil {
		return nil, err
	}
	b, err := studyOf(s, service, lang)
	if err != nil {
		return nil, err
	}
	return b.out, a.measuredOf(ctx, actor, v, b)
}

// StudyOf studies one service of a state, with what the model itself says was measured.
func StudyOf(ctx context.Context, s *State, service model.Ref, lang language.Lang) (*AvailabilityStudy, error) {
	b, err := studyOf(s, service, lang)
	if err != nil {
		return nil, err
	}
	list, err := standsIn(ctx, s)
	if err != nil {
		return nil, err
	}
	return b.out, b.measured(ctx, list, func(*standing) (bool, bool) { return true, true })
}

func studyOf(s *State, service model.Ref, lang language.Lang) (*studyBuilder, error) {
	h, found := s.Snap.Find(service)
	if service.Kind != "service" || !found {
		return nil, notFound(service.String())
	}
	av, ok := finding.Use[*availability.Analysis](s.Result.Facts)
	if !ok {
		return nil, fail(CodeUnavailable, nil)
	}
	st, ok := av.Study(h)
	if !ok {
		return nil, fail(CodeUnavailable, nil)
	}
	b := &studyBuilder{s: s, h: h, w: WriterFor(s.Snap, lang), av: av, study: st, out: &AvailabilityStudy{
		Service: Name(s.Snap, service), Times: []MeanTime{}, Causes: []Cause{}, Interruptions: []InterruptedFor{}, Tables: []Table{}, Measured: []Measured{}, CutSets: CutSetsView{List: []CutSetView{}, ByOrder: []string{}},
	}}
	b.levels()
	b.importance()
	b.cutSets()
	b.record()
	b.shared()
	b.inputs()
	b.reasons()
	return b, nil
}

type studyBuilder struct {
	s     *State
	h     model.Handle
	w     language.Writer
	av    *availability.Analysis
	study *availability.Study
	out   *AvailabilityStudy
	value model.Availability
	known bool
}

func (b *studyBuilder) level(a model.Availability) *Level {
	month := availability.Monthly(a.Unavailability())
	return &Level{Text: b.w.Value(a.Rounded(3)), Ratio: a.Ratio(), Minutes: month.Minutes(), Month: b.w.Duration(month)}
}

func (b *studyBuilder) levels() {
	value, lower, upper, exact, missing, known := b.av.Predicted(b.h)
	b.value, b.known = value, known
	b.out.Missing, b.out.Exact = names(b.s, missing), exact
	args := finding.Args{"service": b.s.Snap.Ref(b.h), "known": known, "missing": missing, "n": len(missing)}
	if p, ok := finding.Use[promised](b.s.Result.Facts); ok {
		if due, agreement, _, ok := p.Promised(b.h); ok {
			b.out.Promised = b.level(due)
			n := Name(b.s.Snap, agreement)
			b.out.Agreement = &n
			args["promised"], args["agreement"], args["kept"] = due, agreement, !value.Less(due)
			args["allowed"] = availability.Monthly(due.Unavailability())
		}
	}
	if !known {
		b.out.Sentence = b.w.Message("study.unknown", args)
		return
	}
	b.out.Predicted = b.level(value)
	args["value"], args["month"] = value.Rounded(3), availability.Monthly(value.Unavailability())
	if !exact {
		b.out.Bounds = &[2]Level{*b.level(lower), *b.level(upper)}
	}
	if q, ok := b.study.Uncertainty(); ok {
		b.out.Uncertainty = &Uncertainty{Low: *b.level(q.Low), Median: *b.level(q.Median), High: *b.level(q.High), Samples: q.Samples,
			Sentence: b.w.Message("study.uncertainty", finding.Args{"low": q.Low.Rounded(3), "high": q.High.Rounded(3), "n": q.Samples, "median": q.Median.Rounded(3), "above": value.Less(q.Median)})}
	}
	b.out.Sentence = b.w.Message("study.sentence", args)
}

// importance ranks what the service needs, and makes the waterfall of it.
func (b *studyBuilder) importance() {
	t := b.list("importance", [2]string{"object", "ref"}, [2]string{"letter", "text"}, [2]string{"availability", "availability"}, [2]string{"minutes", "duration"}, [2]string{"criticalityShare", "percent"}, [2]string{"birnbaum", "number"}, [2]string{"fussellVesely", "percent"}, [2]string{"raw", "number"}, [2]string{"rrw", "number"}, [2]string{"source", "text"})
	list, ok := b.study.Importance()
	letters, _ := b.study.Letters()
	if !ok {
		t.Sentence = b.w.Message("study.bounded", nil)
	}
	sum := 0.0
	for _, x := range list {
		sum += x.Criticality
	}
	whole := availability.Monthly(b.value.Unavailability())
	for _, x := range list {
		minutes := time.Duration(x.Criticality * float64(whole))
		cells := map[string]any{
			"object": b.item(x.Input.Item()), "letter": string(letters[x.Input.Item()]), "source": sourceOf(b.w, &x.Input),
			"criticalityShare": share(x.Criticality), "fussellVesely": share(x.FussellVesely), "birnbaum": number(x.Birnbaum), "raw": number(x.Achievement), "rrw": number(x.Reduction),
		}
		if x.Input.Source != availability.SourceNone && x.Input.Source != availability.SourceNotOwn {
			cells["availability"], cells["minutes"] = digits(x.Input.Availability), duration(minutes)
		}
		t.add(x.Input.Ref, cells)
		if x.Criticality > 0 && sum > 0 && len(b.out.Causes) < studiedBars {
			part := x.Criticality / sum
			m := time.Duration(part * float64(whole))
			b.out.Causes = append(b.out.Causes, Cause{Named: b.item(x.Input.Item()), Category: b.category(x.Input.Item()), Label: b.itemKind(x.Input.Item()),
				Minutes: m.Minutes(), Text: b.w.Duration(m), Share: part, Single: x.Single})
		}
	}
	b.rest(whole)
	b.plannedWork()
}

// rest gathers what the waterfall has no bar for.
func (b *studyBuilder) rest(whole time.Duration) {
	if len(b.out.Causes) < studiedBars {
		return
	}
	left := whole
	for _, c := range b.out.Causes {
		left -= time.Duration(c.Share * float64(whole))
	}
	if left > 0 && whole > 0 {
		b.out.Causes = append(b.out.Causes, Cause{Category: "other", Label: b.w.Message("study.other", nil), Minutes: left.Minutes(), Text: b.w.Duration(left), Share: float64(left) / float64(whole)})
	}
}

// plannedWork adds announced maintenance as a bar of its own: controlled, and not
// part of the prediction.
func (b *studyBuilder) plannedWork() {
	work := b.av.PlannedWorkOn(b.h)
	t := b.list("work", [2]string{"maintenance", "ref"}, [2]string{"start", "datetime"}, [2]string{"until", "datetime"}, [2]string{"inside", "duration"}, [2]string{"excluded", "boolean"})
	year := time.Duration(0)
	for _, x := range work {
		t.add(x.Maintenance, map[string]any{"maintenance": b.name(x.Maintenance), "start": x.Start.Format(time.RFC3339), "until": x.End.Format(time.RFC3339), "inside": duration(x.Inside), "excluded": x.Excluded})
		if x.Start.Before(b.s.On.UTC()) {
			year += x.Inside
		}
	}
	if year > 0 {
		m := year / 12
		b.out.Causes = append(b.out.Causes, Cause{Category: "maintenance", Label: b.w.Message("study.maintenance", nil), Minutes: m.Minutes(), Text: b.w.Duration(m)})
	}
}

func (b *studyBuilder) cutSets() {
	t := b.list("cutsets", [2]string{"together", "list"}, [2]string{"order", "integer"}, [2]string{"minutes", "duration"})
	sets, ok := b.study.CutSets(studiedOrder, studiedSets)
	if !ok {
		t.Sentence = b.w.Message("study.bounded", nil)
		return
	}
	b.out.CutSets.Count, b.out.CutSets.Complete = sets.Count.String(), sets.Complete
	for _, n := range sets.ByOrder {
		b.out.CutSets.ByOrder = append(b.out.CutSets.ByOrder, n.String())
	}
	for _, c := range sets.List {
		b.out.CutSets.List = append(b.out.CutSets.List, CutSetView{b.items(c.Of), c.Minutes.Minutes(), b.w.Duration(c.Minutes)})
		t.add(model.Ref{}, map[string]any{"together": b.items(c.Of), "order": len(c.Of), "minutes": duration(c.Minutes)})
	}
	t.Sentence = b.w.Message("study.cutsets", finding.Args{"n": len(sets.List), "all": sets.Count.String(), "order": studiedOrder, "complete": sets.Complete})
}

// item names what fails; a product at a version has no object of its own, so its
// name leads to the settings of the organisation, where its figure stands.
func (b *studyBuilder) item(i availability.Item) Named {
	if i.Product != "" {
		return Named{Ref: i.Ref, Title: model.Text{All: i.Product}}
	}
	return Name(b.s.Snap, i.Ref)
}

func (b *studyBuilder) items(list []availability.Item) []Named {
	out := make([]Named, len(list))
	for i, x := range list {
		out[i] = b.item(x)
	}
	return out
}

func (b *studyBuilder) category(i availability.Item) string {
	if i.Product != "" {
		return "product"
	}
	return i.Ref.Kind
}

// itemKind is the category of what fails, in words.
func (b *studyBuilder) itemKind(i availability.Item) string {
	if i.Product != "" {
		return b.w.Message("study.product", nil)
	}
	return b.kind(i.Ref)
}

func (b *studyBuilder) kind(r model.Ref) string {
	if k := model.KindOf(r.Kind); k != nil {
		return k.Label.In(string(b.w.Lang))
	}
	return r.Kind
}

func (b *studyBuilder) name(r model.Ref) any {
	if r.IsZero() {
		return nil
	}
	return Name(b.s.Snap, r)
}

// list adds a table titled by "study.<id>.list".
func (b *studyBuilder) list(id string, columns ...[2]string) *Table {
	t := Table{ID: id, Title: b.w.Message("study."+id+".list", nil), Columns: []Column{}, Rows: []Row{}}
	for _, c := range columns {
		t.Columns = append(t.Columns, Column{c[0], b.w.Message("column."+c[0], nil), c[1]})
	}
	b.out.Tables = append(b.out.Tables, t)
	return &b.out.Tables[len(b.out.Tables)-1]
}

// share is a ratio as a cell, to a tenth of a percent.
func share(x float64) any {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return nil
	}
	return model.PercentOf(math.Round(x*1000) / 1000).String()
}

// number is a plain number as a cell, to three significant digits; what is
// unbounded has the sign of infinity.
func number(x float64) any {
	if math.IsInf(x, 1) {
		return "∞"
	}
	if x == 0 || math.IsNaN(x) {
		return 0
	}
	scale := math.Pow(10, 2-math.Floor(math.Log10(math.Abs(x))))
	return math.Round(x*scale) / scale
}

func duration(d time.Duration) any { return model.Duration(d.Round(time.Second)).String() }
