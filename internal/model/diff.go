package model

import (
	"encoding/json"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// Change is one difference between two versions of an object, at a field that
// people know. Items of lists of records are matched by name, others by value.
type Change struct {
	Op     string `json:"op"`   // "add", "remove" or "set"
	Path   string `json:"path"` // JSON pointer; items by name where they have one
	Label  Text   `json:"label"`
	Before any    `json:"before,omitempty"`
	After  any    `json:"after,omitempty"`
}

// Diff lists what changed from one version to another; either may be nil.
func Diff(before, after *Object) []Change {
	var k *Kind
	a, b := map[string]any{}, map[string]any{}
	if before != nil {
		k, a = before.Kind, before.Tree()
	}
	if after != nil {
		k, b = after.Kind, after.Tree()
	}
	if k == nil {
		return nil
	}
	var out []Change
	root := rootFields(k)
	diffRecord(a, b, root, "", Text{}, &out)
	return out
}

// rootFields describes a whole document: metadata and spec.
func rootFields(k *Kind) []*Field {
	labels := &Field{Name: "labels", Type: TypeText, Label: T("Labels", "Étiquettes")}
	return []*Field{
		{Name: "metadata", Type: TypeRecord, Fields: append(slices.Clone(MetadataFields), labels)},
		{Name: "spec", Type: TypeRecord, Fields: k.Fields},
	}
}

func joinLabel(parent, child Text) Text {
	if parent.IsZero() {
		return child
	}
	if child.IsZero() {
		return parent
	}
	return T(parent.In("en")+" › "+child.In("en"), parent.In("fr")+" › "+child.In("fr"))
}

func diffRecord(a, b map[string]any, fields []*Field, at string, label Text, out *[]Change) {
	for _, f := range fields {
		x, hadX := a[f.Name]
		y, hadY := b[f.Name]
		if hadX || hadY {
			diffValue(x, y, hadX, hadY, f, at+"/"+f.Name, joinLabel(label, f.Label), out)
		}
	}
}

func diffValue(x, y any, hadX, hadY bool, f *Field, at string, label Text, out *[]Change) {
	if hadX == hadY && same(x, y) {
		return
	}
	if f.Type == TypeRecord {
		mx, _ := x.(map[string]any)
		my, _ := y.(map[string]any)
		diffRecord(mx, my, f.Fields, at, label, out)
		return
	}
	if f.Type == TypeList {
		lx, _ := x.([]any)
		ly, _ := y.([]any)
		diffList(lx, ly, f, at, label, out)
		return
	}
	op := "set"
	if !hadX {
		op = "add"
	} else if !hadY {
		op = "remove"
	}
	*out = append(*out, Change{op, at, label, x, y})
}

func diffList(a, b []any, f *Field, at string, label Text, out *[]Change) {
	if f.Key() == "" {
		diffSet(a, b, at, label, out)
		return
	}
	for _, x := range a {
		name := itemName(x)
		if y := named(b, name); y == nil {
			*out = append(*out, Change{"remove", at + "/" + escapePointer(name), joinLabel(label, Text{All: name}), x, nil})
		} else if !same(x, y) {
			diffRecord(x.(map[string]any), y.(map[string]any), f.Item.Fields, at+"/"+escapePointer(name), joinLabel(label, Text{All: name}), out)
		}
	}
	for _, y := range b {
		if name := itemName(y); named(a, name) == nil {
			*out = append(*out, Change{"add", at + "/" + escapePointer(name), joinLabel(label, Text{All: name}), nil, y})
		}
	}
	if len(*out) == 0 { // only the order differs
		*out = append(*out, Change{"set", at, label, a, b})
	}
}

func diffSet(a, b []any, at string, label Text, out *[]Change) {
	rest := slices.Clone(b)
	var gone []any
	for _, x := range a {
		if i := slices.IndexFunc(rest, func(y any) bool { return same(x, y) }); i >= 0 {
			rest = slices.Delete(rest, i, i+1)
		} else {
			gone = append(gone, x)
		}
	}
	for _, x := range gone {
		*out = append(*out, Change{"remove", at, label, x, nil})
	}
	for _, y := range rest {
		*out = append(*out, Change{"add", at, label, nil, y})
	}
	if len(gone)+len(rest) == 0 {
		*out = append(*out, Change{"set", at, label, a, b})
	}
}

func itemName(v any) string {
	m, _ := v.(map[string]any)
	s, _ := m["name"].(string)
	return s
}

func named(list []any, name string) any {
	for _, v := range list {
		if itemName(v) == name {
			return v
		}
	}
	return nil
}

func same(a, b any) bool { return reflect.DeepEqual(a, b) }

func escapePointer(s string) string {
	return strings.ReplaceAll(strings.ReplaceAll(s, "~", "~0"), "/", "~1")
}

// Conflict is a field that both sides changed differently since their base.
type Conflict struct {
	Ref    Ref    `json:"ref"`
	Path   string `json:"path"`
	Label  Text   `json:"label"`
	Base   any    `json:"base,omitempty"`
	Mine   any    `json:"mine,omitempty"`
	Theirs any    `json:"theirs,omitempty"`
}

// Merge brings two versions of an object together by field: what one side
// changed is taken; what both changed differently is a conflict, settled by
// take (path → "mine" or "theirs") or returned. A nil version means the object
// did not exist or was deleted; the result is nil when it stays deleted.
func Merge(base, mine, theirs *Object, take map[string]string) (*Object, []Conflict) {
	some := cmpOr(mine, theirs, base)
	if some == nil {
		return nil, nil
	}
	k, ref := some.Kind, some.Ref()
	if mine == nil || theirs == nil {
		return mergeExistence(ref, base, mine, theirs, take)
	}
	bt := map[string]any{}
	if base != nil {
		bt = base.Tree()
	}
	m := merger{ref: ref, take: take}
	tree := m.record(bt, mine.Tree(), theirs.Tree(), rootFields(k), "", Text{})
	if len(m.conflicts) > 0 {
		return nil, m.conflicts
	}
	tree["apiVersion"], tree["kind"] = APIVersion, k.Name
	tree["metadata"].(map[string]any)["name"] = mine.Metadata.Name
	o, err := FromDocument(canonical(tree))
	if err != nil { // both sides were valid, and every field was taken whole
		return nil, []Conflict{{Ref: ref, Label: Text{All: err.Error()}}}
	}
	o.UID = theirs.UID
	return o, nil
}

func cmpOr(list ...*Object) *Object {
	for _, o := range list {
		if o != nil {
			return o
		}
	}
	return nil
}

func mergeExistence(ref Ref, base, mine, theirs *Object, take map[string]string) (*Object, []Conflict) {
	unchanged := func(o *Object) bool { return base != nil && o != nil && SameDocument(base, o) }
	switch {
	case mine == nil && theirs == nil:
		return nil, nil
	case base == nil:
		return cmpOr(mine, theirs), nil
	case mine == nil && unchanged(theirs), theirs == nil && unchanged(mine):
		return nil, nil
	}
	switch take[""] {
	case "mine":
		return mine, nil
	case "theirs":
		return theirs, nil
	}
	doc := func(o *Object) any {
		if o == nil {
			return nil
		}
		return json.RawMessage(o.Document())
	}
	return nil, []Conflict{{Ref: ref, Label: T("Whole object", "Objet entier"), Base: doc(base), Mine: doc(mine), Theirs: doc(theirs)}}
}

type merger struct {
	ref       Ref
	take      map[string]string
	conflicts []Conflict
}

func (m *merger) record(base, mine, theirs map[string]any, fields []*Field, at string, label Text) map[string]any {
	out := map[string]any{}
	for _, f := range fields {
		v := m.value(base[f.Name], mine[f.Name], theirs[f.Name], f, at+"/"+f.Name, joinLabel(label, f.Label))
		if v != nil {
			out[f.Name] = v
		}
	}
	return out
}

func (m *merger) value(b, x, y any, f *Field, at string, label Text) any {
	switch {
	case same(x, y), same(b, y):
		return x
	case same(b, x):
		return y
	}
	if f.Type == TypeRecord {
		mb, _ := b.(map[string]any)
		mx, okX := x.(map[string]any)
		my, okY := y.(map[string]any)
		if okX && okY {
			return m.record(mb, mx, my, f.Fields, at, label)
		}
	}
	if f.Type == TypeList {
		lb, _ := b.([]any)
		lx, _ := x.([]any)
		ly, _ := y.([]any)
		if f.Key() != "" {
			return m.named(lb, lx, ly, f, at, label)
		}
		return mergeSet(lb, lx, ly)
	}
	switch m.take[at] {
	case "mine":
		return x
	case "theirs":
		return y
	}
	m.conflicts = append(m.conflicts, Conflict{m.ref, at, label, b, x, y})
	return x
}

// named merges lists of records item by item; theirs gives the order, items that
// only mine has follow.
func (m *merger) named(b, x, y []any, f *Field, at string, label Text) any {
	out := []any{}
	one := func(name string) {
		v := m.value(named(b, name), named(x, name), named(y, name), f.Item, at+"/"+escapePointer(name), joinLabel(label, Text{All: name}))
		if v != nil {
			out = append(out, v)
		}
	}
	done := map[string]bool{}
	for i, v := range slices.Concat(y, x) {
		name := itemName(v)
		if name == "" {
			name = "#" + strconv.Itoa(i)
		}
		if !done[name] {
			done[name] = true
			one(itemName(v))
		}
	}
	if len(out) == 0 {
		return nil
	}
	return out
}

// mergeSet merges lists of plain values: additions and removals of both sides.
func mergeSet(b, x, y []any) any {
	in := func(list []any, v any) bool {
		return slices.ContainsFunc(list, func(w any) bool { return same(v, w) })
	}
	out := []any{}
	for _, v := range y {
		if in(b, v) && !in(x, v) {
			continue
		}
		out = append(out, v)
	}
	for _, v := range x {
		if !in(b, v) && !in(out, v) {
			out = append(out, v)
		}
	}
	if len(out) == 0 {
		return nil
	}
	return out
}
