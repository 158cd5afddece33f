// Package anchor holds benchmarks to the aims that they are measured for. An aim is
// compared with processor time where it can be, not with the clock on the wall: that way a
// busy machine does not fail it.
//
// Nothing fails unless the environment variable Require is 1, as `make bench` sets it.
package anchor

import (
	"os"
	"testing"
	"time"
)

// Require is the environment variable that, set to 1, makes a missed aim a failure.
const Require = "DIAPASON_ANCHORS"

// Watch is how long something took, of the clock and of this process' processor time.
type Watch struct {
	wall time.Time
	used time.Duration
}

// Start starts a watch.
func Start() Watch { return Watch{time.Now(), Processor()} }

// Read gives the time since the start, by the clock and of the processor: user and system,
// all threads.
func (w Watch) Read() (wall, processor time.Duration) {
	return time.Since(w.wall), Processor() - w.used
}

// AtMost reports a figure, and fails the benchmark where it is more than its aim.
func AtMost(b *testing.B, measured, aim float64, unit string) {
	b.Helper()
	b.ReportMetric(measured, unit)
	if measured > aim && os.Getenv(Require) == "1" {
		b.Errorf("%g %s; the aim is at most %g", measured, unit, aim)
	}
}

// AtLeast reports a figure, and fails the benchmark where it is less than its aim.
func AtLeast(b *testing.B, measured, aim float64, unit string) {
	b.Helper()
	b.ReportMetric(measured, unit)
	if measured < aim && os.Getenv(Require) == "1" {
		b.Errorf("%g %s; the aim is at least %g", measured, unit, aim)
	}
}
