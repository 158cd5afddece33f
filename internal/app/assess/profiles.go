package assess

import "diapason/internal/finding"

// profiles are the severities that a profile of the organisation shifts; an
// organisation may shift more in its own object (spec.severities).
var profiles = map[string]map[string]finding.Severity{
	"dora":  {"SUP-007": finding.Error, "SUP-005": finding.Error},
	"nis2":  {"SEC-004": finding.Error, "SUP-004": finding.Error, "CON-007": finding.Error},
	"hds":   {"SUP-009": finding.Error, "SEC-007": finding.Error},
	"small": {"COO-013": finding.Info, "COO-004": finding.Warning, "SLM-015": finding.Info, "SUP-005": finding.Info},
}
