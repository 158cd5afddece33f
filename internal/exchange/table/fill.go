package table

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"diapason/internal/exchange/intake"
	"diapason/internal/finding"
	"diapason/internal/model"
)

// run reads the fields of all rows: titles first, so that references can name
// what stands in a later row.
func (im *importing) run() {
	im.indexTitles()
	for i := range im.tasks {
		t := &im.tasks[i]
		for _, f := range t.rule.fields {
			if strings.HasPrefix(f.path.text, "metadata.title") {
				c, _, _ := t.get(f.source.columns)
				im.title(t.rule.kind.Slug, c.plain(), t.draft.name)
			}
		}
	}
	for i := range im.tasks {
		if im.report.Over() {
			return
		}
		im.fill(&im.tasks[i])
		if i+1 == len(im.tasks) || im.tasks[i+1].draft != im.tasks[i].draft {
			im.settle(im.tasks[i].draft)
		}
	}
	for _, d := range im.list { // those that rows named and created
		if d.tree != nil {
			im.settle(d)
		}
	}
}

func (im *importing) title(kind, title, name string) {
	if title == "" {
		return
	}
	m := im.titles[kind]
	if m == nil {
		m = map[string]string{}
		im.titles[kind] = m
	}
	if _, have := m[fold(title)]; !have {
		m[fold(title)] = name
	}
}

func (im *importing) indexTitles() {
	im.base.All(func(_ model.Handle, o *model.Object) bool {
		for _, s := range []string{o.Metadata.Title.All, o.Metadata.Title.EN, o.Metadata.Title.FR} {
			im.title(o.Kind.Slug, s, o.Metadata.Name)
		}
		return true
	})
}

// start is the document that the rows of an object change.
func (d *draft) start() {
	if d.tree != nil {
		return
	}
	d.tree = map[string]any{}
	if from := cmp.Or(d.made, d.before); from != nil {
		d.tree = from.Tree()
	}
	for _, part := range []string{"metadata", "spec"} {
		if _, ok := d.tree[part].(map[string]any); !ok {
			d.tree[part] = map[string]any{}
		}
	}
	d.tree["apiVersion"], d.tree["kind"] = model.APIVersion, d.kind.Name
	d.tree["metadata"].(map[string]any)["name"] = d.name
}

// settle makes the object of a draft and lets its document go, which takes far
// more memory; another row of the object opens it again.
func (im *importing) settle(d *draft) {
	if d.tree == nil || d.bad {
		d.tree = nil
		return
	}
	o, err := d.object()
	if err != nil { // every value was checked against its field
		d.bad = true
		im.errors = append(im.errors, CellError{Value: d.name, Code: "complex", Args: finding.Args{"detail": err.Error()}})
	}
	d.made, d.tree = o, nil
}

func (d *draft) object() (*model.Object, error) {
	doc, err := json.Marshal(d.tree)
	if err != nil {
		return nil, err
	}
	o, err := model.FromDocument(doc)
	if err != nil {
		return nil, err
	}
	made := &model.Object{Kind: o.Kind, Metadata: o.Metadata, Spec: o.Spec}
	if d.before != nil {
		made.UID, made.Version = d.before.UID, d.before.Version
	}
	return made, nil
}

// fill reads the fields of one row into its draft.
func (im *importing) fill(t *task) {
	t.draft.start()
	fresh := map[string]bool{}
	// Constants of a list item count only where the row gives the item something.
	for pass := range 2 {
		for i := range t.rule.fields {
			f := &t.rule.fields[i]
			constant := f.source.constant != nil && f.path.inItem()
			if constant == (pass == 1) {
				im.field(t, f, fresh, pass == 0)
			}
		}
	}
	for i := range t.rule.labels {
		im.label(t, &t.rule.labels[i])
	}
	if t.rule.others == "labels" && t.row.rec == nil {
		im.otherLabels(t)
	}
}

func (t *target) inItem() bool {
	return slices.ContainsFunc(t.steps, func(s step) bool { return s.listed })
}

// obtain reads the cell of a source: set tells that the source has a value.
func (im *importing) obtain(t *task, s *source) (c cell, column int, header string, set bool, bad *fault) {
	if s.when != nil && !t.holds(s.when) {
		return cell{}, -1, "", false, nil
	}
	column = -1
	switch {
	case s.constant != nil:
		return cell{text: *s.constant}, -1, "", true, nil
	case len(s.text) > 0:
		text, filled := s.text.fill(t.text)
		c, set, header = cell{text: text}, filled, strings.Join(s.text.first(), "|")
		_, column, _ = t.get(s.text.first())
	default:
		c, column, header = t.get(s.columns)
		set = !c.empty() && !(c.form == isList && len(c.each()) == 0)
	}
	if !set {
		if s.fallback != nil {
			return cell{text: *s.fallback}, column, header, true, nil
		}
		return c, column, header, false, nil
	}
	if s.match != nil {
		m := s.match.FindStringSubmatch(c.plain())
		if m == nil {
			return c, column, header, false, nil
		}
		c = cell{text: m[1]}
	}
	if s.values != nil {
		c, bad = lookup(s, c)
	}
	return c, column, header, true, bad
}

// lookup replaces a value by what the mapping says for it.
func lookup(s *source, c cell) (cell, *fault) {
	if c.form == isList || s.split != "" {
		var out []cell
		items := c.each()
		if c.form != isList {
			for _, p := range splitList(c.plain(), s.split) {
				items = append(items, cell{text: p})
			}
		}
		for _, x := range items {
			v, bad := lookupOne(s, x)
			if bad != nil {
				return c, bad
			}
			out = append(out, v)
		}
		return list(out), nil
	}
	return lookupOne(s, c)
}

func lookupOne(s *source, c cell) (cell, *fault) {
	if v, ok := s.values[fold(c.plain())]; ok {
		return cell{text: v}, nil
	}
	if s.otherwise != nil {
		return cell{text: *s.otherwise}, nil
	}
	return c, &fault{"value", finding.Args{"allowed": strings.Join(s.allowed, ", "), "nearest": model.Nearest(c.plain(), s.allowed)}}
}

// field reads one field; create allows it to make an item of a list.
func (im *importing) field(t *task, f *fieldRule, fresh map[string]bool, create bool) {
	if f.path.name {
		return
	}
	if f.path.label != "" {
		im.label(t, &fieldRule{label: f.path.label, source: f.source})
		return
	}
	c, column, header, set, bad := im.obtain(t, &f.source)
	if bad != nil {
		im.fail(t, column, header, c.plain(), bad.code, bad.args)
		return
	}
	if t.m.own && c.text == unchanged {
		return
	}
	itemName := func(name template) string {
		s, _ := name.fill(t.text)
		return s
	}
	if !set || c.empty() {
		if !f.source.clear {
			return
		}
		if holder, key := f.path.place(t.draft.tree, itemName, fresh, &t.draft.reset, false); holder != nil {
			clearField(holder, key, f.path.lang)
		}
		return
	}
	r := &reader{kind: t.rule.kind, path: &f.path, epoch: t.sheet.epoch, dates: firstOf(f.source.dates, t.m.dates, im.order), zone: t.m.zone, unit: f.source.unit, point: t.m.decimal, split: f.source.split, refs: f.source.refs, exact: t.m.own}
	r.find = func(kinds []string, text string) (model.Ref, bool) { return im.find(t, f, kinds, text) }
	v, bad := r.read(f.path.leaf, c)
	if bad != nil {
		im.fail(t, column, header, c.plain(), bad.code, bad.args)
		return
	}
	holder, key := f.path.place(t.draft.tree, itemName, fresh, &t.draft.reset, create)
	if holder == nil {
		return
	}
	im.set(t, f, holder, key, v, c, column, header)
}

func firstOf(list ...string) string {
	for _, s := range list {
		if s != "" {
			return s
		}
	}
	return ""
}

func clearField(holder map[string]any, key, lang string) {
	if lang == "" {
		delete(holder, key)
		return
	}
	if m, ok := holder[key].(map[string]any); ok {
		delete(m, lang)
		if len(m) == 0 {
			delete(holder, key)
		}
	}
}

// set puts a value into the document. Two rows of one object may add to a list;
// for anything else they must say the same.
func (im *importing) set(t *task, f *fieldRule, holder map[string]any, key string, v any, c cell, column int, header string) {
	appended := slices.ContainsFunc(f.path.steps, func(s step) bool { return s.listed && len(s.item) == 0 })
	if !appended && t.draft.rows > 1 {
		id := f.path.text
		for _, s := range f.path.steps {
			if s.listed {
				name, _ := s.item.fill(t.text)
				id += "\x00" + name
			}
		}
		said := fmt.Sprint(v)
		if before, twice := t.draft.written[id]; twice {
			if list, ok := v.([]any); ok {
				v = merge(holder[key], list)
			} else if before.value != said {
				im.fail(t, column, header, c.plain(), "conflict", finding.Args{"row": before.row, "other": clip(before.value)})
				return
			}
		}
		if t.draft.written == nil {
			t.draft.written = map[string]writing{}
		}
		t.draft.written[id] = writing{said, t.row.number}
	}
	if f.path.lang == "" {
		holder[key] = v
		return
	}
	m, ok := holder[key].(map[string]any)
	if !ok {
		m = map[string]any{}
		if all, isText := holder[key].(string); isText && all != "" && f.path.lang == "en" {
			m["fr"] = all // the one text was for every language
		} else if isText && all != "" {
			m["en"] = all
		}
		holder[key] = m
	}
	m[f.path.lang] = v
}

// merge adds what a list does not have yet.
func merge(before any, more []any) []any {
	out, _ := before.([]any)
	for _, v := range more {
		if !slices.ContainsFunc(out, func(x any) bool { return fmt.Sprint(x) == fmt.Sprint(v) }) {
			out = append(out, v)
		}
	}
	return out
}

// find resolves a text that names an object: by its reference, its key in the
// tables, its title, its name; else, where one kind is meant, a reference that
// leads nowhere yet.
func (im *importing) find(t *task, f *fieldRule, kinds []string, text string) (model.Ref, bool) {
	if strings.Contains(text, "/") {
		if r, err := model.ParseRef(text); err == nil && (slices.Contains(kinds, r.Kind) || slices.Contains(kinds, "*")) {
			return r, true
		}
	}
	if slices.Contains(kinds, "*") {
		kinds = model.Slugs()
	}
	for _, k := range kinds {
		ref := model.Ref{Kind: k, Name: text}
		if im.base.Get(ref) != nil || im.drafts[ref] != nil {
			return ref, true
		}
	}
	for _, k := range kinds {
		if name, ok := im.keys[[2]string{k, fold(text)}]; ok {
			return model.Ref{Kind: k, Name: name}, true
		}
		if name, ok := im.titles[k][fold(text)]; ok {
			return model.Ref{Kind: k, Name: name}, true
		}
	}
	slug := model.Slugify(text)
	for _, k := range kinds {
		if ref := (model.Ref{Kind: k, Name: slug}); im.base.Get(ref) != nil || im.drafts[ref] != nil {
			return ref, true
		}
	}
	if len(kinds) != 1 && !(f.source.refs != nil && f.source.create) {
		return model.Ref{}, false
	}
	ref := model.Ref{Kind: kinds[0], Name: im.nameOf(kinds[0], text)}
	at := intake.Place{File: t.sheet.file, Line: t.row.number}
	what := t.sheet.name + "!" + text
	if f.source.create {
		d := im.draft(model.KindOf(ref.Kind), ref.Name)
		if d.start(); d.before == nil && text != ref.Name {
			d.tree["metadata"].(map[string]any)["title"] = text
		}
		if t.draft != d {
			im.settle(d)
		}
		im.title(ref.Kind, text, ref.Name)
		im.report.Add(intake.Mapped, at, what, ref, "table.created", nil)
		return ref, true
	}
	im.report.Add(intake.Notice, at, what, ref, "table.dangling", finding.Args{"value": text})
	return ref, true
}
