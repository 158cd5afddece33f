package availability

import (
	"slices"
	"strconv"
	"time"

	"diapason/internal/calendars"
	"diapason/internal/engine/worktime"
	"diapason/internal/finding"
	"diapason/internal/model"
)

// Waiting is how a declared MTTR becomes an expected down time by the hours of those
// who restore.
type Waiting struct {
	Of      model.Ref
	Repair  time.Duration // the MTTR declared: work
	Down    time.Duration // expected from failure to restoration; the MTTR where it is not known
	By      []model.Ref   // who restores
	Steps   bool          // the steps of the restoration were walked, each in its own hours
	Known   bool
	Missing []model.Ref // what is not known: hours of a team, person or contract
	Nobody  bool        // nobody of those who are said to restore can
}

func (w *Waiting) same(o *Waiting) bool {
	if w == nil || o == nil {
		return w == o
	}
	return w.Known == o.Known && w.Down == o.Down
}

// waitOf is the waiting for those who restore a component with a declared MTTR; nil
// where it says nobody, where its MTTR counts all down time, and for all else.
func (a *Analysis) waitOf(h model.Handle) *Waiting {
	if hit, ok := a.waits.Load(h); ok {
		return hit.(*Waiting)
	}
	var w *Waiting
	if c := finding.Spec[model.Component](a.f, h); c != nil && c.MTBF > 0 && c.MTTR > 0 && waits(a.f, c) {
		w = a.waitFor(h, &c.Restore, c.MTTR.Std())
	}
	a.waits.Store(h, w)
	return w
}

// waits reports a declared MTTR that counts work only, of a component that says who
// does it.
func waits(f *finding.Facts, c *model.Component) bool {
	if c.CountsDown(f.Snap.Organisation()) {
		return false
	}
	return len(c.Restore.By) > 0 || slices.ContainsFunc(c.Restore.Steps, func(s model.Step) bool { return len(s.By) > 0 })
}

// Waitings are the declared MTTRs of what h needs that the hours of those who restore
// bear on, by what they are of.
func (a *Analysis) Waitings(h model.Handle) []Waiting {
	var out []Waiting
	for _, x := range a.within(h) {
		if w := a.waitOf(x); w != nil {
			out = append(out, *w)
		}
	}
	slices.SortFunc(out, func(x, y Waiting) int { return x.Of.Compare(y.Of) })
	return out
}

// downFor is the expected down time of a component were its MTTR another one, such as
// after an improvement.
func (a *Analysis) downFor(h model.Handle, mttr model.Duration) model.Duration {
	c := finding.Spec[model.Component](a.f, h)
	if c == nil || !waits(a.f, c) {
		return mttr
	}
	return model.Duration(a.waitFor(h, &c.Restore, mttr.Std()).Down)
}

// waitFor walks the work through the hours of those who restore, from a failure at
// any instant of the year from the date of evaluation: on average
//
//	down = MTTR + mean over the year of (end of the walk − failure − length of the work),
//
// the integral over the calendar, not a sample. The work is that of the steps, where
// these say how long they last, each in its own hours, else the MTTR. Several who
// restore take over from each other.
func (a *Analysis) waitFor(h model.Handle, r *model.Restore, mttr time.Duration) *Waiting {
	work, steps := workOf(r, mttr)
	x := a.delay(work)
	w := &Waiting{Of: a.f.Snap.Ref(h), Repair: mttr, Down: mttr + x.wait, By: r.By, Steps: steps, Known: x.known, Missing: x.missing, Nobody: x.nobody}
	if x.circle {
		w.Missing = []model.Ref{w.Of} // steps that wait for one another
	}
	return w
}

// workOf is the work of a restoration as steps, each with who does it and the skills
// that takes; steps reports that they are those written.
func workOf(r *model.Restore, mttr time.Duration) (work []model.Step, steps bool) {
	if !slices.ContainsFunc(r.Steps, func(s model.Step) bool { return s.Duration > 0 }) {
		return []model.Step{{Name: "work", Duration: model.Duration(mttr), By: r.By, Skills: r.Skills}}, false
	}
	names := map[string]string{}
	for i, s := range r.Steps {
		if _, twice := names[s.Name]; s.Name != "" && !twice {
			names[s.Name] = strconv.Itoa(i)
		}
	}
	for i, s := range r.Steps {
		x := model.Step{Name: strconv.Itoa(i), Duration: max(s.Duration, 0), By: s.By, Skills: s.Skills}
		if len(x.By) == 0 {
			x.By = r.By
		}
		if len(x.Skills) == 0 {
			x.Skills = r.Skills
		}
		for _, before := range s.After {
			if n, known := names[before]; known {
				x.After = append(x.After, n)
			}
		}
		work = append(work, x)
	}
	return work, true
}

// delayed is what the hours of those who restore add to some work on average.
type delayed struct {
	wait                  time.Duration
	known, nobody, circle bool
	missing               []model.Ref
}

// delay walks work through the hours of those who do it. Most things of a team are
// restored alike, so it is remembered by what is done.
func (a *Analysis) delay(work []model.Step) delayed {
	key := workKey(work)
	if hit, ok := a.delays.Load(key); ok {
		return hit.(delayed)
	}
	x := a.findDelay(work)
	a.delays.Store(key, x)
	return x
}

func workKey(work []model.Step) string {
	var key []byte
	for i := range work {
		s := &work[i]
		key = strconv.AppendInt(append(key, s.Name...), int64(s.Duration), 10)
		for _, before := range s.After {
			key = append(append(key, '<'), before...)
		}
		for _, list := range [][]model.Ref{s.By, s.Skills} {
			key = append(key, '|')
			for _, r := range list {
				key = append(append(append(append(key, r.Kind...), '/'), r.Name...), ',')
			}
		}
		key = append(key, ';')
	}
	return string(key)
}

func (a *Analysis) findDelay(work []model.Step) (x delayed) {
	horizon, window := calendars.Horizon(a.f), calendars.Window(a.f)
	always := worktime.NewClock(horizon, worktime.NewSet(horizon), worktime.Set{})
	steps, free := make([]worktime.Step, len(work)), make([]worktime.Step, len(work))
	for i, s := range work {
		hours, missing := a.hoursOf(s.By, s.Skills)
		x.missing = append(x.missing, missing...)
		steps[i] = worktime.Step{Name: s.Name, After: s.After, Duration: s.Duration.Std(), Clock: worktime.NewClock(horizon, hours, worktime.Set{})}
		free[i] = steps[i]
		free[i].Clock = always
	}
	slices.SortFunc(x.missing, model.Ref.Compare)
	x.missing = slices.Compact(x.missing)
	chain, err := worktime.NewChain(steps)
	unhindered, err2 := worktime.NewChain(free)
	if err != nil || err2 != nil {
		x.circle = true
		return x
	}
	if len(x.missing) > 0 {
		return x
	}
	mean, restored, err := chain.Mean(window)
	if err != nil || !restored {
		x.nobody = true
		return x
	}
	length := unhindered.Restore(window.Start).RestoredAt.Sub(window.Start)
	x.known, x.wait = true, max(mean-length, 0).Round(time.Second)
	return x
}
