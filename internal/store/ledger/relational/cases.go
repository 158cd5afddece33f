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

// document is what a revision of a case says, as the table holds it: times in UTC.
type document struct {
	Service      string              `json:"service,omitempty"`
	Priority     string              `json:"priority,omitempty"`
	Title        string              `json:"title,omitempty"`
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
		Service: c.Service, Priority: c.Priority, Title: c.Title, Withdrawn: c.Withdrawn,
		Opened: whole(c.Opened), Acknowledged: whole(c.Acknowledged), Restored: whole(c.Restored), Closed: whole(c.Closed),
	}
	for _, s := range c.Suspensions {
		d.Suspensions = append(d.Suspensions, ledger.Suspension{From: whole(s.From), To: whole(s.To), Why: s.Why})
	}
	return json.Marshal(d)
}

func (d *document) to(c *ledger.Case) {
	c.Service, c.Priority, c.Title, c.Withdrawn = d.Service, d.Priority, d.Title, d.Withdrawn
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

const caseColumns = `source, id, revision, at, sum, document`

func (l *Ledger) scanCase(r store.Row) (ledger.Case, error) {
	var c ledger.Case
	var at, sum int64
	var said []byte
	if err := r.Scan(&c.Source, &c.ID, &c.Revision, &at, &sum, &said); err != nil {
		return c, err
	}
	var d document
	if sumOfCase(c.Source, c.ID, c.Revision, at, said) != sum || json.Unmarshal(said, &d) != nil {
		return c, l.damaged(fmt.Sprintf("the case %s %s #%d", c.Source, c.ID, c.Revision))
	}
	c.At = moment(at)
	d.to(&c)
	return c, nil
}

// Cases implements ledger.Ledger.
func (l *Ledger) Cases(ctx context.Context, source string, from, to, asOf time.Time) iter.Seq2[ledger.Case, error] {
	return func(yield func(ledger.Case, error) bool) {
		err := l.db.View(ctx, func(q store.Querier) error {
			return each(ctx, q, `SELECT `+caseColumns+` FROM ticket AS c
				WHERE ended >= $1 AND opened < $2 AND at <= $3 AND withdrawn = 0 AND ($4 = '' OR source = $4)
				AND NOT EXISTS (SELECT 1 FROM ticket AS n WHERE n.source = c.source AND n.id = c.id AND n.revision > c.revision AND n.at <= $3)
				ORDER BY opened, source, id`, func(r store.Rows) error {
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
