package app

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"diapason/internal/engine/slo"
	"diapason/internal/engine/worktime"
	"diapason/internal/identity"
	"diapason/internal/language"
	"diapason/internal/model"
	"diapason/internal/process/servicelevel"
	"diapason/internal/store/ledger"
)

// Effect is what a correction or an exclusion would do to one promise in one window,
// before anything is recorded.
type Effect struct {
	ID      string     `json:"id" doc:"Objective"`
	Of      Named      `json:"of"`
	Service Named      `json:"service"`
	Label   string     `json:"label"`
	Window  WindowView `json:"window"`
	Before  EffectSide `json:"before"`
	After   EffectSide `json:"after"`
	Changes bool       `json:"changes"`
}

// EffectSide is one side of a comparison: what is attained, and what is left of the budget.
type EffectSide struct {
	Attained string `json:"attained,omitempty"`
	Coverage string `json:"coverage,omitempty"`
	Used     string `json:"used,omitempty" doc:"Used part of the error budget"`
	Left     string `json:"left,omitempty" doc:"What is left of the error budget"`
	Verdict  string `json:"verdict" enum:"kept,missed,unknown"`
}

// CorrectionEffect says what a correction would do to every promise that rests on the
// series and that the actor may read, in the windows that the stretch touches. Nothing is
// recorded; whoever may not correct may not ask.
func (a *App) CorrectionEffect(ctx context.Context, actor identity.Actor, m Measure, lang language.Lang) ([]Effect, error) {
	edits, err := a.correction(actor, &m)
	if err != nil {
		return nil, err
	}
	v, err := a.stands(ctx)
	if err != nil {
		return nil, err
	}
	laid := func(o *servicelevel.Objective, days []slo.Day) []slo.Day {
		return layDays(days, ledger.Series(o.Series), edits)
	}
	return a.effects(ctx, actor, v, lang, worktime.Interval{Start: m.From.Time, End: m.Until.Time},
		func(st *standing) bool { return st.o.Series == m.Series },
		func(st *standing, window worktime.Interval, days []slo.Day) slo.Attainment {
			return slo.Attain(laid(&st.o, days), v.frame(&st.o, window, untilIn(window, v.now)), st.o.Rules)
		})
}

// layDays lays edits over days, with a day of its own where none is recorded.
func layDays(days []slo.Day, series ledger.Series, edits map[dayKey][]edit) []slo.Day {
	out := slices.Clone(days)
	for key := range edits {
		if key.series != series {
			continue
		}
		at, found := slices.BinarySearchFunc(out, key.day, func(d slo.Day, number int) int { return cmp.Compare(d.Number, number) })
		if !found {
			out = slices.Insert(out, at, slo.Day{Number: key.day})
		}
		for _, e := range edits[key] {
			out[at] = out[at].With(e.from, e.to, e.run)
		}
	}
	return out
}

// ExclusionEffect says what leaving a stretch of time out would do to every promise that
// it is about; with an identity, what withdrawing that exclusion would do.
func (a *App) ExclusionEffect(ctx context.Context, actor identity.Actor, q ExclusionRequest, withdrawn int64, lang language.Lang) ([]Effect, error) {
	if err := a.withLedger(); err != nil {
		return nil, err
	}
	v, err := a.stands(ctx)
	if err != nil {
		return nil, err
	}
	if withdrawn > 0 {
		at := slices.IndexFunc(v.left, func(e servicelevel.Left) bool { return e.Source == servicelevel.ExclusionName(withdrawn) })
		if at < 0 {
			return nil, noExclusion(withdrawn)
		}
		e := &v.left[at]
		q = ExclusionRequest{Scope: e.Scope, From: model.Instant{Time: e.From}, Until: model.Instant{Time: e.To}, Kind: e.Kind, Announced: model.Instant{Time: e.Announced}}
	}
	if err := a.excludable(actor, a.Head(), &q); err != nil {
		if subject, _, _ := a.scopeOf(v.state.Snap, q.Scope); withdrawn > 0 && codeIs(err, CodeForbidden) && !a.mayReadScope(actor, v.state.Snap, subject) {
			return nil, noExclusion(withdrawn) // not even its existence is told
		}
		return nil, err
	}
	interval := worktime.Interval{Start: q.From.UTC(), End: q.Until.UTC()}
	return a.effects(ctx, actor, v, lang, interval,
		func(st *standing) bool {
			return q.Scope == "" || q.Scope == st.o.Series || q.Scope == st.o.Service.String() || q.Scope == st.o.Of.String()
		},
		func(st *standing, window worktime.Interval, days []slo.Day) slo.Attainment {
			list := v.excludable(&st.o)
			if withdrawn > 0 {
				list = slices.DeleteFunc(list, func(e servicelevel.ExcludedTime) bool { return e.Source == servicelevel.ExclusionName(withdrawn) })
			} else {
				list = append(list, servicelevel.ExcludedTime{Span: servicelevel.Span{From: interval.Start, To: interval.End}, Kind: q.Kind, Announced: q.Announced.UTC()})
			}
			return slo.Attain(days, slo.NewFrame(window, untilIn(window, v.now), st.o.Agreed(window), st.o.Excluded(list)), st.o.Rules)
		})
}

// mostEffects is how many promises are told of.
const mostEffects = 200

// effects compares every promise that is concerned, in the windows that a stretch touches:
// for a rolling window the present one, and the one that ends with the stretch where that
// lies before it.
func (a *App) effects(ctx context.Context, actor identity.Actor, v *overview, lang language.Lang, stretch worktime.Interval, concerned func(*standing) bool, after func(*standing, worktime.Interval, []slo.Day) slo.Attainment) ([]Effect, error) {
	snap, out := v.state.Snap, []Effect{}
	w := WriterFor(snap, lang)
	for i := range v.list {
		st := &v.list[i]
		if len(out) >= mostEffects {
			break
		}
		if st.o.Gap != "" || st.o.Series == "" || !concerned(st) {
			continue
		}
		if o := snap.Get(st.o.Of); o == nil || !a.Visible(actor, snap, o) {
			continue
		}
		for _, window := range st.touched(stretch) {
			days, err := v.daysOf(ctx, st, window)
			if err != nil {
				return nil, err
			}
			was := slo.Attain(days, v.frame(&st.o, window, untilIn(window, v.now)), st.o.Rules)
			is := after(st, window, days)
			x := Effect{ID: st.id, Of: Name(snap, st.o.Of), Service: Name(snap, st.o.Service), Label: w.Value(st.o.Target.Metric), Window: v.window(w, &st.o, window), Before: effectSide(w, &was), After: effectSide(w, &is)}
			x.Changes = x.Before != x.After
			out = append(out, x)
		}
	}
	return out, nil
}

// touched are the windows of an objective that a stretch of time touches, the last first.
func (st *standing) touched(stretch worktime.Interval) []worktime.Interval {
	if st.o.Window.IsRolling() {
		if stretch.End.Before(st.window.Start) {
			return []worktime.Interval{st.o.Window.At(stretch.End, st.o.Location)}
		}
		return []worktime.Interval{st.window}
	}
	last := st.o.Window.At(stretch.End.Add(-time.Nanosecond), st.o.Location)
	first := st.o.Window.At(stretch.Start, st.o.Location)
	if first.Start.Equal(last.Start) {
		return []worktime.Interval{last}
	}
	return []worktime.Interval{last, first}
}

// untilIn is up to when a window has been.
func untilIn(window worktime.Interval, now time.Time) time.Time {
	if now.Before(window.End) {
		return now
	}
	return window.End
}

// daysOf reads the evidence of an objective in a window.
func (v *overview) daysOf(ctx context.Context, st *standing, window worktime.Interval) ([]slo.Day, error) {
	var days []slo.Day
	for r, err := range v.ledger.Read(ctx, []ledger.Series{ledger.Series(st.o.Series)}, slo.DayOf(window.Start), slo.DayOf(window.End), time.Time{}) {
		if err != nil {
			return nil, err
		}
		day, err := slo.DecodeDay(r.Slices)
		if err != nil {
			return nil, err
		}
		days = append(days, day)
	}
	return days, nil
}

func effectSide(w language.Writer, r *slo.Attainment) EffectSide {
	x := EffectSide{Verdict: r.Verdict.String()}
	if r.Attained == nil {
		return x
	}
	x.Attained, x.Coverage = ShareText(w, *r.Attained), ShareText(w, r.Coverage)
	x.Used, x.Left = w.Duration(r.Budget.Used), w.Duration(r.Budget.Left)
	return x
}

// leftBy finds an exclusion of the ledger by its name, with its number; nil where there is
// none.
func (v *overview) leftBy(name string) (*servicelevel.Left, int64) {
	number, ok := strings.CutPrefix(name, "exclusion ")
	if !ok {
		return nil, 0
	}
	for i := range v.left {
		if v.left[i].Source == name {
			id, _ := strconv.ParseInt(number, 10, 64)
			return &v.left[i], id
		}
	}
	return nil, 0
}
