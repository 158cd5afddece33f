package model

import (
	"reflect"
	"strconv"
)

// Edge is one reference of an object.
type Edge struct {
	To      Handle
	Field   *Field
	Pointer string // where it stands in the document
	Group   bool   // an alternative of a group (anyOf, atLeast)
	Phases  uint8  // bit 0: counts to run, bit 1: counts to start
}

// Runs reports that the reference counts while running.
func (e Edge) Runs() bool { return e.Phases&1 != 0 }

// Starts reports that the reference counts to start.
func (e Edge) Starts() bool { return e.Phases&2 != 0 }

var ownerField = MetadataFields[2]

// references calls fn for every reference in the object, in document order.
func (o *Object) references(fn func(r Ref, f *Field, pointer string, group bool, phases uint8)) {
	if !o.Metadata.Owner.IsZero() {
		fn(o.Metadata.Owner, ownerField, "/metadata/owner", false, 3)
	}
	walkRefs(reflect.ValueOf(o.Spec).Elem(), o.Kind.Fields, "/spec", fn)
}

// References lists every reference of the object with its place, in document order.
func (o *Object) References(fn func(r Ref, f *Field, pointer string)) {
	o.references(func(r Ref, f *Field, pointer string, _ bool, _ uint8) { fn(r, f, pointer) })
}

type refFunc = func(r Ref, f *Field, pointer string, group bool, phases uint8)

func walkRefs(v reflect.Value, fields []*Field, at string, fn refFunc) {
	for _, f := range fields {
		if f.hasRefs() {
			walkRef(v.Field(f.index), f, at+"/"+f.Name, fn)
		}
	}
}

func (f *Field) hasRefs() bool {
	switch f.Type {
	case TypeRef, TypeDependency:
		return true
	case TypeList:
		return f.Item.hasRefs()
	case TypeRecord:
		for _, x := range f.Fields {
			if x.hasRefs() {
				return true
			}
		}
	}
	return false
}

func walkRef(v reflect.Value, f *Field, at string, fn refFunc) {
	if f.pointer {
		if v.IsNil() {
			return
		}
		v = v.Elem()
	}
	switch f.Type {
	case TypeRef:
		if r := v.Interface().(Ref); !r.IsZero() {
			fn(r, f, at, false, 3)
		}
	case TypeDependency:
		n := v.Interface().(Need)
		walkNeed(&n, f, at, false, fn)
	case TypeList:
		for i := range v.Len() {
			walkRef(v.Index(i), f.Item, at+"/"+strconv.Itoa(i), fn)
		}
	case TypeRecord:
		walkRefs(v, f.Fields, at, fn)
	}
}

func walkNeed(n *Need, f *Field, at string, group bool, fn refFunc) {
	if !n.On.IsZero() {
		var phases uint8
		if n.Counts(PhaseRun) {
			phases |= 1
		}
		if n.Counts(PhaseStart) {
			phases |= 2
		}
		fn(n.On, f, at, group, phases)
	}
	for i := range n.AnyOf {
		walkNeed(&n.AnyOf[i], f, at+"/anyOf/"+strconv.Itoa(i), true, fn)
	}
	for i := range n.Of {
		walkNeed(&n.Of[i], f, at+"/of/"+strconv.Itoa(i), true, fn)
	}
}

// Dates calls fn for every date that stands directly in the spec.
func (o *Object) Dates(fn func(f *Field, d Date)) {
	v := reflect.ValueOf(o.Spec).Elem()
	for _, f := range o.Kind.Fields {
		if f.Type == TypeDate {
			if d := v.Field(f.index).Interface().(Date); !d.IsZero() {
				fn(f, d)
			}
		}
	}
}
