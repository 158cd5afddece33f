package cli

import (
	"math"
	"runtime"
	"runtime/debug"
	"testing"
)

func TestMemorySpentIsGivenBack(t *testing.T) {
	t.Setenv("GOGC", "")
	t.Setenv("GOMEMLIMIT", "")
	if r := room(); r <= 0 || r > mostRoom {
		t.Errorf("room for %d bytes", r)
	}
	percent := debug.SetGCPercent(100)
	defer debug.SetGCPercent(percent)
	limit := debug.SetMemoryLimit(-1)
	stop := spendMemory()
	if now := debug.SetMemoryLimit(-1); now > mostRoom {
		t.Errorf("the limit is %d", now)
	}
	for range 3 {
		runtime.GC()
	}
	stop()
	if now := debug.SetGCPercent(100); now != 100 {
		t.Errorf("collections at %d %% afterwards", now)
	}
	if now := debug.SetMemoryLimit(-1); now != limit {
		t.Errorf("the limit is %d afterwards, it was %d", now, limit)
	}
}

func TestWhatTheUserSetsCounts(t *testing.T) {
	t.Setenv("GOGC", "50")
	stop := spendMemory()
	defer stop()
	if limit := debug.SetMemoryLimit(-1); limit != math.MaxInt64 {
		t.Errorf("the limit is %d", limit)
	}
}
