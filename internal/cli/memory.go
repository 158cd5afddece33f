package cli

import (
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
)

// Memory that a command which reads, says and ends may use before it collects,
// in bytes.
const roomy = 2200 << 20

// spendMemory lets a command that soon ends collect rarely, as long as it stays
// below roomy; a model that needs more is collected as any program is. What the
// user sets by GOGC or GOMEMLIMIT counts. The function returned undoes it.
func spendMemory() func() {
	if os.Getenv("GOGC") != "" || os.Getenv("GOMEMLIMIT") != "" {
		return func() {}
	}
	percent := debug.SetGCPercent(400)
	limit := debug.SetMemoryLimit(roomy)
	done := make(chan struct{})
	watchCollections(func() bool {
		select {
		case <-done:
			return false
		default:
		}
		if liveBytes() > roomy/2 {
			debug.SetMemoryLimit(limit)
			debug.SetGCPercent(percent)
			return false
		}
		return true
	})
	return func() {
		close(done)
		debug.SetMemoryLimit(limit)
		debug.SetGCPercent(percent)
	}
}

// watchCollections calls fn after each collection until it returns false.
func watchCollections(fn func() bool) {
	type sentinel struct{ _ [16]byte }
	var arm func()
	arm = func() {
		runtime.AddCleanup(&sentinel{}, func(struct{}) {
			if fn() {
				arm()
			}
		}, struct{}{})
	}
	arm()
}

// liveBytes is what the last collection found in use.
func liveBytes() uint64 {
	sample := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(sample)
	if sample[0].Value.Kind() != metrics.KindUint64 {
		return 0
	}
	return sample[0].Value.Uint64()
}
