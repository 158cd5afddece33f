package app

import (
	"context"
	"time"

	"diapason/internal/model"
	"diapason/internal/process/servicelevel"
	"diapason/internal/store"
	"diapason/internal/store/ledger"
)

// reasonInterim is why a day is recorded before it is over.
const reasonInterim = "interim"

// recordInterim records what is known of the days that are not recorded yet, so that an
// interim statement can be computed again from the ledger. The recorder goes on from it.
func (a *App) recordInterim(ctx context.Context, head *model.Snapshot, s *servicelevel.Statement) error {
	e := a.evidence
	if e.metrics == nil || !s.Interim() {
		return nil
	}
	today := dayOf(e.now())
	for i := range s.Measures {
		m := &s.Measures[i]
		if m.Basis != servicelevel.BasisEvidence {
			continue
		}
		source, of, ok := ParseSeries(ledger.Series(m.Series))
		if !ok {
			continue
		}
		asked, ok := measuredBy(head, source, of)
		if !ok {
			continue
		}
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
				r.Reason = reasonInterim
				records = append(records, r)
			}
		}
		if len(records) == 0 {
			continue
		}
		if _, err := e.ledger.Append(ctx, records); err != nil && store.CodeOf(err) != store.CodeConflict {
			return err
		}
	}
	return nil
}
