package availability

import (
	"math"
	"testing"
	"time"

	"diapason/internal/model"
)

func TestInterruptionsCorrectDeclaredFigures(t *testing.T) {
	const base = `
organisation/o: {zone: UTC, recordedSince: 2026-03-12}
service/s: {stage: live, requires: [component/a]}
`
	for _, tc := range []struct {
		name, text string
		source     Source
		mtbf, mttr time.Duration // 0: not looked at
		failures   int
	}{
		{"without a date of service nothing is learnt", `
component/a: {mtbf: 1000 h, mttr: 1 h}
outage/x: {cause: component/a, start: 2027-01-01T00:00:00Z, end: 2027-01-01T02:00:00Z}`, SourceTimes, 1000 * time.Hour, time.Hour, 0},
		{"a quiet time makes failures rarer", `
component/a: {mtbf: 1000 h, mttr: 1 h, inService: 2020-01-01}`, SourceObserved, (500 + 8760) * 2 * time.Hour, time.Hour, 0},
		{"what is in service later is watched for a shorter time", `
component/a: {mtbf: 1000 h, mttr: 1 h, inService: 2027-03-02}`, SourceObserved, (500 + 240) * 2 * time.Hour, time.Hour, 0},
		{"failures count with the time they took", `
component/a: {mtbf: 1000 h, mttr: 1 h, inService: 2020-01-01}
outage/x: {cause: component/a, start: 2027-01-01T00:00:00Z, end: 2027-01-01T03:00:00Z}
outage/y: {cause: component/a, start: 2027-02-01T00:00:00Z, end: 2027-02-01T05:00:00Z}`, SourceObserved, time.Duration((500 + 8752) / 2.5 * float64(time.Hour)), 3 * time.Hour, 2},
		{"an interruption that goes on counts up to the day", `
component/a: {mtbf: 1000 h, mttr: 1 h, inService: 2020-01-01}
outage/x: {cause: component/a, start: 2027-03-11T22:00:00Z}`, SourceObserved, time.Duration((500 + 8758) / 1.5 * float64(time.Hour)), 90 * time.Minute, 1},
		{"announced work is no failure", `
component/a: {mtbf: 1000 h, mttr: 1 h, inService: 2020-01-01}
outage/x: {cause: component/a, start: 2027-01-01T00:00:00Z, end: 2027-01-01T03:00:00Z, controlled: true}`, SourceObserved, (500 + 8760) * 2 * time.Hour, time.Hour, 0},
		{"records that overlap are one failure", `
component/a: {mtbf: 1000 h, mttr: 1 h, inService: 2020-01-01}
outage/x: {cause: component/a, start: 2027-01-01T00:00:00Z, end: 2027-01-01T03:00:00Z}
outage/y: {cause: component/a, start: 2027-01-01T02:00:00Z, end: 2027-01-01T05:00:00Z}`, SourceObserved, time.Duration((500 + 8755) / 1.5 * float64(time.Hour)), 3 * time.Hour, 1},
		{"what has instances to spare keeps its declared figures", `
component/a: {mtbf: 1000 h, mttr: 1 h, inService: 2020-01-01, instances: 2, needed: 1}`, SourceTimes, 1000 * time.Hour, time.Hour, 0},
		{"of what has no figures, failures alone speak", `
component/a: {inService: 2020-01-01}
outage/x: {cause: component/a, start: 2027-01-01T00:00:00Z, end: 2027-01-01T04:00:00Z}`, SourceObserved, 0, 4 * time.Hour, 1},
		{"of what has no figures and never failed nothing is known", `
component/a: {inService: 2020-01-01}`, SourceNone, 0, 0, 0},
		{"a declared availability stays where nothing failed", `
component/a: {availability: 99.9%, inService: 2020-01-01}`, SourceDeclared, 0, 0, 0},
		{"a declared availability follows the failures seen", `
component/a: {availability: 99%, inService: 2020-01-01}
outage/x: {cause: component/a, start: 2027-01-01T00:00:00Z, end: 2027-01-01T01:00:00Z}`, SourceObserved, time.Duration((49.5 + 8759) / 1.5 * float64(time.Hour)), time.Hour, 1},
		{"a failure after the day of evaluation is not known yet", `
component/a: {mtbf: 1000 h, mttr: 1 h, inService: 2020-01-01}
outage/x: {cause: component/a, start: 2027-04-01T00:00:00Z}`, SourceObserved, (500 + 8760) * 2 * time.Hour, time.Hour, 0},
		{"what contradicts itself is no failure", `
component/a: {mtbf: 1000 h, mttr: 1 h, inService: 2020-01-01}
outage/w: {cause: component/a, start: 2027-01-02T00:00:00Z, end: 2027-01-01T00:00:00Z}
outage/x: {cause: component/a, start: 0001-01-02T00:00:00Z, end: 9999-12-31T00:00:00Z}
outage/y: {cause: component/a, start: 2026-04-02T00:00:00Z, end: 2027-04-01T00:00:00Z}
outage/z: {cause: component/a, start: 2027-01-02T00:00:00Z, end: 2027-01-02T00:00:00Z}`, SourceObserved, (500 + 8760) * 2 * time.Hour, time.Hour, 0},
		{"one that ends on the day of evaluation counts up to it", `
component/a: {mtbf: 1000 h, mttr: 1 h, inService: 2020-01-01}
outage/x: {cause: component/a, start: 2027-03-11T22:00:00Z, end: 2027-03-12T08:00:00Z}`, SourceObserved, time.Duration((500 + 8758) / 1.5 * float64(time.Hour)), 90 * time.Minute, 1},
	} {
		t.Run(tc.name, func(t *testing.T) {
			f, a := facts(t, base+tc.text)
			in, _ := a.input(handle(t, f, "component/a"))
			if in.Source != tc.source || in.Observed != tc.failures {
				t.Fatalf("source %s with %d failures, want %s with %d", in.Source, in.Observed, tc.source, tc.failures)
			}
			close := func(what string, got model.Duration, want time.Duration) {
				if want > 0 && math.Abs(float64(got)/float64(want)-1) > 1e-6 {
					t.Errorf("%s %v, want %v", what, time.Duration(got), want)
				}
			}
			close("MTBF", in.MTBF, tc.mtbf)
			close("MTTR", in.MTTR, tc.mttr)
		})
	}
}

func TestAToolCausesInterruptionsAndLearnsFromThem(t *testing.T) {
	const base = `
organisation/o: {zone: UTC, recordedSince: 2026-03-12}
service/s: {stage: live, availableFrom: 2020-01-01, requires: [tool/a]}
service/r: {stage: live, availableFrom: 2020-01-01, requires: [{anyOf: [tool/a, tool/b]}]}
tool/b: {availability: 99%}
outage/x: {cause: tool/a, start: 2027-01-01T00:00:00Z, end: 2027-01-01T03:00:00Z}
outage/y: {cause: tool/a, start: 2027-02-01T00:00:00Z, end: 2027-02-01T05:00:00Z}
`
	for _, tc := range []struct {
		name, tool string
		source     Source
		failures   int
	}{
		{"the times declared are corrected", "tool/a: {mtbf: 1000 h, mttr: 1 h, inService: 2020-01-01}", SourceObserved, 2},
		{"a declared availability is corrected", "tool/a: {availability: 99%, inService: 2020-01-01}", SourceObserved, 2},
		{"without figures the failures speak", "tool/a: {inService: 2020-01-01}", SourceObserved, 2},
		{"without a day of service nothing is learnt", "tool/a: {mtbf: 1000 h, mttr: 1 h}", SourceTimes, 0},
		{"times come before an availability", "tool/a: {mtbf: 999 h, mttr: 1 h, availability: 50%}", SourceTimes, 0},
	} {
		t.Run(tc.name, func(t *testing.T) {
			f, a := facts(t, base+tc.tool)
			in, own := a.input(handle(t, f, "tool/a"))
			if !own || in.Source != tc.source || in.Observed != tc.failures {
				t.Fatalf("source %s with %d failures, want %s with %d", in.Source, in.Observed, tc.source, tc.failures)
			}
			if got := a.Interruptions(handle(t, f, "service/s")).Interruptions; len(got) != 2 || !got[0].Derived {
				t.Errorf("the service that needs it was hit by %v", got)
			}
			if got := a.Interruptions(handle(t, f, "service/r")).Interruptions; len(got) != 0 {
				t.Errorf("the service with an alternative was hit by %v", got)
			}
		})
	}
}

func TestServicesHitAreDerivedAndCanBeCorrected(t *testing.T) {
	f, a := facts(t, `
organisation/o: {zone: UTC, recordedSince: 2026-03-12}
service/s: {stage: live, availableFrom: 2020-01-01, requires: [component/a]}
service/r: {stage: live, availableFrom: 2020-01-01, requires: [{anyOf: [component/a, component/b]}]}
service/t: {stage: live, availableFrom: 2020-01-01, requires: [component/a]}
component/a: {mtbf: 1000 h, mttr: 1 h}
component/b: {mtbf: 1000 h, mttr: 1 h}
outage/derived: {cause: component/a, spared: [service/t], start: 2027-01-01T00:00:00Z, end: 2027-01-01T02:00:00Z}
outage/said: {cause: component/a, hits: [service/t], start: 2027-02-01T00:00:00Z, end: 2027-02-01T06:00:00Z}
outage/both: {cause: component/a, hits: [service/s], spared: [service/s], start: 2027-02-03T00:00:00Z, end: 2027-02-03T06:00:00Z}`)
	for service, want := range map[string][]string{"service/s": {"outage/derived"}, "service/r": {}, "service/t": {"outage/said"}} {
		x := a.Interruptions(handle(t, f, service))
		got := []model.Ref{}
		for _, i := range x.Interruptions {
			got = append(got, i.Outage)
		}
		if !x.Known || len(got) != len(want) || len(want) == 1 && got[0].String() != want[0] {
			t.Errorf("%s was hit by %v (known %v), want %v", service, got, x.Known, want)
		}
	}
	x := a.Interruptions(handle(t, f, "service/s"))
	if m := x.Record.MTTR(Confidence); m.Mean != 2*time.Hour {
		t.Errorf("MTTR %v", m.Mean)
	}
	if s := x.Record.Availability(Confidence); math.Abs(s.Mean-(1-2./8760)) > 1e-12 {
		t.Errorf("availability %v", s.Mean)
	}
}
