package availability

import (
	"cmp"
	"slices"
	"time"

	"diapason/internal/calendars"
	"diapason/internal/engine/renewal"
	"diapason/internal/finding"
	"diapason/internal/model"
)

// busyCrew is the load from which on it is told that those who restore are shared:
// with one person, things then wait for somebody free for about a tenth of a repair.
const busyCrew = 0.1

// Crew is a team that restores several things. The prediction takes each as repaired
// by itself, as if somebody were always free: Load says how far that holds.
type Crew struct {
	Team     model.Ref
	Restores []model.Ref // with declared times, by name
	People   int
	Repairs  float64       // a mean year
	Load     float64       // Σ MTTR / (MTBF + MTTR) over what it restores, by the people there on average
	Wait     time.Duration // an upper bound on the mean wait for somebody free, in the hours of the team
	Keeps    bool          // the team keeps up with its repairs at all
	Assumed  bool          // its hours are not known: it is taken as always there
}

// Busy says that the load is worth telling.
func (c *Crew) Busy() bool { return c.Load > busyCrew }

// Crews are the teams that restore something that h needs, and more than one thing in
// all; the busiest first.
func (a *Analysis) Crews(h model.Handle) []Crew {
	var out []Crew
	seen := map[model.Ref]bool{}
	for _, x := range a.within(h) {
		c := finding.Spec[model.Component](a.f, x)
		if c == nil {
			continue
		}
		for _, r := range c.Restore.By {
			if r.Kind != "team" || seen[r] {
				continue
			}
			seen[r] = true
			if crew, ok := a.crew(r); ok {
				out = append(out, crew)
			}
		}
	}
	slices.SortFunc(out, func(x, y Crew) int { return cmp.Or(cmp.Compare(y.Load, x.Load), x.Team.Compare(y.Team)) })
	return out
}

// crew adds up what a team restores; ok is false for one thing or none with times.
func (a *Analysis) crew(team model.Ref) (out Crew, ok bool) {
	h, found := a.f.Snap.Find(team)
	t := finding.Spec[model.Team](a.f, h)
	if !found || t == nil {
		return out, false
	}
	out.Team = team
	hours := 0.0 // of work in a mean hour
	things := 0
	for _, in := range a.f.Snap.In(h) {
		c := finding.Spec[model.Component](a.f, in.From)
		if c == nil || c.MTBF <= 0 || c.MTTR <= 0 || !slices.Contains(c.Restore.By, team) || slices.Contains(out.Restores, a.f.Snap.Ref(in.From)) {
			continue
		}
		n := 1
		if several(c) {
			n = c.Instances
		}
		// A person works for the repair only, not while waiting for the morning.
		rate := float64(n) / (c.MTBF.Std() + c.MTTR.Std()).Hours()
		hours += rate * c.MTTR.Std().Hours()
		out.Repairs += rate * 24 * 365.25
		out.Restores = append(out.Restores, a.f.Snap.Ref(in.From))
		things += n
	}
	if things < 2 {
		return out, false
	}
	slices.SortFunc(out.Restores, model.Ref.Compare)
	window := calendars.Window(a.f)
	there := 0.0 // people at a mean instant
	for _, p := range teamPeople(t) {
		person, known := a.f.Snap.Find(p)
		if !known || !present(a.f, person) {
			continue
		}
		out.People++
		set, known := a.inTeam(t, person)
		if !known {
			out.Assumed = true
			there++
			continue
		}
		there += float64(set.Clip(window).Duration()) / float64(window.Duration())
	}
	if out.People == 0 || there == 0 {
		return out, false
	}
	c := renewal.Crew{People: out.People, Work: hours / there * float64(out.People)}
	out.Load = c.Load()
	mean := time.Duration(hours * 24 * 365.25 / out.Repairs * float64(time.Hour))
	out.Wait, out.Keeps = c.Wait(mean)
	return out, true
}
