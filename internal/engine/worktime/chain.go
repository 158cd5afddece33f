package worktime

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Step is one link of a restoration: it begins when all steps it comes after
// have ended, takes Duration of the running time of its own Clock, and hands
// over at its end. A suspension of the step is one of its Clock.
type Step struct {
	// Name is unique in the chain.
	Name string
	// After names the steps whose ends this one waits for; a step after none
	// begins at the failure.
	After    []string
	Duration time.Duration
	Clock    *Clock
}

// InSequence returns the steps, each after the one before it.
func InSequence(steps ...Step) []Step {
	chained := slices.Clone(steps)
	for i := 1; i < len(chained); i++ {
		chained[i].After = []string{chained[i-1].Name}
	}
	return chained
}

// Chain is a checked network of steps. It restores when its last step ends:
// sequences add up, parallel steps count by the slowest. A chain without steps
// restores at once. It is immutable and may be shared between goroutines.
type Chain struct {
	steps []Step // in an order that respects After
	after [][]int
	last  []int // steps that no other waits for
}

// CycleError tells that steps wait for one another.
type CycleError struct {
	// Steps is the cycle, each after the next; the first is repeated last.
	Steps []string
}

// Error names the whole cycle.
func (e *CycleError) Error() string {
	return fmt.Sprintf("steps wait for one another: %s; remove one of these dependencies", strings.Join(e.Steps, " after "))
}

// NewChain checks the steps: names unique and known, durations not negative,
// clocks present, no cycle (a *CycleError).
func NewChain(steps []Step) (*Chain, error) {
	index := make(map[string]int, len(steps))
	for i, s := range steps {
		if _, twice := index[s.Name]; twice {
			return nil, fmt.Errorf("step %q appears twice: give each step a name of its own", s.Name)
		}
		if s.Duration < 0 {
			return nil, fmt.Errorf("step %q lasts %s: give a duration of zero or more", s.Name, s.Duration)
		}
		if s.Clock == nil {
			return nil, fmt.Errorf("step %q has no clock: say in which hours it is worked on", s.Name)
		}
		index[s.Name] = i
	}
	for _, s := range steps {
		for _, name := range s.After {
			if _, known := index[name]; !known {
				return nil, fmt.Errorf("step %q comes after %q, which is no step of the chain", s.Name, name)
			}
		}
	}
	return sortSteps(steps, index)
}

// sortSteps orders the steps depth first and keeps the input order otherwise.
func sortSteps(steps []Step, index map[string]int) (*Chain, error) {
	c := &Chain{}
	place := make(map[string]int, len(steps))
	var path []string
	awaited := make(map[string]bool, len(steps))
	var visit func(name string) error
	visit = func(name string) error {
		if _, done := place[name]; done {
			return nil
		}
		if i := slices.Index(path, name); i >= 0 {
			return &CycleError{append(slices.Clone(path[i:]), name)}
		}
		path = append(path, name)
		step := steps[index[name]]
		for _, before := range step.After {
			if err := visit(before); err != nil {
				return err
			}
		}
		path = path[:len(path)-1]
		after := make([]int, len(step.After))
		for i, before := range step.After {
			after[i], awaited[before] = place[before], true
		}
		place[name] = len(c.steps)
		c.steps, c.after = append(c.steps, step), append(c.after, after)
		return nil
	}
	for _, s := range steps {
		if err := visit(s.Name); err != nil {
			return nil, err
		}
	}
	for i, s := range c.steps {
		if !awaited[s.Name] {
			c.last = append(c.last, i)
		}
	}
	return c, nil
}

// Leg is the evidence of one step: who, from, to.
type Leg struct {
	Name string
	// From is the hand-over to the step, To its end. Where Never is set, the
	// step does not end within the horizon of its clock and To is zero; where
	// NotBegun is set as well, a step before it never ended and From is zero.
	From, To        time.Time
	Never, NotBegun bool
	// Critical tells that the restoration waited for this step.
	Critical bool
}

// Restoration is what follows from a failure at one instant.
type Restoration struct {
	FailedAt time.Time
	// RestoredAt is the end of the last step; zero where Never is set.
	RestoredAt time.Time
	// Never tells that some step does not end within the horizon of its clock.
	Never bool
	// Legs are the steps in the order of their dependencies.
	Legs []Leg
}

// Restore follows the chain from a failure at t.
func (c *Chain) Restore(t time.Time) Restoration {
	return c.restore(moment{at: offsetOf(t)}, t)
}

// moment is an instant or, with after set, the limit of instants approaching
// it from the right.
type moment struct {
	at    offset
	after bool
}

func (m moment) compare(o moment) int {
	switch {
	case m.at < o.at, m.at == o.at && !m.after && o.after:
		return -1
	case m == o:
		return 0
	}
	return 1
}

func laterMoment(a, b moment) moment {
	if a.compare(b) < 0 {
		return b
	}
	return a
}

// end returns the end of the step for a hand-over at m.
func (s Step) end(m moment) moment {
	if m.after {
		at, after := s.Clock.addAfter(m.at, s.Duration)
		return moment{at, after}
	}
	return moment{at: s.Clock.add(m.at, s.Duration)}
}

// walk returns the hand-over to and the end of each step, and the restoration.
func (c *Chain) walk(failure moment) (begins, ends []moment, restored moment) {
	begins, ends = make([]moment, len(c.steps)), make([]moment, len(c.steps))
	for i, s := range c.steps {
		begins[i] = failure
		for _, before := range c.after[i] {
			begins[i] = laterMoment(begins[i], ends[before])
		}
		ends[i] = s.end(begins[i])
	}
	restored = failure
	for _, i := range c.last {
		restored = laterMoment(restored, ends[i])
	}
	return begins, ends, restored
}

func (c *Chain) restore(failure moment, failedAt time.Time) Restoration {
	begins, ends, restored := c.walk(failure)
	r := Restoration{FailedAt: failedAt, Never: restored.at == never, Legs: make([]Leg, len(c.steps))}
	if !r.Never {
		r.RestoredAt = restored.at.time()
	}
	for i, s := range c.steps {
		leg := Leg{Name: s.Name, Never: ends[i].at == never, NotBegun: begins[i].at == never}
		if !leg.NotBegun {
			leg.From = begins[i].at.time()
		}
		if !leg.Never {
			leg.To = ends[i].at.time()
		}
		r.Legs[i] = leg
	}
	c.markCritical(r.Legs, begins, ends, restored)
	return r
}

// markCritical walks back from the restoration over the steps that it waited for.
func (c *Chain) markCritical(legs []Leg, begins, ends []moment, restored moment) {
	awaited := make([]bool, len(c.steps))
	for _, i := range c.last {
		awaited[i] = ends[i] == restored
	}
	for i := len(c.steps) - 1; i >= 0; i-- {
		if !awaited[i] {
			continue
		}
		legs[i].Critical = true
		for _, before := range c.after[i] {
			awaited[before] = awaited[before] || ends[before] == begins[i]
		}
	}
}
