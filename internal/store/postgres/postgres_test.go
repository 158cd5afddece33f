package postgres

import (
	"context"
	"testing"

	"diapason/internal/store"
	"diapason/internal/store/pgtest"
	"diapason/internal/store/storetest"
)

func openTest(t testing.TB, url string) *Store {
	t.Helper()
	s, err := Open(context.Background(), url, Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return s
}

func execute(t testing.TB, s store.Store, query string, args ...any) {
	t.Helper()
	if _, err := s.(*Store).pool.Exec(context.Background(), query, args...); err != nil {
		t.Fatal(err)
	}
}

var engine = storetest.Engine{
	Open: func(t testing.TB) store.Store { return openTest(t, pgtest.URL(t)) },
	Replica: func(t testing.TB, s store.Store) store.Store {
		return openTest(t, s.(*Store).pool.Config().ConnString())
	},
	Spoil: func(t testing.TB, s store.Store, sha256 string) {
		execute(t, s, `UPDATE blob_chunk SET content = 'other' WHERE sha256 = $1`, sha256)
	},
	Lose: func(t testing.TB, s store.Store, sha256 string) {
		execute(t, s, `DELETE FROM blob_chunk WHERE sha256 = $1`, sha256)
	},
}

func TestConformance(t *testing.T) { storetest.Exercise(t, engine) }

func TestMain(m *testing.M) {
	storetest.Main(m, func(ctx context.Context, target string) (store.Store, error) {
		return Open(ctx, target, Options{})
	})
}

func TestEndure(t *testing.T) {
	url := pgtest.URL(t)
	storetest.Endure(t, url, func(t testing.TB) store.Store { return openTest(t, url) })
}

func BenchmarkStore(b *testing.B) { storetest.Benchmark(b, engine) }
