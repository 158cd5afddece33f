package catalogue

import (
	"strconv"

	"diapason/internal/finding"
	"diapason/internal/model"
)

// checkDated is CAT-001: what is submitted or published says from when it is
// available.
func checkDated(f *finding.Facts, h model.Handle, emit func(finding.Finding)) {
	s := finding.Spec[model.Service](f, h)
	if !s.AvailableFrom.IsZero() {
		return
	}
	ref, d := lastWord(f, h)
	if d == nil || d.Type != "submission" && d.Type != "publication" {
		return
	}
	emit(finding.Finding{Variant: d.Type, Pointer: "/spec/availableFrom", Args: finding.Args{"decision": ref, "at": model.DateOf(d.At.UTC())}})
}

// checkTooSoon is CAT-003: available before something it requires is. Stages and
// retirements along requires are COO-005's.
func checkTooSoon(f *finding.Facts, h model.Handle, emit func(finding.Finding)) {
	design, ok := finding.Use[interface {
		AvailableTooSoon(service model.Handle, visit func(need int, starts, holds model.Date, late []model.Ref))
	}](f)
	if !ok {
		return
	}
	s := finding.Spec[model.Service](f, h)
	design.AvailableTooSoon(h, func(need int, starts, holds model.Date, late []model.Ref) {
		x := finding.Finding{Causes: late, Pointer: "/spec/requires/" + strconv.Itoa(need),
			Args:     finding.Args{"starts": starts, "holds": holds, "late": late, "n": len(late), "known": !holds.IsZero()},
			Evidence: []finding.Evidence{{Label: "starts", Value: starts}}}
		if !holds.IsZero() {
			x.Evidence = append(x.Evidence, finding.Evidence{Label: "holds", Value: holds})
		}
		if s.AvailableFrom < starts {
			x.Variant = "already"
		}
		emit(x)
	})
}

// patience is how many days a service may be late before its date is no date.
const patience = 30

// checkOverdue is CAT-005: announced for a date that is long past, and not live.
func checkOverdue(f *finding.Facts, h model.Handle, emit func(finding.Finding)) {
	s := finding.Spec[model.Service](f, h)
	if s.AvailableFrom.IsZero() || s.Stage.Rank() < 0 || s.Stage.Rank() >= model.StageLive.Rank() {
		return
	}
	if late := s.AvailableFrom.DaysUntil(f.On); late > patience {
		emit(finding.Finding{Pointer: "/spec/availableFrom", Args: finding.Args{"from": s.AvailableFrom, "days": late, "stage": s.Stage},
			Evidence: []finding.Evidence{{Label: "from", Value: s.AvailableFrom}, {Label: "days", Value: late}}})
	}
}
