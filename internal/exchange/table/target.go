package table

import (
	"strings"

	"diapason/internal/finding"
	"diapason/internal/model"
)

// target is a field of a kind as a path: "spec.stage", "metadata.title.fr",
// "spec.targets[restore].within", "spec.spend[].amount".
type target struct {
	text  string
	steps []step
	leaf  *model.Field
	lang  string // "en" or "fr" of a text
	name  bool   // metadata.name
	label string // metadata.labels.KEY
}

type step struct {
	field  string
	listed bool     // an item of a list follows
	item   template // its name; none appends a new item
}

// parseTarget finds a path in the schema. A problem has a code.
func parseTarget(k *model.Kind, path string) (t target, code string, args finding.Args) {
	t.text = path
	if path == "metadata.name" {
		t.name = true
		return t, "", nil
	}
	if key, ok := strings.CutPrefix(path, "metadata.labels."); ok && key != "" {
		t.label = key
		return t, "", nil
	}
	parts := splitPath(path)
	var fields []*model.Field
	switch {
	case len(parts) > 1 && parts[0] == "metadata":
		fields = model.MetadataFields
	case len(parts) > 1 && parts[0] == "spec":
		fields = k.Fields
	default:
		return t, "mapping.path", finding.Args{"path": path}
	}
	t.steps = append(t.steps, step{field: parts[0]})
	for i := 1; i < len(parts); i++ {
		if t.leaf != nil && t.leaf.Type == model.TypeLocalText && i == len(parts)-1 && (parts[i] == "en" || parts[i] == "fr") {
			t.lang = parts[i]
			break
		}
		name, item, listed := strings.Cut(parts[i], "[")
		f := fieldNamed(fields, name)
		if f == nil {
			names := make([]string, len(fields))
			for j, x := range fields {
				names[j] = x.Name
			}
			return t, "mapping.field", finding.Args{"field": name, "path": path, "kind": k.Name, "nearest": model.Nearest(name, names)}
		}
		s := step{field: name}
		if listed {
			item, closed := strings.CutSuffix(item, "]")
			if f.Type != model.TypeList || f.Item.Type != model.TypeRecord || !closed || item != "" && f.Key() == "" {
				return t, "mapping.item", finding.Args{"path": path}
			}
			s.listed, s.item = true, parseTemplate(item)
			f = f.Item
		}
		t.steps = append(t.steps, s)
		t.leaf, fields = f, f.Fields
	}
	if t.leaf.Type == model.TypeRecord {
		return t, "mapping.record", finding.Args{"path": path}
	}
	return t, "", nil
}

func fieldNamed(fields []*model.Field, name string) *model.Field {
	for _, f := range fields {
		if f.Name == name {
			return f
		}
	}
	return nil
}

// splitPath cuts at dots outside brackets.
func splitPath(s string) []string {
	var out []string
	depth, start := 0, 0
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '[':
			depth++
		case ']':
			depth--
		case '.':
			if depth == 0 {
				out = append(out, s[start:i])
				start = i + 1
			}
		}
	}
	return append(out, s[start:])
}

// pathSet is a set of paths, made when the first one comes.
type pathSet struct{ paths map[string]bool }

func (s *pathSet) has(path string) bool { return s.paths[path] }

func (s *pathSet) add(path string) {
	if s.paths == nil {
		s.paths = map[string]bool{}
	}
	s.paths[path] = true
}

// place finds, or creates, the mapping that holds the leaf of a target in a
// document, and the leaf's key; nil when there is none. fresh are the lists that
// the row has an item of, reset those that the import began anew.
func (t *target) place(tree map[string]any, name func(template) string, fresh map[string]bool, reset *pathSet, create bool) (map[string]any, string) {
	at := tree
	path := ""
	for i, s := range t.steps {
		last := i == len(t.steps)-1
		path += "/" + s.field
		if last && !s.listed {
			return at, s.field
		}
		if !s.listed {
			next, ok := at[s.field].(map[string]any)
			if !ok {
				if !create {
					return nil, ""
				}
				next = map[string]any{}
				at[s.field] = next
			}
			at = next
			continue
		}
		list, _ := at[s.field].([]any)
		var found map[string]any
		if len(s.item) == 0 { // one new item a row; the items of before go
			if !reset.has(path) {
				list = nil
				delete(at, s.field)
				reset.add(path)
			}
			if fresh[path] && len(list) > 0 {
				found, _ = list[len(list)-1].(map[string]any)
			}
		} else {
			want := name(s.item)
			if want == "" {
				return nil, ""
			}
			path += "/" + want
			for _, x := range list {
				if m, ok := x.(map[string]any); ok && m["name"] == want {
					found = m
				}
			}
			if found == nil && create {
				found = map[string]any{"name": want}
				at[s.field] = append(list, found)
			}
		}
		if found == nil && create && len(s.item) == 0 {
			found = map[string]any{}
			at[s.field] = append(list, found)
			fresh[path] = true
		}
		if found == nil {
			return nil, ""
		}
		at = found
	}
	return at, ""
}
