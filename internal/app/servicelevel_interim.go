package app

import (
	"context"

	"diapason/internal/model"
	"diapason/internal/process/servicelevel"
	"diapason/internal/store/ledger"
)

// reasonInterim is why a day is recorded before it is over.
const reasonInterim = "interim"

// recordInterim records what is known of the days that are not recorded yet, so that an
// interim statement can be computed again from the ledger. The recorder goes on from it.
func (a *App) recordInterim(ctx context.Context, head *model.Snapshot, s *servicelevel.Statement) error {
	if !s.Interim() {
		return nil
	}
	for i := range s.Measures {
		if m := &s.Measures[i]; m.Basis == servicelevel.BasisEvidence {
			if err := a.recordOpen(ctx, head, ledger.Series(m.Series)); err != nil {
				return err
			}
		}
	}
	return nil
}
