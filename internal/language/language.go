// Package language holds all prose of Diapason in English and French and
// renders findings, values and messages for people. Nothing below the edge of
// the program carries prose of its own.
package language

import (
	"embed"
	"fmt"
	"slices"
	"strings"
	"sync"

	"go.yaml.in/yaml/v4"

	"diapason/internal/finding"
	"diapason/internal/model"
)

// Lang is a language of the product.
type Lang string

// The languages of the product.
const (
	EN Lang = "en"
	FR Lang = "fr"
)

// Languages lists them.
var Languages = []Lang{EN, FR}

//go:embed rules/*.yaml messages/*.yaml
var files embed.FS

// RuleText is the prose of one rule in one language.
type RuleText struct {
	Title       string            `yaml:"title"`
	Explanation string            `yaml:"explanation"`
	Violated    string            `yaml:"violated"`
	Unknown     string            `yaml:"unknown"`
	Remedy      string            `yaml:"remedy"`
	Variants    map[string]string `yaml:"variants"` // sentences by variant name
	Remedies    map[string]string `yaml:"remedies"` // remedies by variant name, where they differ; "unknown" where a datum is missing
	Labels      map[string]string `yaml:"labels"`   // labels of evidence
}

type catalogue struct {
	rules    map[string]*RuleText
	messages map[string]string
}

var (
	loadOnce [2]sync.Once
	loaded   [2]*catalogue
	loadErr  [2]error
)

func (l Lang) index() int { return slices.Index(Languages, l) }

func load(l Lang) (*catalogue, error) {
	i := l.index()
	if i < 0 {
		return nil, fmt.Errorf("language %q is not spoken here", l)
	}
	loadOnce[i].Do(func() {
		c := &catalogue{rules: map[string]*RuleText{}, messages: map[string]string{}}
		loaded[i] = c
		for _, dir := range []string{"rules", "messages"} {
			entries, err := files.ReadDir(dir)
			if err != nil {
				loadErr[i] = err
				return
			}
			for _, e := range entries {
				if !strings.HasSuffix(e.Name(), "."+string(l)+".yaml") {
					continue
				}
				data, _ := files.ReadFile(dir + "/" + e.Name())
				if err := c.add(dir, data); err != nil {
					loadErr[i] = fmt.Errorf("%s/%s: %w", dir, e.Name(), err)
					return
				}
			}
		}
		whole[i].Store(true)
	})
	return loaded[i], loadErr[i]
}

func (c *catalogue) add(dir string, data []byte) error {
	if dir == "rules" {
		var m map[string]*RuleText
		if err := yaml.Load(data, &m, yaml.WithKnownFields()); err != nil {
			return err
		}
		for id, r := range m {
			if c.rules[id] != nil {
				return fmt.Errorf("rule %s has its prose twice", id)
			}
			c.rules[id] = r
		}
		return nil
	}
	var m map[string]string
	if err := yaml.Load(data, &m); err != nil {
		return err
	}
	for id, s := range m {
		if _, twice := c.messages[id]; twice {
			return fmt.Errorf("message %s stands twice", id)
		}
		c.messages[id] = s
	}
	return nil
}

func must(l Lang) *catalogue {
	c, err := load(l)
	if err != nil { // the files are part of the program and tested
		panic("language: " + err.Error())
	}
	return c
}

// Rule is the prose of a rule; nil when it has none.
func Rule(l Lang, id string) *RuleText { return must(l).rules[id] }

// RuleIDs lists the rules that have prose in a language, sorted.
func RuleIDs(l Lang) []string {
	var ids []string
	for id := range must(l).rules {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return ids
}

// Writer renders for one reader: a language, and titles of the objects named.
type Writer struct {
	Lang  Lang
	Title func(model.Ref) string // nil writes the reference itself
}

// Message renders a message of the product by its key.
func (w Writer) Message(key string, args finding.Args) string {
	text, ok := message(w.Lang, key)
	if !ok {
		return key
	}
	return w.fill(text, args, nil)
}

// Messages lists the keys of all messages in a language, sorted.
func Messages(l Lang) []string {
	var keys []string
	for k := range must(l).messages {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// Finding renders a finding's sentence.
func (w Writer) Finding(f *finding.Finding) string {
	r := Rule(w.Lang, f.Rule)
	if r == nil {
		return f.Rule
	}
	text := r.Violated
	if f.Outcome == finding.Unknown && r.Unknown != "" {
		text = r.Unknown
	}
	if v, ok := r.Variants[f.Variant]; ok && f.Variant != "" {
		text = v
	}
	return w.fill(text, f.Args, f)
}

// Remedy renders what to do about a finding.
func (w Writer) Remedy(f *finding.Finding) string {
	r := Rule(w.Lang, f.Rule)
	if r == nil {
		return ""
	}
	text := r.Remedy
	if v, ok := r.Remedies["unknown"]; ok && f.Outcome == finding.Unknown {
		text = v
	}
	if v, ok := r.Remedies[f.Variant]; ok && f.Variant != "" {
		text = v
	}
	return w.fill(text, f.Args, f)
}

// EvidenceLabel is the label of a piece of evidence of a rule.
func (w Writer) EvidenceLabel(rule, key string) string {
	if r := Rule(w.Lang, rule); r != nil && r.Labels[key] != "" {
		return r.Labels[key]
	}
	return key
}

// plural chooses the word for a number: in French 0 and 1 are singular, in
// English only 1 (CLDR, cardinal integers).
func (l Lang) plural(n any, one, other string) string {
	v := fmt.Sprint(n)
	if v == "1" || l == FR && v == "0" {
		return one
	}
	return other
}
