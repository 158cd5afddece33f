package schedule

import (
	"fmt"
	"slices"
)

// instance is a checked problem on indices.
type instance struct {
	tasks     []job
	order     []int // topological, ties in input order
	resources []profile
	capacity  []int
	windows   [][]Window // merged; nil is always
	eligible  []int      // by resource: number of tasks that may use it
}

// job is a task on indices.
type job struct {
	duration      Seconds
	before, after []int // predecessors, successors
	fixed         []fixedNeed
	choices       []choice
}

type fixedNeed struct{ resource, units int }

// choice asks for different resources out of members.
type choice struct {
	members []int
	units   int
	need    int // index in the task's needs
}

// compile checks the problem and translates names to indices.
func compile(p Problem) (*instance, error) {
	in := &instance{}
	resources := make(map[string]int, len(p.Resources))
	for i, r := range p.Resources {
		if _, twice := resources[r.Name]; twice {
			return nil, fmt.Errorf("resource %q appears twice: give each resource a name of its own", r.Name)
		}
		if r.Capacity < 0 {
			return nil, fmt.Errorf("resource %q has capacity %d: give zero or more", r.Name, r.Capacity)
		}
		windows, err := mergeWindows(r)
		if err != nil {
			return nil, err
		}
		resources[r.Name] = i
		in.windows = append(in.windows, windows)
		in.capacity = append(in.capacity, r.Capacity)
		in.resources = append(in.resources, newProfile(r.Capacity, windows))
	}
	in.eligible = make([]int, len(p.Resources))
	tasks := make(map[string]int, len(p.Tasks))
	for i, t := range p.Tasks {
		if _, twice := tasks[t.Name]; twice {
			return nil, fmt.Errorf("task %q appears twice: give each task a name of its own", t.Name)
		}
		if t.Duration < 0 || t.Duration > longest {
			return nil, fmt.Errorf("task %q lasts %d seconds: give zero to %d", t.Name, t.Duration, longest)
		}
		tasks[t.Name] = i
	}
	in.tasks = make([]job, len(p.Tasks))
	for i, t := range p.Tasks {
		j := &in.tasks[i]
		j.duration = t.Duration
		for _, name := range t.After {
			before, known := tasks[name]
			if !known {
				return nil, fmt.Errorf("task %q comes after %q, which is no task of the plan", t.Name, name)
			}
			if !slices.Contains(j.before, before) {
				j.before = append(j.before, before)
				in.tasks[before].after = append(in.tasks[before].after, i)
			}
		}
		if err := in.needs(j, t, p, resources); err != nil {
			return nil, err
		}
	}
	for i := range in.tasks {
		for _, c := range in.tasks[i].choices {
			// Who can do little else comes first.
			slices.SortStableFunc(c.members, func(a, b int) int { return in.eligible[a] - in.eligible[b] })
		}
	}
	return in, in.sort(p)
}

// needs translates the needs of a task and checks each against the capacity.
func (in *instance) needs(j *job, t Task, p Problem, resources map[string]int) error {
	for k, n := range t.Needs {
		if n.Units < 0 || (n.Resource == "") == (len(n.AnyOf) == 0) {
			return fmt.Errorf("task %q has an unclear need: name one resource, or those of which any would do, and zero or more units", t.Name)
		}
		names := n.AnyOf
		if n.Resource != "" {
			names = []string{n.Resource}
		}
		var members []int
		for _, name := range names {
			r, known := resources[name]
			if !known {
				return fmt.Errorf("task %q needs %q, which is no resource of the plan", t.Name, name)
			}
			if !slices.Contains(members, r) {
				members = append(members, r)
			}
		}
		if n.Units == 0 || t.Duration == 0 {
			continue
		}
		for _, r := range members {
			in.eligible[r]++
		}
		if n.Resource == "" {
			members = slices.DeleteFunc(members, func(r int) bool { return in.capacity[r] < 1 })
			if len(members) < n.Units {
				return &CapacityError{t.Name, names, n.Units, len(members)}
			}
			j.choices = append(j.choices, choice{members, n.Units, k})
			continue
		}
		// Several needs of one resource add up.
		at := slices.IndexFunc(j.fixed, func(f fixedNeed) bool { return f.resource == members[0] })
		if at < 0 {
			at = len(j.fixed)
			j.fixed = append(j.fixed, fixedNeed{resource: members[0]})
		}
		j.fixed[at].units += n.Units
		if f := j.fixed[at]; f.units > in.capacity[f.resource] {
			return &CapacityError{t.Name, names, f.units, in.capacity[f.resource]}
		}
	}
	return nil
}

// sort orders the tasks topologically or returns the cycle.
func (in *instance) sort(p Problem) error {
	const (
		fresh = iota
		open
		done
	)
	state := make([]int, len(in.tasks))
	// An explicit stack: chains may be long.
	type frame struct{ task, next int }
	for root := range in.tasks {
		if state[root] != fresh {
			continue
		}
		stack := []frame{{task: root}}
		state[root] = open
		for len(stack) > 0 {
			top := &stack[len(stack)-1]
			before := in.tasks[top.task].before
			if top.next == len(before) {
				state[top.task] = done
				in.order = append(in.order, top.task)
				stack = stack[:len(stack)-1]
				continue
			}
			next := before[top.next]
			top.next++
			switch state[next] {
			case fresh:
				state[next] = open
				stack = append(stack, frame{task: next})
			case open:
				var cycle []string
				for _, f := range stack {
					if len(cycle) > 0 || f.task == next {
						cycle = append(cycle, p.Tasks[f.task].Name)
					}
				}
				return &CycleError{append(cycle, p.Tasks[next].Name)}
			}
		}
	}
	return nil
}

// mergeWindows returns the windows sorted, joined and from zero on; nil where
// the resource is always available.
func mergeWindows(r Resource) ([]Window, error) {
	if r.Windows == nil {
		return nil, nil
	}
	kept := []Window{}
	for _, w := range r.Windows {
		if w.To != Forever && w.To > longest || w.From > longest {
			return nil, fmt.Errorf("resource %q has a window from %d to %d: give bounds up to %d, or Forever as its end", r.Name, w.From, w.To, longest)
		}
		if w.From = max(w.From, 0); w.From < w.To {
			kept = append(kept, w)
		}
	}
	slices.SortFunc(kept, func(a, b Window) int { return compare(a.From, b.From) })
	merged := kept[:0]
	for _, w := range kept {
		if last := len(merged) - 1; last >= 0 && w.From <= merged[last].To {
			merged[last].To = max(merged[last].To, w.To)
			continue
		}
		merged = append(merged, w)
	}
	return merged, nil
}

func compare(a, b Seconds) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// reversed returns the instance with time running backwards from the horizon:
// a schedule of it, mirrored, is a schedule of the original.
func (in *instance) reversed(horizon Seconds) *instance {
	back := &instance{
		tasks:     make([]job, len(in.tasks)),
		order:     slices.Clone(in.order),
		resources: make([]profile, len(in.resources)),
		capacity:  in.capacity,
		eligible:  in.eligible,
	}
	slices.Reverse(back.order)
	for i, j := range in.tasks {
		j.before, j.after = j.after, j.before
		back.tasks[i] = j
	}
	back.mirror(in, horizon)
	return back
}

// mirror sets the availability to that of the original before the horizon.
func (in *instance) mirror(original *instance, horizon Seconds) {
	for r, windows := range original.windows {
		if windows == nil {
			in.resources[r] = original.resources[r]
			continue
		}
		mirrored := make([]Window, 0, len(windows))
		for i := len(windows) - 1; i >= 0; i-- {
			w := Window{max(0, horizon-windows[i].To), horizon - windows[i].From}
			if w.From < w.To {
				mirrored = append(mirrored, w)
			}
		}
		in.resources[r] = newProfile(in.capacity[r], mirrored)
	}
}
