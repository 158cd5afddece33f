package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strconv"

	"diapason/internal/store"
	"diapason/internal/store/relational"
)

// Database is one file of tables inside a data folder: a store.SQL with one writer, any
// number of readers, and every transaction synced to disk before it is acknowledged.
// It takes no lock on the folder: that is the store's.
type Database struct {
	folder string
	path   string
	writer *writer // nil when read only
	// immutable: nobody can be writing, see untouchable.
	immutable bool
	reader    *sql.DB
}

var _ store.SQL = (*Database)(nil)

// DatabaseOptions says how to open a database.
type DatabaseOptions struct {
	// ReadOnly opens an existing database without the right to change it.
	ReadOnly bool
	// Cache is the most memory that the writer keeps pages in, in KiB.
	Cache int
}

// OpenDatabase opens a database of a data folder, making it if needed, and brings it to
// the format of the migrations. The errors are *store.Error.
func OpenDatabase(ctx context.Context, folder, name string, migrations fs.FS, opts DatabaseOptions) (*Database, error) {
	d := &Database{folder: folder, path: filepath.Join(folder, name)}
	if err := d.open(ctx, migrations, opts); err != nil {
		d.shut()
		return nil, err
	}
	return d, nil
}

func (d *Database) open(ctx context.Context, migrations fs.FS, opts DatabaseOptions) error {
	if opts.ReadOnly {
		if _, err := os.Stat(d.path); err != nil {
			return fileFault(err, d.path)
		}
	} else if err := d.keepPrivate(); err != nil {
		return err
	}
	if err := d.prepare(ctx, migrations, opts); err != nil {
		return err
	}
	var err error
	d.reader, err = sql.Open("sqlite", dsn(d.path, d.reading("query_only(1)", "cache_size(-16384)")))
	if err != nil {
		return d.fault(err)
	}
	d.reader.SetMaxOpenConns(max(4, 2*runtime.GOMAXPROCS(0)))
	d.reader.SetMaxIdleConns(max(4, 2*runtime.GOMAXPROCS(0)))
	return nil
}

// Path is where the database lies.
func (d *Database) Path() string { return d.path }

// Close waits for the transactions under way.
func (d *Database) Close() error { return d.shut() }

func (d *Database) shut() error {
	var err error
	if d.reader != nil {
		err = d.reader.Close()
	}
	if d.writer != nil {
		err = errors.Join(err, d.writer.close())
	}
	return err
}

// prepare brings the database to this program's format and starts the
// writer, or only compares the format when read only.
func (d *Database) prepare(ctx context.Context, migrations fs.FS, opts DatabaseOptions) error {
	values := url.Values{
		"_txlock": {"immediate"},
		"_pragma": {
			"busy_timeout(5000)", "journal_mode(WAL)", "synchronous(FULL)", "foreign_keys(1)",
			"secure_delete(1)", "cache_size(-" + strconv.Itoa(opts.Cache) + ")", "wal_autocheckpoint(" + strconv.Itoa(mostFrames) + ")",
		},
	}
	if opts.ReadOnly {
		d.immutable = d.untouchable()
		values = d.reading()
	}
	db, err := sql.Open("sqlite", dsn(d.path, values))
	if err != nil {
		return d.fault(err)
	}
	db.SetMaxOpenConns(1)
	if err := relational.Migrate(ctx, db, relational.SQLite, migrations, d.path, opts.ReadOnly); err != nil {
		db.Close()
		return d.fault(err)
	}
	if opts.ReadOnly {
		return db.Close()
	}
	d.writer, err = startWriter(ctx, db, d.fault)
	if err != nil {
		db.Close()
	}
	return err
}

// reading are the parameters of a connection that only reads.
func (d *Database) reading(pragmas ...string) url.Values {
	values := url.Values{"mode": {"ro"}, "_pragma": append([]string{"busy_timeout(5000)"}, pragmas...)}
	if d.immutable {
		values.Set("immutable", "1")
	}
	return values
}

// untouchable tells that a store was closed in good order and lies in a folder
// that cannot be written. SQLite, which needs a file beside a database to read
// it while others write, must then be told that nobody does.
func (d *Database) untouchable() bool {
	if _, err := os.Stat(d.path + "-wal"); err == nil {
		return false
	}
	probe, err := os.CreateTemp(d.folder, ".writable-*")
	if err != nil {
		return true
	}
	probe.Close()
	os.Remove(probe.Name())
	return false
}

// dsn writes a path as the file URI that the driver takes, so that any
// character may be in it.
func dsn(path string, values url.Values) string {
	if abs, err := filepath.Abs(path); err == nil {
		path = abs
	}
	u := url.URL{Scheme: "file", Path: filepath.ToSlash(path), RawQuery: values.Encode()}
	return u.String()
}

// keepPrivate leaves the database to its owner alone, whatever the folder and the
// umask allow: it makes the file before SQLite does, which gives the files beside
// it the same mode, and tightens those that stand.
func (d *Database) keepPrivate() error {
	f, err := os.OpenFile(d.path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err == nil {
		err = f.Close()
	}
	if err != nil && !errors.Is(err, fs.ErrExist) {
		return fileFault(err, d.path)
	}
	for _, path := range []string{d.path, d.path + "-wal", d.path + "-shm"} {
		if info, err := os.Stat(path); err == nil && info.Mode().IsRegular() && info.Mode().Perm()&0o077 != 0 {
			// Some file systems have no modes: the store serves there as well.
			_ = os.Chmod(path, 0o600)
		}
	}
	return nil
}

// Tx implements store.SQL.
func (d *Database) Tx(ctx context.Context, fn func(store.Querier) error) error {
	if d.writer == nil {
		return &store.Error{
			Code: store.CodeReadOnly, Problem: "the store " + d.path + " was opened for reading only",
			Remedy: "open it for writing", Place: d.path,
		}
	}
	return d.writer.do(ctx, fn)
}

// View implements store.SQL.
func (d *Database) View(ctx context.Context, fn func(store.Querier) error) error {
	tx, err := d.reader.BeginTx(ctx, nil)
	if err != nil {
		return d.fault(err)
	}
	defer tx.Rollback() // nothing to keep
	return d.fault(fn(direct{tx}))
}
