package app

import (
	"context"
	"slices"

	"diapason/internal/app/assess"
	"diapason/internal/finding"
	"diapason/internal/identity"
	"diapason/internal/model"
)

// Assessment is what a change would bring, against the model without it.
type Assessment struct {
	Before, After *State
	New           []assess.Judged // not there before
	Worse         []assess.Judged // more severe, or violated where it was unknown
	Resolved      []assess.Judged // gone
	Unchanged     int
	Figures       []Figure
}

// Figure is a computed figure before and after.
type Figure struct {
	Subject       model.Ref
	Name          string // "availability"
	Before, After any    // typed values; nil when unknown
	Verdict       string // "better", "worse" or "same"
}

// WhatIf lays changes over a view and says what would follow. Nothing is kept.
func (a *App) WhatIf(ctx context.Context, actor identity.Actor, v View, puts []*model.Object, deletes []model.Ref) (*Assessment, error) {
	if err := a.Authorize(actor, identity.ActionReadModel, identity.Resource{Kind: "service"}); err != nil {
		return nil, err
	}
	base, err := a.At(ctx, v)
	if err != nil {
		return nil, err
	}
	return a.whatIf(ctx, base, puts, deletes)
}

// AssessDraft says what committing a draft would bring.
func (a *App) AssessDraft(ctx context.Context, actor identity.Actor, id string) (*Assessment, error) {
	d, err := a.draft(ctx, actor, id)
	if err != nil {
		return nil, err
	}
	base, err := a.At(ctx, View{})
	if err != nil {
		return nil, err
	}
	puts, deletes, err := a.draftObjects(ctx, base.Snap, d)
	if err != nil {
		return nil, err
	}
	return a.whatIf(ctx, base, puts, deletes)
}

func (a *App) whatIf(ctx context.Context, base *State, puts []*model.Object, deletes []model.Ref) (*Assessment, error) {
	baseline, err := a.baseline(ctx)
	if err != nil {
		return nil, err
	}
	return compared(base, puts, deletes, baseline), nil
}

// compared is what changes bring to a state.
func compared(base *State, puts []*model.Object, deletes []model.Ref, baseline *assess.Baseline) *Assessment {
	changed := append([]model.Ref{}, deletes...)
	for _, o := range puts {
		changed = append(changed, o.Ref())
	}
	snap := base.Snap.With(base.Snap.Seq, puts, deletes)
	d := assess.WhatIf(base.Result, assess.Facts(snap, base.On), changed)
	as := &Assessment{Before: base, After: &State{Snap: snap, On: base.On, Result: d.After}}
	as.compare(assess.JudgeList(base.Result.Facts, d.Was, baseline), assess.JudgeList(d.After.Facts, d.Now, baseline))
	as.Unchanged += len(base.Judged) - len(d.Was)
	as.New = append(as.New, assess.JudgeList(d.After.Facts, assess.Worse(base.Result.Facts, d.After.Facts), baseline)...)
	slices.SortStableFunc(as.New, func(x, y assess.Judged) int { return finding.Compare(x.Finding, y.Finding) })
	as.Figures = figures(as.Before, as.After)
	return as
}

// compare walks two ordered lists of findings side by side.
func (as *Assessment) compare(before, after []assess.Judged) {
	i, j := 0, 0
	for i < len(before) || j < len(after) {
		order := 0
		switch {
		case i == len(before):
			order = 1
		case j == len(after):
			order = -1
		default:
			order = finding.Compare(before[i].Finding, after[j].Finding)
		}
		switch {
		case order < 0:
			as.Resolved = append(as.Resolved, before[i])
			i++
		case order > 0:
			as.New = append(as.New, after[j])
			j++
		default:
			b, n := before[i], after[j]
			if n.Severity > b.Severity || b.Outcome == finding.Unknown && n.Outcome == finding.Violated || !b.Counts() && n.Counts() {
				as.Worse = append(as.Worse, n)
			} else {
				as.Unchanged++
			}
			i, j = i+1, j+1
		}
	}
}

// predictor is what figures need of availability management.
type predictor interface {
	Predicted(service model.Handle) (a, lower, upper model.Availability, exact bool, missing []model.Ref, ok bool)
}

// figuresShown bounds the list: the largest differences come first.
const figuresShown = 50

// figures compares the predicted availability of every service that the change
// can have reached: the results of the others were carried over.
func figures(before, after *State) []Figure {
	pb, ok1 := finding.Use[predictor](before.Result.Facts)
	pa, ok2 := finding.Use[predictor](after.Result.Facts)
	if !ok1 || !ok2 || before.Result == after.Result {
		return nil
	}
	var out []Figure
	for _, h := range after.Result.Predicted() {
		now, _, _, _, _, okNow := pa.Predicted(h)
		f := Figure{Subject: after.Snap.Ref(h), Name: "availability", Verdict: "same"}
		if okNow {
			f.After = now
		}
		if before.Snap.Object(h) != nil {
			if old, _, _, _, _, okOld := pb.Predicted(h); okOld {
				f.Before = old
				switch {
				case okNow && old.Less(now):
					f.Verdict = "better"
				case okNow && now.Less(old):
					f.Verdict = "worse"
				}
			}
		}
		if f.Before == f.After || f.Before == nil && f.After == nil {
			continue
		}
		out = append(out, f)
	}
	slices.SortStableFunc(out, func(x, y Figure) int { return slices.Index(verdicts, x.Verdict) - slices.Index(verdicts, y.Verdict) })
	return out[:min(len(out), figuresShown)]
}

var verdicts = []string{"worse", "better", "same"}
