package processtest

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"diapason/internal/finding"
	"diapason/internal/language"
)

// Render writes every finding and its remedy in both languages and fails where a
// sentence is missing, has a hole or shows a raw key.
func Render(t testing.TB, found []finding.Finding) {
	t.Helper()
	for _, l := range language.Languages {
		w := language.Writer{Lang: l}
		for i := range found {
			f := &found[i]
			prose := language.Rule(l, f.Rule)
			if prose == nil {
				t.Errorf("%s has no prose in %s", f.Rule, l)
				continue
			}
			if f.Variant != "" && prose.Variants[f.Variant] == "" {
				t.Errorf("%s has no sentence for its variant %q in %s", f.Rule, f.Variant, l)
			}
			for what, s := range map[string]string{"sentence": w.Finding(f), "remedy": w.Remedy(f)} {
				if s == "" || strings.Contains(s, "<no value>") || strings.Contains(s, "{{") || strings.Contains(s, "%!") {
					t.Errorf("%s of %s on %s in %s is incomplete: %q (arguments %v)", what, f.Rule, f.Subject, l, s, f.Args)
				}
			}
			for _, e := range f.Evidence {
				if prose.Labels[e.Label] == "" {
					t.Errorf("evidence %q of %s has no label in %s", e.Label, f.Rule, l)
				}
				if s := w.Value(e.Value); s == "" || strings.Contains(s, "0x") {
					t.Errorf("evidence %q of %s on %s in %s is written %q", e.Label, f.Rule, f.Subject, l, s)
				}
			}
		}
	}
}

// Prose asserts that every rule is complete in both languages: title,
// explanation, sentence, remedy, and the same variants, remedies and labels.
func Prose(t testing.TB, rules []finding.Rule) {
	t.Helper()
	for _, r := range rules {
		en, fr := language.Rule(language.EN, r.ID), language.Rule(language.FR, r.ID)
		if en == nil || fr == nil {
			t.Errorf("%s lacks its prose in a language (en %v, fr %v)", r.ID, en != nil, fr != nil)
			continue
		}
		for lang, p := range map[string]*language.RuleText{"en": en, "fr": fr} {
			if strings.TrimSpace(p.Title) == "" || strings.TrimSpace(p.Explanation) == "" || strings.TrimSpace(p.Violated) == "" && len(p.Variants) == 0 && strings.TrimSpace(p.Unknown) == "" {
				t.Errorf("%s lacks title, explanation or sentence in %s", r.ID, lang)
			}
			if strings.TrimSpace(p.Remedy) == "" && len(p.Remedies) == 0 {
				t.Errorf("%s lacks its remedy in %s", r.ID, lang)
			}
		}
		if (en.Unknown == "") != (fr.Unknown == "") || (en.Violated == "") != (fr.Violated == "") || (en.Remedy == "") != (fr.Remedy == "") {
			t.Errorf("%s has a sentence in one language only", r.ID)
		}
		for what, pair := range map[string][2]map[string]string{"variants": {en.Variants, fr.Variants}, "remedies": {en.Remedies, fr.Remedies}, "labels": {en.Labels, fr.Labels}} {
			a, b := slices.Sorted(maps.Keys(pair[0])), slices.Sorted(maps.Keys(pair[1]))
			if !slices.Equal(a, b) {
				t.Errorf("%s has other %s in English (%v) than in French (%v)", r.ID, what, a, b)
			}
		}
	}
}
