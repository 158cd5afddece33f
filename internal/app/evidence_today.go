package app

import (
	"context"
	"iter"
	"maps"
	"slices"
	"sync"
	"time"

	"diapason/internal/engine/slo"
	"diapason/internal/model"
	"diapason/internal/store"
	"diapason/internal/store/ledger"
)

// settledAfter is how long after its end a minute is taken for measured as far as it will
// be: probes are vouched for up to two and a half minutes later.
const settledAfter = askAgain

// heardDays are the days that are not recorded whole yet, as the watch of alerts last
// heard of them. They are shown beside the ledger and never sealed.
type heardDays struct {
	mu      sync.Mutex
	days    map[ledger.Series][]ledger.Record // by day
	upTo    map[ledger.Series]time.Time
	version int64
}

// hear takes over what the watch heard in its last pass.
func (h *heardDays) hear(live map[ledger.Series]*liveSeries) {
	h.mu.Lock()
	defer h.mu.Unlock()
	days, upTo, changed := maps.Clone(h.days), map[ledger.Series]time.Time{}, len(live) != len(h.upTo)
	if days == nil {
		days = map[ledger.Series][]ledger.Record{}
	}
	for name, l := range live {
		upTo[name] = l.upTo
		if l.upTo.Equal(h.upTo[name]) {
			continue
		}
		changed = true
		days[name] = nil
		for _, number := range slices.Sorted(maps.Keys(l.days)) {
			if b, err := slo.EncodeDay(l.days[number]); err == nil && len(l.days[number].Runs) > 0 {
				days[name] = append(days[name], ledger.Record{Series: name, Day: number, At: l.upTo, Slices: b})
			}
		}
	}
	for name := range days {
		if _, ok := upTo[name]; !ok {
			delete(days, name)
		}
	}
	if changed {
		h.days, h.upTo, h.version = days, upTo, h.version+1
	}
}

// beside gives the ledger with these days beside it, and a number that changes with them.
func (h *heardDays) beside(l ledger.Ledger) (ledger.Ledger, int64) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.days) == 0 {
		return l, h.version
	}
	return &ledgerAndToday{l, h.days}, h.version
}

// ledgerAndToday reads the ledger as it stands now with the minutes that are measured but
// not recorded yet.
type ledgerAndToday struct {
	ledger.Ledger
	heard map[ledger.Series][]ledger.Record
}

// Last counts the days that were heard of.
func (l *ledgerAndToday) Last(ctx context.Context) (map[ledger.Series]int, error) {
	recorded, err := l.Ledger.Last(ctx)
	if err != nil {
		return nil, err
	}
	return l.over(recorded), nil
}

// over lays the days that were heard of over the last days that are recorded.
func (l *ledgerAndToday) over(recorded map[ledger.Series]int) map[ledger.Series]int {
	last := maps.Clone(recorded)
	for name, days := range l.heard {
		if n := len(days); n > 0 {
			if day, ok := last[name]; !ok || day < days[n-1].Day {
				last[name] = days[n-1].Day
			}
		}
	}
	return last
}

// since is the instant from which a series rests on what was heard alone: on days that are
// not over, or not recorded; zero where it does not.
func (l *ledgerAndToday) since(series ledger.Series, recorded map[ledger.Series]int, now time.Time) time.Time {
	last, ok := recorded[series]
	for _, h := range l.heard[series] {
		if ok && h.Day <= last && h.Day < dayOf(now) {
			continue
		}
		if day, err := slo.DecodeDay(h.Slices); err == nil {
			if _, known := lastKnown([]slo.Day{day}); known {
				return startOf(h.Day)
			}
		}
	}
	return time.Time{}
}

// Read gives the days of the ledger, completed by what was heard; as of an instant only
// what was recorded.
func (l *ledgerAndToday) Read(ctx context.Context, series []ledger.Series, from, to int, asOf time.Time) iter.Seq2[ledger.Record, error] {
	if !asOf.IsZero() {
		return l.Ledger.Read(ctx, series, from, to, asOf)
	}
	return func(yield func(ledger.Record, error) bool) {
		seen := map[dayKey]bool{}
		for r, err := range l.Ledger.Read(ctx, series, from, to, asOf) {
			if err == nil {
				for _, h := range l.heard[r.Series] {
					if h.Day == r.Day {
						seen[dayKey{r.Series, r.Day}] = true
						r.Slices, err = completedSlices(&r, h.Slices)
					}
				}
			}
			if !yield(r, err) {
				return
			}
		}
		for _, name := range series {
			for _, h := range l.heard[name] {
				if h.Day >= from && h.Day <= to && !seen[dayKey{name, h.Day}] && !yield(h, nil) {
					return
				}
			}
		}
	}
}

func completedSlices(r *ledger.Record, measured []byte) ([]byte, error) {
	old, err := slo.DecodeDay(r.Slices)
	if err != nil {
		return nil, err
	}
	day, err := slo.DecodeDay(measured)
	if err != nil {
		return nil, err
	}
	return slo.EncodeDay(completed(r, old, day))
}

// completed completes a recorded day by what was measured. What a person said stands: of a
// day that was corrected while it lasted, only the minutes that were not settled then are
// still filled in.
func completed(r *ledger.Record, recorded, measured slo.Day) slo.Day {
	switch {
	case r.Author == "":
		return slo.Overlay(recorded, measured)
	case !r.At.Before(startOf(r.Day + 1)):
		return recorded
	case r.Revision > 1: // the minutes before were recorded before they were corrected
		said := int(r.At.Add(-settledAfter).Sub(startOf(r.Day)) / time.Minute)
		measured = measured.With(0, said, slo.Run{State: slo.Unknown})
	}
	return slo.Overlay(measured, recorded)
}

// until is up to when a series is counted now: of a day that is under way as far as it is
// known, and not the minutes that are only just over.
func (l *ledgerAndToday) until(series string, now time.Time) (time.Time, bool) {
	days := l.heard[ledger.Series(series)]
	if len(days) == 0 {
		return now, false
	}
	until := now.Add(-settledAfter)
	if day, err := slo.DecodeDay(days[len(days)-1].Slices); err == nil {
		if at, ok := lastKnown([]slo.Day{day}); ok && at.After(until) && !at.After(now) {
			until = at
		}
	}
	return until, true
}

// recordOpen records what is known of the days of a series that are not over, or not
// recorded yet: for an interim statement, and before somebody corrects them.
func (a *App) recordOpen(ctx context.Context, head *model.Snapshot, series ledger.Series) error {
	e := a.evidence
	source, of, ok := ParseSeries(series)
	if !ok || e.metrics == nil {
		return nil
	}
	asked, ok := measuredBy(head, source, of)
	if !ok {
		return nil
	}
	today := dayOf(e.now())
	known := map[int]ledger.Record{}
	for r, err := range e.ledger.Read(ctx, []ledger.Series{asked.name}, today-1, today, time.Time{}) {
		if err != nil {
			return err
		}
		known[r.Day] = r
	}
	var records []ledger.Record
	for day := today - 1; day <= today; day++ {
		live, err := e.provisional(ctx, &asked, day)
		if err != nil {
			return err
		}
		if live.why != "" || len(live.day.Runs) == 0 {
			continue
		}
		if r, ok := newRecord(asked.name, live.day, live.from, known, true); ok {
			if r.Author == "" {
				r.Reason = reasonInterim
			}
			records = append(records, r)
		}
	}
	if len(records) == 0 {
		return nil
	}
	if _, err := e.ledger.Append(ctx, records); err != nil && store.CodeOf(err) != store.CodeConflict {
		return err
	}
	return nil
}
