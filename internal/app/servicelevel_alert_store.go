package app

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"diapason/internal/model"
	"diapason/internal/store"
)

// Kinds of alerts.
const (
	alertBurn  = "burn"         // the budget is used too fast
	alertBlind = "not-measured" // nothing is known
)

// States of an alert, and the events that bring them about.
const (
	alertFiring   = "firing"
	alertResolved = "resolved"
)

// alertRecord is one occurrence of an alert: from when its rule began to hold until it
// no longer did.
type alertRecord struct {
	ID    string
	Rule  string
	Began time.Time
	Ended time.Time // zero while it fires
	alertBody
}

// alertBody is what an alert said when it was last looked at.
type alertBody struct {
	Kind      string         `json:"kind"` // burn, not-measured
	Severity  string         `json:"severity"`
	Agreement model.Ref      `json:"agreement"`
	Customer  model.Ref      `json:"customer,omitzero"`
	Service   model.Ref      `json:"service"`
	Target    string         `json:"target"`
	Long      model.Duration `json:"long,omitzero"`
	Short     model.Duration `json:"short,omitzero"`
	Factor    float64        `json:"factor,omitzero"`
	LongRate  float64        `json:"longRate,omitzero"`
	ShortRate float64        `json:"shortRate,omitzero"`
	// Forecast of the window: what is known of its budget at Checked.
	Outlook *AlertOutlook `json:"outlook,omitempty"`
	// Known is the end of the last minute of which something is known, for what is not
	// measured; Zone that of the objective.
	Known   model.Instant `json:"known,omitzero"`
	Zone    string        `json:"zone"`
	Checked model.Instant `json:"checked"`
	// Gone tells that it ended because nothing is promised any more.
	Gone bool `json:"gone,omitempty"`
}

// AlertOutlook is what becomes of the budget of a window if it goes on being used as in
// the long window of an alert.
type AlertOutlook struct {
	From   model.Instant  `json:"from"`
	Until  model.Instant  `json:"until"` // end of the window
	Left   model.Duration `json:"left"`  // budget that is left; where it is broken, by how much
	Broken bool           `json:"broken,omitempty"`
	Breaks bool           `json:"breaks,omitempty"`
	// Breach is when more is lost than allowed; absent where that is not in sight.
	Breach model.Instant `json:"breach,omitzero"`
}

func (r *alertRecord) state() string {
	if r.Ended.IsZero() {
		return alertFiring
	}
	return alertResolved
}

const alertColumns = `id, rule, began, ended, body`

func scanAlert(row store.Row) (*alertRecord, error) {
	var r alertRecord
	var began int64
	var ended sql.NullInt64
	var body []byte
	if err := row.Scan(&r.ID, &r.Rule, &began, &ended, &body); err != nil {
		return nil, err
	}
	r.Began = time.UnixMicro(began).UTC()
	if ended.Valid {
		r.Ended = time.UnixMicro(ended.Int64).UTC()
	}
	if err := json.Unmarshal(body, &r.alertBody); err != nil {
		return nil, fmt.Errorf("read the alert %s: %w", r.ID, err)
	}
	return &r, nil
}

// alertsSince lists the alerts that fire, and those that ended at or after an instant, the
// latest first.
func (a *App) alertsSince(ctx context.Context, since time.Time) ([]alertRecord, error) {
	var out []alertRecord
	err := a.store.View(ctx, func(q store.Querier) error {
		out = nil
		rows, err := q.Query(ctx, `SELECT `+alertColumns+` FROM alert WHERE ended IS NULL OR ended >= $1 ORDER BY began DESC, id`, since.UnixMicro())
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			r, err := scanAlert(rows)
			if err != nil {
				return err
			}
			out = append(out, *r)
		}
		return rows.Err()
	})
	return out, err
}

// firingAlerts are the alerts that fire, by their rule.
func (a *App) firingAlerts(ctx context.Context) (map[string]*alertRecord, error) {
	list, err := a.alertsSince(ctx, time.UnixMicro(1<<62))
	out := make(map[string]*alertRecord, len(list))
	for i := range list {
		out[list[i].Rule] = &list[i]
	}
	return out, err
}

// alertChange is what a pass found to have changed.
type alertChange struct {
	record alertRecord
	event  string // firing, resolved; empty where only what it says has changed
}

// keepAlerts writes the changes of a pass and the messages that tell of them, all of them
// or none. Another server that was faster is not an error: its word stands.
func (w *alertWatch) keepAlerts(ctx context.Context, now time.Time, changes []alertChange) error {
	if len(changes) == 0 {
		return nil
	}
	routes, err := w.routes(ctx, changes)
	if err != nil {
		return err
	}
	err = w.store.Tx(ctx, func(q store.Querier) error {
		done := make([]bool, len(changes))
		for i, c := range changes {
			n, err := keepAlert(ctx, q, &c)
			if err != nil {
				return err
			}
			done[i] = n > 0
		}
		return post(ctx, q, w.now(), w.messages(routes, changes, done, now))
	})
	if err == nil {
		w.outbox.wake()
	}
	return err
}

func keepAlert(ctx context.Context, q store.Querier, c *alertChange) (int64, error) {
	body, err := json.Marshal(c.record.alertBody)
	if err != nil {
		return 0, err
	}
	switch c.event {
	case alertFiring:
		return q.Exec(ctx, `INSERT INTO alert (id, rule, began, body) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING`, c.record.ID, c.record.Rule, c.record.Began.UnixMicro(), body)
	case alertResolved:
		return q.Exec(ctx, `UPDATE alert SET ended = $2, body = $3 WHERE id = $1 AND ended IS NULL`, c.record.ID, c.record.Ended.UnixMicro(), body)
	}
	return q.Exec(ctx, `UPDATE alert SET body = $2 WHERE id = $1 AND ended IS NULL`, c.record.ID, body)
}

// refText writes a reference; empty for none.
func refText(r model.Ref) string {
	if r.IsZero() {
		return ""
	}
	return r.String()
}
