package schedule

import "slices"

// Budget is the number of schedules that may be built.
type Budget int

// DefaultBudget is enough for a few dozen tasks to come within a percent or
// two of the best schedule.
const DefaultBudget Budget = 2000

// Use is what a task uses while it runs.
type Use struct {
	// Need is the index among the needs of the task.
	Need     int
	Resource string
	Units    int
}

// Slot is a task in its place.
type Slot struct {
	Task       string
	Start, End Seconds
	// Uses are the people and means, in the order of the needs.
	Uses []Use
}

// Reason says why a task of the critical chain does not start earlier.
type Reason string

// The reasons for a start.
const (
	// FromStart is the beginning of the plan.
	FromStart Reason = "start"
	// AfterTask waits for a task that it comes after.
	AfterTask Reason = "precedence"
	// AfterRelease waits for a resource that another task releases.
	AfterRelease Reason = "resource"
	// AfterOpening waits for a window of a resource to open.
	AfterOpening Reason = "window"
)

// Link is one task of the critical chain.
type Link struct {
	Task   string
	Reason Reason
	// Awaited is the task waited for, Resource what it releases; empty where
	// the reason has none.
	Awaited, Resource string
}

// Schedule is a feasible plan.
type Schedule struct {
	// Slots hold every task, in the order of the problem.
	Slots []Slot
	// Makespan is the end of the last task.
	Makespan Seconds
	// LowerBound is a makespan that no schedule can undercut.
	LowerBound Seconds
	// Optimal tells that the makespan meets the bound: no schedule is shorter.
	Optimal bool
	// CriticalPath is the length of the longest chain of tasks if nothing
	// were scarce.
	CriticalPath Seconds
	// CriticalChain leads from the start of the plan, or from the opening of
	// a window, to the end of the last task without a pause: to end earlier,
	// one of these tasks must become shorter, or what it waits for free.
	CriticalChain []Link
	// Built is the number of schedules built to find this one.
	Built int
}

// Solve returns the best schedule found within the budget, at least one
// schedule being built. It fails with a *CycleError, a *CapacityError, a
// *RoomError, or an error that names a mistake in the problem.
func Solve(p Problem, budget Budget) (Schedule, error) {
	in, err := compile(p)
	if err != nil {
		return Schedule{}, err
	}
	b, stuck := bound(in)
	if stuck >= 0 {
		return Schedule{}, &RoomError{p.Tasks[stuck].Name, p.Tasks[stuck].Duration, true}
	}
	s := newSearch(in, b, int(budget))
	s.run()
	if !s.found {
		return Schedule{}, &RoomError{p.Tasks[s.stuck].Name, p.Tasks[s.stuck].Duration, false}
	}
	return s.report(p), nil
}

// report translates the best plan back to names.
func (s *search) report(p Problem) Schedule {
	r := Schedule{
		Slots:        make([]Slot, len(p.Tasks)),
		Makespan:     s.best.makespan,
		LowerBound:   s.bounds.lower,
		Optimal:      s.best.makespan == s.bounds.lower,
		CriticalPath: s.bounds.path,
		Built:        s.built,
	}
	for i, t := range p.Tasks {
		r.Slots[i] = Slot{t.Name, s.best.start[i], s.best.start[i] + t.Duration, s.uses(p, i)}
	}
	for _, l := range s.criticalChain() {
		link := Link{Task: p.Tasks[l.task].Name, Reason: l.reason}
		if l.awaited >= 0 {
			link.Awaited = p.Tasks[l.awaited].Name
		}
		if l.resource >= 0 {
			link.Resource = p.Resources[l.resource].Name
		}
		r.CriticalChain = append(r.CriticalChain, link)
	}
	return r
}

func (s *search) uses(p Problem, i int) []Use {
	t, j := p.Tasks[i], s.in.tasks[i]
	if t.Duration == 0 {
		return nil
	}
	chosen := s.best.chosen[i]
	var uses []Use
	c := 0
	for k, n := range t.Needs {
		switch {
		case n.Units == 0:
		case n.Resource != "":
			uses = append(uses, Use{k, n.Resource, n.Units})
		default:
			for range j.choices[c].units {
				uses = append(uses, Use{k, p.Resources[chosen[0]].Name, 1})
				chosen = chosen[1:]
			}
			c++
		}
	}
	return uses
}

// chainLink is a Link on indices, -1 for none.
type chainLink struct {
	task              int
	reason            Reason
	awaited, resource int
}

// criticalChain walks back from the last end to what each start waited for.
func (s *search) criticalChain() []chainLink {
	end := func(i int) Seconds { return s.best.start[i] + s.in.tasks[i].duration }
	at := -1
	for _, i := range s.in.order {
		if end(i) == s.best.makespan {
			at = i
		}
	}
	var chain []chainLink
	for at >= 0 {
		link := chainLink{at, AfterOpening, -1, -1}
		start := s.best.start[at]
		for _, b := range s.in.tasks[at].before {
			if end(b) == start && (link.awaited < 0 || s.in.tasks[b].duration > s.in.tasks[link.awaited].duration) {
				link.reason, link.awaited = AfterTask, b
			}
		}
		switch {
		case start == 0 && link.awaited < 0:
			link.reason = FromStart
		case link.awaited < 0:
			if i, r := s.released(at); i >= 0 {
				link.reason, link.awaited, link.resource = AfterRelease, i, r
			}
		}
		chain = append(chain, link)
		at = link.awaited
	}
	slices.Reverse(chain)
	return chain
}

// released returns a task that ends when the task starts and the resource that
// it releases to it.
func (s *search) released(task int) (other, resource int) {
	wanted := s.in.tasks[task].wanted()
	for _, i := range s.in.order {
		j := s.in.tasks[i]
		if j.duration == 0 || s.best.start[i]+j.duration != s.best.start[task] {
			continue
		}
		for _, f := range j.fixed {
			if slices.Contains(wanted, f.resource) {
				return i, f.resource
			}
		}
		for _, r := range s.best.chosen[i] {
			if slices.Contains(wanted, r) {
				return i, r
			}
		}
	}
	return -1, -1
}

// wanted returns the resources that a task could use.
func (j job) wanted() []int {
	var all []int
	for _, f := range j.fixed {
		all = append(all, f.resource)
	}
	for _, c := range j.choices {
		all = append(all, c.members...)
	}
	return all
}
