package servicelevel

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"diapason/internal/engine/slo"
	"diapason/internal/engine/worktime"
	"diapason/internal/model"
)

// StatementFormat names the form of a Statement.
const StatementFormat = "diapason/service-level-statement/v1"

// Statement is what is sealed of a period of an agreement or contract: what was promised, the hours
// and exclusions as they were resolved, which revisions of evidence were counted, and
// what came out. Everything that the result depends on is in it or named by its hash, so
// that it can be computed again, to the same bytes, after calendars, holidays and time
// zones have changed.
type Statement struct {
	Format    string `json:"format"`
	Agreement Pinned `json:"agreement"` // or contract
	Customer  string `json:"customer,omitempty"`
	Supplier  string `json:"supplier,omitempty"` // who promised, of a contract
	Period    Span   `json:"period"`
	// Until is the instant up to which was counted: the end of the period, or an earlier
	// one for an interim statement.
	Until    time.Time `json:"until"`
	Zone     string    `json:"zone"` // IANA, for reading only: all instants are UTC
	AsOf     time.Time `json:"asOf"` // by the ledger's clock: what was recorded later does not count
	Measures []Measure `json:"measures"`
	// Credit is due for all targets together, after the cap of the agreement.
	Credit CreditDue `json:"credit"`
	// CreditCap is the cap that was agreed; absent without one.
	CreditCap *model.Percent `json:"creditCap,omitempty"`
	// Fee is what credits are a share of: a month of it unless it says otherwise.
	Fee *model.Money `json:"fee,omitempty"`
}

// Interim tells that the period was not over.
func (s *Statement) Interim() bool { return s.Until.Before(s.Period.To) }

// Pinned is an object as it stood: its last change in the log and the SHA-256 of its
// material fields.
type Pinned struct {
	Object   string `json:"object"`
	Version  int64  `json:"version"`
	Material string `json:"material,omitempty"`
}

// Span is a half-open stretch of time, in UTC.
type Span struct {
	From time.Time `json:"from"`
	To   time.Time `json:"to"`
}

func (s Span) interval() worktime.Interval { return worktime.Interval{Start: s.From, End: s.To} }

// Length is a duration that JSON keeps exactly: "43m12s".
type Length time.Duration

// MarshalText writes "43m12s".
func (l Length) MarshalText() ([]byte, error) { return []byte(time.Duration(l).String()), nil }

// UnmarshalText reads what MarshalText writes.
func (l *Length) UnmarshalText(b []byte) error {
	d, err := time.ParseDuration(string(b))
	*l = Length(d)
	return err
}

// Basis says what a measure rests on.
type Basis string

// What a measure may rest on.
const (
	BasisEvidence Basis = "evidence" // minute slices of the ledger
	BasisCases    Basis = "cases"    // cases of a ticket tool
	BasisDeclared Basis = "declared" // a figure typed by hand
	BasisNone     Basis = "none"     // nobody measures it
)

// Measure is one target for one service, with all that its result depends on.
type Measure struct {
	Target  string `json:"target"`
	Metric  string `json:"metric"`
	Service string `json:"service"`
	Basis   Basis  `json:"basis"`

	// Of BasisEvidence.
	Series   string         `json:"series,omitempty"`
	Rules    *MeasureRules  `json:"rules,omitempty"`
	Agreed   []Span         `json:"agreed,omitempty"`
	Excluded []ExcludedTime `json:"excluded,omitempty"`
	Evidence []CountedDay   `json:"evidence,omitempty"`
	Result   *MeasureResult `json:"result,omitempty"`
	// Of BasisCases.
	Cases *CaseMeasure `json:"cases,omitempty"`
	// Of BasisDeclared.
	Declared *DeclaredFigure `json:"declared,omitempty"`

	Bands     []model.CreditBand `json:"bands,omitempty"`
	CreditCap *model.Percent     `json:"creditCap,omitempty"`
	Credit    *CreditDue         `json:"credit,omitempty"`

	// Overridden is the agreement that counts in place of this promise; no credit is due
	// for it then.
	Overridden string `json:"overridden,omitempty"`
	// Behind is what stood behind the promise; absent where nothing is known of it.
	Behind *Behind `json:"behind,omitempty"`
}

// MeasureRules are slo.Rules in the words of the model.
type MeasureRules struct {
	Target      model.Percent  `json:"target"`
	Strict      bool           `json:"strict,omitempty"`
	Method      string         `json:"method"`
	Slice       int            `json:"slice"` // minutes
	SliceTarget *model.Percent `json:"sliceTarget,omitempty"`
	Unknown     string         `json:"unknown"` // excluded, up, down
}

// CountedDay names the revision of a day of evidence that was counted.
type CountedDay struct {
	Day      int    `json:"day"` // since 1970-01-01 UTC
	Revision int    `json:"revision"`
	SHA256   string `json:"sha256"` // of the slices
	Engine   string `json:"engine,omitempty"`
	Author   string `json:"author,omitempty"` // of a correction
	Reason   string `json:"reason,omitempty"`
}

// MeasureResult is slo.Attainment as it is sealed.
type MeasureResult struct {
	Agreed        Length     `json:"agreed"`
	LeftOut       Length     `json:"excluded"`
	Unknown       Length     `json:"unknown"`
	Good          Length     `json:"good"`
	Bad           Length     `json:"bad"`
	GoodEvents    slo.Count  `json:"goodEvents,omitzero"`
	TotalEvents   slo.Count  `json:"totalEvents,omitzero"`
	Attained      *slo.Share `json:"attained"`
	Coverage      slo.Share  `json:"coverage"`
	Verdict       string     `json:"verdict"`
	Budget        Length     `json:"budget"`
	BudgetUsed    Length     `json:"budgetUsed"`
	Interruptions []Span     `json:"interruptions,omitempty"`
}

// CaseMeasure is how the cases of a period kept a time.
type CaseMeasure struct {
	Source string `json:"source"` // the measurement source
	// Starts, Stops and Suspension say when the clock starts, stops and stands still, in
	// the words of a target.
	Starts     string        `json:"starts,omitempty"`
	Stops      string        `json:"stops,omitempty"`
	Suspension string        `json:"suspension,omitempty"`
	Within     Length        `json:"within"`
	Share      model.Percent `json:"share"`
	Strict     bool          `json:"strict,omitempty"`
	Priority   string        `json:"priority,omitempty"`
	Counted    []CountedCase `json:"counted"`
	Result     CaseResult    `json:"result"`
}

// CountedCase is a case as it was counted, of which revision.
type CountedCase struct {
	ID        string    `json:"id"`
	Revision  int       `json:"revision"`
	Priority  string    `json:"priority,omitempty"`
	Start     time.Time `json:"start"`
	Stop      time.Time `json:"stop,omitzero"`
	Suspended []Span    `json:"suspended,omitempty"`
	Outcome   string    `json:"outcome"`
	Elapsed   Length    `json:"elapsed"`
}

// CaseResult is slo.CaseAttainment as it is sealed.
type CaseResult struct {
	Kept       int        `json:"kept"`
	Late       int        `json:"late"`
	Pending    int        `json:"pending"`
	Attained   *slo.Share `json:"attained"`
	Percentile Length     `json:"percentile"`
	Verdict    string     `json:"verdict"`
}

// DeclaredFigure is a figure that was typed by hand.
type DeclaredFigure struct {
	Figures  Pinned              `json:"figures,omitzero"`
	Attained *model.Availability `json:"attained,omitempty"`
	Value    *model.Quantity     `json:"value,omitempty"`
	Verdict  string              `json:"verdict"`
}

// CreditDue is a credit as a share of the fee of the period.
type CreditDue struct {
	Due    slo.Share `json:"due"`
	Full   slo.Share `json:"full"` // before the cap
	Capped bool      `json:"capped,omitempty"`
}

// Canonical is the statement as canonical JSON (RFC 8785): the bytes that are sealed.
func (s *Statement) Canonical() ([]byte, error) {
	raw, err := json.Marshal(s)
	if err != nil {
		return nil, err
	}
	return model.CanonicalJSON(raw)
}

// StatementHash is the SHA-256 of sealed bytes, in hexadecimal: the name of a statement.
func StatementHash(canonical []byte) string {
	h := sha256.Sum256(canonical)
	return hex.EncodeToString(h[:])
}

// ErrStatement is the answer to bytes that are no statement.
var ErrStatement = errors.New("this is no statement of service levels")

// ReadStatement reads sealed bytes, and nothing else: unknown fields, another format or
// bytes that are not canonical are ErrStatement with what is wrong. Results are not
// believed: Recompute computes them again.
func ReadStatement(b []byte) (*Statement, error) {
	var s Statement
	var form struct {
		Format string `json:"format"`
	}
	if err := json.Unmarshal(b, &form); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrStatement, err)
	}
	if form.Format != StatementFormat {
		return nil, fmt.Errorf("%w: its format is %q, %q is wanted", ErrStatement, form.Format, StatementFormat)
	}
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	if err := d.Decode(&s); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrStatement, err)
	}
	return &s, nil
}
