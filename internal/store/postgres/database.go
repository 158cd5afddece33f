package postgres

import (
	"context"
	"fmt"
	"io/fs"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"

	"diapason/internal/store"
	"diapason/internal/store/relational"
)

// Database is a schema of tables in a PostgreSQL database, as a store.SQL: every
// transaction has reached the server's disk before it is acknowledged.
type Database struct {
	pool     *pgxpool.Pool
	place    string // host, port and database, without secrets
	readOnly bool
}

var _ store.SQL = (*Database)(nil)

// DatabaseOptions says how to open a database.
type DatabaseOptions struct {
	// ReadOnly opens existing tables without the right to change them.
	ReadOnly bool
	// Schema holds the tables, made if needed; empty for what the address or the
	// account says, public as a rule.
	Schema string
	// Connections is how many are wanted at least; 8 when zero.
	Connections int32
}

// OpenDatabase connects by URL or key=value string and brings the tables to the format
// of the migrations. The errors are *store.Error.
func OpenDatabase(ctx context.Context, url string, migrations fs.FS, opts DatabaseOptions) (*Database, error) {
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		// The error of the parser repeats the URL without its password.
		return nil, &store.Error{
			Code: store.CodeInvalid, Problem: "the address of the database cannot be read (" + err.Error() + ")",
			Remedy: "write it as postgres://user:password@host:5432/database", Cause: err,
		}
	}
	c := config.ConnConfig
	d := &Database{place: fmt.Sprintf("%s:%d/%s", c.Host, c.Port, c.Database), readOnly: opts.ReadOnly}
	if c.RuntimeParams["application_name"] == "" {
		c.RuntimeParams["application_name"] = "diapason"
	}
	if opts.Schema != "" {
		c.RuntimeParams["search_path"] = pgx.Identifier{opts.Schema}.Sanitize()
	}
	config.AfterConnect = settle
	if opts.Connections == 0 {
		opts.Connections = 8
	}
	config.MaxConns = max(config.MaxConns, opts.Connections)
	if d.pool, err = pgxpool.NewWithConfig(ctx, config); err != nil {
		return nil, d.fault(err)
	}
	if err := d.prepare(ctx, migrations, opts); err != nil {
		d.pool.Close()
		return nil, d.fault(err)
	}
	return d, nil
}

func (d *Database) prepare(ctx context.Context, migrations fs.FS, opts DatabaseOptions) error {
	if err := d.pool.Ping(ctx); err != nil {
		return err
	}
	if opts.Schema != "" && !opts.ReadOnly {
		if err := d.makeSchema(ctx, opts.Schema); err != nil {
			return err
		}
	}
	db := stdlib.OpenDBFromPool(d.pool)
	defer db.Close()
	return relational.Migrate(ctx, db, relational.PostgreSQL, migrations, d.place, opts.ReadOnly)
}

// makeSchema makes a schema where there is none. Servers that start together take turns:
// IF NOT EXISTS alone does not keep two from failing on each other.
func (d *Database) makeSchema(ctx context.Context, schema string) error {
	return pgx.BeginFunc(ctx, d.pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `SELECT pg_advisory_xact_lock(7883946363647714675)`); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `CREATE SCHEMA IF NOT EXISTS `+pgx.Identifier{schema}.Sanitize())
		return err
	})
}

// Place is the address of the database, without secrets.
func (d *Database) Place() string { return d.place }

// Close ends the connections.
func (d *Database) Close() error {
	d.pool.Close()
	return nil
}

// settle makes a connection wait for the disk when it commits, even where the
// server's configuration says otherwise (stronger settings stay), and plan each
// statement for the table as it is: a plan kept from when the log was empty
// reads whole tables for ever.
func settle(ctx context.Context, conn *pgx.Conn) error {
	_, err := conn.Exec(ctx, `SELECT set_config('plan_cache_mode', 'force_custom_plan', false),
		set_config('synchronous_commit', CASE current_setting('synchronous_commit') WHEN 'off' THEN 'on' ELSE current_setting('synchronous_commit') END, false)`)
	return err
}

// Alone takes a name for one holder among all sessions of the database, until release is
// called or the session ends. When another holds it, release is nil.
func (d *Database) Alone(ctx context.Context, name string) (release func(), err error) {
	conn, err := d.pool.Acquire(ctx)
	if err != nil {
		return nil, d.fault(err)
	}
	var taken bool
	if err := conn.QueryRow(ctx, `SELECT pg_try_advisory_lock(hashtextextended($1, 7235421411646599022))`, name).Scan(&taken); err != nil || !taken {
		conn.Release()
		return nil, d.fault(err)
	}
	return func() {
		ctx, cancel := context.WithTimeout(context.Background(), commitTimeout)
		defer cancel()
		if _, err := conn.Exec(ctx, `SELECT pg_advisory_unlock(hashtextextended($1, 7235421411646599022))`, name); err != nil {
			conn.Conn().Close(ctx) // and the lock with it
		}
		conn.Release()
	}, nil
}
