package worktime

import (
	"fmt"
	"time"
)

// Interval is the half-open stretch of instants from Start, held, to End, not
// held. It is empty unless Start lies before End.
type Interval struct {
	Start, End time.Time
}

// IsEmpty tells whether the interval holds no instant.
func (i Interval) IsEmpty() bool { return !i.Start.Before(i.End) }

// Duration returns the length, zero for an empty interval; lengths over 292
// years saturate as in time.Time.Sub.
func (i Interval) Duration() time.Duration {
	if i.IsEmpty() {
		return 0
	}
	return i.End.Sub(i.Start)
}

// Contains tells whether t lies in the interval.
func (i Interval) Contains(t time.Time) bool { return !t.Before(i.Start) && t.Before(i.End) }

// Intersect returns what both intervals hold, an empty interval if nothing.
func (i Interval) Intersect(o Interval) Interval {
	return Interval{later(i.Start, o.Start), earlier(i.End, o.End)}
}

// String returns both ends in RFC 3339, each in its own location.
func (i Interval) String() string {
	return fmt.Sprintf("%s/%s", i.Start.Format(time.RFC3339Nano), i.End.Format(time.RFC3339Nano))
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
