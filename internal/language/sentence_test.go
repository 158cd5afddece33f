package language

import (
	"regexp"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"diapason/internal/finding"
	"diapason/internal/model"
)

// prose lists every text of the product in a language.
func prose(l Lang) []string {
	var all []string
	for _, text := range must(l).messages {
		all = append(all, text)
	}
	for _, r := range must(l).rules {
		all = append(all, r.Violated, r.Unknown, r.Remedy)
		for _, m := range []map[string]string{r.Variants, r.Remedies} {
			for _, text := range m {
				all = append(all, text)
			}
		}
	}
	slices.Sort(all)
	return all
}

var argumentName = regexp.MustCompile(`\.([a-zA-Z]+)`)

func TestSentencesAreFilledAsTemplatesAre(t *testing.T) {
	for _, l := range Languages {
		texts := prose(l)
		rapid.Check(t, func(t *rapid.T) {
			text := rapid.SampledFrom(texts).Draw(t, "text")
			args := finding.Args{}
			for _, m := range argumentName.FindAllStringSubmatch(text, -1) {
				switch rapid.IntRange(0, 6).Draw(t, m[1]) {
				case 0: // absent
				case 1:
					args[m[1]] = rapid.IntRange(0, 3).Draw(t, "n")
				case 2:
					args[m[1]] = int64(rapid.IntRange(0, 3).Draw(t, "n"))
				case 3:
					args[m[1]] = rapid.Bool().Draw(t, "truth")
				case 4:
					args[m[1]] = ""
				case 5:
					args[m[1]] = []model.Ref{{Kind: "team", Name: "a"}, {Kind: "team", Name: "b"}}
				default:
					args[m[1]] = rapid.SampledFrom([]string{"a", "stored", "supplier"}).Draw(t, "word")
				}
			}
			w := Writer{Lang: l}
			of := &finding.Finding{Subject: model.Ref{Kind: "service", Name: "s"}, Part: "p"}
			s := l.sentence(text)
			if s.whole == nil {
				t.Fatalf("%q is no template", text)
			}
			want := (&filler{w: w, args: args, of: of}).whole(s, text)
			if got := w.fill(text, args, of); got != want {
				t.Fatalf("%q with %v gives\n%q instead of\n%q", text, args, got, want)
			}
		})
	}
}

func TestNearlyEverySentenceNeedsNoReflection(t *testing.T) {
	for _, l := range Languages {
		all, slow := prose(l), 0
		for _, text := range all {
			if s := l.sentence(text); s.parts == nil {
				t.Logf("%s: only text/template can fill %q", l, text)
				slow++
			}
		}
		if slow*20 > len(all) {
			t.Errorf("%s: %d of %d texts", l, slow, len(all))
		}
	}
}

func BenchmarkFinding(b *testing.B) {
	w := Writer{Lang: EN}
	f := &finding.Finding{Rule: "SLM-019", Outcome: finding.Violated, Subject: model.Ref{Kind: "agreement", Name: "sla"}, Args: finding.Args{"missing": []string{"People", "Cost"}}}
	b.ReportAllocs()
	for b.Loop() {
		_ = w.Finding(f)
	}
}
