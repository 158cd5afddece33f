package model

import (
	"encoding"
	"reflect"
	"strconv"
	"strings"
)

// Type is the type of a field as editors and schemas see it.
type Type string

// The field types.
const (
	TypeText         Type = "text"
	TypeLocalText    Type = "localtext"
	TypeBoolean      Type = "boolean"
	TypeInteger      Type = "integer"
	TypeEnum         Type = "enum"
	TypeRef          Type = "ref"
	TypeDate         Type = "date"
	TypeInstant      Type = "datetime"
	TypeTime         Type = "time"
	TypeDuration     Type = "duration"
	TypePeriod       Type = "period"
	TypeAvailability Type = "availability"
	TypePercent      Type = "percent"
	TypeMoney        Type = "money"
	TypeQuantity     Type = "quantity"
	TypeDependency   Type = "dependency"
	TypeList         Type = "list"
	TypeRecord       Type = "record"
)

// Flow says whom a reference influences.
type Flow uint8

// FlowIn: the target influences the holder. FlowBoth: each influences the other.
const (
	FlowIn Flow = iota
	FlowBoth
)

// Field is the one description of a field.
type Field struct {
	Name      string
	Label     Text
	Help      Text
	Type      Type
	Required  bool
	Material  bool
	Refs      []string // slugs of kinds it may refer to; "*" is any
	Choices   []Choice
	Item      *Field   // of a list
	Fields    []*Field // of a record
	Flow      Flow
	Structure bool // failure travels along the reference
	Record    bool // the holder records what happened to the target

	index   int // in the Go struct
	typ     reflect.Type
	pointer bool
	byName  map[string]*Field
	keep    bool // written even when zero
}

// Key is the name of the field that identifies an item of a list of records,
// "" when items are known by their position only.
func (f *Field) Key() string {
	if f.Type == TypeList && f.Item.Type == TypeRecord {
		for _, x := range f.Item.Fields {
			if x.Name == "name" && (x.Type == TypeText || x.Type == TypeEnum) {
				return "name"
			}
		}
	}
	return ""
}

var (
	textUnmarshaler = reflect.TypeFor[encoding.TextUnmarshaler]()
	scalarTypes     = map[reflect.Type]Type{
		reflect.TypeFor[Text](): TypeLocalText, reflect.TypeFor[Ref](): TypeRef, reflect.TypeFor[Date](): TypeDate,
		reflect.TypeFor[Instant](): TypeInstant, reflect.TypeFor[ClockTime](): TypeTime, reflect.TypeFor[Duration](): TypeDuration,
		reflect.TypeFor[Period](): TypePeriod, reflect.TypeFor[Availability](): TypeAvailability, reflect.TypeFor[Percent](): TypePercent,
		reflect.TypeFor[Money](): TypeMoney, reflect.TypeFor[Quantity](): TypeQuantity, reflect.TypeFor[Need](): TypeDependency,
	}
)

func both(s string) Text {
	en, fr, ok := strings.Cut(s, "|")
	if !ok {
		return Text{All: s}
	}
	return T(en, fr)
}

func fieldsOf(t reflect.Type) []*Field {
	out := make([]*Field, 0, t.NumField())
	for i := range t.NumField() {
		sf := t.Field(i)
		tag := tagsOf(string(sf.Tag))
		name, opts, _ := strings.Cut(tag.get("json"), ",")
		if name == "" || name == "-" {
			continue
		}
		f := &Field{
			Name: name, Label: both(tag.get("l")), Help: both(tag.get("h")), index: i,
			Required: tag.get("req") != "", Material: tag.get("mat") != "", Structure: tag.get("edge") == "structure", Record: tag.get("edge") == "record",
			keep: !strings.Contains(opts, "omitzero"),
		}
		if tag.get("flow") == "both" {
			f.Flow = FlowBoth
		}
		if r := tag.get("ref"); r != "" {
			f.Refs = strings.Split(r, ",")
		}
		if e := tag.get("enum"); e != "" {
			for _, one := range strings.Split(e, ";") {
				value, label, _ := strings.Cut(one, "=")
				f.Choices = append(f.Choices, Choice{value, both(label)})
			}
		}
		f.describe(sf.Type)
		out = append(out, f)
	}
	return out
}

// tags are the pairs of a struct tag, read once instead of from the start for each key
// as reflect does: the schema has hundreds of long tags, and every command reads them.
type tags struct {
	n            int
	keys, values [12]string
}

func tagsOf(tag string) tags {
	var out tags
	for out.n < len(out.keys) {
		key, rest, ok := strings.Cut(strings.TrimLeft(tag, " "), ":\"")
		if !ok {
			break
		}
		end := strings.IndexByte(rest, '"')
		if slash := strings.IndexByte(rest, '\\'); slash >= 0 && slash < end {
			for end = 0; end < len(rest) && rest[end] != '"'; end++ {
				if rest[end] == '\\' {
					end++
				}
			}
		}
		if end < 0 || end >= len(rest) {
			break
		}
		value := rest[:end]
		if strings.IndexByte(value, '\\') >= 0 {
			value, _ = strconv.Unquote(`"` + value + `"`)
		}
		out.keys[out.n], out.values[out.n] = key, value
		out.n++
		tag = rest[end+1:]
	}
	return out
}

func (t *tags) get(key string) string {
	for i, k := range t.keys[:t.n] {
		if k == key {
			return t.values[i]
		}
	}
	return ""
}

func (f *Field) describe(t reflect.Type) {
	if t.Kind() == reflect.Pointer {
		f.pointer = true
		t = t.Elem()
	}
	f.typ = t
	if scalar, ok := scalarTypes[t]; ok {
		f.Type = scalar
		if scalar == TypeDependency {
			f.Refs = []string{"service", "component", "site", "supplier", "team", "person", "tool", "data-asset"}
		}
		return
	}
	if ch, ok := choicesOf[t]; ok {
		f.Choices = ch
	}
	switch t.Kind() {
	case reflect.String:
		f.Type = TypeText
		if f.Choices != nil {
			f.Type = TypeEnum
		}
	case reflect.Bool:
		f.Type = TypeBoolean
	case reflect.Int, reflect.Int64:
		f.Type = TypeInteger
	case reflect.Slice:
		f.Type = TypeList
		item := &Field{Name: f.Name, Label: f.Label, Refs: f.Refs, Choices: f.Choices, Flow: f.Flow, Structure: f.Structure, Record: f.Record, keep: true}
		item.describe(t.Elem())
		f.Item, f.Refs, f.Choices = item, item.Refs, item.Choices
	case reflect.Struct:
		f.Type = TypeRecord
		f.Fields = fieldsOf(t)
		f.byName = map[string]*Field{}
		for _, x := range f.Fields {
			f.byName[x.Name] = x
		}
	default:
		panic("model: field " + f.Name + " has a type the schema does not know: " + t.String())
	}
}

func isText(t reflect.Type) bool { return reflect.PointerTo(t).Implements(textUnmarshaler) }
