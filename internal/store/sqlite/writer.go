package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	sqlite3 "modernc.org/sqlite/lib"

	"diapason/internal/store"
)

// maxGroup is the number of transactions that one sync to disk may carry.
const maxGroup = 64

// writer owns the only connection that writes. Transactions that wait while
// another is being synced are run together, each in its own savepoint, and
// share the next sync: commits under load cost a fraction of a sync each, and
// they are served in the order they came.
type writer struct {
	db    *sql.DB
	conn  *sql.Conn
	q     *prepared
	fault func(error) error

	queue   chan *job
	upkeep  chan *job     // runs outside a transaction
	quit    chan struct{} // closed: accept no more
	stopped chan struct{} // closed: the goroutine has ended
	once    sync.Once
}

// job is one transaction waiting for its turn.
type job struct {
	fn    func(store.Querier) error
	state atomic.Int32 // waiting, started, withdrawn
	err   error
	panic any
	done  chan struct{}
}

const (
	waiting = iota
	started
	withdrawn
)

func startWriter(ctx context.Context, db *sql.DB, fault func(error) error) (*writer, error) {
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, fault(err)
	}
	w := &writer{
		db: db, conn: conn, fault: fault,
		q:     &prepared{conn: conn, statements: map[string]*sql.Stmt{}},
		queue: make(chan *job), upkeep: make(chan *job), quit: make(chan struct{}), stopped: make(chan struct{}),
	}
	go w.run()
	return w, nil
}

// do runs fn as one transaction. A caller who gives up while waiting withdraws
// his transaction; once it has started he learns its true outcome.
func (w *writer) do(ctx context.Context, fn func(store.Querier) error) error {
	return w.submit(ctx, w.queue, fn)
}

func (w *writer) submit(ctx context.Context, queue chan<- *job, fn func(store.Querier) error) error {
	// A select with two ready cases takes either: a caller already gone must not get in.
	if err := ctx.Err(); err != nil {
		return err
	}
	j := &job{fn: fn, done: make(chan struct{})}
	select {
	case queue <- j:
	case <-w.quit:
		return closed()
	case <-ctx.Done():
		return ctx.Err()
	}
	select {
	case <-j.done:
	case <-ctx.Done():
		if j.state.CompareAndSwap(waiting, withdrawn) {
			return ctx.Err()
		}
		<-j.done
	}
	if j.panic != nil {
		panic(j.panic)
	}
	return w.fault(j.err)
}

func closed() error {
	return &store.Error{Code: store.CodeClosed, Problem: "the store is closed", Remedy: "open it again"}
}

func (w *writer) close() error {
	w.once.Do(func() { close(w.quit) })
	<-w.stopped
	w.q.forget()
	return errors.Join(w.conn.Close(), w.db.Close())
}

// Moving what the write-ahead log holds into the database takes tens of
// milliseconds, and SQLite by itself makes the commit wait that fills the log. It is
// done between commits instead, when nothing is written for a moment and enough has
// gathered, or for longer; a log of mostFrames pages is moved by SQLite at once.
const (
	mostFrames = 16_000 // 64 MB of pages
	enough     = 64     // transactions
	moment     = 15 * time.Millisecond
	longer     = 2 * time.Second
)

func (w *writer) run() {
	defer close(w.stopped)
	idle := time.NewTimer(longer)
	defer idle.Stop()
	written := 0 // transactions since the log was last moved
	for {
		if written >= enough {
			idle.Reset(moment)
		} else {
			idle.Reset(longer)
		}
		select {
		case <-idle.C:
			if written > 0 {
				w.moveWAL()
				written = 0
			}
		case j := <-w.queue:
			written++
			w.serve(w.gather(j))
		case j := <-w.upkeep:
			if j.state.CompareAndSwap(waiting, started) {
				w.call(j)
				close(j.done)
			}
		case <-w.quit:
			return
		}
	}
}

// gather takes along the transactions that are waiting already.
func (w *writer) gather(first *job) []*job {
	group := []*job{first}
	for len(group) < maxGroup {
		select {
		case j := <-w.queue:
			group = append(group, j)
		default:
			return group
		}
	}
	return group
}

// serve runs a group and answers everyone in it.
func (w *writer) serve(group []*job) {
	live := group[:0]
	for _, j := range group {
		if j.state.CompareAndSwap(waiting, started) {
			live = append(live, j)
		}
	}
	if len(live) > 1 && !w.together(live) {
		for _, j := range live {
			w.alone(j)
		}
	} else if len(live) == 1 {
		w.alone(live[0])
	}
	for _, j := range live {
		close(j.done)
	}
}

// alone runs one transaction by itself.
func (w *writer) alone(j *job) {
	ctx := context.Background()
	if _, j.err = w.q.Exec(ctx, "BEGIN IMMEDIATE"); j.err != nil {
		return
	}
	w.call(j)
	if j.err == nil {
		_, j.err = w.q.Exec(ctx, "COMMIT")
	}
	if j.err != nil {
		w.rollback()
	}
}

// together runs several transactions under one sync. It returns false, having
// left nothing behind, when the group as a whole failed: each must then run
// alone to learn its own outcome.
func (w *writer) together(group []*job) bool {
	ctx := context.Background()
	if _, err := w.q.Exec(ctx, "BEGIN IMMEDIATE"); err != nil {
		return false
	}
	for _, j := range group {
		if _, err := w.q.Exec(ctx, "SAVEPOINT one"); err != nil {
			w.rollback()
			return false
		}
		w.call(j)
		if j.err != nil {
			if endsTransaction(j.err) {
				w.rollback()
				return false
			}
			if _, err := w.q.Exec(ctx, "ROLLBACK TO one"); err != nil {
				w.rollback()
				return false
			}
		}
		if _, err := w.q.Exec(ctx, "RELEASE one"); err != nil {
			w.rollback()
			return false
		}
	}
	if _, err := w.q.Exec(ctx, "COMMIT"); err != nil {
		w.rollback()
		return false
	}
	return true
}

// call runs a transaction's function; its panic is handed to the caller's
// goroutine, not to the writer's.
func (w *writer) call(j *job) {
	j.err, j.panic = nil, nil
	defer func() {
		if p := recover(); p != nil {
			j.panic, j.err = p, fmt.Errorf("panic in a transaction: %v", p)
		}
	}()
	j.err = j.fn(w.q)
}

// rollback undoes what is open, if SQLite has not done so itself.
func (w *writer) rollback() {
	w.q.Exec(context.Background(), "ROLLBACK")
}

// endsTransaction tells whether SQLite may have rolled back the whole
// transaction because of an error (https://sqlite.org/lang_transaction.html,
// section 3).
func endsTransaction(err error) bool {
	switch primary(err) {
	case sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_NOMEM, sqlite3.SQLITE_BUSY, sqlite3.SQLITE_INTERRUPT, sqlite3.SQLITE_CORRUPT:
		return true
	default:
		return false
	}
}

// moveWAL moves what no reader needs from the write-ahead log into the database.
// Where that fails the log keeps it, and the next commit tells what is wrong.
func (w *writer) moveWAL() {
	var busy, frames, moved int64
	_ = w.q.QueryRow(context.Background(), "PRAGMA wal_checkpoint(PASSIVE)").Scan(&busy, &frames, &moved)
}

// emptyWAL moves everything from the write-ahead log into the database and cuts
// the log to nothing, once the readers that need it have finished.
func (w *writer) emptyWAL(ctx context.Context) error {
	return w.submit(ctx, w.upkeep, func(q store.Querier) error {
		var busy, frames, moved int64
		return q.QueryRow(ctx, "PRAGMA wal_checkpoint(TRUNCATE)").Scan(&busy, &frames, &moved)
	})
}
