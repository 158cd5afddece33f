package schedule

import "slices"

// bounds are what no schedule can undercut.
type bounds struct {
	head  []Seconds // by task: the earliest start with all resources to itself
	tail  []Seconds // by task: the least time from its end to the end of the plan
	path  Seconds   // the longest chain of tasks, by durations alone
	lower Seconds   // the best lower bound on the makespan
}

// bound computes the bounds; it fails where a task finds no room even alone.
func bound(in *instance) (bounds, int) {
	n := len(in.tasks)
	b := bounds{head: make([]Seconds, n), tail: make([]Seconds, n)}
	alone := newPlan(in)
	for r := range alone.profiles {
		alone.profiles[r].set(in.resources[r])
	}
	chain := make([]Seconds, n)
	for _, i := range in.order {
		j := &in.tasks[i]
		for _, before := range j.before {
			b.head[i] = max(b.head[i], b.head[before]+in.tasks[before].duration)
			chain[i] = max(chain[i], chain[before])
		}
		b.head[i] = alone.place(j, b.head[i])
		if b.head[i] >= Forever {
			return b, i
		}
		chain[i] += j.duration
		b.path = max(b.path, chain[i])
	}
	for k := n - 1; k >= 0; k-- {
		i := in.order[k]
		for _, after := range in.tasks[i].after {
			b.tail[i] = max(b.tail[i], in.tasks[after].duration+b.tail[after])
		}
		b.lower = max(b.lower, b.head[i]+in.tasks[i].duration+b.tail[i])
	}
	for _, p := range in.pools() {
		b.lower = max(b.lower, p.bound(in, b))
	}
	return b, -1
}

// pool is a resource, or a set of resources of which any would do, together
// with the tasks that can use nothing else.
type pool struct {
	members []int
	tasks   []int
	units   []int
}

// pools returns one pool for each resource needed by name and one for each
// different set of choices.
func (in *instance) pools() []pool {
	var pools []pool
	at := map[int]int{}
	for i, j := range in.tasks {
		for _, f := range j.fixed {
			k, known := at[f.resource]
			if !known {
				k = len(pools)
				at[f.resource] = k
				pools = append(pools, pool{members: []int{f.resource}})
			}
			pools[k].tasks, pools[k].units = append(pools[k].tasks, i), append(pools[k].units, f.units)
		}
	}
	var sets [][]int
	for _, j := range in.tasks {
		for _, c := range j.choices {
			members := slices.Clone(c.members)
			slices.Sort(members)
			if !slices.ContainsFunc(sets, func(s []int) bool { return slices.Equal(s, members) }) {
				sets = append(sets, members)
			}
		}
	}
	for _, members := range sets {
		pools = append(pools, in.poolOf(members))
	}
	return pools
}

// poolOf gathers everything that can only be met by the members.
func (in *instance) poolOf(members []int) pool {
	p := pool{members: members}
	inside := func(r int) bool { _, found := slices.BinarySearch(members, r); return found }
	for i, j := range in.tasks {
		units := 0
		for _, f := range j.fixed {
			if inside(f.resource) {
				units += f.units
			}
		}
		for _, c := range j.choices {
			if !slices.ContainsFunc(c.members, func(r int) bool { return !inside(r) }) {
				units += c.units
			}
		}
		if units > 0 {
			p.tasks, p.units = append(p.tasks, i), append(p.units, units)
		}
	}
	return p
}

// bound returns the energetic bound: the tasks that cannot start before some
// head and leave at least some tail behind must be worked between the two.
func (p pool) bound(in *instance, b bounds) Seconds {
	byTail := make([]int, len(p.tasks))
	heads := make([]Seconds, 0, len(p.tasks))
	for k, i := range p.tasks {
		byTail[k] = k
		heads = append(heads, b.head[i])
	}
	slices.SortStableFunc(byTail, func(x, y int) int { return compare(b.tail[p.tasks[y]], b.tail[p.tasks[x]]) })
	slices.Sort(heads)
	heads = slices.Compact(heads)
	const many = 2000 // keeps very large plans from quadratic work
	if len(heads) > many {
		heads = heads[:1]
	}
	best := Seconds(0)
	for _, head := range heads {
		work := float64(0)
		supply := p.supply(in, head)
		for _, k := range byTail {
			i := p.tasks[k]
			if b.head[i] < head {
				continue
			}
			work += float64(in.tasks[i].duration) * float64(p.units[k])
			best = max(best, supply.done(work)+b.tail[i])
		}
	}
	return best
}

// supply is the capacity of a pool from a time on.
type supply struct {
	profile
	from   Seconds
	at     int     // segment reached
	before float64 // work possible before it
}

func (p pool) supply(in *instance, from Seconds) *supply {
	joint := profile{[]Seconds{0}, []int{0}}
	for _, r := range p.members {
		capacity := in.resources[r]
		for i, at := range capacity.at {
			end := Forever
			if i+1 < len(capacity.at) {
				end = capacity.at[i+1]
			}
			joint.take(at, end, -capacity.free[i])
		}
	}
	return &supply{profile: joint, from: from, at: joint.segment(from)}
}

// done returns the earliest time at which so much work can be done; calls must
// ask for more and more work. Work is kept in floating point as it may exceed
// integers; the result is rounded down, which keeps it a bound.
func (s *supply) done(work float64) Seconds {
	for ; s.at < len(s.profile.at); s.at++ {
		start := max(s.from, s.profile.at[s.at])
		rest := work - s.before
		free := float64(s.free[s.at])
		if s.at+1 == len(s.profile.at) {
			if free == 0 {
				return Forever
			}
			return start + ceil(rest/free)
		}
		possible := free * float64(s.profile.at[s.at+1]-start)
		if possible >= rest {
			if free == 0 {
				return start
			}
			return start + ceil(rest/free)
		}
		s.before += possible
	}
	return Forever
}

// ceil rounds up, allowing for the error of floating point.
func ceil(x float64) Seconds {
	const slack = 1e-9
	x -= x * slack
	s := Seconds(x)
	if float64(s) < x {
		s++
	}
	return s
}
