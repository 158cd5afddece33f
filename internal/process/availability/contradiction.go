package availability

import (
	"slices"

	"diapason/internal/calendars"
	"diapason/internal/finding"
	"diapason/internal/model"
)

// Amiss is what a record of an interruption says that cannot be.
type Amiss string

// What can be amiss with the times of a record.
const (
	Sound      Amiss = ""
	NoStart    Amiss = "start"    // when it began is not said
	Order      Amiss = "order"    // it ended when it began, or before
	StartAhead Amiss = "ahead"    // it begins after the day of evaluation
	EndAhead   Amiss = "endAhead" // it ends after the day of evaluation
)

// Amiss says what is wrong with the times of an outage. The figures leave out what is
// not sound: nothing in them would say that it cannot be.
func (a *Analysis) Amiss(outage model.Handle) Amiss {
	return amiss(a.f, finding.Spec[model.Outage](a.f, outage))
}

func amiss(f *finding.Facts, o *model.Outage) Amiss {
	if o == nil {
		return Sound
	}
	zone := calendars.Zone(f)
	switch {
	case o.Start.IsZero():
		return NoStart
	case !o.End.IsZero() && !o.End.After(o.Start.Time):
		return Order
	case model.DateOf(o.Start.In(zone)) > f.On:
		return StartAhead
	case !o.End.IsZero() && model.DateOf(o.End.In(zone)) > f.On:
		return EndAhead
	}
	return Sound
}

// record is AVL-010 on what a record says of itself: its times, its cause, and whom it
// hit. sound is false where the times cannot be, and nothing follows from them.
func record(f *finding.Facts, o *model.Outage, emit func(finding.Finding)) (sound bool) {
	zone := calendars.Zone(f)
	args := func() finding.Args {
		out := finding.Args{}
		if !o.Start.IsZero() {
			out["start"] = o.Start.In(zone)
		}
		if !o.End.IsZero() {
			out["end"] = o.End.In(zone)
		}
		return out
	}
	kind := amiss(f, o)
	if kind != Sound {
		out := finding.Finding{Variant: string(kind), Args: args(), Pointer: "/spec/start"}
		switch kind {
		case NoStart:
			out.Outcome = finding.Unknown
		case Order, EndAhead:
			out.Pointer = "/spec/end"
		}
		for _, key := range []string{"start", "end"} {
			if v, ok := out.Args[key]; ok {
				out.Evidence = append(out.Evidence, finding.Evidence{Label: key, Value: v})
			}
		}
		emit(out)
	}
	// While it lasts its cause may not be known yet; but then whom it hits must be said.
	if o.Cause.IsZero() && (!o.End.IsZero() || len(o.Hits) == 0) && kind == Sound {
		out := finding.Finding{Variant: "cause", Outcome: finding.Unknown, Args: args(), Pointer: "/spec/cause"}
		out.Args["hits"], out.Args["n"] = o.Hits, len(o.Hits)
		emit(out)
	}
	if both := inBoth(o); len(both) > 0 {
		emit(finding.Finding{
			Variant: "both", Args: finding.Args{"services": both, "n": len(both)}, Pointer: "/spec/spared", Causes: both,
			Evidence: []finding.Evidence{{Label: "services", Value: both}},
		})
	}
	return kind == Sound
}

// inBoth are the services that an outage says it hit and spared.
func inBoth(o *model.Outage) (both []model.Ref) {
	for _, r := range o.Hits {
		if slices.Contains(o.Spared, r) && !slices.Contains(both, r) {
			both = append(both, r)
		}
	}
	return both
}
