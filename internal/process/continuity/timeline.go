package continuity

import (
	"errors"
	"slices"
	"strconv"
	"time"

	"diapason/internal/engine/schedule"
	"diapason/internal/finding"
	"diapason/internal/model"
)

// Fault says why no timeline of a plan can be made.
type Fault string

// The faults of a plan.
const (
	NoSteps    Fault = "no-steps"    // it has none
	NoDuration Fault = "no-duration" // a step does not say how long it takes
	Nobody     Fault = "nobody"      // a step needs more people or means than there are
	Circle     Fault = "circle"      // steps wait for one another
	Broken     Fault = "broken"      // a step comes after one that is not in the plan, or names stand twice
)

// Bar is a step in its place on the timeline.
type Bar struct {
	Step     string
	Title    model.Text
	Pointer  string
	Start    time.Duration // from the beginning of the recovery
	End      time.Duration
	Who      []model.Ref // people who do it
	With     []model.Ref // means it takes for itself
	By       []model.Ref // contracts that do it
	Restores []model.Ref
	Critical bool // the recovery waits for it
}

// Timeline is the Gantt chart of a recovery plan: the best schedule found with the
// people and means it has.
type Timeline struct {
	Fault        Fault
	Step         string   // the step at fault
	Steps        []string // the circle
	Lacking      model.Ref
	ClockStarts  string        // "event", "detection" or "declaration"
	Detection    time.Duration // before the recovery begins
	Decision     time.Duration
	Bars         []Bar
	Makespan     time.Duration
	LowerBound   time.Duration // no schedule is shorter
	Optimal      bool
	CriticalPath time.Duration // if nothing were scarce
	Verification time.Duration
	Attainable   time.Duration               // on the RTO clock, verification included
	Total        time.Duration               // from the event
	Back         map[model.Ref]time.Duration // on the RTO clock: when each thing restored is back and verified
}

// lead is what the RTO clock counts before the recovery begins.
func (t *Timeline) lead() time.Duration {
	switch t.ClockStarts {
	case "declaration":
		return 0
	case "detection":
		return t.Decision
	}
	return t.Detection + t.Decision
}

// back is when one service is back on the RTO clock: when the last step that
// restores it has ended, all steps where none names it.
func (t *Timeline) back(r model.Ref) time.Duration {
	if d, ok := t.Back[r]; ok {
		return d
	}
	return t.Attainable
}

// budgets are the schedules built for a plan, first and where that did not settle
// whether it is in time.
const (
	quickBudget schedule.Budget = 200
	longBudget  schedule.Budget = 2000
)

// Timeline makes the Gantt chart of a recovery plan; nil when there is no plan.
func (a *Analysis) Timeline(plan model.Handle) *Timeline {
	if hit, ok := a.timelines.Load(plan); ok {
		return hit.(*Timeline)
	}
	p := finding.Spec[model.RecoveryPlan](a.f, plan)
	if p == nil {
		return nil
	}
	hit, _ := a.timelines.LoadOrStore(plan, a.timeline(p))
	return hit.(*Timeline)
}

func (a *Analysis) timeline(p *model.RecoveryPlan) *Timeline {
	t := &Timeline{
		ClockStarts: p.ClockStarts, Detection: p.Detection.Std(), Decision: p.Decision.Std(),
		Verification: p.Verification.Std(), Back: map[model.Ref]time.Duration{},
	}
	if t.ClockStarts == "" {
		t.ClockStarts = "event" // the strictest reading
	}
	if len(p.Steps) == 0 {
		t.Fault = NoSteps
		return t
	}
	problem, fault, step := a.problem(p)
	if fault != "" {
		t.Fault, t.Step = fault, step
		return t
	}
	s, err := schedule.Solve(problem, quickBudget)
	if err != nil {
		t.blame(err)
		return t
	}
	if limit := a.strictest(p); limit > 0 && !s.Optimal {
		rest := schedule.FromDuration(limit - t.lead() - t.Verification)
		if s.LowerBound <= rest && rest < s.Makespan {
			if better, err := schedule.Solve(problem, longBudget); err == nil && better.Makespan < s.Makespan {
				s = better
			}
		}
	}
	t.fill(p, &s)
	return t
}

func (t *Timeline) blame(err error) {
	var circle *schedule.CycleError
	var capacity *schedule.CapacityError
	var room *schedule.RoomError
	switch {
	case errors.As(err, &circle):
		t.Fault, t.Steps = Circle, circle.Tasks
	case errors.As(err, &capacity):
		t.Fault, t.Step = Nobody, capacity.Task
	case errors.As(err, &room):
		t.Fault, t.Step = Nobody, room.Task
	default:
		t.Fault = Broken
	}
}

// fill turns a schedule into bars.
func (t *Timeline) fill(p *model.RecoveryPlan, s *schedule.Schedule) {
	t.Makespan, t.LowerBound, t.Optimal, t.CriticalPath = s.Makespan.Duration(), s.LowerBound.Duration(), s.Optimal, s.CriticalPath.Duration()
	t.Attainable = t.lead() + t.Makespan + t.Verification
	t.Total = t.Detection + t.Decision + t.Makespan + t.Verification
	chain := map[string]bool{}
	for _, l := range s.CriticalChain {
		chain[l.Task] = true
	}
	for i := range p.Steps {
		step := &p.Steps[i]
		slot := s.Slots[i]
		b := Bar{
			Step: stepName(step, i), Title: step.Title, Pointer: "/spec/steps/" + strconv.Itoa(i),
			Start: slot.Start.Duration(), End: slot.End.Duration(), Restores: step.Restores, Critical: chain[stepName(step, i)],
		}
		for _, u := range slot.Uses {
			r, err := model.ParseRef(u.Resource)
			switch {
			case err != nil:
			case r.Kind == "person":
				b.Who = append(b.Who, r)
			default:
				b.With = append(b.With, r)
			}
		}
		for _, r := range step.By {
			if r.Kind == "contract" {
				b.By = append(b.By, r)
			}
		}
		for _, r := range step.Restores {
			t.Back[r] = max(t.Back[r], t.lead()+b.End+t.Verification)
		}
		t.Bars = append(t.Bars, b)
	}
	slices.SortStableFunc(t.Bars, func(x, y Bar) int {
		if x.Start != y.Start {
			return int(min(max(x.Start-y.Start, -1), 1))
		}
		return int(min(max(x.End-y.End, -1), 1))
	})
}

func stepName(s *model.Step, i int) string {
	if s.Name != "" {
		return s.Name
	}
	return "#" + strconv.Itoa(i+1)
}

// strictest is the shortest RTO that a plan must meet, 0 where none is stated.
func (a *Analysis) strictest(p *model.RecoveryPlan) time.Duration {
	shortest := time.Duration(0)
	for _, g := range a.goals(p) {
		if shortest == 0 || g.rto < shortest {
			shortest = g.rto
		}
	}
	return shortest
}

// goal is an RTO that a plan must meet.
type goal struct {
	of  model.Ref
	rto time.Duration
}

func (a *Analysis) goals(p *model.RecoveryPlan) []goal {
	var out []goal
	for _, r := range p.Services {
		if s := finding.SpecOf[model.Service](a.f, r); s != nil && s.Continuity.RTO > 0 {
			out = append(out, goal{r, s.Continuity.RTO.Std()})
		}
	}
	for _, r := range p.Activities {
		if b := finding.SpecOf[model.BusinessActivity](a.f, r); b != nil && b.RTO > 0 {
			out = append(out, goal{r, b.RTO.Std()})
		}
	}
	return out
}
