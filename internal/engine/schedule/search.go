package schedule

import (
	"math"
	"math/rand/v2"
	"slices"
)

// search looks for a short schedule within a budget of schedules built.
type search struct {
	in     *instance
	bounds bounds
	left   int // schedules that may still be built
	built  int
	rand   *rand.Rand
	best   *plan
	found  bool
	stuck  int // the task that found no room in the last failed schedule
	plan   *plan
	back   *instance
	rank   []int // by task: place in the topological order
}

// individual is a list of tasks with the makespan of its improved schedule.
type individual struct {
	list     []int
	makespan Seconds
}

// The parameters of the genetic search, after Hartmann 1998.
const (
	population = 40
	mutation   = 0.05
)

func newSearch(in *instance, b bounds, budget int) *search {
	s := &search{
		in: in, bounds: b, left: max(budget, 1), stuck: -1,
		rand: rand.New(rand.NewPCG(20261, 1)),
		best: newPlan(in), plan: newPlan(in),
		back: in.reversed(0), rank: make([]int, len(in.tasks)),
	}
	for k, i := range in.order {
		s.rank[i] = k
	}
	return s
}

// over tells that the budget is spent or the best schedule proven optimal.
func (s *search) over() bool {
	return s.left <= 0 || s.found && s.best.makespan <= s.bounds.lower
}

func (s *search) run() {
	var people []individual
	try := func(list []int) {
		if !s.over() {
			people = append(people, s.improve(list))
		}
	}
	for _, rule := range s.rules() {
		try(s.listByRule(rule))
	}
	if s.found {
		s.bounds.lower = raise(s.in, s.bounds, s.best.makespan)
	}
	latest := s.rules()[0]
	for len(people) < population && !s.over() {
		try(s.sample(latest))
	}
	for !s.over() {
		people = survivors(people)
		parents := s.rand.Perm(len(people))
		for k := 0; k+1 < len(parents) && !s.over(); k += 2 {
			mother, father := people[parents[k]].list, people[parents[k+1]].list
			try(s.mutate(s.cross(mother, father)))
			try(s.mutate(s.cross(father, mother)))
		}
		if len(people) < 2 {
			try(s.sample(latest))
		}
	}
}

// survivors returns the best different individuals.
func survivors(people []individual) []individual {
	slices.SortStableFunc(people, func(a, b individual) int {
		if c := compare(a.makespan, b.makespan); c != 0 {
			return c
		}
		return slices.Compare(a.list, b.list)
	})
	people = slices.CompactFunc(people, func(a, b individual) bool { return slices.Equal(a.list, b.list) })
	return people[:min(len(people), population)]
}

// build builds the list and keeps the schedule if it is the best so far.
func (s *search) build(list []int) bool {
	s.left, s.built = s.left-1, s.built+1
	if stuck := s.plan.build(s.in, list); stuck >= 0 {
		s.stuck = stuck
		return false
	}
	if !s.found || s.plan.makespan < s.best.makespan {
		s.found = true
		s.best.set(s.plan)
	}
	return true
}

// improve builds the list and justifies the schedule to the right and back to
// the left, which never lengthens it unless people are chosen anew.
func (s *search) improve(list []int) individual {
	if !s.build(list) {
		return individual{list, Forever}
	}
	found := individual{list, s.plan.makespan}
	if s.over() {
		return found
	}
	if justified, ok := s.justify(); ok && justified.makespan <= found.makespan {
		return justified
	}
	return found
}

// justify moves the schedule in s.plan to the right and back to the left.
func (s *search) justify() (individual, bool) {
	end := func(i int) Seconds { return s.plan.start[i] + s.in.tasks[i].duration }
	list := slices.Clone(s.in.order)
	slices.SortStableFunc(list, func(a, b int) int {
		if c := compare(end(b), end(a)); c != 0 {
			return c
		}
		return s.rank[b] - s.rank[a]
	})
	horizon := s.plan.makespan
	s.back.mirror(s.in, horizon)
	s.left, s.built = s.left-1, s.built+1
	// Where people are chosen anew, a task may not find back into the horizon.
	if s.plan.build(s.back, list) >= 0 || s.plan.makespan > horizon {
		return individual{}, false
	}
	slices.SortStableFunc(list, func(a, b int) int {
		// Time runs backwards in s.plan: the first to start ends last there.
		if c := compare(s.plan.start[b]+s.in.tasks[b].duration, s.plan.start[a]+s.in.tasks[a].duration); c != 0 {
			return c
		}
		return s.rank[a] - s.rank[b]
	})
	if !s.build(list) {
		return individual{}, false
	}
	return individual{list, s.plan.makespan}, true
}

// rules returns the priority rules, as a value by task that is better small.
func (s *search) rules() [][]float64 {
	n := len(s.in.tasks)
	latestFinish, latestStart := make([]float64, n), make([]float64, n)
	rankWeight, successors := make([]float64, n), make([]float64, n)
	mostWork, slack := make([]float64, n), make([]float64, n)
	reach := s.in.successors()
	for i, j := range s.in.tasks {
		d := float64(j.duration)
		latestFinish[i] = -float64(s.bounds.tail[i])
		latestStart[i] = latestFinish[i] - d
		slack[i] = float64(s.bounds.head[i]) + latestStart[i]
		rankWeight[i] = -d
		for _, after := range j.after {
			rankWeight[i] -= float64(s.in.tasks[after].duration)
		}
		successors[i] = -float64(reach[i])
		for _, f := range j.fixed {
			mostWork[i] -= d * float64(f.units) / float64(max(1, s.in.capacity[f.resource]))
		}
		for _, c := range j.choices {
			mostWork[i] -= d * float64(c.units) / float64(len(c.members))
		}
		mostWork[i] += latestStart[i] / 10
	}
	return [][]float64{latestFinish, latestStart, successors, rankWeight, slack, mostWork}
}

// successors returns the number of tasks after each, at any distance; of very
// large plans only the direct ones.
func (in *instance) successors() []int {
	n := len(in.tasks)
	counts := make([]int, n)
	if n > 5000 {
		for i, j := range in.tasks {
			counts[i] = len(j.after)
		}
		return counts
	}
	words := (n + 63) / 64
	reach := make([]uint64, n*words)
	for k := n - 1; k >= 0; k-- {
		i := in.order[k]
		mine := reach[i*words : (i+1)*words]
		for _, after := range in.tasks[i].after {
			mine[after/64] |= 1 << (after % 64)
			for w, bits := range reach[after*words : (after+1)*words] {
				mine[w] |= bits
			}
		}
		for _, bits := range mine {
			for ; bits > 0; bits &= bits - 1 {
				counts[i]++
			}
		}
	}
	return counts
}

// listByRule returns the list that takes the best eligible task each time.
func (s *search) listByRule(rule []float64) []int {
	return s.list(func(eligible []int) int {
		best := 0
		for k, i := range eligible {
			if rule[i] < rule[eligible[best]] || rule[i] == rule[eligible[best]] && i < eligible[best] {
				best = k
			}
		}
		return best
	})
}

// sample draws a list in which better tasks are likelier to come early
// (regret-based biased random sampling, Drexl 1991).
func (s *search) sample(rule []float64) []int {
	var weights []float64
	return s.list(func(eligible []int) int {
		worst := math.Inf(-1)
		for _, i := range eligible {
			worst = max(worst, rule[i])
		}
		weights = weights[:0]
		total := 0.0
		for _, i := range eligible {
			total += worst - rule[i] + 1
			weights = append(weights, total)
		}
		drawn := s.rand.Float64() * total
		for k, w := range weights {
			if drawn < w {
				return k
			}
		}
		return len(eligible) - 1
	})
}

// list builds a list that respects precedence from repeated choices.
func (s *search) list(choose func(eligible []int) int) []int {
	waiting := make([]int, len(s.in.tasks))
	var eligible []int
	for i, j := range s.in.tasks {
		if waiting[i] = len(j.before); waiting[i] == 0 {
			eligible = append(eligible, i)
		}
	}
	list := make([]int, 0, len(s.in.tasks))
	for len(eligible) > 0 {
		k := choose(eligible)
		i := eligible[k]
		eligible = slices.Delete(eligible, k, k+1)
		list = append(list, i)
		for _, after := range s.in.tasks[i].after {
			if waiting[after]--; waiting[after] == 0 {
				eligible = append(eligible, after)
			}
		}
	}
	return list
}

// cross takes a stretch from the mother, one in the order of the father, and
// the rest in that of the mother: precedence holds in the child as it does in
// both (two-point crossover, Hartmann 1998).
func (s *search) cross(mother, father []int) []int {
	n := len(mother)
	from, to := s.rand.IntN(n+1), s.rand.IntN(n+1)
	if from > to {
		from, to = to, from
	}
	taken := make([]bool, n)
	child := make([]int, 0, n)
	add := func(list []int, until int) {
		for _, i := range list {
			if len(child) == until {
				return
			}
			if !taken[i] {
				taken[i] = true
				child = append(child, i)
			}
		}
	}
	add(mother, from)
	add(father, to)
	add(mother, n)
	return child
}

// mutate swaps neighbours that do not wait for one another, here and there.
func (s *search) mutate(list []int) []int {
	for k := 1; k < len(list); k++ {
		if s.rand.Float64() < mutation && !slices.Contains(s.in.tasks[list[k]].before, list[k-1]) {
			list[k-1], list[k] = list[k], list[k-1]
		}
	}
	return list
}
