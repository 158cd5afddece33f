// Package yamlsource reads the YAML and JSON files that importers take, with a
// guard against input made to exhaust memory: too dense, too deep, or unfolding
// through aliases. Values are read through a cursor that knows where it stands,
// follows aliases and applies merge keys.
package yamlsource

import (
	"bytes"
	"errors"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"

	"diapason/internal/exchange/intake"
	"diapason/internal/finding"
)

// Limits of a file.
const (
	// MaxFile is the largest file that is read, in bytes.
	MaxFile = 128 << 20
	// MaxDepth is the deepest nesting, in levels.
	MaxDepth = 100

	nodeBytes   = 240      // what a node of the tree costs, text apart
	spareBytes  = 24 << 20 // tree that any file may have
	bytesPer    = 16       // tree that a byte of text may have
	spareAlias  = 200_000  // values that any file may read through aliases
	aliasFactor = 8        // and those that a value of the file adds
)

// File is one file of one or more documents.
type File struct {
	name    string
	docs    []Node
	budget  int // values that may still be read through aliases
	sizes   map[*yaml.Node]int
	merged  map[*yaml.Node][]Entry
	problem *intake.Problem // the first limit met while reading
	twice   []Twice
}

// Twice is a key that stands twice in a mapping; the last one counts.
type Twice struct {
	Key string
	intake.Place
}

// Read parses a file. A document that cannot be read is a problem and does not
// hide the others.
func Read(name string, data []byte) (*File, []intake.Problem) {
	f := &File{name: name, sizes: map[*yaml.Node]int{}, merged: map[*yaml.Node][]Entry{}}
	at := intake.Place{File: name}
	if len(data) > MaxFile {
		return f, []intake.Problem{{Place: at, Code: "file.large", Args: finding.Args{"mib": MaxFile >> 20}}}
	}
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	if line, col, ok := firstInvalid(data); ok {
		return f, []intake.Problem{{Place: intake.Place{File: name, Line: line, Column: col}, Code: "file.encoding"}}
	}
	if line := tooDense(data); line > 0 {
		return f, []intake.Problem{{Place: intake.Place{File: name, Line: line, Column: 1}, Code: "yaml.dense", Args: finding.Args{"line": line}}}
	}
	if looksJSON(data) { // in JSON tabs are blanks, in YAML they are not
		data = bytes.ReplaceAll(data, []byte("\t"), []byte(" "))
	}
	var problems []intake.Problem
	total := 0
	for _, c := range split(data) {
		var doc yaml.Node
		if err := yaml.Unmarshal(c.text, &doc); err != nil {
			problems = append(problems, f.syntax(c.line-1, err))
			continue
		}
		if len(doc.Content) == 0 {
			continue // comments only
		}
		root := Node{y: doc.Content[0], f: f, offset: c.line - 1}
		n, bad := f.survey(root.y, root.offset, 0)
		if bad != nil {
			problems = append(problems, *bad)
			continue
		}
		total += n
		f.docs = append(f.docs, root)
	}
	f.budget = spareAlias + aliasFactor*total
	return f, problems
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
	p.Args = finding.Args{"detail": msg}
	return p
}

// survey counts the values of a tree, aliases not followed, refuses deep nesting
// and notes keys that stand twice.
func (f *File) survey(n *yaml.Node, offset, depth int) (int, *intake.Problem) {
	if depth > MaxDepth {
		return 0, &intake.Problem{Place: intake.Place{File: f.name, Line: offset + n.Line, Column: n.Column}, Code: "yaml.deep", Args: finding.Args{"levels": MaxDepth}}
	}
	total := 1
	if n.Kind == yaml.MappingNode && len(n.Content) > 2 {
		seen := make(map[string]bool, len(n.Content)/2)
		for i := 0; i+1 < len(n.Content); i += 2 {
			k := n.Content[i]
			if k.Kind == yaml.ScalarNode && seen[k.Value] && len(f.twice) < 1000 {
				f.twice = append(f.twice, Twice{k.Value, intake.Place{File: f.name, Line: offset + k.Line, Column: k.Column}})
			}
			seen[k.Value] = true
		}
	}
	for _, c := range n.Content {
		m, bad := f.survey(c, offset, depth+1)
		if bad != nil {
			return 0, bad
		}
		total += m
	}
	return total, nil
}

// tooDense gives the line at which the values of a text, counted generously,
// would need more memory than a file of its size may have; 0 when they fit.
func tooDense(data []byte) int {
	allowed := (spareBytes + bytesPer*len(data)) / nodeBytes
	marks, line := 0, 1
	for i, c := range data {
		switch c {
		case '\n':
			line++
			continue
		case ',', '[', '{', '?':
			marks += 2
		case ':':
			if i+1 == len(data) || strings.IndexByte(" \t\r\n,[]{}\"'", data[i+1]) >= 0 || i > 0 && strings.IndexByte("\"'}]", data[i-1]) >= 0 {
				marks += 2
			}
		case '-':
			if i+1 == len(data) || strings.IndexByte(" \t\r\n", data[i+1]) >= 0 {
				marks++
			}
		default:
			continue
		}
		if marks > allowed {
			return line
		}
	}
	return 0
}

func looksJSON(data []byte) bool {
	t := bytes.TrimLeft(data, " \t\r\n")
	return len(t) > 0 && (t[0] == '{' || t[0] == '[')
}

func firstInvalid(data []byte) (line, col int, bad bool) {
	if utf8.Valid(data) {
		return 0, 0, false
	}
	line, col = 1, 1
	for i := 0; i < len(data); {
		r, size := utf8.DecodeRune(data[i:])
		if r == utf8.RuneError && size == 1 {
			return line, col, true
		}
		col++
		if r == '\n' {
			line, col = line+1, 1
		}
		i += size
	}
	return 0, 0, false
}

type chunk struct {
	line int // of its first byte, from 1
	text []byte
}

// split cuts a stream before its "---" lines. A part of directives belongs to
// the document that follows it.
func split(data []byte) []chunk {
	var out []chunk
	start, startLine, line := 0, 1, 1
	directives := false
	flush := func(end int) {
		if text := data[start:end]; len(bytes.TrimSpace(text)) > 0 {
			out = append(out, chunk{startLine, text})
		}
		start, startLine = end, line
	}
	for i := 0; i < len(data); line++ {
		end := i + bytes.IndexByte(data[i:], '\n')
		if end < i {
			end = len(data)
		}
		row := data[i:end]
		switch {
		case bytes.HasPrefix(row, []byte("---")) && (len(row) == 3 || row[3] == ' ' || row[3] == '\t' || row[3] == '\r'):
			if !directives {
				flush(i)
			}
			directives = false
		case len(row) > 0 && row[0] == '%' && len(bytes.TrimSpace(data[start:i])) == 0:
			directives = true
		}
		i = end + 1
	}
	flush(len(data))
	return out
}
