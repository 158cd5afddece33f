//go:build !unix

package solver

import "runtime"

// Usage is what the runtime knows of memory; processor time is not known here.
func Usage() (cpu float64, peak int64) {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return 0, int64(m.Sys)
}
