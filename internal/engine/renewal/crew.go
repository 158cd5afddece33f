package renewal

import (
	"math"
	"time"
)

// Crew is a number of people who repair what fails, one person a repair, in the order
// in which things fail.
type Crew struct {
	People int
	// Work is the repair work that comes in while one hour is worked, in hours: failures
	// an hour times hours of work each (erlang).
	Work float64
}

// Load is the share of the crew's time that repairs take; at 1 it no longer keeps up.
func (c Crew) Load() float64 {
	if c.People <= 0 {
		return math.Inf(1)
	}
	return c.Work / float64(c.People)
}

// Wait is how long a failure waits on average for somebody free, in the crew's working
// time, where a repair takes that long on average: Erlang's delay formula for failures
// at random (Poisson) and exponential repairs,
//
//	wait = C(m, a) · repair / (m − a), C the probability that all m people are busy.
//
// What has failed cannot fail again until repaired, so of finitely many things
// (the machine repairman) the wait is shorter: this is an upper bound. ok is false
// where the crew does not keep up.
func (c Crew) Wait(repair time.Duration) (wait time.Duration, ok bool) {
	if c.People <= 0 || !(c.Work < float64(c.People)) {
		return 0, false
	}
	// Erlang's loss formula by its recursion, then C = B / (1 − ρ·(1 − B)).
	lost := 1.0
	for n := 1; n <= c.People; n++ {
		lost = c.Work * lost / (float64(n) + c.Work*lost)
	}
	busy := lost / (1 - c.Load()*(1-lost))
	return time.Duration(busy * float64(repair) / (float64(c.People) - c.Work)), true
}
