package promrules_test

import (
	"bytes"
	"fmt"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/rulefmt"
	"github.com/prometheus/prometheus/promql/parser"
	"go.yaml.in/yaml/v4"

	"diapason/internal/exchange/intake"
	"diapason/internal/exchange/promrules"
	"diapason/internal/exchange/slofile"
	"diapason/internal/exchange/slosource"
)

const day = 24 * time.Hour

// plainRule is a rule as any writer of YAML writes it.
type plainRule struct {
	Record, Alert, Expr, For string
	Labels, Annotations      map[string]string
}

type plainGroup struct {
	Name, Interval string
	Rules          []plainRule
}

// groups reads a rule file, one or more documents, plain or wrapped for Kubernetes.
func groups(t *testing.T, data []byte) []plainGroup {
	t.Helper()
	var out []plainGroup
	for d := yaml.NewDecoder(bytes.NewReader(data)); ; {
		var doc struct {
			Groups []plainGroup
			Spec   struct{ Groups []plainGroup }
		}
		if err := d.Decode(&doc); err != nil {
			if len(out) == 0 {
				t.Fatal(err)
			}
			return out
		}
		out = append(append(out, doc.Groups...), doc.Spec.Groups...)
	}
}

func read(t *testing.T, names ...string) *slofile.Reading {
	t.Helper()
	var files []intake.File
	for _, name := range names {
		data, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, intake.File{Name: name, Data: data})
	}
	r := slosource.Read(files)
	if len(r.Invalid) > 0 {
		t.Fatal(r.Invalid)
	}
	return r
}

// encode writes rules and has Prometheus's own reader read them.
func encode(t *testing.T, s *promrules.Set) []byte {
	t.Helper()
	if len(s.Problems) > 0 {
		t.Fatal(s.Problems)
	}
	text, err := s.Encode("rules\nof a test")
	if err != nil {
		t.Fatal(err)
	}
	if _, errs := rulefmt.Parse(text, false, model.LegacyValidation, parser.NewParser(parser.Options{}), slog.New(slog.DiscardHandler)); len(errs) > 0 {
		t.Fatalf("Prometheus does not read the rules: %v\n%s", errs, text)
	}
	return text
}

// TestSloth holds the rules against those that Sloth v0.12.0 itself wrote for the same
// files (testdata/sloth/*.rules.yaml). Only the version that the rules name differs:
// a build of Sloth from its sources calls itself "dev".
func TestSloth(t *testing.T) {
	for _, c := range []struct {
		name, golden string
		files        []string
		options      promrules.SlothOptions
	}{
		{"events over 30 days", "events", []string{"events.yaml"}, promrules.SlothOptions{}},
		{"events over 28 days", "events-28d", []string{"events.yaml"}, promrules.SlothOptions{Period: 28 * day}},
		{"events over 7 days, with the usual windows", "events-7d", []string{"events.yaml"}, promrules.SlothOptions{Period: 7 * day}},
		{"events over 90 days, with the usual windows", "events-90d", []string{"events.yaml"}, promrules.SlothOptions{Period: 90 * day}},
		{"the whole period from the events", "events-exact", []string{"events.yaml"}, promrules.SlothOptions{Exact: true}},
		{"several objectives, alerts disabled", "several", []string{"several.yaml"}, promrules.SlothOptions{}},
		{"windows of a file", "several-7d-windows", []string{"several.yaml", "windows-7d.yaml"}, promrules.SlothOptions{Period: 7 * day}},
		{"labels added to all", "several-labels", []string{"several.yaml"}, promrules.SlothOptions{Labels: map[string]string{"env": "test", "owner": "other"}}},
		{"a ratio given by one query", "raw", []string{"raw.yaml"}, promrules.SlothOptions{}},
		{"several documents", "documents", []string{"documents.yaml"}, promrules.SlothOptions{}},
		{"an object of Kubernetes", "object", []string{"object.yaml"}, promrules.SlothOptions{}},
		{"OpenSLO v1alpha over 28 days", "openslo", []string{"openslo.yaml"}, promrules.SlothOptions{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var files []string
			for _, f := range c.files {
				files = append(files, "sloth/"+f)
			}
			r := read(t, files...)
			c.options.Windows = r.Windows
			got := groups(t, encode(t, promrules.Sloth(r.Objectives, c.options)))
			golden, err := os.ReadFile("testdata/sloth/" + c.golden + ".rules.yaml")
			if err != nil {
				t.Fatal(err)
			}
			compare(t, got, groups(t, golden))
		})
	}
}

func compare(t *testing.T, got, want []plainGroup) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%d groups, want %d", len(got), len(want))
	}
	for i, w := range want {
		g := got[i]
		if g.Name != w.Name || g.Interval != w.Interval || len(g.Rules) != len(w.Rules) {
			t.Errorf("group %s every %q with %d rules, want %s every %q with %d", g.Name, g.Interval, len(g.Rules), w.Name, w.Interval, len(w.Rules))
			continue
		}
		for j, x := range w.Rules {
			y := g.Rules[j]
			for _, l := range []map[string]string{x.Labels, y.Labels} {
				if l["sloth_version"] != "" {
					l["sloth_version"] = ""
				}
			}
			if x.Expr != y.Expr {
				t.Errorf("%s, rule %d:\n%q\nwant\n%q", w.Name, j, y.Expr, x.Expr)
			}
			if x.Record != y.Record || x.Alert != y.Alert || !sameDuration(x.For, y.For) || !maps.Equal(x.Labels, y.Labels) || !maps.Equal(x.Annotations, y.Annotations) {
				t.Errorf("%s, rule %d:\n%+v\nwant\n%+v", w.Name, j, y, x)
			}
		}
	}
}

func sameDuration(a, b string) bool {
	x, _ := model.ParseDuration(a)
	y, _ := model.ParseDuration(b)
	return x == y
}

func TestFactorsOfTheWorkbook(t *testing.T) {
	// shares 2, 5, 10, 10 % over 1 h, 6 h, 1 d, 3 d
	for _, c := range []struct {
		days int
		want []string
	}{
		{30, []string{"14.4", "6", "3", "1"}}, {28, []string{"13.44", "5.6", "2.8", "0.9333"}},
		{7, []string{"3.36", "1.4", "0.7", "0.2333"}}, {90, []string{"43.2", "18", "9", "3"}},
	} {
		t.Run(fmt.Sprint(c.days, " days"), func(t *testing.T) {
			o := &slofile.Objective{Service: "s1", Name: "n1", Target: 50, Period: time.Duration(c.days) * day, Page: slofile.Alert{Name: "A"}, Ticket: slofile.Alert{Name: "A"},
				Indicator: slofile.Indicator{Raw: &slofile.Raw{Query: "avg_over_time(e[" + slofile.Window + "])"}}}
			s := promrules.Sloth([]*slofile.Objective{o}, promrules.SlothOptions{})
			told := map[string]string{}
			for _, n := range s.Notes {
				if n.Code == "slo.burn.never" || n.Code == "slo.burn.slow" {
					told[n.Args["long"].(string)] = n.Args["factor"].(string)
				}
			}
			// at 50 % all factors from 2 never fire, those below 1 fire too soon
			for i, long := range []string{"1h", "6h", "1d", "3d"} {
				if f := told[long]; f != "" && f != c.want[i] {
					t.Errorf("factor over %s is %s, want %s", long, f, c.want[i])
				}
			}
			if told["1h"] != c.want[0] {
				t.Errorf("nothing is told of the page alert over 1h: %v", told)
			}
		})
	}
}

func TestAFactorThatCanNeverFireIsTold(t *testing.T) {
	for _, c := range []struct {
		name   string
		target slofile.Percentage
		want   []string
	}{
		{"at 99.9 % all can fire", 99.9, nil},
		{"at 93.1 % all can fire", 93.1, nil},
		{"at 93 % 14.4 cannot", 93, []string{"14.4"}},
		{"at 80 % 14.4 and 6 cannot", 80, []string{"14.4", "6"}},
		{"at 0.1 % not even 3", 0.1, []string{"14.4", "6", "3"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			o := &slofile.Objective{Service: "s1", Name: "n1", Target: c.target, Page: slofile.Alert{Name: "A"}, Ticket: slofile.Alert{Name: "A"},
				Indicator: slofile.Indicator{Raw: &slofile.Raw{Query: "avg_over_time(e[" + slofile.Window + "])"}}}
			var got []string
			for _, n := range promrules.Sloth([]*slofile.Objective{o}, promrules.SlothOptions{}).Notes {
				if n.Code == "slo.burn.never" {
					got = append(got, n.Args["factor"].(string))
				}
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("told of %v, want %v", got, c.want)
			}
		})
	}
}
