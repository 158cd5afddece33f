package app

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"diapason/internal/app/assess"
	"diapason/internal/finding"
	"diapason/internal/identity"
	"diapason/internal/language"
	"diapason/internal/model"
	"diapason/internal/process/availability"
)

// DrawnWhatIf is what gestures on the map would bring. Nothing is kept.
type DrawnWhatIf struct {
	Added    []Named       `json:"added"`
	Changed  []Named       `json:"changed"`
	Removed  []Named       `json:"removed"`
	Figures  []DrawnFigure `json:"figures"` // predicted availability of services, those that get worse first
	New      []FindingView `json:"new"`     // findings that were not there before
	Worse    []FindingView `json:"worse"`
	Resolved []FindingView `json:"resolved"`
	// Singles are the single points of failure of the organisation.
	Singles       int `json:"singles"`
	SinglesBefore int `json:"singlesBefore"`
}

// DrawnFigure is the predicted availability of a service before and after.
type DrawnFigure struct {
	Service Named  `json:"service"`
	Before  string `json:"before,omitempty"`
	After   string `json:"after,omitempty"`
	Verdict string `json:"verdict" enum:"better,worse,same"`
}

// MaxGestures is the largest number of gestures looked at together.
const MaxGestures = 100

// drawingFindings bounds each list of findings.
const drawingFindings = 100

// DrawWhatIf says what gestures would bring to a view, one after the other.
func (a *App) DrawWhatIf(ctx context.Context, actor identity.Actor, v View, gestures []availability.Gesture, lang language.Lang) (*DrawnWhatIf, error) {
	if err := a.Authorize(actor, identity.ActionReadModel, identity.Resource{Kind: "service"}); err != nil {
		return nil, err
	}
	s, err := a.At(ctx, v)
	if err != nil {
		return nil, err
	}
	for _, g := range gestures {
		if s.Snap.Get(g.Of) == nil {
			continue // drawn by an earlier gesture, or refused
		}
		if _, err := a.readable(actor, s.Snap, g.Of); err != nil {
			return nil, err
		}
	}
	baseline, err := a.baseline(ctx)
	if err != nil {
		return nil, err
	}
	return drawIn(s, gestures, baseline, lang)
}

// DrawIn says what gestures would bring to a state, one after the other.
func DrawIn(s *State, gestures []availability.Gesture, lang language.Lang) (*DrawnWhatIf, error) {
	return drawIn(s, gestures, nil, lang)
}

func drawIn(s *State, gestures []availability.Gesture, baseline *assess.Baseline, lang language.Lang) (*DrawnWhatIf, error) {
	if len(gestures) == 0 || len(gestures) > MaxGestures {
		return nil, refused("/gestures", &model.Fault{Format: "draw at least one gesture, and at most %d", Args: []any{MaxGestures}})
	}
	snap := s.Snap
	var touched []model.Ref
	for i, g := range gestures {
		drawn, err := availability.Draw(snap, g)
		var bad *availability.Refusal
		if errors.As(err, &bad) {
			return nil, refused(fmt.Sprintf("/gestures/%d%s", i, bad.Pointer), bad.Fault)
		}
		if err != nil {
			return nil, err
		}
		for _, o := range drawn.Puts {
			touched = append(touched, o.Ref())
		}
		touched = append(touched, drawn.Deletes...)
		snap = snap.With(snap.Seq, drawn.Puts, drawn.Deletes)
	}
	slices.SortFunc(touched, model.Ref.Compare)
	touched = slices.Compact(touched)
	var puts []*model.Object
	var deletes []model.Ref
	out := &DrawnWhatIf{Added: []Named{}, Changed: []Named{}, Removed: []Named{}, Figures: []DrawnFigure{}, New: []FindingView{}, Worse: []FindingView{}, Resolved: []FindingView{}}
	for _, r := range touched {
		was, is := s.Snap.Get(r), snap.Get(r)
		switch {
		case was == nil && is == nil: // drawn and removed again
		case is == nil:
			deletes, out.Removed = append(deletes, r), append(out.Removed, Name(s.Snap, r))
		case was == nil:
			puts, out.Added = append(puts, is), append(out.Added, Name(snap, r))
		case !model.SameDocument(was, is):
			puts, out.Changed = append(puts, is), append(out.Changed, Name(snap, r))
		}
	}
	as := compared(s, puts, deletes, baseline)
	w := WriterFor(as.After.Snap, lang)
	out.New, out.Worse = viewSome(as.After.Snap, w, as.New), viewSome(as.After.Snap, w, as.Worse)
	out.Resolved = viewSome(s.Snap, WriterFor(s.Snap, lang), as.Resolved)
	for _, f := range as.Figures {
		x := DrawnFigure{Service: Name(as.After.Snap, f.Subject), Verdict: f.Verdict}
		before, ok1 := f.Before.(model.Availability)
		after, ok2 := f.After.(model.Availability)
		switch {
		case ok1 && ok2:
			x.Before, x.After = w.Apart(before, after)
		case ok1:
			x.Before = w.Value(before.Rounded(3))
		case ok2:
			x.After = w.Value(after.Rounded(3))
		}
		out.Figures = append(out.Figures, x)
	}
	out.SinglesBefore, out.Singles = singlesOf(s), singlesOf(as.After)
	return out, nil
}

func viewSome(s *model.Snapshot, w language.Writer, list []assess.Judged) []FindingView {
	out := []FindingView{}
	for _, j := range list[:min(len(list), drawingFindings)] {
		out = append(out, ViewFinding(s, w, j))
	}
	return out
}

// singlesOf counts the single points of failure of an organisation.
func singlesOf(s *State) int {
	if av, ok := finding.Use[*availability.Analysis](s.Result.Facts); ok {
		return len(av.Ranking())
	}
	return 0
}
