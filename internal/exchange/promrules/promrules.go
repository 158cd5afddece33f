// Package promrules writes Prometheus rule files that watch service level objectives:
// recording rules of the error ratio and alerts on how fast the error budget burns,
// over several windows at several rates (Google, The Site Reliability Workbook,
// chapter 5). Two conventions of the field are written, each as its own tool writes
// it: Sloth keeps the windows and scales the factors with the period, Pyrra keeps the
// factors and scales the windows.
package promrules

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/prometheus/common/model"
	"go.yaml.in/yaml/v4"

	"diapason/internal/exchange/intake"
	"diapason/internal/exchange/slofile"
	"diapason/internal/finding"
)

// File is a rule file.
type File struct {
	Groups []Group
}

// Group is a group of rules, evaluated one after the other.
type Group struct {
	Name     string
	Interval model.Duration // 0 for the server's own
	Rules    []Rule
}

// Rule records a series or raises an alert.
type Rule struct {
	Record      string
	Alert       string
	Expr        string
	For         model.Duration
	Labels      map[string]string
	Annotations map[string]string
}

// Encode writes the file in the form of Prometheus, keys and labels in stable order,
// below a comment of one line or more.
func (f *File) Encode(comment string) ([]byte, error) {
	var b bytes.Buffer
	for line := range strings.Lines(comment) {
		fmt.Fprintf(&b, "# %s\n", strings.TrimRight(line, "\n"))
	}
	groups := &yaml.Node{Kind: yaml.SequenceNode}
	for _, g := range f.Groups {
		rules := &yaml.Node{Kind: yaml.SequenceNode}
		for _, r := range g.Rules {
			n := &yaml.Node{Kind: yaml.MappingNode}
			put(n, "record", r.Record)
			put(n, "alert", r.Alert)
			put(n, "expr", r.Expr)
			if r.For > 0 {
				put(n, "for", r.For.String())
			}
			putAll(n, "labels", r.Labels)
			putAll(n, "annotations", r.Annotations)
			rules.Content = append(rules.Content, n)
		}
		n := &yaml.Node{Kind: yaml.MappingNode}
		put(n, "name", g.Name)
		if g.Interval > 0 {
			put(n, "interval", g.Interval.String())
		}
		n.Content = append(n.Content, word("rules"), rules)
		groups.Content = append(groups.Content, n)
	}
	e := yaml.NewEncoder(&b)
	e.SetIndent(2)
	if err := e.Encode(&yaml.Node{Kind: yaml.MappingNode, Content: []*yaml.Node{word("groups"), groups}}); err != nil {
		return nil, err
	}
	if err := e.Close(); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

func word(s string) *yaml.Node { return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: s} }

func put(n *yaml.Node, key, value string) {
	if value == "" {
		return
	}
	v := word(value)
	if strings.Contains(value, "\n") {
		v.Style = yaml.LiteralStyle
	}
	n.Content = append(n.Content, word(key), v)
}

func putAll(n *yaml.Node, key string, values map[string]string) {
	if len(values) == 0 {
		return
	}
	m := &yaml.Node{Kind: yaml.MappingNode}
	for _, k := range slices.Sorted(maps.Keys(values)) {
		v := word(values[k])
		if strings.Contains(values[k], "\n") {
			v.Style = yaml.LiteralStyle
		}
		m.Content = append(m.Content, word(k), v)
	}
	n.Content = append(n.Content, word(key), m)
}

// Set gathers the rules of objectives into one file, with what is to be said of them.
type Set struct {
	File
	Problems intake.Problems // objectives of which no rules could be made
	Notes    []intake.Note   // what somebody should look at
	names    map[string]intake.Place
}

// add takes the groups of an objective, unless one of their names is taken: a rule
// file holds each name once.
func (s *Set) add(at intake.Place, groups []Group) {
	if s.names == nil {
		s.names = map[string]intake.Place{}
	}
	for _, g := range groups {
		if first, taken := s.names[g.Name]; taken {
			s.refuse(at, "slo.twice", finding.Args{"name": g.Name, "first": first.String()})
			return
		}
	}
	for _, g := range groups {
		for _, r := range g.Rules {
			for _, name := range slices.Sorted(maps.Keys(r.Labels)) {
				if !labelName(name) {
					s.refuse(at, "slo.label", finding.Args{"name": name})
					return
				}
			}
			for _, name := range slices.Sorted(maps.Keys(r.Annotations)) {
				if !model.LegacyValidation.IsValidLabelName(name) {
					s.refuse(at, "slo.label", finding.Args{"name": name})
					return
				}
			}
		}
	}
	for _, g := range groups {
		s.names[g.Name] = at
	}
	s.Groups = append(s.Groups, groups...)
}

// answers tells whether what measures an objective is a Prometheus, as far as is known.
func (s *Set) answers(o *slofile.Objective) bool {
	switch kind := strings.ToLower(o.Indicator.Source.Type); kind {
	case "", "prometheus", "sloth", "thanos", "mimir", "cortex", "victoriametrics":
		return true
	}
	s.refuse(o.Place, "slo.source", finding.Args{"source": o.Indicator.Source.Type})
	return false
}

func labelName(s string) bool {
	return s != model.MetricNameLabel && model.LegacyValidation.IsValidLabelName(s)
}

func (s *Set) refuse(at intake.Place, code string, args finding.Args) {
	s.Problems = append(s.Problems, intake.Problem{Place: at, Code: code, Args: args})
}

func (s *Set) note(at intake.Place, what, code string, args finding.Args) {
	s.Notes = append(s.Notes, intake.Note{Outcome: intake.Notice, Place: at, What: what, Code: code, Args: args})
}
