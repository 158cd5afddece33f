package schedule

import (
	"fmt"
	"strings"
	"time"
)

// Seconds is a point of a schedule, counted from its start, or a length of
// time.
type Seconds int64

// Forever is the end of a window that does not close.
const Forever Seconds = 1 << 60

// longest bounds durations and window bounds so that sums cannot overflow; it
// is over 34 000 years.
const longest Seconds = 1 << 40

// FromDuration returns the duration in whole seconds, rounded up.
func FromDuration(d time.Duration) Seconds {
	s := Seconds(d / time.Second)
	if d%time.Second > 0 {
		s++
	}
	return s
}

// Duration returns the length as a time.Duration, saturated at 292 years.
func (s Seconds) Duration() time.Duration {
	const most = Seconds(1<<63-1) / Seconds(time.Second)
	return time.Duration(min(max(s, -most), most)) * time.Second
}

// Window is a half-open stretch in which a resource is available.
type Window struct {
	From, To Seconds
}

// Resource is a person or a means that tasks use while they run and give back
// afterwards.
type Resource struct {
	// Name is unique among the resources.
	Name string
	// Capacity is the number of units, one for a person.
	Capacity int
	// Windows bound the availability; nil is always. They may come in any
	// order and overlap. A task must lie in them from start to end.
	Windows []Window
}

// Need is what a task uses from its start to its end: either Units of one
// Resource, or Units different ones out of AnyOf (the people with a skill), a
// single unit of each.
type Need struct {
	Resource string
	AnyOf    []string
	Units    int
}

// Task is a piece of work that runs without interruption. A task of no
// duration is a milestone; it uses nothing.
type Task struct {
	// Name is unique among the tasks.
	Name     string
	Duration Seconds
	// After names the tasks that must have ended before this one starts.
	After []string
	Needs []Need
}

// Problem is a set of tasks and the resources that they share.
type Problem struct {
	Tasks     []Task
	Resources []Resource
}

// CycleError tells that tasks wait for one another.
type CycleError struct {
	// Tasks is the cycle, each after the next; the first is repeated last.
	Tasks []string
}

// Error names the whole cycle.
func (e *CycleError) Error() string {
	return fmt.Sprintf("tasks wait for one another: %s; remove one of these dependencies", strings.Join(e.Tasks, " after "))
}

// CapacityError tells that a task needs more of a resource than there is.
type CapacityError struct {
	Task string
	// Resources are the one resource needed, or those of which any would do.
	Resources []string
	// Needed and Capacity are in units, or in different resources where any
	// would do.
	Needed, Capacity int
}

// Error names the task, the resource and both figures.
func (e *CapacityError) Error() string {
	return fmt.Sprintf("task %q needs %d of %s, which has %d: raise the capacity or lower the need",
		e.Task, e.Needed, strings.Join(e.Resources, ", "), e.Capacity)
}

// RoomError tells that a task finds no time at which its needs are met.
type RoomError struct {
	Task     string
	Duration Seconds
	// Alone tells that the task would find no room even if it were the only
	// one; otherwise the tasks placed before it take what there is, and a
	// schedule may still exist.
	Alone bool
}

// Error names the task and what to change.
func (e *RoomError) Error() string {
	if e.Alone {
		return fmt.Sprintf("task %q needs %s in one piece, but its resources are never together available so long: widen their windows or split the task", e.Task, e.Duration.Duration())
	}
	return fmt.Sprintf("task %q (%s) finds no room in the windows of its resources after the tasks placed before it: widen the windows or add capacity", e.Task, e.Duration.Duration())
}
