// Package catalogue keeps what customers read true: dates of availability, complete
// sheets, and services that end without leaving anybody behind.
package catalogue

import (
	"slices"

	"diapason/internal/calendars"
	"diapason/internal/finding"
	"diapason/internal/model"
)

// Rules are the coherence rules of this process.
func Rules() []finding.Rule {
	rule := func(id string, reach finding.Reach, s finding.Severity, check func(*finding.Facts, model.Handle, func(finding.Finding))) finding.Rule {
		return finding.Rule{ID: id, Process: finding.Catalogue, Kinds: []string{"service"}, Reach: reach, Severity: s, Check: check}
	}
	return []finding.Rule{
		rule("CAT-001", finding.Near, finding.Error, checkDated),
		rule("CAT-002", finding.Near, finding.Error, checkSheet),
		rule("CAT-003", finding.Closure, finding.Error, checkTooSoon),
		rule("CAT-004", finding.Closure, finding.Error, checkStillPromised),
		rule("CAT-005", finding.Near, finding.Warning, checkOverdue),
		rule("CAT-006", finding.Near, finding.Error, checkLeftBehind),
	}
}

// Analyses are the computations of this process: none that others ask for.
func Analyses(*finding.Facts) []any { return nil }

// inForce reports that an agreement binds on a date, as the process of service
// levels sees it; by its dates alone where that process is not at hand.
func inForce(f *finding.Facts, agreement model.Handle, on model.Date) bool {
	if levels, ok := finding.Use[interface {
		InForce(agreement model.Handle, on model.Date) bool
	}](f); ok {
		return levels.InForce(agreement, on)
	}
	spec := finding.Spec[model.Agreement](f, agreement)
	return spec != nil && calendars.AgreementStanding(spec, on).InForce()
}

// lastWord is the last decision about a service's place in the catalogue, nil when
// there is none.
func lastWord(f *finding.Facts, service model.Handle) (model.Ref, *model.Decision) {
	var at model.Ref
	var last *model.Decision
	for _, in := range f.Snap.In(service) {
		d := finding.Spec[model.Decision](f, in.From)
		if d == nil || in.Field.Name != "service" || d.Type == "gate" {
			continue
		}
		r := f.Snap.Ref(in.From)
		if last == nil || d.At.After(last.At.Time) || d.At.Equal(last.At.Time) && r.Compare(at) > 0 {
			at, last = r, d
		}
	}
	return at, last
}

func sorted(refs []model.Ref) []model.Ref {
	slices.SortFunc(refs, model.Ref.Compare)
	return slices.Compact(refs)
}
