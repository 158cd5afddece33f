package availability

import (
	"diapason/internal/finding"
)

// Rules are the coherence rules of this process.
func Rules() []finding.Rule {
	return []finding.Rule{
		{ID: "AVL-001", Process: finding.Availability, Kinds: failing, Reach: finding.Around, Severity: finding.Info, Check: singlePoint, Same: sameSinglePoint},
		{ID: "AVL-002", Process: finding.Availability, Kinds: sharing, Reach: finding.Around, Severity: finding.Info, Check: commonRequirement, Beyond: beyondShared},
		{ID: "AVL-003", Process: finding.Availability, Kinds: redundant, Reach: finding.Around, Severity: finding.Error, Check: alternatives},
		{ID: "AVL-004", Process: finding.Availability, Kinds: []string{"skill"}, Reach: finding.Near, Severity: finding.Warning, Check: restoringSkill, Beyond: beyondSkills},
		{ID: "AVL-005", Process: finding.Availability, Kinds: []string{"component", "site", "tool"}, Reach: finding.Around, Severity: finding.Info, Check: noFailureData, Beyond: beyondReleases},
		{ID: "AVL-006", Process: finding.Availability, Kinds: []string{"maintenance"}, Reach: finding.Whole, Severity: finding.Warning, Check: plannedWork},
		{ID: "AVL-007", Process: finding.Availability, Kinds: []string{"service"}, Reach: finding.Closure, Severity: finding.Info, Check: advice},
		{ID: "AVL-008", Process: finding.Availability, Kinds: []string{"outage"}, Reach: finding.Near, Severity: finding.Error, Check: uncontrolled},
		{ID: "AVL-009", Process: finding.Availability, Kinds: []string{"component", "tool"}, Reach: finding.Below, Severity: finding.Warning, Check: vendorSupport},
		{ID: "AVL-010", Process: finding.Availability, Kinds: []string{"outage"}, Reach: finding.Near, Severity: finding.Warning, Check: unreviewed},
	}
}

// Analyses are the computations of this process, made for one set of facts.
func Analyses(f *finding.Facts) []any { return []any{New(f)} }
