package relational

import (
	"bytes"
	"cmp"
	"context"
	"database/sql"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"iter"
	"math"
	"time"

	"diapason/internal/store"
	"diapason/internal/store/ledger"
)

// document is what a revision of a case says, as the table holds it: times in UTC. Its
// title is kept apart, to be erased.
type document struct {
	Service      string              `json:"service,omitempty"`
	Priority     string              `json:"priority,omitempty"`
	Opened       time.Time           `json:"opened"`
	Acknowledged time.Time           `json:"acknowledged,omitzero"`
	Restored     time.Time           `json:"restored,omitzero"`
	Closed       time.Time           `json:"closed,omitzero"`
	Suspensions  []ledger.Suspension `json:"suspensions,omitempty"`
	Withdrawn    bool                `json:"withdrawn,omitempty"`
}

// whole is a time in UTC to the microsecond, as the ledger keeps it.
func whole(t time.Time) time.Time { return moment(micros(t)) }

func documentOf(c *ledger.Case) ([]byte, error) {
	d := document{
		Service: c.Service, Priority: c.Priority, Withdrawn: c.Withdrawn,
		Opened: whole(c.Opened), Acknowledged: whole(c.Acknowledged), Restored: whole(c.Restored), Closed: whole(c.Closed),
	}
	for _, s := range c.Suspensions {
		d.Suspensions = append(d.Suspensions, ledger.Suspension{From: whole(s.From), To: whole(s.To), Why: s.Why})
	}
	return json.Marshal(d)
}

func (d *document) to(c *ledger.Case) {
	c.Service, c.Priority, c.Withdrawn = d.Service, d.Priority, d.Withdrawn
	c.Opened, c.Acknowledged, c.Restored, c.Closed, c.Suspensions = d.Opened, d.Acknowledged, d.Restored, d.Closed, d.Suspensions
}

// ended is when a case was over: closed, or restored where the tool never closes.
func ended(c *ledger.Case) int64 {
	switch {
	case !c.Closed.IsZero():
		return c.Closed.UnixMicro()
	case !c.Restored.IsZero():
		return c.Restored.UnixMicro()
	}
	return math.MaxInt64
}

func validateCase(c *ledger.Case) error {
	what := "the case " + c.Source + " " + c.ID
	if err := cmp.Or(
		plain("the source of a case", c.Source, mostName, false), plain("the number of a case of "+c.Source, c.ID, mostName, false),
		plain("the service of "+what, c.Service, mostName, true), plain("the priority of "+what, c.Priority, mostName, true),
		plain("the title of "+what, c.Title, mostTitle, true),
	); err != nil {
		return err
	}
	if c.Opened.IsZero() {
		return invalid(c.ID, what+" was never opened", "give the time of its opening")
	}
	for _, t := range []struct {
		name string
		at   time.Time
	}{{"acknowledged", c.Acknowledged}, {"restored", c.Restored}, {"closed", c.Closed}} {
		if !t.at.IsZero() && t.at.Before(c.Opened) {
			return invalid(c.ID, what+" was "+t.name+" before it was opened", "compare the two times and their zones")
		}
	}
	for _, s := range c.Suspensions {
		if s.From.IsZero() || !s.To.IsZero() && s.To.Before(s.From) {
			return invalid(c.ID, "a suspension of "+what+" ends before it begins", "compare the two times")
		}
		if err := plain("the reason of a suspension of "+what, s.Why, mostName, true); err != nil {
			return err
		}
	}
	return nil
}

const mostTitle = 4000 // bytes

func sumOfCase(source, id string, revision int, at int64, said []byte) int64 {
	b := append(append([]byte(source), 0), id...)
	b = binary.AppendVarint(append(b, 0), int64(revision))
	b = append(binary.AppendVarint(b, at), said...)
	return int64(crc32.Checksum(b, castagnoli))
}

// AppendCases implements ledger.Ledger.
func (l *Ledger) AppendCases(ctx context.Context, cases []ledger.Case) (added, changed int, err error) {
	if len(cases) == 0 {
		return 0, 0, nil
	}
	documents := make([][]byte, len(cases))
	for i := range cases {
		if err := validateCase(&cases[i]); err != nil {
			return 0, 0, err
		}
		if documents[i], err = documentOf(&cases[i]); err != nil {
			return 0, 0, invalid(cases[i].ID, "the case "+cases[i].ID+" cannot be written down ("+err.Error()+")", "correct its times")
		}
	}
	err = l.db.Tx(ctx, func(q store.Querier) error {
		added, changed = 0, 0
		at, err := l.tick(ctx, q)
		if err != nil {
			return err
		}
		for i := range cases {
			c := &cases[i]
			if err := title(ctx, q, c); err != nil {
				return err
			}
			var revision int
			var before []byte
			err := q.QueryRow(ctx, `SELECT revision, document FROM ticket WHERE source = $1 AND id = $2 ORDER BY revision DESC LIMIT 1`, c.Source, c.ID).Scan(&revision, &before)
			switch {
			case errors.Is(err, sql.ErrNoRows):
				added++
			case err != nil:
				return err
			case bytes.Equal(before, documents[i]):
				continue
			default:
				changed++
			}
			withdrawn := 0
			if c.Withdrawn {
				withdrawn = 1
			}
			if _, err := q.Exec(ctx, `INSERT INTO ticket (source, id, revision, at, opened, ended, withdrawn, sum, document) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
				c.Source, c.ID, revision+1, at, c.Opened.UnixMicro(), ended(c), withdrawn, sumOfCase(c.Source, c.ID, revision+1, at, documents[i]), documents[i]); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return 0, 0, err
	}
	return added, changed, nil
}

// title keeps what a case is called, unless that was erased.
func title(ctx context.Context, q store.Querier, c *ledger.Case) error {
	_, err := q.Exec(ctx, `INSERT INTO title (source, id, text, erased, author, reason) VALUES ($1, $2, $3, 0, '', '')
		ON CONFLICT (source, id) DO UPDATE SET text = excluded.text WHERE title.erased = 0 AND title.text <> excluded.text`, c.Source, c.ID, c.Title)
	return err
}

// EraseTitles implements ledger.Ledger.
func (l *Ledger) EraseTitles(ctx context.Context, e ledger.TitleErasure) (erased int, err error) {
	if err := cmp.Or(plain("the source of the cases", e.Source, mostName, false), plain("the author of an erasure", e.Author, mostName, true), plain("the reason of an erasure", e.Reason, mostReason, false)); err != nil {
		return 0, err
	}
	err = l.db.Tx(ctx, func(q store.Querier) error {
		at, err := l.tick(ctx, q)
		if err != nil {
			return err
		}
		erase := func(where string, args ...any) error {
			rows, err := q.Query(ctx, `UPDATE title SET text = '', erased = $1, author = $2, reason = $3 WHERE erased = 0 AND source = $4`+where+` RETURNING id`, append([]any{at, e.Author, e.Reason, e.Source}, args...)...)
			if err != nil {
				return err
			}
			defer rows.Close()
			for rows.Next() {
				erased++
			}
			return rows.Err()
		}
		erased = 0
		if len(e.IDs) == 0 {
			return erase("")
		}
		for _, id := range e.IDs {
			if err := erase(` AND id = $5`, id); err != nil {
				return err
			}
		}
		return nil
	})
	return erased, err
}

func (l *Ledger) scanCase(r store.Row) (ledger.Case, error) {
	var c ledger.Case
	var at, sum, erased int64
	var said []byte
	if err := r.Scan(&c.Source, &c.ID, &c.Revision, &at, &sum, &said, &c.Title, &erased); err != nil {
		return c, err
	}
	var d document
	if sumOfCase(c.Source, c.ID, c.Revision, at, said) != sum || json.Unmarshal(said, &d) != nil {
		return c, l.damaged(fmt.Sprintf("the case %s %s #%d", c.Source, c.ID, c.Revision))
	}
	c.At, c.TitleErased = moment(at), moment(erased)
	d.to(&c)
	return c, nil
}

// Cases implements ledger.Ledger.
func (l *Ledger) Cases(ctx context.Context, source string, from, to, asOf time.Time) iter.Seq2[ledger.Case, error] {
	return func(yield func(ledger.Case, error) bool) {
		err := l.db.View(ctx, func(q store.Querier) error {
			return each(ctx, q, `SELECT c.source, c.id, c.revision, c.at, c.sum, c.document, coalesce(t.text, ''), coalesce(t.erased, 0)
				FROM ticket AS c LEFT JOIN title AS t ON t.source = c.source AND t.id = c.id
				WHERE c.ended >= $1 AND c.opened < $2 AND c.at <= $3 AND c.withdrawn = 0 AND ($4 = '' OR c.source = $4)
				AND NOT EXISTS (SELECT 1 FROM ticket AS n WHERE n.source = c.source AND n.id = c.id AND n.revision > c.revision AND n.at <= $3)
				ORDER BY c.opened, c.source, c.id`, func(r store.Rows) error {
				c, err := l.scanCase(r)
				if err != nil {
					return err
				}
				if !yield(c, nil) {
					return errStop
				}
				return nil
			}, from.UnixMicro(), to.UnixMicro(), knownAt(asOf), source)
		})
		if err != nil && !errors.Is(err, errStop) {
			yield(ledger.Case{}, err)
		}
	}
}
