package servicelevel

import (
	"strconv"
	"time"

	"diapason/internal/calendars"
	"diapason/internal/engine/worktime"
	"diapason/internal/finding"
	"diapason/internal/model"
)

// working is when a team, a contract or a person works.
type working struct {
	clock   *worktime.Clock
	hours   worktime.Set
	missing []model.Ref
}

// workingOf is when somebody works within the horizon: the support hours and
// rotas of a team, the hours of a contract or the calendar a target counts in,
// the hours of a person.
func (a *Analysis) workingOf(by model.Ref) *working {
	if hit, ok := a.hours.Load(by); ok {
		return hit.(*working)
	}
	w := &working{}
	switch by.Kind {
	case "person":
		p := finding.SpecOf[model.Person](a.f, by)
		if p == nil || p.Calendar.IsZero() {
			w.missing = []model.Ref{by}
			break
		}
		set, ok := calendars.Open(a.f, p.Calendar)
		if w.hours = set; !ok {
			w.missing = []model.Ref{p.Calendar}
		}
	case "calendar":
		set, ok := calendars.Open(a.f, by)
		if w.hours = set; !ok {
			w.missing = []model.Ref{by}
		}
	default:
		w.hours, w.missing = calendars.Support(a.f, by)
	}
	w.clock = a.clockOf(w)
	hit, _ := a.hours.LoadOrStore(by, w)
	return hit.(*working)
}

// clockOf is the clock of some hours, one for all who work in the same.
func (a *Analysis) clockOf(w *working) *worktime.Clock {
	a.clocksMu.Lock()
	defer a.clocksMu.Unlock()
	n := w.hours.Len()
	for _, o := range a.clocks[n] {
		if o.hours.Equal(w.hours) {
			return o.clock
		}
	}
	w.clock = worktime.NewClock(calendars.Horizon(a.f), w.hours, worktime.Set{})
	a.clocks[n] = append(a.clocks[n], w)
	return w.clock
}

// leg is one piece of work of a restoration.
type leg struct {
	by    model.Ref
	what  any
	lasts time.Duration
	after []string
	in    *working
}

// plan is how one performer restores: legs by name, and what is not known. Where
// it is blind, hours are not known, and nothing can be said for certain; otherwise
// what is missing is time that would come on top.
type plan struct {
	by      model.Ref
	names   []string
	legs    map[string]leg
	missing []model.Ref
	blind   bool
}

func (p *plan) add(name string, l leg) {
	p.names = append(p.names, name)
	p.legs[name] = l
	if len(l.in.missing) > 0 {
		p.missing, p.blind = append(p.missing, l.in.missing...), true
	}
}

// lacks notes what would have to be known first.
func (p *plan) lacks(r model.Ref) { p.missing, p.blind = append(p.missing, r), true }

// taking is the leg before any work: somebody takes the case.
const taking = "respond"

// plans makes one plan for each performer of a profile who is able today.
// Taken tells that the promise counts from when the case is taken.
func (a *Analysis) plans(x profile, priority string, taken bool) []plan {
	out := make([]plan, 0, len(x.by))
	for _, by := range x.by {
		p := plan{by: by, legs: map[string]leg{}}
		if by.Kind == "contract" {
			a.contractPlan(&p, x, priority, taken)
		} else {
			a.teamPlan(&p, x, taken)
		}
		out = append(out, p)
	}
	return out
}

// respondOf is how long a team takes to take a case within its hours: the longest
// of its support hours and its rotas.
func respondOf(t *model.Team) time.Duration {
	longest := t.Respond.Std()
	for _, r := range t.OnCall {
		longest = max(longest, r.Respond.Std())
	}
	return longest
}

func (a *Analysis) teamPlan(p *plan, x profile, taken bool) {
	if finding.SpecOf[model.Team](a.f, p.by) == nil {
		p.lacks(p.by)
		return
	}
	a.steps(p, x, !taken && !x.lump() && a.teamResponds(p))
}

// teamResponds adds the taking of a case by a team; without a stated time it
// counts as taken at once.
func (a *Analysis) teamResponds(p *plan) bool {
	respond := respondOf(finding.SpecOf[model.Team](a.f, p.by))
	if respond <= 0 {
		p.missing = append(p.missing, p.by)
		return false
	}
	p.add(taking, leg{by: p.by, what: model.MetricRespond, lasts: respond, in: a.workingOf(p.by)})
	return true
}

func (a *Analysis) contractPlan(p *plan, x profile, priority string, taken bool) {
	c := a.able(p)
	if c == nil {
		return
	}
	if t := timeTarget(c.Targets, model.MetricRestore, priority); t != nil {
		p.add("restore", leg{by: p.by, what: model.MetricRestore, lasts: t.Within.Std(), in: a.hoursOf(p.by, t)})
		return
	}
	if timeTarget(c.Targets, model.MetricRespond, priority) == nil {
		p.lacks(p.by) // the contract promises no time at all
		return
	}
	a.steps(p, x, !taken && !x.lump() && a.contractResponds(p, c, priority))
}

// able is the contract of a plan, nil where it is not in force.
func (a *Analysis) able(p *plan) *model.Contract {
	c := finding.SpecOf[model.Contract](a.f, p.by)
	if c == nil || !calendars.ContractStanding(c, a.f.On).InForce() {
		p.lacks(p.by)
		return nil
	}
	return c
}

// hoursOf are the hours that a target of a contract counts in.
func (a *Analysis) hoursOf(by model.Ref, t *model.Target) *working {
	if !t.Calendar.IsZero() {
		return a.workingOf(t.Calendar)
	}
	return a.workingOf(by)
}

func (a *Analysis) contractResponds(p *plan, c *model.Contract, priority string) bool {
	t := timeTarget(c.Targets, model.MetricRespond, priority)
	if t == nil {
		p.lacks(p.by)
		return false
	}
	p.add(taking, leg{by: p.by, what: model.MetricRespond, lasts: t.Within.Std(), in: a.hoursOf(p.by, t)})
	return true
}

// steps adds the steps of a profile; a step that names nobody is done by the
// performer.
func (a *Analysis) steps(p *plan, x profile, before bool) {
	first := func() []string {
		if before {
			return []string{taking}
		}
		return nil
	}
	if len(x.steps) == 0 {
		if x.mttr > 0 {
			in, lasts := a.workingOf(p.by), x.mttr.Std()
			if x.down {
				lasts = a.workWithin(in.clock, lasts)
			}
			p.add("work", leg{by: p.by, what: model.MetricRestore, lasts: lasts, after: first(), in: in})
		} else {
			p.missing = append(p.missing, model.Ref{}) // how long the work takes
		}
		return
	}
	names := map[string]string{}
	for i, s := range x.steps {
		if _, twice := names[s.Name]; s.Name != "" && !twice {
			names[s.Name] = "step " + strconv.Itoa(i)
		}
	}
	for i, s := range x.steps {
		l := leg{by: p.by, what: s.Name, lasts: s.Duration.Std(), in: a.workingOf(p.by)}
		if !s.Title.IsZero() {
			l.what = s.Title
		}
		if len(s.By) > 0 {
			l.by, l.in = s.By[0], a.workingOf(s.By[0])
		}
		for _, b := range s.After {
			if n, known := names[b]; known {
				l.after = append(l.after, n)
			}
		}
		if len(l.after) == 0 {
			l.after = first()
		}
		p.add("step "+strconv.Itoa(i), l)
	}
}

// chain makes the plan a chain of working time; ok is false where steps wait for
// one another.
func (p *plan) chain() (*worktime.Chain, bool) {
	steps := make([]worktime.Step, 0, len(p.names))
	for _, n := range p.names {
		l := p.legs[n]
		steps = append(steps, worktime.Step{Name: n, After: l.after, Duration: l.lasts, Clock: l.in.clock})
	}
	c, err := worktime.NewChain(steps)
	return c, err == nil
}

// inOne tells that all legs follow one another on one clock, and how long they
// take together: then only that matters to when they end.
func (p *plan) inOne() (clock *worktime.Clock, total time.Duration, ok bool) {
	for i, n := range p.names {
		l := p.legs[n]
		switch {
		case i == 0:
			clock = l.in.clock
			if len(l.after) > 0 {
				return nil, 0, false
			}
		case l.in.clock != clock || len(l.after) != 1 || l.after[0] != p.names[i-1]:
			return nil, 0, false
		}
		total += l.lasts
	}
	return clock, total, clock != nil
}
