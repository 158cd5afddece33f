// Package ledger is the contract of the evidence ledger: what was measured, minute by
// minute, what is left out and why, the cases of the ticket tools, and the periods that
// were sealed. It only grows: a correction is a new revision that says who made it and
// why; nothing is rewritten. It has a file (SQLite) or a schema (PostgreSQL) of its own
// and never holds the writer of the log.
package ledger

import (
	"context"
	"iter"
	"time"
)

// Series names a stream of evidence: what a measurement source says of one thing, such as
// "measurement-source/probe service/payroll".
type Series string

// Record is one revision of the evidence of a series for one UTC day.
type Record struct {
	Series   Series
	Day      int       // days since 1970-01-01 UTC
	Revision int       // 1, 2, 3, … per series and day; given by the ledger
	At       time.Time // when it was recorded; given by the ledger, never decreasing for a series and day
	Engine   string    // who answered: name, version, place; empty where nobody was asked
	Author   string    // account that corrected or pushed; empty for Diapason's own measuring
	Reason   string    // of a correction
	Slices   []byte    // slo.EncodeDay
}

// Exclusion is a stretch of time that does not count, by decision: the author, when it
// was announced, and why. It is withdrawn by a later one that names it.
type Exclusion struct {
	ID        int64 // given by the ledger
	At        time.Time
	Scope     string // a series, "service/NAME", "agreement/NAME", or "" for all
	From, To  time.Time
	Kind      string // planned-maintenance, customer-cause, force-majeure
	Announced time.Time
	Author    string
	Reason    string
	Withdraws int64 // the exclusion that ends with this entry; 0 for none
}

// Case is one revision of what a ticket tool says of a case.
type Case struct {
	Source       string // "measurement-source/NAME"
	ID           string // number in the ticket tool
	Revision     int    // given by the ledger
	At           time.Time
	Service      string // "service/NAME" or "component/NAME"
	Priority     string
	Title        string
	Opened       time.Time
	Acknowledged time.Time // zero while nobody has taken it
	Restored     time.Time // zero while it lasts
	Closed       time.Time
	Suspensions  []Suspension
	Withdrawn    bool // it was no case after all (duplicate, error)
}

// Suspension is a stretch in which the clock of a case stood still.
type Suspension struct {
	From, To time.Time // To is zero while it lasts
	Why      string    // waiting-customer, waiting-site-access, other
}

// Ledger is a store of evidence. All methods are safe for use by many at once; what is
// appended is durable when the method returns, all of it or nothing.
type Ledger interface {
	// Append records evidence; the revisions are given back in the order of the records.
	Append(ctx context.Context, records []Record) ([]int, error)
	// Read gives the latest revision of each day in [from, to] of each series, by series
	// and day. asOf, unless zero, ignores what was recorded after it.
	Read(ctx context.Context, series []Series, from, to int, asOf time.Time) iter.Seq2[Record, error]
	// Revisions gives every revision of one day.
	Revisions(ctx context.Context, series Series, day int) ([]Record, error)
	// Last gives the last day recorded of each series that has any.
	Last(ctx context.Context) (map[Series]int, error)

	AppendExclusion(ctx context.Context, e Exclusion) (Exclusion, error)
	// Exclusions gives those that touch [from, to) and are not withdrawn, as known asOf.
	Exclusions(ctx context.Context, from, to, asOf time.Time) ([]Exclusion, error)

	AppendCases(ctx context.Context, cases []Case) (added, changed int, err error)
	// Cases gives the latest revision of the cases that were open at any time in
	// [from, to), as known asOf, by opening.
	Cases(ctx context.Context, source string, from, to, asOf time.Time) iter.Seq2[Case, error]

	Close() error
}
