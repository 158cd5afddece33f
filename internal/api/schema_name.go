package api

import (
	"reflect"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

// schemaName names the schema of a type in the description of the API with the
// letters that OpenAPI 3.1 allows there: A to Z, a to z, digits, ".", "-" and "_".
// A struct without a name of its own that fills a generic type is named after its
// fields, since the name that the compiler gives it holds its source.
func schemaName(t reflect.Type, hint string) string {
	name := huma.DefaultSchemaNamer(t, hint)
	if strings.IndexFunc(name, noSchemaLetter) < 0 {
		return name
	}
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t.Name() == "" && t.Kind() == reflect.Struct {
		var b strings.Builder
		for f := range t.Fields() {
			b.WriteString(f.Name)
			b.WriteString(huma.DefaultSchemaNamer(f.Type, fieldKind(f.Type)))
		}
		if name = b.String() + "Body"; t.NumField() == 0 {
			name = "EmptyBody"
		}
	}
	return strings.Map(func(r rune) rune {
		if noSchemaLetter(r) {
			return -1
		}
		return r
	}, name)
}

// fieldKind names a type that has no name: a list after what it lists.
func fieldKind(t reflect.Type) string {
	switch t.Kind() {
	case reflect.Slice, reflect.Array, reflect.Pointer:
		return "[]" + t.Elem().Name()
	case reflect.Map:
		return "MapOf" + t.Elem().Name()
	}
	return t.Kind().String()
}

func noSchemaLetter(r rune) bool {
	return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '.' || r == '-' || r == '_')
}
