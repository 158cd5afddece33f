// Package ledger is the contract of the evidence ledger: what was measured, minute by
// minute, what is left out and why, and the cases of the ticket tools. It only grows: a
// correction is a new revision that says who made it and why; nothing is rewritten. It
// has a file (SQLite) or a schema (PostgreSQL) of its own and never holds the writer of
// the log.
//
// Package relational is the contract in SQL, packages sqlite and postgres the two
// engines, package ledgertest what both must do.
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
	Series Series
	Day    int // days since 1970-01-01 UTC
	// Revision is 1, 2, 3, … per series and day. In Append zero means the next one; any
	// other number must be the next one, or the append is refused as a conflict: nobody
	// corrects what he has not seen.
	Revision int
	At       time.Time // when it was recorded; given by the ledger
	Engine   string    // who answered: name, version, place; empty where nobody was asked
	Author   string    // account that corrected or pushed; empty for Diapason's own measuring
	Reason   string    // of a correction
	Slices   []byte    // slo.EncodeDay
}

// Kinds of exclusions.
const (
	PlannedMaintenance = "planned-maintenance"
	CustomerCause      = "customer-cause"
	ForceMajeure       = "force-majeure"
)

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
	// Withdraws is the exclusion that ends with this entry, 0 for none. Scope, From, To
	// and Kind of such an entry are those of the one it withdraws, whatever was given.
	Withdraws int64
}

// Case is one revision of what a ticket tool says of a case.
type Case struct {
	Source   string // "measurement-source/NAME"
	ID       string // number in the ticket tool
	Revision int    // given by the ledger
	At       time.Time
	Service  string // "service/NAME" or "component/NAME"
	Priority string
	// Title may name persons: it is no part of what is proven, only its latest text is
	// kept, and it can be erased. A new title alone is no revision.
	Title        string
	TitleErased  time.Time // given by the ledger; zero while the title stands
	Opened       time.Time
	Acknowledged time.Time // zero while nobody has taken it
	Restored     time.Time // zero while it lasts
	Closed       time.Time
	Suspensions  []Suspension
	Withdrawn    bool // it was no case after all (duplicate, error)
}

// Suspension is a stretch in which the clock of a case stood still.
type Suspension struct {
	From time.Time `json:"from"`
	To   time.Time `json:"to,omitzero"` // zero while it lasts
	Why  string    `json:"why,omitempty"`
}

// TitleErasure makes the titles of cases unreadable for ever.
type TitleErasure struct {
	Source string   // "measurement-source/NAME"
	IDs    []string // numbers in the ticket tool; all cases of the source where empty
	Author string
	Reason string
}

// Ledger is a store of evidence. All methods are safe for use by many at once; what is
// appended is durable when the method returns, all of it or nothing. Errors are
// *store.Error; evidence whose bytes have changed on disk is refused with
// store.CodeCorrupt, never given.
//
// Times of recording (At) come from the ledger's clock: it follows the system's, to the
// microsecond, but every append has a later time than the one before, on whatever server
// and even when a system clock is put back.
type Ledger interface {
	// Append records evidence; the revisions are given back in the order of the records.
	Append(ctx context.Context, records []Record) ([]int, error)
	// Read gives the latest revision of each day in [from, to] of each series, series by
	// series and then by day; a series without evidence gives nothing. asOf, unless
	// zero, ignores what was recorded after it.
	Read(ctx context.Context, series []Series, from, to int, asOf time.Time) iter.Seq2[Record, error]
	// Revisions gives every revision of one day.
	Revisions(ctx context.Context, series Series, day int) ([]Record, error)
	// Last gives the last day recorded of each series that has any.
	Last(ctx context.Context) (map[Series]int, error)

	AppendExclusion(ctx context.Context, e Exclusion) (Exclusion, error)
	// Exclusions gives those that touch [from, to) and are not withdrawn, as known asOf,
	// by beginning.
	Exclusions(ctx context.Context, from, to, asOf time.Time) ([]Exclusion, error)

	// AppendCases records cases; one that says what its last revision says, titles apart,
	// is passed over. It counts the cases that are new and those that have changed.
	AppendCases(ctx context.Context, cases []Case) (added, changed int, err error)
	// Cases gives the latest revision of the cases of a source (of all where it is
	// empty) that were open at any time in [from, to), as known asOf, by opening: from
	// their opening until they were closed, or restored where the tool never closes.
	// Withdrawn ones are left out.
	Cases(ctx context.Context, source string, from, to, asOf time.Time) iter.Seq2[Case, error]

	// EraseTitles erases the titles of cases and counts those that it erased. What the
	// tool calls such a case afterwards is not kept either.
	EraseTitles(ctx context.Context, e TitleErasure) (int, error)

	// Now gives a time of the ledger's clock: all that was recorded until then can be
	// read, and nothing will ever be recorded with an earlier time. What is read as of
	// it reads the same for ever.
	Now(ctx context.Context) (time.Time, error)
	// Alone takes a name for one holder among all servers on this ledger, until release
	// is called or the server ends. When another holds it, release is nil.
	Alone(ctx context.Context, name string) (release func(), err error)
	// Fsck reads everything and says what does not hold. The function given tells
	// whether slices can be read.
	Fsck(ctx context.Context, slices func([]byte) error) (Report, error)

	Close() error
}

// Report is the outcome of Fsck.
type Report struct {
	Series, Records, Exclusions, Cases int64
	// Problems lists the first thousand problems; Total counts all.
	Problems []Problem
	Total    int64
}

// ProblemType is the stable name of what Fsck found.
type ProblemType string

// The closed list of problems.
const (
	RecordChanged    ProblemType = "record_changed"    // a revision of evidence is not what was recorded
	SlicesUnreadable ProblemType = "slices_unreadable" // its slices cannot be read
	RevisionMissing  ProblemType = "revision_missing"  // revisions of a day or of a case have a gap
	TimeOrder        ProblemType = "time_order"        // a later revision bears an earlier time
	ExclusionChanged ProblemType = "exclusion_changed" // an exclusion is not what was recorded
	CaseChanged      ProblemType = "case_changed"      // a revision of a case is not what was recorded
	NameUnknown      ProblemType = "name_unknown"      // a record refers to a series or origin that is not there
)

// Problem is one thing that does not hold.
type Problem struct {
	Type ProblemType
	// Where names the record: series, day and #revision; number of an exclusion; source,
	// number and #revision of a case.
	Where string
}

// String tells the problem in one sentence.
func (p Problem) String() string {
	switch p.Type {
	case RecordChanged:
		return "the evidence of " + p.Where + " is not what was recorded"
	case SlicesUnreadable:
		return "the slices of " + p.Where + " cannot be read"
	case RevisionMissing:
		return "a revision is missing before " + p.Where
	case TimeOrder:
		return p.Where + " bears an earlier time than the revision before it"
	case ExclusionChanged:
		return "the exclusion " + p.Where + " is not what was recorded"
	case CaseChanged:
		return "the case " + p.Where + " is not what was recorded"
	default:
		return p.Where + " refers to a name that is not in the ledger"
	}
}
