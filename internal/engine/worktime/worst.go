package worktime

import (
	"fmt"
	"time"
)

// Promise is a time to restore: within so much running time of its clock. What
// does not count on the agreement (nights, suspensions) is not on the clock.
type Promise struct {
	Within time.Duration
	Clock  *Clock
	// OnlyInService counts failures only while the promise's clock runs.
	OnlyInService bool
}

// Approach says how a failure comes to the worst instant. The restoration
// jumps where a step just misses its closing time, so that the worst may be a
// limit that no failure attains.
type Approach string

// The three ways to come to an instant.
const (
	AtInstant  Approach = "at"
	JustBefore Approach = "just before"
	JustAfter  Approach = "just after"
)

// WorstCase is the failure after which the promise's clock runs longest until
// restoration, the earliest of equals.
type WorstCase struct {
	// Restoration is the chain from that failure, as evidence; instants are
	// limits where Approach is not AtInstant. Where it is Never, the chain is
	// not restored within the horizon of some step's clock.
	Restoration
	Approach Approach
	// Elapsed is the least upper bound of the promise's clock at restoration
	// over all failures of the window; without meaning where Never is set.
	Elapsed time.Duration
	// Kept tells whether Elapsed is within the promise for every failure.
	Kept bool
	// Any tells whether the window holds a failure that counts at all; where
	// it does not, the promise is kept and the rest is zero.
	Any bool
}

// Margin returns what the promise leaves at worst, negative when it is broken.
func (w WorstCase) Margin(p Promise) time.Duration { return p.Within - w.Elapsed }

// Judge returns the restoration after a failure at t and how much of the
// promise's clock has run by then (zero where the chain never restores).
func (p Promise) Judge(chain *Chain, t time.Time) (Restoration, time.Duration) {
	r := chain.Restore(t)
	if r.Never {
		return r, 0
	}
	return r, p.Clock.Elapsed(t, r.RestoredAt)
}

// Worst returns the worst failure in the window, exactly and without sampling.
// Between two jumps of the restoration, and as long as the promise's clock does
// not start or stop at the failure, the elapsed time either only grows or only
// shrinks with the instant of failure: so it is evaluated on both sides of those
// finitely many instants.
//
// The horizons of the steps' clocks must hold the window and should reach well
// beyond its end: a restoration that ends after a horizon counts as never. The
// horizon of the promise's clock must reach as far as theirs.
func (p Promise) Worst(chain *Chain, window Interval) (WorstCase, error) {
	if window.IsEmpty() {
		return WorstCase{}, fmt.Errorf("window %s is empty: give a start before its end", window)
	}
	if err := covers(p.Clock, window, "the promise"); err != nil {
		return WorstCase{}, err
	}
	for _, s := range chain.steps {
		if err := covers(s.Clock, window, fmt.Sprintf("step %q", s.Name)); err != nil {
			return WorstCase{}, err
		}
		if p.Clock.horizon.End.Before(s.Clock.horizon.End) {
			return WorstCase{}, fmt.Errorf("the clock of the promise ends with %s, before that of step %q: expand both as far", p.Clock.horizon, s.Name)
		}
	}
	w := worstSearch{promise: p, chain: chain}
	w.run(offsetOf(window.Start), offsetOf(window.End))
	return w.result(), nil
}

func covers(c *Clock, window Interval, whose string) error {
	if c.horizon.Start.After(window.Start) || c.horizon.End.Before(window.End) {
		return fmt.Errorf("window %s reaches beyond the horizon %s of the clock of %s: expand its calendar further", window, c.horizon, whose)
	}
	return nil
}

// worstSearch keeps the worst failure seen so far.
type worstSearch struct {
	promise  Promise
	chain    *Chain
	found    bool
	never    bool
	elapsed  time.Duration
	failure  moment
	approach Approach
}

func (w *worstSearch) run(lo, hi offset) {
	_, _, exact := w.chain.walk(moment{at: lo})
	restored := w.chain.curve(lo, hi)
	boundaries := w.promise.Clock.boundaries()
	next := 0
	for i, p := range restored.pieces {
		from, to := p.from, restored.to(i)
		for from < to {
			cut := to
			for ; next < len(boundaries) && boundaries[next] < to; next++ {
				if boundaries[next] > from {
					cut = boundaries[next]
					break
				}
			}
			w.segment(p, from, cut, exact.at, hi)
			from, exact.at = cut, p.valueAt(cut)
		}
	}
}

// segment considers both ends of a stretch (from, to] on which the elapsed
// time is monotone; exact is the restoration after a failure at from itself.
func (w *worstSearch) segment(p piece, from, to, exact, hi offset) {
	clock := w.promise.Clock
	if w.promise.OnlyInService && !clock.runningAfter(from) {
		return
	}
	w.consider(moment{at: from}, exact, AtInstant)
	w.consider(moment{from, true}, p.valueAt(from), JustAfter)
	end := AtInstant
	if to == hi || w.promise.OnlyInService && !clock.runningAfter(to) {
		end = JustBefore
	}
	w.consider(moment{at: to}, p.valueAt(to), end)
}

// consider keeps the failure if it is worse than what has been seen.
func (w *worstSearch) consider(failure moment, restored offset, a Approach) {
	if w.never {
		return
	}
	gone := restored == never
	var elapsed time.Duration
	if !gone {
		elapsed = w.promise.Clock.at(restored) - w.promise.Clock.at(failure.at)
	}
	if !w.found || gone || elapsed > w.elapsed {
		w.found, w.never, w.elapsed, w.failure, w.approach = true, gone, elapsed, failure, a
	}
}

func (w *worstSearch) result() WorstCase {
	if !w.found {
		return WorstCase{Kept: true}
	}
	return WorstCase{
		Restoration: w.chain.restore(w.failure, w.failure.at.time()),
		Approach:    w.approach,
		Elapsed:     w.elapsed,
		Kept:        !w.never && w.elapsed <= w.promise.Within,
		Any:         true,
	}
}

// boundaries returns all instants at which the clock starts or stops, sorted.
func (c *Clock) boundaries() []offset {
	all := make([]offset, 0, 2*len(c.starts))
	for i := range c.starts {
		all = append(all, c.starts[i], c.ends[i])
	}
	return all
}
