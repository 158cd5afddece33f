// Package sqlite keeps the store in one file, store.db, inside a data folder:
// one process, one writer, any number of readers, every commit synced to disk
// before it is acknowledged. Attachments lie beside it in the folder blobs.
package sqlite

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"sync"
	"syscall"
	"time"

	_ "modernc.org/sqlite" // the driver named "sqlite"

	"diapason/internal/store"
	"diapason/internal/store/relational"
)

//go:embed migrations/*.sql
var migrations embed.FS

// FileName is the database's name inside the data folder.
const FileName = "store.db"

// dialect keeps statements short: the driver looks up each parameter of a
// statement by name, in time linear in their number.
var dialect = relational.Dialect{Batches: []int{16, 1}}

// Options says how to open a data folder.
type Options struct {
	// ReadOnly opens an existing store without the right to change it, beside
	// the server that uses it if there is one.
	ReadOnly bool
	// Clock gives the time of entries that bring none; time.Now when nil.
	Clock func() time.Time
}

// Store is a store.Store on SQLite.
type Store struct {
	*relational.Log
	folder string
	path   string
	unlock func()
	writer *writer // nil when read only
	// immutable: nobody can be writing, see untouchable.
	immutable bool
	reader    *sql.DB
	blobs     sync.Mutex // held while files and rows of attachments change together
}

var _ store.Store = (*Store)(nil)

// Open opens the store of a data folder and creates both if needed. The errors
// are *store.Error: the folder in use by another process, not writable, full,
// damaged, or written by a newer Diapason.
func Open(ctx context.Context, folder string, opts Options) (*Store, error) {
	s := &Store{folder: folder, path: filepath.Join(folder, FileName)}
	if err := s.open(ctx, opts); err != nil {
		s.shut()
		return nil, err
	}
	return s, nil
}

func (s *Store) open(ctx context.Context, opts Options) error {
	var err error
	if opts.ReadOnly {
		if _, err := os.Stat(s.path); err != nil {
			return fileFault(err, s.path)
		}
	} else {
		if err := prepareFolder(s.folder); err != nil {
			return err
		}
		if s.unlock, err = lockFolder(s.folder); err != nil {
			return err
		}
	}
	if !opts.ReadOnly {
		if err := s.keepPrivate(); err != nil {
			return err
		}
	}
	if err := s.prepareDatabase(ctx, opts.ReadOnly); err != nil {
		return err
	}
	s.reader, err = sql.Open("sqlite", dsn(s.path, s.reading("query_only(1)", "cache_size(-16384)")))
	if err != nil {
		return s.fault(err)
	}
	s.reader.SetMaxOpenConns(max(4, 2*runtime.GOMAXPROCS(0)))
	s.reader.SetMaxIdleConns(max(4, 2*runtime.GOMAXPROCS(0)))
	s.Log, err = relational.New(ctx, s, dialect, opts.Clock)
	return err
}

// prepareDatabase brings the database to this program's format and starts the
// writer, or only compares the format when read only.
func (s *Store) prepareDatabase(ctx context.Context, readOnly bool) error {
	values := url.Values{
		"_txlock": {"immediate"},
		"_pragma": {
			"busy_timeout(5000)", "journal_mode(WAL)", "synchronous(FULL)", "foreign_keys(1)",
			"secure_delete(1)", "cache_size(-131072)", "wal_autocheckpoint(" + strconv.Itoa(mostFrames) + ")",
		},
	}
	if readOnly {
		s.immutable = s.untouchable()
		values = s.reading()
	}
	db, err := sql.Open("sqlite", dsn(s.path, values))
	if err != nil {
		return s.fault(err)
	}
	db.SetMaxOpenConns(1)
	if err := relational.Migrate(ctx, db, relational.SQLite, migrations, s.path, readOnly); err != nil {
		db.Close()
		return s.fault(err)
	}
	if readOnly {
		return db.Close()
	}
	s.writer, err = startWriter(ctx, db, s.fault)
	if err != nil {
		db.Close()
	}
	return err
}

// reading are the parameters of a connection that only reads.
func (s *Store) reading(pragmas ...string) url.Values {
	values := url.Values{"mode": {"ro"}, "_pragma": append([]string{"busy_timeout(5000)"}, pragmas...)}
	if s.immutable {
		values.Set("immutable", "1")
	}
	return values
}

// untouchable tells that a store was closed in good order and lies in a folder
// that cannot be written. SQLite, which needs a file beside a database to read
// it while others write, must then be told that nobody does.
func (s *Store) untouchable() bool {
	if _, err := os.Stat(s.path + "-wal"); err == nil {
		return false
	}
	probe, err := os.CreateTemp(s.folder, ".writable-*")
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

func prepareFolder(folder string) error {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return fileFault(err, folder)
	}
	probe, err := os.CreateTemp(folder, ".writable-*")
	if err != nil {
		return fileFault(err, folder)
	}
	probe.Close()
	return os.Remove(probe.Name())
}

// keepPrivate leaves the database to its owner alone, whatever the folder and the
// umask allow: it makes the file before SQLite does, which gives the files beside
// it the same mode, and tightens those that stand.
func (s *Store) keepPrivate() error {
	f, err := os.OpenFile(s.path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err == nil {
		err = f.Close()
	}
	if err != nil && !errors.Is(err, fs.ErrExist) {
		return fileFault(err, s.path)
	}
	for _, path := range []string{s.path, s.path + "-wal", s.path + "-shm"} {
		if info, err := os.Stat(path); err == nil && info.Mode().IsRegular() && info.Mode().Perm()&0o077 != 0 {
			// Some file systems have no modes: the store serves there as well.
			_ = os.Chmod(path, 0o600)
		}
	}
	return nil
}

// Tx implements store.SQL.
func (s *Store) Tx(ctx context.Context, fn func(store.Querier) error) error {
	if s.writer == nil {
		return &store.Error{
			Code: store.CodeReadOnly, Problem: "the store " + s.path + " was opened for reading only",
			Remedy: "open it for writing", Place: s.path,
		}
	}
	return s.writer.do(ctx, fn)
}

// View implements store.SQL.
func (s *Store) View(ctx context.Context, fn func(store.Querier) error) error {
	tx, err := s.reader.BeginTx(ctx, nil)
	if err != nil {
		return s.fault(err)
	}
	defer tx.Rollback() // nothing to keep
	return s.fault(fn(direct{tx}))
}

// Erase implements store.Log. The write-ahead log is emptied afterwards: it
// would keep the erased bytes until it is overwritten.
func (s *Store) Erase(ctx context.Context, e store.Erasure) (store.Committed, error) {
	done, err := s.Log.Erase(ctx, e)
	if err != nil {
		return done, err
	}
	return done, s.writer.emptyWAL(context.WithoutCancel(ctx))
}

// Close implements store.Store. It waits for the commits under way.
func (s *Store) Close() error {
	if s.Log != nil {
		s.Hub().Close()
	}
	return s.shut()
}

func (s *Store) shut() error {
	var err error
	if s.reader != nil {
		err = s.reader.Close()
	}
	if s.writer != nil {
		err = errors.Join(err, s.writer.close())
	}
	if s.unlock != nil {
		s.unlock()
		s.unlock = nil
	}
	return err
}

// fileFault names a failure of the file system.
func fileFault(err error, path string) error {
	e := &store.Error{Place: path, Cause: err}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		e.Code, e.Problem, e.Remedy = store.CodeNotFound, "there is no "+path, "give the folder of an existing store"
	case isFull(err):
		e.Code, e.Problem, e.Remedy = store.CodeDiskFull, "the disk that holds "+path+" is full", "free some space and try again"
	case errors.Is(err, fs.ErrPermission), isReadOnly(err):
		e.Code, e.Problem, e.Remedy = store.CodeReadOnly, path+" cannot be written", "give the account "+strconv.Itoa(os.Getuid())+" the right to write there, or choose another data folder"
	case errors.Is(err, syscall.ENOTDIR):
		e.Code, e.Problem, e.Remedy = store.CodeNoFolder, path+" is a file, or lies under one", "give a folder for the data"
	default:
		e.Code, e.Problem, e.Remedy = store.CodeDisk, path+" cannot be used ("+err.Error()+")", "check the disk and the path"
	}
	return e
}
