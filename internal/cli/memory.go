package cli

import (
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"strconv"
	"strings"
)

// mostRoom is the memory that a command which reads, says and ends may use before
// it collects, in bytes.
const mostRoom = 2200 << 20

// room is mostRoom, or half of what the machine or the container has left where
// that is less and can be known.
func room() int64 {
	left := int64(2 * mostRoom)
	if data, err := os.ReadFile("/sys/fs/cgroup/memory.max"); err == nil { // "max" where unlimited
		if n, err := strconv.ParseInt(strings.TrimSpace(string(data)), 10, 64); err == nil {
			left = min(left, n)
		}
	}
	if data, err := os.ReadFile("/proc/meminfo"); err == nil {
		if _, rest, ok := strings.Cut(string(data), "MemAvailable:"); ok {
			if n, err := strconv.ParseInt(strings.Fields(rest + " x")[0], 10, 64); err == nil {
				left = min(left, n<<10) // in kB
			}
		}
	}
	return left / 2
}

// spendMemory lets a command that soon ends collect rarely, as long as there is
// room; a model that needs more is collected as any program is. What the
// user sets by GOGC or GOMEMLIMIT counts. The function returned undoes it.
func spendMemory() func() {
	if os.Getenv("GOGC") != "" || os.Getenv("GOMEMLIMIT") != "" {
		return func() {}
	}
	percent := debug.SetGCPercent(400)
	room := room()
	limit := debug.SetMemoryLimit(room)
	done := make(chan struct{})
	watchCollections(func() bool {
		select {
		case <-done:
			return false
		default:
		}
		if liveBytes() > room/2 {
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
func liveBytes() int64 {
	sample := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(sample)
	if sample[0].Value.Kind() != metrics.KindUint64 {
		return 0
	}
	return int64(sample[0].Value.Uint64())
}
