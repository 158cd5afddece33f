package schedule

import "fmt"

// verify checks a schedule against the problem from the definitions alone.
func verify(p Problem, s Schedule) error {
	slots := map[string]Slot{}
	resources := map[string]Resource{}
	for _, r := range p.Resources {
		resources[r.Name] = r
	}
	last := Seconds(0)
	if len(s.Slots) != len(p.Tasks) {
		return fmt.Errorf("%d slots for %d tasks", len(s.Slots), len(p.Tasks))
	}
	for i, slot := range s.Slots {
		t := p.Tasks[i]
		if slot.Task != t.Name || slot.Start < 0 || slot.End-slot.Start != t.Duration {
			return fmt.Errorf("slot %+v does not fit task %q of %d", slot, t.Name, t.Duration)
		}
		slots[t.Name] = slot
		last = max(last, slot.End)
		if err := verifyUses(t, slot); err != nil {
			return err
		}
	}
	if s.Makespan != last || s.LowerBound > s.Makespan || s.CriticalPath > s.LowerBound || s.Optimal != (s.LowerBound == s.Makespan) {
		return fmt.Errorf("makespan %d, bound %d, path %d, optimal %t; the last task ends at %d", s.Makespan, s.LowerBound, s.CriticalPath, s.Optimal, last)
	}
	for _, t := range p.Tasks {
		for _, before := range t.After {
			if slots[before].End > slots[t.Name].Start {
				return fmt.Errorf("%q starts at %d, before the end of %q at %d", t.Name, slots[t.Name].Start, before, slots[before].End)
			}
		}
	}
	// Usage changes at starts only for the worse, so these are the times to look at.
	for _, at := range s.Slots {
		used := map[string]int{}
		for _, slot := range s.Slots {
			if slot.Start <= at.Start && at.Start < slot.End {
				for _, u := range slot.Uses {
					used[u.Resource] += u.Units
				}
			}
		}
		for name, units := range used {
			if units > resources[name].Capacity {
				return fmt.Errorf("at %d %q is used %d of %d", at.Start, name, units, resources[name].Capacity)
			}
		}
		for _, u := range at.Uses {
			if !available(resources[u.Resource], at.Start, at.End) {
				return fmt.Errorf("%q is not available for %q from %d to %d", u.Resource, at.Task, at.Start, at.End)
			}
		}
	}
	return verifyChain(p, s, slots)
}

func verifyUses(t Task, slot Slot) error {
	met := make([]int, len(t.Needs))
	for _, u := range slot.Uses {
		n := t.Needs[u.Need]
		met[u.Need] += u.Units
		if n.Resource != "" {
			if u.Resource != n.Resource {
				return fmt.Errorf("%q uses %q for its need of %q", t.Name, u.Resource, n.Resource)
			}
			continue
		}
		eligible := false
		for _, name := range n.AnyOf {
			eligible = eligible || name == u.Resource
		}
		twice := 0
		for _, other := range slot.Uses {
			if other.Resource == u.Resource && t.Needs[other.Need].Resource == "" {
				twice++
			}
		}
		if !eligible || u.Units != 1 || twice != 1 {
			return fmt.Errorf("%q uses %d of %q for one of %v, %d times", t.Name, u.Units, u.Resource, n.AnyOf, twice)
		}
	}
	for k, n := range t.Needs {
		if met[k] != n.Units && t.Duration > 0 {
			return fmt.Errorf("%q has %d of %d for need %d", t.Name, met[k], n.Units, k)
		}
	}
	return nil
}

// available steps through the windows from start to end.
func available(r Resource, start, end Seconds) bool {
	if r.Windows == nil {
		return true
	}
	for at := start; at < end; {
		reached := at
		for _, w := range r.Windows {
			if w.From <= at && at < w.To {
				reached = max(reached, w.To)
			}
		}
		if reached == at {
			return false
		}
		at = reached
	}
	return true
}

func verifyChain(p Problem, s Schedule, slots map[string]Slot) error {
	if len(s.CriticalChain) == 0 {
		if len(p.Tasks) > 0 {
			return fmt.Errorf("no critical chain")
		}
		return nil
	}
	for k, l := range s.CriticalChain {
		slot := slots[l.Task]
		switch l.Reason {
		case FromStart:
			if k != 0 || slot.Start != 0 {
				return fmt.Errorf("link %d %+v starts at %d", k, l, slot.Start)
			}
		case AfterOpening:
			if k != 0 {
				return fmt.Errorf("link %d %+v waits for a window inside the chain", k, l)
			}
		case AfterTask, AfterRelease:
			if k == 0 || l.Awaited != s.CriticalChain[k-1].Task || slots[l.Awaited].End != slot.Start {
				return fmt.Errorf("link %d %+v does not follow %q", k, l, l.Awaited)
			}
			if (l.Reason == AfterRelease) != (l.Resource != "") {
				return fmt.Errorf("link %d %+v: resource", k, l)
			}
		}
	}
	if final := s.CriticalChain[len(s.CriticalChain)-1]; slots[final.Task].End != s.Makespan {
		return fmt.Errorf("the critical chain ends with %q at %d", final.Task, slots[final.Task].End)
	}
	return nil
}
