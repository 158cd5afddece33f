package app

import (
	"context"
	"slices"

	"diapason/internal/finding"
	"diapason/internal/identity"
	"diapason/internal/language"
	"diapason/internal/model"
	"diapason/internal/process/availability"
)

// Why explains a computed figure.
type Why struct {
	Subject  Named      `json:"subject"`
	Figure   string     `json:"figure"`
	Value    string     `json:"value"`
	Sentence string     `json:"sentence"`
	Exact    bool       `json:"exact"`
	Bounds   *[2]string `json:"bounds,omitempty"`
	Formula  WhyFormula `json:"formula"`
	Path     []WhyStep  `json:"path"`
	Inputs   []WhyInput `json:"inputs"`
	Levers   []WhyLever `json:"levers"`
	Missing  []Named    `json:"missing"`
}

// WhyFormula names the computation and says it in words.
type WhyFormula struct {
	Name string `json:"name"`
	Text string `json:"text"`
}

// WhyStep is one contribution, the largest first.
type WhyStep struct {
	Named
	Value        string  `json:"value"`
	Share        float64 `json:"share"`
	Contribution string  `json:"contribution"`
	Single       bool    `json:"single"`
}

// WhyInput is a datum that the figure rests on.
type WhyInput struct {
	Named
	Pointer string `json:"pointer"`
	Label   string `json:"label"`
	Value   string `json:"value"`
	Source  string `json:"source"`
}

// WhyLever is what would change the figure most.
type WhyLever struct {
	Text string    `json:"text"`
	Gain string    `json:"gain"`
	Ref  model.Ref `json:"ref"`
}

const (
	stepsShown  = 40
	leversShown = 3
)

// Why explains the predicted availability of an object.
func (a *App) Why(ctx context.Context, actor identity.Actor, v View, subject model.Ref, figure string, lang language.Lang) (*Why, error) {
	s, err := a.At(ctx, v)
	if err != nil {
		return nil, err
	}
	if _, err := a.readable(actor, s.Snap, subject); err != nil {
		return nil, err
	}
	av, ok := finding.Use[*availability.Analysis](s.Result.Facts)
	h, found := s.Snap.Find(subject)
	if !ok || !found {
		return nil, fail(CodeUnavailable, nil)
	}
	w := WriterFor(s.Snap, lang)
	out := &Why{Subject: Name(s.Snap, subject), Figure: figure, Path: []WhyStep{}, Inputs: []WhyInput{}, Levers: []WhyLever{}, Missing: []Named{},
		Formula: WhyFormula{w.Message("why.availability.name", nil), w.Message("why.availability.formula", nil)}}
	value, lower, upper, exact, missing, known := av.Predicted(h)
	out.Exact, out.Missing = exact && len(missing) == 0, names(s, missing)
	if !known {
		out.Sentence = w.Message("why.availability.unknown", finding.Args{"subject": subject, "missing": missing, "n": len(missing)})
		return out, nil
	}
	out.Value = w.Value(value)
	if !exact {
		out.Bounds = &[2]string{w.Value(lower), w.Value(upper)}
	}
	list := av.Contributions(h)
	for i, c := range list {
		if i == stepsShown || c.Gain <= 0 {
			break
		}
		out.Path = append(out.Path, WhyStep{Name(s.Snap, c.Input.Ref), w.Value(c.Input.Availability), c.Share.Ratio(), w.Duration(c.Minutes), c.Single})
	}
	for _, in := range av.Inputs(h) {
		x := WhyInput{Named: Name(s.Snap, in.Ref), Pointer: in.Pointer, Source: sourceOf(w, &in), Label: w.Message("why.input.availability", nil), Value: w.Value(in.Availability)}
		switch in.Source {
		case availability.SourceTimes:
			x.Label, x.Value = w.Message("why.input.times", nil), w.Value(in.MTBF)+" / "+w.Duration(coarse(in.MTTR.Std()))
		case availability.SourceNone, availability.SourceNotOwn:
			continue
		}
		out.Inputs = append(out.Inputs, x)
	}
	slices.SortStableFunc(out.Inputs, func(x, y WhyInput) int { return x.Ref.Compare(y.Ref) })
	for i, c := range list {
		if i == leversShown || c.Gain <= 0 {
			break
		}
		key := "why.lever.better"
		if c.Single {
			key = "why.lever.duplicate"
		}
		out.Levers = append(out.Levers, WhyLever{w.Message(key, finding.Args{"cause": c.Input.Ref}), w.Duration(c.Minutes), c.Input.Ref})
	}
	args := finding.Args{"subject": subject, "value": value, "minutes": availability.Monthly(value.Unavailability()), "n": len(list), "missing": len(missing)}
	if len(out.Path) > 0 {
		args["first"], args["share"] = out.Path[0].Ref, w.Value(model.PercentOf(float64(int(out.Path[0].Share*100+.5))/100))
	}
	out.Sentence = w.Message("why.availability.sentence", args)
	return out, nil
}
