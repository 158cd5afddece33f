package storetest

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"diapason/internal/store"
)

// Benchmark measures an engine with a model of 110 000 objects: one durable
// commit alone and under a load of reads, with the 50th and 99th percentile,
// concurrent commits, and reading the whole model.
func Benchmark(b *testing.B, e Engine) {
	const objects = 110_000
	ctx := context.Background()
	s := e.Open(b)
	if _, err := s.Commit(ctx, change(Puts(objects)...)); err != nil {
		b.Fatal(err)
	}
	b.Run("load 110000 objects", func(b *testing.B) {
		for b.Loop() {
			n := 0
			if _, err := s.Load(ctx, store.AtHead, func(store.ObjectVersion) error { n++; return nil }); err != nil || n != objects {
				b.Fatal(n, err)
			}
		}
		b.ReportMetric(float64(objects)*float64(b.N)/b.Elapsed().Seconds(), "objects/s")
	})
	b.Run("commit of one object, idle", func(b *testing.B) { timeCommits(b, s) })
	b.Run("commit of one object under 500 reads/s", func(b *testing.B) {
		stop := readLoad(b, s, 500)
		timeCommits(b, s)
		stop()
	})
	b.Run("commit of one object, 16 writers", func(b *testing.B) {
		var next atomic.Int64
		b.SetParallelism(8) // times GOMAXPROCS, at least 16
		b.RunParallel(func(pb *testing.PB) {
			for pb.Next() {
				if err := commitOne(s, int(next.Add(1))); err != nil {
					b.Error(err)
					return
				}
			}
		})
		b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "commits/s")
	})
}

func commitOne(s store.Store, n int) error {
	_, err := s.Commit(context.Background(), change(store.Put{
		Kind: "component", Name: fmt.Sprintf("component-%06d", n*7919%110_000), ExpectSeq: store.AnyVersion,
		Document: fmt.Appendf(nil, `{"n":%d}`, n),
	}))
	return err
}

// timeCommits reports the percentiles of single commits in milliseconds.
func timeCommits(b *testing.B, s store.Store) {
	var times []time.Duration
	for n := 0; b.Loop(); n++ {
		began := time.Now()
		if err := commitOne(s, n); err != nil {
			b.Fatal(err)
		}
		times = append(times, time.Since(began))
	}
	slices.Sort(times)
	at := func(share float64) float64 {
		return float64(times[int(share*float64(len(times)-1))].Microseconds()) / 1000
	}
	b.ReportMetric(at(0.50), "p50-ms")
	b.ReportMetric(at(0.99), "p99-ms")
}

// readLoad reads objects at a steady rate until the function it returns is
// called.
func readLoad(b *testing.B, s store.Store, perSecond int) (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	var wg sync.WaitGroup
	wg.Go(func() {
		tick := time.NewTicker(time.Second / time.Duration(perSecond))
		defer tick.Stop()
		for n := 0; ; n++ {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
			}
			wg.Go(func() {
				ref := store.Ref{Kind: "component", Name: fmt.Sprintf("component-%06d", n*31%110_000)}
				if _, err := s.Object(context.Background(), ref, store.AtHead); err != nil {
					b.Error(err)
				}
			})
		}
	})
	return func() {
		cancel()
		wg.Wait()
	}
}
