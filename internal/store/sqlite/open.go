// Package sqlite keeps the store in one file, store.db, inside a data folder:
// one process, one writer, any number of readers, every commit synced to disk
// before it is acknowledged. Attachments lie beside it in the folder blobs.
package sqlite

import (
	"context"
	"embed"
	"errors"
	"io/fs"
	"os"
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
	*Database
	unlock func()
	blobs  sync.Mutex // held while files and rows of attachments change together
}

var _ store.Store = (*Store)(nil)

// Open opens the store of a data folder and creates both if needed. The errors
// are *store.Error: the folder in use by another process, not writable, full,
// damaged, or written by a newer Diapason.
func Open(ctx context.Context, folder string, opts Options) (*Store, error) {
	s := &Store{}
	if err := s.open(ctx, folder, opts); err != nil {
		s.shut()
		return nil, err
	}
	return s, nil
}

func (s *Store) open(ctx context.Context, folder string, opts Options) error {
	var err error
	if !opts.ReadOnly {
		if err := prepareFolder(folder); err != nil {
			return err
		}
		if s.unlock, err = lockFolder(folder); err != nil {
			return err
		}
	}
	s.Database, err = OpenDatabase(ctx, folder, FileName, migrations, DatabaseOptions{ReadOnly: opts.ReadOnly, Cache: 128 << 10})
	if err != nil {
		return err
	}
	s.Log, err = relational.New(ctx, s, dialect, opts.Clock)
	return err
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
	if s.Database != nil {
		err = s.Database.shut()
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
