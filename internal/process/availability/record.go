package availability

import (
	"cmp"
	"slices"
	"time"

	"diapason/internal/calendars"
	"diapason/internal/engine/renewal"
	"diapason/internal/finding"
	"diapason/internal/model"
)

// Confidence is the confidence of all intervals that come from records.
const Confidence = 0.9

// Interruption is one outage as far as it concerns something.
type Interruption struct {
	Outage     model.Ref
	Cause      model.Ref
	Start, End time.Time // End is the start of the day of evaluation where it goes on
	Open       bool      // not over yet
	Controlled bool      // announced, as planned
	Reviewed   bool
	Derived    bool // hit because of the structure, not because somebody said so
}

// Experience is what the record of interruptions says of something.
type Experience struct {
	Since         model.Date // start of the observation; no date where it is not known
	Interruptions []Interruption
	Record        renewal.Record // the uncontrolled ones
	Known         bool           // the observation has a start and the record fits it
}

// outagesBy lists the outages that something caused.
func (a *Analysis) outagesBy(cause model.Handle) []model.Handle {
	a.recorded.Do(func() {
		a.byOutage = map[model.Handle][]model.Handle{}
		for _, h := range a.f.Snap.OfKind("outage") {
			if to, ok := a.f.Snap.Find(finding.Spec[model.Outage](a.f, h).Cause); ok {
				a.byOutage[to] = append(a.byOutage[to], h)
			}
		}
	})
	return a.byOutage[cause]
}

// observed is the day from which the failures of h itself are known to be recorded
// without gaps: since it is in service, and since everything is recorded.
func (a *Analysis) observed(h model.Handle) model.Date {
	since := a.f.Snap.Organisation().RecordedSince
	if since.IsZero() {
		return since
	}
	switch s := a.f.Snap.Object(h).Spec.(type) {
	case *model.Component:
		return later(since, s.InService)
	case *model.Site:
		return later(since, s.InService)
	case *model.Tool:
		return later(since, s.InService)
	case *model.Service:
		return later(since, s.AvailableFrom)
	}
	return model.Date(0)
}

// later is the later of two days, no day where the second is not known.
func later(since, own model.Date) model.Date {
	if own.IsZero() {
		return own
	}
	return max(since, own)
}

// Failures is the experience with h itself: the outages it caused.
func (a *Analysis) Failures(h model.Handle) Experience {
	var list []Interruption
	for _, o := range a.outagesBy(h) {
		if x, ok := a.interruption(o); ok {
			list = append(list, x)
		}
	}
	return a.experience(h, list)
}

// Interruptions is the experience with a service: the outages that hit it, as
// somebody said, or as the structure says where nobody did.
func (a *Analysis) Interruptions(service model.Handle) Experience {
	name := a.f.Snap.Ref(service)
	var list []Interruption
	for _, o := range a.f.Snap.OfKind("outage") {
		spec := finding.Spec[model.Outage](a.f, o)
		if len(spec.Hits) > 0 && (!slices.Contains(spec.Hits, name) || slices.Contains(spec.Spared, name)) {
			continue // who is said to be both hit and spared is not known to be either
		}
		x, ok := a.interruption(o)
		if !ok {
			continue
		}
		if len(spec.Hits) == 0 {
			if !slices.Contains(a.Hits(o), name) {
				continue
			}
			x.Derived = true
		}
		list = append(list, x)
	}
	return a.experience(service, list)
}

// Hits are the services that an outage stopped: those named, else those that the
// structure says fall with its cause and that nobody said were spared.
func (a *Analysis) Hits(outage model.Handle) []model.Ref {
	o := finding.Spec[model.Outage](a.f, outage)
	if o == nil || len(o.Hits) > 0 || o.Cause.IsZero() {
		return hitsOf(o)
	}
	if hit, ok := a.fell.Load(outage); ok {
		return hit.([]model.Ref)
	}
	list := a.Down([]model.Ref{o.Cause}).Services
	list = slices.DeleteFunc(list, func(r model.Ref) bool { return slices.Contains(o.Spared, r) })
	a.fell.Store(outage, list)
	return list
}

func hitsOf(o *model.Outage) []model.Ref {
	if o == nil {
		return nil
	}
	return o.Hits
}

// interruption reads an outage that has begun by the day of evaluation and whose times
// do not contradict themselves.
func (a *Analysis) interruption(outage model.Handle) (Interruption, bool) {
	o := finding.Spec[model.Outage](a.f, outage)
	zone := calendars.Zone(a.f)
	today := a.f.On.In(zone)
	if amiss(a.f, o) != Sound || !o.Start.Before(today) {
		return Interruption{}, false
	}
	x := Interruption{
		Outage: a.f.Snap.Ref(outage), Cause: o.Cause, Start: o.Start.In(zone), End: o.End.In(zone),
		Controlled: announced(a.f, o, model.DateOf(o.Start.In(zone))), Reviewed: reviewed(a.f, outage, o),
	}
	if o.End.IsZero() || o.End.After(today) {
		x.End, x.Open = today, true
	}
	return x, true
}

// experience orders interruptions, the earliest first, and makes the record of the
// uncontrolled ones; those that overlap count as one.
func (a *Analysis) experience(h model.Handle, list []Interruption) Experience {
	slices.SortFunc(list, func(x, y Interruption) int {
		return cmp.Or(x.Start.Compare(y.Start), x.Outage.Compare(y.Outage))
	})
	out := Experience{Since: a.observed(h), Interruptions: list}
	if out.Since.IsZero() || out.Since >= a.f.On {
		return out
	}
	zone := calendars.Zone(a.f)
	from, until := out.Since.In(zone), a.f.On.In(zone)
	out.Record.Window = until.Sub(from)
	var end time.Time
	for _, x := range list {
		start := x.Start
		if x.Controlled || !x.End.After(from) {
			continue
		}
		if start.Before(from) {
			start = from
		}
		switch {
		case start.Before(end):
			if x.End.After(end) {
				out.Record.Downs[len(out.Record.Downs)-1] += x.End.Sub(end)
				end = x.End
			}
		default:
			out.Record.Downs = append(out.Record.Downs, x.End.Sub(start))
			end = x.End
		}
	}
	out.Known = out.Record.Check() == nil
	return out
}

// learn corrects declared failure data by what was observed (Bayes). Of what has
// several instances the record tells of all together and the figures of one, so
// those stay as declared; and of what has neither figures nor failures nothing is
// learnt.
func (a *Analysis) learn(h model.Handle, in *Input) {
	if a.f.Snap.Organisation().RecordedSince.IsZero() || in.several() || in.Source == SourceNotOwn {
		return
	}
	if a.observed(h).IsZero() {
		return
	}
	x := a.Failures(h)
	if !x.Known {
		return
	}
	belief, ok := prior(in, x.Record)
	if !ok {
		return
	}
	belief = belief.Observed(x.Record)
	in.Declared, in.DeclaredSource = in.Availability, in.Source
	in.Observed, in.Since, in.belief = len(x.Record.Downs), x.Since, &belief
	in.Source = SourceObserved
	in.MTBF, in.MTTR = model.Duration(belief.MTBF()), model.Duration(belief.MTTR())
	in.Availability = model.AvailabilityOf(belief.Unavailability())
}

// prior is the belief before the record. Where only an availability is declared the
// time to restore is taken from the record, and nothing is learnt from quiet times.
func prior(in *Input, r renewal.Record) (renewal.Belief, bool) {
	if in.Source == SourceTimes {
		return renewal.Declared(time.Duration(in.MTBF), time.Duration(in.MTTR)), true
	}
	if len(r.Downs) == 0 || r.Down() == 0 || r.Up() <= 0 {
		return renewal.Belief{}, false
	}
	down := r.Down() / time.Duration(len(r.Downs))
	if in.Source == SourceNone {
		return renewal.Declared(r.Up()/time.Duration(len(r.Downs)), down), true
	}
	q := in.Availability.Unavailability()
	if q <= 0 || q >= 1 {
		return renewal.Belief{}, false
	}
	up := down.Hours() * (1 - q) / q
	if up >= longest.Hours() {
		return renewal.Belief{}, false
	}
	return renewal.Declared(time.Duration(up*float64(time.Hour)), down), true
}

// longest bounds mean times, far beyond what anybody declares.
const longest = 200 * 365 * 24 * time.Hour
