package security

import (
	"diapason/internal/finding"
	"diapason/internal/model"
)

// appetite is the highest likelihood × gravity that needs neither treatment nor
// acceptance, where the organisation does not say: significant and likely on the
// scales of one to four.
const appetite = 4

// checkRisk is SEC-003: a risk above appetite is treated, or accepted for now by
// someone entitled.
func checkRisk(f *finding.Facts, h model.Handle, emit func(finding.Finding)) {
	r := finding.Spec[model.Risk](f, h)
	limit := appetite
	if own := f.Snap.Organisation().Appetite; own != nil {
		limit = *own
	}
	if r.Likelihood == nil || r.Gravity == nil {
		at := "/spec/likelihood"
		if r.Likelihood != nil {
			at = "/spec/gravity"
		}
		emit(finding.Finding{Outcome: finding.Unknown, Part: "rating", Pointer: at, Args: finding.Args{"limit": limit}})
		return
	}
	level := *r.Likelihood * *r.Gravity
	if level <= limit || r.Treatment == "avoid" {
		return
	}
	x := finding.Finding{Pointer: "/spec/treatment", Variant: "untreated",
		Args:     finding.Args{"level": level, "limit": limit, "likelihood": *r.Likelihood, "gravity": *r.Gravity, "by": r.Acceptance.By},
		Evidence: []finding.Evidence{{Label: "level", Value: level}, {Label: "limit", Value: limit}}}
	if r.Treatment == "reduce" || r.Treatment == "transfer" {
		treated, known := treatment(f, r, limit, &x)
		if treated {
			return
		}
		if !known && r.Acceptance.By.IsZero() {
			x.Outcome, x.Part, x.Pointer, x.Variant = finding.Unknown, "residual", "/spec/residual", "no-residual"
			emit(x)
			return
		}
	}
	if !r.Acceptance.By.IsZero() {
		x.Pointer = "/spec/acceptance"
		x.Causes = []model.Ref{r.Acceptance.By}
		if of(f).accepted(r, &x) {
			return
		}
	}
	emit(x)
}

// treatment reports whether a treatment brings the risk within appetite today, and
// whether that can be known; where it does not it fills in what is told of it.
func treatment(f *finding.Facts, r *model.Risk, limit int, x *finding.Finding) (treated, known bool) {
	var open []model.Ref
	for _, c := range r.Controls {
		if spec := finding.SpecOf[model.Control](f, c); spec != nil && spec.Status != "in-place" {
			open = append(open, c)
		}
	}
	switch {
	case r.Treatment == "reduce" && len(r.Controls) == 0:
		x.Variant, x.Pointer = "no-control", "/spec/controls"
		return false, true
	case len(open) > 0:
		x.Variant, x.Pointer, x.Causes = "planned", "/spec/controls", open
		x.Args["controls"], x.Args["n"] = sorted(open), len(open)
		return false, true
	case r.Residual.Likelihood == nil || r.Residual.Gravity == nil:
		return false, false
	}
	residual := *r.Residual.Likelihood * *r.Residual.Gravity
	x.Variant, x.Pointer = "residual", "/spec/residual"
	x.Args["residual"] = residual
	x.Evidence = append(x.Evidence, finding.Evidence{Label: "residual", Value: residual})
	return residual <= limit, true
}

// accepted reports whether the acceptance of a risk holds today; where it does not
// it fills in why.
func (a *Analysis) accepted(r *model.Risk, x *finding.Finding) bool {
	left, hasLeft := gone(a.f, r.Acceptance.By)
	switch {
	case hasLeft:
		x.Variant = "acceptor-left"
		x.Args["left"] = left
	case !a.entitled(r):
		x.Variant = "not-entitled"
	case !r.Acceptance.Until.IsZero() && r.Acceptance.Until < a.f.On:
		x.Variant, x.Pointer = "expired", "/spec/acceptance/until"
		x.Args["until"] = r.Acceptance.Until
		x.Evidence = append(x.Evidence, finding.Evidence{Label: "until", Value: r.Acceptance.Until})
	case r.Acceptance.On.IsZero() || r.Acceptance.On > a.f.On:
		x.Variant, x.Pointer = "undated", "/spec/acceptance/on"
	default:
		return true
	}
	return false
}

// entitled reports whether somebody may accept a risk: named by the organisation,
// in person or by a role, or information security manager, everywhere or for a
// service that the risk bears on.
func (a *Analysis) entitled(r *model.Risk) bool {
	by := r.Acceptance.By
	roles := a.held(by)
	for _, owner := range a.f.Snap.Organisation().RiskOwners {
		if owner == by {
			return true
		}
		if role := a.byName[owner]; role != nil && (role.Holder == by || role.Deputy == by) {
			return true
		}
	}
	for _, role := range roles {
		if role.Role != "security-manager" {
			continue
		}
		if role.Service.IsZero() {
			return true
		}
		for _, s := range r.Affects {
			if s == role.Service {
				return true
			}
		}
	}
	return false
}

// checkEvidence is SEC-004: a control in place shows that it works, and not too
// long ago.
func checkEvidence(f *finding.Facts, h model.Handle, emit func(finding.Finding)) {
	c := finding.Spec[model.Control](f, h)
	if c.Status != "in-place" {
		return
	}
	var last model.Date
	for _, e := range c.Evidence {
		if e.On <= f.On {
			last = max(last, e.On)
		}
	}
	interval := intervalOr(c.Interval, yearly)
	x := finding.Finding{Pointer: "/spec/evidence", Args: finding.Args{"interval": interval}}
	if last.IsZero() {
		x.Variant = "none"
		emit(x)
		return
	}
	due := last.Add(interval)
	if due >= f.On {
		return
	}
	x.Args["last"], x.Args["due"], x.Args["days"] = last, due, due.DaysUntil(f.On)
	x.Evidence = []finding.Evidence{{Label: "last", Value: last}, {Label: "due", Value: due}}
	emit(x)
}
