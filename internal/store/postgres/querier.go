package postgres

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"diapason/internal/store"
)

// querier is a store.Querier over a transaction.
type querier struct{ tx pgx.Tx }

func (q querier) Exec(ctx context.Context, query string, args ...any) (int64, error) {
	tag, err := q.tx.Exec(ctx, query, args...)
	return tag.RowsAffected(), err
}

func (q querier) Query(ctx context.Context, query string, args ...any) (store.Rows, error) {
	return q.tx.Query(ctx, query, args...)
}

func (q querier) QueryRow(ctx context.Context, query string, args ...any) store.Row {
	return q.tx.QueryRow(ctx, query, args...)
}

// commitTimeout bounds the wait for the server's word on a commit, when the
// caller has gone or the network is silent.
const commitTimeout = 30 * time.Second

// Tx implements store.SQL.
func (d *Database) Tx(ctx context.Context, fn func(store.Querier) error) error {
	if d.readOnly {
		return &store.Error{
			Code: store.CodeReadOnly, Problem: "the store " + d.place + " was opened for reading only",
			Remedy: "open it for writing", Place: d.place,
		}
	}
	tx, err := d.pool.Begin(ctx)
	if err != nil {
		return d.fault(err)
	}
	// Rolling back after a commit does nothing; the caller's context may have
	// ended, the connection must be given back clean all the same.
	settle, cancel := context.WithTimeout(context.WithoutCancel(ctx), commitTimeout)
	defer cancel()
	defer tx.Rollback(settle)
	if err := fn(querier{tx}); err != nil {
		return d.fault(err)
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := tx.Commit(settle); err != nil {
		var refused *pgconn.PgError
		if errors.As(err, &refused) || errors.Is(err, pgx.ErrTxCommitRollback) || errors.Is(err, pgx.ErrTxClosed) {
			return d.fault(err)
		}
		return &store.Error{
			Code:    store.CodeOutcomeUnknown,
			Problem: "the connection to " + d.place + " broke during a commit: it may have been recorded or not",
			Remedy:  "look at the history before trying again",
			Place:   d.place, Cause: err,
		}
	}
	return nil
}

// View implements store.SQL.
func (d *Database) View(ctx context.Context, fn func(store.Querier) error) error {
	tx, err := d.pool.BeginTx(ctx, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly})
	if err != nil {
		return d.fault(err)
	}
	settle, cancel := context.WithTimeout(context.WithoutCancel(ctx), commitTimeout)
	defer cancel()
	defer tx.Rollback(settle) // nothing to keep
	return d.fault(fn(querier{tx}))
}
