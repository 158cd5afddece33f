package app

import (
	"context"
	"time"

	"diapason/internal/finding"
	"diapason/internal/identity"
	"diapason/internal/model"
	"diapason/internal/store"
)

// Draft is work in progress on several objects.
type Draft struct {
	ID      string
	Title   string
	Author  string // account
	Base    int64
	Head    int64
	Version int64
	Updated time.Time
	Count   int
	Puts    []DraftPut
	Deletes []Delete
}

// DraftPut is an object as a draft has it, and the version it started from.
type DraftPut struct {
	Object *model.Object
	Expect int64
}

// draftObjects is what a draft would make of a snapshot. Where an object moved on
// since the draft began with it, both changes stand, field by field; where they
// contradict each other the draft's own is shown, and committing it will ask.
func (a *App) draftObjects(ctx context.Context, s *model.Snapshot, d store.Draft) ([]*model.Object, []model.Ref, error) {
	var puts []*model.Object
	var deletes []model.Ref
	for _, p := range d.Puts {
		if p.Delete {
			deletes = append(deletes, model.Ref{Kind: p.Kind, Name: p.Name})
			continue
		}
		o, err := model.FromDocument(p.Document)
		if err != nil {
			return nil, nil, err
		}
		if now := s.Get(o.Ref()); now != nil {
			if p.ExpectSeq != store.Seq(now.Version) {
				base, err := a.version(ctx, o.Ref(), now, int64(p.ExpectSeq))
				if err != nil {
					return nil, nil, err
				}
				if merged, bad := model.Merge(base, o, now, nil); len(bad) == 0 && merged != nil {
					o = merged.Clone()
				}
			}
			o.UID, o.Version = now.UID, now.Version
		}
		puts = append(puts, o)
	}
	return puts, deletes, nil
}

func (a *App) draftView(d store.Draft) (Draft, error) {
	out := Draft{ID: d.ID, Title: d.Title, Author: d.Author, Base: int64(d.Base), Head: a.Head().Seq, Version: d.Version, Updated: d.Updated, Count: max(d.Count, len(d.Puts))}
	for _, p := range d.Puts {
		if p.Delete {
			out.Deletes = append(out.Deletes, Delete{model.Ref{Kind: p.Kind, Name: p.Name}, int64(p.ExpectSeq)})
			continue
		}
		o, err := model.FromDocument(p.Document)
		if err != nil {
			return out, err
		}
		out.Puts = append(out.Puts, DraftPut{o, int64(p.ExpectSeq)})
	}
	return out, nil
}

func draftResource(author string) identity.Resource {
	return identity.Resource{Kind: "draft", Author: author}
}

// Versions are the versions that an author saw of what he changed; of what is not
// among them he saw the one at the head.
type Versions map[model.Ref]int64

// CreateDraft starts a draft from the head, with objects if some are given.
func (a *App) CreateDraft(ctx context.Context, actor identity.Actor, title string, objects []*model.Object) (Draft, error) {
	return a.CreateDraftFrom(ctx, actor, title, objects, nil)
}

// CreateDraftFrom starts a draft of objects as their author saw them.
func (a *App) CreateDraftFrom(ctx context.Context, actor identity.Actor, title string, objects []*model.Object, seen Versions) (Draft, error) {
	if err := a.Authorize(actor, identity.ActionChangeDraft, draftResource(actor.ID())); err != nil {
		return Draft{}, err
	}
	head := a.Head()
	d := store.Draft{Title: title, Author: actor.ID(), Base: store.Seq(head.Seq)}
	for _, o := range objects {
		d.Puts = append(d.Puts, seen.of(draftPut(head, o)))
	}
	made, err := a.store.CreateDraft(ctx, d)
	if err != nil {
		return Draft{}, err
	}
	return a.draftView(made)
}

func draftPut(s *model.Snapshot, o *model.Object) store.Put {
	p := store.Put{Kind: o.Kind.Slug, Name: o.Metadata.Name, Document: o.Document()}
	if now := s.Get(o.Ref()); now != nil {
		p.UID, p.ExpectSeq = now.UID, store.Seq(now.Version)
	}
	return p
}

// of lets a put start from the version that its author saw.
func (v Versions) of(p store.Put) store.Put {
	if at, ok := v[model.Ref{Kind: p.Kind, Name: p.Name}]; ok && at >= 0 && store.Seq(at) < p.ExpectSeq {
		p.ExpectSeq = store.Seq(at)
	}
	return p
}

// Drafts lists the drafts that the actor may work on.
func (a *App) Drafts(ctx context.Context, actor identity.Actor) ([]Draft, error) {
	if err := a.SignedIn(actor); err != nil {
		return nil, err
	}
	list, err := a.store.ListDrafts(ctx)
	if err != nil {
		return nil, err
	}
	out := []Draft{}
	for _, d := range list {
		if !a.May(actor, identity.ActionChangeDraft, draftResource(d.Author)) {
			continue
		}
		v, err := a.draftView(d)
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, nil
}

func (a *App) draft(ctx context.Context, actor identity.Actor, id string) (store.Draft, error) {
	d, err := a.store.GetDraft(ctx, id)
	if err != nil {
		return d, fromStore(err, id)
	}
	return d, a.Authorize(actor, identity.ActionChangeDraft, draftResource(d.Author))
}

// Draft reads one draft.
func (a *App) Draft(ctx context.Context, actor identity.Actor, id string) (Draft, error) {
	d, err := a.draft(ctx, actor, id)
	if err != nil {
		return Draft{}, err
	}
	return a.draftView(d)
}

// EditDraft changes a draft: its title, objects put into it, names deleted by
// it, names taken out of it. It is retried when somebody else was faster, and refused
// where he changed what the edit rests on.
func (a *App) EditDraft(ctx context.Context, actor identity.Actor, id string, edit DraftEdit) (Draft, error) {
	for attempt := 0; ; attempt++ {
		d, err := a.draft(ctx, actor, id)
		if err != nil {
			return Draft{}, err
		}
		if err := a.unchanged(ctx, d, edit.Was); err != nil {
			return Draft{}, err
		}
		edit.apply(a.Head(), &d)
		done, err := a.store.UpdateDraft(ctx, d)
		if store.CodeOf(err) == store.CodeDraftChanged && attempt < 10 {
			continue
		}
		if err != nil {
			return Draft{}, fromStore(err, id)
		}
		return a.draftView(done)
	}
}

// unchanged refuses an edit of objects that another author of the draft has changed
// since this one saw them.
func (a *App) unchanged(ctx context.Context, d store.Draft, was []*model.Object) error {
	if len(was) == 0 {
		return nil
	}
	puts, _, err := a.draftObjects(ctx, a.Head(), d)
	if err != nil {
		return err
	}
	for _, seen := range was {
		for _, o := range puts {
			if o.Ref() != seen.Ref() || model.SameDocument(o, seen) {
				continue
			}
			if raw, err := putOf(d, seen.Ref()); err == nil && model.SameDocument(raw, seen) {
				continue
			}
			return fromStore(&store.Error{Code: store.CodeDraftChanged, Problem: "the draft was changed by someone else in the meantime", Remedy: "read it again and repeat your change", Place: seen.Ref().String()}, d.ID)
		}
	}
	return nil
}

// putOf is an object as the draft has it, whatever happened at the head.
func putOf(d store.Draft, r model.Ref) (*model.Object, error) {
	for _, p := range d.Puts {
		if p.Kind == r.Kind && p.Name == r.Name && !p.Delete {
			return model.FromDocument(p.Document)
		}
	}
	return nil, notFound(r.String())
}

// DraftEdit is what EditDraft does.
type DraftEdit struct {
	Title   string // empty keeps it
	Put     []*model.Object
	Was     []*model.Object // as their author saw them in the draft; objects that are not here may be anything
	Seen    Versions        // of what is put
	Delete  []model.Ref
	TakeOut []model.Ref
}

func (e DraftEdit) apply(head *model.Snapshot, d *store.Draft) {
	if e.Title != "" {
		d.Title = e.Title
	}
	take := func(r model.Ref) (old store.Put, was bool) {
		for i, p := range d.Puts {
			if p.Kind == r.Kind && p.Name == r.Name {
				d.Puts = append(d.Puts[:i:i], d.Puts[i+1:]...)
				return p, true
			}
		}
		return old, false
	}
	for _, o := range e.Put {
		p := e.Seen.of(draftPut(head, o))
		if old, was := take(o.Ref()); was {
			p.UID, p.ExpectSeq = old.UID, old.ExpectSeq // still on the version it started from
		}
		d.Puts = append(d.Puts, p)
	}
	for _, r := range e.Delete {
		old, was := take(r)
		now := head.Get(r)
		switch {
		case now == nil: // only the draft had it
		case was:
			d.Puts = append(d.Puts, store.Put{UID: now.UID, Kind: r.Kind, Name: r.Name, ExpectSeq: old.ExpectSeq, Delete: true})
		default:
			d.Puts = append(d.Puts, store.Put{UID: now.UID, Kind: r.Kind, Name: r.Name, ExpectSeq: store.Seq(now.Version), Delete: true})
		}
	}
	for _, r := range e.TakeOut {
		take(r)
	}
}

// DeleteDraft throws a draft away.
func (a *App) DeleteDraft(ctx context.Context, actor identity.Actor, id string) error {
	if _, err := a.draft(ctx, actor, id); err != nil {
		return err
	}
	return fromStore(a.store.DeleteDraft(ctx, id), id)
}

// CommitDraft commits a draft, merging by field, and deletes it when done.
func (a *App) CommitDraft(ctx context.Context, actor identity.Actor, id, title, reason string, take map[model.Ref]map[string]string) (int64, error) {
	d, err := a.draft(ctx, actor, id)
	if err != nil {
		return 0, err
	}
	v, err := a.draftView(d)
	if err != nil {
		return 0, err
	}
	if title == "" {
		title = v.Title
	}
	c := Change{Base: v.Base, Title: title, Reason: reason, Resolutions: take, Deletes: v.Deletes}
	for _, p := range v.Puts {
		c.Puts = append(c.Puts, Put(p))
	}
	if len(c.Puts)+len(c.Deletes) == 0 {
		return 0, fail(CodeEmpty, finding.Args{})
	}
	seq, err := a.Commit(ctx, actor, c)
	if err != nil {
		return 0, err
	}
	return seq, a.store.DeleteDraft(ctx, id)
}

// DraftChanges lists what committing a draft would change at the head.
func (a *App) DraftChanges(ctx context.Context, actor identity.Actor, id string) ([]ObjectChange, error) {
	d, err := a.draft(ctx, actor, id)
	if err != nil {
		return nil, err
	}
	head := a.Head()
	puts, deletes, err := a.draftObjects(ctx, head, d)
	if err != nil {
		return nil, err
	}
	out := []ObjectChange{}
	for _, o := range puts {
		out = append(out, ObjectChanges(head.Get(o.Ref()), o, false)...)
	}
	for _, r := range deletes {
		out = append(out, ObjectChanges(head.Get(r), nil, false)...)
	}
	return out, nil
}
