package app

import (
	"context"
	"encoding/hex"

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

// withPins fills the pins that name no version with what stands.
func withPins(s *model.Snapshot, o *model.Object) *model.Object {
	d := o.Spec.(*model.Decision)
	open := false
	for _, p := range d.Pins {
		open = open || p.Version == 0 && p.Material == ""
	}
	if !open {
		return o
	}
	c := o.Clone()
	d = c.Spec.(*model.Decision)
	for i, p := range d.Pins {
		if now := s.Get(p.Object); now != nil && p.Version == 0 && p.Material == "" {
			hash := now.MaterialHash()
			d.Pins[i].Version, d.Pins[i].Material = now.Version, hex.EncodeToString(hash[:])
		}
	}
	return c
}
