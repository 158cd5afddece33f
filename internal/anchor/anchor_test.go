package anchor

import (
	"testing"
	"time"
)

func TestAMissedAimFailsOnlyWhereItIsRequired(t *testing.T) {
	for _, c := range []struct {
		name    string
		require string
		check   func(b *testing.B)
		fails   bool
	}{
		{"more than allowed", "1", func(b *testing.B) { AtMost(b, 3, 2, "s") }, true},
		{"just what is allowed", "1", func(b *testing.B) { AtMost(b, 2, 2, "s") }, false},
		{"less than demanded", "1", func(b *testing.B) { AtLeast(b, 1, 2, "s") }, true},
		{"more than demanded", "1", func(b *testing.B) { AtLeast(b, 3, 2, "s") }, false},
		{"more than allowed, only told", "", func(b *testing.B) { AtMost(b, 3, 2, "s") }, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Setenv(Require, c.require)
			failed := false
			testing.Benchmark(func(b *testing.B) {
				c.check(b)
				failed = failed || b.Failed()
			})
			if failed != c.fails {
				t.Errorf("failed: %t", failed)
			}
		})
	}
}

func TestProcessorTimeGoesOn(t *testing.T) {
	w := Start()
	for n, until := 0, time.Now().Add(30*time.Millisecond); time.Now().Before(until); n++ {
	}
	if wall, used := w.Read(); wall < 30*time.Millisecond || used <= 0 && Processor() > 0 || used > time.Minute {
		t.Errorf("%s by the clock, %s of the processor", wall, used)
	}
}
