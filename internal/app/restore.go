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
// included, in one entry; what stands already is left alone.
func (a *App) Restore(ctx context.Context, actor identity.Actor, objects []*model.Object, title string) error {
	_, err := a.Apply(ctx, actor, objects, false, title, "")
	return err
}

// entryType is decision where an entry holds nothing else, change otherwise.
func entryType(puts []store.Put) store.EntryType {
	for _, p := range puts {
		if p.Kind != "decision" || p.Delete {
			return store.Change
		}
	}
	return store.Decision
}

// foreseen knows the version of every object once a change is in the log: those
// it writes get the number of its entry.
type foreseen struct {
	head     *model.Snapshot
	written  map[model.Ref]*model.Object
	next     int64
	foretold bool // a pin rests on next
}

func (s *foreseen) pin(r model.Ref) (version int64, o *model.Object) {
	if o := s.written[r]; o != nil {
		s.foretold = true
		return s.next, o
	}
	if o := s.head.Get(r); o != nil {
		return o.Version, o
	}
	return 0, nil
}

// withPins fills the pins that name no version: with what the decision pinned
// when it was recorded, so that restoring it again decides nothing anew, else
// with what stands.
func (s *foreseen) withPins(o *model.Object) *model.Object {
	d, ok := o.Spec.(*model.Decision)
	if !ok {
		return o
	}
	open := func(p model.Pin) bool { return p.Version == 0 && p.Material == "" }
	if !slices.ContainsFunc(d.Pins, open) {
		return o
	}
	recorded := map[model.Ref]model.Pin{}
	if then := s.head.Get(o.Ref()); then != nil {
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
		} else if version, now := s.pin(p.Object); now != nil {
			hash := now.MaterialHash()
			d.Pins[i].Version, d.Pins[i].Material = version, hex.EncodeToString(hash[:])
		}
	}
	return c
}
