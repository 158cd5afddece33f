package app

import (
	"context"
	"slices"
	"time"

	"diapason/internal/identity"
	"diapason/internal/language"
	"diapason/internal/model"
	"diapason/internal/store"
)

// HistoryEntry is one entry of the log for people.
type HistoryEntry struct {
	Seq     int64          `json:"seq"`
	Time    time.Time      `json:"time"`
	Type    string         `json:"type"`
	Actor   NamedActor     `json:"actor"`
	Title   string         `json:"title"`
	Reason  string         `json:"reason"`
	Objects int            `json:"objects"`
	Changes []ObjectChange `json:"changes"`
}

// NamedActor is who wrote an entry.
type NamedActor struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// ObjectChange is a change with the object it belongs to.
type ObjectChange struct {
	model.Change
	Ref   model.Ref  `json:"ref"`
	Title model.Text `json:"title"`
}

// changesShown bounds the changes listed of one entry.
const changesShown = 200

// HistoryQuery filters the log.
type HistoryQuery struct {
	Object model.Ref // only entries that changed it
	Actor  string
	Types  []string // only entries of these types; empty for all
	Before int64    // entries before this seq; 0 for the newest
	Limit  int
	Lang   language.Lang // of the titles that the program itself wrote
}

// History lists entries of the log, newest first, with what they changed on the
// objects that the actor may see.
func (a *App) History(ctx context.Context, actor identity.Actor, q HistoryQuery) ([]HistoryEntry, error) {
	head := a.Head()
	r := identity.Resource{Kind: "organisation"}
	if !q.Object.IsZero() {
		if o := head.Get(q.Object); o != nil {
			r = Resource(head, o)
		} else {
			r = identity.Resource{Kind: q.Object.Kind, Name: q.Object.Name}
		}
	}
	if err := a.Authorize(actor, identity.ActionReadHistory, r); err != nil {
		return nil, err
	}
	if q.Limit <= 0 || q.Limit > 200 {
		q.Limit = 50
	}
	if q.Lang == "" {
		q.Lang = language.EN
	}
	before := q.Before
	if before <= 0 {
		before = head.Seq + 1
	}
	if !q.Object.IsZero() {
		return a.objectHistory(ctx, actor, q, before)
	}
	out := []HistoryEntry{}
	for before > 1 && len(out) < q.Limit {
		const block = 200
		after := max(before-1-block, 0)
		records, err := a.store.Entries(ctx, store.Seq(after), int(before-1-after))
		if err != nil {
			return nil, err
		}
		slices.Reverse(records)
		for _, e := range records {
			if len(out) == q.Limit {
				break
			}
			if q.Actor != "" && e.Actor != q.Actor || len(q.Types) > 0 && !slices.Contains(q.Types, string(e.Type)) {
				continue
			}
			h, err := a.entryView(ctx, actor, q.Lang, e, "")
			if err != nil {
				return nil, err
			}
			out = append(out, h)
		}
		before = after + 1
	}
	return out, nil
}

func (a *App) objectHistory(ctx context.Context, actor identity.Actor, q HistoryQuery, before int64) ([]HistoryEntry, error) {
	key := store.Ref{Kind: q.Object.Kind, Name: q.Object.Name}
	now, err := a.store.Object(ctx, key, store.AtHead)
	if err != nil {
		return nil, fromStore(err, q.Object.String())
	}
	versions, err := a.store.History(ctx, now.UID)
	if err != nil {
		return nil, err
	}
	out := []HistoryEntry{}
	for _, v := range slices.Backward(versions) {
		if int64(v.From) >= before || len(out) == q.Limit {
			continue
		}
		records, err := a.store.Entries(ctx, v.From-1, 1)
		if err != nil || len(records) == 0 {
			return nil, err
		}
		h, err := a.entryView(ctx, actor, q.Lang, records[0], v.UID)
		if err != nil {
			return nil, err
		}
		out = append(out, h)
	}
	return out, nil
}

func (a *App) entryView(ctx context.Context, actor identity.Actor, lang language.Lang, e store.EntryRecord, only string) (HistoryEntry, error) {
	h := HistoryEntry{Seq: int64(e.Seq), Time: e.Time, Type: string(e.Type), Actor: NamedActor{e.Actor, a.actorTitle(ctx, lang, e.Actor)}, Title: a.entryTitle(lang, e), Reason: e.Reason, Objects: len(e.Ops), Changes: []ObjectChange{}}
	head := a.Head()
	for _, op := range e.Ops {
		if only != "" && op.UID != only {
			continue
		}
		if len(h.Changes) >= changesShown {
			break
		}
		before, after, err := a.around(ctx, op.UID, e.Seq)
		if err != nil {
			return h, err
		}
		some := after
		if some == nil {
			some = before
		}
		if some == nil || !a.May(actor, identity.ActionReadHistory, Resource(head, some)) {
			continue
		}
		h.Changes = append(h.Changes, ObjectChanges(before, after, only != "")...)
	}
	return h, nil
}

// ObjectChanges lists what changed on an object; a creation or deletion is one
// change of the whole unless the details are wanted.
func ObjectChanges(before, after *model.Object, details bool) []ObjectChange {
	some := after
	if some == nil {
		some = before
	}
	if some == nil {
		return nil
	}
	title := some.Metadata.Title
	if title.IsZero() {
		title = model.Text{All: some.Metadata.Name}
	}
	name := func(c model.Change) ObjectChange { return ObjectChange{c, some.Ref(), title} }
	switch {
	case before == nil && !details:
		return []ObjectChange{name(model.Change{Op: "add"})}
	case after == nil:
		return []ObjectChange{name(model.Change{Op: "remove"})}
	}
	var out []ObjectChange
	for _, c := range model.Diff(before, after) {
		out = append(out, name(c))
	}
	return out
}

// around reads an object just before and just after an entry; nil where it did
// not live or was erased since.
func (a *App) around(ctx context.Context, uid string, seq store.Seq) (before, after *model.Object, err error) {
	read := func(at store.Seq) (*model.Object, error) {
		if at == 0 {
			return nil, nil
		}
		v, err := a.store.Object(ctx, store.Ref{UID: uid}, at)
		switch store.CodeOf(err) {
		case store.CodeNotFound, store.CodeErased:
			return nil, nil
		}
		if err != nil || v.Deleted || v.ErasedBy != 0 {
			return nil, err
		}
		return objectOf(v)
	}
	if before, err = read(seq - 1); err != nil {
		return nil, nil, err
	}
	after, err = read(seq)
	return before, after, err
}

// Difference lists what changed between two entries of the log.
func (a *App) Difference(ctx context.Context, actor identity.Actor, from, to int64) ([]ObjectChange, error) {
	if err := a.Authorize(actor, identity.ActionReadHistory, identity.Resource{Kind: "organisation"}); err != nil {
		return nil, err
	}
	head := a.Head()
	if to == 0 {
		to = head.Seq
	}
	if from < 0 || from > to || to > head.Seq {
		return nil, refused("/from", &model.Fault{Format: "from and to are entries of the log, from first"})
	}
	last := map[string]bool{}
	var uids []string
	err := a.store.Changes(ctx, store.Seq(from), store.Seq(to), func(v store.ObjectVersion) error {
		if !last[v.UID] {
			last[v.UID] = true
			uids = append(uids, v.UID)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	out := []ObjectChange{}
	for _, uid := range uids {
		before, _, err := a.around(ctx, uid, store.Seq(from)+1)
		if err != nil {
			return nil, err
		}
		_, after, err := a.around(ctx, uid, store.Seq(to))
		if err != nil {
			return nil, err
		}
		some := after
		if some == nil {
			some = before
		}
		if some == nil || !a.May(actor, identity.ActionReadHistory, Resource(head, some)) || before != nil && after != nil && model.SameDocument(before, after) {
			continue
		}
		out = append(out, ObjectChanges(before, after, false)...)
	}
	return out, nil
}

// SeqOn gives the last entry committed by the end of a day, in the
// organisation's zone.
func (a *App) SeqOn(ctx context.Context, on model.Date) (int64, error) {
	loc, err := time.LoadLocation(a.Head().Organisation().Zone)
	if err != nil {
		loc = time.UTC
	}
	seq, err := a.store.SeqAt(ctx, on.AddDays(1).In(loc).Add(-time.Nanosecond))
	return int64(seq), err
}
