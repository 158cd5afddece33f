package model

import (
	"encoding"
	"reflect"
	"strings"
)

// ParseValue reads a text as a value of a scalar type with a unit and gives its
// stored form and the typed value.
func ParseValue(t Type, text string) (stored string, value any, err error) {
	for typ, name := range scalarTypes {
		if name != t || !isText(typ) {
			continue
		}
		v := reflect.New(typ)
		if err := v.Interface().(encoding.TextUnmarshaler).UnmarshalText([]byte(strings.TrimSpace(text))); err != nil {
			return "", nil, err
		}
		b, err := v.Elem().Interface().(encoding.TextMarshaler).MarshalText()
		return string(b), v.Elem().Interface(), err
	}
	return "", nil, faultf("%q is no type of value with a unit", t)
}
