package worktime

import (
	"fmt"
	"math"
	"slices"
	"time"
)

// Endless stands for a restoration that does not end within the horizon.
const Endless = time.Duration(math.MaxInt64)

// Spread is how long the clock of a promise runs until restoration for failures
// spread evenly over a window: each length that occurs, and how many failures take no
// longer. The zero Spread has no failure.
type Spread struct {
	lengths []time.Duration // ascending
	upTo    []int
}

// Spread evaluates a failure in the middle of every step of the window; a closing
// time that is a multiple of the step then falls between two of them. Horizons must
// reach as for [Promise.Worst].
func (p Promise) Spread(chain *Chain, window Interval, step time.Duration) (Spread, error) {
	if window.IsEmpty() || step <= 0 {
		return Spread{}, fmt.Errorf("window %s in steps of %s holds no failure: give a start before its end and a step above zero", window, step)
	}
	if err := covers(p.Clock, window, "the promise"); err != nil {
		return Spread{}, err
	}
	for _, s := range chain.steps {
		if err := covers(s.Clock, window, fmt.Sprintf("step %q", s.Name)); err != nil {
			return Spread{}, err
		}
	}
	lo, hi := offsetOf(window.Start), offsetOf(window.End)
	restored := chain.curve(lo, hi)
	all := make([]time.Duration, 0, (hi-lo)/offset(step)+1)
	// Failures and ends only grow, so that both readings of the clock are walked.
	failed, ended := hand{clock: p.Clock}, hand{clock: p.Clock}
	i := 0
	for x := lo + offset(step/2); x < hi; x += offset(step) {
		for restored.to(i) < x {
			i++
		}
		end := restored.pieces[i].valueAt(x)
		if restored.pieces[i].value == never || end == never {
			all = append(all, Endless)
			continue
		}
		all = append(all, ended.at(end)-failed.at(x))
	}
	slices.Sort(all)
	var out Spread
	for n, d := range all {
		if n+1 == len(all) || all[n+1] != d {
			out.lengths, out.upTo = append(out.lengths, d), append(out.upTo, n+1)
		}
	}
	return out, nil
}

// hand reads a clock at instants that never go back.
type hand struct {
	clock *Clock
	next  int // the first interval that ends after the last instant
}

func (h *hand) at(x offset) time.Duration {
	c := h.clock
	for h.next < len(c.ends) && c.ends[h.next] <= x {
		h.next++
	}
	if h.next == len(c.starts) || x <= c.starts[h.next] {
		return c.total[h.next]
	}
	return c.total[h.next] + time.Duration(x-c.starts[h.next])
}

// Within is the share of failures after which the clock runs no longer than d.
func (s Spread) Within(d time.Duration) float64 {
	n := len(s.lengths)
	if n == 0 {
		return 1
	}
	i, found := slices.BinarySearch(s.lengths, d)
	if found {
		i++
	}
	if i == 0 {
		return 0
	}
	return float64(s.upTo[i-1]) / float64(s.upTo[n-1])
}

// Reaching is the shortest time that a share of failures keeps, [Endless] where
// too many are never restored.
func (s Spread) Reaching(share float64) time.Duration {
	n := len(s.lengths)
	if n == 0 {
		return 0
	}
	i, _ := slices.BinarySearch(s.upTo, int(math.Ceil(share*float64(s.upTo[n-1])-1e-9)))
	return s.lengths[min(i, n-1)]
}
