package openpsa

import (
	"bytes"
	"strconv"
	"strings"
	"unicode/utf8"

	"diapason/internal/model/fault"
)

// scanner reads the elements and attributes of an XML document, one at a time,
// over its bytes. It reads what models need: no entities but the five predefined
// ones and characters by number, and a document type without declarations of its
// own, of which nothing is ever fetched. What it does not read it refuses.
type scanner struct {
	src   []byte
	at    int
	open  []span // names of open elements
	attrs []attr
	ended bool // the root element is closed
	text  []byte
	self  bool // the last start was an empty element: its end comes next
}

type span struct{ from, to int }

type attr struct {
	name  []byte
	value []byte // entities resolved, surrounding space kept
	at    int
}

type tokenKind uint8

const (
	tokenEnd tokenKind = iota // end of the document
	tokenStart
	tokenClose
	tokenText
)

type token struct {
	kind tokenKind
	name []byte // of the element
	at   int    // offset of its "<"
}

// maxDepth bounds how deep elements nest; formulas of people are below ten deep.
const maxDepth = 100_000

// syntax is an error of the document itself, after which nothing can be read.
type syntax struct {
	at     int
	format string
	args   []any
}

func (s *scanner) fail(at int, format string, args ...any) *syntax {
	return &syntax{at, format, args}
}

// next reads up to the next start, end or text that is not only space.
func (s *scanner) next() (token, *syntax) {
	if s.self {
		s.self = false
		top := s.open[len(s.open)-1]
		return s.pop(token{tokenClose, s.src[top.from:top.to], s.at})
	}
	for {
		if s.at >= len(s.src) {
			if len(s.open) > 0 {
				top := s.open[len(s.open)-1]
				return token{}, s.fail(top.from-1, "the document ends before <%s> is closed", string(s.src[top.from:top.to]))
			}
			if !s.ended {
				return token{}, s.fail(s.at, "the document holds no element: an Open-PSA model is an <opsa-mef> element")
			}
			return token{kind: tokenEnd, at: s.at}, nil
		}
		if s.src[s.at] != '<' {
			if tok, found, err := s.chars(); found || err != nil {
				return tok, err
			}
			continue
		}
		rest := s.src[s.at:]
		switch {
		case bytes.HasPrefix(rest, []byte("<!--")):
			if err := s.skip("<!--", "-->", "a comment"); err != nil {
				return token{}, err
			}
		case bytes.HasPrefix(rest, []byte("<?")):
			if err := s.skip("<?", "?>", "an instruction"); err != nil {
				return token{}, err
			}
		case bytes.HasPrefix(rest, []byte("<![CDATA[")):
			at := s.at
			if err := s.skip("<![CDATA[", "]]>", "a CDATA section"); err != nil {
				return token{}, err
			}
			if len(s.open) == 0 {
				return token{}, s.fail(at, "text outside the root element: remove it")
			}
			s.text = append(s.text[:0], s.src[at+9:s.at-3]...)
			if len(bytes.TrimSpace(s.text)) > 0 {
				return token{kind: tokenText, at: at}, nil
			}
		case bytes.HasPrefix(rest, []byte("<!DOCTYPE")):
			if err := s.doctype(); err != nil {
				return token{}, err
			}
		case bytes.HasPrefix(rest, []byte("</")):
			return s.close()
		default:
			return s.start()
		}
	}
}

// chars reads text; found tells whether it is more than space.
func (s *scanner) chars() (token, bool, *syntax) {
	from := s.at
	for s.at < len(s.src) && isSpace(s.src[s.at]) {
		s.at++
	}
	if s.at == len(s.src) || s.src[s.at] == '<' {
		return token{}, false, nil
	}
	if len(s.open) == 0 {
		return token{}, false, s.fail(s.at, "text outside the root element: remove it")
	}
	at := s.at
	n := bytes.IndexByte(s.src[s.at:], '<')
	if n < 0 {
		n = len(s.src) - s.at
	}
	s.at += n
	text, err := s.resolve(s.src[from:s.at], from)
	s.text = append(s.text[:0], text...)
	return token{kind: tokenText, at: at}, true, err
}

func (s *scanner) skip(opening, closing string, what fault.Phrase) *syntax {
	n := bytes.Index(s.src[s.at+len(opening):], []byte(closing))
	if n < 0 {
		return s.fail(s.at, "%s is not closed: %s is missing", what, closing)
	}
	s.at += len(opening) + n + len(closing)
	return nil
}

// doctype skips a document type; what declares entities is refused, since
// entities can unfold to any size.
func (s *scanner) doctype() *syntax {
	at := s.at
	if len(s.open) > 0 || s.ended {
		return s.fail(at, "a document type stands before the root element only")
	}
	n := bytes.IndexAny(s.src[at:], ">[")
	if n < 0 || s.src[at+n] == '[' {
		return s.fail(at, "a document type with declarations of its own is refused: its entities could unfold to any size; remove <!DOCTYPE …[…]>")
	}
	s.at += n + 1
	return nil
}

func (s *scanner) close() (token, *syntax) {
	at := s.at
	s.at += 2
	name := s.name()
	s.space()
	if len(name) == 0 || s.at >= len(s.src) || s.src[s.at] != '>' {
		return token{}, s.fail(at, "this closing tag cannot be read: it is written </name>")
	}
	s.at++
	if len(s.open) == 0 {
		return token{}, s.fail(at, "</%s> closes nothing", string(name))
	}
	top := s.open[len(s.open)-1]
	if open := s.src[top.from:top.to]; !bytes.Equal(open, name) {
		return token{}, s.fail(at, "</%s> stands where </%s> is expected", string(name), string(open))
	}
	return s.pop(token{tokenClose, name, at})
}

func (s *scanner) pop(t token) (token, *syntax) {
	s.open = s.open[:len(s.open)-1]
	s.ended = len(s.open) == 0
	return t, nil
}

func (s *scanner) start() (token, *syntax) {
	at := s.at
	if s.ended {
		return token{}, s.fail(at, "a second root element: a document has one <opsa-mef>")
	}
	if len(s.open) >= maxDepth {
		return token{}, s.fail(at, "elements nest more than %d deep: give inner formulas gates of their own", maxDepth)
	}
	s.at++
	from := s.at
	name := s.name()
	if len(name) == 0 {
		return token{}, s.fail(at, "%q begins no element: in text it is written &lt;", "<")
	}
	s.open = append(s.open, span{from, s.at})
	s.attrs = s.attrs[:0]
	for {
		spaced := s.space()
		if s.at >= len(s.src) {
			return token{}, s.fail(at, "the document ends inside the tag <%s", string(name))
		}
		switch c := s.src[s.at]; {
		case c == '>':
			s.at++
			return token{tokenStart, name, at}, nil
		case c == '/':
			if s.at+1 >= len(s.src) || s.src[s.at+1] != '>' {
				return token{}, s.fail(s.at, "%q stands alone in the tag <%s: an empty element ends with />", "/", string(name))
			}
			s.at += 2
			s.self = true
			return token{tokenStart, name, at}, nil
		case !spaced:
			return token{}, s.fail(s.at, "the tag <%s cannot be read from here: attributes are written name=\"value\", with spaces between", string(name))
		}
		if err := s.attribute(name); err != nil {
			return token{}, err
		}
	}
}

func (s *scanner) attribute(element []byte) *syntax {
	at := s.at
	name := s.name()
	s.space()
	if len(name) == 0 || s.at >= len(s.src) || s.src[s.at] != '=' {
		return s.fail(at, "the tag <%s cannot be read from here: attributes are written name=\"value\", with spaces between", string(element))
	}
	s.at++
	s.space()
	if s.at >= len(s.src) || s.src[s.at] != '"' && s.src[s.at] != '\'' {
		return s.fail(s.at, "the value of %s needs quotation marks", string(name))
	}
	quote := s.src[s.at]
	s.at++
	n := bytes.IndexByte(s.src[s.at:], quote)
	if n < 0 {
		return s.fail(s.at-1, "the value of %s is not closed", string(name))
	}
	raw := s.src[s.at : s.at+n]
	if i := bytes.IndexByte(raw, '<'); i >= 0 {
		return s.fail(s.at+i, "%q stands in the value of %s: it is written &lt;", "<", string(name))
	}
	value, err := s.resolve(raw, s.at)
	if err != nil {
		return err
	}
	s.at += n + 1
	for _, a := range s.attrs {
		if bytes.Equal(a.name, name) {
			return s.fail(at, "%s is given twice in <%s", string(name), string(element))
		}
	}
	if len(s.attrs) == 32 {
		return s.fail(at, "<%s has more than 32 attributes", string(element))
	}
	s.attrs = append(s.attrs, attr{name, value, at})
	return nil
}

// resolve replaces entities; text without any is returned as it is.
func (s *scanner) resolve(raw []byte, at int) ([]byte, *syntax) {
	if bytes.IndexByte(raw, '&') < 0 {
		return raw, nil
	}
	var out []byte
	for i := 0; i < len(raw); i++ {
		if raw[i] != '&' {
			out = append(out, raw[i])
			continue
		}
		n := bytes.IndexByte(raw[i:min(i+12, len(raw))], ';')
		if n < 0 {
			return nil, s.fail(at+i, "%q begins no entity: alone it is written &amp;", "&")
		}
		c, ok := entity(string(raw[i+1 : i+n]))
		if !ok {
			return nil, s.fail(at+i, "the entity %s is not known: &lt; &gt; &amp; &quot; &apos; and characters by number are", string(raw[i:i+n+1]))
		}
		out = utf8.AppendRune(out, c)
		i += n
	}
	return out, nil
}

func entity(name string) (rune, bool) {
	switch name {
	case "lt":
		return '<', true
	case "gt":
		return '>', true
	case "amp":
		return '&', true
	case "quot":
		return '"', true
	case "apos":
		return '\'', true
	}
	digits, ok := strings.CutPrefix(name, "#")
	base := 10
	if hex, isHex := strings.CutPrefix(digits, "x"); isHex {
		digits, base = hex, 16
	}
	n, err := strconv.ParseUint(digits, base, 32)
	r := rune(n)
	return r, ok && err == nil && n <= utf8.MaxRune && utf8.ValidRune(r) && (r >= ' ' || r == '\t' || r == '\n' || r == '\r')
}

func isSpace(c byte) bool { return c == ' ' || c == '\n' || c == '\t' || c == '\r' }

// space skips white space and tells whether there was any.
func (s *scanner) space() bool {
	from := s.at
	for s.at < len(s.src) && isSpace(s.src[s.at]) {
		s.at++
	}
	return s.at > from
}

// name reads the name of an element or attribute.
func (s *scanner) name() []byte {
	from := s.at
	for s.at < len(s.src) {
		c := s.src[s.at]
		letter := c|0x20 >= 'a' && c|0x20 <= 'z' || c == '_' || c == ':' || c >= 0x80
		if !letter && (s.at == from || c != '-' && c != '.' && (c < '0' || c > '9')) {
			break
		}
		s.at++
	}
	return s.src[from:s.at]
}

// lineAndColumn is the line and column of an offset, both from 1, columns in characters.
func lineAndColumn(src []byte, at int) (line, column int) {
	at = min(at, len(src))
	before := src[:at]
	line = bytes.Count(before, []byte{'\n'}) + 1
	return line, utf8.RuneCount(before[bytes.LastIndexByte(before, '\n')+1:]) + 1
}
