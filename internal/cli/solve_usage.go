package cli

import (
	"os"
	"runtime/debug"
)

// collectRarely lets a command that computes over tables without pointers and
// soon ends collect rarely, within a limit of memory where one is given. What the
// user sets by GOGC or GOMEMLIMIT counts. The function returned undoes it.
func collectRarely(limit int64) func() {
	if os.Getenv("GOGC") != "" || os.Getenv("GOMEMLIMIT") != "" {
		return func() {}
	}
	percent, before := debug.SetGCPercent(400), int64(0)
	if limit > 0 {
		before = debug.SetMemoryLimit(limit)
	}
	return func() {
		debug.SetGCPercent(percent)
		if limit > 0 {
			debug.SetMemoryLimit(before)
		}
	}
}
