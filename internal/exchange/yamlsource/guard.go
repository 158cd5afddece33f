package yamlsource

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"

	"diapason/internal/exchange/intake"
)

// unfolding counts the values that a document has with its aliases written out.
type unfolding struct {
	f     *File
	sizes map[int32]int // of what has an anchor: 0 before and while it is counted
	limit int
	bad   *intake.Problem
}

// size counts a value; an alias to something that holds it has no end.
func (u *unfolding) size(i int32) int {
	v := &u.f.values[i]
	at := intake.Place{File: u.f.name, Line: int(v.line), Column: int(v.column)}
	if v.kind == alias {
		if v.first < 0 {
			return 1
		}
		n := u.sizes[v.first]
		if n == 0 && u.bad == nil {
			u.bad = &intake.Problem{Place: at, Code: "yaml.circle"}
		}
		return n
	}
	n := 1
	if v.kind != scalar {
		for c := v.first; c < v.first+v.count && u.bad == nil; c++ {
			if n += u.size(c); n > u.limit && u.bad == nil {
				w := &u.f.values[c]
				u.bad = &intake.Problem{Place: intake.Place{File: u.f.name, Line: int(w.line), Column: int(w.column)}, Code: "yaml.alias"}
			}
		}
	}
	if _, anchored := u.sizes[i]; anchored {
		u.sizes[i] = n
	}
	return n
}

// count counts the values of a tree, aliases not followed.
func count(n *yaml.Node, depth int) int {
	total := 1
	if depth <= MaxDepth {
		for _, c := range n.Content {
			total += count(c, depth+1)
		}
	}
	return total
}

// tooDense gives the line at which the values of a text, counted generously,
// would be more than allowed; 0 when they fit.
func tooDense(data []byte, allowed int) int {
	marks, line := 0, 1
	paired := false // a colon stands since the last comma or bracket
	for i, c := range data {
		switch c {
		case '\n':
			line++
			continue
		case '[', '{', '?':
			marks++
			paired = false
		case ',': // after a pair the next one's map at most, else a key without value
			if marks += 2; paired {
				marks--
			}
			paired = false
		case ':':
			if i+1 == len(data) || strings.IndexByte(" \t\r\n,[]{}\"'", data[i+1]) >= 0 || i > 0 && strings.IndexByte("\"'}]", data[i-1]) >= 0 {
				marks += 2
				paired = true
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
