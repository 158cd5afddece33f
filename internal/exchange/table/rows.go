package table

import (
	"reflect"
	"slices"
	"strconv"

	"diapason/internal/exchange/intake"
	"diapason/internal/finding"
	"diapason/internal/model"
)

// task keeps a row that its rule reads and gives its object a name.
func (im *importing) task(t task) {
	if im.report.Over() || t.row.rec == nil && !slices.ContainsFunc(t.row.cells, func(c cell) bool { return !c.empty() }) {
		return
	}
	if !t.holds(t.rule.when) {
		im.report.Add(intake.LeftOut, intake.Place{File: t.sheet.file, Line: t.row.number}, t.sheet.name+"!"+strconv.Itoa(t.row.number), model.Ref{}, "table.row", nil)
		return
	}
	im.rows++
	key, filled := t.rule.name.fill(t.text)
	if t.rule.exact {
		im.exactName(&t, key)
	} else if !filled {
		_, column, header := t.get(t.rule.name.first())
		im.fail(&t, column, header, "", "name.missing", nil)
		return
	} else {
		t.draft = im.draft(t.rule.kind, im.nameOf(t.rule.kind.Slug, key))
	}
	if t.draft != nil {
		t.draft.rows++
		im.tasks = append(im.tasks, t)
	}
}

func (t template) first() []string {
	for _, p := range t {
		if p.columns != nil {
			return p.columns
		}
	}
	return nil
}

// exactName takes the names of a table that Write wrote; a row without one is a
// new object, named after its title.
func (im *importing) exactName(t *task, key string) {
	if key != "" {
		if model.CheckName(key) != nil {
			_, column, header := t.get(t.rule.name.first())
			im.fail(t, column, header, key, "name", finding.Args{"wish": model.Slugify(key)})
			return
		}
		t.draft = im.draft(t.rule.kind, key)
		return
	}
	for _, title := range []string{"metadata.title", "metadata.title.fr", "metadata.title.en"} {
		for _, f := range t.rule.fields {
			if f.path.text == title {
				if s := t.text(f.source.columns); s != "" {
					t.draft = im.draft(t.rule.kind, im.nameOf(t.rule.kind.Slug, s))
					return
				}
			}
		}
	}
	_, column, header := t.get(t.rule.name.first())
	im.fail(t, column, header, "", "name.missing", nil)
}

// nameOf is the name of the object that the tables know by a key.
func (im *importing) nameOf(kind, key string) string {
	id := [2]string{kind, fold(key)}
	if name, ok := im.keys[id]; ok {
		return name
	}
	name := im.names.Give(kind, id[1], key)
	im.keys[id] = name
	return name
}

// draftBytes is what an object and its draft take beside its spec, about.
const draftBytes = 1100

func (im *importing) draft(k *model.Kind, name string) *draft {
	ref := model.Ref{Kind: k.Slug, Name: name}
	if d := im.drafts[ref]; d != nil {
		return d
	}
	im.report.Charge(draftBytes + int(reflect.TypeOf(k.New()).Elem().Size()))
	d := &draft{kind: k, name: name, before: im.base.Get(ref)}
	im.drafts[ref] = d
	im.list = append(im.list, d)
	return d
}
