package availability

import (
	"slices"

	"diapason/internal/calendars"
	"diapason/internal/engine/worktime"
	"diapason/internal/finding"
	"diapason/internal/model"
)

// hoursOf is when some of those who restore something work, all that are named taken
// together. Missing is what would have to be known; whoever cannot restore (a contract
// not in force, a team of which nobody has the skills, a person who left) has no hours.
func (a *Analysis) hoursOf(by, skills []model.Ref) (hours worktime.Set, missing []model.Ref) {
	for _, r := range by {
		set, lacks := a.hoursOfOne(r, skills)
		hours, missing = hours.Union(set), append(missing, lacks...)
	}
	return hours, missing
}

func (a *Analysis) hoursOfOne(r model.Ref, skills []model.Ref) (worktime.Set, []model.Ref) {
	switch r.Kind {
	case "contract":
		c := finding.SpecOf[model.Contract](a.f, r)
		if c == nil || !calendars.ContractStanding(c, a.f.On).InForce() {
			return worktime.Set{}, nil
		}
		for i := range c.Targets {
			if t := &c.Targets[i]; t.Metric == model.MetricRestore && !t.Calendar.IsZero() {
				return a.open(t.Calendar)
			}
		}
		return calendars.Support(a.f, r)
	case "person":
		h, _ := a.f.Snap.Find(r)
		if !present(a.f, h) {
			return worktime.Set{}, nil
		}
		p := finding.Spec[model.Person](a.f, h)
		if p.Calendar.IsZero() {
			return worktime.Set{}, []model.Ref{r}
		}
		return a.open(p.Calendar)
	}
	t := finding.SpecOf[model.Team](a.f, r)
	if t == nil {
		return worktime.Set{}, []model.Ref{r}
	}
	if len(skills) == 0 {
		return calendars.Support(a.f, r)
	}
	return a.skilledHours(t, skills)
}

func (a *Analysis) open(calendar model.Ref) (worktime.Set, []model.Ref) {
	set, ok := calendars.Open(a.f, calendar)
	if !ok {
		return worktime.Set{}, []model.Ref{calendar}
	}
	return set, nil
}

// skilledHours is when for each of the skills somebody of a team who holds it is at
// work or can be called.
func (a *Analysis) skilledHours(t *model.Team, skills []model.Ref) (hours worktime.Set, missing []model.Ref) {
	for i, s := range skills {
		var set worktime.Set
		for _, p := range teamPeople(t) {
			h, ok := a.f.Snap.Find(p)
			if !ok || !present(a.f, h) || !slices.Contains(finding.Spec[model.Person](a.f, h).Skills, s) {
				continue
			}
			own, known := a.inTeam(t, h)
			if !known {
				missing = append(missing, p)
			}
			set = set.Union(own)
		}
		if i == 0 {
			hours = set
		} else {
			hours = hours.Intersect(set)
		}
	}
	return hours, missing
}

// teamPeople are the members of a team and of its rotas, each once.
func teamPeople(t *model.Team) []model.Ref {
	out := slices.Clone(t.Members)
	for _, rota := range t.OnCall {
		for _, m := range rota.Members {
			if !slices.Contains(out, m) {
				out = append(out, m)
			}
		}
	}
	return out
}

// inTeam is when somebody of a team works or can be called for it: the person's own
// hours, for a member without any those of the team, and turns on call. known is false
// where none of these is stated.
func (a *Analysis) inTeam(t *model.Team, person model.Handle) (set worktime.Set, known bool) {
	p, me := finding.Spec[model.Person](a.f, person), a.f.Snap.Ref(person)
	calendar := p.Calendar
	if calendar.IsZero() && slices.Contains(t.Members, me) {
		calendar = t.Calendar
	}
	set, known = calendars.Open(a.f, calendar)
	for _, rota := range t.OnCall {
		if !slices.Contains(rota.Members, me) {
			continue
		}
		rota.Members = slices.Clone(rota.Members)
		for i, m := range rota.Members {
			if m != me {
				rota.Members[i] = model.Ref{} // somebody else's turn
			}
		}
		if own, ok := calendars.OnCall(a.f, rota); ok {
			set, known = set.Union(own), true
		}
	}
	return set, known
}
