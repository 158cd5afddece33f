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
	after, err := a.overlay(ctx, base, puts, deletes)
	if err != nil {
		return nil, err
	}
	return compare(base, after), nil
}

// AssessDraft says what committing a draft would bring.
func (a *App) AssessDraft(ctx context.Context, actor identity.Actor, id string) (*Assessment, error) {
	if _, err := a.draft(ctx, actor, id); err != nil {
		return nil, err
	}
	base, err := a.At(ctx, View{})
	if err != nil {
		return nil, err
	}
	after, err := a.At(ctx, View{Draft: id})
	if err != nil {
		return nil, err
	}
	return compare(base, after), nil
}

func compare(before, after *State) *Assessment {
	as := &Assessment{Before: before, After: after}
	i, j := 0, 0
	for i < len(before.Judged) || j < len(after.Judged) {
		order := 0
		switch {
		case i == len(before.Judged):
			order = 1
		case j == len(after.Judged):
			order = -1
		case before.Judged[i].Finding == after.Judged[j].Finding:
			i, j, as.Unchanged = i+1, j+1, as.Unchanged+1
			continue
		default:
			order = finding.Compare(before.Judged[i].Finding, after.Judged[j].Finding)
		}
		switch {
		case order < 0:
			as.Resolved = append(as.Resolved, before.Judged[i])
			i++
		case order > 0:
			as.New = append(as.New, after.Judged[j])
			j++
		default:
			b, n := before.Judged[i], after.Judged[j]
			if n.Severity > b.Severity || b.Outcome == finding.Unknown && n.Outcome == finding.Violated || !b.Counts() && n.Counts() {
				as.Worse = append(as.Worse, n)
			} else {
				as.Unchanged++
			}
			i, j = i+1, j+1
		}
	}
	as.Figures = figures(before, after)
	return as
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
	for _, h := range after.Snap.OfKind("service") {
		if after.Result.Carried(h) {
			continue
		}
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
