package table

import (
	"regexp"
	"strconv"
	"strings"

	"diapason/internal/exchange/intake"
	"diapason/internal/exchange/yamlsource"
	"diapason/internal/finding"
	"diapason/internal/model"
)

// Mapping says which columns of tables become which fields of which kinds. Its
// language is documented in docs/import.md.
type Mapping struct {
	Name        string
	Title       model.Text
	Description model.Text

	dates     string // order of typed dates: dmy, mdy or ymd
	zone      string // IANA zone of typed instants
	decimal   string // decimal sign of typed numbers
	charset   string
	delimiter rune
	tables    []*tableRule
	own       bool // read from the table's own header
}

func (m *Mapping) encoding() string {
	if m == nil {
		return ""
	}
	return m.charset
}

func (m *Mapping) separator() rune {
	if m == nil {
		return 0
	}
	return m.delimiter
}

// tableRule makes objects of one kind of the rows of one sheet.
type tableRule struct {
	sheet  string     // pattern of the sheet's name, "" for all
	paths  [][]string // of records, all of them read
	header int        // row of the header, 0 for the first row that is not empty
	kind   *model.Kind
	name   template
	when   []condition
	fields []fieldRule
	labels []fieldRule // target is the label's key
	ignore []string
	others string // "report" or "labels"
	exact  bool   // the name column holds names of the model
}

type fieldRule struct {
	path   target
	label  string
	source source
}

// source says where the value of a field comes from.
type source struct {
	columns   []string // the first that the table has counts
	constant  *string
	text      template
	values    map[string]string // by lower-case text
	allowed   []string
	otherwise *string
	fallback  *string // for an empty cell
	unit      string
	split     string
	refs      []string
	create    bool
	match     *regexp.Regexp
	dates     string
	when      []condition
	clear     bool // an empty cell clears the field
}

type condition struct {
	columns []string
	is, not []string
	empty   *bool
}

// ParseMapping reads a mapping; all that is wrong with it comes in one pass.
func ParseMapping(file string, data []byte) (*Mapping, []intake.Problem) {
	f, problems := yamlsource.Read(file, data)
	if len(problems) > 0 {
		return nil, problems
	}
	p := &mappingReader{}
	m := &Mapping{}
	if len(f.Docs()) != 1 || !f.Docs()[0].IsMap() {
		return nil, []intake.Problem{{Place: intake.Place{File: file}, Code: "mapping.shape"}}
	}
	for _, e := range f.Docs()[0].Entries() {
		switch e.Name {
		case "mapping":
			m.Name = e.Value.Text()
		case "title":
			m.Title = p.localText(e.Value)
		case "description":
			m.Description = p.localText(e.Value)
		case "dates":
			m.dates = p.oneOf(e.Value, "dmy", "mdy", "ymd")
		case "zone":
			m.zone = e.Value.Text()
		case "decimal":
			m.decimal = p.oneOf(e.Value, ",", ".")
		case "encoding":
			m.charset = p.oneOf(e.Value, "utf-8", "windows-1252", "iso-8859-1", "iso-8859-15", "macintosh")
		case "separator":
			s := e.Value.Text()
			if s == "tab" {
				s = "\t"
			}
			if len(s) == 1 {
				m.delimiter = rune(s[0])
			} else {
				p.bad(e.Value, "mapping.value", finding.Args{"value": e.Value.Text(), "allowed": []string{";", ",", "|", "tab"}})
			}
		case "tables":
			for _, t := range e.Value.Items() {
				m.tables = append(m.tables, p.table(t))
			}
		default:
			p.unknown(e, "mapping", "title", "description", "dates", "decimal", "zone", "encoding", "separator", "tables")
		}
	}
	if len(m.tables) == 0 {
		p.bad(f.Docs()[0], "mapping.tables", nil)
	}
	if bad := f.Problem(); bad != nil {
		p.problems = append(p.problems, *bad)
	}
	if len(p.problems) > 0 {
		return nil, p.problems
	}
	return m, nil
}

type mappingReader struct{ problems intake.Problems }

func (p *mappingReader) bad(n yamlsource.Node, code string, args finding.Args) {
	if len(p.problems) < 100 {
		p.problems = append(p.problems, intake.Problem{Place: n.Place(), Code: code, Args: args})
	}
}

func (p *mappingReader) unknown(e yamlsource.Entry, known ...string) {
	p.bad(e.Key, "mapping.unknown", finding.Args{"key": e.Name, "nearest": model.Nearest(e.Name, known), "known": strings.Join(known, ", ")})
}

func (p *mappingReader) oneOf(n yamlsource.Node, allowed ...string) string {
	for _, a := range allowed {
		if strings.EqualFold(n.Text(), a) {
			return a
		}
	}
	p.bad(n, "mapping.value", finding.Args{"value": n.Text(), "allowed": allowed})
	return ""
}

func (p *mappingReader) localText(n yamlsource.Node) model.Text {
	if n.IsMap() {
		return model.Text{EN: n.Get("en").Text(), FR: n.Get("fr").Text()}
	}
	return model.Text{All: n.Text()}
}

func (p *mappingReader) texts(n yamlsource.Node) []string {
	if n.IsScalar() {
		return []string{n.Text()}
	}
	var out []string
	for _, x := range n.Items() {
		out = append(out, x.Text())
	}
	return out
}

func (p *mappingReader) table(n yamlsource.Node) *tableRule {
	t := &tableRule{others: "report"}
	kind := n.Get("kind")
	if t.kind = model.KindOf(kind.Text()); t.kind == nil {
		at := kind
		if !kind.Exists() {
			at = n
		}
		p.bad(at, "mapping.kind", finding.Args{"value": kind.Text(), "nearest": model.Nearest(kind.Text(), model.Slugs())})
		return t
	}
	for _, e := range n.Entries() {
		switch e.Name {
		case "kind":
		case "sheet":
			t.sheet = e.Value.Text()
		case "path":
			if e.Value.IsList() { // keys that hold dots
				t.paths = [][]string{p.texts(e.Value)}
			}
			for _, one := range columnsOf(e.Value.Text()) {
				t.paths = append(t.paths, strings.Split(one, "."))
			}
		case "header":
			if t.header, _ = strconv.Atoi(e.Value.Text()); t.header < 1 {
				p.bad(e.Value, "mapping.value", finding.Args{"value": e.Value.Text(), "allowed": []string{"1", "2", "3…"}})
			}
		case "name":
			t.name = parseTemplate(e.Value.Text())
		case "when":
			t.when = p.conditions(e.Value)
		case "fields":
			for _, f := range e.Value.Entries() {
				t.fields = append(t.fields, p.field(t.kind, f))
			}
		case "labels":
			for _, f := range e.Value.Entries() {
				t.labels = append(t.labels, fieldRule{label: f.Name, source: p.source(f.Value)})
			}
		case "ignore":
			t.ignore = p.texts(e.Value)
		case "others":
			t.others = p.oneOf(e.Value, "report", "labels")
		default:
			p.unknown(e, "sheet", "path", "header", "kind", "name", "when", "fields", "labels", "ignore", "others")
		}
	}
	if len(t.name) == 0 {
		p.bad(n, "mapping.name", finding.Args{"kind": t.kind.Name})
	}
	return t
}

func (p *mappingReader) field(k *model.Kind, f yamlsource.Entry) fieldRule {
	t, code, args := parseTarget(k, f.Name)
	if code != "" {
		p.bad(f.Key, code, args)
	}
	return fieldRule{path: t, source: p.source(f.Value)}
}

func columnsOf(s string) []string {
	var out []string
	for _, c := range strings.Split(s, "|") {
		if c = strings.TrimSpace(c); c != "" {
			out = append(out, c)
		}
	}
	return out
}

func (p *mappingReader) source(n yamlsource.Node) source {
	if n.IsScalar() {
		return source{columns: columnsOf(n.Text())}
	}
	var s source
	text := func(v yamlsource.Node) *string { t := v.Text(); return &t }
	for _, e := range n.Entries() {
		v := e.Value
		switch e.Name {
		case "column":
			s.columns = columnsOf(v.Text())
		case "value":
			s.constant = text(v)
		case "text":
			s.text = parseTemplate(v.Text())
		case "values":
			s.values = map[string]string{}
			for _, x := range v.Entries() {
				s.values[fold(x.Name)] = x.Value.Text()
				s.allowed = append(s.allowed, x.Name)
			}
		case "otherwise":
			s.otherwise = text(v)
		case "default":
			s.fallback = text(v)
		case "unit":
			s.unit = v.Text()
		case "split":
			s.split = v.Text()
		case "ref":
			for _, r := range p.texts(v) {
				if k := model.KindOf(r); k != nil {
					s.refs = append(s.refs, k.Slug)
				} else {
					p.bad(v, "mapping.kind", finding.Args{"value": r, "nearest": model.Nearest(r, model.Slugs())})
				}
			}
		case "create":
			s.create = v.Text() == "true"
		case "match":
			re, err := regexp.Compile(v.Text())
			if err != nil || re.NumSubexp() < 1 || len(v.Text()) > 500 {
				p.bad(v, "mapping.match", nil)
				continue
			}
			s.match = re
		case "dates":
			s.dates = p.oneOf(v, "dmy", "mdy", "ymd")
		case "when":
			s.when = p.conditions(v)
		case "empty":
			s.clear = p.oneOf(v, "keep", "clear") == "clear"
		default:
			p.unknown(e, "column", "value", "text", "values", "otherwise", "default", "unit", "split", "ref", "create", "match", "dates", "when", "empty")
		}
	}
	if len(s.columns) == 0 && s.constant == nil && len(s.text) == 0 {
		p.bad(n, "mapping.source", nil)
	}
	return s
}

func (p *mappingReader) conditions(n yamlsource.Node) []condition {
	list := n.Items()
	if n.IsMap() {
		list = []yamlsource.Node{n}
	}
	var out []condition
	for _, x := range list {
		var c condition
		for _, e := range x.Entries() {
			switch e.Name {
			case "column":
				c.columns = columnsOf(e.Value.Text())
			case "is":
				c.is = p.texts(e.Value)
			case "not":
				c.not = p.texts(e.Value)
			case "empty":
				b := e.Value.Text() == "true"
				c.empty = &b
			default:
				p.unknown(e, "column", "is", "not", "empty")
			}
		}
		if len(c.columns) == 0 {
			p.bad(x, "mapping.source", nil)
		}
		out = append(out, c)
	}
	return out
}

var blanks = strings.NewReplacer("\u00a0", " ", "\u202f", " ", "\ufeff", "")

// fold makes texts of headers and lookups comparable.
func fold(s string) string {
	s = blanks.Replace(s)
	return strings.ToLower(strings.Join(strings.Fields(s), " "))
}

// template is a text with {column} places in it.
type template []templatePart

type templatePart struct {
	text    string
	columns []string // of a place
}

func parseTemplate(s string) template {
	var out template
	for s != "" {
		open := strings.IndexByte(s, '{')
		end := -1
		if open >= 0 {
			end = strings.IndexByte(s[open:], '}')
		}
		if end < 0 {
			return append(out, templatePart{text: s})
		}
		if open > 0 {
			out = append(out, templatePart{text: s[:open]})
		}
		out = append(out, templatePart{columns: columnsOf(s[open+1 : open+end])})
		s = s[open+end+1:]
	}
	return out
}

// fill replaces the places; filled tells that at least one was not empty.
func (t template) fill(get func(columns []string) string) (s string, filled bool) {
	var b strings.Builder
	for _, p := range t {
		if p.columns == nil {
			b.WriteString(p.text)
			continue
		}
		v := get(p.columns)
		filled = filled || v != ""
		b.WriteString(v)
	}
	return strings.TrimSpace(b.String()), filled
}
