package app

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"diapason/internal/model"
	"diapason/internal/notify"
	"diapason/internal/store"
)

// States of what is sent.
const (
	outboxWaiting = "waiting"
	outboxSent    = "sent"
	outboxDead    = "dead" // given up
)

// fileMost bounds the attachments of a message together, in bytes.
const fileMost = 20 << 20

// Outgoing is a message with the channel that it goes through.
type Outgoing struct {
	Channel string
	notify.Message
}

// Post puts messages into the outbox, all of them or none; they are sent soon, again and
// again until they are taken or given up. A message whose identifier is known already is
// left out, so that posting twice sends once.
func (a *App) Post(ctx context.Context, list ...Outgoing) error {
	for i := range list {
		size := 0
		for _, f := range list[i].Files {
			size += len(f.Data)
		}
		if size > fileMost {
			return fail(CodeTooLarge, nil)
		}
	}
	err := a.store.Tx(ctx, func(q store.Querier) error { return post(ctx, q, a.now(), list) })
	if err == nil {
		a.outbox.wake()
	}
	return err
}

// post writes messages in a transaction.
func post(ctx context.Context, q store.Querier, now time.Time, list []Outgoing) error {
	for i := range list {
		m := &list[i]
		body, err := json.Marshal(m.Message)
		if err != nil {
			return err
		}
		_, err = q.Exec(ctx, `INSERT INTO notification (id, channel, receiver, type, subject, made, due, attempts, state, problem, body)
			VALUES ($1, $2, $3, $4, $5, $6, $6, 0, 'waiting', $7, $8) ON CONFLICT DO NOTHING`,
			m.ID, m.Channel, m.To, m.Type, m.Subject, now.UnixMicro(), []byte{}, body)
		if err != nil {
			return err
		}
	}
	return nil
}

// queued is a message that waits, with its attempts.
type queued struct {
	notify.Message
	made, due time.Time
	attempts  int
}

// due lists the messages of a channel whose next attempt is due, the oldest first; of each
// receiver the oldest only, so that he reads things in the order in which they happened.
// What is due later than any pause lasts was written under a clock that was moved.
func (a *App) dueMessages(ctx context.Context, channel string, now time.Time, most int) ([]queued, error) {
	var out []queued
	err := a.store.View(ctx, func(q store.Querier) error {
		out = nil
		rows, err := q.Query(ctx, `SELECT n.id, n.made, n.due, n.attempts, n.body FROM notification n
			WHERE n.channel = $1 AND n.state = 'waiting' AND (n.attempts = 0 OR n.due <= $2 OR n.due > $3) AND NOT EXISTS (
				SELECT 1 FROM notification e WHERE e.state = 'waiting' AND e.channel = n.channel AND e.receiver = n.receiver
				AND (e.made < n.made OR e.made = n.made AND e.id < n.id))
			ORDER BY n.made, n.id LIMIT $4`, channel, now.UnixMicro(), now.Add(2*pauseLongest).UnixMicro(), int64(most))
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var m queued
			var id string
			var made, due, attempts int64
			var body []byte
			if err := rows.Scan(&id, &made, &due, &attempts, &body); err != nil {
				return err
			}
			if err := json.Unmarshal(body, &m.Message); err != nil {
				return fmt.Errorf("read the message %s: %w", id, err)
			}
			m.made, m.due, m.attempts = time.UnixMicro(made), time.UnixMicro(due), int(attempts)
			out = append(out, m)
		}
		return rows.Err()
	})
	return out, err
}

// claim takes a message for one attempt: until it is over, or was cut short, nobody else
// sends it. It tells whether it was still there to be taken.
func (a *App) claim(ctx context.Context, m *queued, until time.Time) (bool, error) {
	var n int64
	err := a.store.Tx(ctx, func(q store.Querier) (err error) {
		n, err = q.Exec(ctx, `UPDATE notification SET due = $2, attempts = attempts + 1 WHERE id = $1 AND state = 'waiting' AND due = $3`, m.ID, until.UnixMicro(), m.due.UnixMicro())
		return err
	})
	m.attempts++
	return n > 0, err
}

// settle writes down how an attempt ended: taken where there is no problem, else tried
// again at an instant, or given up where that is zero.
func (a *App) settle(ctx context.Context, m *queued, now, next time.Time, problem *notify.Problem) error {
	said, err := problemBytes(problem)
	if err != nil {
		return err
	}
	return a.store.Tx(ctx, func(q store.Querier) error {
		switch {
		case problem == nil:
			_, err = q.Exec(ctx, `UPDATE notification SET state = 'sent', done = $2, problem = $3, body = $3 WHERE id = $1 AND state = 'waiting'`, m.ID, now.UnixMicro(), []byte{})
		case next.IsZero():
			_, err = q.Exec(ctx, `UPDATE notification SET state = 'dead', done = $2, problem = $3 WHERE id = $1 AND state = 'waiting'`, m.ID, now.UnixMicro(), said)
		default:
			_, err = q.Exec(ctx, `UPDATE notification SET due = $2, problem = $3 WHERE id = $1 AND state = 'waiting'`, m.ID, next.UnixMicro(), said)
		}
		return err
	})
}

// giveUp ends what waits in a channel since before an instant, when nothing passes through it.
func (a *App) giveUp(ctx context.Context, channel string, now, before time.Time, problem *notify.Problem) (int64, error) {
	said, err := problemBytes(problem)
	if err != nil {
		return 0, err
	}
	var n int64
	err = a.store.Tx(ctx, func(q store.Querier) (err error) {
		n, err = q.Exec(ctx, `UPDATE notification SET state = 'dead', done = $2, problem = $3 WHERE channel = $1 AND state = 'waiting' AND made < $4`, channel, now.UnixMicro(), said, before.UnixMicro())
		return err
	})
	return n, err
}

func problemBytes(p *notify.Problem) ([]byte, error) {
	if p == nil {
		return []byte{}, nil
	}
	return json.Marshal(p)
}

func readProblem(data []byte) *notify.Problem {
	if len(data) == 0 {
		return nil
	}
	p := &notify.Problem{}
	if err := json.Unmarshal(data, p); err != nil {
		return nil
	}
	return p
}

// channelState is how a channel stands, for all servers.
type channelState struct {
	tried, taken, due time.Time // zero for never
	failures          int
	problem           *notify.Problem
}

func readChannelStates(ctx context.Context, q store.Querier) (map[string]channelState, error) {
	rows, err := q.Query(ctx, `SELECT name, tried, taken, failures, due, problem FROM notification_channel`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := map[string]channelState{}
	for rows.Next() {
		var name string
		var tried, failures, due int64
		var taken sql.NullInt64
		var problem []byte
		if err := rows.Scan(&name, &tried, &taken, &failures, &due, &problem); err != nil {
			return nil, err
		}
		s := channelState{tried: time.UnixMicro(tried).UTC(), due: time.UnixMicro(due).UTC(), failures: int(failures), problem: readProblem(problem)}
		if taken.Valid {
			s.taken = time.UnixMicro(taken.Int64).UTC()
		}
		out[name] = s
	}
	return out, rows.Err()
}

func (a *App) channelStates(ctx context.Context) (out map[string]channelState, err error) {
	err = a.store.View(ctx, func(q store.Querier) (err error) {
		out, err = readChannelStates(ctx, q)
		return err
	})
	return out, err
}

// noteChannel writes down how an attempt on a channel ended.
func (a *App) noteChannel(ctx context.Context, name string, now time.Time, failures int, due time.Time, problem *notify.Problem) error {
	said, err := problemBytes(problem)
	if err != nil {
		return err
	}
	var taken sql.NullInt64
	if problem == nil {
		taken = sql.NullInt64{Int64: now.UnixMicro(), Valid: true}
	}
	return a.store.Tx(ctx, func(q store.Querier) error {
		_, err := q.Exec(ctx, `INSERT INTO notification_channel (name, tried, taken, failures, due, problem) VALUES ($1, $2, $3, $4, $5, $6)
			ON CONFLICT (name) DO UPDATE SET tried = excluded.tried, taken = COALESCE(excluded.taken, notification_channel.taken), failures = excluded.failures, due = excluded.due, problem = excluded.problem`,
			name, now.UnixMicro(), taken, int64(failures), due.UnixMicro(), said)
		return err
	})
}

// How long what is over is kept.
const (
	sentKept   = 30 * 24 * time.Hour
	deadKept   = 90 * 24 * time.Hour
	alertsHeld = 400 * 24 * time.Hour
)

// prune forgets alerts that ended and messages that were sent or given up long ago.
func (a *App) prune(ctx context.Context, now time.Time) error {
	return a.store.Tx(ctx, func(q store.Querier) error {
		if _, err := q.Exec(ctx, `DELETE FROM notification WHERE done < $1 AND state = 'sent' OR done < $2`, now.Add(-sentKept).UnixMicro(), now.Add(-deadKept).UnixMicro()); err != nil {
			return err
		}
		_, err := q.Exec(ctx, `DELETE FROM alert WHERE ended < $1`, now.Add(-alertsHeld).UnixMicro())
		return err
	})
}

// instantOf is an instant as the tables keep it.
func instantOf(micro int64) model.Instant {
	return model.Instant{Time: time.UnixMicro(micro).UTC()}
}
