package app

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"diapason/internal/language"
	"diapason/internal/model"
	"diapason/internal/store"
)

// States of a run.
const (
	runWaiting = "waiting"
	runRunning = "running"
	runDone    = "done"
	runFailed  = "failed"
)

// storedSchedule is a schedule with when it is due, in microseconds since 1970; 0 while it
// is paused.
type storedSchedule struct {
	Schedule
	next int64
}

// storedRun is a run as it is kept.
type storedRun struct {
	ReportRun
	SHA256 string `json:"sha256,omitempty"` // of the file
	Media  string `json:"media,omitempty"`
	// Failure is what went wrong: a sentence of ours in both languages where there is one.
	Failure model.Text `json:"failure,omitzero"`
	retry   int64      // when it is tried next
}

func (r *storedRun) view(w language.Writer) ReportRun {
	v := r.ReportRun
	v.Problem = r.Failure.In(string(w.Lang))
	return v
}

// storedSchedules lists the schedules.
func (a *App) storedSchedules(ctx context.Context) ([]storedSchedule, error) {
	var out []storedSchedule
	err := a.store.View(ctx, func(q store.Querier) (err error) {
		out, err = scanSchedules(ctx, q, "")
		return err
	})
	return out, err
}

func scanSchedules(ctx context.Context, q store.Querier, id string) ([]storedSchedule, error) {
	rows, err := q.Query(ctx, `SELECT id, next, body FROM report_schedule WHERE $1 = '' OR id = $1 ORDER BY id`, id)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []storedSchedule
	for rows.Next() {
		var s storedSchedule
		var id string
		var body []byte
		if err := rows.Scan(&id, &s.next, &body); err != nil {
			return nil, err
		}
		if err := json.Unmarshal(body, &s.Schedule); err != nil {
			return nil, fmt.Errorf("read the schedule %s: %w", id, err)
		}
		s.ID = id
		out = append(out, s)
	}
	return out, rows.Err()
}

func (a *App) storedSchedule(ctx context.Context, id string) (*storedSchedule, error) {
	var list []storedSchedule
	err := a.store.View(ctx, func(q store.Querier) (err error) {
		list, err = scanSchedules(ctx, q, id)
		return err
	})
	if err == nil && (len(list) == 0 || id == "") {
		return nil, notFound(id)
	}
	if err != nil {
		return nil, err
	}
	return &list[0], nil
}

func (a *App) keepSchedule(ctx context.Context, s storedSchedule) error {
	body, err := json.Marshal(s.Schedule)
	if err != nil {
		return err
	}
	return a.store.Tx(ctx, func(q store.Querier) error {
		_, err := q.Exec(ctx, `INSERT INTO report_schedule (id, next, body) VALUES ($1, $2, $3) ON CONFLICT (id) DO UPDATE SET next = $2, body = $3`, s.ID, s.next, body)
		return err
	})
}

func (a *App) dropSchedule(ctx context.Context, id string) error {
	return a.store.Tx(ctx, func(q store.Querier) error {
		if _, err := q.Exec(ctx, `DELETE FROM report_run WHERE schedule = $1 AND state = 'waiting'`, id); err != nil {
			return err
		}
		_, err := q.Exec(ctx, `DELETE FROM report_schedule WHERE id = $1`, id)
		return err
	})
}

// keepRuns writes new runs, and when their schedule is due next, together; a run that is
// there already stays as it is. Where another server was faster nothing is written.
func (a *App) keepRuns(ctx context.Context, advanced *scheduleAdvance, runs ...storedRun) error {
	return a.store.Tx(ctx, func(q store.Querier) error {
		if advanced != nil {
			n, err := q.Exec(ctx, `UPDATE report_schedule SET next = $3 WHERE id = $1 AND next = $2`, advanced.id, advanced.from, advanced.to)
			if err != nil || n == 0 {
				return err
			}
		}
		for i := range runs {
			r := &runs[i]
			body, err := json.Marshal(r)
			if err != nil {
				return err
			}
			if _, err := q.Exec(ctx, `INSERT INTO report_run (id, schedule, due, state, retry, body) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING`, r.ID, r.Schedule, r.Due.UnixMicro(), r.State, r.retry, body); err != nil {
				return err
			}
		}
		return nil
	})
}

// scheduleAdvance moves a schedule to its next time.
type scheduleAdvance struct {
	id       string
	from, to int64
}

// storedRuns lists runs of a schedule, all where it is empty, the latest first.
func (a *App) storedRuns(ctx context.Context, schedule string, most int) ([]storedRun, error) {
	return a.selectRuns(ctx, `SELECT id, state, retry, body FROM report_run WHERE $1 = '' OR schedule = $1 ORDER BY due DESC, id LIMIT $2`, schedule, int64(most))
}

// dueRuns are those to be made: that wait, are to be tried again, or were cut short.
func (a *App) dueRuns(ctx context.Context, now time.Time) ([]storedRun, error) {
	return a.selectRuns(ctx, `SELECT id, state, retry, body FROM report_run WHERE state IN ('waiting', 'running') AND retry <= $1 ORDER BY due, id LIMIT 50`, now.UnixMicro())
}

func (a *App) storedRun(ctx context.Context, id string) (*storedRun, error) {
	list, err := a.selectRuns(ctx, `SELECT id, state, retry, body FROM report_run WHERE id = $1`, id)
	if err == nil && len(list) == 0 {
		return nil, notFound(id)
	}
	if err != nil {
		return nil, err
	}
	return &list[0], nil
}

func (a *App) selectRuns(ctx context.Context, query string, args ...any) ([]storedRun, error) {
	var out []storedRun
	err := a.store.View(ctx, func(q store.Querier) error {
		out = nil
		rows, err := q.Query(ctx, query, args...)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var r storedRun
			var id, state string
			var body []byte
			if err := rows.Scan(&id, &state, &r.retry, &body); err != nil {
				return err
			}
			if err := json.Unmarshal(body, &r); err != nil {
				return fmt.Errorf("read the report %s: %w", id, err)
			}
			r.ID, r.State = id, state
			out = append(out, r)
		}
		return rows.Err()
	})
	return out, err
}

// claimRun takes a run for one attempt, until an instant; it tells whether it was still
// there to be taken.
func (a *App) claimRun(ctx context.Context, r *storedRun, now, until time.Time) (taken bool, err error) {
	was := r.retry
	r.State, r.At, r.retry = runRunning, model.Instant{Time: now.UTC()}, until.UnixMicro()
	r.Attempts++
	body, err := json.Marshal(r)
	if err != nil {
		return false, err
	}
	err = a.store.Tx(ctx, func(q store.Querier) error {
		n, err := q.Exec(ctx, `UPDATE report_run SET state = 'running', retry = $2, body = $3 WHERE id = $1 AND retry = $4 AND state IN ('waiting', 'running')`, r.ID, r.retry, body, was)
		taken = n > 0
		return err
	})
	return taken, err
}

// settleRun writes how an attempt ended, together with the messages that carry it out.
func (a *App) settleRun(ctx context.Context, r *storedRun, messages []Outgoing) error {
	body, err := json.Marshal(r)
	if err != nil {
		return err
	}
	err = a.store.Tx(ctx, func(q store.Querier) error {
		n, err := q.Exec(ctx, `UPDATE report_run SET state = $2, retry = $3, body = $4 WHERE id = $1 AND state = 'running'`, r.ID, r.State, r.retry, body)
		if err != nil || n == 0 {
			return err
		}
		return post(ctx, q, a.now(), messages)
	})
	if err == nil && len(messages) > 0 {
		a.outbox.wake()
	}
	return err
}

// blob reads what is kept under a hash.
func (a *App) blob(ctx context.Context, sha256 string) ([]byte, error) {
	_, r, err := a.store.OpenBlob(ctx, sha256)
	if err != nil {
		return nil, fromStore(err, sha256)
	}
	defer r.Close()
	var b bytes.Buffer
	_, err = b.ReadFrom(r)
	return b.Bytes(), err
}

// failureOf says what went wrong in both languages.
func failureOf(err error) model.Text {
	var known *Error
	if errors.As(err, &known) {
		return model.T(known.In(language.EN), known.In(language.FR))
	}
	if errors.Is(err, sql.ErrNoRows) {
		err = errors.New("nothing was found")
	}
	return model.Text{All: err.Error()}
}
