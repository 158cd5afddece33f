package worktime

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

const (
	worstSpan    = 240 // minutes in which clocks run
	worstHorizon = 400 // minutes that clocks know
)

// drawHours draws a set with up to five stretches.
func drawHours(t *rapid.T, label string) Set {
	cuts := make([]int, 2*spread(t, label+" stretches", 0, 5))
	for i := range cuts {
		cuts[i] = spread(t, label, 0, worstSpan)
	}
	slices.Sort(cuts)
	var all []Interval
	for i := 0; i < len(cuts); i += 2 {
		all = append(all, Interval{epoch.Add(time.Duration(cuts[i]) * time.Minute), epoch.Add(time.Duration(cuts[i+1]) * time.Minute)})
	}
	return NewSet(all...)
}

// drawChain draws a network of up to five steps, some of them parallel, with
// clocks of their own.
func drawChain(t *rapid.T) []Step {
	horizon := Interval{epoch, epoch.Add(worstHorizon * time.Minute)}
	// Most clocks run at the end of the horizon, so that most chains restore.
	tail := NewSet(Interval{epoch.Add(worstSpan * time.Minute), horizon.End})
	steps := make([]Step, spread(t, "steps", 0, 5))
	for i := range steps {
		open := drawHours(t, "open")
		if spread(t, "runs on", 0, 9) > 0 {
			open = open.Union(tail)
		}
		steps[i] = Step{
			Name:     fmt.Sprint("step", i),
			Duration: time.Duration(spread(t, "duration", 0, 60)) * time.Minute,
			Clock:    NewClock(horizon, open, drawHours(t, "suspended").Intersect(drawHours(t, "only"))),
		}
		for before := range i {
			if rapid.Bool().Draw(t, "after") {
				steps[i].After = append(steps[i].After, steps[before].Name)
			}
		}
	}
	return steps
}

// naiveRestore follows the steps with interval walking alone.
func naiveRestore(steps []Step, running []Set, t time.Time) (time.Time, bool) {
	ends := map[string]time.Time{}
	restored := t
	for i, s := range steps {
		begin := t
		for _, before := range s.After {
			begin = later(begin, ends[before])
		}
		end, ok := naiveAdd(running[i], begin, s.Duration)
		if !ok {
			return time.Time{}, false
		}
		ends[s.Name], restored = end, later(restored, end)
	}
	return restored, true
}

func runningSet(c *Clock) Set {
	var all []Interval
	for i := range c.starts {
		all = append(all, Interval{c.starts[i].time(), c.ends[i].time()})
	}
	return NewSet(all...)
}

// TestWorstAgreesWithBruteForceByTheMinute tries each minute and the instants
// a nanosecond beside it. All boundaries and durations are whole minutes, so
// the exact worst case may differ by nanoseconds only.
func TestWorstAgreesWithBruteForceByTheMinute(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		steps := drawChain(t)
		chain, err := NewChain(steps)
		if err != nil {
			t.Fatal(err)
		}
		running := make([]Set, len(steps))
		for i, s := range steps {
			running[i] = runningSet(s.Clock)
		}
		promised := drawHours(t, "promised").Union(drawSet(t, worstHorizon, "promised late"))
		horizon := Interval{epoch, epoch.Add(worstHorizon * time.Minute)}
		p := Promise{
			Within:        30 * time.Minute,
			Clock:         NewClock(horizon, promised, Set{}),
			OnlyInService: rapid.Bool().Draw(t, "only in service"),
		}
		from := spread(t, "from", 0, 100)
		to := spread(t, "to", from+1, worstSpan)
		window := Interval{epoch.Add(time.Duration(from) * time.Minute), epoch.Add(time.Duration(to) * time.Minute)}
		got, err := p.Worst(chain, window)
		if err != nil {
			t.Fatal(err)
		}

		var worst time.Duration
		never, any := false, false
		for m := from; m <= to; m++ {
			for _, beside := range []time.Duration{-1, 0, 1} {
				at := epoch.Add(time.Duration(m)*time.Minute + beside)
				if !window.Contains(at) || p.OnlyInService && !promised.Contains(at) {
					continue
				}
				any = true
				restored, ok := naiveRestore(steps, running, at)
				r, elapsed := p.Judge(chain, at)
				if r.Never == ok || ok && !r.RestoredAt.Equal(restored) {
					t.Fatalf("failure at %s: restored %s, want %s %t", at, r.RestoredAt, restored, ok)
				}
				if !ok {
					never = true
					continue
				}
				if naive := promised.Clip(Interval{at, restored}).Duration(); naive != elapsed {
					t.Fatalf("failure at %s: %s elapsed, want %s", at, elapsed, naive)
				}
				worst = max(worst, elapsed)
			}
		}
		if got.Any != any || got.Never != never {
			t.Fatalf("any %t never %t, want %t %t", got.Any, got.Never, any, never)
		}
		if !any || never {
			return
		}
		if difference := (got.Elapsed - worst).Abs(); difference > time.Microsecond {
			t.Fatalf("worst is %s %s with %s, by brute force %s", got.Approach, got.FailedAt, got.Elapsed, worst)
		}
		if got.Kept != (got.Elapsed <= p.Within) {
			t.Fatalf("kept %t with %s of %s", got.Kept, got.Elapsed, p.Within)
		}
		checkWitness(t, p, chain, got)
	})
}

// checkWitness follows the chain from an instant that comes to the worst
// failure in the way the result says.
func checkWitness(t *rapid.T, p Promise, chain *Chain, w WorstCase) {
	beside := map[Approach]time.Duration{AtInstant: 0, JustBefore: -1, JustAfter: 1}[w.Approach]
	r, elapsed := p.Judge(chain, w.FailedAt.Add(beside))
	if (elapsed - w.Elapsed).Abs() > time.Microsecond {
		t.Fatalf("a failure %s %s has %s elapsed, not %s", w.Approach, w.FailedAt, elapsed, w.Elapsed)
	}
	critical := len(r.Legs) == 0
	for i, leg := range r.Legs {
		if leg.From.Sub(w.Legs[i].From).Abs() > time.Microsecond || leg.To.Sub(w.Legs[i].To).Abs() > time.Microsecond {
			t.Fatalf("leg %s runs %s to %s, the worst case says %s to %s", leg.Name, leg.From, leg.To, w.Legs[i].From, w.Legs[i].To)
		}
		critical = critical || w.Legs[i].Critical && w.Legs[i].To.Equal(w.RestoredAt)
	}
	if !critical {
		t.Fatal("no critical leg ends at the restoration")
	}
}

// TestCurvesAgreeWithFollowingTheSteps checks the curve of restorations itself.
func TestCurvesAgreeWithFollowingTheSteps(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		chain, err := NewChain(drawChain(t))
		if err != nil {
			t.Fatal(err)
		}
		lo, hi := offsetOf(epoch), offsetOf(epoch.Add(worstSpan*time.Minute))
		curve := chain.curve(lo, hi)
		for i, p := range curve.pieces {
			if p.from >= curve.to(i) {
				t.Fatalf("piece %d is empty", i)
			}
			for at := p.from + offset(time.Minute); at <= curve.to(i); at += offset(30 * time.Second) {
				if _, _, restored := chain.walk(moment{at: at}); restored.at != p.valueAt(at) {
					t.Fatalf("failure at %s: the curve says %s, the steps %s", at.time(), p.valueAt(at).time(), restored.at.time())
				}
			}
			_, _, limit := chain.walk(moment{p.from, true})
			if (limit != moment{p.value, p.rising}) {
				t.Fatalf("failure just after %s: the curve says %+v, the steps %+v", p.from.time(), p, limit)
			}
		}
	})
}

// TestForksAndJoinsStayLinear guards against curves that double at each fork.
func TestForksAndJoinsStayLinear(t *testing.T) {
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	horizon := Interval{NewDate(2026, 1, 1).In(paris), NewDate(2028, 1, 1).In(paris)}
	window := Interval{horizon.Start, NewDate(2027, 1, 1).In(paris)}
	clocks := []*Clock{
		Calendar{Location: paris, Week: WorkingDays(Span{8 * 60, 18 * 60})}.Clock(horizon, Set{}),
		Calendar{Location: paris, Week: Everyday(Span{20 * 60, 4 * 60})}.Clock(horizon, Set{}),
	}
	var steps []Step
	join := []string(nil)
	for layer := range 20 {
		var names []string
		for side, clock := range clocks {
			name := fmt.Sprintf("layer %d side %d", layer, side)
			steps = append(steps, Step{Name: name, After: join, Duration: time.Duration(7+layer) * time.Minute, Clock: clock})
			names = append(names, name)
		}
		join = names
	}
	chain, err := NewChain(steps)
	if err != nil {
		t.Fatal(err)
	}
	curve := chain.curve(offsetOf(window.Start), offsetOf(window.End))
	closings := 0
	for _, s := range steps {
		closings += len(s.Clock.ends)
	}
	if len(curve.pieces) > 2*closings {
		t.Errorf("%d pieces for %d closings", len(curve.pieces), closings)
	}
}

func TestWorstRefusesClocksThatKnowTooLittle(t *testing.T) {
	month := Interval{epoch, epoch.AddDate(0, 1, 0)}
	year := Interval{epoch, epoch.AddDate(1, 0, 0)}
	always := AlwaysOpen()
	for name, c := range map[string]struct{ promise, step Interval }{
		"the promise": {month, year},
		"the step":    {year, month},
		"the promise shorter than the step": {
			Interval{epoch, epoch.AddDate(0, 6, 0)}, Interval{epoch, epoch.AddDate(0, 7, 0)},
		},
	} {
		chain, err := NewChain([]Step{{Name: "fix", Duration: time.Hour, Clock: always.Clock(c.step, Set{})}})
		if err != nil {
			t.Fatal(err)
		}
		p := Promise{Within: time.Hour, Clock: always.Clock(c.promise, Set{})}
		if _, err := p.Worst(chain, Interval{epoch, epoch.AddDate(0, 6, 0)}); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	chain, _ := NewChain(nil)
	if _, err := (Promise{Clock: always.Clock(year, Set{})}).Worst(chain, Interval{epoch, epoch}); err == nil {
		t.Error("an empty window is accepted")
	}
}

func BenchmarkWorstOverAYear(b *testing.B) {
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		b.Fatal(err)
	}
	horizon := Interval{NewDate(2026, 1, 1).In(paris), NewDate(2027, 4, 1).In(paris)}
	window := Interval{horizon.Start, NewDate(2027, 1, 1).In(paris)}
	office := Calendar{Location: paris, Week: WorkingDays(Span{8 * 60, 12 * 60}, Span{14 * 60, 18 * 60})}
	long := Calendar{Location: paris, Week: WorkingDays(Span{7 * 60, 20 * 60})}
	desk, fix := office.Clock(horizon, Set{}), long.Clock(horizon, Set{})
	chain, err := NewChain(InSequence(
		Step{Name: "answer", Duration: 30 * time.Minute, Clock: desk},
		Step{Name: "diagnose", Duration: time.Hour, Clock: fix},
		Step{Name: "supplier", Duration: 4 * time.Hour, Clock: fix},
		Step{Name: "verify", Duration: 15 * time.Minute, Clock: desk},
	))
	if err != nil {
		b.Fatal(err)
	}
	p := Promise{Within: 8 * time.Hour, Clock: AlwaysOpen().Clock(horizon, Set{})}
	for b.Loop() {
		if _, err := p.Worst(chain, window); err != nil {
			b.Fatal(err)
		}
	}
}
