package table

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"diapason/internal/exchange/intake"
	"diapason/internal/exchange/intake/intaketest"
	"diapason/internal/language"
)

var update = flag.Bool("update", false, "write the expected objects anew")

// Every mapping that comes with the program reads a small export of its kind, in
// testdata/exports, as the objects beside it.
func TestShippedMappings(t *testing.T) {
	for _, m := range Shipped() {
		t.Run(m.Name, func(t *testing.T) {
			if m.Title.EN == "" || m.Title.FR == "" || m.Description.EN == "" || m.Description.FR == "" {
				t.Error("the mapping lacks its title or description in a language")
			}
			samples, _ := filepath.Glob("testdata/exports/" + m.Name + ".*")
			sample := ""
			for _, s := range samples {
				if filepath.Ext(s) != ".golden" {
					sample = s
				}
			}
			if sample == "" {
				t.Fatal("the mapping has no sample export")
			}
			r, err := Read(m, intaketest.Files(t, sample), nil, Options{})
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range r.Errors {
				t.Errorf("%s: %s", e.Cell(), e.Message(language.Writer{Lang: language.EN}))
			}
			intaketest.Model(t, r.Objects)
			intaketest.Prose(t, r.Notes, nil)
			var got bytes.Buffer
			for _, o := range r.Objects {
				got.WriteString("---\n")
				got.Write(o.YAML())
			}
			for _, n := range r.Notes {
				if n.Outcome == intake.Unknown {
					got.WriteString("# " + n.What + ": " + n.Code + "\n")
				}
			}
			golden := strings.TrimSuffix(sample, filepath.Ext(sample)) + ".golden"
			if *update {
				if err := os.WriteFile(golden, got.Bytes(), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(got.Bytes(), want) {
				t.Errorf("got\n%s\nwant\n%s", got.Bytes(), want)
			}
		})
	}
}

// The mappings that the guides show are read without a problem.
func TestMappingsOfTheGuides(t *testing.T) {
	for _, guide := range []string{"import.md", "fr/import.md"} {
		text, err := os.ReadFile(filepath.Join("..", "..", "..", "docs", guide))
		if err != nil {
			t.Fatal(err)
		}
		_, rest, _ := strings.Cut(string(text), "```yaml\n")
		shown, _, ok := strings.Cut(rest, "```")
		if !ok {
			t.Fatalf("%s shows no mapping", guide)
		}
		if _, problems := ParseMapping(guide, []byte(shown)); len(problems) > 0 {
			t.Errorf("%v", intake.Problems(problems))
		}
	}
}
