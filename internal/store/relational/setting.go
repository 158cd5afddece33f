package relational

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"diapason/internal/store"
)

// Setting implements store.Settings.
func (l *Log) Setting(ctx context.Context, key string) ([]byte, error) {
	var value []byte
	err := l.db.View(ctx, func(q store.Querier) error {
		return q.QueryRow(ctx, `SELECT value FROM setting WHERE key = $1`, key).Scan(&value)
	})
	if errors.Is(err, sql.ErrNoRows) {
		return nil, &store.Error{Code: store.CodeNotFound, Problem: "there is no setting " + key, Place: key}
	}
	return value, err
}

// SetSetting implements store.Settings.
func (l *Log) SetSetting(ctx context.Context, key string, value []byte) error {
	return l.db.Tx(ctx, func(q store.Querier) error {
		_, err := q.Exec(ctx, `INSERT INTO setting (key, value) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET value = excluded.value`, key, bytesOf(value))
		return err
	})
}

// InitSetting implements store.Settings.
func (l *Log) InitSetting(ctx context.Context, key string, value []byte) ([]byte, error) {
	var stands []byte
	err := l.db.Tx(ctx, func(q store.Querier) error {
		_, err := q.Exec(ctx, `INSERT INTO setting (key, value) VALUES ($1, $2) ON CONFLICT (key) DO NOTHING`, key, bytesOf(value))
		if err != nil {
			return err
		}
		return q.QueryRow(ctx, `SELECT value FROM setting WHERE key = $1`, key).Scan(&stands)
	})
	return stands, err
}

// bytesOf keeps an empty value from becoming NULL.
func bytesOf(value []byte) []byte {
	if value == nil {
		return []byte{}
	}
	return value
}

// Cursor implements store.Consumers.
func (l *Log) Cursor(ctx context.Context, name string) (store.Seq, error) {
	var seq int64
	err := l.db.View(ctx, func(q store.Querier) error {
		return q.QueryRow(ctx, `SELECT seq FROM consumer WHERE name = $1`, name).Scan(&seq)
	})
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	return store.Seq(seq), err
}

// SetCursor implements store.Consumers.
func (l *Log) SetCursor(ctx context.Context, name string, seq store.Seq) error {
	return l.db.Tx(ctx, func(q store.Querier) error {
		head, _, err := headOf(ctx, q)
		if err != nil {
			return err
		}
		if seq < 0 || seq > head {
			return invalid(name, fmt.Sprintf("the consumer %s cannot have read up to entry %d, the log ends at %d", name, seq, head), "set the cursor to an entry of the log")
		}
		_, err = q.Exec(ctx, `INSERT INTO consumer (name, seq) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET seq = excluded.seq`, name, int64(seq))
		return err
	})
}
