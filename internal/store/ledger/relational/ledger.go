// Package relational is what the two ledgers share: the whole contract of package ledger
// written once over the SQL interface of package store, with $N placeholders that SQLite
// and PostgreSQL both read. The engines add how a transaction is opened and who may work
// alone.
package relational

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"diapason/internal/store"
	"diapason/internal/store/ledger"
)

// Dialect is what differs between the engines inside a transaction.
type Dialect struct {
	// Arrays tells that a statement takes many rows as arrays, one a column, because it
	// costs a round trip. Otherwise rows go one by one through a prepared statement.
	Arrays bool
}

// Ledger implements the contract but for Alone and Close.
type Ledger struct {
	db      store.SQL
	dialect Dialect
	clock   func() time.Time
	place   string

	mu      sync.RWMutex // guards what follows: names that are in the ledger, which keeps them for ever
	series  map[ledger.Series]int64
	origins map[int64]origin
	numbers map[origin]int64
}

// origin is where a record comes from; many share one.
type origin struct{ engine, author, reason string }

// New makes a Ledger over an open database whose migrations are done. Place names it in
// errors.
func New(db store.SQL, dialect Dialect, place string, clock func() time.Time) *Ledger {
	if clock == nil {
		clock = time.Now
	}
	return &Ledger{
		db: db, dialect: dialect, clock: clock, place: place,
		series: map[ledger.Series]int64{}, origins: map[int64]origin{}, numbers: map[origin]int64{},
	}
}

// maxOrigins bounds the origins kept in memory: reasons of corrections are many.
const maxOrigins = 20_000

// tick advances the ledger's clock and gives its time. On PostgreSQL it also makes the
// transaction wait for those that append on other servers.
func (l *Ledger) tick(ctx context.Context, q store.Querier) (micros int64, err error) {
	now := l.clock().UnixMicro()
	err = q.QueryRow(ctx, `UPDATE clock SET at = CASE WHEN at < $1 THEN $1 ELSE at + 1 END RETURNING at`, now).Scan(&micros)
	return micros, err
}

// Now implements ledger.Ledger.
func (l *Ledger) Now(ctx context.Context) (time.Time, error) {
	var at int64
	err := l.db.Tx(ctx, func(q store.Querier) (err error) {
		at, err = l.tick(ctx, q)
		return err
	})
	return moment(at), err
}

// moment is a stored time; zero for 0.
func moment(micros int64) time.Time {
	if micros == 0 {
		return time.Time{}
	}
	return time.UnixMicro(micros).UTC()
}

// micros stores a time; 0 for the zero time.
func micros(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

// knownAt is the last time of recording that a reader wants to see.
func knownAt(asOf time.Time) int64 {
	if asOf.IsZero() {
		return math.MaxInt64
	}
	return asOf.UnixMicro()
}

// errStop ends a transaction whose reader has seen enough.
var errStop = errors.New("the reader has seen enough")

// each passes the rows of a query to scan and closes them.
func each(ctx context.Context, q store.Querier, query string, scan func(store.Rows) error, args ...any) error {
	rows, err := q.Query(ctx, query, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := scan(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

func invalid(place, problem, remedy string) error {
	return &store.Error{Code: store.CodeInvalid, Problem: problem, Remedy: remedy, Place: place}
}

func (l *Ledger) damaged(what string) error {
	return &store.Error{
		Code: store.CodeCorrupt, Problem: what + " in " + l.place + " is damaged",
		Remedy: "restore the ledger from a backup; keep the damaged one for an examination", Place: l.place,
	}
}

// plain refuses a text that would not survive both engines unchanged.
func plain(what, s string, most int, empty bool) error {
	switch {
	case s == "" && !empty:
		return invalid("", what+" is empty", "give it a value")
	case !utf8.ValidString(s):
		return invalid("", what+" is not UTF-8 text", "encode it as UTF-8")
	case strings.ContainsFunc(s, func(r rune) bool { return r < 0x20 && r != '\n' && r != '\t' || r == 0x7f }):
		return invalid("", fmt.Sprintf("%s contains a control character: %q", what, s), "remove it")
	case len(s) > most:
		return invalid("", fmt.Sprintf("%s is %d bytes long", what, len(s)), fmt.Sprintf("keep it under %d bytes", most+1))
	}
	return nil
}

// The lengths of texts, in bytes: an index entry of PostgreSQL holds 2 704.
const (
	mostName   = 600
	mostReason = 1200
)
