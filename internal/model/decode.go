package model

import (
	"encoding"
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"
)

// Issue is something that makes input unusable: where, what, and what to do.
type Issue struct {
	File    string `json:"file,omitempty"`
	Line    int    `json:"line,omitempty"`
	Column  int    `json:"column,omitempty"`
	Pointer string `json:"pointer,omitempty"`
	Message string `json:"message"`

	Fault *Fault `json:"-"` // the same, for other languages; nil where there is none
}

// Error writes "file:line:column: message".
func (i Issue) Error() string {
	if i.Line == 0 {
		return i.File + ": " + i.Message
	}
	return fmt.Sprintf("%s:%d:%d: %s", i.File, i.Line, i.Column, i.Message)
}

// Limits of the decoder. Documents of people are far below them.
const (
	maxDepth      = 64
	maxIssues     = 100       // a document; more help nobody
	maxAliasNodes = 1_000_000 // nodes read through aliases, a file
)

// Source is where an object was read. Positions of its fields are found again on
// demand, so that a large model costs no more than its text.
type Source struct {
	File string
	Line int // line of the document's first byte, from 1
	Text []byte
}

// Locate gives line and column of a JSON pointer within the document, or of the
// nearest enclosing value that exists.
func (s *Source) Locate(pointer string) (line, column int) {
	var l Locator
	return l.Locate(s, pointer)
}

// Locator finds positions in one source after another and remembers the last
// source it read: findings come ordered by their subject.
type Locator struct {
	source *Source
	doc    yaml.Node
}

// Locate is Source.Locate.
func (l *Locator) Locate(s *Source, pointer string) (line, column int) {
	if line, column, ok := locateInBlocks(s.Text, pointer); ok {
		return s.Line + line - 1, column
	}
	return l.parsed(s, pointer)
}

// parsed finds a position with the parser.
func (l *Locator) parsed(s *Source, pointer string) (line, column int) {
	if l.source != s {
		l.source, l.doc = s, yaml.Node{}
		if yaml.Unmarshal(s.Text, &l.doc) != nil {
			l.doc = yaml.Node{}
		}
	}
	if len(l.doc.Content) == 0 {
		return s.Line, 1
	}
	n := l.doc.Content[0]
	line, column = n.Line, n.Column
	for _, part := range strings.Split(strings.TrimPrefix(pointer, "/"), "/") {
		part = unescapePointer(part)
		for n.Kind == yaml.AliasNode && n.Alias != nil {
			n = n.Alias
		}
		var next *yaml.Node
		switch n.Kind {
		case yaml.MappingNode:
			for i := 0; i+1 < len(n.Content); i += 2 {
				if n.Content[i].Value == part {
					line, column = n.Content[i].Line, n.Content[i].Column
					next = n.Content[i+1]
				}
			}
		case yaml.SequenceNode:
			if i, err := strconv.Atoi(part); err == nil && i >= 0 && i < len(n.Content) {
				next = n.Content[i]
				line, column = next.Line, next.Column
			}
		}
		if next == nil {
			break
		}
		n = next
	}
	return s.Line + line - 1, column
}

func unescapePointer(s string) string {
	return strings.ReplaceAll(strings.ReplaceAll(s, "~1", "/"), "~0", "~")
}

// Decode reads the objects of a YAML (or JSON) file of one or more documents,
// strictly: unknown fields, wrong types and units, missing apiVersion, kind or
// name are issues with their place; all of them in one pass. Objects without
// issue are returned beside the issues of the others.
func Decode(file string, data []byte) ([]*Object, []Issue) {
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
		f := &Fault{format, args}
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

func syntaxIssue(file string, offset int, err error) Issue {
	is := Issue{File: file, Line: offset + 1, Column: 1}
	var le *yaml.LoadError
	msg := err.Error()
	if errors.As(err, &le) {
		is.Line, is.Column, msg = offset+max(le.Mark.Line, 1), le.Mark.Column+1, le.Message
	}
	is.Fault = &Fault{"the YAML cannot be read: %s", []any{strings.TrimPrefix(msg, "yaml: ")}}
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

func (d *decoder) metadataField(key, val *yaml.Node, v reflect.Value, at string) {
	for _, f := range MetadataFields {
		if f.Name == key.Value {
			d.value(val, v.FieldByNameFunc(func(n string) bool { return strings.EqualFold(n, f.Name) }), f, at, 1)
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

func (d *decoder) record(n *yaml.Node, v reflect.Value, fields []*Field, at string, depth int) {
	if depth > maxDepth {
		d.add(n, at, "nested more than %d levels deep", maxDepth)
		return
	}
	if n.Kind != yaml.MappingNode {
		d.add(n, at, "fields were expected here (%s)", nameSome(fields))
		return
	}
	seen := map[string]bool{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, val := n.Content[i], d.follow(n.Content[i+1])
		var f *Field
		for _, x := range fields {
			if x.Name == key.Value {
				f = x
			}
		}
		here := at + "/" + key.Value
		if f == nil {
			names := make([]string, len(fields))
			for j, x := range fields {
				names[j] = x.Name
			}
			d.add(key, at, "unknown field %q%s", clip(key.Value, 60), didYouMean(key.Value, names))
			continue
		}
		if seen[f.Name] {
			d.add(key, here, "%q stands twice", f.Name)
			continue
		}
		seen[f.Name] = true
		d.value(val, v.Field(f.index), f, here, depth+1)
	}
}

func nameSome(fields []*Field) string {
	var names []string
	for _, f := range fields[:min(4, len(fields))] {
		names = append(names, f.Name)
	}
	if len(fields) > 4 {
		names = append(names, "…")
	}
	return strings.Join(names, ", ")
}

func (d *decoder) value(n *yaml.Node, v reflect.Value, f *Field, at string, depth int) {
	if depth > maxDepth {
		d.add(n, at, "nested more than %d levels deep", maxDepth)
		return
	}
	if n.Kind == yaml.ScalarNode && n.Tag == "!!null" {
		return
	}
	if f.pointer {
		p := reflect.New(f.typ)
		v.Set(p)
		v = p.Elem()
	}
	switch f.Type {
	case TypeList:
		d.list(n, v, f, at, depth)
	case TypeRecord:
		d.record(n, v, f.Fields, at, depth)
	case TypeLocalText:
		d.text(n, v.Addr().Interface().(*Text), at)
	case TypeDependency:
		d.need(n, v.Addr().Interface().(*Need), f, at, depth)
	default:
		if n.Kind != yaml.ScalarNode {
			d.add(n, at, "one value was expected here (%s)", f.Type)
			return
		}
		d.scalar(n, v, f, at)
	}
}

func (d *decoder) list(n *yaml.Node, v reflect.Value, f *Field, at string, depth int) {
	if n.Kind != yaml.SequenceNode {
		d.add(n, at, "a list was expected here: write each entry after a dash, or [a, b]")
		return
	}
	out := reflect.MakeSlice(v.Type(), len(n.Content), len(n.Content))
	names := map[string]int{}
	for i, c := range n.Content {
		c = d.follow(c)
		here := at + "/" + strconv.Itoa(i)
		d.value(c, out.Index(i), f.Item, here, depth+1)
		if f.Key() == "name" {
			name := out.Index(i).FieldByName("Name").String()
			if first, twice := names[name]; twice && name != "" {
				d.add(c, here, "the name %q stands at entry %d already: names in a list are unique", clip(name, 60), first+1)
			}
			names[name] = i
		}
	}
	if len(n.Content) > 0 {
		v.Set(out)
	}
}

func (d *decoder) text(n *yaml.Node, t *Text, at string) {
	switch n.Kind {
	case yaml.ScalarNode:
		t.All = n.Value
	case yaml.MappingNode:
		for i := 0; i+1 < len(n.Content); i += 2 {
			key, val := n.Content[i], d.follow(n.Content[i+1])
			if val.Kind != yaml.ScalarNode {
				d.add(val, at+"/"+key.Value, "a text was expected here")
				continue
			}
			switch key.Value {
			case "en":
				t.EN = val.Value
			case "fr":
				t.FR = val.Value
			default:
				d.add(key, at, "unknown language %q: a text is written in en and fr", clip(key.Value, 20))
			}
		}
	default:
		d.add(n, at, "a text was expected here: one text, or {en: …, fr: …}")
	}
}

var needFields = fieldsOf(typeOf[needRecord]())

func typeOf[T any]() reflect.Type { return reflect.TypeFor[T]() }

func (d *decoder) need(n *yaml.Node, out *Need, f *Field, at string, depth int) {
	switch n.Kind {
	case yaml.ScalarNode:
		r, err := parseRefAmong(n.Value, f.Refs)
		if err != nil {
			d.add(n, at, "%v", err)
			return
		}
		out.On = r
	case yaml.MappingNode:
		var r needRecord
		d.record(n, reflect.ValueOf(&r).Elem(), needFields, at, depth)
		*out = Need(r)
		forms := 0
		for _, set := range []bool{!r.On.IsZero(), r.AnyOf != nil, r.Of != nil || r.AtLeast != 0} {
			if set {
				forms++
			}
		}
		if forms > 1 {
			d.add(n, at, "a dependency is one of: a reference, {on, for}, {anyOf, takeover} or {atLeast, of}")
		}
		if r.AtLeast < 0 {
			d.add(n, at+"/atLeast", "atLeast cannot be negative")
		}
	default:
		d.add(n, at, "a dependency was expected here: a reference, {on, for}, {anyOf, takeover} or {atLeast, of}")
	}
}

func (d *decoder) scalar(n *yaml.Node, v reflect.Value, f *Field, at string) {
	switch f.Type {
	case TypeText, TypeEnum:
		if f.Type == TypeEnum {
			values := make([]string, len(f.Choices))
			ok := false
			for i, c := range f.Choices {
				values[i] = c.Value
				ok = ok || c.Value == n.Value
			}
			if !ok {
				d.add(n, at, "%q is not one of %s%s", clip(n.Value, 60), strings.Join(values, ", "), didYouMean(n.Value, values))
				return
			}
		}
		v.SetString(n.Value)
	case TypeBoolean:
		switch n.Value {
		case "true", "True", "TRUE", "yes":
			v.SetBool(true)
		case "false", "False", "FALSE", "no":
			v.SetBool(false)
		default:
			d.add(n, at, "%q is neither true nor false", clip(n.Value, 60))
		}
	case TypeInteger:
		i, err := strconv.ParseInt(n.Value, 10, 53)
		if err != nil {
			d.add(n, at, "%q is no whole number", clip(n.Value, 60))
			return
		}
		v.SetInt(i)
	case TypeRef:
		r, err := parseRefAmong(n.Value, f.Refs)
		if err != nil {
			d.add(n, at, "%v", err)
			return
		}
		v.Set(reflect.ValueOf(r))
	default:
		if err := v.Addr().Interface().(encoding.TextUnmarshaler).UnmarshalText([]byte(n.Value)); err != nil {
			d.add(n, at, "%v", err)
		}
	}
}
