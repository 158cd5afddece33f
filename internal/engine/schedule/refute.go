package schedule

import "slices"

// refuter raises the lower bound by refutation (the destructive bounds of
// Klein and Scholl 1999): it supposes a makespan, narrows the starts of the
// tasks by what must follow, and where a task is left without a start, no
// schedule of that makespan exists.
type refuter struct {
	in        *instance
	bounds    bounds
	pools     []sharedPool
	exclusive [][]int // by task: those that can never run beside it
	est, lst  []Seconds
	scratch   profile
}

// sharedPool is a pool with its capacity over time.
type sharedPool struct {
	pool
	supply profile
	area   []float64 // capacity integrated up to each bound of supply
}

// Refutation is quadratic in the tasks in each round, energetic reasoning
// cubic: beyond these numbers of tasks they cost more than they tell.
const (
	mostRefuted   = 300
	mostEnergetic = 80
	mostRounds    = 100
)

// raise returns the best lower bound that refutation finds up to the makespan
// of a known schedule.
func raise(in *instance, b bounds, makespan Seconds) Seconds {
	if len(in.tasks) > mostRefuted || b.lower >= makespan {
		return b.lower
	}
	r := newRefuter(in, b)
	low, high := b.lower, makespan
	for low < high {
		middle := low + (high-low)/2
		if r.refuted(middle) {
			low = middle + 1
		} else {
			high = middle
		}
	}
	return low
}

func newRefuter(in *instance, b bounds) *refuter {
	n := len(in.tasks)
	r := &refuter{in: in, bounds: b, exclusive: make([][]int, n), est: make([]Seconds, n), lst: make([]Seconds, n)}
	for _, p := range in.pools() {
		s := sharedPool{pool: p, supply: p.supply(in, 0).profile}
		most, area := 0, 0.0
		for k, free := range s.supply.free {
			most = max(most, free)
			s.area = append(s.area, area)
			if k+1 < len(s.supply.at) {
				area += float64(free) * float64(s.supply.at[k+1]-s.supply.at[k])
			}
		}
		r.pools = append(r.pools, s)
		for x, i := range p.tasks {
			for y, j := range p.tasks[:x] {
				if p.units[x]+p.units[y] > most && !slices.Contains(r.exclusive[i], j) {
					r.exclusive[i] = append(r.exclusive[i], j)
				}
			}
		}
	}
	return r
}

// refuted tells that no schedule has the makespan or a shorter one.
func (r *refuter) refuted(makespan Seconds) bool {
	for i, j := range r.in.tasks {
		r.est[i] = r.bounds.head[i]
		r.lst[i] = makespan - r.bounds.tail[i] - j.duration
	}
	for range mostRounds {
		changed := r.precedence()
		changed = r.exclusion() || changed
		for i := range r.est {
			if r.est[i] > r.lst[i] {
				return true
			}
		}
		for k := range r.pools {
			moved, impossible := r.timetable(&r.pools[k])
			if impossible {
				return true
			}
			changed = changed || moved
		}
		if !changed {
			break
		}
	}
	if len(r.in.tasks) > mostEnergetic {
		return false
	}
	return slices.ContainsFunc(r.pools, r.overloaded)
}

// later and earlier narrow the starts of a task and tell whether they did.
func (r *refuter) later(i int, t Seconds) bool {
	if t <= r.est[i] {
		return false
	}
	r.est[i] = t
	return true
}

func (r *refuter) earlier(i int, t Seconds) bool {
	if t >= r.lst[i] {
		return false
	}
	r.lst[i] = t
	return true
}

func (r *refuter) precedence() bool {
	changed := false
	tasks := r.in.tasks
	for _, i := range r.in.order {
		for _, b := range tasks[i].before {
			changed = r.later(i, r.est[b]+tasks[b].duration) || changed
		}
	}
	for k := len(r.in.order) - 1; k >= 0; k-- {
		i := r.in.order[k]
		for _, a := range tasks[i].after {
			changed = r.earlier(i, r.lst[a]-tasks[i].duration) || changed
		}
	}
	return changed
}

// exclusion orders pairs that cannot overlap where one order is impossible.
func (r *refuter) exclusion() bool {
	changed := false
	for i, others := range r.exclusive {
		for _, j := range others {
			changed = r.order(i, j) || changed
			changed = r.order(j, i) || changed
		}
	}
	return changed
}

// order puts j before i where i cannot be before j.
func (r *refuter) order(i, j int) bool {
	if r.est[i]+r.in.tasks[i].duration <= r.lst[j] {
		return false
	}
	changed := r.later(i, r.est[j]+r.in.tasks[j].duration)
	return r.earlier(j, r.lst[i]-r.in.tasks[j].duration) || changed
}

// timetable keeps tasks off the times at which others, wherever they start,
// surely run; it tells whether a start moved, and whether it is impossible.
func (r *refuter) timetable(p *sharedPool) (moved, impossible bool) {
	free := &r.scratch
	free.set(p.supply)
	core := func(i, units int) {
		if from, to := r.lst[i], r.est[i]+r.in.tasks[i].duration; from < to {
			free.take(from, to, units)
		}
	}
	for k, i := range p.tasks {
		if r.est[i] > r.lst[i] {
			return false, true
		}
		core(i, p.units[k])
	}
	if slices.Min(free.free) < 0 {
		return false, true
	}
	for k, i := range p.tasks {
		core(i, -p.units[k])
		est := free.fit(r.est[i], r.in.tasks[i].duration, p.units[k])
		lst := free.fitBefore(r.lst[i], r.in.tasks[i].duration, p.units[k])
		if est > r.lst[i] || lst < r.est[i] {
			return false, true
		}
		moved = r.later(i, est) || moved
		moved = r.earlier(i, lst) || moved
		core(i, p.units[k])
	}
	return moved, false
}

// overloaded tells that between some two times more work must be done than the
// pool can do (energetic reasoning, Erschler, Lopez and Thuriot 1991).
func (r *refuter) overloaded(p sharedPool) bool {
	for _, first := range p.tasks {
		from := r.est[first]
		for _, last := range p.tasks {
			to := r.lst[last] + r.in.tasks[last].duration
			if to <= from {
				continue
			}
			work := 0.0
			for k, i := range p.tasks {
				d := r.in.tasks[i].duration
				if inside := min(to-from, d, r.est[i]+d-from, to-r.lst[i]); inside > 0 {
					work += float64(inside) * float64(p.units[k])
				}
			}
			if possible := p.work(to) - p.work(from); work > possible*(1+1e-9) {
				return true
			}
		}
	}
	return false
}

// work returns the capacity integrated from zero to t.
func (p *sharedPool) work(t Seconds) float64 {
	i := p.supply.segment(t)
	return p.area[i] + float64(p.supply.free[i])*float64(t-p.supply.at[i])
}
