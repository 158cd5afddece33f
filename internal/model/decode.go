package model

import (
	"errors"
	"reflect"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
)

// Limits of the decoder. Documents of people are far below them.
const (
	maxDepth      = 64
	maxIssues     = 100       // a document; more help nobody
	maxAliasNodes = 1_000_000 // nodes read through aliases, a file
	maxValues     = 100_000   // values of a document, so that a dense one takes no more memory than its size allows
)

// Decode reads the objects of a YAML (or JSON) file of one or more documents,
// strictly: unknown fields, wrong types and units, missing apiVersion, kind or
// name are issues with their place; all of them in one pass. Objects without
// issue are returned beside the issues of the others.
func Decode(file string, data []byte) ([]*Object, []Issue) {
	data, foreign := plainText(file, data)
	if foreign != nil {
		return nil, []Issue{*foreign}
	}
	var objects []*Object
	var issues []Issue
	for _, chunk := range splitDocuments(data) {
		o, bad := decodeDocument(file, chunk)
		issues = append(issues, bad...)
		if o != nil && len(bad) == 0 {
			objects = append(objects, o)
		}
	}
	return objects, issues
}

type chunk struct {
	line int
	text []byte
}

// splitDocuments cuts a stream at its "---" lines, so that documents can be read
// on several cores and an error in one does not hide the others.
func splitDocuments(data []byte) []chunk {
	var out []chunk
	start, line, startLine := 0, 1, 1
	flush := func(end int) {
		if text := data[start:end]; len(strings.TrimSpace(string(text))) > 0 {
			out = append(out, chunk{startLine, text})
		}
	}
	for i := 0; i < len(data); {
		end := i
		for end < len(data) && data[end] != '\n' {
			end++
		}
		row := strings.TrimRight(string(data[i:min(end, i+8)]), "\r ")
		next := min(end+1, len(data))
		if strings.HasPrefix(row, "---") && (row == "---" || row[3] == ' ' || row[3] == '#') && strings.TrimRight(string(data[i:end]), "\r\t ") == "---" {
			flush(i)
			start, startLine = next, line+1
		}
		i = next
		line++
		if end == len(data) {
			break
		}
	}
	flush(len(data))
	return out
}

type decoder struct {
	file    string
	offset  int // lines before the document
	issues  []Issue
	aliases int
}

func (d *decoder) add(n *yaml.Node, pointer, format string, args ...any) {
	if len(d.issues) < maxIssues {
		f := &Fault{Format: format, Args: args}
		if len(args) == 1 && format == "%v" {
			if inner, ok := args[0].(*Fault); ok {
				f = inner
			}
		}
		d.issues = append(d.issues, Issue{File: d.file, Line: d.offset + max(n.Line, 1), Column: max(n.Column, 1), Pointer: pointer, Message: f.Error(), Fault: f})
	}
}

func decodeDocument(file string, c chunk) (*Object, []Issue) {
	d := &decoder{file: file, offset: c.line - 1}
	if valuesAtMost(c.text) > maxValues {
		d.add(&yaml.Node{Line: 1, Column: 1}, "", "more than %d values in one document: describe its parts as objects of their own", maxValues)
		return nil, d.issues
	}
	var doc yaml.Node
	if err := yaml.Unmarshal(c.text, &doc); err != nil {
		return nil, []Issue{syntaxIssue(file, d.offset, err)}
	}
	if len(doc.Content) == 0 {
		return nil, nil // only comments
	}
	root := doc.Content[0]
	if root.Kind != yaml.MappingNode {
		d.add(root, "", "an object was expected: apiVersion, kind, metadata, spec")
		return nil, d.issues
	}
	o := d.object(root)
	if o != nil {
		o.Source = &Source{File: file, Line: c.line, Text: c.text}
	}
	return o, d.issues
}

// valuesAtMost bounds how many values a text can hold by counting what separates
// them, before anything is read.
func valuesAtMost(text []byte) int {
	n := 1
	for i, c := range text {
		switch c {
		case ',', ':', '[', '{', '\n':
			n++
		case '-', '?':
			if i+1 < len(text) && (text[i+1] == ' ' || text[i+1] == '\t') {
				n++
			}
		}
	}
	return n
}

func syntaxIssue(file string, offset int, err error) Issue {
	is := Issue{File: file, Line: offset + 1, Column: 1}
	var le *yaml.LoadError
	msg := err.Error()
	if errors.As(err, &le) {
		is.Line, is.Column, msg = offset+max(le.Mark.Line, 1), le.Mark.Column+1, le.Message
	}
	is.Fault = &Fault{Format: "the YAML cannot be read: %s", Args: []any{Phrase(strings.TrimPrefix(msg, "yaml: "))}}
	is.Message = is.Fault.Error()
	return is
}

func (d *decoder) object(root *yaml.Node) *Object {
	parts := map[string]*yaml.Node{}
	for i := 0; i+1 < len(root.Content); i += 2 {
		key := root.Content[i]
		switch key.Value {
		case "apiVersion", "kind", "metadata", "spec":
			if parts[key.Value] != nil {
				d.add(key, "/"+key.Value, "%q stands twice", key.Value)
			}
			parts[key.Value] = d.follow(root.Content[i+1])
		default:
			d.add(key, "/"+key.Value, "unknown field %q%s; an object has apiVersion, kind, metadata and spec", clip(key.Value, 60), didYouMean(key.Value, []string{"apiVersion", "kind", "metadata", "spec"}))
		}
	}
	if v := parts["apiVersion"]; v == nil {
		d.add(root, "/apiVersion", "apiVersion is missing: write apiVersion: %s", APIVersion)
	} else if v.Value != APIVersion {
		d.add(v, "/apiVersion", "apiVersion %q is not known here: write %s", clip(v.Value, 60), APIVersion)
	}
	k := parts["kind"]
	if k == nil {
		d.add(root, "/kind", "kind is missing: say what this object is, for example kind: Service")
		return nil
	}
	kd := KindOf(k.Value)
	if kd == nil || kd.Name != k.Value {
		names := make([]string, len(Kinds))
		for i, x := range Kinds {
			names[i] = x.Name
		}
		d.add(k, "/kind", "%q is no kind%s", clip(k.Value, 60), didYouMean(k.Value, names))
		if kd == nil {
			return nil
		}
	}
	o := &Object{Kind: kd, Spec: kd.New()}
	if m := parts["metadata"]; m == nil || m.Kind != yaml.MappingNode {
		d.add(root, "/metadata", "metadata is missing: write metadata: {name: …}")
	} else {
		d.metadata(m, &o.Metadata)
	}
	if s := parts["spec"]; s != nil && s.Tag != "!!null" {
		d.record(s, reflect.ValueOf(o.Spec).Elem(), kd.Fields, "/spec", 0)
	}
	return o
}

func (d *decoder) metadata(m *yaml.Node, md *Metadata) {
	v := reflect.ValueOf(md).Elem()
	named := false
	for i := 0; i+1 < len(m.Content); i += 2 {
		key, val := m.Content[i], d.follow(m.Content[i+1])
		at := "/metadata/" + key.Value
		switch key.Value {
		case "name":
			named = true
			if err := CheckName(val.Value); err != nil || val.Kind != yaml.ScalarNode {
				d.add(val, at, "%v", err)
			}
			md.Name = val.Value
		case "labels":
			if val.Kind != yaml.MappingNode {
				d.add(val, at, "labels are a mapping of texts")
				continue
			}
			md.Labels = map[string]string{}
			for j := 0; j+1 < len(val.Content); j += 2 {
				x := d.follow(val.Content[j+1])
				if x.Kind != yaml.ScalarNode {
					d.add(x, at+"/"+val.Content[j].Value, "a label is a text")
					continue
				}
				md.Labels[val.Content[j].Value] = x.Value
			}
		default:
			d.metadataField(key, val, v, at)
		}
	}
	if !named {
		d.add(m, "/metadata/name", "metadata.name is missing: give the object a name that never changes")
	}
}

// MaxTitle is the number of characters that a title may have in each language, as in
// most service tools. A title is a line of a list; what takes more is a description.
const MaxTitle = 255

func (d *decoder) title(val *yaml.Node, title Text, at string) {
	for _, text := range []string{title.All, title.EN, title.FR} {
		if n := utf8.RuneCountInString(text); n > MaxTitle {
			d.add(val, at, "the title has %d characters, and may have %d: shorten it, and put the rest into the description", n, MaxTitle)
			return
		}
	}
}

func (d *decoder) metadataField(key, val *yaml.Node, v reflect.Value, at string) {
	for _, f := range MetadataFields {
		if f.Name == key.Value {
			d.value(val, v.FieldByNameFunc(func(n string) bool { return strings.EqualFold(n, f.Name) }), f, at, 1)
			if md, ok := v.Addr().Interface().(*Metadata); ok && f.Name == "title" {
				d.title(val, md.Title, at)
			}
			return
		}
	}
	d.add(key, at, "unknown field %q%s", clip(key.Value, 60), didYouMean(key.Value, []string{"name", "title", "description", "labels", "owner", "attachments"}))
}

// follow resolves aliases and counts what they bring, so that a few lines cannot
// unfold into millions of values.
func (d *decoder) follow(n *yaml.Node) *yaml.Node {
	for hops := 0; n.Kind == yaml.AliasNode && n.Alias != nil && hops < maxDepth; hops++ {
		d.aliases += countNodes(n.Alias, maxAliasNodes-d.aliases)
		if d.aliases >= maxAliasNodes {
			d.add(n, "", "the aliases of this file unfold into more than %d values", maxAliasNodes)
			return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!null", Line: n.Line, Column: n.Column}
		}
		n = n.Alias
	}
	return n
}

func countNodes(n *yaml.Node, limit int) int {
	total := 1
	for _, c := range n.Content {
		if total >= limit {
			return total
		}
		total += countNodes(c, limit-total)
	}
	return total
}
