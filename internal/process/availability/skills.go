package availability

import (
	"math"
	"slices"

	"diapason/internal/calendars"
	"diapason/internal/engine/worktime"
	"diapason/internal/finding"
	"diapason/internal/model"
)

// use is something whose restoration needs a skill, and who restores it.
type use struct {
	holder model.Handle
	by     []model.Ref
}

// uses lists what needs a skill to be restored, by name.
func (a *Analysis) uses(skill model.Handle) []use {
	var holders []model.Handle
	for _, in := range a.f.Snap.In(skill) {
		if in.Field.Name == "skills" {
			holders = append(holders, in.From)
		}
	}
	slices.SortFunc(holders, func(x, y model.Handle) int { return a.f.Snap.Ref(x).Compare(a.f.Snap.Ref(y)) })
	name := a.f.Snap.Ref(skill)
	var out []use
	for _, h := range slices.Compact(holders) {
		r := restoring(a.f.Snap.Object(h))
		if r == nil {
			continue
		}
		if slices.Contains(r.Skills, name) {
			out = append(out, use{h, r.By})
		}
		for i := range r.Steps {
			by := r.Steps[i].By
			if len(by) == 0 {
				by = r.By
			}
			if slices.Contains(r.Steps[i].Skills, name) {
				out = append(out, use{h, by})
			}
		}
	}
	return out
}

// restoring says how an object is restored, nil for kinds that do not say.
func restoring(o *model.Object) *model.Restore {
	if o == nil {
		return nil
	}
	switch s := o.Spec.(type) {
	case *model.Component:
		return &s.Restore
	case *model.Service:
		return &s.Restore
	}
	return nil
}

// beyondSkills visits the skills that restore something under what changed; where
// hours, people or promises changed that may be any.
func beyondSkills(before, now *finding.Facts, changed, _ []model.Handle, visit func(model.Handle)) {
	for _, f := range []*finding.Facts{before, now} {
		a := New(f)
		start := make([]model.Handle, 0, len(changed))
		for _, h := range changed {
			switch now.Snap.Ref(h).Kind {
			case "service", "component", "site", "tool", "supplier":
				if int(h) < f.Snap.Size() {
					start = append(start, h)
				}
			default:
				for _, s := range now.Snap.OfKind("skill") {
					visit(s)
				}
				return
			}
		}
		for _, h := range append(start, a.walk(start, func(x model.Handle, to func(model.Handle)) { children(f.Snap, x, to) })...) {
			for _, e := range f.Snap.Out(h) {
				if e.Field.Name == "skills" {
					visit(e.To)
				}
			}
		}
	}
}

// restoringSkill is AVL-004, with the skill as subject: who holds it counts once,
// however many things need it.
func restoringSkill(f *finding.Facts, skill model.Handle, emit func(finding.Finding)) {
	a, ok := finding.Use[*Analysis](f)
	if !ok {
		return
	}
	type group struct {
		people  []model.Handle
		holders []model.Handle
	}
	uses := a.uses(skill)
	if len(uses) == 0 {
		return
	}
	var found []*group
	var able []model.Handle
	holders := a.skilled(skill)
	for i, u := range uses {
		if i == 0 || !slices.Equal(u.by, uses[i-1].by) {
			able = a.able(holders, u.by)
		}
		people := able
		if slices.ContainsFunc(u.by, func(r model.Ref) bool { return r.Kind == "contract" }) || !a.serves(u.holder) {
			continue
		}
		i := slices.IndexFunc(found, func(g *group) bool { return slices.Equal(g.people, people) })
		if i < 0 {
			i = len(found)
			found = append(found, &group{people: people})
		}
		if !slices.Contains(found[i].holders, u.holder) {
			found[i].holders = append(found[i].holders, u.holder)
		}
	}
	for _, g := range found {
		restores := a.refs(g.holders)
		slices.SortFunc(restores, model.Ref.Compare)
		out := finding.Finding{
			Pointer:  "/metadata/name",
			Args:     finding.Args{"restores": restores, "n": len(restores)},
			Evidence: []finding.Evidence{{Label: "restores", Value: restores}},
		}
		switch len(g.people) {
		case 0:
			out.Variant = "nobody"
			emit(out)
		case 1:
			person := f.Snap.Ref(g.people[0])
			out.Causes = []model.Ref{person}
			out.Args["person"] = person
			emit(out)
		default:
			a.skillHours(out, g.people, g.holders, emit)
		}
	}
}

// skilled lists the people who hold a skill and have not left, ascending.
func (a *Analysis) skilled(skill model.Handle) []model.Handle {
	var out []model.Handle
	for _, in := range a.f.Snap.In(skill) {
		if in.Field.Name == "skills" && present(a.f, in.From) {
			out = append(out, in.From)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// able keeps those who restore: the members of the teams named, or everybody where
// nothing is named. A contract's people are not known, so what one restores is not
// judged.
func (a *Analysis) able(skilled []model.Handle, by []model.Ref) []model.Handle {
	if len(by) == 0 {
		return skilled
	}
	allowed := map[model.Ref]bool{}
	for _, r := range by {
		if t := finding.SpecOf[model.Team](a.f, r); t != nil {
			for _, m := range t.Members {
				allowed[m] = true
			}
		}
	}
	return slices.DeleteFunc(slices.Clone(skilled), func(h model.Handle) bool { return !allowed[a.f.Snap.Ref(h)] })
}

// serves reports that a delivered service is h or needs it.
func (a *Analysis) serves(h model.Handle) bool {
	if delivered(finding.Spec[model.Service](a.f, h)) {
		return true
	}
	return slices.ContainsFunc(a.Dependents(h), func(d model.Handle) bool { return delivered(finding.Spec[model.Service](a.f, d)) })
}

// skillHours judges whether somebody with the skill is there, or can be called,
// in all hours promised for what needs it.
func (a *Analysis) skillHours(out finding.Finding, people, holders []model.Handle, emit func(finding.Finding)) {
	promised, services := a.promisedHours(holders)
	if promised.IsEmpty() {
		return
	}
	var hours worktime.Set
	var silent []model.Ref
	for _, p := range people {
		set, known := calendars.Presence(a.f, p)
		hours = hours.Union(set)
		if !known {
			silent = append(silent, a.f.Snap.Ref(p))
		}
	}
	cover := worktime.Cover(calendars.Zone(a.f), calendars.Window(a.f), promised, hours)
	if cover.Uncovered.IsEmpty() {
		return
	}
	out.Args["services"] = services
	if len(silent) > 0 {
		out.Outcome, out.Causes = finding.Unknown, silent
		out.Args["people"] = silent
		emit(out)
		return
	}
	week := cover.Weeks[max(cover.Worst, 0)]
	first := cover.Uncovered.Bounds().Start.In(calendars.Zone(a.f))
	out.Variant = "hours"
	out.Causes = a.refs(people)
	out.Args["people"] = out.Causes
	out.Args["uncovered"] = week.Uncovered
	out.Args["first"] = first
	out.Evidence = append(out.Evidence,
		finding.Evidence{Label: "services", Value: services},
		finding.Evidence{Label: "people", Value: out.Causes},
		finding.Evidence{Label: "uncovered", Value: week.Uncovered},
		finding.Evidence{Label: "share", Value: model.PercentOf(math.Round(float64(cover.Uncovered.Duration())/float64(promised.Duration())*1000) / 1000)},
		finding.Evidence{Label: "first", Value: first})
	emit(out)
}

// hours knows the hours promised for a service.
type hours interface {
	PromisedHours(service model.Handle) []model.Ref
}

// promisedHours is the union of the hours promised for delivered services that are
// among holders or need one of them, within the window.
func (a *Analysis) promisedHours(holders []model.Handle) (worktime.Set, []model.Ref) {
	h, ok := finding.Use[hours](a.f)
	if !ok {
		return worktime.Set{}, nil
	}
	above := a.walk(holders, func(x model.Handle, visit func(model.Handle)) { parents(a.f.Snap, x, visit) })
	var sets []model.Ref
	var services []model.Ref
	for _, s := range slices.Concat(holders, above) {
		if !delivered(finding.Spec[model.Service](a.f, s)) {
			continue
		}
		list := h.PromisedHours(s)
		for _, c := range list {
			if !slices.Contains(sets, c) {
				sets = append(sets, c)
			}
		}
		if len(list) > 0 {
			services = append(services, a.f.Snap.Ref(s))
		}
	}
	var open worktime.Set
	for _, c := range sets {
		if set, ok := calendars.Open(a.f, c); ok {
			open = open.Union(set)
		}
	}
	slices.SortFunc(services, model.Ref.Compare)
	return open.Clip(calendars.Window(a.f)), services
}
