package servicelevel

import (
	"slices"

	"diapason/internal/finding"
	"diapason/internal/model"
)

// gathered are promises of several agreements that one cause breaks.
type gathered[T any] struct {
	f                    *finding.Facts
	list                 []finding.Share[T]
	agreements, services []model.Ref
	hits                 []model.Ref
	places               []finding.Place
}

// gather puts together what agreements found of one cause; of tells the target that
// a share is about (nil for none), its place in the agreement, and the services.
func gather[T any](f *finding.Facts, list []finding.Share[T], of func(T) (*model.Target, int, []model.Ref)) gathered[T] {
	g := gathered[T]{f: f, list: list}
	for _, s := range list {
		t, i, services := of(s.Value)
		r := f.Snap.Ref(s.Source)
		g.agreements, g.services = append(g.agreements, r), append(g.services, services...)
		if t != nil {
			g.places = append(g.places, finding.Place{Object: r, Part: part(t, i)})
		}
	}
	g.agreements, g.services = sorted(g.agreements), sorted(g.services)
	g.hits = slices.Concat(g.agreements, g.services)
	return g
}

// promises is the evidence of what each agreement promises.
func (g gathered[T]) promises(value func(T) any) []finding.Evidence {
	out := make([]finding.Evidence, len(g.list))
	for i, s := range g.list {
		out[i] = finding.Evidence{Label: "promise", Value: finding.Pair{Of: g.f.Snap.Ref(s.Source), Value: value(s.Value)}}
	}
	return out
}
