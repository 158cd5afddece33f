package app

import (
	"context"

	"diapason/internal/identity"
	"diapason/internal/model"
)

// Plan is what applying a folder would do.
type Plan struct {
	Creates, Updates, Same []model.Ref
	Deletes                []model.Ref
	Changes                map[model.Ref][]model.Change
}

// Empty reports that there is nothing to do.
func (p Plan) Empty() bool { return len(p.Creates)+len(p.Updates)+len(p.Deletes) == 0 }

// PlanApply compares objects with the model; prune plans to delete what the
// objects do not hold.
func PlanApply(s *model.Snapshot, objects []*model.Object, prune bool) Plan {
	p := Plan{Changes: map[model.Ref][]model.Change{}}
	wanted := map[model.Ref]bool{}
	for _, o := range objects {
		wanted[o.Ref()] = true
		now := s.Get(o.Ref())
		if now != nil {
			o = (&foreseen{head: s}).withPins(o)
		}
		switch {
		case now == nil:
			p.Creates = append(p.Creates, o.Ref())
		case model.SameDocument(now, o):
			p.Same = append(p.Same, o.Ref())
		default:
			p.Updates = append(p.Updates, o.Ref())
			p.Changes[o.Ref()] = model.Diff(now, o)
		}
	}
	if prune {
		s.All(func(_ model.Handle, o *model.Object) bool {
			if !wanted[o.Ref()] {
				p.Deletes = append(p.Deletes, o.Ref())
			}
			return true
		})
	}
	return p
}

// Apply makes the model what the objects say, in one entry; see PlanApply. Saved
// waivers and decisions are written back as they were, by who may restore them; a
// pin without version is filled with the version that stands after the entry.
func (a *App) Apply(ctx context.Context, actor identity.Actor, objects []*model.Object, prune bool, title, reason string) (int64, error) {
	head := a.Head()
	p := PlanApply(head, objects, prune)
	same := map[model.Ref]bool{}
	for _, r := range p.Same {
		same[r] = true
	}
	c := Change{Base: head.Seq, Title: title, Reason: reason, restoring: true}
	for _, o := range objects {
		if same[o.Ref()] {
			continue
		}
		expect := int64(0)
		if now := head.Get(o.Ref()); now != nil {
			expect = now.Version
		}
		c.Puts = append(c.Puts, Put{o, expect})
	}
	for _, r := range p.Deletes {
		c.Deletes = append(c.Deletes, Delete{r, head.Get(r).Version})
	}
	if len(c.Puts)+len(c.Deletes) == 0 {
		return head.Seq, nil
	}
	return a.Commit(ctx, actor, c)
}
