package identity

import (
	"errors"
	"fmt"
	"net/netip"
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

// tries counts how many of n failing attempts are let through.
func tries(g *guard, now time.Time, login string, from netip.Addr, n int) int {
	let := 0
	for range n {
		if _, err := g.begin(now, login, from); err == nil {
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
			if got := c.run(newGuard(limits)); got != c.want {
				t.Errorf("%d attempts are let through, want %d", got, c.want)
			}
		})
	}
}

func TestRetryAfterIsWhenTheNextAttemptIsLetThrough(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g, now := newGuard(limits), today
		for range rapid.IntRange(1, 40).Draw(t, "attempts") {
			login := rapid.SampledFrom([]string{"jeanne", "paul", "léa"}).Draw(t, "login")
			from := rapid.SampledFrom([]netip.Addr{ward, attic}).Draw(t, "from")
			_, err := g.begin(now, login, from)
			if err != nil {
				wait := err.(*Error).RetryAfter
				if wait <= 0 || wait > time.Minute {
					t.Fatalf("wait %s", wait)
				}
				if _, err := g.begin(now.Add(wait-time.Nanosecond), login, from); err == nil {
					t.Fatal("let through before the time said")
				}
				now = now.Add(wait)
				if _, err := g.begin(now, login, from); err != nil {
					t.Fatalf("not let through at the time said: %v", err)
				}
			}
			now = now.Add(time.Duration(rapid.IntRange(0, 20_000).Draw(t, "ms")) * time.Millisecond)
		}
	})
}

func TestSuccessesDoNotCount(t *testing.T) {
	g := newGuard(limits)
	for i := range 500 {
		a, err := g.begin(today, fmt.Sprintf("nurse%d", i%80), ward)
		if err != nil {
			t.Fatalf("sign-in %d of the morning: %v", i, err)
		}
		a.succeeded(today)
	}
}

func TestAnAttackDoesNotLockOutWhoeverIsAtHisUsualAddress(t *testing.T) {
	g := newGuard(limits)
	a, err := g.begin(today, "jeanne", ward)
	if err != nil {
		t.Fatal(err)
	}
	a.succeeded(today)
	later := today.Add(time.Hour)
	for i := range 200 {
		tries(g, later, "jeanne", netip.AddrFrom4([4]byte{203, 0, 113, byte(i)}), 5)
	}
	wait := retryAfter(t, errorOf(g.begin(later, "jeanne", attic)))
	if wait > limits.Login.Every {
		t.Errorf("a new address waits %s", wait)
	}
	if a, err = g.begin(later, "jeanne", ward); err != nil {
		t.Fatalf("the usual address is locked out: %v", err)
	}
	a.succeeded(later)
	if got := tries(g, later, "jeanne", ward, 50); got != limits.Pair.Burst {
		t.Errorf("the usual address has %d tries, want its own limit of %d", got, limits.Pair.Burst)
	}
}

func TestAnAbandonedAttemptIsGivenBack(t *testing.T) {
	g := newGuard(limits)
	for range 100 {
		a, err := g.begin(today, "jeanne", ward)
		if err != nil {
			t.Fatal(err)
		}
		a.abandoned()
	}
	if got := tries(g, today, "jeanne", ward, 10); got != limits.Pair.Burst {
		t.Errorf("%d tries are left", got)
	}
}

func TestTheGuardForgetsRatherThanGrow(t *testing.T) {
	g := newGuard(limits)
	for i := range 5000 {
		now := today.Add(time.Duration(i) * time.Millisecond)
		_, _ = g.begin(now, fmt.Sprintf("user%d", i), netip.AddrFrom4([4]byte{10, 0, byte(i >> 8), byte(i)}))
	}
	for name, n := range map[string]int{"pairs": len(g.pairs), "logins": len(g.logins), "addresses": len(g.addresses)} {
		if n > limits.Kept {
			t.Errorf("%d %s are kept", n, name)
		}
	}
}

func errorOf[T any](_ T, err error) error { return err }
