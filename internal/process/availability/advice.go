package availability

import (
	"slices"
	"time"

	"diapason/internal/finding"
	"diapason/internal/model"
)

// Change is one change to the design and what it would bring.
type Change struct {
	Subject model.Ref
	Kind    string // "duplicate": a second one beside it; "repair": restore it in half the time
	Before  model.Availability
	After   model.Availability
	Gain    time.Duration  // in a mean month
	Reaches bool           // the promise is then kept
	MTTR    model.Duration // of a repair: the time it takes then

	after float64
}

// mostCandidates bounds the causes for which changes are tried.
const mostCandidates = 12

// Changes evaluates single changes to what makes a service unavailable most: a
// second component or tool beside the one there is (independent, taking over at
// once: q becomes q²), and restoring it in half the time. Each is evaluated by
// solving the service again; where only bounds are known the unavailable side
// counts. The largest gain comes first.
func (a *Analysis) Changes(service model.Handle) []Change {
	out := slices.Clone(a.changes(service))
	p, has := promised(a.f, service)
	for i := range out {
		out[i].Reaches = has && out[i].after <= p.availability.Unavailability()
	}
	sortChanges(out)
	return out
}

// changes are those of the structure, whatever is promised; they are remembered.
func (a *Analysis) changes(service model.Handle) []Change {
	a.mu.Lock()
	known := a.changed.At(int32(service))
	a.mu.Unlock()
	if known != nil {
		return known
	}
	t, events, causes := a.contributions(service)
	out := []Change{}
	try := func(in *Input, kind string, q float64, mttr model.Duration) {
		after := t.with(events[in.Ref], q, in.unavailability())
		out = append(out, Change{
			Subject: in.Ref, Kind: kind, Before: model.AvailabilityOf(t.unavailability), After: model.AvailabilityOf(after), after: after,
			Gain: Monthly(t.unavailability - after), MTTR: mttr,
		})
	}
	for i := range causes[:min(len(causes), mostCandidates)] {
		in := &causes[i].Input
		if causes[i].Gain <= 0 {
			break
		}
		if q := in.unavailability(); in.Ref.Kind == "component" || in.Ref.Kind == "tool" {
			try(in, "duplicate", q*q, 0)
		}
		if in.Source == SourceTimes {
			faster, half := *in, in.MTTR/2
			if faster.MTTR = half; in.Repair > 0 { // the work is halved, not the wait
				h, _ := a.f.Snap.Find(in.Ref)
				half = in.Repair / 2
				faster.MTTR = a.downFor(h, half)
			}
			try(in, "repair", faster.unavailability(), half)
		}
	}
	a.mu.Lock()
	a.changed.Put(int32(service), out)
	a.mu.Unlock()
	return out
}

// advice is AVL-007: for a promise that the design does not keep, the one change
// that gains most.
func advice(f *finding.Facts, h model.Handle, emit func(finding.Finding)) {
	s := finding.Spec[model.Service](f, h)
	if s == nil || s.Stage == model.StageRetired {
		return
	}
	p, ok := promised(f, h)
	if !ok {
		return
	}
	a, ok := finding.Use[*Analysis](f)
	if !ok {
		return
	}
	fig := a.all().At(int32(h))
	if fig == nil || fig.low <= p.availability.Unavailability() {
		return
	}
	changes := a.Changes(h)
	if len(changes) == 0 {
		return
	}
	best := changes[0]
	out := finding.Finding{
		Causes: []model.Ref{best.Subject}, Pointer: "/spec/requires", Variant: best.Kind,
		Args: finding.Args{
			"change": best.Subject, "before": best.Before, "after": best.After, "gain": best.Gain, "reaches": best.Reaches,
			"promised": p.availability, "agreement": p.agreement, "mttr": best.MTTR,
		},
		Evidence: []finding.Evidence{
			{Label: "promised", Value: p.availability}, {Label: "before", Value: best.Before},
			{Label: "after", Value: best.After}, {Label: "gain", Value: best.Gain},
		},
	}
	for _, c := range changes[1:] {
		if c.Subject != best.Subject {
			out.Args["second"], out.Args["secondAfter"] = c.Subject, c.After
			out.Evidence = append(out.Evidence, finding.Evidence{Label: "second", Value: c.Subject}, finding.Evidence{Label: "secondAfter", Value: c.After})
			break
		}
	}
	emit(out)
}
