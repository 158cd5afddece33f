package model

import (
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"
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
