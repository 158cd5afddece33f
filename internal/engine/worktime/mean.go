package worktime

import (
	"fmt"
	"time"
)

// Mean returns how long the chain takes from the failure to its last end, for a
// failure at an instant drawn uniformly from the window: the integral of end minus
// failure over the window, divided by its length. It is exact, not sampled: between
// finitely many instants the end either stands still or moves with the failure. It
// answers false where some failure of the window is not restored within the horizon
// of a step's clock.
//
// The horizons must hold the window and should reach well beyond its end.
func (c *Chain) Mean(window Interval) (time.Duration, bool, error) {
	if window.IsEmpty() {
		return 0, false, fmt.Errorf("window %s is empty: give a start before its end", window)
	}
	for _, s := range c.steps {
		if err := covers(s.Clock, window, fmt.Sprintf("step %q", s.Name)); err != nil {
			return 0, false, err
		}
	}
	restored := c.curve(offsetOf(window.Start), offsetOf(window.End))
	sum := 0.0 // in square seconds
	for i, p := range restored.pieces {
		if p.value == never {
			return 0, false, nil
		}
		length := time.Duration(restored.to(i) - p.from).Seconds()
		late := time.Duration(p.value - p.from).Seconds()
		if !p.rising {
			late -= length / 2
		}
		sum += late * length
	}
	return time.Duration(sum / window.Duration().Seconds() * float64(time.Second)), true, nil
}
