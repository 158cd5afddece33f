package model

import (
	"reflect"
	"testing"
)

func TestStructTagsReadAsReflectReadsThem(t *testing.T) {
	keys := []string{"json", "l", "h", "req", "mat", "edge", "flow", "ref", "enum", "none"}
	seen := map[reflect.Type]bool{}
	read := 0
	var look func(typ reflect.Type)
	look = func(typ reflect.Type) {
		switch typ.Kind() {
		case reflect.Pointer, reflect.Slice, reflect.Map:
			look(typ.Elem())
			return
		case reflect.Struct:
		default:
			return
		}
		if seen[typ] {
			return
		}
		seen[typ] = true
		for i := range typ.NumField() {
			f := typ.Field(i)
			tag := tagsOf(string(f.Tag))
			for _, key := range keys {
				if got, want := tag.get(key), f.Tag.Get(key); got != want {
					t.Errorf("%s.%s: %s is %q, reflect reads %q", typ, f.Name, key, got, want)
				}
			}
			read++
			look(f.Type)
		}
	}
	for _, k := range Kinds {
		look(k.typ)
	}
	if read < 200 {
		t.Errorf("only %d fields were looked at", read)
	}
	for _, tag := range []string{``, `json`, `json:`, `json:"`, `json:"a`, `json:"a\"b" l:"é"`, ` json:"x"  l:"y|z"`, `l:"\u00e9"`, `json:"a"l:"b"`} {
		for _, key := range keys {
			pairs := tagsOf(tag)
			if got, want := pairs.get(key), reflect.StructTag(tag).Get(key); got != want {
				t.Errorf("%q: %s is %q, reflect reads %q", tag, key, got, want)
			}
		}
	}
}
