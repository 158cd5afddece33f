package identity

import (
	"net/netip"
	"sync"
	"time"
)

// limiterKept bounds the addresses that a Limiter remembers.
const limiterKept = 20_000

// Limiter bounds how often something is asked from one network: an IPv4 address,
// or the /64 of an IPv6 subscriber. It lives in memory and takes its time from
// its caller.
type Limiter struct {
	limit Limit

	mu      sync.Mutex
	buckets map[string]bucket
}

// NewLimiter makes a limiter.
func NewLimiter(l Limit) *Limiter { return &Limiter{limit: l, buckets: map[string]bucket{}} }

// Take counts one request. Where there were too many it counts nothing and gives
// how long to wait.
func (l *Limiter) Take(now time.Time, from netip.Addr) (wait time.Duration) {
	key := network(from)
	l.mu.Lock()
	defer l.mu.Unlock()
	b := l.buckets[key]
	if wait := b.wait(l.limit, now); wait > 0 {
		return wait
	}
	shrink(l.buckets, limiterKept, func(b bucket) bool { return !b.full.After(now) })
	l.buckets[key] = b.take(l.limit, now)
	return 0
}
