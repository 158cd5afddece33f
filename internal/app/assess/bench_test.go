//go:build unix

package assess

import (
	"fmt"
	"os"
	"slices"
	"syscall"
	"testing"
	"time"

	"diapason/internal/generate"
	"diapason/internal/model"
)

func generated(b testing.TB, services, components int) *model.Snapshot {
	var objects []*model.Object
	generate.Objects(generate.Size{Services: services, Components: components, Seed: 1}, func(o *model.Object) { objects = append(objects, o) })
	snap, twice := model.NewSnapshot(1, objects)
	if len(twice) > 0 {
		b.Fatalf("%s is generated twice", twice[0].Ref())
	}
	return snap
}

// processorTime is the processor time that this process has used: on a loaded machine
// it tells more than the clock.
func processorTime() time.Duration {
	var u syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkAllRules runs every rule over 10 000 services and 100 000 components.
func BenchmarkAllRules(b *testing.B) {
	snap := generated(b, 10_000, 100_000)
	b.ResetTimer()
	for b.Loop() {
		used := processorTime()
		r := Full(Facts(snap, generate.On))
		b.ReportMetric((processorTime() - used).Seconds(), "cpu-s")
		b.ReportMetric(float64(len(r.Findings())), "findings")
	}
}

// predicting are the rules that rest on predicted availability, on single points of
// failure or on what alternatives share: on solving the fault trees of services. The
// last two ask for the prediction of services whose supporting promises fall short.
var predicting = []string{"AVL-001", "AVL-002", "AVL-005", "AVL-007", "SLM-003", "SLM-004", "SUP-002"}

// BenchmarkOtherRules runs every rule that does not rest on the mathematics of
// availability, over 10 000 services and 100 000 components, on all cores.
func BenchmarkOtherRules(b *testing.B) {
	snap := generated(b, 10_000, 100_000)
	b.ResetTimer()
	for b.Loop() {
		used := processorTime()
		r := &Result{Facts: Facts(snap, generate.On)}
		r.run(everything(snap, predicting), nil, r.put)
		r.collect()
		b.ReportMetric((processorTime() - used).Seconds(), "cpu-s")
	}
}

// BenchmarkEachRule tells where the time of BenchmarkAllRules goes; the first
// rule that asks an analysis pays for it.
func BenchmarkEachRule(b *testing.B) {
	if os.Getenv("DIAPASON_EACH_RULE") == "" {
		b.Skip("set DIAPASON_EACH_RULE=1 to print the time of each rule")
	}
	snap := generated(b, 10_000, 100_000)
	type cost struct {
		id   string
		took time.Duration
		n    int
	}
	for b.Loop() {
		f := Facts(snap, generate.On)
		var costs []cost
		e := newEvaluation(f, nil)
		for i, rule := range Rules() {
			started := time.Now()
			n := 0
			for _, kind := range rule.Kinds {
				for _, h := range snap.OfKind(kind) {
					n += len(e.of(key{i, h}))
				}
			}
			costs = append(costs, cost{rule.ID, time.Since(started), n})
		}
		slices.SortFunc(costs, func(x, y cost) int { return int(y.took - x.took) })
		for _, c := range costs[:min(25, len(costs))] {
			fmt.Printf("%s %8s %7d findings\n", c.id, c.took.Round(time.Millisecond), c.n)
		}
	}
}

// BenchmarkWhatIf asks what a slower repair of random components would bring.
func BenchmarkWhatIf(b *testing.B) {
	snap := generated(b, 10_000, 100_000)
	base := Full(Facts(snap, generate.On))
	list := snap.OfKind("component")
	b.ResetTimer()
	i := 0
	for b.Loop() {
		o := snap.Object(list[i*7919%len(list)]).Clone()
		i++
		o.Spec.(*model.Component).MTTR += model.Duration(time.Hour)
		d := WhatIf(base, Facts(snap.With(2, []*model.Object{o}, nil), generate.On), []model.Ref{o.Ref()})
		b.ReportMetric(float64(d.After.Visited), "evaluations")
	}
}
