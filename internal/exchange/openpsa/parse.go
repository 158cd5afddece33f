package openpsa

import (
	"bytes"
	"context"
	"slices"
	"strings"

	"diapason/internal/engine/stochastic"
	"diapason/internal/model/fault"
)

// maxIssues bounds how many problems are named at once; more help nobody.
const maxIssues = 100

// maxBytes bounds a file: places are kept in 32 bits.
const maxBytes = 1 << 30

// maxComponents bounds how deep components nest; the path of what is inside is
// as long.
const maxComponents = 100

// Read reads a model from files that together are one. What is wrong is named in
// one pass, with its place; a model with issues is nil. Where the context ends before
// the model is read, both results are nil: nothing can be said of it.
func Read(ctx context.Context, files []File) (*Model, []fault.Issue) {
	m := &Model{symbols: map[string]int32{}, uses: map[stochastic.Expr]int32{}, labels: map[int32]string{}, attributes: map[int32][]attribute{}}
	p := &parser{m: m, pulse: pulse{ctx: ctx}}
	for i, f := range files {
		if p.pulse.ended {
			break
		}
		text, encoding, ok := decode(f.Data)
		m.files = append(m.files, File{f.Name, text})
		p.file = int32(i)
		switch {
		case len(f.Data) > maxBytes || len(text) > maxBytes:
			p.m.files[i].Data = nil
			p.faultf(0, "the file is larger than %d MiB: split the model into several files", maxBytes>>20)
		case !ok && encoding == "":
			p.m.files[i].Data = nil
			p.faultf(0, "the file is not text in UTF-8: save it as UTF-8, or name its encoding in the XML declaration")
		case !ok:
			p.m.files[i].Data = nil
			p.faultf(0, "the encoding %s is not read: save the file as UTF-8", encoding)
		default:
			p.scan = scanner{src: text}
			p.dead = len(p.issues) == maxIssues
			p.document()
		}
	}
	if len(p.issues) == 0 && !p.pulse.ended {
		p.resolve()
	}
	if p.pulse.ended {
		return nil, nil
	}
	if len(p.issues) > 0 {
		return nil, p.issues
	}
	return m, nil
}

// parser fills a model from one file after another.
type parser struct {
	m       *Model
	scan    scanner
	file    int32
	dead    bool // nothing more can be read from the file
	issues  []fault.Issue
	pending []int32 // parts of formulas and expressions that are complete
	frames  []frame
	uses    []use
	pulse   pulse
}

// use is a parameter that an expression names, before it is looked up.
type use struct {
	expr       stochastic.Expr
	symbol, in int32
	at         place
	unit       string
}

// faultf notes that something is wrong at an offset of the file being read.
func (p *parser) faultf(at int, format string, args ...any) {
	p.faultAt(place{p.file, int32(at)}, format, args...)
}

func (p *parser) faultAt(at place, format string, args ...any) {
	if len(p.issues) < maxIssues {
		p.issues = append(p.issues, p.m.issue(at, format, args...))
	}
	p.dead = p.dead || len(p.issues) == maxIssues // nothing more would be said
}

func (m *Model) issue(at place, format string, args ...any) fault.Issue {
	f := &m.files[at.file]
	said := &fault.Fault{Format: format, Args: args}
	line, column := 0, 0
	if f.Data != nil {
		line, column = lineAndColumn(f.Data, int(at.at))
	}
	return fault.Issue{File: f.Name, Line: line, Column: column, Message: said.Error(), Fault: said}
}

// next is the next token; a document that cannot be read further has ended.
func (p *parser) next() token {
	if p.dead = p.dead || p.pulse.beat(); p.dead {
		return token{kind: tokenEnd}
	}
	t, err := p.scan.next()
	if err == nil {
		return t
	}
	p.dead = true
	p.faultf(err.at, err.format, err.args...)
	return token{kind: tokenEnd}
}

// skip reads up to the close of an element whose start was read.
func (p *parser) skip() {
	for depth := 1; depth > 0; {
		switch p.next().kind {
		case tokenStart:
			depth++
		case tokenClose:
			depth--
		case tokenEnd:
			return
		}
	}
}

// each gives the elements inside the one whose start was read to f, which reads
// each of them to its close. Text is refused.
func (p *parser) each(name string, f func(t token)) {
	for {
		switch t := p.next(); t.kind {
		case tokenClose, tokenEnd:
			return
		case tokenText:
			p.faultf(t.at, "<%s> holds elements only: the text %q is refused", name, shorten(p.scan.text))
		default:
			f(t)
		}
	}
}

func shorten(text []byte) string {
	s := []rune(strings.Join(strings.Fields(string(text)), " "))
	if len(s) > 40 {
		return string(s[:40]) + "…"
	}
	return string(s)
}

// leaf reads to the close of an element that holds nothing.
func (p *parser) leaf(name string) {
	p.each(name, func(t token) {
		p.faultf(t.at, "<%s> holds no other element: <%s> is refused here", name, string(t.name))
		p.skip()
	})
}

// attribute is the value of an attribute without surrounding space.
func (p *parser) attribute(name string) ([]byte, bool) {
	for i := range p.scan.attrs {
		if string(p.scan.attrs[i].name) == name {
			return bytes.TrimSpace(p.scan.attrs[i].value), true
		}
	}
	return nil, false
}

// only refuses attributes that an element does not have: one written wrongly
// would change what the model means.
func (p *parser) only(t token, names ...string) {
	for _, a := range p.scan.attrs {
		name := string(a.name)
		if !slices.Contains(names, name) && !strings.HasPrefix(name, "xml") {
			p.faultf(a.at, "<%s> has no attribute %s%s", string(t.name), name, fault.Suggestion(fault.Nearest(name, names)))
		}
	}
}

// name is the attribute name of an element that defines something.
func (p *parser) name(t token) (int32, bool) {
	v, ok := p.attribute("name")
	switch {
	case !ok || len(v) == 0:
		p.faultf(t.at, "<%s> needs a name", string(t.name))
		return 0, false
	case len(v) > maxName || bytes.ContainsFunc(v, func(r rune) bool { return r == '.' || r < ' ' }):
		p.faultf(t.at, "<%s name=%q>: a name has no dot, which separates the parts of a path, no control character, and at most %d bytes", string(t.name), shorten(v), maxName)
		return 0, false
	}
	return p.m.symbol(v), true
}

const maxName = 1000

// private reads the attribute role; without it, what stands in a private
// container is private.
func (p *parser) private(t token, in int32) bool {
	v, ok := p.attribute("role")
	switch {
	case !ok:
		return in != outside && p.m.containers[in].private
	case string(v) == "private":
		return in != outside
	case string(v) != "public":
		p.faultf(t.at, "role=%q is not known: use public or private", string(v))
	}
	return false
}

func (p *parser) document() {
	t := p.next()
	if t.kind != tokenStart {
		return
	}
	if string(t.name) != "opsa-mef" {
		p.faultf(t.at, "<%s> is not the root of an Open-PSA model, which is <opsa-mef>", string(t.name))
		return
	}
	if v, ok := p.attribute("name"); ok && p.m.name == "" {
		p.m.name = string(v)
	}
	p.each("opsa-mef", func(t token) { p.definition(t, outside, 0) })
	for !p.dead { // what follows the root
		if p.next().kind == tokenEnd {
			return
		}
	}
}

// beyond are the elements of the format that are refused, and what to do.
var beyond = []string{"define-event-tree", "define-functional-event", "define-sequence", "define-branch", "define-initiating-event", "define-initiating-event-group",
	"define-alignment", "define-consequence", "define-consequence-group", "define-rule", "define-substitution", "define-extern-library", "define-extern-function",
	"extern-function", "test-initiating-event", "test-functional-event"}

var definitions = []string{"define-fault-tree", "define-component", "define-gate", "define-basic-event", "define-house-event", "define-parameter", "define-CCF-group", "model-data", "label", "attributes", "include"}

// definition reads one definition that stands in a container.
func (p *parser) definition(t token, in int32, depth int) {
	switch string(t.name) {
	case "define-fault-tree", "define-component":
		p.container(t, in, depth)
	case "model-data":
		p.only(t)
		if in != outside {
			p.faultf(t.at, "<model-data> stands directly in <opsa-mef> only")
		}
		p.each("model-data", func(t token) { p.definition(t, outside, depth) })
	case "define-gate":
		p.define(t, in, gate)
	case "define-basic-event":
		p.define(t, in, basicEvent)
	case "define-house-event":
		p.define(t, in, houseEvent)
	case "define-parameter":
		p.define(t, in, parameter)
	case "define-CCF-group":
		p.group(t, in)
	case "label":
		p.labels(in)
	case "attributes":
		p.attributes(-2 - in)
	case "include":
		p.faultf(t.at, "<include> is not followed: name the file as a further argument")
		p.skip()
	default:
		p.foreign(t, definitions)
	}
}

// foreign refuses an element that stands in the wrong place or is not supported.
func (p *parser) foreign(t token, expected []string) {
	name := string(t.name)
	switch {
	case slices.Contains(beyond, name):
		p.faultf(t.at, "<%s> belongs to the Open-PSA format but is not supported: fault trees, their parameters and common-cause groups are", name)
	default:
		p.faultf(t.at, "<%s> is not expected here%s", shorten(t.name), fault.Suggestion(fault.Nearest(name, expected)))
	}
	p.skip()
}

// labels keeps the label of a container; of what is outside all there is none.
func (p *parser) labels(in int32) {
	if text := p.label(); in != outside && text != "" {
		p.m.labels[-2-in] = text
	}
}

// label reads the text of a label.
func (p *parser) label() string {
	var text []byte
	for {
		switch t := p.next(); t.kind {
		case tokenText:
			text = append(append(text, p.scan.text...), ' ')
		case tokenStart:
			p.faultf(t.at, "<label> holds text only: <%s> is refused", string(t.name))
			p.skip()
		default:
			return strings.TrimSpace(string(text))
		}
	}
}

func (p *parser) attributes(owner int32) {
	p.each("attributes", func(t token) {
		if string(t.name) != "attribute" {
			p.foreign(t, []string{"attribute"})
			return
		}
		p.only(t, "name", "value", "type")
		var a attribute
		for i, name := range []string{"name", "value", "type"} {
			v, ok := p.attribute(name)
			if !ok && i < 2 {
				p.faultf(t.at, "<attribute> needs a %s", name)
			}
			*[]*string{&a.name, &a.value, &a.kind}[i] = string(v)
		}
		p.m.attributes[owner] = append(p.m.attributes[owner], a)
		p.leaf("attribute")
	})
}

func (p *parser) container(t token, in int32, depth int) {
	component := string(t.name) == "define-component"
	c := container{in: in, component: component, at: place{p.file, int32(t.at)}}
	if component {
		p.only(t, "name", "role")
		c.private = p.private(t, in)
	} else {
		p.only(t, "name")
	}
	name, ok := p.name(t)
	switch {
	case component && in == outside:
		p.faultf(t.at, "<define-component> stands in a fault tree or another component")
		ok = false
	case !component && in != outside:
		p.faultf(t.at, "<define-fault-tree> stands directly in <opsa-mef> only")
		ok = false
	case depth >= maxComponents:
		p.faultf(t.at, "components nest more than %d deep", maxComponents)
		ok = false
	}
	if !ok {
		p.skip()
		return
	}
	c.name = name
	id := int32(len(p.m.containers))
	p.m.containers = append(p.m.containers, c)
	tag := string(t.name)
	p.each(tag, func(t token) { p.definition(t, id, depth+1) })
}
