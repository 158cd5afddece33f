package continuity

import (
	"slices"

	"diapason/internal/engine/schedule"
	"diapason/internal/finding"
	"diapason/internal/model"
)

// problem turns the steps of a plan into tasks. People are resources of one, and
// so are components and tools unless they have several instances; sites and
// documents serve any number of steps. What a contract does takes none of the
// organisation's people. What the scenario loses does nothing.
func (a *Analysis) problem(p *model.RecoveryPlan) (out schedule.Problem, fault Fault, step string) {
	seen := map[string]bool{}
	names := map[string]bool{}
	for i := range p.Steps {
		name := stepName(&p.Steps[i], i)
		if names[name] {
			return out, Broken, name
		}
		names[name] = true
	}
	resource := func(r model.Ref, capacity int) string {
		name := r.String()
		if !seen[name] {
			seen[name] = true
			out.Resources = append(out.Resources, schedule.Resource{Name: name, Capacity: capacity})
		}
		return name
	}
	for i := range p.Steps {
		s := &p.Steps[i]
		name := stepName(s, i)
		if s.Duration <= 0 {
			return out, NoDuration, name
		}
		t := schedule.Task{Name: name, Duration: schedule.FromDuration(s.Duration.Std()), After: s.After}
		if slices.ContainsFunc(s.After, func(x string) bool { return !names[x] }) {
			return out, Broken, name
		}
		for _, n := range a.crew(p, s) {
			if len(n.people) < n.units {
				return out, Nobody, name
			}
			need := schedule.Need{Units: n.units}
			for _, r := range n.people {
				need.AnyOf = append(need.AnyOf, resource(r, 1))
			}
			t.Needs = append(t.Needs, need)
		}
		for _, m := range s.Means {
			if slices.Contains(p.Loses, m) {
				return out, Nobody, name
			}
			switch m.Kind {
			case "component":
				capacity := 1
				if c := finding.SpecOf[model.Component](a.f, m); c != nil {
					capacity = max(c.Instances, 1)
				}
				t.Needs = append(t.Needs, schedule.Need{Resource: resource(m, capacity), Units: 1})
			case "tool":
				t.Needs = append(t.Needs, schedule.Need{Resource: resource(m, 1), Units: 1})
			}
		}
		out.Tasks = append(out.Tasks, t)
	}
	return out, "", ""
}

// crewNeed is a number of people out of those who can do it.
type crewNeed struct {
	skill  model.Ref
	people []model.Ref
	units  int
}

// crew says who a step needs: as many people as it states out of those named; one
// of them with all skills where there is such a person, else one for each skill.
// Where a step names nobody, everybody the plan relies on counts, and where it
// relies on nobody, whoever holds a skill it takes. Nothing is needed of people
// where a contract does the step, or where nobody is named and no skill either.
func (a *Analysis) crew(p *model.RecoveryPlan, s *model.Step) []crewNeed {
	if slices.ContainsFunc(s.By, func(r model.Ref) bool { return r.Kind == "contract" }) {
		return nil
	}
	pool := a.pool(p, s)
	if len(s.By) == 0 && len(s.Skills) == 0 && (s.People == 0 || len(pool) == 0) {
		return nil
	}
	units := max(s.People, 1)
	if len(s.Skills) == 0 {
		return []crewNeed{{people: pool, units: units}}
	}
	all := pool
	for _, skill := range s.Skills {
		all = slices.DeleteFunc(slices.Clone(all), func(r model.Ref) bool { return !a.holds(r, skill) })
	}
	if units == 1 && (len(all) > 0 || len(s.Skills) == 1) {
		return []crewNeed{{skill: s.Skills[0], people: all, units: 1}}
	}
	if len(s.Skills) == 1 {
		out := []crewNeed{{skill: s.Skills[0], people: all, units: 1}}
		if units > 1 {
			out = append(out, crewNeed{people: pool, units: units - 1})
		}
		return out
	}
	var out []crewNeed
	for _, skill := range s.Skills {
		out = append(out, crewNeed{skill: skill, units: 1, people: slices.DeleteFunc(slices.Clone(pool), func(r model.Ref) bool { return !a.holds(r, skill) })})
	}
	if rest := units - len(s.Skills); rest > 0 {
		out = append(out, crewNeed{people: pool, units: rest})
	}
	return out
}

// pool lists the people who may do a step and are not lost in the scenario.
func (a *Analysis) pool(p *model.RecoveryPlan, s *model.Step) []model.Ref {
	out := a.people(s.By)
	if len(s.By) == 0 {
		if out = a.people(p.Uses); len(out) == 0 {
			out = a.holders(s.Skills)
		}
	}
	lost := a.people(p.Loses)
	out = slices.DeleteFunc(out, func(r model.Ref) bool {
		x := finding.SpecOf[model.Person](a.f, r)
		return x == nil || !x.Left.IsZero() && x.Left <= a.f.On || slices.Contains(lost, r)
	})
	slices.SortFunc(out, model.Ref.Compare)
	return slices.Compact(out)
}

// people lists the people among refs and the members of the teams among them.
func (a *Analysis) people(refs []model.Ref) []model.Ref {
	var out []model.Ref
	for _, r := range refs {
		switch r.Kind {
		case "person":
			out = append(out, r)
		case "team":
			if t := finding.SpecOf[model.Team](a.f, r); t != nil {
				out = append(out, t.Members...)
			}
		}
	}
	return out
}

// holders lists who holds one of some skills.
func (a *Analysis) holders(skills []model.Ref) []model.Ref {
	var out []model.Ref
	for _, s := range skills {
		h, ok := a.f.Snap.Find(s)
		if !ok {
			continue
		}
		for _, in := range a.f.Snap.In(h) {
			if r := a.f.Snap.Ref(in.From); r.Kind == "person" && in.Field.Name == "skills" {
				out = append(out, r)
			}
		}
	}
	return out
}

func (a *Analysis) holds(person, skill model.Ref) bool {
	x := finding.SpecOf[model.Person](a.f, person)
	return x != nil && slices.Contains(x.Skills, skill)
}
