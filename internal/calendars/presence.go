package calendars

import (
	"slices"

	"diapason/internal/engine/worktime"
	"diapason/internal/finding"
	"diapason/internal/model"
)

// Presence is when a person works or can be called within the horizon: the
// person's own hours, those of the teams where there are none, and turns on call.
// known is false where no hours are stated anywhere.
func Presence(f *finding.Facts, person model.Handle) (set worktime.Set, known bool) {
	p := finding.Spec[model.Person](f, person)
	if p == nil {
		return set, false
	}
	if open, ok := Open(f, p.Calendar); ok {
		set, known = open, true
	}
	me := f.Snap.Ref(person)
	own := known
	for _, in := range f.Snap.In(person) {
		t := finding.Spec[model.Team](f, in.From)
		if t == nil {
			continue
		}
		if !own && slices.Contains(t.Members, me) {
			if open, ok := Open(f, t.Calendar); ok {
				set, known = set.Union(open), true
			}
		}
		for _, rota := range t.OnCall {
			if open, ok := turns(f, rota, me); ok {
				set, known = set.Union(open), true
			}
		}
	}
	return set, known
}

// turns is when one member of a rota can be called.
func turns(f *finding.Facts, rota model.OnCall, me model.Ref) (worktime.Set, bool) {
	if !slices.Contains(rota.Members, me) {
		return worktime.Set{}, false
	}
	rota.Members = slices.Clone(rota.Members)
	for i, m := range rota.Members {
		if m != me {
			rota.Members[i] = model.Ref{} // somebody else's turn
		}
	}
	return OnCall(f, rota)
}
