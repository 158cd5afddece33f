package assess

import (
	"diapason/internal/finding"
	"diapason/internal/process/coordination"
)

// Worse lists what a change makes worse for live services (COO-009), which no rule
// can see on one model. after must derive from before.
func Worse(before, after *finding.Facts) []*finding.Finding {
	severities := severityOverrides(after.Snap.Organisation())
	var out []*finding.Finding
	for _, x := range coordination.Worse(before, after) {
		if s, changed := severities[x.Rule]; changed {
			if s == finding.Off {
				continue
			}
			x.Severity = shifted(&x, finding.Error, s)
		}
		out = append(out, &x)
	}
	return out
}
