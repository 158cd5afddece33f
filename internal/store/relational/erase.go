package relational

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"diapason/internal/store"
	"diapason/internal/store/integrity"
)

// Erase implements store.Log. The erasure is itself a decision in the log whose
// leaf lists what went: a row that claims to be erased without such an entry is
// found by Fsck.
func (l *Log) Erase(ctx context.Context, e store.Erasure) (store.Committed, error) {
	if len(e.Versions)+len(e.Texts) == 0 {
		return store.Committed{}, invalid("", "the erasure names nothing to erase", "name versions of objects or entries")
	}
	p, err := l.prepare(store.Entry{Type: store.Decision, Actor: e.Actor, Time: e.Time, Reason: e.Reason})
	if err != nil {
		return store.Committed{}, err
	}
	p.versions = slices.Clone(e.Versions)
	slices.SortFunc(p.versions, func(a, b store.VersionRef) int {
		return cmp.Or(cmp.Compare(a.UID, b.UID), cmp.Compare(a.From, b.From))
	})
	p.versions = slices.Compact(p.versions)
	p.erasedTexts = slices.Clone(e.Texts)
	slices.Sort(p.erasedTexts)
	p.erasedTexts = slices.Compact(p.erasedTexts)
	return l.append(ctx, p)
}

// erase empties the rows that p names and returns the leaf's list of them, in
// its order: texts first, since their uid is empty.
func erase(ctx context.Context, q store.Querier, p *prepared, seq store.Seq) ([]integrity.LeafErasure, error) {
	var erased []integrity.LeafErasure
	for _, entry := range p.erasedTexts {
		n, err := q.Exec(ctx, `UPDATE entry_text SET content = NULL, salt = NULL, erased_by = $1 WHERE seq = $2 AND erased_by IS NULL`, int64(seq), int64(entry))
		if err != nil {
			return nil, err
		}
		if n == 0 {
			return nil, &store.Error{
				Code:    store.CodeNotFound,
				Problem: fmt.Sprintf("entry %d has no title, reason or body left to erase", entry),
				Place:   fmt.Sprintf("entry %d", entry),
			}
		}
		erased = append(erased, integrity.LeafErasure{Seq: int64(entry)})
	}
	for _, v := range p.versions {
		if err := erasable(ctx, q, v); err != nil {
			return nil, err
		}
		_, err := q.Exec(ctx, `UPDATE object_version SET document = NULL, salt = NULL, name = '', erased_by = $1 WHERE uid = $2 AND from_seq = $3`,
			int64(seq), v.UID, int64(v.From))
		if err != nil {
			return nil, err
		}
		erased = append(erased, integrity.LeafErasure{UID: v.UID, Seq: int64(v.From)})
	}
	return erased, nil
}

func erasable(ctx context.Context, q store.Querier, v store.VersionRef) error {
	var deleted int64
	var to, erasedBy *int64
	place := fmt.Sprintf("version %d of object %s", v.From, v.UID)
	err := q.QueryRow(ctx, `SELECT to_seq, deleted, erased_by FROM object_version WHERE uid = $1 AND from_seq = $2`, v.UID, int64(v.From)).Scan(&to, &deleted, &erasedBy)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return &store.Error{Code: store.CodeNotFound, Problem: "there is no " + place, Remedy: "take it from the object's history", Place: place}
	case err != nil:
		return err
	case erasedBy != nil:
		return &store.Error{Code: store.CodeErased, Problem: fmt.Sprintf("%s was erased by entry %d already", place, *erasedBy), Place: place}
	case to == nil && deleted == 0:
		return &store.Error{
			Code:    store.CodeInvalid,
			Problem: place + " is the current one of a living object",
			Remedy:  "delete the object, or commit a version without the personal data, then erase this one",
			Place:   place,
		}
	default:
		return nil
	}
}
