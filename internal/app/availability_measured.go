package app

import (
	"context"
	"time"

	"diapason/internal/engine/slo"
	"diapason/internal/finding"
	"diapason/internal/identity"
	"diapason/internal/model"
	"diapason/internal/process/servicelevel"
)

// Measured is the availability of a service as its promises have it measured, in the
// hours and by the method of each: from the evidence ledger, from cases, or declared.
// What is recorded of outages stands beside it and is another thing: there every
// uncontrolled interruption counts, at any hour, by its record alone.
type Measured struct {
	Agreement Named        `json:"agreement"`
	Customer  *Named       `json:"customer,omitempty"`
	Objective string       `json:"objective"` // identifier, as in the list of objectives
	Promised  string       `json:"promised"`
	Attained  string       `json:"attained,omitempty"` // absent where nothing is known
	Coverage  string       `json:"coverage,omitempty"` // known share of the counted time
	Window    string       `json:"window"`
	Until     string       `json:"until,omitempty"` // up to when it is counted
	Basis     string       `json:"basis" enum:"evidence,cases,declared,none"`
	Mark      Mark         `json:"mark"`
	Sentence  string       `json:"sentence"` // which of them it is, and where it comes from
	Trend     []ClosedView `json:"trend"`    // windows that are over, oldest first
}

// measured sets what promises of availability have measured beside the study of a
// service; only those may be told that the reader may see.
func (b *studyBuilder) measured(ctx context.Context, v *overview, may func(*standing) (sees, source bool)) error {
	var places []int
	for i := range v.list {
		if o := &v.list[i].o; o.Service == b.s.Snap.Ref(b.h) && o.Target.Metric == model.MetricAvailability {
			if sees, _ := may(&v.list[i]); sees {
				places = append(places, i)
			}
		}
	}
	if err := v.fillClosed(ctx, places); err != nil {
		return err
	}
	b.filled(func(t *Table) {
		t.Sentence = b.w.Message("study.measured", nil)
		for _, i := range places {
			x := v.view(b.w, i)
			if _, source := may(&v.list[i]); !source {
				x.hideSource(b.w)
			}
			m := Measured{
				Agreement: x.Of, Customer: x.Customer, Objective: x.ID, Promised: x.Promised, Attained: x.Attained, Coverage: x.Coverage,
				Window: x.Window.Label, Basis: x.Basis, Mark: x.Mark, Trend: x.Trend,
			}
			if x.Attained == "" {
				m.Basis = "none"
			} else if x.Basis == "evidence" {
				m.Until = x.Window.Counted.Format(time.RFC3339)
			}
			if f := v.list[i].figures; f != nil && f.Sealed != "" && m.Basis == "declared" {
				x.BasisText = b.w.Message("study.measured.sealed", nil)
			}
			m.Sentence = b.w.Message("study.measured."+m.Basis, finding.Args{"window": m.Window, "coverage": m.Coverage, "rests": x.BasisText})
			b.out.Measured = append(b.out.Measured, m)
			cells := map[string]any{
				"agreement": x.Of, "measuredIn": m.Window, "promised": m.Promised, "measured": m.Attained, "coverage": m.Coverage, "restsOn": x.BasisText, "standing": b.w.Message("objective.mark."+string(x.Mark), nil),
			}
			if x.Customer != nil {
				cells["customer"] = *x.Customer
			}
			t.add(x.Of.Ref, cells)
		}
	}, "measured", [2]string{"agreement", "ref"}, [2]string{"customer", "ref"}, [2]string{"measuredIn", "text"}, [2]string{"promised", "text"}, [2]string{"measured", "text"}, [2]string{"coverage", "text"}, [2]string{"restsOn", "text"}, [2]string{"standing", "text"})
	return nil
}

// measuredOf adds what is measured: of the present from the ledger, else what the model
// itself has, which are figures declared and those of sealed statements.
func (a *App) measuredOf(ctx context.Context, actor identity.Actor, v View, b *studyBuilder) error {
	list, err := a.stands(ctx)
	if err != nil {
		return err
	}
	if v.Seq != 0 && v.Seq != a.Head().Seq || !v.On.IsZero() && v.On != a.Today() {
		if list, err = standsIn(ctx, b.s); err != nil {
			return err
		}
	}
	return b.measured(ctx, list, func(st *standing) (bool, bool) {
		of := b.s.Snap.Get(st.o.Of)
		return of != nil && a.Visible(actor, b.s.Snap, of), a.readsSource(actor, b.s.Snap, st)
	})
}

// standsIn is how objectives stand by the model alone, on its day.
func standsIn(ctx context.Context, s *State) (*overview, error) {
	now := s.On.In(time.UTC)
	v := &overview{state: s, now: now, asked: now, by: map[string]int{}, planned: map[plannedKey][]servicelevel.ExcludedTime{}, closed: map[int][]closedWindow{}, frames: map[frameKey]*slo.Frame{}}
	return v, v.compute(ctx)
}
