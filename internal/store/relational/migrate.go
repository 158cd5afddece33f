package relational

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"slices"

	"github.com/pressly/goose/v3"

	"diapason/internal/store"
)

// Engine names the engine for the migrations.
type Engine = goose.Dialect

// The two engines.
const (
	SQLite     = goose.DialectSQLite3
	PostgreSQL = goose.DialectPostgres
)

// Migrate brings a database to the format of this program. A database in which
// a migration was applied that this program does not know was made by a newer
// one: CodeNewerFormat, and nothing is touched. With checkOnly, an older format
// is refused too, as it would have to be migrated first.
func Migrate(ctx context.Context, db *sql.DB, engine Engine, folder fs.FS, place string, checkOnly bool) error {
	sub, err := fs.Sub(folder, "migrations")
	if err != nil {
		return err
	}
	options := []goose.ProviderOption{goose.WithAllowOutofOrder(true), goose.WithDisableGlobalRegistry(true)}
	provider, err := goose.NewProvider(engine, db, sub, options...)
	if err != nil {
		return fmt.Errorf("the migrations inside the program cannot be read: %w", err)
	}
	var known []int64
	for _, source := range provider.ListSources() {
		known = append(known, source.Version)
	}
	applied, err := appliedFormats(ctx, db, engine)
	if err != nil {
		return err
	}
	newest := slices.Max(known)
	for _, format := range applied {
		if format != 0 && !slices.Contains(known, format) {
			return &store.Error{
				Code:    store.CodeNewerFormat,
				Problem: fmt.Sprintf("%s was made by a newer Diapason (format %d, this one knows %d)", place, slices.Max(applied), newest),
				Remedy:  "use that version or a later one",
				Place:   place, Format: slices.Max(applied), Known: newest,
			}
		}
	}
	pending := slices.ContainsFunc(known, func(format int64) bool { return !slices.Contains(applied, format) })
	switch {
	case !pending:
		return nil
	case checkOnly:
		return &store.Error{
			Code:    store.CodeReadOnly,
			Problem: fmt.Sprintf("%s is in an older format that must be brought up to date first", place),
			Remedy:  "start diapason serve on it once",
			Place:   place, Known: newest,
		}
	}
	if engine == PostgreSQL {
		unlock, err := takeTurns(ctx, db)
		if err != nil {
			return err
		}
		defer unlock()
	}
	if _, err := provider.Up(ctx); err != nil {
		var partial *goose.PartialError
		if errors.As(err, &partial) {
			return partial.Err
		}
		return err
	}
	return nil
}

// takeTurns makes replicas that start together migrate one after the other: the
// first does the work, the others find it done. The number stands for the
// migrations ("migrates" in ASCII), valid within the database.
func takeTurns(ctx context.Context, db *sql.DB) (unlock func(), err error) {
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, err
	}
	if _, err := conn.ExecContext(ctx, `SELECT pg_advisory_lock(7883946363647714675)`); err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	return func() {
		// Should it fail, the connection is gone, and the lock with it.
		conn.ExecContext(context.WithoutCancel(ctx), `SELECT pg_advisory_unlock(7883946363647714675)`)
		conn.Close()
	}, nil
}

// appliedFormats are the migrations recorded in the database; none in an empty
// one.
func appliedFormats(ctx context.Context, db *sql.DB, engine Engine) ([]int64, error) {
	exists := `SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'goose_db_version'`
	if engine == PostgreSQL {
		exists = `SELECT count(*) FROM information_schema.tables WHERE table_schema = current_schema() AND table_name = 'goose_db_version'`
	}
	var n int
	if err := db.QueryRowContext(ctx, exists).Scan(&n); err != nil || n == 0 {
		return nil, err
	}
	rows, err := db.QueryContext(ctx, `SELECT version_id FROM goose_db_version`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var applied []int64
	for rows.Next() {
		var format int64
		if err := rows.Scan(&format); err != nil {
			return nil, err
		}
		applied = append(applied, format)
	}
	return applied, rows.Err()
}
