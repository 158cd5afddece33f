// Package sqlite keeps the evidence ledger in one file, ledger.db, inside a data folder,
// beside the store of the log whose lock on the folder protects both.
package sqlite

import (
	"context"
	"embed"
	"sync"
	"time"

	"diapason/internal/store/ledger"
	"diapason/internal/store/ledger/relational"
	"diapason/internal/store/sqlite"
)

//go:embed migrations/*.sql
var migrations embed.FS

// FileName is the ledger's name inside the data folder.
const FileName = "ledger.db"

// cache is the memory that the writer keeps pages in, in KiB: the last page of each of
// ten thousand series.
const cache = 48 << 10

// Options says how to open a ledger.
type Options struct {
	// ReadOnly opens an existing ledger without the right to change it.
	ReadOnly bool
	// Clock gives the times of recording; time.Now when nil.
	Clock func() time.Time
}

// Ledger is a ledger.Ledger on SQLite.
type Ledger struct {
	*relational.Ledger
	db *sqlite.Database

	mu   sync.Mutex
	held map[string]bool
}

var _ ledger.Ledger = (*Ledger)(nil)

// Open opens the ledger of a data folder that exists, making the file if needed. The
// errors are *store.Error.
func Open(ctx context.Context, folder string, opts Options) (*Ledger, error) {
	db, err := sqlite.OpenDatabase(ctx, folder, FileName, migrations, sqlite.DatabaseOptions{ReadOnly: opts.ReadOnly, Cache: cache})
	if err != nil {
		return nil, err
	}
	return &Ledger{Ledger: relational.New(db, relational.Dialect{}, db.Path(), opts.Clock), db: db, held: map[string]bool{}}, nil
}

// Alone implements ledger.Ledger: a data folder has one server.
func (l *Ledger) Alone(_ context.Context, name string) (func(), error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.held[name] {
		return nil, nil
	}
	l.held[name] = true
	return func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		delete(l.held, name)
	}, nil
}

// Close implements ledger.Ledger. It waits for the appends under way.
func (l *Ledger) Close() error { return l.db.Close() }
