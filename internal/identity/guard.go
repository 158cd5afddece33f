package identity

import (
	"net/netip"
	"sync"
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
	// Kept bounds the number of logins and addresses remembered.
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

type pair struct{ login, address string }

// guard limits the rate of sign-ins. It lives in memory and takes its time
// from its caller.
type guard struct {
	limits Limits

	mu        sync.Mutex
	pairs     map[pair]bucket
	logins    map[string]bucket
	addresses map[string]bucket
	familiar  map[pair]time.Time
}

// newGuard makes a guard; the zero Limits stand for DefaultLimits.
func newGuard(l Limits) *guard {
	if l == (Limits{}) {
		l = DefaultLimits
	}
	return &guard{
		limits: l,
		pairs:  map[pair]bucket{}, logins: map[string]bucket{}, addresses: map[string]bucket{}, familiar: map[pair]time.Time{},
	}
}

// attempt is one sign-in under way.
type attempt struct {
	guard *guard
	pair  pair
	usual bool
}

// begin counts an attempt, as if it failed. It fails with CodeTooManyAttempts
// and counts nothing when there were too many. login is the normalised login,
// of an account or not.
func (g *guard) begin(now time.Time, login string, address netip.Addr) (*attempt, error) {
	p := pair{login: login, address: network(address)}
	g.mu.Lock()
	defer g.mu.Unlock()
	since, usual := g.familiar[p]
	usual = usual && now.Sub(since) < g.limits.Familiar
	wait := max(g.addresses[p.address].wait(g.limits.Address, now), g.pairs[p].wait(g.limits.Pair, now))
	if !usual {
		wait = max(wait, g.logins[login].wait(g.limits.Login, now))
	}
	if wait > 0 {
		return nil, &Error{Code: CodeTooManyAttempts, RetryAfter: wait}
	}
	g.makeRoom(now)
	g.addresses[p.address] = g.addresses[p.address].take(g.limits.Address, now)
	g.pairs[p] = g.pairs[p].take(g.limits.Pair, now)
	if !usual {
		g.logins[login] = g.logins[login].take(g.limits.Login, now)
	}
	return &attempt{guard: g, pair: p, usual: usual}, nil
}

// succeeded takes the attempt back: the address is now usual for the login.
func (a *attempt) succeeded(now time.Time) {
	a.guard.mu.Lock()
	defer a.guard.mu.Unlock()
	a.takeBack()
	delete(a.guard.pairs, a.pair)
	a.guard.familiar[a.pair] = now
}

// abandoned takes back an attempt that was neither right nor wrong.
func (a *attempt) abandoned() {
	a.guard.mu.Lock()
	defer a.guard.mu.Unlock()
	a.takeBack()
	if b, ok := a.guard.pairs[a.pair]; ok {
		a.guard.pairs[a.pair] = b.giveBack(a.guard.limits.Pair)
	}
}

func (a *attempt) takeBack() {
	g := a.guard
	if b, ok := g.addresses[a.pair.address]; ok {
		g.addresses[a.pair.address] = b.giveBack(g.limits.Address)
	}
	if b, ok := g.logins[a.pair.login]; ok && !a.usual {
		g.logins[a.pair.login] = b.giveBack(g.limits.Login)
	}
}

// makeRoom keeps the maps within bounds: buckets that are full again tell
// nothing; if that is not enough, some are forgotten.
func (g *guard) makeRoom(now time.Time) {
	full := func(b bucket) bool { return !b.full.After(now) }
	shrink(g.pairs, g.limits.Kept, full)
	shrink(g.logins, g.limits.Kept, full)
	shrink(g.addresses, g.limits.Kept, full)
	shrink(g.familiar, g.limits.Kept, func(t time.Time) bool { return now.Sub(t) >= g.limits.Familiar })
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
