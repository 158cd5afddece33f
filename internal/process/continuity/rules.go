package continuity

import "diapason/internal/finding"

// Rules are the coherence rules of this process.
func Rules() []finding.Rule {
	plan, data := []string{"recovery-plan"}, []string{"data-asset"}
	objectives := []string{"business-activity", "service"}
	return []finding.Rule{
		{ID: "CON-001", Process: finding.Continuity, Kinds: objectives, Reach: finding.Near, Severity: finding.Error, Check: unprepared},
		{ID: "CON-002", Process: finding.Continuity, Kinds: objectives, Reach: finding.Near, Severity: finding.Error, Check: beyond},
		{ID: "CON-003", Process: finding.Continuity, Kinds: plan, Reach: finding.Closure, Severity: finding.Error, Check: tooSlow},
		{ID: "CON-004", Process: finding.Continuity, Kinds: data, Reach: finding.Near, Severity: finding.Error, Check: copies},
		{ID: "CON-005", Process: finding.Continuity, Kinds: []string{"service"}, Reach: finding.Below, Severity: finding.Error, Check: recoveryOrder},
		{ID: "CON-006", Process: finding.Continuity, Kinds: plan, Reach: finding.Closure, Severity: finding.Error, Check: lostTogether},
		{ID: "CON-007", Process: finding.Continuity, Kinds: plan, Reach: finding.Closure, Severity: finding.Warning, Check: unexercised},
		{ID: "CON-008", Process: finding.Continuity, Kinds: []string{"business-activity", "recovery-plan"}, Reach: finding.Whole, Severity: finding.Error, Check: untrained},
		{ID: "CON-009", Process: finding.Continuity, Kinds: []string{"business-activity"}, Reach: finding.Closure, Severity: finding.Error, Check: backlog},
		{ID: "CON-010", Process: finding.Continuity, Kinds: data, Reach: finding.Near, Severity: finding.Error, Check: untested},
		{ID: "CON-011", Process: finding.Continuity, Kinds: data, Reach: finding.Near, Severity: finding.Error, Check: sameDomain},
		{ID: "CON-012", Process: finding.Continuity, Kinds: plan, Reach: finding.Near, Severity: finding.Warning, Check: directory},
		{ID: "CON-013", Process: finding.Continuity, Kinds: []string{"exercise"}, Reach: finding.Closure, Severity: finding.Error, Check: missed},
		{ID: "CON-014", Process: finding.Continuity, Kinds: []string{"exercise", "outage"}, Reach: finding.Near, Severity: finding.Warning, Check: logOrder},
	}
}

// Analyses are the computations of this process, made for one set of facts.
func Analyses(f *finding.Facts) []any { return []any{New(f)} }
