package table

import (
	"slices"
)

// label keeps a cell as a label.
func (im *importing) label(t *task, f *fieldRule) {
	c, column, header, set, bad := im.obtain(t, &f.source)
	switch {
	case bad != nil:
		im.fail(t, column, header, c.plain(), bad.code, bad.args)
	case c.form == isFault:
		im.fail(t, column, header, c.text, "formula", nil)
	case set && !c.empty():
		text := c.plain()
		if t.m.own && c.form == isText {
			text = c.text
		}
		if c.form == isDate {
			if d, ok := dateOf(c, t.sheet.epoch, ""); ok {
				text = d.String()
			}
		}
		labels(t.draft)[f.label] = text
	case f.source.clear:
		delete(labels(t.draft), f.label)
	}
}

func labels(d *draft) map[string]any {
	meta := d.tree["metadata"].(map[string]any)
	m, ok := meta["labels"].(map[string]any)
	if !ok {
		m = map[string]any{}
		meta["labels"] = m
	}
	return m
}

// otherLabels keeps the columns that no rule reads as labels.
func (im *importing) otherLabels(t *task) {
	used := map[int]bool{}
	for _, c := range t.rule.columns() {
		if i, ok := t.index[fold(c)]; ok && i >= 0 {
			used[i] = true
		}
	}
	for i, h := range t.sheet.header {
		if h == "" || used[i] || i >= len(t.row.cells) || t.row.cells[i].empty() || slices.ContainsFunc(t.rule.ignore, func(p string) bool { return matches(p, h) }) {
			continue
		}
		labels(t.draft)[h] = t.row.cells[i].plain()
	}
}
