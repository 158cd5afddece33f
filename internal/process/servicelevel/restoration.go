package servicelevel

import (
	"slices"
	"time"

	"diapason/internal/calendars"
	"diapason/internal/engine/worktime"
	"diapason/internal/finding"
	"diapason/internal/model"
)

// Restoration is the worst case of restoring a service after the failure of
// something it cannot do without, on the clock of a promise.
type Restoration struct {
	Service model.Ref
	// By is who restores best; Places are what he restores, sorted.
	By     model.Ref
	Places []model.Ref
	// Elapsed is how long the clock of the promise runs at worst; Never tells that
	// the restoration does not end within the horizon.
	Elapsed time.Duration
	Never   bool
	// Missing are data without which the case is not known: a team or contract
	// that does not say its hours or its time, a calendar, or, where Places stand
	// alone, how they are restored.
	Missing []model.Ref
	// Certain tells that the worst case is at least as bad as Worst says: nothing
	// is missing, or only time that would come on top.
	Certain bool

	plan    *plan
	promise restorePromise
}

// Kept tells whether the promise is kept for certain.
func (r *Restoration) Kept(within time.Duration) bool {
	return len(r.Missing) == 0 && !r.Never && r.Elapsed <= within
}

// Broken tells whether the promise is broken for certain.
func (r *Restoration) Broken(within time.Duration) bool {
	return r.Certain && (r.Never || r.Elapsed > within)
}

// Trace is the failure after which the promise's clock runs longest, and who works
// on what from when to when after it; instants are limits where the worst case
// says so.
func (a *Analysis) Trace(r *Restoration) (worktime.WorstCase, []finding.Leg) {
	if r.plan == nil {
		return worktime.WorstCase{}, nil
	}
	chain, ok := r.plan.chain()
	if !ok {
		return worktime.WorstCase{}, nil
	}
	w, err := (worktime.Promise{Clock: r.promise.clock}).Worst(chain, calendars.Window(a.f))
	if err != nil {
		return worktime.WorstCase{}, nil
	}
	return w, r.plan.evidence(w, r.promise.location)
}

// worstKey names a worst case: it does not depend on the length of the promise.
type worstKey struct {
	profile  int32
	respond  model.Ref // of a team or contract alone, profile is unrestored
	calendar model.Ref
	priority string
	taken    bool
}

// outcome is the best plan of a profile at its worst.
type outcome struct {
	by      model.Ref
	plan    *plan
	elapsed time.Duration
	never   bool
	missing []model.Ref
	blind   bool // nothing can be said for certain
}

// elapsedKey is work of some length on one clock against another.
type elapsedKey struct {
	work, promise *worktime.Clock
	total         time.Duration
}

type elapsed struct {
	d     time.Duration
	never bool
}

// longest is how long the clock of a promise runs at worst over a plan.
func (a *Analysis) longest(x *plan, p restorePromise) (e elapsed, ok bool) {
	chain, good := x.chain()
	if !good || len(x.names) == 0 {
		return e, false
	}
	clock, total, one := x.inOne()
	key := elapsedKey{clock, p.clock, total}
	if one {
		if hit, known := a.elapses.Load(key); known {
			return hit.(elapsed), true
		}
		chain, _ = worktime.NewChain([]worktime.Step{{Name: "all", Duration: total, Clock: clock}})
	}
	w, err := (worktime.Promise{Clock: p.clock}).Worst(chain, calendars.Window(a.f))
	if err != nil {
		return e, false
	}
	e = elapsed{w.Elapsed, w.Never}
	if one {
		a.elapses.Store(key, e)
	}
	return e, true
}

// restorePromise is a promised time with its clock.
type restorePromise struct {
	target    *model.Target
	calendar  model.Ref
	clock     *worktime.Clock
	location  *time.Location
	suspended worktime.Set
}

// promiseClock is the clock of a time target: it runs in the hours the target
// counts in and stands still in planned maintenance of the service where that is
// left out; ok is false where the hours are not known.
func (a *Analysis) promiseClock(t *model.Target, hours model.Ref, service model.Handle) (restorePromise, bool) {
	p := restorePromise{target: t, calendar: t.Calendar}
	if p.calendar.IsZero() {
		p.calendar = hours
	}
	clock, ok := calendars.Clock(a.f, p.calendar)
	if !ok {
		return p, false
	}
	p.location = calendars.Zone(a.f)
	if c, _ := calendars.Of(a.f, p.calendar); c.Location != nil {
		p.location = c.Location
	}
	p.clock = clock
	if slices.Contains(t.Exclusions, "planned-maintenance") {
		if p.suspended = a.maintenance(service); !p.suspended.IsEmpty() {
			open, _ := calendars.Open(a.f, p.calendar)
			p.clock = worktime.NewClock(calendars.Horizon(a.f), open, p.suspended)
		}
	}
	return p, true
}

// maintenance is when announced planned work stops a service within the horizon.
func (a *Analysis) maintenance(service model.Handle) worktime.Set {
	var list []worktime.Interval
	handles(a.f, service, "maintenance", func(h model.Handle) {
		m := finding.Spec[model.Maintenance](a.f, h)
		if m.Stops && !m.Announced.IsZero() {
			list = append(list, worktime.Interval{Start: m.Start.Time, End: m.End.Time})
		}
	})
	return worktime.NewSet(list...).Clip(calendars.Horizon(a.f))
}

// worst walks the plans of a profile from every instant of the window and keeps
// the plan whose worst case is best.
func (a *Analysis) worst(key worstKey, p restorePromise, plans func() []plan) outcome {
	shared := p.suspended.IsEmpty()
	if shared {
		if hit, ok := a.worsts.Load(key); ok {
			return hit.(outcome)
		}
	}
	best := outcome{blind: true}
	list := plans()
	for i := range list {
		x := &list[i]
		o := outcome{by: x.by, plan: x, missing: x.missing, blind: x.blind}
		e, ok := a.longest(x, p)
		o.elapsed, o.never = e.d, e.never
		if !ok {
			o.blind = true
			if len(x.missing) == 0 {
				o.missing = []model.Ref{{}} // steps that wait for one another
			}
		}
		if best.by.IsZero() || o.better(best) {
			best = o
		}
	}
	if shared {
		a.worsts.Store(key, best)
	}
	return best
}

// better orders plans: a complete one before one with something missing, then the
// one that restores sooner at worst.
func (o outcome) better(than outcome) bool {
	if (len(o.missing) == 0) != (len(than.missing) == 0) {
		return len(o.missing) == 0
	}
	if o.blind != than.blind {
		return !o.blind
	}
	if o.never != than.never {
		return !o.never
	}
	return o.elapsed < than.elapsed
}

func (p *plan) evidence(w worktime.WorstCase, loc *time.Location) []finding.Leg {
	out := make([]finding.Leg, 0, len(w.Legs))
	for _, l := range w.Legs {
		x := p.legs[l.Name]
		e := finding.Leg{By: x.by, What: x.what}
		if !l.NotBegun {
			e.From = l.From.In(loc)
		}
		if !l.Never {
			e.To = l.To.In(loc)
		}
		out = append(out, e)
	}
	return out
}

// Restorations are the worst cases of restoring a service or component against a
// time-to-restore target, one for each way of restoring that a failure may call
// for; ok is false where the clock of the promise is not known.
func (a *Analysis) Restorations(service model.Handle, t *model.Target, hours model.Ref) (out []Restoration, ok bool) {
	p, ok := a.promiseClock(t, hours, service)
	if !ok {
		return nil, false
	}
	taken := t.Starts == "acknowledged"
	places := map[int32][]model.Ref{}
	var numbers []int32
	for _, n := range a.restores.Alone(int32(service)) {
		if number, ok := a.restoration(model.Handle(n)); ok {
			if places[number] == nil {
				numbers = append(numbers, number)
			}
			places[number] = append(places[number], a.f.Snap.Ref(model.Handle(n)))
		}
	}
	for _, number := range numbers {
		r := Restoration{Service: a.f.Snap.Ref(service), Places: sorted(places[number])}
		if number == unrestored {
			r.Missing = r.Places
			out = append(out, r)
			continue
		}
		x := a.profiles.get(number)
		o := a.worst(worstKey{number, model.Ref{}, p.calendar, t.Priority, taken}, p, func() []plan { return a.plans(x, t.Priority, taken) })
		r.take(o, p)
		out = append(out, r)
	}
	return out, true
}

// Response is the worst case of taking a case, by whoever supports the service
// and takes it soonest.
func (a *Analysis) Response(service model.Handle, t *model.Target, hours model.Ref) (r Restoration, ok bool) {
	p, ok := a.promiseClock(t, hours, service)
	if !ok {
		return r, false
	}
	r.Service = a.f.Snap.Ref(service)
	best := outcome{}
	for _, by := range a.supporters(service) {
		o := a.worst(worstKey{unrestored, by, p.calendar, t.Priority, false}, p, func() []plan {
			x := plan{by: by, legs: map[string]leg{}}
			switch {
			case by.Kind != "contract" && finding.SpecOf[model.Team](a.f, by) != nil:
				a.teamResponds(&x)
			case by.Kind == "contract":
				if c := a.able(&x); c != nil {
					a.contractResponds(&x, c, t.Priority)
				}
			default:
				x.lacks(by)
			}
			return []plan{x}
		})
		if best.by.IsZero() || o.better(best) {
			best = o
		}
	}
	r.take(best, p)
	return r, !best.by.IsZero()
}

func (r *Restoration) take(o outcome, p restorePromise) {
	r.By, r.Elapsed, r.Never, r.Certain, r.plan, r.promise = o.by, o.elapsed, o.never, !o.blind, o.plan, p
	places := r.Places
	if len(places) == 0 {
		places = []model.Ref{o.by}
	}
	r.Missing = missingAt(o.missing, places)
}

// missingAt replaces the mark of an unknown length of work by what is worked on.
func missingAt(missing, places []model.Ref) []model.Ref {
	var out []model.Ref
	for _, m := range missing {
		if m.IsZero() {
			out = append(out, places...)
		} else {
			out = append(out, m)
		}
	}
	return sorted(out)
}

func sorted(refs []model.Ref) []model.Ref {
	out := slices.Clone(refs)
	slices.SortFunc(out, model.Ref.Compare)
	return slices.Compact(out)
}
