package supplier

import "diapason/internal/finding"

// Rules are the coherence rules of this process.
func Rules() []finding.Rule {
	return []finding.Rule{
		withoutContract, contractWeaker, noticeDay, reviewOverdue, concentrationTooHigh, notMeasurable,
		exitPlanMissing, deliveryBelowTarget, certificationMissing, ceilingReached, creditsUnclaimed, actionOverdue,
	}
}

// Analyses are the computations of this process, made for one set of facts.
func Analyses(f *finding.Facts) []any { return []any{New(f)} }
