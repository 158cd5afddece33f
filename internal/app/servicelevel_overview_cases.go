package app

import (
	"context"
	"slices"
	"strings"
	"time"

	"diapason/internal/engine/slo"
	"diapason/internal/engine/worktime"
	"diapason/internal/model"
	"diapason/internal/process/servicelevel"
	"diapason/internal/store/ledger"
)

// countCases reads the cases of every source once and judges them by all objectives.
func (v *overview) countCases(ctx context.Context) error {
	bySource := map[string][]int{}
	for i := range v.list {
		if v.list[i].basis == servicelevel.BasisCases {
			name := v.list[i].o.Source.String()
			bySource[name] = append(bySource[name], i)
		}
	}
	for source, places := range bySource {
		start, end := v.now, v.now
		for _, i := range places {
			if w := v.list[i].window; w.Start.Before(start) {
				start = w.Start
			}
		}
		by, err := v.casesOf(ctx, source, start, end)
		if err != nil {
			return err
		}
		heard, err := v.heardOf(ctx, source, by)
		if err != nil {
			return err
		}
		for _, i := range places {
			st := &v.list[i]
			st.heard = heard
			m := st.judge(by[st.o.Service.String()], st.window, st.until)
			st.cases, st.verdict = m.Cases, m.Verdict()
			if nothingJudged(st.cases) {
				st.cases = nil
				if heard {
					st.mark = MarkNone
				}
				continue
			}
			st.mark = markOfVerdict(st.verdict)
		}
	}
	return nil
}

// casesOf reads the cases of a source that may count in a stretch of time, by service.
func (v *overview) casesOf(ctx context.Context, source string, from, to time.Time) (map[string][]ledger.Case, error) {
	by := map[string][]ledger.Case{}
	for c, err := range v.ledger.Cases(ctx, source, from.Add(-caseHorizon), to, time.Time{}) {
		if err != nil {
			return nil, err
		}
		by[c.Service] = append(by[c.Service], c)
	}
	return by, nil
}

// heardOf says whether a source has ever recorded a case: a window without cases had nothing
// to judge where cases do arrive, and is not known where none ever did.
func (v *overview) heardOf(ctx context.Context, source string, read map[string][]ledger.Case) (bool, error) {
	if len(read) > 0 {
		return true, nil
	}
	for _, err := range v.ledger.Cases(ctx, source, time.Time{}, v.now, time.Time{}) {
		return err == nil, err
	}
	return false, nil
}

// nothingJudged says that no case fell into a window.
func nothingJudged(m *servicelevel.CaseMeasure) bool {
	return m.Result.Kept+m.Result.Late+m.Result.Pending == 0
}

// judge counts cases in a window up to an instant.
func (st *standing) judge(cases []ledger.Case, window worktime.Interval, until time.Time) *servicelevel.Measure {
	span := servicelevel.Span{From: window.Start.UTC(), To: window.End.UTC()}
	m := st.o.Measured(span, nil)
	m.Cases.Counted = []servicelevel.CountedCase{}
	for _, c := range cases {
		if x, ok := countedCase(c, &m); ok {
			m.Cases.Counted = append(m.Cases.Counted, x)
		}
	}
	slices.SortFunc(m.Cases.Counted, func(a, b servicelevel.CountedCase) int { return strings.Compare(a.ID, b.ID) })
	m.ComputeCases(span, until)
	return &m
}

func markOfVerdict(verdict string) Mark {
	switch verdict {
	case slo.Kept.String():
		return MarkOK
	case slo.Missed.String():
		return MarkGap
	}
	return MarkUnknown
}

// declare takes the latest figures typed by hand where nothing else is known.
func (st *standing) declare(s *model.Snapshot) {
	if st.reached != nil && st.reached.Attained != nil || st.cases != nil {
		return
	}
	if st.basis == servicelevel.BasisEvidence && st.reached != nil && st.reached.Window.End.After(st.until) {
		// Evidence is there, of an earlier time: the window is only beginning or blind.
		return
	}
	f := latestFigures(s, st.o.Of, st.o.Target.Name, st.o.Service)
	if f == nil || f.Until.IsZero() {
		return
	}
	st.basis, st.figures = servicelevel.BasisDeclared, f
	st.verdict = verdictOf(st.o.Target, f)
	st.mark = markOfVerdict(st.verdict)
}

func verdictOf(t *model.Target, f *model.CaseFigures) string {
	if _, _, kept, ok := t.Attainment(f); ok {
		if kept {
			return slo.Kept.String()
		}
		return slo.Missed.String()
	}
	return slo.Undecided.String()
}

// closedShown is how many windows that are over are shown.
const closedShown = 12

// fillClosed computes the windows that are over of the objectives at some places.
func (v *overview) fillClosed(ctx context.Context, places []int) error {
	var todo []int
	v.mu.Lock()
	for _, i := range places {
		if v.closed[i] == nil {
			todo = append(todo, i)
		}
	}
	v.mu.Unlock()
	windows := make(map[int][]worktime.Interval, len(todo))
	done := make(map[int][]closedWindow, len(todo))
	var counted []int
	for _, i := range todo {
		st := &v.list[i]
		windows[i] = st.o.Window.Ended(closedShown, st.until, st.o.Location)
		if st.o.Window.IsRolling() { // the last is the present one
			all := st.o.Window.Last(closedShown+1, st.until, st.o.Location)
			windows[i] = all[:len(all)-1]
		}
		done[i] = v.declared(st, windows[i])
		if st.basis == servicelevel.BasisEvidence {
			counted = append(counted, i)
		}
	}
	from := func(i int) int { return slo.DayOf(windows[i][0].Start) }
	slices.SortStableFunc(counted, func(x, y int) int { return from(x) - from(y) })
	err := v.eachEvidence(ctx, counted, from, func(i int, days []slo.Day) {
		st := &v.list[i]
		for n, w := range windows[i] {
			if got := slo.Attain(days, v.frame(&st.o, w, w.End), st.o.Rules); got.Attained != nil {
				done[i][n].attained, done[i][n].verdict, done[i][n].declared = got.Attained, got.Verdict.String(), false
			}
		}
	})
	if err != nil {
		return err
	}
	if err := v.closedCases(ctx, todo, windows, done); err != nil {
		return err
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	for i, list := range done {
		v.closed[i] = list
	}
	return nil
}

func (v *overview) closedCases(ctx context.Context, places []int, windows map[int][]worktime.Interval, done map[int][]closedWindow) error {
	sources := map[string]map[string][]ledger.Case{}
	for _, i := range places {
		st := &v.list[i]
		if st.basis != servicelevel.BasisCases {
			continue
		}
		name := st.o.Source.String()
		if sources[name] == nil {
			by, err := v.casesOf(ctx, name, v.now.AddDate(-closedYears, 0, 0), v.now)
			if err != nil {
				return err
			}
			sources[name] = by
		}
		for n, w := range windows[i] {
			m := st.judge(sources[name][st.o.Service.String()], w, w.End)
			switch share, ok := m.Attained(); {
			case ok:
				done[i][n].attained, done[i][n].verdict, done[i][n].declared = &share, m.Verdict(), false
			case nothingJudged(m.Cases):
				done[i][n].none = st.heard
			}
		}
	}
	return nil
}

// closedYears is how far back closed windows of cases reach: twelve of the longest.
const closedYears = 12

// declared fills windows with the figures of the model: those of sealed statements, and
// those typed by hand.
func (v *overview) declared(st *standing, windows []worktime.Interval) []closedWindow {
	out := make([]closedWindow, len(windows))
	for n, w := range windows {
		out[n] = closedWindow{interval: w, verdict: slo.Undecided.String()}
	}
	h, ok := v.state.Snap.Find(st.o.Of)
	if !ok {
		return out
	}
	for _, in := range v.state.Snap.In(h) {
		f, ok := v.state.Snap.Object(in.From).Spec.(*model.CaseFigures)
		if !ok || f.Target != st.o.Target.Name || f.Until.IsZero() || !f.Service.IsZero() && f.Service != st.o.Service {
			continue
		}
		for n, w := range windows {
			end := f.Until.In(st.o.Location).Add(12 * time.Hour)
			if !w.Contains(end) {
				continue
			}
			if out[n].sealed == "" || f.Sealed != "" {
				out[n].verdict, out[n].declared, out[n].sealed, out[n].value = verdictOf(st.o.Target, f), f.Sealed == "", f.Sealed, f.Value
				out[n].attained = nil
				if f.Attained != nil {
					var share slo.Share
					if share.UnmarshalText([]byte(f.Attained.String())) == nil {
						out[n].attained = &share
					}
				}
			}
		}
	}
	return out
}
