package table

import (
	"cmp"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"diapason/internal/exchange/intake"
	"diapason/internal/exchange/yamlsource"
	"diapason/internal/finding"
	"diapason/internal/model"
)

// Options steer a reading.
type Options struct {
	Dates string // order of typed dates where the mapping says none: dmy, mdy or ymd
}

// Result is what a reading made of tables.
type Result struct {
	Rows    int             // rows read, those left out not counted
	Objects []*model.Object // in full, sorted; those with an error in a cell left out
	Errors  []CellError     // in the order of the tables
	Notes   []intake.Note   // columns, sheets and references that need a look
}

// Read reads tables with a mapping; without one the tables must carry their own
// in their header, as Write makes them. Objects of base, which may be nil, keep
// every field that the tables do not speak of. The error is intake.Problems when
// the input cannot be used at all; what is wrong with cells is in the result.
func Read(m *Mapping, files []intake.File, base *model.Snapshot, o Options) (*Result, error) {
	if base == nil {
		base, _ = model.NewSnapshot(0, nil)
	}
	size := intake.Bytes(files)
	if size > 1<<20 {
		defer intake.KeepGarbageLow()()
	}
	report := intake.NewReport(size)
	im := &importing{
		base: base, report: report, names: intake.NewNames(report), order: o.Dates,
		drafts: map[model.Ref]*draft{}, titles: map[string]map[string]string{}, keys: map[[2]string]string{},
	}
	var problems intake.Problems
	var watched []*yamlsource.File
	for _, file := range files {
		sheets, docs, bad := open(file, m)
		problems = append(problems, bad...)
		if docs != nil {
			watched = append(watched, docs)
		}
		if len(bad) == 0 {
			problems = append(problems, im.assign(m, file, sheets, docs)...)
		}
	}
	if len(problems) == 0 {
		im.run()
	}
	for _, f := range watched {
		if bad := f.Problem(); bad != nil {
			problems = append(problems, *bad)
		}
	}
	if im.report.Over() {
		problems = append(problems, im.report.Stop(files[0].Name))
	}
	if len(problems) > 0 {
		return nil, problems
	}
	return im.done(), nil
}

// open parses a file by its name.
func open(file intake.File, m *Mapping) ([]*sheet, *yamlsource.File, intake.Problems) {
	one := func(s []*sheet, p *intake.Problem) ([]*sheet, *yamlsource.File, intake.Problems) {
		if p != nil {
			return nil, nil, intake.Problems{*p}
		}
		return s, nil, nil
	}
	switch strings.ToLower(filepath.Ext(file.Name)) {
	case ".xlsx", ".xlsm":
		return one(readXLSX(file))
	case ".csv", ".tsv", ".txt":
		return one(readCSV(file, m))
	case ".yaml", ".yml", ".json":
		f, problems := readRecords(file)
		return nil, f, problems
	}
	return nil, nil, intake.Problems{{Place: intake.Place{File: file.Name}, Code: "table.format"}}
}

// task is one row with the rule that reads it.
type task struct {
	rule  *tableRule
	m     *Mapping
	sheet *sheet
	row   *row
	index map[string]int // column by folded header
	draft *draft
}

// draft is an object while rows make it.
type draft struct {
	kind    *model.Kind
	name    string
	tree    map[string]any
	before  *model.Object
	made    *model.Object // once its rows are read
	rows    int
	bad     bool
	reset   pathSet            // lists begun anew
	written map[string]writing // by path, to see rows that contradict each other
}

type writing struct {
	value string
	row   int
}

type importing struct {
	base   *model.Snapshot
	report *intake.Report
	names  *intake.Names
	order  string
	tasks  []task
	drafts map[model.Ref]*draft
	list   []*draft
	keys   map[[2]string]string         // kind and key of the tables → name
	titles map[string]map[string]string // kind → folded title → name, of base and tables
	errors []CellError
	rows   int
}

// maxErrors is how many wrong cells are told; more help nobody.
const maxErrors = 1000

func (im *importing) fail(t *task, column int, header, value, code string, args finding.Args) {
	if t.draft != nil {
		t.draft.bad = true
	}
	if len(im.errors) >= maxErrors {
		return
	}
	e := CellError{File: t.sheet.file, Sheet: t.sheet.name, Row: t.row.number, Header: header, Value: clip(value), Code: code, Args: args}
	if t.row.rec != nil {
		e.Column, e.Header, e.Sheet = header, "", ""
	} else if column >= 0 {
		e.Column = letters(column)
	}
	im.errors = append(im.errors, e)
}

func clip(s string) string {
	if len(s) > 200 {
		return strings.ToValidUTF8(s[:200], "") + "…"
	}
	return s
}

// assign finds the rules that read the sheets or records of a file, and their rows.
func (im *importing) assign(m *Mapping, file intake.File, sheets []*sheet, docs *yamlsource.File) intake.Problems {
	if docs != nil {
		if m == nil {
			return intake.Problems{{Place: intake.Place{File: file.Name}, Code: "table.mapping"}}
		}
		im.assignRecords(m, file, docs)
		return nil
	}
	known := false
	for _, s := range sheets {
		if len(s.rows) == 0 {
			continue
		}
		rules, mapping := m, m
		own := ownMapping(s)
		if m == nil || own != nil {
			rules, mapping = own, own
		}
		if rules == nil {
			im.report.Add(intake.Notice, intake.Place{File: file.Name}, s.name, model.Ref{}, "table.sheet.plain", finding.Args{"sheet": s.name})
			continue
		}
		read := false
		for _, rule := range rules.tables {
			if matches(rule.sheet, s.name) {
				read = true
				im.assignSheet(mapping, rule, s)
			}
		}
		known = known || read
		if !read {
			im.report.Add(intake.LeftOut, intake.Place{File: file.Name}, s.name, model.Ref{}, "table.sheet", finding.Args{"sheet": s.name})
		}
	}
	switch {
	case !known && m == nil:
		return intake.Problems{{Place: intake.Place{File: file.Name}, Code: "table.mapping"}}
	case !known:
		return intake.Problems{{Place: intake.Place{File: file.Name}, Code: "table.empty"}}
	}
	return nil
}

func matches(pattern, name string) bool {
	if pattern == "" {
		return true
	}
	for _, p := range strings.Split(pattern, "|") {
		if ok, err := path.Match(fold(p), fold(name)); ok && err == nil {
			return true
		}
	}
	return false
}

func (im *importing) assignSheet(m *Mapping, rule *tableRule, s *sheet) {
	head := 0
	if rule.header > 0 {
		head = slices.IndexFunc(s.rows, func(r row) bool { return r.number == rule.header })
	}
	if head < 0 {
		im.report.Add(intake.Notice, intake.Place{File: s.file}, s.name, model.Ref{}, "table.header", finding.Args{"row": rule.header})
		return
	}
	header := make([]string, len(s.rows[head].cells))
	index := map[string]int{}
	for i, c := range s.rows[head].cells {
		header[i] = c.plain()
		if _, have := index[fold(header[i])]; !have && header[i] != "" {
			index[fold(header[i])] = i
		}
	}
	s.header, s.headerRow = header, s.rows[head].number
	im.columns(m, rule, s, index)
	from := head + 1
	if m.own && ownKeysOnly(s.rows[head]) {
		from++ // the labels that people read
	}
	for i := from; i < len(s.rows); i++ {
		im.task(task{rule: rule, m: m, sheet: s, row: &s.rows[i], index: index})
	}
}

func (im *importing) assignRecords(m *Mapping, file intake.File, docs *yamlsource.File) {
	s := &sheet{file: file.Name, name: strings.TrimSuffix(filepath.Base(file.Name), filepath.Ext(file.Name))}
	used := map[string]bool{}
	var ignore []string
	found := false
	for _, rule := range m.tables {
		if !matches(rule.sheet, s.name) {
			continue
		}
		for _, c := range rule.columns() {
			head, _, _ := strings.Cut(c, ".")
			used[head], used[c] = true, true
		}
		ignore = append(ignore, rule.ignore...)
		for _, doc := range docs.Docs() {
			paths := rule.paths
			if paths == nil {
				paths = [][]string{{"*"}}
			}
			for _, path := range paths {
				(&record{n: doc}).each(path, func(r *record) bool {
					if !r.n.IsMap() && !r.n.IsScalar() {
						return true
					}
					found = true
					im.task(task{rule: rule, m: m, sheet: s, row: &row{number: r.n.Place().Line, rec: r}})
					return im.report.Charge(rowBytes)
				})
			}
		}
	}
	if !found {
		im.report.Add(intake.Notice, intake.Place{File: file.Name}, s.name, model.Ref{}, "table.records", nil)
	}
	told := map[string]bool{}
	for _, t := range im.tasks {
		if t.sheet != s {
			continue
		}
		for _, e := range t.row.rec.n.Entries() {
			if !used[e.Name] && !used["*"] && !told[e.Name] && len(told) < 500 && !slices.ContainsFunc(ignore, func(p string) bool { return matches(p, e.Name) }) {
				told[e.Name] = true
				im.report.Add(intake.Unknown, e.Key.Place(), e.Name, model.Ref{}, "table.column", finding.Args{"column": e.Name})
			}
		}
	}
}

const rowBytes = 200

func (im *importing) done() *Result {
	r := &Result{Rows: im.rows, Errors: im.errors}
	r.Notes = im.report.Done().Notes
	for _, d := range im.list {
		if !d.bad && d.made != nil {
			r.Objects = append(r.Objects, d.made)
		}
	}
	slices.SortFunc(r.Objects, func(a, b *model.Object) int { return a.Ref().Compare(b.Ref()) })
	slices.SortStableFunc(r.Errors, func(a, b CellError) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Sheet, b.Sheet), a.Row-b.Row)
	})
	return r
}
