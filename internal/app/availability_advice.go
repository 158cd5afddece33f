package app

import (
	"context"
	"slices"

	"diapason/internal/app/assess"
	"diapason/internal/finding"
	"diapason/internal/identity"
	"diapason/internal/language"
	"diapason/internal/model"
	"diapason/internal/process/availability"
)

// Advice is what could be bought to make a service fail less.
type Advice struct {
	Service  Named        `json:"service"`
	Sentence string       `json:"sentence"`
	Now      Level        `json:"now"`
	Promised *Level       `json:"promised,omitempty"`
	Proven   bool         `json:"proven"` // the front is exact
	Options  []OptionView `json:"options"`
	Front    []BundleView `json:"front"`
	Table    Table        `json:"table"`
}

// OptionView is one declared improvement.
type OptionView struct {
	Of     Named  `json:"of"`
	Name   string `json:"name"`
	Title  string `json:"title"`
	Cost   string `json:"cost,omitempty"` // a year
	Priced bool   `json:"priced"`
	After  Level  `json:"after"`
	Gain   string `json:"gain"` // interruption saved in a mean month
}

// BundleView is one point of the front: no cheaper set of improvements does better.
type BundleView struct {
	Choices []ImprovementChoice `json:"choices"`
	Text    string              `json:"text"`
	Cost    string              `json:"cost"`
	Amount  float64             `json:"amount"` // of a year, in units of the currency
	After   Level               `json:"after"`
	Kept    bool                `json:"kept"` // the promise is then kept
}

// ImprovementChoice names an improvement: its holder, and its name there.
type ImprovementChoice struct {
	Of   model.Ref `json:"of"`
	Name string    `json:"name"`
}

// AdviceOf says what improvements declared in the model bring to a service and
// cost, alone and together.
func (a *App) AdviceOf(ctx context.Context, actor identity.Actor, v View, service model.Ref, lang language.Lang) (*Advice, error) {
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
	return AdviceIn(ctx, s, service, lang)
}

// AdviceIn gives the advice on a service of a state.
func AdviceIn(ctx context.Context, s *State, service model.Ref, lang language.Lang) (*Advice, error) {
	h, found := s.Snap.Find(service)
	if service.Kind != "service" || !found {
		return nil, notFound(service.String())
	}
	av, ok := finding.Use[*availability.Analysis](s.Result.Facts)
	if !ok {
		return nil, fail(CodeUnavailable, nil)
	}
	b := &studyBuilder{s: s, h: h, w: WriterFor(s.Snap, lang), av: av, out: &AvailabilityStudy{}}
	out := &Advice{Service: Name(s.Snap, service), Proven: true, Options: []OptionView{}, Front: []BundleView{}}
	value, _, _, _, _, _ := av.Predicted(h)
	out.Now = *b.level(value)
	var due *model.Availability
	if p, ok := finding.Use[promised](s.Result.Facts); ok {
		if promise, _, _, ok := p.Promised(h); ok {
			due = &promise
			out.Promised = b.level(promise)
		}
	}
	t := b.list("advice", [2]string{"object", "ref"}, [2]string{"improvement", "text"}, [2]string{"yearlyCost", "money"}, [2]string{"after", "availability"}, [2]string{"gain", "duration"}, [2]string{"reaches", "boolean"})
	args := finding.Args{"n": 0, "front": 0, "kept": false, "cost": "", "promised": due != nil}
	if x, ok := av.ImprovementsOf(h); ok {
		b.options(x, due, t, out)
		args["n"] = len(out.Options)
		front := x.Front(ctx)
		out.Proven = front.Proven
		for _, p := range front.Points {
			out.Front = append(out.Front, b.bundle(p, due))
		}
		args["front"] = len(out.Front)
		if i := slices.IndexFunc(out.Front, func(p BundleView) bool { return p.Kept }); i >= 0 && due != nil {
			args["kept"], args["cost"], args["text"] = true, out.Front[i].Cost, out.Front[i].Text
		}
	}
	args["already"] = due != nil && !value.Less(*due)
	out.Sentence, out.Table = b.w.Message("study.advice", args), *t
	return out, nil
}

func (b *studyBuilder) options(x *availability.Improvements, due *model.Availability, t *Table, out *Advice) {
	for _, g := range x.Groups() {
		for _, o := range g {
			after := model.AvailabilityOf(x.With(o))
			gain := availability.Monthly(o.Gain)
			view := OptionView{Of: Name(b.s.Snap, o.Of), Name: o.Improvement.Name, Title: b.optionTitle(o), Priced: o.Priced, After: *b.level(after), Gain: b.w.Duration(gain)}
			cells := map[string]any{"object": b.name(o.Of), "improvement": view.Title, "after": after.Rounded(3).String(), "gain": duration(gain), "reaches": due != nil && !after.Less(*due)}
			if o.Priced {
				view.Cost = b.w.Money(o.Yearly)
				cells["yearlyCost"] = o.Yearly.String()
			}
			out.Options = append(out.Options, view)
			t.add(o.Of, cells)
		}
	}
}

func (b *studyBuilder) optionTitle(o availability.Option) string {
	if t := b.w.Value(o.Improvement.Title); t != "" {
		return t
	}
	return o.Improvement.Name
}

func (b *studyBuilder) bundle(p availability.Point, due *model.Availability) BundleView {
	after := model.AvailabilityOf(p.Unavailability)
	v := BundleView{Choices: []ImprovementChoice{}, Cost: b.w.Money(p.Cost), Amount: p.Cost.Units(), After: *b.level(after), Kept: due != nil && !after.Less(*due)}
	var parts []string
	for _, o := range p.Options {
		v.Choices = append(v.Choices, ImprovementChoice{o.Of, o.Improvement.Name})
		parts = append(parts, b.optionTitle(o)+" ("+b.w.Value(o.Of)+")")
	}
	v.Text = b.w.List(parts)
	return v
}

// ImproveDraft opens a draft in which some improvements are made.
func (a *App) ImproveDraft(ctx context.Context, actor identity.Actor, service model.Ref, choices []ImprovementChoice, title string) (Draft, error) {
	if len(choices) == 0 {
		return Draft{}, refused("/choices", &model.Fault{Format: "choose at least one improvement"})
	}
	s, err := a.At(ctx, View{})
	if err != nil {
		return Draft{}, err
	}
	if _, err := a.readable(actor, s.Snap, service); err != nil {
		return Draft{}, err
	}
	facts := s.Result.Facts
	changed := map[model.Ref]*model.Object{}
	for _, c := range choices {
		objects, err := improved(facts, service, c)
		if err != nil {
			return Draft{}, err
		}
		for _, o := range objects {
			changed[o.Ref()] = o
		}
		facts = assess.Facts(facts.Snap.With(facts.Snap.Seq, objects, nil), facts.On)
	}
	list := make([]*model.Object, 0, len(changed))
	for _, o := range changed {
		list = append(list, o)
	}
	slices.SortFunc(list, func(x, y *model.Object) int { return x.Ref().Compare(y.Ref()) })
	return a.CreateDraft(ctx, actor, title, list)
}

// improved makes one improvement on facts.
func improved(f *finding.Facts, service model.Ref, c ImprovementChoice) ([]*model.Object, error) {
	h, found := f.Snap.Find(service)
	av, ok := finding.Use[*availability.Analysis](f)
	if !ok || !found {
		return nil, notFound(service.String())
	}
	if x, ok := av.ImprovementsOf(h); ok {
		for _, g := range x.Groups() {
			for _, o := range g {
				if o.Of != c.Of || o.Improvement.Name != c.Name {
					continue
				}
				if objects, ok := av.Applied(o); ok {
					return objects, nil
				}
			}
		}
	}
	return nil, notFound(c.Of.String() + " " + c.Name)
}
