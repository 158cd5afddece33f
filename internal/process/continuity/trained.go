package continuity

import (
	"slices"
	"strconv"

	"diapason/internal/calendars"
	"diapason/internal/engine/worktime"
	"diapason/internal/finding"
	"diapason/internal/model"
)

// untrained is CON-008: a function of an activity, or a step of a plan, for which
// nobody trained is at work or on call in all hours in which it must work.
func untrained(f *finding.Facts, h model.Handle, emit func(finding.Finding)) {
	a := use(f)
	switch s := f.Snap.Object(h).Spec.(type) {
	case *model.BusinessActivity:
		if s.Criticality.Rank() < model.CriticalityHigh.Rank() {
			return
		}
		for i := range s.Roles {
			role := &s.Roles[i]
			hours := role.Calendar
			if hours.IsZero() {
				hours = a.hoursOf(h, s)
			}
			name := role.Name
			if name == "" {
				name = strconv.Itoa(i + 1)
			}
			out := finding.Finding{Pointer: "/spec/roles/" + strconv.Itoa(i), Part: "roles/" + name, Args: finding.Args{"function": name}}
			a.judgePresence(out, a.trained(role), hours, emit)
		}
	case *model.RecoveryPlan:
		if s.Hours.IsZero() || len(recovered(f, s)) == 0 {
			return
		}
		var judged []model.Ref
		for i := range s.Steps {
			for _, n := range a.crew(s, &s.Steps[i]) {
				if n.skill.IsZero() || slices.Contains(judged, n.skill) || len(n.people) == 0 { // nobody at all is CON-003
					continue
				}
				judged = append(judged, n.skill)
				out := finding.Finding{
					Variant: "step", Pointer: "/spec/steps/" + strconv.Itoa(i) + "/skills", Part: n.skill.String(),
					Args: finding.Args{"step": stepName(&s.Steps[i], i), "skill": n.skill},
				}
				a.judgePresence(out, n.people, s.Hours, emit)
			}
		}
	}
}

// hoursOf are the hours in which an activity must work: its own, else those of a
// plan that covers it.
func (a *Analysis) hoursOf(h model.Handle, b *model.BusinessActivity) model.Ref {
	if !b.Hours.IsZero() {
		return b.Hours
	}
	for _, p := range a.covering(h, b) {
		if c := finding.Spec[model.RecoveryPlan](a.f, p).Hours; !c.IsZero() {
			return c
		}
	}
	return model.Ref{}
}

// trained lists who can hold a function: the people named, and whoever holds the
// skill where nobody is named.
func (a *Analysis) trained(role *model.TrainedRole) []model.Ref {
	out := a.people(role.People)
	if len(role.People) == 0 && !role.Skill.IsZero() {
		out = a.holders([]model.Ref{role.Skill})
	}
	out = slices.DeleteFunc(out, func(r model.Ref) bool {
		p := finding.SpecOf[model.Person](a.f, r)
		return p == nil || !p.Left.IsZero() && p.Left <= a.f.On || len(role.People) > 0 && !role.Skill.IsZero() && !slices.Contains(p.Skills, role.Skill)
	})
	slices.SortFunc(out, model.Ref.Compare)
	return slices.Compact(out)
}

func (a *Analysis) judgePresence(out finding.Finding, people []model.Ref, hours model.Ref, emit func(finding.Finding)) {
	if len(people) == 0 {
		out.Variant = "nobody"
		emit(out)
		return
	}
	needed, ok := calendars.Open(a.f, hours)
	if !ok {
		return // without hours there is nothing to compare with
	}
	needed = needed.Clip(calendars.Window(a.f))
	var there worktime.Set
	var silent []model.Ref
	for _, r := range people {
		h, _ := a.f.Snap.Find(r)
		set, known := calendars.Presence(a.f, h)
		there = there.Union(set)
		if !known {
			silent = append(silent, r)
		}
	}
	cover := worktime.Cover(calendars.Zone(a.f), calendars.Window(a.f), needed, there)
	if cover.Uncovered.IsEmpty() {
		return
	}
	out.Args["people"], out.Causes = people, people
	if len(silent) > 0 {
		out.Outcome, out.Causes, out.Args["people"] = finding.Unknown, silent, silent
		out.Variant = ""
		if out.Args["function"] == nil {
			out.Args["function"] = out.Args["skill"]
		}
		emit(out)
		return
	}
	week := cover.Weeks[max(cover.Worst, 0)]
	first := cover.Uncovered.Bounds().Start.In(calendars.Zone(a.f))
	out.Args["uncovered"], out.Args["first"] = week.Uncovered, first
	out.Evidence = append(out.Evidence,
		finding.Evidence{Label: "people", Value: people}, finding.Evidence{Label: "hours", Value: hours},
		finding.Evidence{Label: "uncovered", Value: week.Uncovered}, finding.Evidence{Label: "first", Value: first})
	emit(out)
}
