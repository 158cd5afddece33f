// Package start keeps the garbage collector from running while a command starts.
// The packages that are linked into the program allocate some megabytes as they
// initialise, more than what starts the first collection, and nearly all of it stays:
// collecting then costs milliseconds and frees nothing. Packages initialise in the
// order of their import paths once those they need have done so; this one needs little
// and comes before the large ones. It does not import runtime/debug, which it would have
// to wait for until they have had their turn, but calls what that package calls.
package start

import (
	"os"
	"sync"
	_ "unsafe" // for the two functions of the runtime
)

//go:linkname setGCPercent runtime/debug.setGCPercent
func setGCPercent(percent int32) int32

//go:linkname setMemoryLimit runtime/debug.setMemoryLimit
func setMemoryLimit(bytes int64) int64

// percent is the heap growth before the first collection, of a heap that counts as
// 4 MiB at least.
const percent = 400

var before = func() int32 {
	if wished() { // the user's wish counts
		return percent
	}
	return setGCPercent(percent)
}()

func wished() bool { return os.Getenv("GOGC") != "" || os.Getenv("GOMEMLIMIT") != "" }

// Done ends it: from here on memory is collected as in any program. Only the first
// call does something.
var Done = sync.OnceFunc(func() {
	if before != percent {
		setGCPercent(before)
	}
})

// CollectRarely lets a command that computes over tables without pointers and
// soon ends collect rarely, within a limit of bytes where one is given. What the
// user sets by GOGC or GOMEMLIMIT counts. The function returned undoes it.
func CollectRarely(limit int64) func() {
	if wished() {
		return func() {}
	}
	growth, bytes := setGCPercent(percent), int64(0)
	if limit > 0 {
		bytes = setMemoryLimit(limit)
	}
	return func() {
		setGCPercent(growth)
		if limit > 0 {
			setMemoryLimit(bytes)
		}
	}
}
