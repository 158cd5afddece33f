package model

import (
	"reflect"
	"strconv"
	"strings"
	"sync"
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
func (o *Object) references(fn refFunc) {
	if !o.Metadata.Owner.IsZero() {
		fn(o.Metadata.Owner, ownerField, "/metadata/owner", false, 3)
	}
	spec := reflect.ValueOf(o.Spec).Elem()
	for i := range refPlaces()[o.Kind.id] {
		p := &refPlaces()[o.Kind.id][i]
		p.visit(spec.Field(p.field.index), p.at, fn)
	}
}

// References lists every reference of the object with its place, in document order.
func (o *Object) References(fn func(r Ref, f *Field, pointer string)) {
	o.references(func(r Ref, f *Field, pointer string, _ bool, _ uint8) { fn(r, f, pointer) })
}

type refFunc = func(r Ref, f *Field, pointer string, group bool, phases uint8)

// refPlace is a field in which references stand, itself or below it. What most
// pointers are made of is made once.
type refPlace struct {
	field  *Field
	at     string // pointer from the spec's document, or from the record that holds it
	item   *refPlace
	fields []refPlace
}

// refPlaces are the places of each kind, by Kind.ID.
var refPlaces = sync.OnceValue(func() [][]refPlace {
	out := make([][]refPlace, len(Kinds))
	for i, k := range Kinds {
		out[i] = refPlacesOf(k.Fields, "/spec")
	}
	return out
})

func refPlacesOf(fields []*Field, at string) []refPlace {
	var out []refPlace
	for _, f := range fields {
		if p := refPlaceOf(f, at+"/"+f.Name); p != nil {
			out = append(out, *p)
		}
	}
	return out
}

func refPlaceOf(f *Field, at string) *refPlace {
	p := &refPlace{field: f, at: at}
	switch f.Type {
	case TypeRef, TypeDependency:
		return p
	case TypeList:
		p.item = refPlaceOf(f.Item, "")
	case TypeRecord:
		p.fields = refPlacesOf(f.Fields, "")
	}
	if p.item == nil && p.fields == nil {
		return nil
	}
	return p
}

func (p *refPlace) visit(v reflect.Value, at string, fn refFunc) {
	if p.field.pointer {
		if v.IsNil() {
			return
		}
		v = v.Elem()
	}
	switch p.field.Type {
	case TypeRef:
		if r := v.Addr().Interface().(*Ref); !r.IsZero() {
			fn(*r, p.field, at, false, 3)
		}
	case TypeDependency:
		walkNeed(v.Addr().Interface().(*Need), p.field, at, false, fn)
	case TypeList:
		for i := range v.Len() {
			p.item.visit(v.Index(i), indexed(at, i), fn)
		}
	case TypeRecord:
		for i := range p.fields {
			below := &p.fields[i]
			if x := v.Field(below.field.index); !x.IsZero() {
				below.visit(x, at+below.at, fn)
			}
		}
	}
}

// indexed is the pointer of an item of the list at a pointer; those of short
// lists right below the spec are kept.
func indexed(at string, i int) string {
	if i >= keptItems || strings.Count(at, "/") != 2 {
		return at + "/" + strconv.Itoa(i)
	}
	kept, ok := itemPointers.Load(at)
	if !ok {
		made := new([keptItems]string)
		for j := range made {
			made[j] = at + "/" + strconv.Itoa(j)
		}
		kept, _ = itemPointers.LoadOrStore(at, made)
	}
	return kept.(*[keptItems]string)[i]
}

const keptItems = 32

var itemPointers sync.Map // pointer of a list → *[keptItems]string

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
