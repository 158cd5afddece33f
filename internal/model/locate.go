package model

import (
	"bytes"
	"strconv"
	"strings"
)

// locateInBlocks finds a pointer by the indentation of block-style YAML, without
// parsing. ok is false wherever the text on the way is anything but plain block
// mappings and sequences; the parser answers then.
func locateInBlocks(text []byte, pointer string) (line, column int, ok bool) {
	if bytes.IndexByte(text, '\t') >= 0 || bytes.Contains(text, []byte("<<")) {
		return 0, 0, false
	}
	b := blocks{text: text}
	if !b.next() {
		return 0, 0, false
	}
	line, column = b.line, b.indent+1
	if pointer == "" {
		return line, column, true
	}
	level := b.indent
	for _, part := range strings.Split(pointer[1:], "/") {
		part = unescapePointer(part)
		found := false
		if n, err := strconv.Atoi(part); err == nil && bytes.HasPrefix(b.row, []byte("- ")) {
			found = b.item(level, n)
			if found { // the item's own mapping starts after the dash
				line, column = b.line, b.indent+3
				b.indent += 2
				b.row = b.row[2:]
				level = b.indent
				continue
			}
			return 0, 0, false
		}
		value, found, absent := b.key(level, part)
		if absent {
			return line, column, true // of what encloses it
		}
		if !found {
			return 0, 0, false
		}
		line, column = b.line, b.indent+1
		if len(value) > 0 && value[0] != '#' {
			// a value on the same line: nothing may lie below it
			b.leaf = true
			continue
		}
		if !b.next() {
			b.leaf = true
			continue
		}
		if b.indent <= level && !(b.indent == level && bytes.HasPrefix(b.row, []byte("- "))) {
			b.leaf = true
		}
		level = b.indent
	}
	return line, column, true
}

// blocks walks the rows of a document that are neither empty nor comments.
type blocks struct {
	text   []byte
	line   int
	indent int
	row    []byte // without indentation
	leaf   bool
}

func (b *blocks) next() bool {
	for len(b.text) > 0 {
		row := b.text
		if i := bytes.IndexByte(b.text, '\n'); i >= 0 {
			row, b.text = b.text[:i], b.text[i+1:]
		} else {
			b.text = nil
		}
		b.line++
		trimmed := bytes.TrimLeft(row, " ")
		if body := bytes.TrimRight(trimmed, " \r"); len(body) > 0 && body[0] != '#' {
			b.indent, b.row = len(row)-len(trimmed), body
			return true
		}
	}
	return false
}

// key finds a key of the mapping at a level, from its first row on. absent is sure
// that there is none; where neither is, the parser has to say.
func (b *blocks) key(level int, name string) (value []byte, found, absent bool) {
	if b.leaf {
		return nil, false, false
	}
	plain := true
	for {
		if b.indent < level {
			return nil, false, plain
		}
		if b.indent == level {
			if c := b.row[0]; c == '"' || c == '\'' || c == '?' || c == '{' || c == '[' || c == '&' || c == '*' || c == '!' || c == '-' {
				return nil, false, false
			}
			if rest, ok := bytes.CutPrefix(b.row, []byte(name)); ok && len(rest) > 0 && rest[0] == ':' && (len(rest) == 1 || rest[1] == ' ') {
				return bytes.TrimLeft(rest[1:], " "), true, false
			}
			plain = plain && startsWithKey(b.row)
		}
		if !b.next() {
			return nil, false, plain
		}
	}
}

// startsWithKey reports a row such as "name: …" or "name:".
func startsWithKey(row []byte) bool {
	i := 0
	for i < len(row) && (row[i] >= 'a' && row[i] <= 'z' || row[i] >= 'A' && row[i] <= 'Z' || i > 0 && (row[i] >= '0' && row[i] <= '9' || row[i] == '-' || row[i] == '_')) {
		i++
	}
	return i > 0 && i < len(row) && row[i] == ':' && (i+1 == len(row) || row[i+1] == ' ')
}

// item finds the n-th entry of the sequence at a level, from its first row on.
func (b *blocks) item(level, n int) bool {
	if b.leaf {
		return false
	}
	for i := 0; ; {
		if b.indent < level || b.indent == level && !bytes.HasPrefix(b.row, []byte("- ")) {
			return false
		}
		if b.indent == level {
			if i == n {
				c := b.row[2]
				return c != '{' && c != '[' && c != '&' && c != '*' && c != ' ' && c != '-'
			}
			i++
		}
		if !b.next() {
			return false
		}
	}
}
