package solver

import (
	"context"
	"time"
)

// writingAfterInterrupt is how long a list is still written after an interrupt.
const writingAfterInterrupt = 300 * time.Millisecond

// LateAfter tells whether an interrupt came so long ago that a long list has to end
// unfinished. A time limit does not: what was found within it is written.
func LateAfter(interrupt context.Context) func() bool {
	var since time.Time
	return func() bool {
		if interrupt.Err() == nil {
			return false
		}
		if since.IsZero() {
			since = time.Now()
		}
		return time.Since(since) > writingAfterInterrupt
	}
}
