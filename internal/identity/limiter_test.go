package identity

import (
	"net/netip"
	"testing"
	"time"
)

func TestALimiterSlowsOneNetworkDownAndNoOther(t *testing.T) {
	l := NewLimiter(Limit{Burst: 3, Every: time.Minute})
	now := time.Date(2027, 3, 12, 9, 0, 0, 0, time.UTC)
	a, neighbour, other := netip.MustParseAddr("2001:db8::1"), netip.MustParseAddr("2001:db8::2"), netip.MustParseAddr("192.0.2.1")
	for i := range 3 {
		if wait := l.Take(now, a); wait != 0 {
			t.Fatalf("request %d waits %s", i+1, wait)
		}
	}
	if wait := l.Take(now, neighbour); wait != time.Minute {
		t.Errorf("the same /64 waits %s", wait)
	}
	if l.Take(now, other) != 0 {
		t.Error("another network waits")
	}
	if wait := l.Take(now.Add(time.Minute), a); wait != 0 {
		t.Errorf("a minute later it still waits %s", wait)
	}
}
