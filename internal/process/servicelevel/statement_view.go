package servicelevel

import (
	"encoding/json"
	"math/big"
	"slices"
	"strings"
	"time"

	"diapason/internal/engine/slo"
	"diapason/internal/model"
)

// View is for whom a statement is written.
type View string

// The views. A promise has one towards whoever it was made to or whoever made it, and one
// for those who answer for it.
const (
	ViewInternal View = "internal" // all that was sealed
	ViewCustomer View = "customer" // what a customer was promised and got
	ViewSupplier View = "supplier" // what a supplier promised and delivered
)

// Outward is the view for the other party of an agreement or contract, by its kind.
func Outward(kind string) View {
	if kind == "contract" {
		return ViewSupplier
	}
	return ViewCustomer
}

// ReportFormat names the form of a Report for the other party.
const ReportFormat = "diapason/service-level-report/v1"

// Report is a statement as one view shows it. What it says is taken from the statement
// alone, so that the reports of one sealed statement cannot differ but in what they leave
// out.
type Report struct {
	View   View   `json:"view"`
	Sealed string `json:"sealed,omitempty"` // the hash of the sealed statement
	*Statement
}

// Report derives what a view shows of a statement; sealed is its hash, empty for one that
// is not sealed. The internal view is the statement itself. The other leaves out who
// measured, corrected and decided, what stood behind the promise, and where evidence lies.
func (s *Statement) Report(v View, sealed string) *Report {
	if v == ViewInternal {
		return &Report{View: v, Sealed: sealed, Statement: s}
	}
	out := *s
	out.Format = ReportFormat
	out.Agreement.Material = ""
	out.Measures = slices.Clone(s.Measures)
	for i := range out.Measures {
		out.Measures[i].outward()
	}
	return &Report{View: v, Sealed: sealed, Statement: &out}
}

func (m *Measure) outward() {
	m.Series, m.Evidence, m.Behind = "", nil, nil
	m.Excluded = slices.Clone(m.Excluded)
	for i := range m.Excluded {
		e := &m.Excluded[i]
		if e.Author = ""; strings.HasPrefix(e.Source, "exclusion ") {
			e.Source = ""
		}
	}
	if m.Cases != nil {
		c := *m.Cases
		c.Source = ""
		m.Cases = &c
	}
	if m.Declared != nil {
		d := *m.Declared
		d.Figures = Pinned{}
		m.Declared = &d
	}
}

// Canonical is the report as canonical JSON (RFC 8785); of the internal view the bytes of
// the statement.
func (r *Report) Canonical() ([]byte, error) {
	if r.View == ViewInternal {
		return r.Statement.Canonical()
	}
	raw, err := json.Marshal(r)
	if err != nil {
		return nil, err
	}
	return model.CanonicalJSON(raw)
}

// Cost is what the credits of a statement come to in money, to the nearest minor unit: the
// share that is due of the fee of its months. ok is false where no fee was agreed, or it is
// for neither a month nor a year.
func (s *Statement) Cost() (cost model.Money, ok bool) {
	if s.Fee == nil {
		return cost, false
	}
	months, per := int64(s.months()), int64(1)
	switch {
	case s.Fee.Per == "year":
		per = 12
	case s.Fee.Per == "" && strings.HasPrefix(s.Agreement.Object, "contract/"):
		return cost, false
	}
	n := new(big.Int).Mul(big.NewInt(s.Fee.Minor), big.NewInt(months))
	n.Mul(n, big.NewInt(int64(s.Credit.Due)))
	whole := new(big.Int).Mul(big.NewInt(int64(slo.Whole)), big.NewInt(per))
	n.Add(n.Lsh(n, 1), whole)
	n.Div(n, whole.Lsh(whole, 1))
	if !n.IsInt64() {
		return cost, false
	}
	return model.Money{Minor: n.Int64(), Currency: s.Fee.Currency}, true
}

// months are the calendar months of the period.
func (s *Statement) months() int {
	loc, err := time.LoadLocation(s.Zone)
	if err != nil {
		loc = time.UTC
	}
	from, to := s.Period.From.In(loc), s.Period.To.In(loc)
	return max(12*(to.Year()-from.Year())+int(to.Month()-from.Month()), 1)
}
