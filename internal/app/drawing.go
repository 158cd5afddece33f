package app

import (
	"context"
	"errors"
	"slices"

	"diapason/internal/identity"
	"diapason/internal/model"
	"diapason/internal/process/availability"
	"diapason/internal/store"
)

// Drawing is a gesture on the map, to be put into a draft.
type Drawing struct {
	availability.Gesture
	Draft string // the draft it goes into; empty starts one
	Title string // of the draft that is started
}

// DrawnStep is what a gesture did to one object of a draft: what the draft said of it
// before and after. Undoing a gesture takes the steps back.
type DrawnStep struct {
	Ref    model.Ref
	Before DraftSays
	After  DraftSays
}

// DraftSays is what a draft says of an object: nothing, that it goes, or its document.
type DraftSays struct {
	Deleted bool
	Object  *model.Object // nil where it goes, and where the draft says nothing of it
}

// Draw makes a gesture on the map in a draft: the one given, or a new one. It starts
// from the model as the draft makes it; what it touches keeps the version that it
// started from, so that committing the draft merges with what others do meanwhile.
func (a *App) Draw(ctx context.Context, actor identity.Actor, g Drawing) (Draft, []DrawnStep, error) {
	for attempt := 0; ; attempt++ {
		d, steps, err := a.drawOnce(ctx, actor, g)
		if store.CodeOf(err) == store.CodeDraftChanged && attempt < 3 {
			continue
		}
		return d, steps, err
	}
}

func (a *App) drawOnce(ctx context.Context, actor identity.Actor, g Drawing) (Draft, []DrawnStep, error) {
	var was store.Draft
	if g.Draft == "" {
		if err := a.Authorize(actor, identity.ActionChangeDraft, draftResource(actor.ID())); err != nil {
			return Draft{}, nil, err
		}
	} else {
		var err error
		if was, err = a.draft(ctx, actor, g.Draft); err != nil {
			return Draft{}, nil, err
		}
	}
	snap := a.Head()
	puts, deletes, err := a.draftObjects(ctx, snap, was)
	if err != nil {
		return Draft{}, nil, err
	}
	if len(puts)+len(deletes) > 0 {
		snap = snap.With(snap.Seq, puts, deletes)
	}
	if _, err := a.readable(actor, snap, g.Of); err != nil {
		return Draft{}, nil, err
	}
	drawn, err := availability.Draw(snap, g.Gesture)
	var bad *availability.Refusal
	if errors.As(err, &bad) {
		return Draft{}, nil, refused(bad.Pointer, bad.Fault)
	}
	if err != nil {
		return Draft{}, nil, err
	}
	seen := Versions{}
	var before []*model.Object
	for _, o := range drawn.Puts {
		if now := snap.Get(o.Ref()); now != nil {
			seen[o.Ref()] = now.Version
			before = append(before, now)
		}
	}
	id := g.Draft
	if id == "" {
		d, err := a.CreateDraftFrom(ctx, actor, g.Title, drawn.Puts, seen)
		if err != nil || len(drawn.Deletes) == 0 {
			return d, steps(was, d, drawn), err
		}
		id, before = d.ID, nil
	}
	d, err := a.EditDraft(ctx, actor, id, DraftEdit{Put: drawn.Puts, Was: before, Seen: seen, Delete: drawn.Deletes})
	return d, steps(was, d, drawn), err
}

// steps are what a gesture did to a draft.
func steps(was store.Draft, now Draft, drawn availability.Drawn) []DrawnStep {
	out := []DrawnStep{}
	add := func(r model.Ref) {
		before, err := says(was, r)
		if err != nil {
			return // such an object could not have been drawn on
		}
		after := DraftSays{Deleted: slices.ContainsFunc(now.Deletes, func(x Delete) bool { return x.Ref == r })}
		for _, p := range now.Puts {
			if p.Object.Ref() == r {
				after.Object = p.Object
			}
		}
		out = append(out, DrawnStep{r, before, after})
	}
	for _, o := range drawn.Puts {
		add(o.Ref())
	}
	for _, r := range drawn.Deletes {
		add(r)
	}
	return out
}

func says(d store.Draft, r model.Ref) (DraftSays, error) {
	for _, p := range d.Puts {
		if p.Kind != r.Kind || p.Name != r.Name {
			continue
		}
		if p.Delete {
			return DraftSays{Deleted: true}, nil
		}
		o, err := model.FromDocument(p.Document)
		return DraftSays{Object: o}, err
	}
	return DraftSays{}, nil
}

func (x DraftSays) same(y DraftSays) bool {
	return x.Deleted == y.Deleted && (x.Object == nil) == (y.Object == nil) && (x.Object == nil || model.SameDocument(x.Object, y.Object))
}

// Undraw takes the steps of a gesture back, all or none: where somebody has changed
// in the draft what the gesture left, nothing is done.
func (a *App) Undraw(ctx context.Context, actor identity.Actor, id string, done []DrawnStep) (Draft, error) {
	d, err := a.draft(ctx, actor, id)
	if err != nil {
		return Draft{}, err
	}
	var edit DraftEdit
	for _, step := range done {
		now, err := says(d, step.Ref)
		if err != nil {
			return Draft{}, err
		}
		if !now.same(step.After) {
			return Draft{}, fromStore(&store.Error{Code: store.CodeDraftChanged, Problem: "the draft was changed by someone else in the meantime", Remedy: "read it again and repeat your change", Place: step.Ref.String()}, id)
		}
		if step.After.Object != nil {
			edit.Was = append(edit.Was, step.After.Object)
		}
		switch before := step.Before; {
		case before.Object != nil:
			edit.Put = append(edit.Put, before.Object)
		case before.Deleted:
			edit.Delete = append(edit.Delete, step.Ref)
		default:
			edit.TakeOut = append(edit.TakeOut, step.Ref)
		}
	}
	return a.EditDraft(ctx, actor, id, edit)
}

// MayDraw reports whether the actor may draw on what a view shows: into the draft
// that it names, or into a new one. The past is not drawn on.
func (a *App) MayDraw(ctx context.Context, actor identity.Actor, v View) bool {
	if v.Seq != 0 && v.Seq != a.Head().Seq || !v.On.IsZero() && v.On != a.Today() {
		return false
	}
	if v.Draft == "" {
		return a.May(actor, identity.ActionChangeDraft, draftResource(actor.ID()))
	}
	_, err := a.draft(ctx, actor, v.Draft)
	return err == nil
}
