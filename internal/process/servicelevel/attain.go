package servicelevel

import (
	"math"
	"time"

	"diapason/internal/calendars"
	"diapason/internal/finding"
	"diapason/internal/model"
)

// Outcome says whether something wished for can be promised.
type Outcome string

// The outcomes of a wish.
const (
	Can    Outcome = "can"    // it is kept
	Risky  Outcome = "risky"  // it is kept in the mean, and yet missed more often than RiskAccepted
	Cannot Outcome = "cannot" // it is not kept
	Open   Outcome = "open"   // nothing certain can be said
)

// RiskAccepted is how often the window of a promise may be missed before the promise
// is called risky, and what the best promise is computed for.
const RiskAccepted = .05

// Attained is one wish with what stands behind it.
type Attained struct {
	Chain
	Outcome Outcome
	// Best is the best that can be promised: an Availability, a Duration or a
	// Quantity; nil where it is not known.
	Best any
	// Risk is how often the window of an availability is missed, nil where the
	// rhythm of interruptions is not known.
	Risk *Risk
	// Levers are what would make it attainable, or more so.
	Levers []Lever
}

// Lever is a change that would help, beside those to the design.
type Lever struct {
	// Kind says what: "promise": By would have to promise Value; "hours": By at work
	// round the clock would bring the worst case to Value; "shorten": even so the work
	// is too long by Value; "state": By does not say what is needed; "plan": no recovery
	// plan covers By; "support": nobody is said to support By.
	Kind    string
	By      model.Ref
	Value   any
	Reaches bool
	// Missing is how long in the coming year By does not work within the agreed time.
	Missing time.Duration
	// Share is the share of cases that Value is for; all where it is the worst case.
	Share model.Percent
}

// Kinds of levers.
const (
	LeverPromise = "promise"
	LeverHours   = "hours"
	LeverShorten = "shorten"
	LeverState   = "state"
	LeverPlan    = "plan"
	LeverSupport = "support"
)

// HoursWish is whether agreed service time is covered by who supports a service.
type HoursWish struct {
	Hours    model.Ref
	Outcome  Outcome
	Coverage *Coverage // nil where the calendar cannot be read
}

// Answer is what can be promised of what a customer wants.
type Answer struct {
	Service   model.Ref
	Hours     *HoursWish // nil where no hours are wished
	Wishes    []Attained
	Conflicts []Conflict
	// Outcome is the worst of all.
	Outcome Outcome
}

func (o Outcome) worst(x Outcome) Outcome {
	rank := map[Outcome]int{"": 0, Can: 1, Risky: 2, Open: 3, Cannot: 4}
	if rank[x] > rank[o] {
		return x
	}
	return o
}

// Attain judges an agreement that is not in the model as if it stood there: what is
// promised in it for one service or component.
func (a *Analysis) Attain(service model.Handle, spec *model.Agreement) Answer {
	out := Answer{Service: a.f.Snap.Ref(service)}
	if !spec.Hours.IsZero() {
		out.Hours = a.hoursWish(service, spec.Hours)
		out.Outcome = out.Outcome.worst(out.Hours.Outcome)
	}
	for i := range spec.Targets {
		x := Attained{Chain: a.chain(spec, &spec.Targets[i], i, service)}
		x.Needs = a.needsBeside(spec, x.Target, service)
		switch {
		case x.Composed != nil:
			a.attainAvailability(&x, service)
		case x.Target.Metric == model.MetricRestore || x.Target.Metric == model.MetricRespond:
			a.attainTime(&x, spec, service)
		default:
			a.attainOther(&x, service)
		}
		out.Wishes = append(out.Wishes, x)
		out.Outcome = out.Outcome.worst(x.Outcome)
	}
	out.Conflicts = a.conflicts(service, spec)
	return out
}

func (a *Analysis) hoursWish(service model.Handle, hours model.Ref) *HoursWish {
	w := &HoursWish{Hours: hours, Outcome: Open}
	c, ok := a.Coverage(service, hours)
	if !ok {
		return w
	}
	w.Coverage = c
	switch {
	case c.Uncovered.IsEmpty():
		w.Outcome = Can
	case len(c.Missing) == 0:
		w.Outcome = Cannot
	}
	return w
}

// attainAvailability judges an availability by the design and by the promises behind
// it; what nobody promises counts as the design has it.
func (a *Analysis) attainAvailability(x *Attained, service model.Handle) {
	asked, c := *x.Target.Availability, x.Composed
	x.Outcome = Open
	best, known := model.AvailabilityOf(0), false
	switch sure := c.Certain; {
	case !c.Known:
	case sure && c.Predicted.Less(asked), !sure && c.Upper.Less(asked):
		x.Outcome = Cannot
	case sure || !c.Lower.Less(asked):
		x.Outcome = Can
	}
	switch {
	case c.Known && c.Certain:
		best, known = c.Predicted, true
	case c.Known && c.Lower.Ratio() > 0: // it holds whatever is missing
		best, known = c.Lower, true
	}
	if x.Verdict == Uncovered {
		x.Outcome = Cannot
	}
	if len(x.Support.Links) > 0 && c.Product.Less(best) {
		best = c.Product
	}
	if x.Risk = a.risk(service, x); x.Risk != nil {
		if x.Outcome == Can && x.Risk.Miss > RiskAccepted {
			x.Outcome = Risky
		}
		if x.Risk.Best.Less(best) {
			best = x.Risk.Best
		}
	}
	if known {
		x.Best = prudent(best)
	}
	x.Levers = a.promiseLevers(x)
}

// prudent leaves two significant digits of an unavailability, upwards.
func prudent(a model.Availability) model.Availability {
	u := a.Unavailability()
	if u <= 0 || u >= 1 {
		return a
	}
	scale := math.Pow(10, 1-math.Floor(math.Log10(u)))
	return model.AvailabilityOf(min(math.Ceil(u*scale-1e-6)/scale, 1))
}

// promiseLevers are the promises that would have to be better: each failing link
// with what it would have to promise if the others stay, and what promises nothing.
func (a *Analysis) promiseLevers(x *Attained) []Lever {
	var out []Lever
	asked := x.Target.Availability.Ratio()
	for _, l := range x.Links {
		own, ok := l.Value.(model.Availability)
		switch {
		case !ok:
			if x.Outcome == Open {
				out = append(out, Lever{Kind: LeverState, By: l.By})
			}
		case l.Fails && own.Ratio() > 0:
			rest := x.Composed.Product.Ratio() / own.Ratio()
			lever := Lever{Kind: LeverPromise, By: l.By, Missing: l.Outside}
			if rest >= asked {
				lever.Value, lever.Reaches = model.AvailabilityOf(math.Floor((1-asked/rest)*1e6)/1e6), true
			} else {
				lever.Value = model.AvailabilityOf(0)
			}
			out = append(out, lever)
		}
	}
	return out
}

func (a *Analysis) attainTime(x *Attained, spec *model.Agreement, service model.Handle) {
	switch x.Verdict {
	case Covered:
		x.Outcome = Can
	case Uncovered:
		x.Outcome = Cannot
	default:
		x.Outcome = Open
	}
	if t := x.Timed; t != nil && len(x.Lacking) == 0 {
		switch share := x.Target.Share().Ratio(); {
		case share < 1 && t.Spread && t.Usual < math.MaxInt64:
			x.Best = model.Duration(roundUp(t.Usual))
		case share == 1 && !t.Never:
			x.Best = model.Duration(roundUp(t.Elapsed))
		}
	}
	x.state(LeverSupport)
	if x.Outcome == Cannot && x.Worst != nil {
		x.Levers = append(x.Levers, a.timeLevers(x, spec)...)
	}
}

// state asks what is missing to be said; of the service itself, something else is.
func (x *Attained) state(ofService string) {
	for _, r := range x.Lacking {
		l := Lever{Kind: LeverState, By: r}
		if r == x.Service {
			l.Kind = ofService
		}
		x.Levers = append(x.Levers, l)
	}
}

// roundUp makes a time that people promise: whole minutes up to an hour, quarters of
// an hour up to a day, whole hours beyond.
func roundUp(d time.Duration) time.Duration {
	step := time.Hour
	switch {
	case d <= time.Hour:
		step = time.Minute
	case d <= 24*time.Hour:
		step = 15 * time.Minute
	}
	return (d + step - 1) / step * step
}

// timeLevers tries each party of the worst case at work round the clock.
func (a *Analysis) timeLevers(x *Attained, spec *model.Agreement) []Lever {
	var out []Lever
	within, share := x.Target.Within.Std(), x.Target.Share()
	agreed, _ := calendars.Open(a.f, x.Hours)
	agreed = agreed.Clip(calendars.Window(a.f))
	seen := map[model.Ref]bool{}
	for _, l := range x.Links {
		if seen[l.By] {
			continue
		}
		seen[l.By] = true
		missing := agreed.Subtract(a.workingOf(l.By).hours).Duration()
		if missing == 0 {
			continue
		}
		d, never, ok := a.atWork(x.Worst, l.By, share.Ratio())
		if !ok || never {
			continue
		}
		out = append(out, Lever{Kind: LeverHours, By: l.By, Value: model.Duration(d), Reaches: d <= within, Missing: missing, Share: share})
	}
	if over := x.Timed.Work - within; over > 0 {
		by := x.Timed.By
		longest := time.Duration(-1)
		for _, l := range x.Links {
			if l.Works > longest {
				longest, by = l.Works, l.By
			}
		}
		out = append(out, Lever{Kind: LeverShorten, By: by, Value: model.Duration(over), Reaches: true})
	}
	return out
}

func (a *Analysis) attainOther(x *Attained, service model.Handle) {
	switch x.Verdict {
	case Covered:
		x.Outcome = Can
	case Uncovered:
		x.Outcome = Cannot
	default:
		x.Outcome = Open
		x.state(LeverPlan)
	}
	switch t := x.Target; {
	case x.Recovers != nil && x.Outcome != Open:
		if l := x.FirstFailing(); l == nil || l.Value != nil {
			x.Best = *x.Recovers
		}
	case t.Metric == model.MetricThroughput && t.AtLeast != nil:
		if c, _, ok := capacityIn(a.f, service, t.AtLeast.Unit); ok {
			x.Best = c
			x.Links = append(x.Links, ChainLink{By: x.Service, Value: c, Fails: x.Verdict == Uncovered})
			if x.Verdict == Uncovered {
				x.First = 0
			}
		}
	}
}

// Conflict is what an agreement with the same customer promises otherwise for the
// service.
type Conflict struct {
	Agreement model.Ref
	// Here and There are the targets; nil where Hours and Other, the agreed service
	// times, differ.
	Here, There  *model.Target
	Hours, Other model.Ref
	Stricter     bool // there
	// Ordered tells that level or precedence says which of both counts.
	Ordered bool
}

// conflicts are the differences between an agreement that is thought of and those
// with the same customer, or with all, on the service.
func (a *Analysis) conflicts(service model.Handle, spec *model.Agreement) []Conflict {
	var out []Conflict
	for _, h := range a.agreementsOn(service) {
		o := finding.Spec[model.Agreement](a.f, h)
		if !isSLA(o) || !sameCustomer(spec, o) || a.gone(h, o) {
			continue
		}
		x := Conflict{Agreement: a.f.Snap.Ref(h), Ordered: ordered(spec, o)}
		if x.Ordered && spec.Customer != o.Customer {
			continue // one for all and one for a customer go together
		}
		for i := range spec.Targets {
			for j := range o.Targets {
				t, u := &spec.Targets[i], &o.Targets[j]
				if t.Metric != u.Metric || !samePriority(t.Priority, u.Priority) || u.Value() == nil || sameValue(t, u) {
					continue
				}
				x.Here, x.There = t, u
				x.Stricter, _ = t.WeakerThan(u)
				out = append(out, x)
			}
		}
		if !spec.Hours.IsZero() && !o.Hours.IsZero() && spec.Hours != o.Hours {
			x.Here, x.There, x.Hours, x.Other, x.Stricter = nil, nil, spec.Hours, o.Hours, a.narrower(o.Hours, spec.Hours) > 0
			out = append(out, x)
		}
	}
	return out
}
