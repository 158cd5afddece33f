package model

import (
	"strings"
)

// Ref names an object: its kind's slug and its name, written "kind/name".
type Ref struct {
	Kind string // slug of the kind, as in "recovery-plan"
	Name string
}

// IsZero reports an absent reference.
func (r Ref) IsZero() bool { return r == Ref{} }

// String writes "kind/name".
func (r Ref) String() string {
	if r.IsZero() {
		return ""
	}
	return r.Kind + "/" + r.Name
}

// Compare orders references by kind, then name.
func (r Ref) Compare(o Ref) int {
	if c := strings.Compare(r.Kind, o.Kind); c != 0 {
		return c
	}
	return strings.Compare(r.Name, o.Name)
}

// MarshalText writes "kind/name".
func (r Ref) MarshalText() ([]byte, error) { return []byte(r.String()), nil }

// UnmarshalText reads "kind/name".
func (r *Ref) UnmarshalText(b []byte) error {
	v, err := ParseRef(string(b))
	if err != nil {
		return err
	}
	*r = v
	return nil
}

// ParseRef reads "kind/name"; the kind is its slug or its name in any case.
func ParseRef(s string) (Ref, error) {
	kind, name, ok := strings.Cut(s, "/")
	if !ok {
		return Ref{}, faultf("%q is no reference: write kind/name, for example service/payroll", s)
	}
	k := KindOf(kind)
	if k == nil {
		return Ref{}, faultf("%q names no kind%s", kind, didYouMean(kind, Slugs()))
	}
	if err := CheckName(name); err != nil {
		return Ref{}, err
	}
	return Ref{k.Slug, name}, nil
}

// parseRefAmong reads a reference of a field that allows some kinds; where it
// allows one kind the bare name is enough.
func parseRefAmong(s string, kinds []string) (Ref, error) {
	if !strings.Contains(s, "/") && len(kinds) == 1 && kinds[0] != "*" {
		if err := CheckName(s); err != nil {
			return Ref{}, err
		}
		return Ref{kinds[0], s}, nil
	}
	if !strings.Contains(s, "/") && len(kinds) > 1 {
		return Ref{}, faultf("%q does not say its kind: write kind/name with one of %s", s, strings.Join(kinds, ", "))
	}
	return ParseRef(s)
}

// MaxName is the longest name an object may have, in bytes.
const MaxName = 200

// CheckName accepts an immutable slug: lower-case letters, digits, "-", "_" and
// ".", starting with a letter or digit.
func CheckName(s string) error {
	if s == "" {
		return faultf("a name is needed: lower-case letters, digits, '-', '_' and '.'")
	}
	if len(s) > MaxName {
		return faultf("%q is no name: it is longer than %d bytes", clip(s, 60), MaxName)
	}
	for i := 0; i < len(s); i++ {
		c := s[i]
		alnum := c >= 'a' && c <= 'z' || c >= '0' && c <= '9'
		if !alnum && (i == 0 || c != '-' && c != '_' && c != '.') {
			return faultf("%q is no name: character %q is not allowed there; use lower-case letters, digits, '-', '_' and '.', for example %q", clip(s, 60), firstRune(s[i:]), Slugify(s))
		}
	}
	return nil
}

// Slugify makes a valid name out of any text ("Dossier Patient (prod)" becomes
// "dossier-patient-prod"); a text without letters or digits becomes "x".
func Slugify(s string) string {
	var b strings.Builder
	dash := false
	for _, r := range strings.ToLower(s) {
		if base, ok := plainLetter[r]; ok {
			if dash && b.Len() > 0 {
				b.WriteByte('-')
			}
			b.WriteString(base)
			dash = false
			continue
		}
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || (r == '.' || r == '_') && b.Len() > 0 {
			if dash && b.Len() > 0 {
				b.WriteByte('-')
			}
			b.WriteRune(r)
			dash = false
			continue
		}
		dash = true
	}
	out := b.String()
	if len(out) > MaxName {
		out = out[:MaxName]
	}
	if out == "" {
		return "x"
	}
	return out
}

var plainLetter = func() map[rune]string {
	m := map[rune]string{'œ': "oe", 'æ': "ae", 'ß': "ss", 'ø': "o", 'ł': "l"}
	for base, accented := range map[string]string{"a": "àáâãäå", "c": "ç", "e": "èéêë", "i": "ìíîï", "n": "ñ", "o": "òóôõö", "u": "ùúûü", "y": "ýÿ"} {
		for _, r := range accented {
			m[r] = base
		}
	}
	return m
}()

func firstRune(s string) rune {
	for _, r := range s {
		return r
	}
	return 0
}

func clip(s string, n int) string {
	if len(s) <= n {
		return s
	}
	return strings.ToValidUTF8(s[:n], "") + "…"
}
