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

// foreseen knows the version of every object once a change is in the log: what it
// writes gets the number of its entry, which is known when it is written only.
type foreseen struct {
	head    *model.Snapshot
	written map[model.Ref]*model.Object
	pinning map[int]*model.Object // decisions that pin what is written, by their place in the entry
}

// thisEntry stands in a pin for the number of the entry that writes it.
const thisEntry int64 = -1

func (s *foreseen) pin(r model.Ref) (version int64, o *model.Object) {
	if o := s.written[r]; o != nil {
		return thisEntry, o
	}
	if o := s.head.Get(r); o != nil {
		return o.Version, o
	}
	return 0, nil
}

func (s *foreseen) pinsWritten(o *model.Object) bool {
	d, ok := o.Spec.(*model.Decision)
	return ok && slices.ContainsFunc(d.Pins, func(p model.Pin) bool { return p.Version == thisEntry })
}

// numbered gives the documents of the decisions that name the entry's number.
func (s *foreseen) numbered(seq store.Seq) map[int][]byte {
	documents := map[int][]byte{}
	for i, o := range s.pinning {
		c := o.Clone()
		pins := c.Spec.(*model.Decision).Pins
		for j := range pins {
			if pins[j].Version == thisEntry {
				pins[j].Version = int64(seq)
			}
		}
		documents[i] = c.Document()
	}
	return documents
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
