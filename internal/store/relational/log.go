// Package relational is what the two stores share: the whole contract of
// package store written once over its SQL interface, with $N placeholders that
// SQLite and PostgreSQL both read. The engines add how a transaction is opened,
// how failures are named, and where attachments lie.
package relational

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"diapason/internal/store"
	"diapason/internal/store/integrity"
)

// Dialect is what differs between the engines inside a transaction.
type Dialect struct {
	// Lock makes a write transaction wait for the others; empty when the engine
	// has one writer anyway.
	Lock string
	// Announce tells other processes the new head, $1 in decimal digits; empty
	// when there are none.
	Announce string
	// Batches are the numbers of rows one statement may carry, falling, down to
	// 1: large where a statement costs a round trip, small where its parameters
	// cost more than itself.
	Batches []int
}

// Log implements the contract but for Tx, View, blobs and Close.
type Log struct {
	db      store.SQL
	dialect Dialect
	clock   func() time.Time
	batches batches
	hub     *Hub
}

// New makes a Log over an open database whose migrations are done. It creates
// the checkpoint key on first use.
func New(ctx context.Context, db store.SQL, dialect Dialect, clock func() time.Time) (*Log, error) {
	if clock == nil {
		clock = time.Now
	}
	l := &Log{db: db, dialect: dialect, clock: clock, batches: dialect.Batches, hub: newHub()}
	head, err := l.Head(ctx)
	if err != nil {
		return nil, err
	}
	l.hub.Advance(head)
	return l, nil
}

// Hub is where the engine announces commits of other processes.
func (l *Log) Hub() *Hub { return l.hub }

// Head implements store.Log.
func (l *Log) Head(ctx context.Context) (store.Seq, error) {
	var head store.Seq
	err := l.db.View(ctx, func(q store.Querier) (err error) {
		head, _, err = headOf(ctx, q)
		return err
	})
	return head, err
}

// headOf is the last entry's seq and time; 0 and the zero time when there is
// none.
func headOf(ctx context.Context, q store.Querier) (store.Seq, time.Time, error) {
	var seq, micros int64
	err := q.QueryRow(ctx, `SELECT seq, time FROM entry ORDER BY seq DESC LIMIT 1`).Scan(&seq, &micros)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, time.Time{}, nil
	}
	return store.Seq(seq), time.UnixMicro(micros).UTC(), err
}

// resolve turns AtHead into a seq and refuses one that is not in the log.
func resolve(ctx context.Context, q store.Querier, at store.Seq) (seq store.Seq, isHead bool, err error) {
	head, _, err := headOf(ctx, q)
	switch {
	case err != nil:
		return 0, false, err
	case at == store.AtHead || at == head:
		return head, true, nil
	case at < 0 || at > head:
		return 0, false, beyond(at, head)
	default:
		return at, false, nil
	}
}

func beyond(at, head store.Seq) error {
	return &store.Error{
		Code:    store.CodeNotFound,
		Problem: fmt.Sprintf("there is no entry %d, the log ends at %d", at, head),
		Remedy:  "ask for an entry of the log",
		Place:   fmt.Sprintf("entry %d", at),
	}
}

// each runs a query and calls scan for every row.
func each(ctx context.Context, q store.Querier, query string, scan func(store.Rows) error, args ...any) error {
	rows, err := q.Query(ctx, query, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := scan(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

// storedTiles reads the tree's tiles inside a transaction.
type storedTiles struct {
	ctx context.Context
	q   store.Querier
}

// Tile implements integrity.Tiles.
func (t storedTiles) Tile(key integrity.TileKey) ([]byte, error) {
	var hashes []byte
	err := t.q.QueryRow(t.ctx, `SELECT hashes FROM tile WHERE level = $1 AND n = $2`, key.Level, key.N).Scan(&hashes)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return hashes, err
}
