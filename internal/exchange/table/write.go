package table

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"diapason/internal/language"
	"diapason/internal/model"
)

// tableColumn is one column of a table of objects of a kind.
type tableColumn struct {
	target target
	label  string
}

// columnsFor lists the columns that hold objects in full, in the order in which
// people read a kind: records are taken apart, lists stay in one cell.
func columnsFor(k *model.Kind, objects []*model.Object, lang language.Lang) []tableColumn {
	var out []tableColumn
	add := func(path, label string) {
		if t, code, _ := parseTarget(k, path); code == "" {
			out = append(out, tableColumn{t, label})
		}
	}
	trees := make([]map[string]any, len(objects))
	for i, o := range objects {
		trees[i] = o.Tree()
	}
	add("metadata.name", map[language.Lang]string{language.EN: "Name", language.FR: "Nom"}[lang])
	var walk func(fields []*model.Field, path, label string)
	walk = func(fields []*model.Field, path, label string) {
		for _, f := range fields {
			at, name := path+"."+f.Name, label+f.Label.In(string(lang))
			switch f.Type {
			case model.TypeRecord:
				walk(f.Fields, at, name+" › ")
			case model.TypeLocalText:
				all, en, fr := usedLanguages(trees, strings.Split(at, "."))
				if all || !en && !fr {
					add(at, name)
				}
				if en || fr {
					add(at+".en", name+" (en)")
					add(at+".fr", name+" (fr)")
				}
			default:
				if f.Type == model.TypeList && f.Item.Type == model.TypeRecord && !used(trees, strings.Split(at, ".")) {
					continue // nobody fills such a cell by hand
				}
				add(at, name)
			}
		}
	}
	walk(model.MetadataFields, "metadata", "")
	walk(k.Fields, "spec", "")
	keys := map[string]bool{}
	for _, o := range objects {
		for key := range o.Metadata.Labels {
			keys[key] = true
		}
	}
	sorted := make([]string, 0, len(keys))
	for key := range keys {
		sorted = append(sorted, key)
	}
	slices.Sort(sorted)
	for _, key := range sorted {
		add("metadata.labels."+key, map[language.Lang]string{language.EN: "Label ", language.FR: "Étiquette "}[lang]+key)
	}
	return out
}

func dive(tree map[string]any, path []string) any {
	var v any = tree
	for _, p := range path {
		m, ok := v.(map[string]any)
		if !ok {
			return nil
		}
		v = m[p]
	}
	return v
}

func used(trees []map[string]any, path []string) bool {
	return slices.ContainsFunc(trees, func(t map[string]any) bool { return dive(t, path) != nil })
}

func usedLanguages(trees []map[string]any, path []string) (all, en, fr bool) {
	for _, t := range trees {
		switch v := dive(t, path).(type) {
		case string:
			all = true
		case map[string]any:
			en, fr = en || v["en"] != nil, fr || v["fr"] != nil
		}
	}
	return all, en, fr
}

// shown is the value of a column as people read and type it in a language; what
// they would type that does not read back as the same value is shown in its
// stored form.
func shown(w language.Writer, k *model.Kind, c *tableColumn, tree map[string]any) any {
	t := &c.target
	if t.name {
		return dive(tree, []string{"metadata", "name"})
	}
	if t.label != "" {
		return dive(tree, []string{"metadata", "labels", t.label})
	}
	path := make([]string, len(t.steps))
	for i, s := range t.steps {
		path[i] = s.field
	}
	v := dive(tree, path)
	if t.leaf.Type == model.TypeLocalText {
		switch x := v.(type) {
		case map[string]any:
			if t.lang == "" {
				return nil
			}
			return x[t.lang]
		case string:
			if t.lang != "" {
				return nil
			}
		}
		return v
	}
	if v == nil {
		return nil
	}
	r := &reader{kind: k, path: t, dates: "ymd", exact: true, find: exactRef}
	for _, candidate := range candidates(w, t.leaf, v) {
		if back, bad := r.read(t.leaf, cell{text: asText(candidate)}); bad == nil && reflect.DeepEqual(back, v) {
			return candidate
		}
	}
	if s, ok := v.(string); ok {
		return s
	}
	raw, _ := json.Marshal(v)
	return string(raw)
}

func asText(v any) string {
	if b, ok := v.(model.Date); ok {
		return b.String()
	}
	return fmt.Sprint(v)
}

// exactRef resolves what a table shows: a name where one kind is meant, else a
// full reference.
func exactRef(kinds []string, text string) (model.Ref, bool) {
	if !strings.Contains(text, "/") && len(kinds) == 1 && kinds[0] != "*" {
		return model.Ref{Kind: kinds[0], Name: text}, model.CheckName(text) == nil
	}
	r, err := model.ParseRef(text)
	return r, err == nil
}

// candidates are the forms in which a value may be shown, the best first.
func candidates(w language.Writer, f *model.Field, v any) []any {
	switch x := v.(type) {
	case bool:
		words := map[language.Lang][2]string{language.EN: {"no", "yes"}, language.FR: {"non", "oui"}}[w.Lang]
		if x {
			return []any{words[1]}
		}
		return []any{words[0]}
	case json.Number:
		if i, err := x.Int64(); err == nil {
			return []any{int(i)}
		}
	case string:
		return stringForms(w, f, x)
	case []any:
		var parts []string
		for _, item := range x {
			s, ok := item.(string)
			if !ok {
				return nil
			}
			form := stringForms(w, f.Item, s)[0]
			parts = append(parts, asText(form))
		}
		return []any{strings.Join(parts, "; ")}
	}
	return nil
}

func stringForms(w language.Writer, f *model.Field, s string) []any {
	switch f.Type {
	case model.TypeEnum:
		for _, ch := range f.Choices {
			if ch.Value == s {
				return []any{ch.Label.In(string(w.Lang)), s}
			}
		}
	case model.TypeDate:
		if d, err := model.ParseDate(s); err == nil {
			return []any{d, s}
		}
	case model.TypeRef, model.TypeDependency:
		if r, err := model.ParseRef(s); err == nil && len(f.Refs) == 1 && f.Refs[0] == r.Kind {
			return []any{r.Name, s}
		}
	case model.TypeDuration, model.TypeAvailability, model.TypePercent:
		if _, value, err := model.ParseValue(f.Type, s); err == nil {
			return []any{strings.NewReplacer("\u00a0", " ", "\u202f", " ").Replace(w.Value(value)), s}
		}
	}
	return []any{s}
}
