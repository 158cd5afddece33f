package postgres

import (
	"context"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"diapason/internal/store"
	"diapason/internal/store/ledger"
	"diapason/internal/store/ledger/ledgertest"
	"diapason/internal/store/pgtest"
	"diapason/internal/store/postgres"
)

// opened remembers the address of each ledger of a test.
var opened = map[ledger.Ledger]string{}

func openTest(t testing.TB, url string, clock func() time.Time) *Ledger {
	t.Helper()
	l, err := Open(context.Background(), url, Options{Clock: clock})
	if err != nil {
		t.Fatal(err)
	}
	opened[l] = url
	t.Cleanup(func() {
		delete(opened, l)
		if err := l.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return l
}

func connect(t testing.TB, l ledger.Ledger) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(context.Background(), opened[l]+"&search_path=ledger")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close(context.Background()) })
	return conn
}

var engine = ledgertest.Engine{
	Open: func(t testing.TB, clock func() time.Time) ledger.Ledger { return openTest(t, pgtest.URL(t), clock) },
	Replica: func(t testing.TB, l ledger.Ledger) ledger.Ledger {
		return openTest(t, opened[l], nil)
	},
	Execute: func(t testing.TB, l ledger.Ledger, statement string) error {
		_, err := connect(t, l).Exec(context.Background(), statement)
		return err
	},
	Unguarded: func(t testing.TB, l ledger.Ledger, statements ...string) {
		t.Helper()
		conn := connect(t, l)
		for _, statement := range append([]string{"SET session_replication_role = replica"}, statements...) {
			if _, err := conn.Exec(context.Background(), statement); err != nil {
				t.Fatal(err)
			}
		}
	},
	Bytes: "BYTEA",
	Size: func(t testing.TB, l ledger.Ledger) (size int64) {
		t.Helper()
		if err := connect(t, l).QueryRow(context.Background(), "SELECT pg_total_relation_size('evidence')").Scan(&size); err != nil {
			t.Fatal(err)
		}
		return size
	},
}

func TestConformance(t *testing.T) { ledgertest.Exercise(t, engine) }

func TestKilled(t *testing.T) {
	url := pgtest.URL(t)
	ledgertest.Killed(t, url, func(t testing.TB) ledger.Ledger { return openTest(t, url, nil) })
}

func TestMain(m *testing.M) {
	ledgertest.Main(m, func(ctx context.Context, target string) (ledger.Ledger, error) {
		return Open(ctx, target, Options{})
	})
}

// TestBesideTheLog opens the log and the ledger in one database, several servers at once:
// neither touches the tables or the formats of the other.
func TestBesideTheLog(t *testing.T) {
	url := pgtest.URL(t)
	failed := make(chan error)
	for range 4 {
		go func() {
			s, err := postgres.Open(context.Background(), url, postgres.Options{})
			if err == nil {
				defer s.Close()
				var l *Ledger
				if l, err = Open(context.Background(), url, Options{}); err == nil {
					defer l.Close()
					_, err = l.Append(context.Background(), []ledger.Record{{Series: "a", Day: 1}})
				}
			}
			failed <- err
		}()
	}
	for range 4 {
		if err := <-failed; err != nil {
			t.Error(err)
		}
	}
	l := openTest(t, url, nil)
	if all, err := l.Revisions(t.Context(), "a", 1); err != nil || len(all) != 4 {
		t.Errorf("%d revisions, %v", len(all), err)
	}
	reader, err := Open(t.Context(), url, Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	if _, err := reader.Append(t.Context(), []ledger.Record{{Series: "a", Day: 1}}); store.CodeOf(err) != store.CodeReadOnly {
		t.Errorf("reading only: %v", err)
	}
}
