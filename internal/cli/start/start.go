// Package start keeps the garbage collector from running while a command starts.
// The packages that are linked into the program allocate some megabytes as they
// initialise, more than what starts the first collection, and nearly all of it stays:
// collecting then costs milliseconds and frees nothing. Packages initialise in the
// order of their import paths once those they need have done so; this one needs the
// standard library alone and comes before the large ones.
package start

import (
	"os"
	"runtime/debug"
	"sync"
)

// percent is the heap growth before the first collection, of a heap that counts as
// 4 MiB at least.
const percent = 400

var before = func() int {
	if os.Getenv("GOGC") != "" || os.Getenv("GOMEMLIMIT") != "" { // the user's wish counts
		return percent
	}
	return debug.SetGCPercent(percent)
}()

// Done ends it: from here on memory is collected as in any program. Only the first
// call does something.
var Done = sync.OnceFunc(func() {
	if before != percent {
		debug.SetGCPercent(before)
	}
})
