// Package yamlsource reads the YAML and JSON files that importers take, with a
// guard against input made to exhaust memory: too dense, too deep, or unfolding
// through aliases. Values are read through a cursor that knows where it stands,
// follows aliases and applies merge keys.
package yamlsource

import (
	"bytes"
	"errors"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"diapason/internal/exchange/intake"
	"diapason/internal/finding"
	"diapason/internal/model"
)

// Limits of a file.
const (
	// MaxFile is the largest file that is read, in bytes.
	MaxFile = 128 << 20
	// MaxDepth is the deepest nesting, in levels.
	MaxDepth = 100

	nodeBytes   = 200      // what a value of the parser's tree costs
	spareBytes  = 40 << 20 // tree that a document of any file may have
	bytesPer    = 24       // tree that a byte of its file may have
	largeTree   = 8 << 20  // from here on the collector keeps garbage low
	maxUnfolded = 300_000  // values that any document may have with its aliases written out
	spareAlias  = 200_000  // values that any file may read through aliases
	aliasFactor = 8        // and those that a value of the file adds
)

// File is one file of one or more documents. Its values are kept in one compact
// array: the parser's tree takes five times as much.
type File struct {
	name    string
	docs    []Node
	values  []value
	tags    []string
	tagIDs  map[string]uint16
	budget  int // values that may still be read through aliases
	sizes   map[int32]int
	merged  map[int32][]Entry
	problem *intake.Problem // the first limit met while reading
	twice   []Twice
}

type kind uint8

const (
	scalar kind = iota
	mapping
	sequence
	alias
)

// value is one value: its children stand together in the array.
type value struct {
	text   string
	line   int32
	column int32
	first  int32 // child, or target of an alias
	count  int32
	tag    uint16
	kind   kind
	plain  bool
}

// The first tags of every file.
const (
	tagNull uint16 = iota
	tagMerge
	tagText
)

func (v *value) merge() bool {
	return v.kind == scalar && v.text == "<<" && (v.tag == tagMerge || v.tag == tagText && v.plain)
}

// Twice is a key that stands twice in a mapping; the last one counts.
type Twice struct {
	Key string
	intake.Place
}

// Read parses a file. A document that cannot be read is a problem and does not
// hide the others.
func Read(name string, data []byte) (*File, []intake.Problem) {
	f := &File{name: name, sizes: map[int32]int{}, merged: map[int32][]Entry{}, tags: []string{"!!null", "!!merge", "!!str"}, values: []value{{}}}
	f.tagIDs = map[string]uint16{"!!null": tagNull, "!!merge": tagMerge, "!!str": tagText}
	at := intake.Place{File: name}
	if len(data) > MaxFile {
		return f, []intake.Problem{{Place: at, Code: "file.large", Args: finding.Args{"mib": MaxFile >> 20}}}
	}
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	if line, col, ok := firstInvalid(data); ok {
		return f, []intake.Problem{{Place: intake.Place{File: name, Line: line, Column: col}, Code: "file.encoding"}}
	}
	if looksJSON(data) { // in JSON tabs are blanks, in YAML they are not
		data = bytes.ReplaceAll(data, []byte("\t"), []byte(" "))
	}
	allowed := (spareBytes + bytesPer*len(data)) / nodeBytes
	var problems []intake.Problem
	for _, c := range split(data) {
		if line := tooDense(c.text, allowed); line > 0 {
			problems = append(problems, intake.Problem{Place: intake.Place{File: name, Line: c.line - 1 + line, Column: 1}, Code: "yaml.dense"})
			continue
		}
		if bad := f.readDocument(c); bad != nil {
			problems = append(problems, *bad)
		}
	}
	f.budget = spareAlias + aliasFactor*len(f.values)
	return f, problems
}

func (f *File) readDocument(c chunk) *intake.Problem {
	if bytesPer*len(c.text) > largeTree {
		defer intake.KeepGarbageLow()()
	}
	var doc yaml.Node
	if err := yaml.Unmarshal(c.text, &doc); err != nil {
		bad := f.syntax(c.line-1, err)
		return &bad
	}
	if len(doc.Content) == 0 {
		return nil // comments only
	}
	p := &packing{f: f, offset: c.line - 1, anchors: map[*yaml.Node]int32{}}
	if n := count(doc.Content[0], 0); n > 1024 {
		f.values = slices.Grow(f.values, n)
	}
	before := len(f.values)
	f.values = append(f.values, value{})
	if bad := p.pack(doc.Content[0], int32(before), 0); bad != nil {
		f.values = f.values[:before]
		return bad
	}
	for at, target := range p.aliases {
		f.values[at].first = -1
		if i, ok := p.anchors[target]; ok {
			f.values[at].first = i
		}
	}
	if p.aliases != nil {
		u := unfolding{f: f, sizes: map[int32]int{}, limit: maxUnfolded + aliasFactor*(len(f.values)-before)}
		for _, i := range p.anchors {
			u.sizes[i] = 0
		}
		if u.size(int32(before)); u.bad != nil {
			f.values = f.values[:before]
			return u.bad
		}
	}
	f.docs = append(f.docs, Node{f: f, i: int32(before) + 1})
	return nil
}

// packing moves the tree of one document into the array.
type packing struct {
	f       *File
	offset  int
	anchors map[*yaml.Node]int32
	aliases map[int32]*yaml.Node
}

func (p *packing) pack(n *yaml.Node, at int32, depth int) *intake.Problem {
	f := p.f
	v := value{line: int32(p.offset + max(n.Line, 1)), column: int32(max(n.Column, 1)), plain: n.Style == 0, tag: f.tag(n.Tag)}
	place := intake.Place{File: f.name, Line: int(v.line), Column: int(v.column)}
	if depth > MaxDepth {
		return &intake.Problem{Place: place, Code: "yaml.deep", Args: finding.Args{"levels": MaxDepth}}
	}
	if n.Anchor != "" && n.Kind != yaml.AliasNode {
		p.anchors[n] = at
	}
	switch n.Kind {
	case yaml.MappingNode:
		v.kind = mapping
		f.noteTwice(n, p.offset)
	case yaml.SequenceNode:
		v.kind = sequence
	case yaml.AliasNode:
		v.kind = alias
		if p.aliases == nil {
			p.aliases = map[int32]*yaml.Node{}
		}
		p.aliases[at] = n.Alias
	default:
		v.text = n.Value
	}
	if v.kind == mapping || v.kind == sequence {
		v.first, v.count = int32(len(f.values)), int32(len(n.Content))
		f.values = append(f.values, make([]value, len(n.Content))...)
	}
	f.values[at] = v
	children := n.Content
	if n.Anchor == "" {
		n.Content = nil // the tree goes while the array comes
	}
	for i := range v.count {
		c := children[i]
		children[i] = nil
		if bad := p.pack(c, v.first+i, depth+1); bad != nil {
			return bad
		}
	}
	return nil
}

func (f *File) tag(s string) uint16 {
	id, ok := f.tagIDs[s]
	if !ok && len(f.tags) < 1<<15 {
		id = uint16(len(f.tags))
		f.tags = append(f.tags, s)
		f.tagIDs[s] = id
	}
	return id
}

// noteTwice notes keys that stand twice in a mapping.
func (f *File) noteTwice(n *yaml.Node, offset int) {
	if len(n.Content) < 4 || len(f.twice) >= 1000 {
		return
	}
	seen := make(map[string]bool, len(n.Content)/2)
	for i := 0; i+1 < len(n.Content); i += 2 {
		k := n.Content[i]
		if k.Kind == yaml.ScalarNode && seen[k.Value] && k.Value != "<<" {
			f.twice = append(f.twice, Twice{k.Value, intake.Place{File: f.name, Line: offset + k.Line, Column: k.Column}})
		}
		seen[k.Value] = true
	}
}

// Docs are the documents of the file, empty ones left out.
func (f *File) Docs() []Node { return f.docs }

// Name is the name of the file.
func (f *File) Name() string { return f.name }

// Problem is the limit that was met while values were read; nil when none was.
// What was read after it is incomplete.
func (f *File) Problem() *intake.Problem { return f.problem }

// Twice lists the keys that stand twice in one mapping.
func (f *File) Twice() []Twice { return f.twice }

func (f *File) syntax(offset int, err error) intake.Problem {
	p := intake.Problem{Place: intake.Place{File: f.name, Line: offset + 1, Column: 1}, Code: "yaml.syntax"}
	msg := err.Error()
	var le *yaml.LoadError
	if errors.As(err, &le) {
		p.Line, p.Column, msg = offset+max(le.Mark.Line, 1), le.Mark.Column+1, le.Message
	}
	msg = strings.TrimPrefix(msg, "yaml: ")
	if strings.Contains(msg, "depth") {
		p.Code, p.Args = "yaml.deep", finding.Args{"levels": MaxDepth}
		return p
	}
	p.Args = finding.Args{"detail": model.Phrase(msg)}
	return p
}
