package postgres

import (
	"context"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	"diapason/internal/store"
)

// listen follows the announcements of commits on a connection of its own, and
// connects again when it breaks.
func (s *Store) listen(ctx context.Context, config *pgx.ConnConfig) {
	pause := 50 * time.Millisecond
	for ctx.Err() == nil {
		if s.listenOnce(ctx, config) {
			pause = 50 * time.Millisecond
		}
		select {
		case <-ctx.Done():
		case <-time.After(pause):
		}
		pause = min(2*pause, pollEvery)
	}
}

// listenOnce returns when the connection breaks; true when it had listened.
func (s *Store) listenOnce(ctx context.Context, config *pgx.ConnConfig) bool {
	conn, err := pgx.ConnectConfig(ctx, config.Copy())
	if err != nil {
		return false // the poll goes on
	}
	defer func() {
		closing, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
		defer cancel()
		conn.Close(closing)
	}()
	if _, err := conn.Exec(ctx, `LISTEN `+channel); err != nil {
		return false
	}
	// Only now: what was committed before we listened was not announced to us.
	var head int64
	if err := conn.QueryRow(ctx, `SELECT COALESCE(max(seq), 0) FROM entry`).Scan(&head); err != nil {
		return false
	}
	s.Hub().Advance(store.Seq(head))
	for {
		n, err := conn.WaitForNotification(ctx)
		if err != nil {
			return true
		}
		if seq, err := strconv.ParseInt(n.Payload, 10, 64); err == nil {
			s.Hub().Advance(store.Seq(seq))
		}
	}
}

// poll asks for the head at regular times: the net under the announcements.
func (s *Store) poll(ctx context.Context) {
	tick := time.NewTicker(pollEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			if head, err := s.Head(ctx); err == nil {
				s.Hub().Advance(head)
			}
		}
	}
}
