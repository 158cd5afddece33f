package relational

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"diapason/internal/store"
)

// CreateDraft implements store.Drafts.
func (l *Log) CreateDraft(ctx context.Context, d store.Draft) (store.Draft, error) {
	d.ID, d.Version = NewUID(), 1
	l.stamp(&d)
	err := l.db.Tx(ctx, func(q store.Querier) error {
		_, err := q.Exec(ctx, `INSERT INTO draft (id, base_seq, title, author, updated, version, objects) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
			d.ID, int64(d.Base), d.Title, d.Author, d.Updated.UnixMicro(), d.Version, d.Count)
		if err != nil {
			return err
		}
		return l.insertPuts(ctx, q, d)
	})
	return d, err
}

// UpdateDraft implements store.Drafts.
func (l *Log) UpdateDraft(ctx context.Context, d store.Draft) (store.Draft, error) {
	l.stamp(&d)
	err := l.db.Tx(ctx, func(q store.Querier) error {
		n, err := q.Exec(ctx, `UPDATE draft SET base_seq = $1, title = $2, author = $3, updated = $4, version = version + 1, objects = $5 WHERE id = $6 AND version = $7`,
			int64(d.Base), d.Title, d.Author, d.Updated.UnixMicro(), d.Count, d.ID, d.Version)
		if err != nil {
			return err
		}
		if n == 0 {
			if _, err := draftHeader(ctx, q, d.ID); err != nil {
				return err
			}
			return &store.Error{
				Code:    store.CodeDraftChanged,
				Problem: "the draft was changed by someone else in the meantime",
				Remedy:  "read it again and repeat your change",
				Place:   d.ID,
			}
		}
		if _, err := q.Exec(ctx, `DELETE FROM draft_put WHERE draft_id = $1`, d.ID); err != nil {
			return err
		}
		return l.insertPuts(ctx, q, d)
	})
	if err != nil {
		return store.Draft{}, err
	}
	d.Version++
	return d, nil
}

// stamp sets what the store decides about a draft being written.
func (l *Log) stamp(d *store.Draft) {
	d.Updated, d.Count = l.clock().UTC().Truncate(time.Microsecond), len(d.Puts)
}

func (l *Log) insertPuts(ctx context.Context, q store.Querier, d store.Draft) error {
	return l.batches.insert(ctx, q, "draft_put (draft_id, ordinal, uid, kind, name, document, expect_seq, deleted)", 8, len(d.Puts), func(i int, args []any) []any {
		put := &d.Puts[i]
		var deleted int64
		var document any
		if put.Delete {
			deleted = 1
		}
		if len(put.Document) > 0 {
			document = put.Document
		}
		return append(args, d.ID, i, put.UID, put.Kind, put.Name, document, int64(put.ExpectSeq), deleted)
	})
}

const draftColumns = `id, base_seq, title, author, updated, version, objects`

func scanDraft(row store.Row) (store.Draft, error) {
	var d store.Draft
	var base, updated, objects int64
	err := row.Scan(&d.ID, &base, &d.Title, &d.Author, &updated, &d.Version, &objects)
	d.Base, d.Updated, d.Count = store.Seq(base), time.UnixMicro(updated).UTC(), int(objects)
	return d, err
}

func draftHeader(ctx context.Context, q store.Querier, id string) (store.Draft, error) {
	d, err := scanDraft(q.QueryRow(ctx, `SELECT `+draftColumns+` FROM draft WHERE id = $1`, id))
	if errors.Is(err, sql.ErrNoRows) {
		return d, noDraft(id)
	}
	return d, err
}

func noDraft(id string) error {
	return &store.Error{Code: store.CodeNotFound, Problem: "there is no draft " + id, Remedy: "it may have been committed or discarded", Place: id}
}

// GetDraft implements store.Drafts.
func (l *Log) GetDraft(ctx context.Context, id string) (store.Draft, error) {
	var d store.Draft
	err := l.db.View(ctx, func(q store.Querier) (err error) {
		if d, err = draftHeader(ctx, q, id); err != nil {
			return err
		}
		return each(ctx, q, `SELECT uid, kind, name, document, expect_seq, deleted FROM draft_put WHERE draft_id = $1 ORDER BY ordinal`, func(rows store.Rows) error {
			var put store.Put
			var expect, deleted int64
			if err := rows.Scan(&put.UID, &put.Kind, &put.Name, &put.Document, &expect, &deleted); err != nil {
				return err
			}
			put.ExpectSeq, put.Delete = store.Seq(expect), deleted != 0
			d.Puts = append(d.Puts, put)
			return nil
		}, id)
	})
	return d, err
}

// ListDrafts implements store.Drafts.
func (l *Log) ListDrafts(ctx context.Context) ([]store.Draft, error) {
	var drafts []store.Draft
	err := l.db.View(ctx, func(q store.Querier) error {
		return each(ctx, q, `SELECT `+draftColumns+` FROM draft ORDER BY updated DESC, id`, func(rows store.Rows) error {
			d, err := scanDraft(rows)
			drafts = append(drafts, d)
			return err
		})
	})
	return drafts, err
}

// DeleteDraft implements store.Drafts.
func (l *Log) DeleteDraft(ctx context.Context, id string) error {
	return l.db.Tx(ctx, func(q store.Querier) error {
		n, err := q.Exec(ctx, `DELETE FROM draft WHERE id = $1`, id)
		if err == nil && n == 0 {
			return noDraft(id)
		}
		return err
	})
}
