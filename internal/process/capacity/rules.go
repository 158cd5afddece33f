package capacity

import "diapason/internal/finding"

// Rules are the coherence rules of this process.
func Rules() []finding.Rule {
	return []finding.Rule{
		{ID: "CAP-001", Process: finding.Capacity, Kinds: []string{"service"}, Reach: finding.Near, Severity: finding.Error, Check: business},
		{ID: "CAP-002", Process: finding.Capacity, Kinds: []string{"service"}, Reach: finding.Near, Severity: finding.Error, Check: present},
		{ID: "CAP-003", Process: finding.Capacity, Kinds: []string{"component", "team"}, Reach: finding.Near, Severity: finding.Error, Check: machine},
		{ID: "CAP-004", Process: finding.Capacity, Kinds: []string{"business-activity", "service"}, Reach: finding.Near, Severity: finding.Warning, Check: driver},
		{ID: "CAP-005", Process: finding.Capacity, Kinds: []string{"skill", "team"}, Reach: finding.Whole, Severity: finding.Error, Check: hours},
		{ID: "CAP-006", Process: finding.Capacity, Kinds: []string{"service", "component", "site", "tool"}, Reach: finding.Closure, Severity: finding.Error, Check: underLoad},
		{ID: "CAP-007", Process: finding.Capacity, Kinds: []string{"component", "service"}, Reach: finding.Below, Severity: finding.Info, Check: unmeasured},
	}
}

// Analyses are the computations of this process, made for one set of facts.
func Analyses(f *finding.Facts) []any { return []any{New(f)} }
