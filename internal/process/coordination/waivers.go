package coordination

import (
	"diapason/internal/finding"
	"diapason/internal/model"
)

// waiverNotice is how many days ahead the end of a waiver is told.
const waiverNotice = 30

// checkWaiver is COO-010: a waiver has ended, or ends within thirty days.
func checkWaiver(f *finding.Facts, h model.Handle, emit func(finding.Finding)) {
	w := finding.Spec[model.Waiver](f, h)
	if w.Until.IsZero() {
		emit(finding.Finding{Outcome: finding.Unknown, Pointer: "/spec/until", Args: finding.Args{"rule": w.Rule, "of": w.Subject}})
		return
	}
	days := f.On.DaysUntil(w.Until)
	x := finding.Finding{Ahead: days >= 0, Pointer: "/spec/until", Causes: []model.Ref{w.Subject},
		Args:     finding.Args{"rule": w.Rule, "of": w.Subject, "until": w.Until, "days": max(days, -days)},
		Evidence: []finding.Evidence{{Label: "until", Value: w.Until}}}
	switch {
	case days < 0:
		x.Variant = "expired"
	case days > waiverNotice:
		return
	}
	emit(x)
}
