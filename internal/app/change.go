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
		after := &foreseen{head: head, written: map[model.Ref]*model.Object{}, pinning: map[int]*model.Object{}}
		puts, err := a.merge(ctx, after, c)
		if err != nil {
			return 0, err
		}
		if len(puts) == 0 {
			return 0, fail(CodeEmpty, nil)
		}
		e := store.Entry{Type: store.Change, Base: store.Seq(c.Base), Title: c.Title, Reason: c.Reason, Puts: puts}
		if c.restoring {
			e.Type = entryType(puts)
		}
		if len(after.pinning) > 0 {
			e.Numbered = after.numbered
		}
		seq, err := a.append(ctx, actor, e)
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
	if err := readsBack(e.Puts); err != nil {
		return 0, err
	}
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

// readsBack refuses a document that cannot be read again: the log is never rewritten, and
// no server would start on it any more.
func readsBack(puts []store.Put) error {
	for _, p := range puts {
		if p.Delete {
			continue
		}
		if _, err := model.FromDocument(p.Document); err != nil {
			return &Error{Code: CodeInvalid, Issues: []model.Issue{{Pointer: p.Kind + "/" + p.Name, Message: err.Error()}}, Args: finding.Args{"n": 1, "first": err.Error()}}
		}
	}
	return nil
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
		if err := ownVisas(actor, head.Get(p.Object.Ref()), p.Object); err != nil && !c.restoring {
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

// merge brings each object of a change set together with the version at the head,
// and notes what will stand after it. Decisions come last: they may pin what the
// change set writes.
func (a *App) merge(ctx context.Context, after *foreseen, c Change) ([]store.Put, error) {
	head := after.head
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
			if bad := model.LogKept(theirs, mine); bad != nil && !c.restoring {
				return &Error{Code: CodeInvalid, Issues: []model.Issue{*bad}, Args: finding.Args{"n": 1, "first": bad.Message}}
			}
			put.Document = mine.Document()
			after.written[ref] = mine
			if after.pinsWritten(mine) {
				after.pinning[len(out)] = mine
			}
		}
		out = append(out, put)
		return nil
	}
	for _, decisions := range []bool{false, true} {
		for _, p := range c.Puts {
			o := p.Object
			if (o.Kind.Slug == "decision") != decisions {
				continue
			}
			if decisions && c.restoring {
				o = after.withPins(o)
			}
			if err := one(o.Ref(), o, p.Expect); err != nil {
				return nil, err
			}
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

func needReason(reason string) error {
	if strings.TrimSpace(reason) == "" {
		return fail(CodeReason, nil)
	}
	return nil
}
