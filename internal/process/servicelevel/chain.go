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

// Chain is what stands behind one target for one service, from the need (SLR) over
// the promise (SLA) to those who keep it (OLA, underpinning contract).
type Chain struct {
	Promise
	// Needs are the requirements for the service with the same measure; of a
	// requirement itself, what is agreed on it.
	Needs []Need
	// Hours is the calendar that the target counts in, zero where none is stated;
	// Agreed is how long it is open in the coming year.
	Hours  model.Ref
	Agreed time.Duration
	// Links are what the target rests on: of an availability the promises, weakest
	// first; of a time the hand-overs, in order; of a recovery the plans and copies,
	// longest first.
	Links []ChainLink
	// First is the place in Links of the first that fails, −1 where none does alone.
	First int
	// Composed is set for an availability.
	Composed *Composed
	// Timed is set for a time to respond or restore.
	Timed *Timed
	// Lacking are data without which nothing certain can be said, sorted.
	Lacking []model.Ref
}

// FirstFailing is the first link that fails, nil where none does alone.
func (c *Chain) FirstFailing() *ChainLink {
	if c.First < 0 {
		return nil
	}
	return &c.Links[c.First]
}

// Need is a requirement beside a promise.
type Need struct {
	Requirement, Agreement model.Ref
	Value                  any // what is needed; of a requirement itself, what is agreed
	Verdict                Verdict
}

// ChainLink is one promise, hand-over, plan or copy that a target rests on.
type ChainLink struct {
	// By is who or what it is: an agreement of a team, a contract, the team or
	// contract that works, a recovery plan, a data asset. Promise is the agreement or
	// contract that says so, where there is another.
	By, Promise model.Ref
	Target      string
	What        any // of a hand-over: the step, or the measure
	// Value is what it promises or attains, an Availability or a Duration, nil where
	// it does not say.
	Value any
	Fails bool
	// Short is how much it lacks: of an availability, unavailability beyond what is
	// promised; of a time, by how much the promised time is then over.
	Short float64
	Late  time.Duration
	// Hours is the calendar that it counts in; Outside is how much of the agreed time
	// of the coming year lies outside it, where it promises nothing.
	Hours   model.Ref
	Outside time.Duration
	// Of a hand-over: from when to when in the worst case, how long the work takes,
	// and how long it waited for working hours.
	From, To      time.Time
	Works, Waited time.Duration
	Never         bool
}

// Chains draws what stands behind each target of an agreement, or of a requirement,
// service by service.
func (a *Analysis) Chains(h model.Handle) []Chain {
	spec := finding.Spec[model.Agreement](a.f, h)
	need := finding.Spec[model.Requirement](a.f, h)
	if spec == nil {
		if need == nil {
			return nil
		}
		spec = &model.Agreement{Type: "sla", Customer: need.Customer, Services: []model.Ref{need.Service}, Targets: need.Targets}
	}
	var out []Chain
	ref := a.f.Snap.Ref(h)
	for i := range spec.Targets {
		for _, s := range a.served(spec) {
			c := a.chain(spec, &spec.Targets[i], i, s.handle)
			c.Agreement = ref
			if need == nil {
				c.Measured = a.lastMeasured(h, c.Target, s.ref)
				c.Missed = c.Measured != nil && c.Target.Missed(c.Measured)
				c.Needs = a.needsBeside(spec, c.Target, s.handle)
			} else {
				c.Needs = a.agreedOn(h, need, c.Target)
			}
			out = append(out, c)
		}
	}
	return out
}

// chain judges one target, whether the agreement is in the model or only thought of.
func (a *Analysis) chain(spec *model.Agreement, t *model.Target, i int, service model.Handle) Chain {
	c := Chain{Promise: Promise{Service: a.f.Snap.Ref(service), Index: i, Target: t, Verdict: Unknown}, Hours: calendarOf(t, spec.Hours), First: -1}
	a.judge(&c.Promise, spec, service)
	if open, ok := calendars.Open(a.f, c.Hours); ok {
		c.Agreed = open.Clip(calendars.Window(a.f)).Duration()
	}
	switch {
	case c.Support != nil:
		a.chainAvailability(&c, service, !isSLA(spec))
	case (t.Metric == model.MetricRestore || t.Metric == model.MetricRespond) && t.Within > 0:
		a.chainTime(&c, spec, service)
	case t.Metric == model.MetricRecoveryTime && t.Within > 0 || t.Metric == model.MetricRecoveryPoint:
		a.chainRecovery(&c, service)
	}
	c.First = slices.IndexFunc(c.Links, func(l ChainLink) bool { return l.Fails })
	c.Lacking = sorted(c.Lacking)
	return c
}

// Composed are the values that promises behind an availability make together.
type Composed struct {
	// Product holds if they fail independently and stand one after the other, Bound
	// (a + b − 1) whatever they do; alternatives count as 1 − ∏(1 − a).
	Product, Bound model.Availability
	// Exact is the value of the dependency model with a promise as one thing wherever
	// it stands; IsExact is false where it could not be solved.
	Exact   model.Availability
	IsExact bool
	// Common is how much of the agreed time of the coming year lies within the hours
	// of every link. BoundCommon is Bound where all the down time that a link allows
	// itself in its own hours falls into those in common; set only if Narrowed.
	Common      time.Duration
	BoundCommon model.Availability
	Narrowed    bool
	// Predicted is what the design gives, where Known.
	Predicted, Lower, Upper model.Availability
	Known, Certain          bool
	// Falls tells that the design falls short for certain.
	Falls bool
}

func (a *Analysis) chainAvailability(c *Chain, service model.Handle, ofTeam bool) {
	s := c.Support
	x := &Composed{Product: s.Product, Bound: s.Bound}
	c.Composed = x
	c.Lacking = append(c.Lacking, s.Unpromised...)
	x.Exact, x.IsExact = a.exact(service, ofTeam)
	if p, ok := finding.Use[prediction](a.f); ok {
		var missing []model.Ref
		x.Predicted, x.Lower, x.Upper, x.Certain, missing, x.Known = p.Predicted(service)
		c.Lacking = append(c.Lacking, missing...)
		x.Falls = x.Known && (x.Certain && x.Predicted.Less(s.Promised) || !x.Certain && x.Upper.Less(s.Promised))
		if x.Falls {
			c.Verdict = Uncovered
		}
	}
	agreed, ok := calendars.Open(a.f, c.Hours)
	agreed = agreed.Clip(calendars.Window(a.f))
	common := agreed
	hours := make([]worktime.Set, len(s.Links))
	known := make([]bool, len(s.Links))
	for i, l := range s.Links {
		link := ChainLink{By: l.Promise, Target: l.Target, Value: l.Availability, Hours: a.hoursOfTarget(l.Promise, l.Target)}
		if l.Availability.Less(s.Promised) {
			link.Fails, link.Short = true, l.Availability.Unavailability()-s.Promised.Unavailability()
		}
		if hours[i], known[i] = calendars.Open(a.f, link.Hours); known[i] && ok {
			hours[i] = hours[i].Clip(calendars.Window(a.f))
			link.Outside = agreed.Subtract(hours[i]).Duration()
			common = common.Intersect(hours[i])
			if link.Outside > 0 {
				link.Fails = true
				if c.Verdict == Covered {
					c.Verdict = Uncovered
				}
			}
		}
		c.Links = append(c.Links, link)
	}
	for _, r := range s.Unpromised {
		c.Links = append(c.Links, ChainLink{By: r})
	}
	if !ok {
		return
	}
	x.Common = common.Duration()
	loss := s.Bound.Unavailability()
	for i, l := range s.Links {
		if d := hours[i].Duration(); known[i] && d != x.Common {
			x.Narrowed = true
			own := l.Availability.Unavailability()
			if x.Common > 0 {
				loss += own*float64(d)/float64(x.Common) - own
			} else {
				loss = 1
			}
		}
	}
	x.BoundCommon = model.AvailabilityOf(min(max(loss, 0), 1))
}

// hoursOfTarget is the calendar that a target of an agreement or contract counts in.
func (a *Analysis) hoursOfTarget(by model.Ref, target string) model.Ref {
	h := handle(a.f, by)
	var hours model.Ref
	if x := finding.Spec[model.Agreement](a.f, h); x != nil {
		hours = x.Hours
	} else if x := finding.Spec[model.Contract](a.f, h); x != nil {
		hours = x.Hours
	}
	for _, t := range targetsOf(a.f, h) {
		if t.Name == target && t.Metric == model.MetricAvailability {
			return calendarOf(&t, hours)
		}
	}
	return hours
}

// needsBeside are the requirements of the customers of an agreement for a service
// that ask for what a target promises.
func (a *Analysis) needsBeside(spec *model.Agreement, t *model.Target, service model.Handle) []Need {
	var out []Need
	handles(a.f, service, "requirement", func(h model.Handle) {
		r := finding.Spec[model.Requirement](a.f, h)
		if handle(a.f, r.Service) != service || !spec.Customer.IsZero() && !r.Customer.IsZero() && r.Customer != spec.Customer {
			return
		}
		for i := range r.Targets {
			need := &r.Targets[i]
			if need.Metric != t.Metric || need.Value() == nil || !covers(t.Priority, need.Priority) {
				continue
			}
			n := Need{Requirement: a.f.Snap.Ref(h), Value: need.Value(), Verdict: Covered}
			switch weaker, comparable := t.WeakerThan(need); {
			case !comparable:
				n.Verdict = Unknown
			case weaker || a.narrower(need.Calendar, calendarOf(t, spec.Hours)) > 0:
				n.Verdict = Uncovered
			}
			out = append(out, n)
		}
	})
	slices.SortStableFunc(out, func(x, y Need) int { return x.Requirement.Compare(y.Requirement) })
	return out
}

// agreedOn says what is agreed on a need; an agreement that answers it fully counts
// before one that does not.
func (a *Analysis) agreedOn(requirement model.Handle, need *model.Requirement, t *model.Target) []Need {
	var out []Need
	for _, h := range a.agreementsOn(handle(a.f, need.Service)) {
		x := finding.Spec[model.Agreement](a.f, h)
		if !isSLA(x) || !need.Customer.IsZero() && !binds(x, need.Customer) || a.gone(h, x) {
			continue
		}
		for i := range x.Targets {
			agreed := &x.Targets[i]
			if agreed.Metric != t.Metric || agreed.Value() == nil || !covers(agreed.Priority, t.Priority) {
				continue
			}
			n := Need{Requirement: a.f.Snap.Ref(requirement), Agreement: a.f.Snap.Ref(h), Value: agreed.Value(), Verdict: Covered}
			switch weaker, comparable := agreed.WeakerThan(t); {
			case !comparable:
				n.Verdict = Unknown
			case weaker || a.narrower(t.Calendar, calendarOf(agreed, x.Hours)) > 0:
				n.Verdict = Uncovered
			}
			out = append(out, n)
		}
	}
	rank := map[Verdict]int{Covered: 0, Unknown: 1, Uncovered: 2}
	slices.SortStableFunc(out, func(x, y Need) int {
		return cmp.Or(cmp.Compare(rank[x.Verdict], rank[y.Verdict]), x.Agreement.Compare(y.Agreement))
	})
	return out
}
