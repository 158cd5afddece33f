package app

import (
	"context"

	"diapason/internal/finding"
	"diapason/internal/identity"
	"diapason/internal/model"
	"diapason/internal/store"
)

// Erase makes the past of an object unreadable for ever, as when a person asks
// for it; every proof of the log stays valid. The version that stands is kept:
// delete the object first, or commit a version without the personal data. It
// gives the number of versions erased.
func (a *App) Erase(ctx context.Context, actor identity.Actor, r model.Ref, reason string) (int, int64, error) {
	if err := a.Authorize(actor, identity.ActionErase, identity.Resource{Kind: r.Kind, Name: r.Name}); err != nil {
		return 0, 0, err
	}
	if err := needReason(reason); err != nil {
		return 0, 0, err
	}
	uid, err := a.uidOf(ctx, r)
	if err != nil {
		return 0, 0, err
	}
	versions, err := a.store.History(ctx, uid)
	if err != nil {
		return 0, 0, err
	}
	e := store.Erasure{Actor: actor.ID(), Reason: reason}
	for i, v := range versions {
		if v.Deleted || v.ErasedBy != 0 || i == len(versions)-1 {
			continue // the last version is the one that stands, or the deletion
		}
		e.Versions = append(e.Versions, store.VersionRef{UID: v.UID, From: v.From})
	}
	if len(e.Versions) == 0 {
		return 0, 0, fail(CodeEmpty, finding.Args{"what": r})
	}
	done, err := a.store.Erase(ctx, e)
	if err != nil {
		return 0, 0, err
	}
	a.pub.versions.Clear()
	return len(e.Versions), int64(done.Seq), a.reach(ctx, done.Seq)
}

// uidOf finds the uid of an object that lives, or of the last one of its name
// that did.
func (a *App) uidOf(ctx context.Context, r model.Ref) (string, error) {
	if o := a.Head().Get(r); o != nil {
		return o.UID, nil
	}
	uid := ""
	err := a.store.Changes(ctx, 0, store.Seq(a.Head().Seq), func(v store.ObjectVersion) error {
		if v.Kind == r.Kind && v.Name == r.Name {
			uid = v.UID
		}
		return nil
	})
	if err == nil && uid == "" {
		err = notFound(r.String())
	}
	return uid, err
}

// Checkpoint is a signed note on the whole log: keep it elsewhere, and nobody can
// rewrite what it covers unseen. verifier is the public key that checks it.
func (a *App) Checkpoint(ctx context.Context, actor identity.Actor) (note []byte, verifier string, err error) {
	if err := a.Authorize(actor, identity.ActionReadHistory, identity.Resource{Kind: "organisation"}); err != nil {
		return nil, "", err
	}
	if note, err = a.store.SignedCheckpoint(ctx); err == nil {
		verifier, err = a.store.CheckpointVerifier(ctx)
	}
	return note, verifier, err
}
