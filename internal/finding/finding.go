// Package finding says what does not fit: findings, the rules that make them,
// and the facts that rules read. It carries no prose: package language renders
// findings for people.
package finding

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"diapason/internal/model"
)

// Outcome says whether a rule is violated or could not be judged.
type Outcome string

// The outcomes of a finding.
const (
	Violated Outcome = "violated"
	Unknown  Outcome = "unknown" // a datum is missing
)

// Severity is how much a finding matters.
type Severity uint8

// The severities, rising.
const (
	Off Severity = iota // switched off by the organisation's profile
	Info
	Warning
	Error
)

var severityNames = []string{"off", "info", "warning", "error"}

// String is the severity's name in data.
func (s Severity) String() string { return severityNames[s] }

// MarshalText writes the name.
func (s Severity) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads a name.
func (s *Severity) UnmarshalText(b []byte) error {
	v, ok := ParseSeverity(string(b))
	if !ok {
		return fmt.Errorf("%q is no severity: write error, warning, info or off", b)
	}
	*s = v
	return nil
}

// ParseSeverity reads a name; ok is false when there is no such severity.
func ParseSeverity(name string) (Severity, bool) {
	i := slices.Index(severityNames, name)
	return Severity(max(i, 0)), i >= 0
}

// Args are the typed values that a finding's sentence is made of: model units,
// references, lists of references, integers, names. Never prose.
type Args map[string]any

// Evidence is one figure that led to the finding; Label is a key of the rule's
// labels in package language.
type Evidence struct {
	Label string
	Value any
}

// Finding is one gap, or one missing datum.
type Finding struct {
	Rule     string
	Outcome  Outcome
	Severity Severity // zero takes the rule's
	Subject  model.Ref
	Part     string      // the named item inside the subject ("targets/availability"), if any
	Causes   []model.Ref // what brings it about; sorted and without repeats once emitted
	Pointer  string      // JSON pointer in the subject's document
	Variant  string      // which of the rule's sentences; "" is its plain one
	Args     Args
	Evidence []Evidence
}

// Fingerprint identifies the finding across time: rule, subject, part and
// causes, never figures.
func (f *Finding) Fingerprint() string {
	h := sha256.New()
	for _, s := range []string{f.Rule, f.Subject.String(), f.Part} {
		h.Write([]byte(s))
		h.Write([]byte{0})
	}
	for _, c := range f.Causes {
		h.Write([]byte(c.String()))
		h.Write([]byte{0})
	}
	return hex.EncodeToString(h.Sum(nil)[:12])
}

// Compare orders findings by subject, then rule, part and causes.
func Compare(a, b *Finding) int {
	if c := a.Subject.Compare(b.Subject); c != 0 {
		return c
	}
	if c := strings.Compare(a.Rule, b.Rule); c != 0 {
		return c
	}
	if c := strings.Compare(a.Part, b.Part); c != 0 {
		return c
	}
	return slices.CompareFunc(a.Causes, b.Causes, model.Ref.Compare)
}

// Normalise sorts the causes and drops repeats and absent ones.
func (f *Finding) Normalise() {
	f.Causes = slices.DeleteFunc(slices.Clone(f.Causes), model.Ref.IsZero)
	slices.SortFunc(f.Causes, model.Ref.Compare)
	f.Causes = slices.Compact(f.Causes)
}
