package security

import (
	"slices"

	"diapason/internal/finding"
	"diapason/internal/model"
)

// checkDuties is SEC-005: nobody approves what he has written.
func checkDuties(f *finding.Facts, h model.Handle, emit func(finding.Finding)) {
	same := func(author, approver model.Ref, part, at string) {
		if !author.IsZero() && author == approver {
			emit(finding.Finding{Part: part, Causes: []model.Ref{author}, Pointer: at, Args: finding.Args{"person": author}})
		}
	}
	switch x := f.Snap.Object(h).Spec.(type) {
	case *model.Document:
		same(x.Author, x.Approver, "", "/spec/approver")
	case *model.RecoveryPlan:
		same(x.Author, x.ApprovedBy, "", "/spec/approvedBy")
	case *model.Waiver:
		same(x.Author, x.Granted, "", "/spec/granted")
	case *model.Service:
		for i := range x.Sections {
			s := &x.Sections[i]
			same(s.Author, s.ApprovedBy, "sections/"+string(s.Name), "/spec/sections/"+itoa(i)+"/approvedBy")
		}
	case *model.Decision:
		published(f, x, emit)
	}
}

// published judges a publication or a gate against the submission that it answers.
func published(f *finding.Facts, d *model.Decision, emit func(finding.Finding)) {
	if d.Type != "publication" && d.Type != "gate" {
		return
	}
	name, submission := answered(f, d)
	if submission == nil {
		return
	}
	x := finding.Finding{Variant: "decision", Pointer: "/spec/by", Args: finding.Args{"service": d.Service, "submission": name}}
	switch {
	case !d.By.IsZero() && d.By == submission.By:
		x.Causes = []model.Ref{d.By}
		x.Args["who"] = d.By
	case d.Account != "" && d.Account == submission.Account:
		x.Pointer = "/spec/account"
		x.Args["who"] = d.Account
	default:
		return
	}
	emit(x)
}

// answered is the submission that a decision answers: the one it names, else the
// last one on the service before it.
func answered(f *finding.Facts, d *model.Decision) (model.Ref, *model.Decision) {
	service, ok := f.Snap.Find(d.Service)
	if !ok {
		return model.Ref{}, nil
	}
	var at model.Ref
	var last *model.Decision
	for _, in := range f.Snap.In(service) {
		x := finding.Spec[model.Decision](f, in.From)
		r := f.Snap.Ref(in.From)
		switch {
		case x == nil || in.Field.Name != "service" || x.Type != "submission":
		case d.Answers != "":
			if r.Name == d.Answers || r.String() == d.Answers {
				return r, x
			}
		case !x.At.After(d.At.Time) && (last == nil || x.At.After(last.At.Time) || x.At.Equal(last.At.Time) && r.Compare(at) > 0):
			at, last = r, x
		}
	}
	return at, last
}

// checkReview is SEC-007: access rights of a service in use are described, and
// reviewed in time.
func checkReview(f *finding.Facts, h model.Handle, emit func(finding.Finding)) {
	s := finding.Spec[model.Service](f, h)
	if s.Stage != model.StageLive && s.Stage != model.StageRetiring {
		return
	}
	if f.Snap.Get(s.Access.Described) == nil && len(s.Access.Rights) == 0 {
		emit(finding.Finding{Variant: "undescribed", Pointer: "/spec/access", Args: finding.Args{}})
		return
	}
	last := s.Access.LastReview
	for _, in := range f.Snap.In(h) {
		if r := finding.Spec[model.Review](f, in.From); r != nil && r.Type == "access" && r.Date <= f.On {
			last = max(last, r.Date)
		}
	}
	interval := intervalOr(s.Access.ReviewInterval, yearly)
	x := finding.Finding{Pointer: "/spec/access/lastReview", Args: finding.Args{"interval": interval}}
	if last.IsZero() {
		x.Variant = "never"
		emit(x)
		return
	}
	if due := last.Add(interval); due < f.On {
		x.Args["last"], x.Args["due"], x.Args["days"] = last, due, due.DaysUntil(f.On)
		x.Evidence = []finding.Evidence{{Label: "last", Value: last}, {Label: "due", Value: due}}
		emit(x)
	}
}

// checkRights is SEC-008: every right of a person is held through a role or a team
// that the person really has, and by nobody who has left.
func checkRights(f *finding.Facts, h model.Handle, emit func(finding.Finding)) {
	s := finding.Spec[model.Service](f, h)
	service := f.Snap.Ref(h)
	for i := range s.Access.Rights {
		r := &s.Access.Rights[i]
		if r.Holder.IsZero() || r.Holder.Kind != "person" {
			continue // a team or a group of users is a role by itself
		}
		x := finding.Finding{Part: "rights/" + named(r.Name, i), Causes: []model.Ref{r.Holder}, Pointer: "/spec/access/rights/" + itoa(i),
			Args: finding.Args{"right": named(r.Name, i), "holder": r.Holder, "role": r.Role, "team": r.Team}}
		left, hasLeft := gone(f, r.Holder)
		switch {
		case hasLeft:
			x.Variant = "left"
			x.Args["left"] = left
			x.Evidence = []finding.Evidence{{Label: "left", Value: left}}
		case r.Role == "" && r.Team.IsZero():
		case r.Role != "" && of(f).holds(r.Holder, r.Role, service):
			continue
		case !r.Team.IsZero() && member(f, r.Holder, r.Team):
			continue
		case r.Role != "":
			x.Variant = "not-the-role"
		default:
			x.Variant = "not-in-team"
		}
		emit(x)
	}
}

// holds reports that a person has a role, everywhere or for a service. The owner of
// a service has the role of its owner.
func (a *Analysis) holds(person model.Ref, role model.RoleName, service model.Ref) bool {
	if o := a.f.Snap.Get(service); role == "service-owner" && o.Metadata.Owner == person {
		return true
	}
	for _, r := range a.held(person) {
		if r.Role == role && (r.Service.IsZero() || r.Service == service) {
			return true
		}
	}
	return false
}

// member reports that a person belongs to a team. Of a team that does not exist
// nothing can be said: that is a gap of its own.
func member(f *finding.Facts, person, team model.Ref) bool {
	t := finding.SpecOf[model.Team](f, team)
	return t == nil || slices.Contains(t.Members, person) || t.Lead == person
}
