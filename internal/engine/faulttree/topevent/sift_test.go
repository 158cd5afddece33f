package topevent

import (
	"math/rand/v2"
	"testing"
)

func TestSiftingKeepsEveryFunction(t *testing.T) {
	for seed := range trials() / 3 {
		r := rand.New(rand.NewPCG(uint64(seed), 5))
		const n = 9
		d := newDiagram(n, 256, &memory{limit: 1 << 30}, nil)
		roots := []ref{}
		for v := range int32(n) {
			roots = append(roots, d.variable(v))
		}
		for range 30 {
			f, g, h := roots[r.IntN(len(roots))]^int32(r.IntN(2)), roots[r.IntN(len(roots))], roots[r.IntN(len(roots))]
			roots = append(roots, []func() ref{
				func() ref { return d.and(f, g) }, func() ref { return d.xor(f, g) }, func() ref { return d.ite(f, g, h) },
			}[r.IntN(3)]())
		}
		value := func(f ref, state int) bool {
			out := true
			for f>>1 != 0 {
				out = out != (f&1 == 1)
				c := d.cells[f>>1]
				if f = c.low; state>>c.variable&1 == 1 {
					f = c.high
				}
			}
			return out != (f&1 == 1)
		}
		var before []bool
		for _, f := range roots {
			for s := range 1 << n {
				before = append(before, value(f, s))
			}
		}
		size := d.size(roots...)
		d.sift(roots, 1<<30)
		if after := d.size(roots...); after > size || after != d.used {
			t.Fatalf("seed %d: %d nodes became %d, %d in use", seed, size, after, d.used)
		}
		for i, f := range roots {
			for s := range 1 << n {
				if value(f, s) != before[i<<n+s] {
					t.Fatalf("seed %d: function %d changed in state %b", seed, i, s)
				}
			}
		}
		// Operations go on in the new order.
		f, g := roots[n+3], roots[n+7]
		both := d.and(f, g)
		for s := range 1 << n {
			if value(both, s) != (value(f, s) && value(g, s)) {
				t.Fatalf("seed %d: conjunction is wrong after sifting", seed)
			}
		}
	}
}
