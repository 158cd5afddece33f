package servicelevel

import (
	"cmp"
	"slices"
	"time"

	"diapason/internal/calendars"
	"diapason/internal/engine/worktime"
	"diapason/internal/finding"
	"diapason/internal/model"
)

// Timed is the worst case of a time to respond or restore, and how often it comes.
type Timed struct {
	By       model.Ref   // who restores, or responds, in the worst case
	Places   []model.Ref // what he restores then
	Failed   time.Time   // the worst minute of the coming year
	Restored time.Time   // zero where Never
	Elapsed  time.Duration
	Never    bool
	// Work is the time with everybody at work round the clock: hand-overs added,
	// parallel work at its longest.
	Work time.Duration
	// Kept is the share of failures, spread evenly over the year, after which the
	// promise is kept; the smallest of all ways of restoring. Usual is the shortest
	// time that the share promised keeps; both hold where Spread.
	Kept   float64
	Usual  time.Duration
	Spread bool
}

// spreadStep is how finely the failures of a year are spread.
const spreadStep = 10 * time.Minute

type spreadKey struct {
	plan  *plan
	clock *worktime.Clock
}

// spread is how long the clock of a promise runs for failures all over the year.
func (a *Analysis) spread(r *Restoration) (worktime.Spread, bool) {
	if r.plan == nil || len(r.Missing) > 0 {
		return worktime.Spread{}, false
	}
	key := spreadKey{r.plan, r.promise.clock}
	shared := r.promise.suspended.IsEmpty()
	if hit, known := a.spreads.Load(key); known && shared {
		return hit.(worktime.Spread), true
	}
	chain, ok := r.plan.chain()
	if !ok {
		return worktime.Spread{}, false
	}
	s, err := worktime.Promise{Clock: r.promise.clock}.Spread(chain, calendars.Window(a.f), spreadStep)
	if err != nil {
		return worktime.Spread{}, false
	}
	if shared {
		a.spreads.Store(key, s)
	}
	return s, true
}

func (a *Analysis) chainTime(c *Chain, spec *model.Agreement, service model.Handle) {
	list, ok := a.timesOf(service, c.Target, spec.Hours)
	if !ok {
		c.Lacking = append(c.Lacking, c.Hours)
		return
	}
	if len(list) == 0 {
		c.Lacking = append(c.Lacking, c.Service)
		return
	}
	x := &Timed{Kept: 1, Spread: true}
	share := c.Target.Share().Ratio()
	for i := range list {
		r := &list[i]
		c.Lacking = append(c.Lacking, r.Missing...)
		s, known := a.spread(r)
		if !known {
			x.Spread = false
			continue
		}
		x.Kept = min(x.Kept, s.Within(c.Target.Within.Std()))
		x.Usual = max(x.Usual, s.Reaching(share))
	}
	r := c.Worst
	if r == nil {
		return
	}
	c.Timed = x
	worst, _ := a.Trace(r)
	x.By, x.Places, x.Failed, x.Elapsed, x.Never = r.By, r.Places, worst.FailedAt.In(r.promise.location), r.Elapsed, r.Never
	if !r.Never {
		x.Restored = worst.RestoredAt.In(r.promise.location)
	}
	c.Links = a.handOvers(c, r, worst, service)
	x.Work = roundTheClock(r.plan)
	if share < 1 && x.Spread {
		c.Verdict = Uncovered
		if x.Kept >= share {
			c.Verdict = Covered
		}
	}
}

// handOvers are the legs of the worst case in the order in which they end. The first
// at whose end the promised time is over fails.
func (a *Analysis) handOvers(c *Chain, r *Restoration, worst worktime.WorstCase, service model.Handle) []ChainLink {
	within := c.Target.Within.Std()
	var out []ChainLink
	for _, l := range worst.Legs {
		x := r.plan.legs[l.Name]
		link := ChainLink{By: x.by, What: x.what, Works: x.lasts, Never: l.Never, Value: model.Duration(x.lasts)}
		link.Hours = a.whenWorks(x.by)
		link.Promise, link.Target = a.timePromise(x, service, r.Places, c.Target)
		if !l.NotBegun {
			link.From = l.From.In(r.promise.location)
		}
		switch {
		case l.Never:
			link.Fails = true
		default:
			link.To = l.To.In(r.promise.location)
			link.Waited = max(l.To.Sub(l.From)-x.lasts, 0)
			if over := r.promise.clock.Elapsed(worst.FailedAt, l.To) - within; over > 0 {
				link.Fails, link.Late = true, over
			}
		}
		out = append(out, link)
	}
	slices.SortStableFunc(out, func(x, y ChainLink) int {
		if x.Never != y.Never {
			if y.Never {
				return -1
			}
			return 1
		}
		return cmp.Or(x.To.Compare(y.To), x.From.Compare(y.From))
	})
	return out
}

// whenWorks is the calendar of a team or contract; zero where rotas add to it or none
// is stated.
func (a *Analysis) whenWorks(by model.Ref) model.Ref {
	switch by.Kind {
	case "team":
		if t := finding.SpecOf[model.Team](a.f, by); t != nil && len(t.OnCall) == 0 {
			return t.Calendar
		}
	case "contract":
		if c := finding.SpecOf[model.Contract](a.f, by); c != nil {
			return c.Hours
		}
	case "person":
		if p := finding.SpecOf[model.Person](a.f, by); p != nil {
			return p.Calendar
		}
	}
	return model.Ref{}
}

// timePromise is the agreement of a team, or the contract, that promises the time of
// a leg for the service or what is restored.
func (a *Analysis) timePromise(x leg, service model.Handle, places []model.Ref, asked *model.Target) (model.Ref, string) {
	metric, ok := x.what.(model.Metric)
	if !ok {
		metric = model.MetricRestore
	}
	if x.by.Kind == "contract" {
		if c := finding.SpecOf[model.Contract](a.f, x.by); c != nil {
			if t := timeTarget(c.Targets, metric, asked.Priority); t != nil {
				return x.by, t.Name
			}
		}
		return model.Ref{}, ""
	}
	about := []model.Handle{service}
	for _, p := range places {
		about = append(about, handle(a.f, p))
	}
	var found model.Ref
	var target string
	for _, h := range about {
		if !found.IsZero() || a.f.Snap.Object(h) == nil {
			continue
		}
		a.promisers(h, "agreement", func(o model.Handle) {
			spec := finding.Spec[model.Agreement](a.f, o)
			if !found.IsZero() || isSLA(spec) || spec.Provider != x.by || !a.InForce(o, a.f.On) {
				return
			}
			if t := timeTarget(spec.Targets, metric, asked.Priority); t != nil {
				found, target = a.f.Snap.Ref(o), t.Name
			}
		})
	}
	return found, target
}

// roundTheClock is how long a plan takes if nobody ever waits: the longest path.
func roundTheClock(p *plan) time.Duration {
	ends := map[string]time.Duration{}
	var end func(name string) time.Duration
	end = func(name string) time.Duration {
		if d, known := ends[name]; known {
			return d
		}
		ends[name] = 0 // a circle adds nothing to itself
		begin := time.Duration(0)
		for _, before := range p.legs[name].after {
			begin = max(begin, end(before))
		}
		ends[name] = begin + p.legs[name].lasts
		return ends[name]
	}
	longest := time.Duration(0)
	for _, n := range p.names {
		longest = max(longest, end(n))
	}
	return longest
}

// atWork is the worst case if one party worked round the clock, or with a share of
// cases the time that it then keeps; ok is false where that cannot be walked.
func (a *Analysis) atWork(r *Restoration, by model.Ref, share float64) (d time.Duration, never, ok bool) {
	horizon := calendars.Horizon(a.f)
	always := &working{hours: worktime.NewSet(horizon)}
	always.clock = worktime.NewClock(horizon, always.hours, worktime.Set{})
	p := *r.plan
	p.legs = make(map[string]leg, len(r.plan.legs))
	for n, l := range r.plan.legs {
		if l.by == by {
			l.in = always
		}
		p.legs[n] = l
	}
	chain, ok := p.chain()
	if !ok {
		return 0, false, false
	}
	promise := worktime.Promise{Clock: r.promise.clock}
	if share < 1 {
		s, err := promise.Spread(chain, calendars.Window(a.f), spreadStep)
		d = s.Reaching(share)
		return d, d == worktime.Endless, err == nil
	}
	w, err := promise.Worst(chain, calendars.Window(a.f))
	if err != nil {
		return 0, false, false
	}
	return w.Elapsed, w.Never, true
}
