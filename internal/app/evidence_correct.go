package app

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"diapason/internal/engine/slo"
	"diapason/internal/identity"
	"diapason/internal/language"
	"diapason/internal/model"
	"diapason/internal/store"
	"diapason/internal/store/ledger"
)

// Measure says what a stretch of time was, for a series: pushed by a tool, or as the
// correction of a person. A bad or unknown stretch counts every minute that it touches, a
// good one those that it fills.
type Measure struct {
	Series string        `json:"series" doc:"A measurement source and what it measures, such as measurement-source/probe service/payroll"`
	From   model.Instant `json:"from"`
	Until  model.Instant `json:"until"`
	State  string        `json:"state" enum:"good,bad,unknown"`
	Good   float64       `json:"good,omitempty" minimum:"0" doc:"Good events of each minute"`
	Total  float64       `json:"total,omitempty" minimum:"0" doc:"All events of each minute"`
}

// longestMeasure bounds one stretch.
const longestMeasure = 31 * 24 * time.Hour

// edit is a measure on one UTC day.
type edit struct {
	from, to int // minutes
	run      slo.Run
}

// dayKey is one day of one series.
type dayKey struct {
	series ledger.Series
	day    int
}

// states are the words of the states of a slice.
var states = map[string]slo.State{"good": slo.Good, "bad": slo.Bad, "unknown": slo.Unknown}

// edits splits a measure into days, or says what is wrong with it.
func (a *App) edits(m *Measure, into map[dayKey][]edit) *model.Fault {
	state, known := states[strings.ToLower(m.State)]
	from, until := m.From.UTC(), m.Until.UTC()
	switch {
	case !known:
		return &model.Fault{Format: "%q is no state: write good, bad or unknown", Args: []any{m.State}}
	case m.From.IsZero() || m.Until.IsZero() || !from.Before(until):
		return &model.Fault{Format: "the stretch ends before it begins"}
	case until.Sub(from) > longestMeasure:
		return &model.Fault{Format: "the stretch is longer than 31 days"}
	case from.Year() < 1971 || until.After(a.instant(a.now()).Add(time.Minute)):
		return &model.Fault{Format: "nobody has measured what is still to come, nor anything before 1971"}
	}
	good, ok1 := slo.CountOf(m.Good)
	total, ok2 := slo.CountOf(m.Total)
	if !ok1 || !ok2 || good > total {
		return &model.Fault{Format: "there are more good events than events, or they cannot be counted"}
	}
	if state == slo.Good { // only minutes that it fills
		from, until = from.Add(time.Minute-time.Nanosecond).Truncate(time.Minute), until.Truncate(time.Minute)
	} else {
		from, until = from.Truncate(time.Minute), until.Add(time.Minute-time.Nanosecond).Truncate(time.Minute)
	}
	for from.Before(until) {
		day := dayOf(from)
		end := startOf(day + 1)
		if until.Before(end) {
			end = until
		}
		start := startOf(day)
		key := dayKey{ledger.Series(m.Series), day}
		into[key] = append(into[key], edit{int(from.Sub(start) / time.Minute), int(end.Sub(start) / time.Minute), slo.Run{Minutes: 1, State: state, Good: good, Total: total}})
		from = end
	}
	return nil
}

// attempts is how often a correction is made anew on what another has recorded meanwhile.
const attempts = 4

// amend lays edits over what is recorded, as one new revision of each day, all or none.
func (a *App) amend(ctx context.Context, edits map[dayKey][]edit, author, reason string) (days int, err error) {
	keys := make([]dayKey, 0, len(edits))
	for k := range edits {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(x, y dayKey) int { return cmp.Or(cmp.Compare(x.series, y.series), cmp.Compare(x.day, y.day)) })
	for range attempts {
		var records []ledger.Record
		if records, err = a.amended(ctx, keys, edits, author, reason); err != nil {
			return 0, err
		}
		_, err = a.evidence.ledger.Append(ctx, records)
		switch {
		case err == nil:
			return len(records), nil
		case store.CodeOf(err) != store.CodeConflict:
			return 0, err
		}
	}
	return 0, err
}

// amended makes the next revision of each day that the edits change.
func (a *App) amended(ctx context.Context, keys []dayKey, edits map[dayKey][]edit, author, reason string) ([]ledger.Record, error) {
	known := map[dayKey]ledger.Record{}
	var names []ledger.Series
	first, last := keys[0].day, keys[0].day
	for _, k := range keys {
		if len(names) == 0 || names[len(names)-1] != k.series {
			names = append(names, k.series)
		}
		first, last = min(first, k.day), max(last, k.day)
	}
	for r, err := range a.evidence.ledger.Read(ctx, names, first, last, time.Time{}) {
		if err != nil {
			return nil, err
		}
		if k := (dayKey{r.Series, r.Day}); edits[k] != nil {
			known[k] = r
		}
	}
	var records []ledger.Record
	for _, k := range keys {
		before, there := known[k]
		day := slo.Day{Number: k.day}
		if there {
			var err error
			if day, err = slo.DecodeDay(before.Slices); err != nil {
				return nil, err
			}
		}
		changed := day
		for _, e := range edits[k] {
			changed = changed.With(e.from, e.to, e.run)
		}
		if there && changed.Equal(day) {
			continue
		}
		bytes, err := slo.EncodeDay(changed)
		if err != nil {
			return nil, err
		}
		records = append(records, ledger.Record{Series: k.series, Day: k.day, Revision: before.Revision + 1, Author: author, Reason: reason, Slices: bytes})
	}
	return records, nil
}

// sayable refuses a series that nobody may speak of: one that is not in the model. It gives
// the first day that Diapason is still to record itself.
func (a *App) sayable(actor identity.Actor, s *model.Snapshot, name string) (unrecorded int, err error) {
	source, of, err := a.readableSeries(actor, s, name)
	if err != nil {
		return 0, err
	}
	o := s.Get(source)
	if o == nil {
		return 0, notFound(source.String())
	}
	if !slices.Contains(o.Spec.(*model.MeasurementSource).Of, of) {
		return 0, refused("/series", &model.Fault{Format: "%s does not measure %s: say so in the source first", Args: []any{source.String(), of.String()}})
	}
	if err := a.maySay(actor, s, source); err != nil {
		return 0, err
	}
	if _, measured := measuredBy(s, source, of); measured && a.evidence.metrics != nil {
		return dayOf(a.now().Add(-a.evidence.after)), nil // a day that is over is recorded, or will be in a moment
	}
	return dayOf(a.instant(a.now())) + 2, nil
}

// stillMeasured says of a day that it is not recorded yet.
func stillMeasured(day int) *model.Fault {
	return &model.Fault{Format: "%s is still being measured: correct it once it is recorded", Args: []any{dateOf(day).String()}}
}

// notSettled says of the last minutes that they are still being measured.
func notSettled() *model.Fault {
	return &model.Fault{Format: "the last %d minutes are still being measured: correct them once they are over for so long", Args: []any{int(settledAfter / time.Minute)}}
}

// Correct records what a stretch of time really was, with the reason, as new revisions of
// its days.
func (a *App) Correct(ctx context.Context, actor identity.Actor, m Measure, reason string, lang language.Lang) (*SeriesEvidence, error) {
	edits, err := a.correction(actor, &m)
	if err != nil {
		return nil, err
	}
	if err := needReason(reason); err != nil {
		return nil, err
	}
	// Of days that are under way, what was measured so far is recorded first.
	if err := a.recordOpen(ctx, a.Head(), ledger.Series(m.Series)); err != nil {
		return nil, err
	}
	if _, err := a.amend(ctx, edits, actor.ID(), strings.TrimSpace(reason)); err != nil {
		return nil, err
	}
	return a.Evidence(ctx, actor, m.Series, dateOf(dayOf(m.From.Time)), dateOf(dayOf(m.Until.Add(-time.Nanosecond))), lang)
}

// correction reads a correction, or says what is wrong with it and at which field.
func (a *App) correction(actor identity.Actor, m *Measure) (map[dayKey][]edit, error) {
	if err := a.withLedger(); err != nil {
		return nil, err
	}
	unrecorded, err := a.sayable(actor, a.Head(), m.Series)
	if err != nil {
		return nil, err
	}
	edits := map[dayKey][]edit{}
	if f := a.edits(m, edits); f != nil {
		return nil, refused(fieldOf(m), f)
	}
	if len(edits) == 0 {
		return nil, refused("/from", &model.Fault{Format: "the stretch fills no minute"})
	}
	for k := range edits {
		if k.day >= unrecorded && m.Until.After(a.now().Add(-settledAfter)) && unrecorded <= dayOf(a.now()) {
			return nil, refused("/until", notSettled())
		}
	}
	return edits, nil
}

// fieldOf is the field at which a measure that cannot be taken is to be mended.
func fieldOf(m *Measure) string {
	switch _, known := states[strings.ToLower(m.State)]; {
	case !known:
		return "/state"
	case m.From.IsZero():
		return "/from"
	case !m.From.Before(m.Until.Time), m.Until.Sub(m.From.Time) > longestMeasure, m.From.Year() >= 1971 && m.Good <= m.Total:
		return "/until"
	case m.From.Year() < 1971:
		return "/from"
	}
	return "/good"
}
