package servicelevel

import (
	"diapason/internal/calendars"
	"diapason/internal/finding"
)

// Rules are the coherence rules of this process.
func Rules() []finding.Rule {
	return []finding.Rule{
		usedWithoutAgreement, targetIncomplete, availabilityAbovePrediction, availabilityAboveSupport,
		restorationTooSlow, hoursUncovered, agreementEnded, needNotAgreed, volumeAboveCapacity,
		recoveryBeyondPlan, attainmentBelowTarget, creditBands, alertNeverFires, timeTargetIncomplete,
		signatureMissing, agreementsConflict, missedWithoutImprovement, agreementEnding, resourcesNotStated,
		reviewOverdue, reviewActionOverdue, probeCannotRun,
	}
}

// Analyses are the computations of this process, made for one set of facts.
func Analyses(f *finding.Facts) []any { return []any{calendars.New(f), New(f)} }
