package identity

import (
	"context"
	"crypto/sha256"
	"net/netip"
	"slices"
	"strings"
	"sync/atomic"
	"time"
)

// Limit is a token bucket: Burst attempts at once, then one every Every.
type Limit struct {
	Burst int
	Every time.Duration
}

// Limits bounds failed sign-ins. A success gives its attempt back, so that a
// whole site behind one address can sign in in the morning.
type Limits struct {
	// Pair bounds attempts on one login from one address.
	Pair Limit
	// Login bounds attempts on one login from all addresses from which it has
	// not signed in lately. An attacker can exhaust it, and then delays others
	// by Every at most; somebody at his usual address is not concerned.
	Login Limit
	// Address bounds attempts from one address on any login.
	Address Limit
	// Familiar is how long an address stays usual for a login.
	Familiar time.Duration
	// Kept bounds the number of counters remembered.
	Kept int
}

// DefaultLimits lets a forgetful person try, and a guesser try in vain: about
// 60 guesses an hour from one address, 260 from anywhere.
var DefaultLimits = Limits{
	Pair:     Limit{Burst: 6, Every: time.Minute},
	Login:    Limit{Burst: 20, Every: 15 * time.Second},
	Address:  Limit{Burst: 100, Every: 2 * time.Second},
	Familiar: 30 * 24 * time.Hour,
	Kept:     50_000,
}

// bucket is a token bucket in the form of the generic cell rate algorithm
// (ITU-T I.371): the instant at which it is full again.
type bucket struct{ full time.Time }

// wait is how long until a token is there.
func (b bucket) wait(l Limit, now time.Time) time.Duration {
	if !b.full.After(now) {
		return 0
	}
	return max(0, b.full.Sub(now)-time.Duration(l.Burst-1)*l.Every)
}

func (b bucket) take(l Limit, now time.Time) bucket {
	if b.full.Before(now) {
		b.full = now
	}
	return bucket{b.full.Add(l.Every)}
}

func (b bucket) giveBack(l Limit) bucket { return bucket{b.full.Add(-l.Every)} }

// guard limits the rate of sign-ins. Its counters stand in the store, so that all
// replicas count together and a restart forgets nothing. It takes its time from
// its caller.
type guard struct {
	limits   Limits
	counters counters
	begun    atomic.Uint64
}

// counterKey names a counter: a hash, so that neither the logins that somebody
// tries nor the addresses he comes from are kept.
type counterKey [16]byte

// counters keeps instants by key: when a bucket is full again, or until when an
// address is usual for a login. An instant that has passed tells nothing.
type counters interface {
	// read gives the instants under keys, zero where there is none.
	read(ctx context.Context, keys []counterKey) ([]time.Time, error)
	// update gives fn the instants under keys and keeps those it returns, nothing
	// under zero ones; whoever else updates one of the keys waits. Nothing changes
	// where fn fails. It may run more than once.
	update(ctx context.Context, keys []counterKey, fn func(kept []time.Time) ([]time.Time, error)) error
	// forget drops what tells nothing at an instant and, where more than kept are
	// left, the oldest tenth.
	forget(ctx context.Context, now time.Time, kept int) error
}

// newGuard makes a guard; the zero Limits stand for DefaultLimits.
func newGuard(l Limits, c counters) *guard {
	if l == (Limits{}) {
		l = DefaultLimits
	}
	return &guard{limits: l, counters: c}
}

// attempt is one sign-in under way.
type attempt struct {
	guard *guard
	keys  []counterKey
	usual bool
}

// The counters of an attempt, in this order.
const (
	countAddress = iota
	countPair
	countLogin
	countFamiliar
)

func countersOf(login, address string) []counterKey {
	key := func(words ...string) counterKey {
		sum := sha256.Sum256([]byte(strings.Join(words, "\x00")))
		return counterKey(sum[:16])
	}
	return []counterKey{
		countAddress:  key("address", address),
		countPair:     key("pair", login, address),
		countLogin:    key("login", login),
		countFamiliar: key("familiar", login, address),
	}
}

// wait is how long an attempt has to wait, given its counters.
func (g *guard) wait(kept []time.Time, now time.Time) (wait time.Duration, usual bool) {
	usual = now.Before(kept[countFamiliar])
	wait = max(bucket{kept[countAddress]}.wait(g.limits.Address, now), bucket{kept[countPair]}.wait(g.limits.Pair, now))
	if !usual {
		wait = max(wait, bucket{kept[countLogin]}.wait(g.limits.Login, now))
	}
	return wait, usual
}

// begin counts an attempt, as if it failed. It fails with CodeTooManyAttempts
// and counts nothing when there were too many. login is the normalised login,
// of an account or not.
func (g *guard) begin(ctx context.Context, now time.Time, login string, address netip.Addr) (*attempt, error) {
	a := &attempt{guard: g, keys: countersOf(login, network(address))}
	refused := func(kept []time.Time) error {
		wait, usual := g.wait(kept, now)
		if wait > 0 {
			return &Error{Code: CodeTooManyAttempts, RetryAfter: wait}
		}
		a.usual = usual
		return nil
	}
	// Whoever comes too often is refused without a write.
	kept, err := g.counters.read(ctx, a.keys)
	if err == nil {
		err = refused(kept)
	}
	if err != nil {
		return nil, err
	}
	err = g.counters.update(ctx, a.keys, func(kept []time.Time) ([]time.Time, error) {
		if err := refused(kept); err != nil {
			return nil, err
		}
		to := slices.Clone(kept)
		to[countAddress] = bucket{kept[countAddress]}.take(g.limits.Address, now).full
		to[countPair] = bucket{kept[countPair]}.take(g.limits.Pair, now).full
		if !a.usual {
			to[countLogin] = bucket{kept[countLogin]}.take(g.limits.Login, now).full
		}
		return to, nil
	})
	if err != nil {
		return nil, err
	}
	if n := uint64(max(g.limits.Kept/10, 1)); g.begun.Add(1)%n == 0 {
		if err := g.counters.forget(ctx, now, g.limits.Kept); err != nil {
			return nil, err
		}
	}
	return a, nil
}

// succeeded takes the attempt back: the address is now usual for the login.
func (a *attempt) succeeded(ctx context.Context, now time.Time) error {
	return a.guard.counters.update(ctx, a.keys, func(kept []time.Time) ([]time.Time, error) {
		to := a.takenBack(kept)
		to[countPair] = time.Time{}
		to[countFamiliar] = now.Add(a.guard.limits.Familiar)
		return to, nil
	})
}

// abandoned takes back an attempt that was neither right nor wrong.
func (a *attempt) abandoned(ctx context.Context) error {
	return a.guard.counters.update(ctx, a.keys, func(kept []time.Time) ([]time.Time, error) {
		to := a.takenBack(kept)
		to[countPair] = givenBack(kept[countPair], a.guard.limits.Pair)
		return to, nil
	})
}

func (a *attempt) takenBack(kept []time.Time) []time.Time {
	to := slices.Clone(kept)
	to[countAddress] = givenBack(kept[countAddress], a.guard.limits.Address)
	if !a.usual {
		to[countLogin] = givenBack(kept[countLogin], a.guard.limits.Login)
	}
	return to
}

// givenBack puts a token back; a bucket that was forgotten meanwhile is full.
func givenBack(full time.Time, l Limit) time.Time {
	if full.IsZero() {
		return full
	}
	return bucket{full}.giveBack(l).full
}

func shrink[K comparable, V any](m map[K]V, kept int, stale func(V) bool) {
	if len(m) < kept {
		return
	}
	for k, v := range m {
		if stale(v) {
			delete(m, k)
		}
	}
	for k := range m {
		// A tenth at a time, so that the next attempts find room.
		if len(m) < kept-kept/10 {
			return
		}
		delete(m, k)
	}
}

// network is what attempts are counted by: an IPv4 address, or the /64 that an
// IPv6 subscriber has to himself.
func network(a netip.Addr) string {
	a = a.Unmap().WithZone("")
	if a.Is6() {
		if p, err := a.Prefix(64); err == nil {
			return p.String()
		}
	}
	return a.String()
}
