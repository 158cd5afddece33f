package report

import "testing"

func TestTheFontsCoverBothLanguages(t *testing.T) {
	has := covered()
	for _, r := range "ABCXYZabcxyz0123456789àâäçéèêëîïôöùûüÿœæÀÂÄÇÉÈÊËÎÏÔÖÙÛÜŸŒÆ«»’‘“”–—…€£$%‰≥≤≈≠±×÷°²³µ§©®→←↑↓•·−½¼¾□ \u00a0" {
		if !has(r) {
			t.Errorf("no glyph for %q (%U)", r, r)
		}
	}
}

func TestWhatTheFontsLackIsReplaced(t *testing.T) {
	for in, want := range map[string]string{
		"99,92\u202f%":    "99,92\u00a0%",
		"non\u2011stop":   "non-stop",
		"日本":              "□□",
		"a\u0007b":        "ab",
		"pouce 👍\ufe0f":   "pouce □",
		"deux\nlignes":    "deux\nlignes",
		"« déjà » – 12 €": "« déjà » – 12 €",
	} {
		if got := printable(in); got != want {
			t.Errorf("%q became %q, not %q", in, got, want)
		}
	}
}
