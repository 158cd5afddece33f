package model

import (
	"encoding"
	"reflect"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"
)

func (d *decoder) record(n *yaml.Node, v reflect.Value, fields []*Field, at string, depth int) {
	if depth > maxDepth {
		d.add(n, at, "nested more than %d levels deep", maxDepth)
		return
	}
	if n.Kind != yaml.MappingNode {
		d.add(n, at, "fields were expected here (%s)", nameSome(fields))
		return
	}
	seen := map[string]bool{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, val := n.Content[i], d.follow(n.Content[i+1])
		var f *Field
		for _, x := range fields {
			if x.Name == key.Value {
				f = x
			}
		}
		here := at + "/" + key.Value
		if f == nil {
			names := make([]string, len(fields))
			for j, x := range fields {
				names[j] = x.Name
			}
			d.add(key, at, "unknown field %q%s", clip(key.Value, 60), didYouMean(key.Value, names))
			continue
		}
		if seen[f.Name] {
			d.add(key, here, "%q stands twice", f.Name)
			continue
		}
		seen[f.Name] = true
		d.value(val, v.Field(f.index), f, here, depth+1)
	}
}

func nameSome(fields []*Field) string {
	var names []string
	for _, f := range fields[:min(4, len(fields))] {
		names = append(names, f.Name)
	}
	if len(fields) > 4 {
		names = append(names, "…")
	}
	return strings.Join(names, ", ")
}

func (d *decoder) value(n *yaml.Node, v reflect.Value, f *Field, at string, depth int) {
	if depth > maxDepth {
		d.add(n, at, "nested more than %d levels deep", maxDepth)
		return
	}
	if n.Kind == yaml.ScalarNode && n.Tag == "!!null" {
		return
	}
	if f.pointer {
		p := reflect.New(f.typ)
		v.Set(p)
		v = p.Elem()
	}
	switch f.Type {
	case TypeList:
		d.list(n, v, f, at, depth)
	case TypeRecord:
		d.record(n, v, f.Fields, at, depth)
	case TypeLocalText:
		d.text(n, v.Addr().Interface().(*Text), at)
	case TypeDependency:
		d.need(n, v.Addr().Interface().(*Need), f, at, depth)
	default:
		if n.Kind != yaml.ScalarNode {
			d.add(n, at, "one value was expected here (%s)", f.Type)
			return
		}
		d.scalar(n, v, f, at)
	}
}

func (d *decoder) list(n *yaml.Node, v reflect.Value, f *Field, at string, depth int) {
	if n.Kind != yaml.SequenceNode {
		d.add(n, at, "a list was expected here: write each entry after a dash, or [a, b]")
		return
	}
	out := reflect.MakeSlice(v.Type(), len(n.Content), len(n.Content))
	names := map[string]int{}
	for i, c := range n.Content {
		c = d.follow(c)
		here := at + "/" + strconv.Itoa(i)
		d.value(c, out.Index(i), f.Item, here, depth+1)
		if f.Key() == "name" {
			name := out.Index(i).FieldByName("Name").String()
			if first, twice := names[name]; twice && name != "" {
				d.add(c, here, "the name %q stands at entry %d already: names in a list are unique", clip(name, 60), first+1)
			}
			names[name] = i
		}
	}
	if len(n.Content) > 0 {
		v.Set(out)
	}
}

func (d *decoder) text(n *yaml.Node, t *Text, at string) {
	switch n.Kind {
	case yaml.ScalarNode:
		t.All = n.Value
	case yaml.MappingNode:
		for i := 0; i+1 < len(n.Content); i += 2 {
			key, val := n.Content[i], d.follow(n.Content[i+1])
			if val.Kind != yaml.ScalarNode {
				d.add(val, at+"/"+key.Value, "a text was expected here")
				continue
			}
			switch key.Value {
			case "en":
				t.EN = val.Value
			case "fr":
				t.FR = val.Value
			default:
				d.add(key, at, "unknown language %q: a text is written in en and fr", clip(key.Value, 20))
			}
		}
	default:
		d.add(n, at, "a text was expected here: one text, or {en: …, fr: …}")
	}
}

var needFields = fieldsOf(typeOf[needRecord]())

func typeOf[T any]() reflect.Type { return reflect.TypeFor[T]() }

func (d *decoder) need(n *yaml.Node, out *Need, f *Field, at string, depth int) {
	switch n.Kind {
	case yaml.ScalarNode:
		r, err := parseRefAmong(n.Value, f.Refs)
		if err != nil {
			d.add(n, at, "%v", err)
			return
		}
		out.On = r
	case yaml.MappingNode:
		var r needRecord
		d.record(n, reflect.ValueOf(&r).Elem(), needFields, at, depth)
		*out = Need(r)
		forms := 0
		for _, set := range []bool{!r.On.IsZero(), r.AnyOf != nil, r.Of != nil || r.AtLeast != 0} {
			if set {
				forms++
			}
		}
		if forms > 1 {
			d.add(n, at, "a dependency is one of: a reference, {on, for}, {anyOf, takeover} or {atLeast, of}")
		}
		if r.AtLeast < 0 {
			d.add(n, at+"/atLeast", "atLeast cannot be negative")
		}
	default:
		d.add(n, at, "a dependency was expected here: a reference, {on, for}, {anyOf, takeover} or {atLeast, of}")
	}
}

func (d *decoder) scalar(n *yaml.Node, v reflect.Value, f *Field, at string) {
	switch f.Type {
	case TypeText, TypeEnum:
		if f.Type == TypeEnum {
			values := make([]string, len(f.Choices))
			ok := false
			for i, c := range f.Choices {
				values[i] = c.Value
				ok = ok || c.Value == n.Value
			}
			if !ok {
				d.add(n, at, "%q is not one of %s%s", clip(n.Value, 60), strings.Join(values, ", "), didYouMean(n.Value, values))
				return
			}
		}
		v.SetString(n.Value)
	case TypeBoolean:
		switch n.Value {
		case "true", "True", "TRUE", "yes":
			v.SetBool(true)
		case "false", "False", "FALSE", "no":
			v.SetBool(false)
		default:
			d.add(n, at, "%q is neither true nor false", clip(n.Value, 60))
		}
	case TypeInteger:
		i, err := strconv.ParseInt(n.Value, 10, 53)
		if err != nil {
			d.add(n, at, "%q is no whole number", clip(n.Value, 60))
			return
		}
		v.SetInt(i)
	case TypeRef:
		r, err := parseRefAmong(n.Value, f.Refs)
		if err != nil {
			d.add(n, at, "%v", err)
			return
		}
		v.Set(reflect.ValueOf(r))
	default:
		if err := v.Addr().Interface().(encoding.TextUnmarshaler).UnmarshalText([]byte(n.Value)); err != nil {
			d.add(n, at, "%v", err)
		}
	}
}
