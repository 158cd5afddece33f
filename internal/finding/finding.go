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
	// Hits are what suffers from it apart from its subject: services that stop,
	// agreements that cannot be kept, data that is not certified. Sorted and without
	// repeats once emitted. Something more that is hit makes the finding worse.
	Hits []model.Ref
	// Places are the named items of what it hits in which it shows, for whoever looks
	// at these.
	Places []Place
	// Ahead tells of something that comes and is not yet past, such as the end of a
	// certificate: no profile makes it more than a warning.
	Ahead    bool
	Pointer  string // JSON pointer in the subject's document
	Variant  string // which of the rule's sentences; "" is its plain one
	Args     Args
	Evidence []Evidence
}

// Place is a named item of an object: a target of an agreement.
type Place struct {
	Object model.Ref
	Part   string
}

// Shows reports that the finding is about a named item of an object, as its subject
// or as one of the places in which it shows.
func (f *Finding) Shows(r model.Ref, part string) bool {
	return f.Subject == r && f.Part == part || slices.Contains(f.Places, Place{r, part})
}

// Fingerprint identifies the finding across time: rule, subject, part and
// causes, never figures nor what it hits: it stays the same finding when it comes
// to hit more, and is then worse.
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

// Normalise sorts causes and hits and drops repeats and absent ones; what a finding
// is about is none of what it hits.
func (f *Finding) Normalise() {
	f.Causes, f.Hits = normal(f.Causes), normal(f.Hits)
	if i, itself := slices.BinarySearchFunc(f.Hits, f.Subject, model.Ref.Compare); itself {
		f.Hits = slices.Delete(slices.Clone(f.Hits), i, i+1)
	}
}

// normal leaves a list alone that is in order already, as a long one is.
func normal(list []model.Ref) []model.Ref {
	ordered := true
	for i, r := range list {
		if r.IsZero() || i > 0 && list[i-1].Compare(r) >= 0 {
			ordered = false
			break
		}
	}
	if ordered {
		return list
	}
	list = slices.DeleteFunc(slices.Clone(list), model.Ref.IsZero)
	slices.SortFunc(list, model.Ref.Compare)
	return slices.Compact(list)
}
