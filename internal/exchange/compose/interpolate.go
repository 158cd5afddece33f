package compose

import (
	"strings"
)

// environment are the variables of the environment files, and what was asked of
// them that they do not have.
type environment struct {
	vars    map[string]string
	missing func(name string, required bool)
	grown   int  // bytes that variables added so far
	over    bool // they added more than maxGrown: nothing is replaced any more
}

const (
	maxValue = 16 << 10 // a longer value is cut: no address or limit is that long
	maxNest  = 8        // defaults within defaults
	maxGrown = 8 << 20  // bytes that variables may add to one import
)

// expand replaces the variables of a value: $NAME, ${NAME}, ${NAME:-default},
// ${NAME-default}, ${NAME:?message}, ${NAME?message}, ${NAME:+value},
// ${NAME+value}; "$$" is a dollar. What is no variable stays as it is.
func (e *environment) expand(s string, depth int) string {
	if !strings.Contains(s, "$") || e.over {
		return cut(s)
	}
	out := e.replace(s, depth)
	if e.grown += max(len(out)-len(s), 0); e.grown > maxGrown {
		e.over = true
	}
	return out
}

func (e *environment) replace(s string, depth int) string {
	var b strings.Builder
	for i := 0; i < len(s) && b.Len() < maxValue; {
		if s[i] != '$' || i+1 == len(s) {
			b.WriteByte(s[i])
			i++
			continue
		}
		switch c := s[i+1]; {
		case c == '$':
			b.WriteByte('$')
			i += 2
		case c == '{':
			end := closing(s, i+2)
			if end < 0 || depth >= maxNest {
				b.WriteString(s[i:])
				return cut(b.String())
			}
			b.WriteString(e.braced(s[i+2:end], depth))
			i = end + 1
		case isNameStart(c):
			end := i + 1
			for end < len(s) && isNamePart(s[end]) {
				end++
			}
			b.WriteString(e.get(s[i+1 : end]))
			i = end
		default:
			b.WriteByte('$')
			i++
		}
	}
	return cut(b.String())
}

func cut(s string) string {
	if len(s) > maxValue {
		return strings.ToValidUTF8(s[:maxValue], "")
	}
	return s
}

// closing finds the brace that ends "${" begun before at.
func closing(s string, at int) int {
	open := 1
	for i := at; i < len(s); i++ {
		switch {
		case s[i] == '}':
			if open--; open == 0 {
				return i
			}
		case s[i] == '{' && s[i-1] == '$':
			open++
		}
	}
	return -1
}

func (e *environment) braced(body string, depth int) string {
	end := 0
	for end < len(body) && isNamePart(body[end]) {
		end++
	}
	name, rest := body[:end], body[end:]
	if name == "" || !isNameStart(name[0]) {
		return "${" + body + "}"
	}
	if rest == "" {
		return e.get(name)
	}
	value, set := e.vars[name]
	op, word := rest[:1], rest[1:]
	if op == ":" && word != "" {
		set = set && value != ""
		op, word = word[:1], word[1:]
	}
	switch op {
	case "-":
		if set {
			return value
		}
		return e.expand(word, depth+1)
	case "+":
		if set {
			return e.expand(word, depth+1)
		}
		return ""
	case "?":
		if !set {
			e.missing(name, true)
		}
		return value
	}
	return "${" + body + "}"
}

func (e *environment) get(name string) string {
	v, ok := e.vars[name]
	if !ok {
		e.missing(name, false)
	}
	return v
}

func isNameStart(c byte) bool { return c == '_' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }
func isNamePart(c byte) bool  { return isNameStart(c) || c >= '0' && c <= '9' }

// readEnv adds the variables of a dot-env file: NAME=value lines, "export"
// before them, '#' comments, single quotes taken as they are, double quotes with
// escapes; values may use variables that stand before them.
func (e *environment) readEnv(text string) {
	text = strings.TrimPrefix(text, "\ufeff")
	for _, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(strings.TrimSuffix(line, "\r"))
		line = strings.TrimSpace(strings.TrimPrefix(line, "export "))
		if line == "" || line[0] == '#' {
			continue
		}
		name, value, ok := strings.Cut(line, "=")
		if name = strings.TrimSpace(name); !ok || name == "" {
			continue
		}
		value = strings.TrimSpace(value)
		switch {
		case value != "" && value[0] == '\'':
			if end := strings.IndexByte(value[1:], '\''); end >= 0 {
				value = value[1 : 1+end]
			}
		case value != "" && value[0] == '"':
			value = e.expand(unquote(value[1:]), 0)
		default:
			if i := strings.Index(value, " #"); i >= 0 {
				value = strings.TrimSpace(value[:i])
			} else if strings.HasPrefix(value, "#") {
				value = ""
			}
			value = e.expand(value, 0)
		}
		e.vars[name] = cut(value)
	}
}

// unquote reads up to the closing double quote.
func unquote(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '"':
			return b.String()
		case s[i] == '\\' && i+1 < len(s):
			i++
			switch s[i] {
			case 'n':
				b.WriteByte('\n')
			case 't':
				b.WriteByte('\t')
			case '"', '\\', '$':
				b.WriteByte(s[i])
			default:
				b.WriteByte('\\')
				b.WriteByte(s[i])
			}
		default:
			b.WriteByte(s[i])
		}
	}
	return b.String()
}
