// Package postgres keeps the evidence ledger in a schema of its own, ledger, of the
// PostgreSQL database that holds the log, shared by any number of servers.
package postgres

import (
	"context"
	"embed"
	"time"

	"diapason/internal/store/ledger"
	"diapason/internal/store/ledger/relational"
	"diapason/internal/store/postgres"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Schema holds the tables.
const Schema = "ledger"

// Options says how to open a ledger.
type Options struct {
	// ReadOnly opens an existing ledger without the right to change it.
	ReadOnly bool
	// Clock gives the times of recording; time.Now when nil.
	Clock func() time.Time
}

// Ledger is a ledger.Ledger on PostgreSQL.
type Ledger struct {
	*relational.Ledger
	db *postgres.Database
}

var _ ledger.Ledger = (*Ledger)(nil)

// Open connects to a database by URL or key=value string and makes the schema if needed.
// The errors are *store.Error.
func Open(ctx context.Context, url string, opts Options) (*Ledger, error) {
	db, err := postgres.OpenDatabase(ctx, url, migrations, postgres.DatabaseOptions{ReadOnly: opts.ReadOnly, Schema: Schema})
	if err != nil {
		return nil, err
	}
	return &Ledger{Ledger: relational.New(db, relational.Dialect{Arrays: true}, db.Place(), opts.Clock), db: db}, nil
}

// Alone implements ledger.Ledger, by an advisory lock on a connection of its own: the
// server lets go of it when the connection ends, however it ends.
func (l *Ledger) Alone(ctx context.Context, name string) (func(), error) {
	return l.db.Alone(ctx, "ledger "+name)
}

// Close implements ledger.Ledger.
func (l *Ledger) Close() error { return l.db.Close() }
