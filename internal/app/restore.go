package app

import (
	"context"
	"encoding/hex"
	"slices"

	"diapason/internal/identity"
	"diapason/internal/model"
	"diapason/internal/store"
)

// Restore writes objects back as they were saved, decisions and waivers
// included. Decisions come in an entry of their own, after what they decide on;
// a pin without version is filled with the version that stands.
func (a *App) Restore(ctx context.Context, actor identity.Actor, objects []*model.Object, title string) error {
	var first, decisions []*model.Object
	for _, o := range objects {
		if reservedKinds[o.Kind.Slug] {
			if err := a.Authorize(actor, identity.ActionRestore, identity.Resource{Kind: o.Kind.Slug, Name: o.Metadata.Name}); err != nil {
				return err
			}
		}
		if o.Kind.Slug == "decision" {
			decisions = append(decisions, o)
		} else {
			first = append(first, o)
		}
	}
	write := func(kind store.EntryType, list []*model.Object) error {
		head := a.Head()
		e := store.Entry{Type: kind, Base: store.Seq(head.Seq), Title: title}
		for _, o := range list {
			now := head.Get(o.Ref())
			if model.SameDocument(now, o) {
				continue
			}
			p := store.Put{Kind: o.Kind.Slug, Name: o.Metadata.Name, Document: o.Document(), ExpectSeq: store.MustNotExist}
			if now != nil {
				p.UID, p.ExpectSeq = now.UID, store.Seq(now.Version)
			}
			e.Puts = append(e.Puts, p)
		}
		if len(e.Puts) == 0 {
			return nil
		}
		_, err := a.append(ctx, actor, e)
		return err
	}
	if err := write(store.Change, first); err != nil {
		return err
	}
	for i, o := range decisions {
		decisions[i] = withPins(a.Head(), o)
	}
	return write(store.Decision, decisions)
}

// withPins fills the pins that name no version: with what the decision pinned
// when it was recorded, so that restoring it again decides nothing anew, else
// with what stands.
func withPins(s *model.Snapshot, o *model.Object) *model.Object {
	d, ok := o.Spec.(*model.Decision)
	if !ok {
		return o
	}
	open := func(p model.Pin) bool { return p.Version == 0 && p.Material == "" }
	if !slices.ContainsFunc(d.Pins, open) {
		return o
	}
	recorded := map[model.Ref]model.Pin{}
	if then := s.Get(o.Ref()); then != nil {
		for _, p := range then.Spec.(*model.Decision).Pins {
			recorded[p.Object] = p
		}
	}
	c := o.Clone()
	d = c.Spec.(*model.Decision)
	for i, p := range d.Pins {
		if !open(p) {
			continue
		}
		if then, ok := recorded[p.Object]; ok {
			d.Pins[i] = then
		} else if now := s.Get(p.Object); now != nil {
			hash := now.MaterialHash()
			d.Pins[i].Version, d.Pins[i].Material = now.Version, hex.EncodeToString(hash[:])
		}
	}
	return c
}
