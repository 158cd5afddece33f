package model

import (
	"encoding/json"
	"fmt"
	"strings"
)

// Text is prose written by users: one text for every language, or one per
// language ({en, fr}).
type Text struct {
	All, EN, FR string
}

// T makes a text in both languages.
func T(en, fr string) Text { return Text{EN: en, FR: fr} }

// IsZero reports that nothing is written in any language.
func (t Text) IsZero() bool { return t == Text{} }

// In returns the text in a language ("en" or "fr"), falling back to the common
// text, then to the other language.
func (t Text) In(lang string) string {
	first, second := t.EN, t.FR
	if lang == "fr" {
		first, second = t.FR, t.EN
	}
	for _, s := range []string{first, t.All, second} {
		if s != "" {
			return s
		}
	}
	return ""
}

// Has reports whether a reader of lang finds the text in that language: a common
// text counts for every language.
func (t Text) Has(lang string) bool {
	switch lang {
	case "en":
		return strings.TrimSpace(t.EN+t.All) != ""
	case "fr":
		return strings.TrimSpace(t.FR+t.All) != ""
	}
	return strings.TrimSpace(t.All) != ""
}

// MarshalJSON writes a string, or an object with the languages present.
func (t Text) MarshalJSON() ([]byte, error) {
	if t.EN == "" && t.FR == "" {
		return json.Marshal(t.All)
	}
	m := map[string]string{}
	for k, v := range map[string]string{"en": t.EN, "fr": t.FR} {
		if v != "" {
			m[k] = v
		}
	}
	return json.Marshal(m)
}

// UnmarshalJSON reads what MarshalJSON writes.
func (t *Text) UnmarshalJSON(b []byte) error {
	if len(b) > 0 && b[0] == '"' {
		*t = Text{}
		return json.Unmarshal(b, &t.All)
	}
	var m map[string]string
	if err := json.Unmarshal(b, &m); err != nil {
		return fmt.Errorf("a text is a string or {en, fr}: %w", err)
	}
	*t = Text{EN: m["en"], FR: m["fr"]}
	return nil
}
