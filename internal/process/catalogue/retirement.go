package catalogue

import (
	"diapason/internal/finding"
	"diapason/internal/model"
)

// checkStillPromised is CAT-004: agreements with customers that bind on a day when
// the service is there no more.
func checkStillPromised(f *finding.Facts, h model.Handle, emit func(finding.Finding)) {
	s := finding.Spec[model.Service](f, h)
	retired := s.Stage == model.StageRetired
	if !retired && s.RetiresOn.IsZero() && s.Stage != model.StageRetiring {
		return
	}
	day := f.On
	if !retired {
		day = max(s.RetiresOn, f.On)
	}
	var promising []model.Ref
	for _, in := range f.Snap.In(h) {
		if a := finding.Spec[model.Agreement](f, in.From); a != nil && in.Field.Name == "services" && a.Type != "ola" && inForce(f, in.From, day) {
			promising = append(promising, f.Snap.Ref(in.From))
		}
	}
	if len(promising) == 0 {
		return
	}
	promising = sorted(promising)
	x := finding.Finding{Causes: promising, Pointer: "/spec/retiresOn", Args: finding.Args{"agreements": promising, "n": len(promising), "day": s.RetiresOn}}
	switch {
	case retired:
		x.Variant, x.Pointer = "retired", "/spec/stage"
	case s.RetiresOn.IsZero():
		x.Outcome, x.Causes = finding.Unknown, nil
	default:
		x.Evidence = []finding.Evidence{{Label: "day", Value: s.RetiresOn}}
	}
	emit(x)
}

// soon is how many days ahead a retirement without a way on is an error; before
// that it is a warning.
const soon = 365

// checkLeftBehind is CAT-006: a service ends, people use it, and nothing says
// where they go, or the way on comes too late.
func checkLeftBehind(f *finding.Facts, h model.Handle, emit func(finding.Finding)) {
	s := finding.Spec[model.Service](f, h)
	if s.Stage == model.StageRetired || s.RetiresOn.IsZero() && s.Stage != model.StageRetiring {
		return
	}
	users := usersOf(f, h, s)
	if len(users) == 0 {
		return
	}
	x := finding.Finding{Pointer: "/spec/replacedBy", Args: finding.Args{"users": users, "n": len(users), "retires": s.RetiresOn, "dated": !s.RetiresOn.IsZero(), "migrate": s.MigrateBy, "by": s.ReplacedBy}}
	next := finding.SpecOf[model.Service](f, s.ReplacedBy)
	switch {
	case s.ReplacedBy.IsZero() && s.MigrateBy.IsZero():
	case next != nil && next.Stage == model.StageRetired:
		x.Variant, x.Causes = "replacement-retired", []model.Ref{s.ReplacedBy}
	case next != nil && !s.RetiresOn.IsZero() && next.AvailableFrom > s.RetiresOn:
		x.Variant, x.Causes = "replacement-late", []model.Ref{s.ReplacedBy}
		x.Args["from"] = next.AvailableFrom
	case !s.RetiresOn.IsZero() && s.MigrateBy > s.RetiresOn:
		x.Variant, x.Pointer = "migration-late", "/spec/migrateBy"
	default:
		return
	}
	if s.Stage != model.StageRetiring && f.On.DaysUntil(s.RetiresOn) > soon {
		x.Severity = finding.Warning
	}
	if !s.RetiresOn.IsZero() {
		x.Evidence = append(x.Evidence, finding.Evidence{Label: "retires", Value: s.RetiresOn})
	}
	x.Evidence = append(x.Evidence, finding.Evidence{Label: "users", Value: users})
	emit(x)
}

// usersOf are the groups and customers that use a service.
func usersOf(f *finding.Facts, h model.Handle, s *model.Service) []model.Ref {
	var out []model.Ref
	for _, r := range s.Users {
		if f.Snap.Get(r) != nil {
			out = append(out, r)
		}
	}
	for _, in := range f.Snap.In(h) {
		if in.Field.Name == "uses" {
			out = append(out, f.Snap.Ref(in.From))
		}
	}
	return sorted(out)
}
