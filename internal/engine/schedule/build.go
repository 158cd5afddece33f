package schedule

// plan is a schedule on indices, with the memory to build the next one.
type plan struct {
	start    []Seconds
	chosen   [][]int // by task: the resources that meet its choices, in their order
	makespan Seconds
	profiles []profile
	match    matching
}

func newPlan(in *instance) *plan {
	return &plan{
		start:    make([]Seconds, len(in.tasks)),
		chosen:   make([][]int, len(in.tasks)),
		profiles: make([]profile, len(in.resources)),
	}
}

// set makes p a copy of the other's result.
func (p *plan) set(o *plan) {
	copy(p.start, o.start)
	for i, c := range o.chosen {
		p.chosen[i] = append(p.chosen[i][:0], c...)
	}
	p.makespan = o.makespan
}

// build is the serial schedule generation scheme: each task of the list, which
// must respect precedence, starts as early as what is placed before it allows.
// It returns the task that finds no room, -1 if all do.
func (p *plan) build(in *instance, list []int) int {
	for r := range p.profiles {
		p.profiles[r].set(in.resources[r])
	}
	p.makespan = 0
	for _, i := range list {
		j := &in.tasks[i]
		earliest := Seconds(0)
		for _, b := range j.before {
			earliest = max(earliest, p.start[b]+in.tasks[b].duration)
		}
		start := p.place(j, earliest)
		if start >= Forever {
			return i
		}
		end := start + j.duration
		for _, f := range j.fixed {
			p.profiles[f.resource].take(start, end, f.units)
		}
		p.chosen[i] = append(p.chosen[i][:0], p.match.chosen...)
		for _, r := range p.match.chosen {
			p.profiles[r].take(start, end, 1)
		}
		p.start[i] = start
		p.makespan = max(p.makespan, end)
	}
	return -1
}

// place returns the first start from earliest on at which all needs are met
// and leaves the resources chosen in p.match.
func (p *plan) place(j *job, earliest Seconds) Seconds {
	p.match.chosen = p.match.chosen[:0]
	start := earliest
	for {
		settled := start
		for again := len(j.fixed) > 0; again; {
			again = false
			for _, f := range j.fixed {
				t := p.profiles[f.resource].fit(settled, j.duration, f.units)
				if t >= Forever {
					return Forever
				}
				if t > settled {
					settled, again = t, len(j.fixed) > 1
				}
			}
		}
		start = settled
		if len(j.choices) == 0 {
			return start
		}
		next := p.match.find(p.profiles, j, start)
		if next <= start || next >= Forever {
			return next
		}
		start = next
	}
}

// matching assigns different resources to the choices of a task by augmenting
// paths (Kuhn).
type matching struct {
	chosen []int // by slot
	slots  []*choice
	holder map[int]int // resource to slot
	free   map[int]bool
	seen   map[int]bool
}

// find assigns resources that are free for the whole task at the start and
// returns the start; or, where they do not suffice, the next time at which one
// more becomes free.
func (m *matching) find(profiles []profile, j *job, start Seconds) Seconds {
	if m.free == nil {
		m.holder, m.free, m.seen = map[int]int{}, map[int]bool{}, map[int]bool{}
	}
	clear(m.holder)
	clear(m.free)
	m.slots = m.slots[:0]
	next := Forever
	for c := range j.choices {
		for _, r := range j.choices[c].members {
			if _, known := m.free[r]; known {
				continue
			}
			t := profiles[r].fit(start, j.duration, 1+j.fixedUnits(r))
			m.free[r] = t == start
			if t > start {
				next = min(next, t)
			}
		}
		for range j.choices[c].units {
			m.slots = append(m.slots, &j.choices[c])
		}
	}
	for s := range m.slots {
		clear(m.seen)
		if !m.augment(s) {
			return next
		}
	}
	m.chosen = append(m.chosen[:0], make([]int, len(m.slots))...)
	for r, s := range m.holder {
		m.chosen[s] = r
	}
	return start
}

func (j *job) fixedUnits(resource int) int {
	for _, f := range j.fixed {
		if f.resource == resource {
			return f.units
		}
	}
	return 0
}

// augment gives slot s a resource, moving others if need be.
func (m *matching) augment(s int) bool {
	for _, r := range m.slots[s].members {
		if !m.free[r] || m.seen[r] {
			continue
		}
		m.seen[r] = true
		if other, held := m.holder[r]; !held || m.augment(other) {
			m.holder[r] = s
			return true
		}
	}
	return false
}
