package app

import (
	"context"
	"slices"

	"diapason/internal/identity"
	"diapason/internal/model"
)

// Authorize is the one gate of every use case, reads included.
func (a *App) Authorize(actor identity.Actor, action identity.Action, r identity.Resource) error {
	d := a.authz.Authorize(actor, action, r)
	if d.Allowed {
		return nil
	}
	if err := a.SignedIn(actor); err != nil {
		return err
	}
	roles := []string{}
	for _, role := range a.authz.RolesFor(actor, action, r) {
		roles = append(roles, string(role))
	}
	return &Error{Code: CodeForbidden, Args: map[string]any{"action": string(action), "roles": roles}, Cause: d.Err()}
}

// SignedIn refuses whoever has no session: lists of the working model are empty for
// him, which would tell him something else than that he has to sign in.
func (a *App) SignedIn(actor identity.Actor) error {
	if !actor.SignedIn() && actor.ID() == "" {
		return fail(CodeSignIn, nil)
	}
	return nil
}

// May reports whether the actor may do something, for showing or hiding it.
func (a *App) May(actor identity.Actor, action identity.Action, r identity.Resource) bool {
	return a.authz.Authorize(actor, action, r).Allowed
}

// Resource describes an object as far as rights are concerned.
func Resource(s *model.Snapshot, o *model.Object) identity.Resource {
	r := identity.Resource{Kind: o.Kind.Slug, Name: o.Metadata.Name, Owner: o.Metadata.Owner.String()}
	services := map[model.Ref]bool{}
	add := func(list *[]string, ref model.Ref) {
		if v := ref.String(); v != "" && !slices.Contains(*list, v) {
			*list = append(*list, v)
		}
	}
	if o.Kind.Slug == "customer" {
		add(&r.Customers, o.Ref())
	}
	if o.Kind.Slug == "supplier" {
		add(&r.Suppliers, o.Ref())
	}
	o.References(func(ref model.Ref, f *model.Field, _ string) {
		switch ref.Kind {
		case "service":
			if f.Flow == model.FlowBoth {
				services[ref] = true
			}
		case "customer":
			add(&r.Customers, ref)
		case "supplier":
			if o.Kind.Slug == "contract" || o.Kind.Slug == "review" || o.Kind.Slug == "certification" {
				add(&r.Suppliers, ref)
			}
		case "user-group":
			if g := s.Get(ref); g != nil && o.Kind.Slug == "service" {
				add(&r.Customers, g.Spec.(*model.UserGroup).Customer)
			}
		}
	})
	if h, ok := s.Find(o.Ref()); ok && o.Kind.Slug == "component" {
		for i, in := range s.In(h) {
			if i == 64 {
				break // rights follow the nearest services; a hub belongs to its own owner
			}
			if ref := s.Ref(in.From); ref.Kind == "service" && in.Field.Structure {
				services[ref] = true
			}
		}
	}
	for ref := range services {
		r.Services = append(r.Services, ref.String())
		if svc := s.Get(ref); svc != nil {
			add(&r.ServiceOwners, svc.Metadata.Owner)
		}
	}
	slices.Sort(r.Services)
	slices.Sort(r.ServiceOwners)
	return r
}

// Visible reports whether the actor may see the working version of an object:
// lists, search and events all filter through it.
func (a *App) Visible(actor identity.Actor, s *model.Snapshot, o *model.Object) bool {
	return a.authz.Visible(actor, Resource(s, o))
}

// readable finds an object that the actor may read.
func (a *App) readable(actor identity.Actor, s *model.Snapshot, r model.Ref) (*model.Object, error) {
	o := s.Get(r)
	if o == nil {
		return nil, notFound(r.String())
	}
	if err := a.Authorize(actor, identity.ActionReadModel, Resource(s, o)); err != nil {
		if codeIs(err, CodeForbidden) {
			return nil, notFound(r.String()) // not even its existence is told
		}
		return nil, err
	}
	return o, nil
}

// Teams lists the teams of a person, for the rights that teams carry.
func (a *App) Teams(person string) []string {
	r, err := model.ParseRef(person)
	if err != nil {
		return nil
	}
	s := a.Head()
	h, ok := s.Find(r)
	if !ok {
		return nil
	}
	var teams []string
	for _, in := range s.In(h) {
		if ref := s.Ref(in.From); ref.Kind == "team" && (in.Field.Name == "members" || in.Field.Name == "lead") {
			teams = append(teams, ref.String())
		}
	}
	slices.Sort(teams)
	return slices.Compact(teams)
}

// personOf gives the reference of the person behind an actor, absent for the
// operator and for accounts tied to nobody.
func personOf(actor identity.Actor) model.Ref {
	r, _ := model.ParseRef(actor.Person())
	return r
}

// ActorName is the name people know an actor of the log by.
func (a *App) ActorName(ctx context.Context, id string) string {
	switch {
	case id == "" || a.directory == nil:
		return id
	}
	if acc, err := a.directory.Account(ctx, id); err == nil {
		return acc.Name
	}
	return id
}
