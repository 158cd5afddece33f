package model

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"

	"go.yaml.in/yaml/v4"
)

// YAML writes the object as people read it: fields in the schema's order, short
// references where the field allows one kind.
func (o *Object) YAML() []byte {
	tree := o.Tree()
	root := &yaml.Node{Kind: yaml.MappingNode}
	add := func(key string, n *yaml.Node) {
		root.Content = append(root.Content, textNode(key), n)
	}
	add("apiVersion", textNode(APIVersion))
	add("kind", textNode(o.Kind.Name))
	meta := &yaml.Node{Kind: yaml.MappingNode}
	m, _ := tree["metadata"].(map[string]any)
	meta.Content = append(meta.Content, textNode("name"), textNode(o.Metadata.Name))
	for _, f := range MetadataFields {
		if v, ok := m[f.Name]; ok {
			meta.Content = append(meta.Content, textNode(f.Name), yamlValue(v, f))
		}
	}
	if v, ok := m["labels"]; ok {
		meta.Content = append(meta.Content, textNode("labels"), yamlValue(v, nil))
	}
	add("metadata", meta)
	if spec, _ := tree["spec"].(map[string]any); len(spec) > 0 {
		add("spec", yamlRecord(spec, o.Kind.Fields))
	}
	var b bytes.Buffer
	e := yaml.NewEncoder(&b)
	e.SetIndent(2)
	if err := e.Encode(&yaml.Node{Kind: yaml.DocumentNode, Content: []*yaml.Node{root}}); err != nil {
		panic(fmt.Sprintf("model: yaml of %s: %v", o.Ref(), err))
	}
	_ = e.Close()
	return b.Bytes()
}

func textNode(s string) *yaml.Node {
	n := &yaml.Node{}
	n.SetString(s)
	if n.Style == 0 && plainIsNoText(s) {
		n.Style = yaml.DoubleQuotedStyle
	}
	return n
}

// plainIsNoText reports texts that would read back as something else when
// written without quotes.
func plainIsNoText(s string) bool {
	if plainWord().MatchString(s) && !notText[strings.ToLower(s)] {
		return false
	}
	var n yaml.Node
	if yaml.Unmarshal([]byte(s), &n) != nil || len(n.Content) != 1 {
		return true
	}
	c := n.Content[0]
	return c.Kind != yaml.ScalarNode || c.Tag != "!!str" || c.Value != s
}

// plainWord fits most texts, so that few need the question put to the parser.
var plainWord = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_./@-]*( [A-Za-z0-9_./@-]+)*\.?$`)
})

var notText = map[string]bool{"true": true, "false": true, "yes": true, "no": true, "on": true, "off": true, "null": true, "y": true, "n": true}

func yamlRecord(m map[string]any, fields []*Field) *yaml.Node {
	n := &yaml.Node{Kind: yaml.MappingNode}
	for _, f := range fields {
		if v, ok := m[f.Name]; ok {
			n.Content = append(n.Content, textNode(f.Name), yamlValue(v, f))
		}
	}
	return n
}

func yamlValue(v any, f *Field) *yaml.Node {
	switch x := v.(type) {
	case string:
		if f != nil && len(f.Refs) == 1 && f.Type == TypeRef && f.Refs[0] != "*" {
			if r, err := ParseRef(x); err == nil && r.Kind == f.Refs[0] {
				return textNode(r.Name)
			}
		}
		if f != nil {
			switch f.Type {
			case TypeText, TypeLocalText, TypeEnum:
			default: // dates, durations, shares read back from their plain form
				return &yaml.Node{Kind: yaml.ScalarNode, Value: x}
			}
		}
		return textNode(x)
	case bool, json.Number:
		return &yaml.Node{Kind: yaml.ScalarNode, Value: fmt.Sprint(x)}
	case []any:
		n := &yaml.Node{Kind: yaml.SequenceNode}
		var item *Field
		if f != nil {
			item = f.Item
			if f.Type == TypeDependency {
				item = f
			}
		}
		scalars := true
		for _, e := range x {
			c := yamlValue(e, item)
			scalars = scalars && c.Kind == yaml.ScalarNode && len(c.Value) < 40
			n.Content = append(n.Content, c)
		}
		if scalars && len(x) <= 4 {
			n.Style = yaml.FlowStyle
		}
		return n
	case map[string]any:
		switch {
		case f != nil && f.Type == TypeRecord:
			return yamlRecord(x, f.Fields)
		case f != nil && f.Type == TypeDependency:
			n := &yaml.Node{Kind: yaml.MappingNode}
			for _, nf := range needFields {
				if e, ok := x[nf.Name]; ok {
					sub := nf
					if nf.Name == "anyOf" || nf.Name == "of" {
						sub = f
					}
					n.Content = append(n.Content, textNode(nf.Name), yamlValue(e, sub))
				}
			}
			return n
		}
		n := &yaml.Node{Kind: yaml.MappingNode}
		keys := make([]string, 0, len(x))
		for k := range x {
			keys = append(keys, k)
		}
		slices.Sort(keys)
		for _, k := range keys {
			n.Content = append(n.Content, textNode(k), yamlValue(x[k], nil))
		}
		return n
	}
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!null", Value: "null"}
}
