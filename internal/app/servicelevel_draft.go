package app

import (
	"context"
	"strings"

	"diapason/internal/identity"
	"diapason/internal/language"
	"diapason/internal/model"
)

// PromiseDraft opens a draft of an agreement with the wishes as its targets, from the
// first of the coming month, with the hours that were typed where the model has none.
func (a *App) PromiseDraft(ctx context.Context, actor identity.Actor, v View, w Wishes, title string) (Draft, error) {
	if err := a.Authorize(actor, identity.ActionChangeDraft, draftResource(actor.ID())); err != nil {
		return Draft{}, err
	}
	s, err := a.At(ctx, v)
	if err != nil {
		return Draft{}, err
	}
	x, err := readWishes(s, w)
	if err != nil {
		return Draft{}, err
	}
	if _, err := a.readable(actor, s.Snap, x.service); err != nil {
		return Draft{}, err
	}
	if len(x.spec.Targets) == 0 {
		return Draft{}, refused("/availability", &model.Fault{Format: "wish for something first: an availability, a time, a recovery"})
	}
	on := s.On.UTC()
	x.spec.Start = model.NewDate(on.Year(), on.Month()+1, 1)
	o := &model.Object{Kind: model.KindOf("agreement"), Metadata: model.Metadata{Name: agreementName(s.Snap, &x)}, Spec: x.spec}
	say := func(l language.Lang) string {
		writer := WriterFor(s.Snap, l)
		return writer.Message("attain.agreement", map[string]any{"service": x.service, "customer": x.spec.Customer, "named": !x.spec.Customer.IsZero()})
	}
	o.Metadata.Title = model.T(say(language.EN), say(language.FR))
	objects := []*model.Object{o}
	if x.calendar != nil {
		objects = append(objects, x.calendar)
	}
	return a.CreateDraft(ctx, actor, title, objects)
}

// agreementName is a name that no agreement bears yet.
func agreementName(s *model.Snapshot, x *wished) string {
	name := "sla-" + x.service.Name
	if !x.spec.Customer.IsZero() {
		name += "-" + x.spec.Customer.Name
	}
	name = strings.TrimRight(name[:min(len(name), 55)], "-")
	for s.Get(model.Ref{Kind: "agreement", Name: name}) != nil {
		name += "-2"
	}
	return name
}
