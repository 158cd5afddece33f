package promrules_test

import (
	"log/slog"
	"os"
	"path/filepath"
	"testing"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/rulefmt"
	"github.com/prometheus/prometheus/promql/parser"

	"diapason/internal/exchange/intake"
	"diapason/internal/exchange/promrules"
	"diapason/internal/exchange/slosource"
)

// FuzzRules writes rules from any file: whatever is written, Prometheus must read.
func FuzzRules(f *testing.F) {
	names, _ := filepath.Glob("testdata/*/*.yaml")
	for _, name := range names {
		if data, err := os.ReadFile(name); err == nil && len(data) < 2000 {
			f.Add(data)
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		r := slosource.Read([]intake.File{{Name: "x.yaml", Data: data}})
		for _, set := range []*promrules.Set{promrules.Sloth(r.Objectives, promrules.SlothOptions{Windows: r.Windows}), promrules.Pyrra(r.Objectives, 0)} {
			if len(set.Groups) == 0 {
				continue
			}
			text, err := set.Encode("fuzz")
			if err != nil {
				t.Fatal(err)
			}
			if _, errs := rulefmt.Parse(text, false, model.LegacyValidation, parser.NewParser(parser.Options{}), slog.New(slog.DiscardHandler)); len(errs) > 0 {
				t.Fatalf("%v\n%s", errs, text)
			}
		}
	})
}
