//go:build unix

package solver

import (
	"bytes"
	"os"
	"runtime"
	"strconv"
	"syscall"
)

// Usage is the processor time of the process so far, in seconds, and the most
// memory that it has held at once.
func Usage() (cpu float64, peak int64) {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0, 0
	}
	seconds := func(t syscall.Timeval) float64 { return float64(t.Sec) + float64(t.Usec)/1e6 }
	// Linux counts into Maxrss what the process that started this one held.
	if data, err := os.ReadFile("/proc/self/status"); err == nil {
		if _, after, ok := bytes.Cut(data, []byte("VmHWM:")); ok {
			if f := bytes.Fields(after); len(f) > 0 {
				if n, err := strconv.ParseInt(string(f[0]), 10, 64); err == nil {
					return seconds(u.Utime) + seconds(u.Stime), n << 10
				}
			}
		}
	}
	peak = int64(u.Maxrss)
	if runtime.GOOS != "darwin" { // which counts bytes, others KiB
		peak <<= 10
	}
	return seconds(u.Utime) + seconds(u.Stime), peak
}
