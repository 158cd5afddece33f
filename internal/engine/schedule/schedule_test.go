package schedule

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func person(name string, windows ...Window) Resource {
	return Resource{Name: name, Capacity: 1, Windows: windows}
}

func TestSolve(t *testing.T) {
	uses := func(name string) []Need { return []Need{{Resource: name, Units: 1}} }
	anyOf := func(units int, names ...string) []Need { return []Need{{AnyOf: names, Units: units}} }
	for _, c := range []struct {
		name      string
		tasks     []Task
		resources []Resource
		makespan  Seconds
		optimal   bool
	}{
		{"a plan without tasks takes no time", nil, nil, 0, true},
		{"tasks that share nothing run at once",
			[]Task{{Name: "a", Duration: 5}, {Name: "b", Duration: 7}}, nil, 7, true},
		{"a chain of tasks takes the sum",
			[]Task{{Name: "a", Duration: 5}, {Name: "b", Duration: 7, After: []string{"a"}}, {Name: "c", Duration: 1, After: []string{"b"}}}, nil, 13, true},
		{"tasks may be listed before those they wait for",
			[]Task{{Name: "b", Duration: 7, After: []string{"a"}}, {Name: "a", Duration: 5}}, nil, 12, true},
		{"one person does one thing after the other",
			[]Task{{Name: "a", Duration: 5, Needs: uses("anna")}, {Name: "b", Duration: 7, Needs: uses("anna")}},
			[]Resource{person("anna")}, 12, true},
		{"two crews of a capacity of two work side by side",
			[]Task{{Name: "a", Duration: 5, Needs: uses("crew")}, {Name: "b", Duration: 7, Needs: uses("crew")}, {Name: "c", Duration: 2, Needs: uses("crew")}},
			[]Resource{{Name: "crew", Capacity: 2}}, 7, true},
		{"the longest of three tasks goes alone beside the other two",
			[]Task{{Name: "a", Duration: 4, Needs: uses("crew")}, {Name: "b", Duration: 4, Needs: uses("crew")}, {Name: "c", Duration: 8, Needs: uses("crew")}},
			[]Resource{{Name: "crew", Capacity: 2}}, 8, true},
		{"either of two people will do",
			[]Task{{Name: "a", Duration: 5, Needs: anyOf(1, "anna", "bruno")}, {Name: "b", Duration: 5, Needs: anyOf(1, "anna", "bruno")}},
			[]Resource{person("anna"), person("bruno")}, 5, true},
		{"who can do little else is taken first",
			[]Task{{Name: "a", Duration: 5, Needs: anyOf(1, "anna", "bruno")}, {Name: "b", Duration: 5, Needs: uses("anna")}},
			[]Resource{person("anna"), person("bruno")}, 5, true},
		{"a task that needs two of three people leaves one",
			[]Task{{Name: "a", Duration: 5, Needs: anyOf(2, "anna", "bruno", "chloe")}, {Name: "b", Duration: 5, Needs: anyOf(1, "anna", "bruno", "chloe")}},
			[]Resource{person("anna"), person("bruno"), person("chloe")}, 5, true},
		{"a person with two skills fills one place only",
			[]Task{{Name: "a", Duration: 5, Needs: []Need{{AnyOf: []string{"anna", "bruno"}, Units: 1}, {AnyOf: []string{"anna"}, Units: 1}}}},
			[]Resource{person("anna"), person("bruno")}, 5, true},
		{"work waits until a person comes in",
			[]Task{{Name: "a", Duration: 5, Needs: uses("anna")}},
			[]Resource{person("anna", Window{10, 20})}, 15, true},
		{"work that does not fit before the break waits until after it",
			[]Task{{Name: "a", Duration: 5, Needs: uses("anna")}},
			[]Resource{person("anna", Window{0, 4}, Window{10, Forever})}, 15, true},
		{"windows that touch are one",
			[]Task{{Name: "a", Duration: 5, Needs: uses("anna")}},
			[]Resource{person("anna", Window{3, 6}, Window{0, 3})}, 5, true},
		{"the colleague who is there takes over",
			[]Task{{Name: "a", Duration: 5, Needs: anyOf(1, "anna", "bruno")}},
			[]Resource{person("anna", Window{10, 20}), person("bruno", Window{2, 20})}, 7, true},
		{"a short task fills the gap before a window closes",
			[]Task{{Name: "long", Duration: 8, Needs: uses("anna")}, {Name: "short", Duration: 3, Needs: uses("anna")}},
			[]Resource{person("anna", Window{0, 4}, Window{10, 30})}, 18, true},
		{"a milestone takes no time and uses nothing",
			[]Task{{Name: "a", Duration: 5, Needs: uses("anna")}, {Name: "go", After: []string{"a"}, Needs: uses("anna")}, {Name: "b", Duration: 5, After: []string{"go"}, Needs: uses("anna")}},
			[]Resource{person("anna")}, 10, true},
		{"needs of one resource add up",
			[]Task{{Name: "a", Duration: 5, Needs: append(uses("crew"), uses("crew")...)}, {Name: "b", Duration: 5, Needs: uses("crew")}},
			[]Resource{{Name: "crew", Capacity: 2}}, 10, true},
		{"people and means together",
			[]Task{
				{Name: "detect", Duration: 600},
				{Name: "decide", Duration: 900, After: []string{"detect"}, Needs: uses("chief")},
				{Name: "storage", Duration: 3600, After: []string{"decide"}, Needs: anyOf(1, "anna", "bruno")},
				{Name: "network", Duration: 1800, After: []string{"decide"}, Needs: anyOf(1, "bruno")},
				{Name: "database", Duration: 5400, After: []string{"storage"}, Needs: anyOf(1, "anna")},
				{Name: "application", Duration: 1200, After: []string{"database", "network"}, Needs: anyOf(1, "anna", "bruno")},
				{Name: "verify", Duration: 600, After: []string{"application"}, Needs: uses("chief")},
			},
			[]Resource{person("anna"), person("bruno"), person("chief")}, 12300, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := Problem{c.tasks, c.resources}
			s, err := Solve(p, DefaultBudget)
			if err != nil {
				t.Fatal(err)
			}
			if err := verify(p, s); err != nil {
				t.Error(err)
			}
			if s.Makespan != c.makespan || s.Optimal != c.optimal {
				t.Errorf("makespan %d, optimal %t, bound %d; want %d, %t", s.Makespan, s.Optimal, s.LowerBound, c.makespan, c.optimal)
			}
			again, err := Solve(p, DefaultBudget)
			if err != nil || !reflect.DeepEqual(s, again) {
				t.Errorf("solving twice gives %+v and %+v", s, again)
			}
		})
	}
}

func TestSolveRefuses(t *testing.T) {
	anna := []Resource{person("anna")}
	for _, c := range []struct {
		name      string
		tasks     []Task
		resources []Resource
		kind      error
		says      string
	}{
		{"a cycle, whole and without what leads to it",
			[]Task{{Name: "x", After: []string{"b"}}, {Name: "a", After: []string{"c"}}, {Name: "b", After: []string{"a"}}, {Name: "c", After: []string{"b"}}}, nil,
			&CycleError{}, "tasks wait for one another: b after a after c after b; remove one of these dependencies"},
		{"a task after itself",
			[]Task{{Name: "a", After: []string{"a"}}}, nil,
			&CycleError{}, "a after a"},
		{"a need above the capacity",
			[]Task{{Name: "lift", Duration: 1, Needs: []Need{{Resource: "crane", Units: 3}}}}, []Resource{{Name: "crane", Capacity: 2}},
			&CapacityError{}, `task "lift" needs 3 of crane, which has 2`},
		{"needs that are together above the capacity",
			[]Task{{Name: "lift", Duration: 1, Needs: []Need{{Resource: "crane", Units: 1}, {Resource: "crane", Units: 2}}}}, []Resource{{Name: "crane", Capacity: 2}},
			&CapacityError{}, `needs 3 of crane`},
		{"more people than have the skill",
			[]Task{{Name: "lift", Duration: 1, Needs: []Need{{AnyOf: []string{"anna", "bruno"}, Units: 3}}}}, []Resource{person("anna"), person("bruno")},
			&CapacityError{}, `task "lift" needs 3 of anna, bruno, which has 2`},
		{"a task longer than every window",
			[]Task{{Name: "copy", Duration: 7200, Needs: []Need{{Resource: "anna", Units: 1}}}}, []Resource{person("anna", Window{0, 3600}, Window{7200, 10800})},
			&RoomError{}, `task "copy" needs 2h0m0s in one piece`},
		{"two skills that only one person has",
			[]Task{{Name: "copy", Duration: 1, Needs: []Need{{AnyOf: []string{"anna"}, Units: 1}, {AnyOf: []string{"anna"}, Units: 1}}}}, anna,
			&RoomError{}, `task "copy"`},
		{"more work than the last window holds",
			[]Task{{Name: "a", Duration: 3, Needs: []Need{{Resource: "anna", Units: 1}}}, {Name: "b", Duration: 3, Needs: []Need{{Resource: "anna", Units: 1}}}},
			[]Resource{person("anna", Window{0, 5})},
			&RoomError{}, "finds no room in the windows"},
		{"an unknown task", []Task{{Name: "a", After: []string{"z"}}}, nil, nil, `task "a" comes after "z"`},
		{"an unknown resource", []Task{{Name: "a", Duration: 1, Needs: []Need{{Resource: "z", Units: 1}}}}, nil, nil, `task "a" needs "z"`},
		{"a name twice", []Task{{Name: "a"}, {Name: "a"}}, nil, nil, `task "a" appears twice`},
		{"a resource twice", nil, []Resource{person("anna"), person("anna")}, nil, `resource "anna" appears twice`},
		{"a negative duration", []Task{{Name: "a", Duration: -1}}, nil, nil, `task "a" lasts -1`},
		{"a need of nothing named", []Task{{Name: "a", Needs: []Need{{Units: 1}}}}, nil, nil, `unclear need`},
		{"a negative capacity", nil, []Resource{{Name: "crane", Capacity: -1}}, nil, `capacity -1`},
		{"a window too far ahead", nil, []Resource{person("anna", Window{0, Forever - 1})}, nil, `window`},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, err := Solve(Problem{c.tasks, c.resources}, 100)
			if err == nil {
				t.Fatalf("solved: %+v", s)
			}
			if !strings.Contains(err.Error(), c.says) {
				t.Errorf("says %q, want %q", err, c.says)
			}
			if c.kind != nil && reflect.TypeOf(err) != reflect.TypeOf(c.kind) {
				t.Errorf("is a %T, want a %T", err, c.kind)
			}
		})
	}
}

func TestCriticalChainSaysWhy(t *testing.T) {
	uses := []Need{{Resource: "anna", Units: 1}}
	s, err := Solve(Problem{
		Tasks: []Task{
			{Name: "first", Duration: 4, Needs: uses},
			{Name: "second", Duration: 4, Needs: uses},
			{Name: "check", Duration: 2, After: []string{"second", "first"}},
		},
		Resources: []Resource{person("anna", Window{10, Forever})},
	}, DefaultBudget)
	if err != nil {
		t.Fatal(err)
	}
	want := []Link{{"first", AfterOpening, "", ""}, {"second", AfterRelease, "first", "anna"}, {"check", AfterTask, "second", ""}}
	if s.Slots[1].Start < s.Slots[0].Start {
		want[0].Task, want[1].Task, want[1].Awaited, want[2].Awaited = "second", "first", "second", "first"
	}
	if !reflect.DeepEqual(s.CriticalChain, want) {
		t.Errorf("the chain is %+v, want %+v", s.CriticalChain, want)
	}
}

// drawProblem draws small plans with people, means, choices and windows.
func drawProblem(t *rapid.T) Problem {
	var p Problem
	people := rapid.IntRange(1, 4).Draw(t, "people")
	var names []string
	for k := range people {
		r := person(fmt.Sprint("person", k))
		if rapid.Bool().Draw(t, "part time") {
			for day := range Seconds(60) {
				r.Windows = append(r.Windows, Window{day*24 + 8, day*24 + 18})
			}
		}
		p.Resources, names = append(p.Resources, r), append(names, r.Name)
	}
	p.Resources = append(p.Resources, Resource{Name: "crane", Capacity: 3})
	for k := range rapid.IntRange(1, 9).Draw(t, "tasks") {
		task := Task{Name: fmt.Sprint("task", k), Duration: Seconds(rapid.IntRange(0, 10).Draw(t, "duration"))}
		for before := range k {
			if rapid.IntRange(0, 3).Draw(t, "after") == 0 {
				task.After = append(task.After, fmt.Sprint("task", before))
			}
		}
		if rapid.Bool().Draw(t, "by anyone") {
			from := rapid.IntRange(0, people-1).Draw(t, "first able")
			able := names[from:]
			task.Needs = append(task.Needs, Need{AnyOf: able, Units: rapid.IntRange(1, len(able)).Draw(t, "together")})
		} else {
			task.Needs = append(task.Needs, Need{Resource: rapid.SampledFrom(names).Draw(t, "person"), Units: 1})
		}
		if units := rapid.IntRange(0, 3).Draw(t, "crane"); units > 0 {
			task.Needs = append(task.Needs, Need{Resource: "crane", Units: units})
		}
		p.Tasks = append(p.Tasks, task)
	}
	return p
}

func TestEverySchedulePassesVerification(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := drawProblem(t)
		s, err := Solve(p, 60)
		var room *RoomError
		if errors.As(err, &room) {
			return // part-time people who never meet for long enough
		}
		if err != nil {
			t.Fatal(err)
		}
		if err := verify(p, s); err != nil {
			t.Fatalf("%v\n%+v\n%+v", err, p, s)
		}
	})
}

// TestBoundsHoldAgainstAllOrders compares with the best schedule over every
// order of few tasks, which is optimal where nobody is chosen.
func TestBoundsHoldAgainstAllOrders(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := drawProblem(t)
		p.Tasks = p.Tasks[:min(len(p.Tasks), 6)]
		chosen := false
		for _, task := range p.Tasks {
			for _, n := range task.Needs {
				chosen = chosen || n.Resource == ""
			}
		}
		s, err := Solve(p, DefaultBudget)
		if err != nil {
			return
		}
		in, err := compile(p)
		if err != nil {
			t.Fatal(err)
		}
		best := Forever
		plan := newPlan(in)
		var place func(list []int)
		place = func(list []int) {
			if len(list) == len(in.tasks) {
				if plan.build(in, list) < 0 {
					best = min(best, plan.makespan)
				}
				return
			}
			for i, j := range in.tasks {
				ready := true
				for _, b := range j.before {
					ready = ready && contains(list, b)
				}
				if ready && !contains(list, i) {
					place(append(list[:len(list):len(list)], i))
				}
			}
		}
		place(nil)
		if s.LowerBound > best {
			t.Fatalf("bound %d above the schedule of %d\n%+v", s.LowerBound, best, p)
		}
		if !chosen && s.Makespan != best {
			t.Fatalf("makespan %d, by all orders %d\n%+v", s.Makespan, best, p)
		}
	})
}

func contains(list []int, i int) bool {
	for _, k := range list {
		if k == i {
			return true
		}
	}
	return false
}

func TestSecondsRoundUp(t *testing.T) {
	for d, want := range map[time.Duration]Seconds{0: 0, 1: 1, time.Second: 1, time.Second + 1: 2, -time.Second: -1} {
		if got := FromDuration(d); got != want {
			t.Errorf("%s is %d seconds, want %d", d, got, want)
		}
	}
	if d := Forever.Duration(); d <= 0 {
		t.Errorf("forever lasts %s", d)
	}
}

func TestLongChainsAreSolved(t *testing.T) {
	const n = 3000
	p := Problem{Resources: []Resource{person("anna")}}
	for k := range n {
		task := Task{Name: fmt.Sprint(k), Duration: 1, Needs: []Need{{Resource: "anna", Units: 1}}}
		if k+1 < n {
			task.After = []string{fmt.Sprint(k + 1)}
		}
		p.Tasks = append(p.Tasks, task)
	}
	s, err := Solve(p, 10)
	if err != nil || s.Makespan != n || !s.Optimal {
		t.Errorf("makespan %d, optimal %t, %v", s.Makespan, s.Optimal, err)
	}
}
