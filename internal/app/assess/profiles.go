package assess

import (
	"diapason/internal/finding"
	"diapason/internal/model"
)

// profiles are the severities that a profile of the organisation gives to rules; an
// organisation may give more in its own object (spec.severities). A profile speaks
// only of what its text demands and the rule does not take as an error already.
var profiles = map[string]map[string]finding.Severity{
	// ISO/IEC 20000-1:2018: plans are tested at planned intervals (8.7.2), contracts
	// carry service level targets or other obligations, and suppliers are reviewed at
	// planned intervals (8.3.4.1).
	"iso-20000": {"CON-007": finding.Error, "SUP-004": finding.Error, "SUP-006": finding.Error},
	// Regulation (EU) 2022/2554: exit strategies (28(8)), service level descriptions in
	// contracts (30(2)(e)), plans tested every year (11(6)). Concentration is to be
	// assessed (29), not forbidden: SUP-005 stays a warning.
	"dora": {"SUP-007": finding.Error, "SUP-006": finding.Error, "CON-007": finding.Error},
	// Directive (EU) 2022/2555, 21(2): continuity and crisis management (c), security
	// of the supply chain (d), effectiveness of the measures (f), access (i).
	"nis2": {"CON-007": finding.Error, "SUP-004": finding.Error, "SEC-004": finding.Error, "SEC-007": finding.Error},
	// Hosting of health data: who has access is reviewed (ISO/IEC 27001, A.5.18). A
	// certificate that is missing (SUP-009) and data in a place that is not allowed
	// (SEC-006) are errors everywhere.
	"hds": {"SEC-007": finding.Error},
	// A small team: formal roles, signatures and concentration weigh less.
	"small": {"COO-013": finding.Info, "COO-004": finding.Warning, "SLM-015": finding.Info, "SUP-005": finding.Info},
}

// severityOverrides are the severities that an organisation gives to rules: by its
// profile, then by itself.
func severityOverrides(o *model.Organisation) map[string]finding.Severity {
	m := map[string]finding.Severity{}
	for rule, s := range profiles[o.Profile] {
		m[rule] = s
	}
	for _, s := range o.Severities {
		if v, ok := finding.ParseSeverity(string(s.Severity)); ok {
			m[s.Rule] = v
		}
	}
	return m
}

// shifted is the severity of a finding where the organisation gives its rule
// another one than its base. What a rule takes as milder than its base stays so when
// the rule is raised, what it takes as graver stays no graver than the rule when it
// is lowered; what is only ahead is never more than a warning.
func shifted(x *finding.Finding, base, to finding.Severity) finding.Severity {
	s := x.Severity
	switch {
	case s == base:
		s = to
	case to < base:
		s = min(s, to)
	case s > base:
		s = max(s, to)
	}
	if x.Ahead {
		s = min(s, finding.Warning)
	}
	return s
}
