package store

import "context"

// Querier runs SQL inside one transaction. One text serves both engines:
// placeholders are $1, $2, … (each may appear several times), times are
// integers (microseconds since 1970, UTC), truth values are the integers 0
// and 1, and byte strings are []byte. A query that finds no row makes Row.Scan
// return [database/sql.ErrNoRows] on both engines.
type Querier interface {
	// Exec runs a statement and returns the number of rows it changed.
	Exec(ctx context.Context, query string, args ...any) (int64, error)
	// Query runs a statement that returns rows. The rows must be closed before
	// the next statement of the same transaction.
	Query(ctx context.Context, query string, args ...any) (Rows, error)
	// QueryRow runs a statement of which only the first row matters.
	QueryRow(ctx context.Context, query string, args ...any) Row
}

// Rows is the result of Querier.Query.
type Rows interface {
	Next() bool
	Scan(dest ...any) error
	Err() error
	Close()
}

// Row is the result of Querier.QueryRow.
type Row interface {
	Scan(dest ...any) error
}

// SQL gives access to tables that live beside the log, in the same database:
// accounts and sessions for instance. Their migrations are numbered from 00100
// in the migrations folder of each engine.
type SQL interface {
	// Tx runs fn in a write transaction that is durable when Tx returns nil and
	// has left nothing when it returns an error. SQLite has one writer: keep fn
	// short, and do not call the store from within. fn may run more than once
	// (when a neighbour in the same group of commits fails), so it must assign
	// its results afresh each time.
	Tx(ctx context.Context, fn func(Querier) error) error
	// View runs fn in a read-only transaction that sees one state of the
	// database throughout and never waits for a writer.
	View(ctx context.Context, fn func(Querier) error) error
}
