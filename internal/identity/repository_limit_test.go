package identity

import (
	"context"
	"errors"
	"net/netip"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"diapason/internal/store"
	"diapason/internal/store/pgtest"
	"diapason/internal/store/postgres"
	"diapason/internal/store/sqlite"
)

func onBothCounters(t *testing.T, run func(t *testing.T, c storedCounters)) {
	start := func(t *testing.T, s store.Store, err error) {
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { s.Close() })
		run(t, storedCounters{s})
	}
	t.Run("SQLite", func(t *testing.T) {
		s, err := sqlite.Open(t.Context(), t.TempDir(), sqlite.Options{})
		start(t, s, err)
	})
	t.Run("PostgreSQL", func(t *testing.T) {
		s, err := postgres.Open(t.Context(), pgtest.URL(t), postgres.Options{})
		start(t, s, err)
	})
}

// TestCountersOfTheStore runs the same operations on the counters of a store and on
// those that other tests use.
func TestCountersOfTheStore(t *testing.T) {
	onBothCounters(t, func(t *testing.T, c storedCounters) {
		model := remembered{}
		names := []string{"a", "b", "c"}
		rapid.Check(t, func(t *rapid.T) {
			login, address := rapid.SampledFrom(names).Draw(t, "login"), rapid.SampledFrom(names).Draw(t, "address")
			keys := countersOf(login, address)
			to := make([]time.Time, len(keys))
			for i := range to {
				if n := rapid.IntRange(0, 3).Draw(t, "to"); n > 0 {
					to[i] = today.Add(time.Duration(n) * time.Second)
				}
			}
			refuse := rapid.Bool().Draw(t, "refuse")
			refusal := errors.New("no")
			var seen [2][]time.Time
			for i, each := range []counters{c, model} {
				err := each.update(ctx, keys, func(kept []time.Time) ([]time.Time, error) {
					if seen[i] = kept; refuse {
						return nil, refusal
					}
					return to, nil
				})
				if refuse != (err != nil) || refuse && !errors.Is(err, refusal) {
					t.Fatalf("error %v", err)
				}
			}
			for i := range keys {
				if !seen[0][i].Equal(seen[1][i]) {
					t.Fatalf("counter %d is %s, want %s", i, seen[0][i], seen[1][i])
				}
			}
			if rapid.IntRange(0, 5).Draw(t, "forget") == 0 {
				now := today.Add(time.Duration(rapid.IntRange(0, 2).Draw(t, "now")) * time.Second)
				mustDo(t, c.forget(ctx, now, 1000))
				mustDo(t, model.forget(ctx, now, 1000))
			}
			for _, login := range names {
				for _, address := range names {
					keys := countersOf(login, address)
					got, err := c.read(ctx, keys)
					want, _ := model.read(ctx, keys)
					for i := range keys {
						if err != nil || !got[i].Equal(want[i]) {
							t.Fatalf("counter %d of %s from %s is %s (%v), want %s", i, login, address, got[i], err, want[i])
						}
					}
				}
			}
		})
	})
}

func TestOldCountersMakeRoom(t *testing.T) {
	onBothCounters(t, func(t *testing.T, c storedCounters) {
		g := newGuard(Limits{Pair: limits.Pair, Login: limits.Login, Address: limits.Address, Familiar: time.Hour, Kept: 20}, c)
		for i := range 60 {
			if _, err := g.begin(ctx, today, string(rune('a'+i)), netip.AddrFrom4([4]byte{10, 0, 0, byte(i)})); err != nil {
				t.Fatal(err)
			}
		}
		var n int64
		err := c.store.View(ctx, func(q store.Querier) error {
			return q.QueryRow(ctx, `SELECT count(*) FROM identity_limit`).Scan(&n)
		})
		if err != nil || n > 30 {
			t.Errorf("%d counters are kept, %v", n, err)
		}
	})
}

// TestReplicasCountTogether guesses on two servers at once.
func TestReplicasCountTogether(t *testing.T) {
	onBothCounters(t, func(t *testing.T, c storedCounters) {
		var mu sync.Mutex
		var wg sync.WaitGroup
		let := 0
		for range 4 {
			g := newGuard(limits, c)
			wg.Go(func() {
				for range 5 {
					_, err := g.begin(context.Background(), today, "jeanne", ward)
					if err != nil && CodeOf(err) != CodeTooManyAttempts {
						t.Error(err)
					}
					if err == nil {
						mu.Lock()
						let++
						mu.Unlock()
					}
				}
			})
		}
		wg.Wait()
		if let != limits.Pair.Burst {
			t.Errorf("%d guesses are let through, want %d", let, limits.Pair.Burst)
		}
	})
}
