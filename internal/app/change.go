package app

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"diapason/internal/finding"
	"diapason/internal/identity"
	"diapason/internal/model"
	"diapason/internal/store"
)

// Put is one object that a change set writes.
type Put struct {
	Object *model.Object
	// Expect is the version the author saw: 0 for a new object, AnyVersion to
	// write whatever is there.
	Expect int64
}

// Delete is one object that a change set deletes.
type Delete struct {
	Ref    model.Ref
	Expect int64
}

// AnyVersion writes over whatever version is there.
const AnyVersion int64 = -1

// Change is a change set: many objects, all of it or nothing.
type Change struct {
	Base          int64
	Title, Reason string
	Puts          []Put
	Deletes       []Delete
	// Resolutions settle conflicts: object → path → "mine" or "theirs".
	Resolutions map[model.Ref]map[string]string

	restoring bool // a saved state is carried over: reserved kinds may go
}

// MaxChange is the largest number of objects in one change set.
const MaxChange = 200_000

// reservedKinds are written by use cases of their own, never by a change set.
var reservedKinds = map[string]bool{"decision": true, "waiver": true}

// Commit authorises, merges by field what others changed meanwhile, and appends
// the change to the log, durable when it returns. Where both sides changed a
// field differently it fails with CodeConflict and every such field.
func (a *App) Commit(ctx context.Context, actor identity.Actor, c Change) (int64, error) {
	if len(c.Puts)+len(c.Deletes) == 0 {
		return 0, fail(CodeEmpty, nil)
	}
	if len(c.Puts)+len(c.Deletes) > MaxChange {
		return 0, fail(CodeTooLarge, finding.Args{"limit": MaxChange})
	}
	for attempt := 0; ; attempt++ {
		head := a.Head()
		if err := a.authorizeChange(actor, head, c); err != nil {
			return 0, err
		}
		puts, err := a.merge(ctx, head, c)
		if err != nil {
			return 0, err
		}
		if len(puts) == 0 {
			return 0, fail(CodeEmpty, nil)
		}
		seq, err := a.append(ctx, actor, store.Entry{Type: store.Change, Base: store.Seq(c.Base), Title: c.Title, Reason: c.Reason, Puts: puts})
		var conflict *store.ConflictError
		if errors.As(err, &conflict) && attempt < 20 {
			// Somebody was faster: take their version in and merge again.
			now, herr := a.store.Head(ctx)
			if herr == nil {
				herr = a.reach(ctx, now)
			}
			if herr != nil {
				return 0, herr
			}
			continue
		}
		return seq, err
	}
}

func (a *App) append(ctx context.Context, actor identity.Actor, e store.Entry) (int64, error) {
	e.Actor = actor.ID()
	done, err := a.store.Commit(ctx, e)
	if err != nil {
		return 0, err
	}
	if err := a.reach(ctx, done.Seq); err != nil {
		return 0, err
	}
	return int64(done.Seq), nil
}

func (a *App) authorizeChange(actor identity.Actor, head *model.Snapshot, c Change) error {
	check := func(ref model.Ref, now *model.Object) error {
		if reservedKinds[ref.Kind] {
			if !c.restoring {
				return fail(CodeReserved, finding.Args{"what": ref})
			}
			return a.Authorize(actor, identity.ActionRestore, identity.Resource{Kind: ref.Kind, Name: ref.Name})
		}
		if now == nil {
			return nil
		}
		return a.Authorize(actor, identity.ActionChangeCommit, Resource(head, now))
	}
	for _, p := range c.Puts {
		before := head.Get(p.Object.Ref())
		if before == nil {
			before = p.Object
		}
		if err := check(p.Object.Ref(), before); err != nil {
			return err
		}
	}
	for _, d := range c.Deletes {
		now := head.Get(d.Ref)
		if now == nil {
			return notFound(d.Ref.String())
		}
		if err := check(d.Ref, now); err != nil {
			return err
		}
	}
	return nil
}

// merge brings each object of a change set together with the version at the head.
func (a *App) merge(ctx context.Context, head *model.Snapshot, c Change) ([]store.Put, error) {
	var out []store.Put
	var conflicts []model.Conflict
	seen := map[model.Ref]bool{}
	one := func(ref model.Ref, mine *model.Object, expect int64) error {
		if seen[ref] {
			return &Error{Code: CodeInvalid, Issues: []model.Issue{{Pointer: ref.String(), Message: fmt.Sprintf("%s stands twice in one change", ref)}}}
		}
		seen[ref] = true
		theirs := head.Get(ref)
		have := int64(0)
		if theirs != nil {
			have = theirs.Version
		}
		if expect != AnyVersion && expect != have {
			base, err := a.version(ctx, ref, theirs, expect)
			if err != nil {
				return err
			}
			merged, bad := model.Merge(base, mine, theirs, c.Resolutions[ref])
			if len(bad) > 0 {
				conflicts = append(conflicts, bad...)
				return nil
			}
			mine = merged
		}
		put := store.Put{Kind: ref.Kind, Name: ref.Name, ExpectSeq: store.Seq(have)}
		if theirs != nil {
			put.UID = theirs.UID
		}
		switch {
		case mine == nil && theirs == nil:
			return nil
		case mine == nil:
			put.Delete = true
		case model.SameDocument(mine, theirs):
			return nil // nothing left to change
		default:
			put.Document = mine.Document()
		}
		out = append(out, put)
		return nil
	}
	for _, p := range c.Puts {
		if err := one(p.Object.Ref(), p.Object, p.Expect); err != nil {
			return nil, err
		}
	}
	for _, d := range c.Deletes {
		if err := one(d.Ref, nil, d.Expect); err != nil {
			return nil, err
		}
	}
	if len(conflicts) > 0 {
		return nil, &Error{Code: CodeConflict, Conflicts: conflicts, Args: finding.Args{"n": len(conflicts)}}
	}
	return out, nil
}

// version reads the version of an object that an author saw; nil when there was none.
func (a *App) version(ctx context.Context, ref model.Ref, now *model.Object, seq int64) (*model.Object, error) {
	if seq <= 0 {
		return nil, nil
	}
	key := store.Ref{Kind: ref.Kind, Name: ref.Name}
	if now != nil {
		key = store.Ref{UID: now.UID}
	}
	v, err := a.store.Object(ctx, key, store.Seq(seq))
	if store.CodeOf(err) == store.CodeNotFound {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return objectOf(v)
}

// DecodeObjects reads the objects that people send, strictly; the issues of all
// of them are one CodeInvalid.
func DecodeObjects(name string, data []byte) ([]*model.Object, error) {
	objects, issues := model.Decode(name, data)
	if len(issues) > 0 {
		return nil, &Error{Code: CodeInvalid, Issues: issues, Args: finding.Args{"n": len(issues), "first": issues[0].Message}}
	}
	if len(objects) == 0 {
		return nil, &Error{Code: CodeInvalid, Issues: []model.Issue{{File: name, Message: "no object was found here"}}, Args: finding.Args{"n": 1, "first": "no object was found here"}}
	}
	for _, o := range objects {
		o.Source = nil
	}
	return objects, nil
}

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
			o = withPins(s, o)
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

// Apply makes the model what the objects say; see PlanApply. The change is one
// entry; saved waivers and decisions follow in entries of their own, each whole,
// so that applying again completes what was broken off.
func (a *App) Apply(ctx context.Context, actor identity.Actor, objects []*model.Object, prune bool, title, reason string) (int64, error) {
	head := a.Head()
	p := PlanApply(head, objects, prune)
	same := map[model.Ref]bool{}
	for _, r := range p.Same {
		same[r] = true
	}
	var saved []*model.Object // decisions and waivers are restored, not changed
	c := Change{Base: head.Seq, Title: title, Reason: reason, restoring: true}
	for _, o := range objects {
		switch {
		case same[o.Ref()]:
		case reservedKinds[o.Kind.Slug]:
			saved = append(saved, o)
		default:
			expect := int64(0)
			if now := head.Get(o.Ref()); now != nil {
				expect = now.Version
			}
			c.Puts = append(c.Puts, Put{o, expect})
		}
	}
	for _, r := range p.Deletes {
		c.Deletes = append(c.Deletes, Delete{r, head.Get(r).Version})
	}
	if len(c.Puts)+len(c.Deletes) > 0 {
		if _, err := a.Commit(ctx, actor, c); err != nil {
			return 0, err
		}
	}
	if len(saved) > 0 {
		if err := a.Restore(ctx, actor, saved, title); err != nil {
			return 0, err
		}
	}
	return a.Head().Seq, nil
}

func needReason(reason string) error {
	if strings.TrimSpace(reason) == "" {
		return fail(CodeReason, nil)
	}
	return nil
}
