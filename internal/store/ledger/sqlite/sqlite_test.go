package sqlite

import (
	"context"
	"database/sql"
	"testing"
	"time"

	"diapason/internal/store"
	"diapason/internal/store/ledger"
	"diapason/internal/store/ledger/ledgertest"
)

func openTest(t testing.TB, folder string, clock func() time.Time) *Ledger {
	t.Helper()
	l, err := Open(context.Background(), folder, Options{Clock: clock})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := l.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return l
}

func execute(t testing.TB, l ledger.Ledger, statement string) error {
	t.Helper()
	return l.(*Ledger).db.Tx(context.Background(), func(q store.Querier) error {
		_, err := q.Exec(context.Background(), statement)
		return err
	})
}

var engine = ledgertest.Engine{
	Open: func(t testing.TB, clock func() time.Time) ledger.Ledger { return openTest(t, t.TempDir(), clock) },
	// One process may hold the folder twice; two may not, which the store's lock sees to.
	Replica: nil,
	Execute: execute,
	Unguarded: func(t testing.TB, l ledger.Ledger, statements ...string) {
		t.Helper()
		for _, table := range []string{"series", "origin", "evidence", "exclusion", "ticket"} {
			statements = append([]string{"DROP TRIGGER " + table + "_update", "DROP TRIGGER " + table + "_delete"}, statements...)
		}
		for _, statement := range statements {
			if err := execute(t, l, statement); err != nil {
				t.Fatal(err)
			}
		}
	},
	Bytes: "BLOB",
	Size: func(t testing.TB, l ledger.Ledger) (size int64) {
		t.Helper()
		path := l.(*Ledger).db.Path()
		db, err := sql.Open("sqlite", "file:"+path)
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		var pages, each int64
		if err := db.QueryRow("PRAGMA page_count").Scan(&pages); err != nil {
			t.Fatal(err)
		}
		if err := db.QueryRow("PRAGMA page_size").Scan(&each); err != nil {
			t.Fatal(err)
		}
		return pages * each
	},
}

func TestConformance(t *testing.T) { ledgertest.Exercise(t, engine) }

func TestKilled(t *testing.T) {
	folder := t.TempDir()
	ledgertest.Killed(t, folder, func(t testing.TB) ledger.Ledger { return openTest(t, folder, nil) })
}

func TestMain(m *testing.M) {
	ledgertest.Main(m, func(ctx context.Context, target string) (ledger.Ledger, error) {
		return Open(ctx, target, Options{})
	})
}
