package model

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"reflect"
	"strings"
	"sync"
)

// The binary form of an object is for caches of the running program only: it
// follows the Go structs, so that BinaryLayout tells which program can read it.
// Structs are written as the numbers, from 1, of those of their fields that are
// not zero, each followed by its value, then 0; texts and lists start with their
// length; numbers are varints. Texts that are read share the memory of their
// source.

// AppendBinary appends the object's binary form.
func (o *Object) AppendBinary(b []byte) []byte {
	b = binary.AppendUvarint(b, uint64(o.Kind.id))
	b = codecs().metadata.put(b, reflect.ValueOf(&o.Metadata).Elem())
	return codecs().kinds[o.Kind.id].put(b, reflect.ValueOf(o.Spec).Elem())
}

// FromBinary reads an object that AppendBinary wrote and gives what follows it.
func FromBinary(data string) (o *Object, rest string, err error) {
	r := &binaryReader{rest: data}
	if id := r.uvarint(); !r.failed && id < uint64(len(Kinds)) {
		k := Kinds[id]
		spec := reflect.New(k.typ)
		o = &Object{Kind: k, Spec: spec.Interface()}
		codecs().metadata.get(r, reflect.ValueOf(&o.Metadata).Elem())
		codecs().kinds[k.id].get(r, spec.Elem())
	} else {
		r.failed = true
	}
	if r.failed {
		return nil, "", fmt.Errorf("the binary form of an object is damaged")
	}
	return o, r.rest, nil
}

// BinaryLayout names what the binary form depends on: two programs with the same
// layout read each other's.
var BinaryLayout = sync.OnceValue(func() string {
	var b strings.Builder
	seen := map[reflect.Type]bool{}
	var walk func(t reflect.Type)
	walk = func(t reflect.Type) {
		b.WriteString(t.String())
		b.WriteByte(';')
		if seen[t] {
			return
		}
		seen[t] = true
		switch t.Kind() {
		case reflect.Pointer, reflect.Slice:
			walk(t.Elem())
		case reflect.Struct:
			for i := range t.NumField() {
				b.WriteString(t.Field(i).Name)
				b.WriteByte(' ')
				walk(t.Field(i).Type)
			}
		}
	}
	walk(reflect.TypeFor[Metadata]())
	for _, k := range Kinds {
		b.WriteString(k.Name)
		walk(k.typ)
	}
	sum := sha256.Sum256([]byte(b.String()))
	return hex.EncodeToString(sum[:8])
})
