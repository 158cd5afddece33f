package cli

import (
	"context"
	"fmt"

	"diapason/internal/engine/slo"
	"diapason/internal/language"
	"diapason/internal/store"
	"diapason/internal/store/ledger"
	ledgerpostgres "diapason/internal/store/ledger/postgres"
	ledgersqlite "diapason/internal/store/ledger/sqlite"
)

// openLedger opens the evidence ledger beside the store; nil where only reading is wanted
// and there is none yet.
func (o *storeOptions) openLedger(ctx context.Context) (ledger.Ledger, error) {
	if url := o.url(); url != "" {
		l, err := ledgerpostgres.Open(ctx, url, ledgerpostgres.Options{})
		if err != nil {
			return nil, err
		}
		return l, nil
	}
	l, err := ledgersqlite.Open(ctx, o.folder(), ledgersqlite.Options{ReadOnly: o.reads, Clock: machine.now})
	switch {
	case o.reads && store.CodeOf(err) == store.CodeNotFound:
		return nil, nil
	case err != nil:
		return nil, err
	}
	return l, nil
}

// checkLedger reads the whole evidence ledger, writes what does not hold, and counts it.
func (t *terminal) checkLedger(ctx context.Context, o *storeOptions) (problems int, records int64, err error) {
	l, err := o.openLedger(ctx)
	if err != nil || l == nil {
		return 0, 0, err
	}
	defer l.Close()
	report, err := l.Fsck(ctx, func(b []byte) error {
		_, err := slo.DecodeDay(b)
		return err
	})
	if err != nil {
		return 0, 0, err
	}
	for _, p := range report.Problems {
		fmt.Fprintln(t.out, language.Writer{Lang: t.lang}.Library(p.String()))
	}
	return int(report.Total), report.Records, nil
}
