package identity

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

var (
	ward   = netip.MustParseAddr("192.0.2.10")
	attic  = netip.MustParseAddr("198.51.100.7")
	limits = Limits{
		Pair: Limit{Burst: 3, Every: time.Minute}, Login: Limit{Burst: 6, Every: 10 * time.Second},
		Address: Limit{Burst: 10, Every: time.Second}, Familiar: 24 * time.Hour, Kept: 100,
	}
)

var ctx = context.Background()

// remembered are counters without a store, for tests that ask by the thousand;
// TestCountersOfTheStore shows that those of the store do the same.
type remembered map[counterKey]time.Time

func (r remembered) read(_ context.Context, keys []counterKey) ([]time.Time, error) {
	kept := make([]time.Time, len(keys))
	for i, k := range keys {
		kept[i] = r[k]
	}
	return kept, nil
}

func (r remembered) update(ctx context.Context, keys []counterKey, fn func([]time.Time) ([]time.Time, error)) error {
	kept, _ := r.read(ctx, keys)
	to, err := fn(kept)
	if err != nil {
		return err
	}
	for i, k := range keys {
		if r[k] = to[i]; to[i].IsZero() {
			delete(r, k)
		}
	}
	return nil
}

func (r remembered) forget(_ context.Context, now time.Time, kept int) error {
	var left []counterKey
	for k, until := range r {
		if left = append(left, k); !until.After(now) {
			delete(r, k)
		}
	}
	if len(r) <= kept {
		return nil
	}
	slices.SortFunc(left, func(a, b counterKey) int { return r[a].Compare(r[b]) })
	for _, k := range left[:len(r)-kept+kept/10] {
		delete(r, k)
	}
	return nil
}

func mustDo(t interface {
	Helper()
	Fatal(...any)
}, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// tries counts how many of n failing attempts are let through.
func tries(g *guard, now time.Time, login string, from netip.Addr, n int) int {
	let := 0
	for range n {
		if _, err := g.begin(ctx, now, login, from); err == nil {
			let++
		}
	}
	return let
}

func retryAfter(t *testing.T, err error) time.Duration {
	t.Helper()
	var e *Error
	if !errors.As(err, &e) || e.Code != CodeTooManyAttempts {
		t.Fatalf("error %v", err)
	}
	return e.RetryAfter
}

func TestFailuresAreBounded(t *testing.T) {
	for _, c := range []struct {
		name string
		run  func(g *guard) int
		want int
	}{
		{"one login from one address", func(g *guard) int { return tries(g, today, "jeanne", ward, 50) }, 3},
		{"one login from one address, a minute later one more", func(g *guard) int {
			tries(g, today, "jeanne", ward, 50)
			return tries(g, today.Add(time.Minute), "jeanne", ward, 50)
		}, 1},
		{"one login from many addresses", func(g *guard) int {
			n := 0
			for i := range 50 {
				n += tries(g, today, "jeanne", netip.AddrFrom4([4]byte{203, 0, 113, byte(i)}), 1)
			}
			return n
		}, 6},
		{"many logins from one address", func(g *guard) int {
			n := 0
			for i := range 50 {
				n += tries(g, today, fmt.Sprintf("user%d", i), attic, 1)
			}
			return n
		}, 10},
		{"many addresses of one IPv6 network count as one", func(g *guard) int {
			n := 0
			for i := range 50 {
				n += tries(g, today, fmt.Sprintf("user%d", i), netip.MustParseAddr(fmt.Sprintf("2001:db8:1:2::%x", i+1)), 1)
			}
			return n
		}, 10},
		{"an IPv4 address written as IPv6 is the same", func(g *guard) int {
			return tries(g, today, "jeanne", ward, 2) + tries(g, today, "jeanne", netip.MustParseAddr("::ffff:192.0.2.10"), 50)
		}, 3},
		{"another login from another address is not concerned", func(g *guard) int {
			tries(g, today, "jeanne", ward, 50)
			return tries(g, today, "paul", attic, 1)
		}, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := c.run(newGuard(limits, remembered{})); got != c.want {
				t.Errorf("%d attempts are let through, want %d", got, c.want)
			}
		})
	}
}

func TestRetryAfterIsWhenTheNextAttemptIsLetThrough(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g, now := newGuard(limits, remembered{}), today
		for range rapid.IntRange(1, 40).Draw(t, "attempts") {
			login := rapid.SampledFrom([]string{"jeanne", "paul", "léa"}).Draw(t, "login")
			from := rapid.SampledFrom([]netip.Addr{ward, attic}).Draw(t, "from")
			_, err := g.begin(ctx, now, login, from)
			if err != nil {
				wait := err.(*Error).RetryAfter
				if wait <= 0 || wait > time.Minute {
					t.Fatalf("wait %s", wait)
				}
				if _, err := g.begin(ctx, now.Add(wait-time.Nanosecond), login, from); err == nil {
					t.Fatal("let through before the time said")
				}
				now = now.Add(wait)
				if _, err := g.begin(ctx, now, login, from); err != nil {
					t.Fatalf("not let through at the time said: %v", err)
				}
			}
			now = now.Add(time.Duration(rapid.IntRange(0, 20_000).Draw(t, "ms")) * time.Millisecond)
		}
	})
}

func TestSuccessesDoNotCount(t *testing.T) {
	g := newGuard(limits, remembered{})
	for i := range 500 {
		a, err := g.begin(ctx, today, fmt.Sprintf("nurse%d", i%80), ward)
		if err != nil {
			t.Fatalf("sign-in %d of the morning: %v", i, err)
		}
		mustDo(t, a.succeeded(ctx, today))
	}
}

func TestAnAttackDoesNotLockOutWhoeverIsAtHisUsualAddress(t *testing.T) {
	g := newGuard(limits, remembered{})
	a, err := g.begin(ctx, today, "jeanne", ward)
	if err != nil {
		t.Fatal(err)
	}
	mustDo(t, a.succeeded(ctx, today))
	later := today.Add(time.Hour)
	for i := range 200 {
		tries(g, later, "jeanne", netip.AddrFrom4([4]byte{203, 0, 113, byte(i)}), 5)
	}
	wait := retryAfter(t, errorOf(g.begin(ctx, later, "jeanne", attic)))
	if wait > limits.Login.Every {
		t.Errorf("a new address waits %s", wait)
	}
	if a, err = g.begin(ctx, later, "jeanne", ward); err != nil {
		t.Fatalf("the usual address is locked out: %v", err)
	}
	mustDo(t, a.succeeded(ctx, later))
	if got := tries(g, later, "jeanne", ward, 50); got != limits.Pair.Burst {
		t.Errorf("the usual address has %d tries, want its own limit of %d", got, limits.Pair.Burst)
	}
}

func TestAnAbandonedAttemptIsGivenBack(t *testing.T) {
	g := newGuard(limits, remembered{})
	for range 100 {
		a, err := g.begin(ctx, today, "jeanne", ward)
		if err != nil {
			t.Fatal(err)
		}
		mustDo(t, a.abandoned(ctx))
	}
	if got := tries(g, today, "jeanne", ward, 10); got != limits.Pair.Burst {
		t.Errorf("%d tries are left", got)
	}
}

func TestTheGuardForgetsRatherThanGrow(t *testing.T) {
	kept := remembered{}
	g := newGuard(limits, kept)
	for i := range 5000 {
		now := today.Add(time.Duration(i) * time.Millisecond)
		_, _ = g.begin(ctx, now, fmt.Sprintf("user%d", i), netip.AddrFrom4([4]byte{10, 0, byte(i >> 8), byte(i)}))
	}
	if n := len(kept); n > limits.Kept*3/2 {
		t.Errorf("%d counters are kept", n)
	}
}

func errorOf[T any](_ T, err error) error { return err }
