package availability

import (
	"slices"
	"strconv"

	"diapason/internal/model"
)

// Act is what a gesture on the map does.
type Act string

// The gestures on the map.
const (
	ActNeed        Act = "need"        // Of needs To
	ActAlternative Act = "alternative" // wherever Of is needed, To may stand in for it
	ActReplica     Act = "replica"     // a second Of, at the site To where that is given
	ActMove        Act = "move"        // Of stands at the site To
	ActRelease     Act = "release"     // Of no longer needs To
	ActRemove      Act = "remove"      // Of is gone
)

// Gesture is something drawn on the map.
type Gesture struct {
	Act Act
	Of  model.Ref
	To  model.Ref
	// Release lets what needs a removed object go without it. Otherwise its
	// dependencies stay, and what cannot do without it stops, as it would.
	Release bool
}

// Drawn is what a gesture makes of the objects that it touches.
type Drawn struct {
	Puts    []*model.Object
	Deletes []model.Ref
}

// Refusal says which end of a gesture is wrong, and why.
type Refusal struct {
	Pointer string // "/of" or "/to"
	Fault   *model.Fault
}

func (r *Refusal) Error() string { return r.Fault.Error() }

func refuse(pointer, format string, args ...any) error {
	return &Refusal{pointer, &model.Fault{Format: format, Args: args}}
}

// Draw makes a gesture on a snapshot. Nothing of the snapshot changes: every object
// in the answer is a copy.
func Draw(s *model.Snapshot, g Gesture) (Drawn, error) {
	of := s.Get(g.Of)
	if of == nil {
		return Drawn{}, refuse("/of", "%q is not in the model", g.Of.String())
	}
	if !g.To.IsZero() && s.Get(g.To) == nil && g.Act != ActRelease {
		return Drawn{}, refuse("/to", "%q is not in the model", g.To.String())
	}
	if g.Of == g.To {
		return Drawn{}, refuse("/to", "choose another end than %q itself", g.Of.String())
	}
	switch g.Act {
	case ActNeed:
		return needing(of, g.To)
	case ActAlternative:
		return standingIn(s, of, g.To)
	case ActReplica:
		return replicated(s, of, g.To)
	case ActMove:
		return relocated(of, g.To)
	case ActRelease:
		return released(of, g.To)
	}
	return removed(s, of, g.Release)
}

// needed are the kinds that others can need.
var needed = []string{"service", "component", "site", "supplier", "team", "person", "tool", "data-asset"}

// listOf is where an object says what it requires; nil for kinds that require nothing.
func listOf(o *model.Object) *[]model.Need {
	switch x := o.Spec.(type) {
	case *model.Service:
		return &x.Requires
	case *model.Component:
		return &x.Requires
	case *model.Site:
		return &x.Requires
	case *model.Tool:
		return &x.Requires
	}
	return nil
}

func needing(of *model.Object, to model.Ref) (Drawn, error) {
	next := of.Clone()
	if team, ok := next.Spec.(*model.Team); ok && to.Kind == "person" {
		if slices.Contains(team.Members, to) {
			return Drawn{}, refuse("/to", "%q already needs %q", of.Ref().String(), to.String())
		}
		team.Members = append(team.Members, to)
		return Drawn{Puts: []*model.Object{next}}, nil
	}
	list := listOf(next)
	if list == nil {
		return Drawn{}, refuse("/of", "%q requires nothing: draw from a service, a component, a site or a tool", of.Ref().String())
	}
	if !slices.Contains(needed, to.Kind) {
		return Drawn{}, refuse("/to", "%q cannot be required: choose a service, a component, a site, a supplier, a team, a person, a tool or a data asset", to.String())
	}
	for _, n := range *list {
		if n.On == to {
			return Drawn{}, refuse("/to", "%q already needs %q", of.Ref().String(), to.String())
		}
	}
	*list = append(*list, model.Need{On: to})
	return Drawn{Puts: []*model.Object{next}}, nil
}

// requiring are copies of the objects that require something, each once.
func requiring(s *model.Snapshot, of model.Ref) []*model.Object {
	h, found := s.Find(of)
	if !found {
		return nil
	}
	var out []*model.Object
	seen := map[model.Handle]bool{}
	for _, in := range s.In(h) {
		from := s.Object(in.From)
		if in.Field.Name != "requires" || seen[in.From] || from == nil {
			continue
		}
		seen[in.From] = true
		out = append(out, from.Clone())
	}
	return out
}

func standingIn(s *model.Snapshot, of *model.Object, to model.Ref) (Drawn, error) {
	if !slices.Contains(needed, to.Kind) {
		return Drawn{}, refuse("/to", "%q cannot be required: choose a service, a component, a site, a supplier, a team, a person, a tool or a data asset", to.String())
	}
	var out Drawn
	for _, o := range requiring(s, of.Ref()) {
		if o.Ref() == to { // it cannot stand in for what it rests on itself
			continue
		}
		list := listOf(o)
		*list = joined(*list, of.Ref(), to)
		out.Puts = append(out.Puts, o)
	}
	if len(out.Puts) == 0 {
		return Drawn{}, refuse("/of", "nothing requires %q: nothing could stand in for it", of.Ref().String())
	}
	return out, nil
}

// joined lets a second stand in for a first: in the first's group where it has one,
// else in a group of both.
func joined(list []model.Need, first, second model.Ref) []model.Need {
	for i := range list {
		if n := &list[i]; n.On == first {
			other := *n
			other.On = second
			*n = model.Need{AnyOf: []model.Need{*n, other}}
			continue
		}
		list[i].AnyOf, list[i].Of = joinedGroup(list[i].AnyOf, first, second), joinedGroup(list[i].Of, first, second)
	}
	return list
}

func joinedGroup(members []model.Need, first, second model.Ref) []model.Need {
	has := slices.ContainsFunc(members, func(n model.Need) bool { return n.On == second })
	for i := range len(members) {
		switch n := members[i]; {
		case n.On == first && !has:
			other := n
			other.On = second
			members = append(members, other)
			has = true
		case n.On.IsZero():
			members[i].AnyOf, members[i].Of = joinedGroup(n.AnyOf, first, second), joinedGroup(n.Of, first, second)
		}
	}
	return members
}

func replicated(s *model.Snapshot, of *model.Object, site model.Ref) (Drawn, error) {
	if of.Kind.Slug != "component" {
		return Drawn{}, refuse("/of", "only a component has replicas: give %q an alternative instead", of.Ref().String())
	}
	if !site.IsZero() && site.Kind != "site" {
		return Drawn{}, refuse("/to", "%q is no site", site.String())
	}
	second := of.Clone()
	number := 2
	for {
		second.Metadata.Name = of.Metadata.Name + "-" + strconv.Itoa(number)
		if s.Get(second.Ref()) == nil {
			break
		}
		number++
	}
	second.UID, second.Version = "", 0
	spec := second.Spec.(*model.Component)
	spec.Improvements, spec.InService = nil, model.Date(0)
	if !site.IsZero() && site != spec.Site {
		spec.Site = site
		second.Metadata.Title = at(second.Metadata.Title, s.Get(site))
	} else {
		second.Metadata.Title = numbered(second.Metadata.Title, number)
	}
	out := Drawn{Puts: []*model.Object{second}}
	for _, o := range requiring(s, of.Ref()) {
		list := listOf(o)
		*list = joined(*list, of.Ref(), second.Ref())
		out.Puts = append(out.Puts, o)
	}
	return out, nil
}

// numbered adds a number to a title, in each language it has.
func numbered(title model.Text, n int) model.Text {
	for _, text := range []*string{&title.All, &title.EN, &title.FR} {
		if *text != "" {
			*text += " " + strconv.Itoa(n)
		}
	}
	return title
}

func relocated(of *model.Object, site model.Ref) (Drawn, error) {
	if site.Kind != "site" {
		return Drawn{}, refuse("/to", "%q is no site", site.String())
	}
	next := of.Clone()
	var where *model.Ref
	switch x := next.Spec.(type) {
	case *model.Component:
		where = &x.Site
	case *model.Person:
		where = &x.Site
	default:
		return Drawn{}, refuse("/of", "%q stands at no site: choose a component or a person", of.Ref().String())
	}
	if *where == site {
		return Drawn{}, refuse("/to", "%q is at %q already", of.Ref().String(), site.String())
	}
	*where = site
	return Drawn{Puts: []*model.Object{next}}, nil
}

func released(of *model.Object, to model.Ref) (Drawn, error) {
	next := of.Clone()
	if list := listOf(next); list != nil {
		*list = pared(*list, to, true)
	}
	clear := func(r *model.Ref) {
		if *r == to {
			*r = model.Ref{}
		}
	}
	switch x := next.Spec.(type) {
	case *model.Component:
		clear(&x.Site)
		clear(&x.Supplier)
	case *model.Site:
		clear(&x.Supplier)
	case *model.Tool:
		clear(&x.Supplier)
	case *model.Person:
		clear(&x.Site)
	case *model.Team:
		x.Members = slices.DeleteFunc(x.Members, func(r model.Ref) bool { return r == to })
	}
	if model.SameDocument(of, next) {
		return Drawn{}, refuse("/to", "%q does not need %q", of.Ref().String(), to.String())
	}
	return Drawn{Puts: []*model.Object{next}}, nil
}

// pared takes something out of what is required. Unless all of it goes, it stays
// where the rest would not be enough.
func pared(list []model.Need, gone model.Ref, all bool) []model.Need {
	out := list[:0:0]
	for _, n := range list {
		if n.On == gone {
			if !all {
				out = append(out, n)
			}
			continue
		}
		if n.On.IsZero() {
			if n = thinner(n, gone, all); n.IsZero() {
				continue
			}
		}
		out = append(out, n)
	}
	return out
}

// thinner is a group without one of its members: the member left where there is one
// only, nothing where there is none.
func thinner(n model.Need, gone model.Ref, all bool) model.Need {
	members, enough := n.Group()
	var left []model.Need
	spare := len(members) - enough
	for _, m := range members {
		switch {
		case m.On == gone && (all || spare > 0):
			spare--
			continue
		case m.On.IsZero():
			if m = thinner(m, gone, all); m.IsZero() {
				continue
			}
		}
		left = append(left, m)
	}
	switch {
	case len(left) == 0:
		return model.Need{}
	case len(left) == 1 && len(members) > 1:
		return left[0]
	case len(n.AnyOf) > 0:
		n.AnyOf = left
	default:
		n.Of, n.AtLeast = left, min(n.AtLeast, len(left))
	}
	return n
}

func removed(s *model.Snapshot, of *model.Object, release bool) (Drawn, error) {
	out := Drawn{Deletes: []model.Ref{of.Ref()}}
	for _, o := range requiring(s, of.Ref()) {
		list := listOf(o)
		*list = pared(*list, of.Ref(), release)
		if !model.SameDocument(o, s.Get(o.Ref())) {
			out.Puts = append(out.Puts, o)
		}
	}
	return out, nil
}
