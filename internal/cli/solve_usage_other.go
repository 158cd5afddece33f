//go:build !unix

package cli

import "runtime"

// usage is what the runtime knows of memory; processor time is not known here.
func usage() (cpu float64, peak int64) {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return 0, int64(m.Sys)
}
