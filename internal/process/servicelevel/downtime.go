package servicelevel

import (
	"time"

	"diapason/internal/calendars"
	"diapason/internal/engine/worktime"
)

// workKey is a mean down time on the hours of whoever restores.
type workKey struct {
	clock *worktime.Clock
	down  time.Duration
}

// leastWork is what is left of a down time that is all waiting.
const leastWork = time.Second

// workWithin is the work in a mean time to restore that counts all down time: the
// length of work that, begun at a failure at any instant of the coming year and done
// in given hours, is over after that time on average. It is the inverse of what the
// prediction of availability does with an MTTR that counts work. Where waiting alone
// takes longer on average, next to no work is left: the hours say that much by
// themselves. Where the hours never let it end, all of it is work.
func (a *Analysis) workWithin(clock *worktime.Clock, down time.Duration) time.Duration {
	key := workKey{clock, down}
	if hit, ok := a.works.Load(key); ok {
		return hit.(time.Duration)
	}
	work := a.findWork(clock, down)
	a.works.Store(key, work)
	return work
}

func (a *Analysis) findWork(clock *worktime.Clock, down time.Duration) time.Duration {
	window := calendars.Window(a.f)
	takes := func(work time.Duration) (mean time.Duration, ends bool) {
		chain, err := worktime.NewChain([]worktime.Step{{Name: "work", Duration: work, Clock: clock}})
		if err != nil {
			return 0, false
		}
		mean, ends, err = chain.Mean(window)
		return mean, ends && err == nil
	}
	low, high := leastWork, down // the mean grows with the work, and is at least the work
	if _, ends := takes(low); !ends {
		return down
	}
	for high-low > time.Second {
		middle := low + (high-low)/2
		if mean, ends := takes(middle); ends && mean <= down {
			low = middle
		} else {
			high = middle
		}
	}
	if mean, ends := takes(high); ends && mean <= down {
		return high // nobody waits
	}
	return low
}
