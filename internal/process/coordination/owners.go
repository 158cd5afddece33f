package coordination

import (
	"slices"
	"strconv"
	"strings"

	"diapason/internal/finding"
	"diapason/internal/model"
)

// pointer writes a JSON pointer to an entry of a list, or to a field of it.
func pointer(list string, i int, field string) string {
	p := list + "/" + strconv.Itoa(i)
	if field != "" {
		p += "/" + field
	}
	return p
}

// named is the name of an entry of a list, or its position where it has none.
func named(name string, i int) string {
	if name != "" {
		return name
	}
	return "#" + strconv.Itoa(i+1)
}

// checkOwners is COO-003: somebody who is there answers for every service, every
// activity and every role.
func checkOwners(f *finding.Facts, h model.Handle, emit func(finding.Finding)) {
	switch x := f.Snap.Object(h).Spec.(type) {
	case *model.Service:
		checkServiceOwner(f, h, x, emit)
	case *model.Process:
		for i := range x.Activities {
			checkActivity(f, x, i, emit)
		}
	case *model.Team:
		checkLead(f, h, x, emit)
	case *model.Person:
		checkHoldings(f, h, emit)
	case *model.RoleAssignment:
		checkHolder(f, x, emit)
	}
}

func checkServiceOwner(f *finding.Facts, h model.Handle, s *model.Service, emit func(finding.Finding)) {
	if !runs(s) {
		return
	}
	owner := f.Snap.Object(h).Metadata.Owner
	if owner.IsZero() {
		emit(finding.Finding{Pointer: "/metadata/owner"}) // an owner who left is told at the person
	}
}

func checkActivity(f *finding.Facts, p *model.Process, i int, emit func(finding.Finding)) {
	act := &p.Activities[i]
	accountable := slices.Clone(act.Accountable)
	x := finding.Finding{Part: "activities/" + named(act.Name, i), Pointer: pointer("/spec/activities", i, "accountable")}
	title := model.Text{All: named(act.Name, i)}
	if !act.Title.IsZero() {
		title = act.Title
	}
	x.Args = finding.Args{"activity": title, "people": sorted(accountable), "n": len(accountable)}
	switch {
	case len(accountable) == 0:
		x.Variant = "activity-none"
	case len(sorted(accountable)) > 1:
		x.Variant, x.Causes = "activity-several", accountable
	default:
		return // one who left is told at the person
	}
	emit(x)
}

// checkLead asks for one person behind a team that owns services: a team cannot
// answer by itself.
func checkLead(f *finding.Facts, h model.Handle, t *model.Team, emit func(finding.Finding)) {
	when, left := gone(f, t.Lead)
	if !t.Lead.IsZero() && !left {
		return
	}
	var owned []model.Ref
	for _, in := range f.Snap.In(h) {
		if in.Pointer == "/metadata/owner" && runs(finding.Spec[model.Service](f, in.From)) {
			owned = append(owned, f.Snap.Ref(in.From))
		}
	}
	if len(owned) == 0 {
		return
	}
	x := finding.Finding{Severity: finding.Warning, Variant: "team", Pointer: "/spec/lead", Args: finding.Args{"owned": sorted(owned), "n": len(owned)}}
	if left {
		x.Variant, x.Causes = "team-left", []model.Ref{t.Lead}
		x.Args["lead"], x.Args["left"] = t.Lead, when
	}
	x.Evidence = []finding.Evidence{{Label: "owned", Value: len(owned)}}
	emit(x)
}

// checkHoldings gathers what somebody who left still answers for: what he owns,
// activities of processes and roles. It is an error where a running service, an
// activity or a role is among them.
func checkHoldings(f *finding.Facts, h model.Handle, emit func(finding.Finding)) {
	when, left := gone(f, f.Snap.Ref(h))
	if !left {
		return
	}
	person, severity := f.Snap.Ref(h), finding.Warning
	var owned []model.Ref
	for _, in := range f.Snap.In(h) {
		counts, grave := answersFor(f, in, person)
		if counts {
			owned = append(owned, f.Snap.Ref(in.From))
		}
		if grave {
			severity = finding.Error
		}
	}
	if owned = sorted(owned); len(owned) == 0 {
		return
	}
	emit(finding.Finding{Severity: severity, Variant: "holdings", Pointer: "/spec/left", Hits: owned,
		Args:     finding.Args{"owned": owned, "n": len(owned), "left": when},
		Evidence: []finding.Evidence{{Label: "left", Value: when}, {Label: "owned", Value: owned}}})
}

// answersFor tells whether a reference to a person makes him answer for something,
// and whether nobody answering for it is grave.
func answersFor(f *finding.Facts, in model.Incoming, person model.Ref) (counts, grave bool) {
	o := f.Snap.Object(in.From)
	if o == nil {
		return false, false
	}
	if in.Pointer == "/metadata/owner" {
		s, service := o.Spec.(*model.Service)
		return !service || runs(s), service && runs(s)
	}
	switch x := o.Spec.(type) {
	case *model.RoleAssignment:
		counts = in.Field.Name == "holder" && !over(f, x.Until)
	case *model.Process:
		counts = in.Field.Name == "accountable" && slices.ContainsFunc(x.Activities, func(act model.Activity) bool {
			return len(act.Accountable) > 0 && !slices.ContainsFunc(act.Accountable, func(r model.Ref) bool { return r != person })
		})
	}
	return counts, counts
}

func checkHolder(f *finding.Facts, a *model.RoleAssignment, emit func(finding.Finding)) {
	if over(f, a.Until) {
		return
	}
	if a.Holder.IsZero() { // one who left is told at the person
		emit(finding.Finding{Variant: "role-empty", Pointer: "/spec/holder", Args: finding.Args{"role": a.Role}})
	}
}

// unaccountable are the roles that answer for nothing in design: outside parties
// and those who only look.
var unaccountable = []model.RoleName{"customer-representative", "supplier-contact", "auditor"}

// checkDeputy is COO-013: an accountable role has a deputy who is there and is
// somebody else, or a reason for none.
func checkDeputy(f *finding.Facts, h model.Handle, emit func(finding.Finding)) {
	a := finding.Spec[model.RoleAssignment](f, h)
	if over(f, a.Until) || a.Role == "" || slices.Contains(unaccountable, a.Role) {
		return
	}
	x := finding.Finding{Pointer: "/spec/deputy", Args: finding.Args{"role": a.Role, "holder": a.Holder, "deputy": a.Deputy}}
	switch when, left := gone(f, a.Deputy); {
	case a.Deputy.IsZero():
		if strings.TrimSpace(a.NoDeputy.All+a.NoDeputy.EN+a.NoDeputy.FR) != "" {
			return
		}
	case a.Deputy == a.Holder:
		x.Variant = "same"
	case left:
		x.Variant, x.Causes = "left", []model.Ref{a.Deputy}
		x.Args["left"] = when
	default:
		return
	}
	emit(x)
}
