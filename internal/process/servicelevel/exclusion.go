package servicelevel

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"diapason/internal/engine/slo"
	"diapason/internal/engine/worktime"
	"diapason/internal/finding"
	"diapason/internal/model"
)

const plannedMaintenance = "planned-maintenance"

// ExcludedTime is time that is left out, or may be, by whom and why. Its end is zero where
// none was stated.
type ExcludedTime struct {
	Span
	Kind      string    `json:"kind"`   // planned-maintenance, customer-cause, force-majeure
	Source    string    `json:"source"` // the maintenance, or "exclusion 12" of the ledger
	Author    string    `json:"author,omitempty"`
	Announced time.Time `json:"announced,omitzero"`
	Reason    string    `json:"reason,omitempty"`
}

// Maintenance is the planned maintenance that it comes from; ok is false for time of the
// ledger.
func (e *ExcludedTime) Maintenance() (ref model.Ref, ok bool) {
	ref, err := model.ParseRef(e.Source)
	return ref, err == nil && ref.Kind == "maintenance"
}

// Left is time that the ledger says may be left out, with whom it concerns.
type Left struct {
	ExcludedTime
	Scope string // a series, service/NAME, agreement/NAME, or "" for all
}

// ExclusionName names an exclusion of the ledger in a statement.
func ExclusionName(id int64) string { return "exclusion " + strconv.FormatInt(id, 10) }

// Excludable lists the time that an objective may leave out, by its beginning: the planned
// maintenance behind it (see Planned), and what of the ledger concerns it.
func (o *Objective) Excludable(planned []ExcludedTime, ledger []Left) []ExcludedTime {
	out := slices.Clone(planned)
	for _, l := range ledger {
		switch l.Scope {
		case "", o.Series, o.Service.String(), o.Of.String():
			out = append(out, l.ExcludedTime)
		}
	}
	slices.SortFunc(out, byBeginning)
	return out
}

func byBeginning(a, b ExcludedTime) int {
	return cmp.Or(a.From.Compare(b.From), strings.Compare(a.Source, b.Source))
}

// Standing tells whether an exclusion was announced as was agreed, whether or not the
// target leaves out its kind.
func (o *Objective) Standing(e ExcludedTime) slo.Standing {
	return slo.Exclusion{Interval: e.interval(), Planned: e.Kind == plannedMaintenance, Announced: e.Announced}.Standing(o.Notice, o.Location)
}

// leavesOut tells that an exclusion counts: its kind was agreed, and it was announced in
// time.
func (o *Objective) leavesOut(e ExcludedTime) bool {
	return slices.Contains(o.Exclusions, e.Kind) && o.Standing(e) == slo.Holds
}

// Excluded is the time that it leaves out of what is excludable. Each exclusion is left out
// in its own interval only, however long the work really took.
func (o *Objective) Excluded(list []ExcludedTime) worktime.Set {
	var held []worktime.Interval
	for _, e := range list {
		if o.leavesOut(e) {
			held = append(held, e.interval())
		}
	}
	return worktime.NewSet(held...)
}

// LeftOut lists what of the excludable it leaves out in a span, cut to it.
func (o *Objective) LeftOut(list []ExcludedTime, within Span) []ExcludedTime {
	var out []ExcludedTime
	for _, e := range list {
		if i := e.interval().Intersect(within.interval()); !i.IsEmpty() && o.leavesOut(e) {
			e.Span = Span{i.Start.UTC(), i.End.UTC()}
			out = append(out, e)
		}
	}
	slices.SortFunc(out, byBeginning)
	return out
}

// Planned lists the planned maintenance that stops a thing, as time that its objectives may
// leave out: work on the thing itself, or on what it needs without alternative. Work without
// an end or an announcement is listed too; Standing says that it does not hold. An
// announcement on a day counts from the first instant of the day in the zone.
func (a *Analysis) Planned(service model.Ref, loc *time.Location) []ExcludedTime {
	var out []ExcludedTime
	seen := map[model.Handle]bool{}
	var visit func(model.Handle)
	visit = func(h model.Handle) {
		if h == model.Missing || seen[h] {
			return
		}
		seen[h] = true
		handles(a.f, h, "maintenance", func(w model.Handle) {
			m := finding.Spec[model.Maintenance](a.f, w)
			if !m.Stops || seen[w] || !slices.Contains(m.On, a.f.Snap.Ref(h)) {
				return
			}
			seen[w] = true
			e := ExcludedTime{Span: Span{m.Start.UTC(), m.End.UTC()}, Kind: plannedMaintenance, Source: a.f.Snap.Ref(w).String()}
			if !m.Announced.IsZero() {
				e.Announced = m.Announced.In(loc).UTC()
			}
			out = append(out, e)
		})
		for _, n := range a.needs(h) {
			if len(n.Group) == 0 {
				visit(handleOf(n.Node))
			}
		}
	}
	visit(handle(a.f, service))
	slices.SortFunc(out, byBeginning)
	return out
}
