package availability

import (
	"maps"
	"slices"

	"diapason/internal/finding"
	"diapason/internal/model"
)

// reachedBy is everything of which a change may have altered the structure or the own
// failures: what depends on it along structure references, and where demand, capacity,
// or the hours of those who restore changed, what now needs other instances or takes
// another time to restore, with all that depends on it.
func (a *Analysis) reachedBy(p *Analysis, c *finding.Change) map[model.Handle]bool {
	if !slices.ContainsFunc(c.Changed, func(h model.Handle) bool { return bearsOnNeeds(a.f.Snap.Ref(h).Kind) }) {
		return c.Structure
	}
	var start []model.Handle
	for h := range c.Closure {
		if int(h) >= p.f.Snap.Size() || !fails(a.f.Snap.Ref(h).Kind) {
			continue
		}
		reloaded := !sameLoads(p.loadsOf(h), a.loadsOf(h))
		if reloaded {
			a.reloaded = append(a.reloaded, h)
		}
		if !c.Structure[h] && (reloaded || !p.waitOf(h).same(a.waitOf(h))) {
			start = append(start, h)
		}
	}
	if len(start) == 0 {
		return c.Structure
	}
	out := maps.Clone(c.Structure)
	for _, h := range slices.Concat(start, a.walk(start, func(x model.Handle, visit func(model.Handle)) { parents(a.f.Snap, x, visit) })) {
		out[h] = true
	}
	return out
}

// bearsOnNeeds reports a kind that is no part of the structure and yet decides how
// many of a group must work, or how long restoring takes.
func bearsOnNeeds(kind string) bool {
	switch kind {
	case "demand", "team", "person", "contract", "calendar", "skill":
		return true
	}
	return false
}

func sameLoads(x, y []Load) bool {
	return slices.EqualFunc(x, y, func(a, b Load) bool { return a.Pointer == b.Pointer && a.Needed == b.Needed && a.Total == b.Total })
}
