package relational

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"diapason/internal/store"
)

// Entries implements store.Log. It refuses a log in which entries are missing:
// a replica must never step over a gap.
func (l *Log) Entries(ctx context.Context, after store.Seq, limit int) ([]store.EntryRecord, error) {
	var records []store.EntryRecord
	err := l.db.View(ctx, func(q store.Querier) (err error) {
		records, err = entries(ctx, q, after, limit)
		return err
	})
	return records, err
}

func entries(ctx context.Context, q store.Querier, after store.Seq, limit int) ([]store.EntryRecord, error) {
	if after < 0 || limit <= 0 {
		return nil, invalid("", fmt.Sprintf("%d entries after %d cannot be read", limit, after), "ask for at least one entry, after 0 or later")
	}
	var records []store.EntryRecord
	next := after + 1
	err := each(ctx, q, `SELECT seq, type, time, actor, base, objects FROM entry WHERE seq > $1 ORDER BY seq LIMIT $2`, func(rows store.Rows) error {
		var r store.EntryRecord
		var seq, micros, base, objects int64
		var kind string
		if err := rows.Scan(&seq, &kind, &micros, &r.Actor, &base, &objects); err != nil {
			return err
		}
		if store.Seq(seq) != next {
			return &store.Error{
				Code:    store.CodeGap,
				Problem: fmt.Sprintf("entry %d is missing from the log, entry %d follows", next, seq),
				Remedy:  "run diapason fsck and restore the database from a backup",
				Place:   fmt.Sprintf("entry %d", next),
			}
		}
		next++
		r.Seq, r.Type, r.Time, r.Base = store.Seq(seq), store.EntryType(kind), time.UnixMicro(micros).UTC(), store.Seq(base)
		records = append(records, r)
		return nil
	}, int64(after), limit)
	if err != nil || len(records) == 0 {
		return nil, err
	}
	last := int64(next - 1)
	at := func(seq int64) *store.EntryRecord { return &records[seq-int64(after)-1] }
	err = each(ctx, q, `SELECT seq, part, content, erased_by FROM entry_text WHERE seq > $1 AND seq <= $2`, func(rows store.Rows) error {
		var seq int64
		var part string
		var content []byte
		var erasedBy *int64
		if err := rows.Scan(&seq, &part, &content, &erasedBy); err != nil {
			return err
		}
		r := at(seq)
		r.Erased = r.Erased || erasedBy != nil
		switch part {
		case "title":
			r.Title = string(content)
		case "reason":
			r.Reason = string(content)
		case "body":
			r.Body = content
		}
		return nil
	}, int64(after), last)
	if err != nil {
		return nil, err
	}
	err = each(ctx, q, `SELECT from_seq, uid, kind, name, deleted FROM object_version WHERE from_seq > $1 AND from_seq <= $2 ORDER BY from_seq, uid`, func(rows store.Rows) error {
		var seq, deleted int64
		op := store.Op{Op: store.OpPut}
		if err := rows.Scan(&seq, &op.UID, &op.Kind, &op.Name, &deleted); err != nil {
			return err
		}
		if deleted != 0 {
			op.Op = store.OpDelete
		}
		r := at(seq)
		r.Ops = append(r.Ops, op)
		return nil
	}, int64(after), last)
	return records, err
}

// versionColumns are what scanVersion reads.
const versionColumns = `uid, kind, name, from_seq, to_seq, deleted, document, salt, erased_by`

func scanVersion(row store.Row) (store.ObjectVersion, error) {
	var v store.ObjectVersion
	var from, deleted int64
	var to, erasedBy *int64
	err := row.Scan(&v.UID, &v.Kind, &v.Name, &from, &to, &deleted, &v.Document, &v.Salt, &erasedBy)
	v.From, v.Deleted = store.Seq(from), deleted != 0
	if to != nil {
		v.To = store.Seq(*to)
	}
	if erasedBy != nil {
		v.ErasedBy = store.Seq(*erasedBy)
	}
	return v, err
}

// passVersion scans a row and hands it on.
func passVersion(fn func(store.ObjectVersion) error) func(store.Rows) error {
	return func(rows store.Rows) error {
		v, err := scanVersion(rows)
		if err != nil {
			return err
		}
		return fn(v)
	}
}

// Load implements store.Log.
func (l *Log) Load(ctx context.Context, at store.Seq, fn func(store.ObjectVersion) error) (store.Seq, error) {
	var seq store.Seq
	err := l.db.View(ctx, func(q store.Querier) error {
		resolved, isHead, err := resolve(ctx, q, at)
		if err != nil {
			return err
		}
		seq = resolved
		if isHead {
			return each(ctx, q, `SELECT `+versionColumns+` FROM object_version WHERE to_seq IS NULL AND deleted = 0 ORDER BY kind || '/' || name`, passVersion(fn))
		}
		return each(ctx, q, `SELECT `+versionColumns+` FROM object_version
			WHERE from_seq <= $1 AND (to_seq IS NULL OR to_seq > $1) AND deleted = 0 ORDER BY kind || '/' || name, uid`, passVersion(fn), int64(seq))
	})
	return seq, err
}

// Changes implements store.Log.
func (l *Log) Changes(ctx context.Context, after, upTo store.Seq, fn func(store.ObjectVersion) error) error {
	return l.db.View(ctx, func(q store.Querier) error {
		upTo, _, err := resolve(ctx, q, upTo)
		if err != nil {
			return err
		}
		return each(ctx, q, `SELECT `+versionColumns+` FROM object_version WHERE from_seq > $1 AND from_seq <= $2 ORDER BY from_seq, uid`,
			passVersion(fn), int64(after), int64(upTo))
	})
}

// Object implements store.Log.
func (l *Log) Object(ctx context.Context, ref store.Ref, at store.Seq) (store.ObjectVersion, error) {
	var v store.ObjectVersion
	err := l.db.View(ctx, func(q store.Querier) error {
		seq, _, err := resolve(ctx, q, at)
		if err != nil {
			return err
		}
		const alive = ` AND from_seq <= $1 AND (to_seq IS NULL OR to_seq > $1) AND deleted = 0 ORDER BY from_seq DESC LIMIT 1`
		if ref.UID != "" {
			v, err = scanVersion(q.QueryRow(ctx, `SELECT `+versionColumns+` FROM object_version WHERE uid = $2`+alive, int64(seq), ref.UID))
		} else {
			v, err = scanVersion(q.QueryRow(ctx, `SELECT `+versionColumns+` FROM object_version WHERE kind || '/' || name = $2`+alive, int64(seq), path(ref.Kind, ref.Name)))
		}
		if errors.Is(err, sql.ErrNoRows) {
			place := ref.UID
			if place == "" {
				place = ref.Kind + "/" + ref.Name
			}
			return &store.Error{Code: store.CodeNotFound, Problem: fmt.Sprintf("there is no object %s as of entry %d", place, seq), Place: place}
		}
		return err
	})
	return v, err
}

// History implements store.Log.
func (l *Log) History(ctx context.Context, uid string) ([]store.ObjectVersion, error) {
	var versions []store.ObjectVersion
	err := l.db.View(ctx, func(q store.Querier) error {
		return each(ctx, q, `SELECT `+versionColumns+` FROM object_version WHERE uid = $1 ORDER BY from_seq`, passVersion(func(v store.ObjectVersion) error {
			versions = append(versions, v)
			return nil
		}), uid)
	})
	if err == nil && len(versions) == 0 {
		err = &store.Error{Code: store.CodeNotFound, Problem: "there is no object " + uid, Place: uid}
	}
	return versions, err
}

// SeqAt implements store.Log.
func (l *Log) SeqAt(ctx context.Context, at time.Time) (store.Seq, error) {
	var seq int64
	err := l.db.View(ctx, func(q store.Querier) error {
		err := q.QueryRow(ctx, `SELECT seq FROM entry WHERE time <= $1 ORDER BY time DESC, seq DESC LIMIT 1`, at.UnixMicro()).Scan(&seq)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		return err
	})
	return store.Seq(seq), err
}
