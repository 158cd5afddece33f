package sqlite

import (
	"errors"
	"os"

	sqlite "modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"diapason/internal/store"
)

// primary is the primary result code of an SQLite error, 0 for other errors.
func primary(err error) int {
	var e *sqlite.Error
	if errors.As(err, &e) {
		return e.Code() & 0xff
	}
	return 0
}

// fault gives a failure of the engine its name and a sentence; other errors
// pass unchanged.
func (d *Database) fault(err error) error {
	if err == nil || store.CodeOf(err) != "" {
		return err
	}
	e := &store.Error{Place: d.path, Cause: err}
	code := primary(err)
	if code == sqlite3.SQLITE_IOERR && diskFull(d.folder) {
		// Not every write that finds no room is reported as such: extending the
		// shared memory of the write-ahead log is an I/O error.
		code = sqlite3.SQLITE_FULL
	}
	switch code {
	case sqlite3.SQLITE_FULL:
		e.Code, e.Problem = store.CodeDiskFull, "the disk that holds "+d.path+" is full, nothing was recorded"
		e.Remedy = "free some space and try again"
	case sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM, sqlite3.SQLITE_AUTH:
		e.Code, e.Problem = store.CodeReadOnly, d.path+" cannot be written"
		e.Remedy = "give the account that runs diapason the right to write the file and its folder"
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED:
		e.Code, e.Problem = store.CodeLocked, d.path+" is locked by another program"
		e.Remedy = "end the program that has it open, for instance a backup or a database browser, and try again"
	case sqlite3.SQLITE_CORRUPT:
		e.Code, e.Problem = store.CodeCorrupt, d.path+" is damaged"
		e.Remedy = "restore it from a backup; keep the damaged file for an examination"
	case sqlite3.SQLITE_NOTADB:
		e.Code, e.Problem = store.CodeCorrupt, d.path+" is not a Diapason store, or its beginning is destroyed"
		e.Remedy = "restore it from a backup, or move the file away"
	case sqlite3.SQLITE_CANTOPEN:
		e.Code, e.Problem = store.CodeReadOnly, d.path+" cannot be opened"
		e.Remedy = "check that the folder exists and that the account that runs diapason may read and write in it"
	case sqlite3.SQLITE_IOERR:
		e.Code, e.Problem = store.CodeDisk, "reading or writing "+d.path+" failed"
		e.Remedy = "check the disk and the free space; nothing half written remains"
	default:
		return err
	}
	return e
}

// diskFull tries to write a few pages into a folder.
func diskFull(folder string) bool {
	f, err := os.CreateTemp(folder, ".space-*")
	if err != nil {
		return isFull(err)
	}
	defer os.Remove(f.Name())
	defer f.Close()
	_, err = f.Write(make([]byte, 64<<10))
	return isFull(err)
}
