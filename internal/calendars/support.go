package calendars

import (
	"diapason/internal/engine/worktime"
	"diapason/internal/finding"
	"diapason/internal/model"
)

// OnCall is when a rota can be called within the horizon: the hours it covers,
// less the turns of people who have left and the time before it begins. A rota
// without turns counts for all its hours; one without members or hours is
// nobody's and is not ok.
func OnCall(f *finding.Facts, rota model.OnCall) (worktime.Set, bool) {
	hours, ok := Open(f, rota.Calendar)
	if !ok || len(rota.Members) == 0 {
		return worktime.Set{}, false
	}
	members := make([]string, len(rota.Members))
	present := 0
	for i, m := range rota.Members {
		if p := finding.SpecOf[model.Person](f, m); p != nil && !p.Left.IsZero() && p.Left <= f.On {
			continue // somebody who left takes no turn: his turns are nobody's
		}
		members[i] = m.Name
		present++
	}
	if rota.Turn.IsZero() || rota.Start.IsZero() {
		if present == 0 {
			return worktime.Set{}, true
		}
		return hours, true
	}
	c, _ := Of(f, rota.Calendar)
	r := worktime.Rota{Members: members, Location: c.Location, Start: Date(rota.Start), Handover: worktime.TimeOfDay(rota.Handover), Turn: Period(rota.Turn)}
	if r.Handover >= worktime.EndOfDay {
		r.Handover = 0
	}
	return hours.Intersect(worktime.Duty(r.Expand(Horizon(f)))), true
}

// Support is when a team or a contract works within the horizon: the support
// hours and the on-call rotas of a team, the hours of a contract. Missing names
// what is not known: the team or contract itself where it states no hours or
// does not exist, a calendar that cannot be read.
func Support(f *finding.Facts, by model.Ref) (hours worktime.Set, missing []model.Ref) {
	read := func(calendar model.Ref) worktime.Set {
		set, ok := Open(f, calendar)
		if !ok {
			missing = append(missing, calendar)
		}
		return set
	}
	switch {
	case by.Kind == "team":
		team := finding.SpecOf[model.Team](f, by)
		if team == nil || team.Calendar.IsZero() && len(team.OnCall) == 0 {
			return hours, []model.Ref{by}
		}
		if !team.Calendar.IsZero() {
			hours = read(team.Calendar)
		}
		for _, rota := range team.OnCall {
			set, ok := OnCall(f, rota)
			switch {
			case ok:
				hours = hours.Union(set)
			case rota.Calendar.IsZero() || len(rota.Members) == 0:
				missing = append(missing, by)
			default:
				missing = append(missing, rota.Calendar)
			}
		}
	default:
		contract := finding.SpecOf[model.Contract](f, by)
		if contract == nil || contract.Hours.IsZero() {
			return hours, []model.Ref{by}
		}
		hours = read(contract.Hours)
	}
	return hours, missing
}
