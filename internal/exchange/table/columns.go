package table

import (
	"slices"
	"strings"

	"diapason/internal/exchange/intake"
	"diapason/internal/finding"
	"diapason/internal/model"
)

// columns tells which columns no rule reads, and which the rules miss.
func (im *importing) columns(m *Mapping, rule *tableRule, s *sheet, index map[string]int) {
	used := map[int]bool{}
	for _, alternatives := range rule.wishes() {
		found := false
		for _, c := range alternatives {
			if i, ok := index[fold(c)]; ok && i >= 0 {
				used[i], found = true, true
				break
			}
		}
		if !found && !m.own {
			im.report.Add(intake.Notice, intake.Place{File: s.file, Line: s.headerRow}, s.name+"!"+strings.Join(alternatives, "|"), model.Ref{}, "table.column.missing", finding.Args{"column": strings.Join(alternatives, " | ")})
		}
	}
	for i, h := range s.header {
		if h == "" || used[i] {
			continue
		}
		if slices.ContainsFunc(rule.ignore, func(p string) bool { return matches(p, h) }) {
			im.report.Add(intake.LeftOut, intake.Place{File: s.file, Line: s.headerRow, Column: i + 1}, s.name+"!"+h, model.Ref{}, "table.ignored", finding.Args{"column": h})
			continue
		}
		if rule.others == "labels" {
			continue
		}
		im.report.Add(intake.Unknown, intake.Place{File: s.file, Line: s.headerRow, Column: i + 1}, s.name+"!"+h, model.Ref{}, "table.column", finding.Args{"column": h})
	}
}

// wishes lists the columns that a rule reads, with their alternatives.
func (t *tableRule) wishes() [][]string {
	var out [][]string
	add := func(c []string) {
		if len(c) > 0 {
			out = append(out, c)
		}
	}
	templates := []template{t.name}
	conditions := slices.Clone(t.when)
	for _, f := range slices.Concat(t.fields, t.labels) {
		add(f.source.columns)
		templates = append(templates, f.source.text)
		conditions = append(conditions, f.source.when...)
		for _, s := range f.path.steps {
			templates = append(templates, s.item)
		}
	}
	for _, t := range templates {
		for _, p := range t {
			add(p.columns)
		}
	}
	for _, c := range conditions {
		add(c.columns)
	}
	return out
}

func (t *tableRule) columns() []string { return slices.Concat(t.wishes()...) }

// get reads the first column of a row that its table has.
func (t *task) get(columns []string) (c cell, column int, header string) {
	for _, name := range columns {
		if t.row.rec != nil {
			if c, _, ok := t.row.rec.get(name); ok {
				return c, -1, name
			}
			continue
		}
		i, ok := t.index[name]
		if !ok {
			if i, ok = t.index[fold(name)]; !ok {
				i = -1
			}
			t.index[name] = i // found faster in the next row
		}
		if i < 0 {
			continue
		}
		if i < len(t.row.cells) {
			return t.row.cells[i], i, t.sheet.header[i]
		}
		return cell{}, i, t.sheet.header[i]
	}
	return cell{}, -1, strings.Join(columns, "|")
}

// text reads a column for a template: dates as dates, faults as nothing.
func (t *task) text(columns []string) string {
	c, _, _ := t.get(columns)
	switch c.form {
	case isFault:
		return ""
	case isDate:
		if d, ok := dateOf(c, t.sheet.epoch, ""); ok {
			return d.String()
		}
	}
	return c.plain()
}

func (t *task) holds(list []condition) bool {
	for _, c := range list {
		v := fold(t.text(c.columns))
		same := func(s string) bool { return fold(s) == v }
		if c.is != nil && !slices.ContainsFunc(c.is, same) || slices.ContainsFunc(c.not, same) || c.empty != nil && *c.empty != (v == "") {
			return false
		}
	}
	return true
}
