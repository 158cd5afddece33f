// Package security keeps the five pillars of what services rely on: ratings,
// levels assured against levels required, risks, controls, separation of duties,
// where confidential data lies, and who holds which right.
package security

import (
	"slices"

	"diapason/internal/finding"
	"diapason/internal/model"
)

// Rules are the coherence rules of this process.
func Rules() []finding.Rule {
	rule := func(id string, reach finding.Reach, s finding.Severity, check func(*finding.Facts, model.Handle, func(finding.Finding)), kinds ...string) finding.Rule {
		return finding.Rule{ID: id, Process: finding.Security, Kinds: kinds, Reach: reach, Severity: s, Check: check}
	}
	return []finding.Rule{
		rule("SEC-001", finding.Near, finding.Warning, checkRated, "service", "data-asset"),
		rule("SEC-002", finding.Below, finding.Error, checkLevels, "service", "component", "site", "supplier", "tool", "data-asset"),
		rule("SEC-003", finding.Closure, finding.Error, checkRisk, "risk"),
		rule("SEC-004", finding.Near, finding.Warning, checkEvidence, "control"),
		rule("SEC-005", finding.Closure, finding.Error, checkDuties, "document", "service", "recovery-plan", "waiver", "decision"),
		{ID: "SEC-006", Process: finding.Security, Kinds: []string{"site", "supplier", "contract", "data-asset"}, Reach: finding.Near, Severity: finding.Error, Check: checkPlaces, Beyond: beyondPlaces},
		rule("SEC-007", finding.Near, finding.Warning, checkReview, "service"),
		rule("SEC-008", finding.Closure, finding.Error, checkRights, "service"),
	}
}

// Analyses are the computations of this process, made for one set of facts.
func Analyses(f *finding.Facts) []any { return []any{newAnalysis(f)} }

// gone reports that a person has left, and when.
func gone(f *finding.Facts, r model.Ref) (model.Date, bool) {
	p := finding.SpecOf[model.Person](f, r)
	if p == nil || p.Left.IsZero() || p.Left > f.On {
		return 0, false
	}
	return p.Left, true
}

// named is the name of an entry of a list, or its position where it has none.
func named(name string, i int) string {
	if name != "" {
		return name
	}
	return "#" + itoa(i+1)
}

func sorted(refs []model.Ref) []model.Ref {
	slices.SortFunc(refs, model.Ref.Compare)
	return slices.Compact(refs)
}

// yearly is the interval of what has to be looked at again and says no interval.
var yearly = model.Period{Months: 12}

func intervalOr(p, otherwise model.Period) model.Period {
	if p.IsZero() {
		return otherwise
	}
	return p
}
