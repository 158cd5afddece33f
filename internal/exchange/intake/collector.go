package intake

import (
	"runtime/debug"
	"sync"
)

var collector struct {
	sync.Mutex
	users   int
	percent int
}

// KeepGarbageLow makes the garbage collector run more often until the function
// that it returns is called: while a large input is read, what the collector would
// tolerate by default is as much as is kept of it.
func KeepGarbageLow() func() {
	collector.Lock()
	defer collector.Unlock()
	if collector.users++; collector.users == 1 {
		collector.percent = debug.SetGCPercent(25)
	}
	return func() {
		collector.Lock()
		defer collector.Unlock()
		if collector.users--; collector.users == 0 {
			debug.SetGCPercent(collector.percent)
		}
	}
}
