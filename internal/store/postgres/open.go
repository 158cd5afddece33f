// Package postgres keeps the store in a PostgreSQL database that any number of
// replicas share. Commits take turns under an advisory lock, so that seqs have
// no gaps and appear in order; each is announced by NOTIFY, and every replica
// also asks for the head now and then, in case an announcement was lost.
package postgres

import (
	"context"
	"embed"
	"strings"
	"sync"
	"time"

	"diapason/internal/store"
	"diapason/internal/store/relational"
)

//go:embed migrations/*.sql
var migrations embed.FS

// channel is where commits are announced; PostgreSQL keeps the channels of
// different databases apart.
const channel = "diapason_log"

// dialect locks with a number that stands for the log ("diapason" in ASCII),
// valid within the database.
var dialect = relational.Dialect{
	Lock:     `SELECT pg_advisory_xact_lock(7235421411646599022)`,
	Announce: `SELECT pg_notify('` + channel + `', $1)`,
	Batches:  []int{512, 64, 8, 1},
}

// pollEvery is how often a replica asks for the head, whatever it has heard.
const pollEvery = 5 * time.Second

// Options says how to open a database.
type Options struct {
	// ReadOnly opens an existing store without the right to change it.
	ReadOnly bool
	// Clock gives the time of entries that bring none; time.Now when nil.
	Clock func() time.Time
}

// Store is a store.Store on PostgreSQL.
type Store struct {
	*relational.Log
	*Database
	stop    context.CancelFunc
	running sync.WaitGroup
}

var _ store.Store = (*Store)(nil)

// Open connects to a database by URL or key=value string and brings it to this
// program's format. The errors are *store.Error.
func Open(ctx context.Context, url string, opts Options) (*Store, error) {
	d, err := OpenDatabase(ctx, url, migrations, DatabaseOptions{ReadOnly: opts.ReadOnly})
	if err != nil {
		return nil, err
	}
	s := &Store{Database: d}
	if s.Log, err = relational.New(ctx, s, dialect, opts.Clock); err != nil {
		s.pool.Close()
		return nil, s.fault(err)
	}
	background, stop := context.WithCancel(context.WithoutCancel(ctx))
	s.stop = stop
	config := s.pool.Config().ConnConfig
	s.running.Go(func() { s.listen(background, config) })
	s.running.Go(func() { s.poll(background) })
	return s, nil
}

// Close implements store.Store.
func (s *Store) Close() error {
	s.stop()
	s.running.Wait()
	s.Hub().Close()
	s.pool.Close()
	return nil
}

// Erase implements store.Log. The tables are vacuumed afterwards, so that the
// old versions of the erased rows go; the write-ahead log and backups of the
// server keep them for as long as its administrator keeps those.
func (s *Store) Erase(ctx context.Context, e store.Erasure) (store.Committed, error) {
	done, err := s.Log.Erase(ctx, e)
	if err != nil {
		return done, err
	}
	_, err = s.pool.Exec(context.WithoutCancel(ctx), `VACUUM object_version, entry_text`)
	return done, s.fault(err)
}

// oneLine puts a message of the server in one line.
func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }
