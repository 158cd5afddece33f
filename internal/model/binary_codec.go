package model

import (
	"encoding/binary"
	"math"
	"reflect"
	"slices"
	"sync"
	"time"
)

// codec writes and reads the values of one Go type.
type codec struct {
	put func(b []byte, v reflect.Value) []byte
	get func(r *binaryReader, v reflect.Value)
}

type codecSet struct {
	metadata *codec
	kinds    []*codec // by Kind.ID
	byType   map[reflect.Type]*codec
}

// codecs are made from the Go structs when first needed.
var codecs = sync.OnceValue(func() *codecSet {
	s := &codecSet{byType: map[reflect.Type]*codec{}}
	s.metadata = s.of(reflect.TypeFor[Metadata]())
	for _, k := range Kinds {
		s.kinds = append(s.kinds, s.of(k.typ))
	}
	return s
})

// of gives the codec of a type; types may hold themselves.
func (s *codecSet) of(t reflect.Type) *codec {
	c := s.byType[t]
	if c == nil {
		c = &codec{}
		s.byType[t] = c
		s.describe(c, t)
	}
	return c
}

func (s *codecSet) describe(c *codec, t reflect.Type) {
	switch t {
	case reflect.TypeFor[Ref]():
		c.put, c.get = putRef, getRef
		return
	case reflect.TypeFor[Instant]():
		c.put = func(b []byte, v reflect.Value) []byte {
			return binary.AppendVarint(b, v.Addr().Interface().(*Instant).Unix())
		}
		c.get = func(r *binaryReader, v reflect.Value) {
			v.Addr().Interface().(*Instant).Time = time.Unix(r.varint(), 0).UTC()
		}
		return
	case reflect.TypeFor[Availability]():
		c.put = func(b []byte, v reflect.Value) []byte {
			return binary.AppendVarint(b, v.Addr().Interface().(*Availability).unavailable)
		}
		c.get = func(r *binaryReader, v reflect.Value) {
			v.Addr().Interface().(*Availability).unavailable = r.varint()
		}
		return
	}
	switch t.Kind() {
	case reflect.String:
		c.put = func(b []byte, v reflect.Value) []byte { return appendText(b, v.String()) }
		c.get = func(r *binaryReader, v reflect.Value) { v.SetString(r.text()) }
	case reflect.Bool:
		c.put = func(b []byte, v reflect.Value) []byte {
			if v.Bool() {
				return append(b, 1)
			}
			return append(b, 0)
		}
		c.get = func(r *binaryReader, v reflect.Value) { v.SetBool(r.uvarint() == 1) }
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		c.put = func(b []byte, v reflect.Value) []byte { return binary.AppendVarint(b, v.Int()) }
		c.get = func(r *binaryReader, v reflect.Value) { v.SetInt(r.varint()) }
	case reflect.Float64:
		c.put = func(b []byte, v reflect.Value) []byte { return binary.AppendUvarint(b, math.Float64bits(v.Float())) }
		c.get = func(r *binaryReader, v reflect.Value) { v.SetFloat(math.Float64frombits(r.uvarint())) }
	case reflect.Pointer:
		elem, made := s.of(t.Elem()), t.Elem()
		c.put = func(b []byte, v reflect.Value) []byte { return elem.put(b, v.Elem()) }
		c.get = func(r *binaryReader, v reflect.Value) {
			v.Set(reflect.New(made))
			elem.get(r, v.Elem())
		}
	case reflect.Slice:
		s.describeSlice(c, t)
	case reflect.Map:
		c.put, c.get = putLabels, getLabels
	case reflect.Struct:
		s.describeStruct(c, t)
	default:
		panic("model: the binary form does not know the type " + t.String())
	}
}

// describeSlice writes the length and the items. Every item takes a byte at
// least, which bounds what a damaged length can ask for.
func (s *codecSet) describeSlice(c *codec, t reflect.Type) {
	item := s.of(t.Elem())
	c.put = func(b []byte, v reflect.Value) []byte {
		b = binary.AppendUvarint(b, uint64(v.Len()))
		for i := range v.Len() {
			b = item.put(b, v.Index(i))
		}
		return b
	}
	c.get = func(r *binaryReader, v reflect.Value) {
		n := r.length()
		out := reflect.MakeSlice(t, n, n)
		for i := range n {
			if item.get(r, out.Index(i)); r.failed {
				return
			}
		}
		v.Set(out)
	}
}

func (s *codecSet) describeStruct(c *codec, t reflect.Type) {
	fields := make([]*codec, t.NumField())
	for i := range fields {
		fields[i] = s.of(t.Field(i).Type)
	}
	c.put = func(b []byte, v reflect.Value) []byte {
		for i, f := range fields {
			if x := v.Field(i); !x.IsZero() {
				b = f.put(binary.AppendUvarint(b, uint64(i+1)), x)
			}
		}
		return append(b, 0)
	}
	c.get = func(r *binaryReader, v reflect.Value) {
		for !r.failed {
			i := r.uvarint()
			if i == 0 {
				return
			}
			if i > uint64(len(fields)) || r.depth > 4*maxDepth {
				r.failed = true
				return
			}
			r.depth++
			fields[i-1].get(r, v.Field(int(i-1)))
			r.depth--
		}
	}
}

func putRef(b []byte, v reflect.Value) []byte {
	r := v.Addr().Interface().(*Ref)
	k := KindOf(r.Kind)
	if k == nil || k.Slug != r.Kind { // no reference of the model, but kept as it is
		return appendText(appendText(append(b, 0), r.Kind), r.Name)
	}
	return appendText(binary.AppendUvarint(b, uint64(k.id+1)), r.Name)
}

func getRef(r *binaryReader, v reflect.Value) {
	ref := v.Addr().Interface().(*Ref)
	switch id := r.uvarint(); {
	case id == 0:
		ref.Kind = r.text()
	case id <= uint64(len(Kinds)):
		ref.Kind = Kinds[id-1].Slug
	default:
		r.failed = true
	}
	ref.Name = r.text()
}

func putLabels(b []byte, v reflect.Value) []byte {
	labels := *v.Addr().Interface().(*map[string]string)
	b = binary.AppendUvarint(b, uint64(len(labels)))
	keys := make([]string, 0, len(labels))
	for k := range labels {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	for _, k := range keys {
		b = appendText(appendText(b, k), labels[k])
	}
	return b
}

func getLabels(r *binaryReader, v reflect.Value) {
	n := r.length()
	labels := make(map[string]string, n)
	for range n {
		k := r.text()
		labels[k] = r.text()
	}
	*v.Addr().Interface().(*map[string]string) = labels
}

func appendText(b []byte, s string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}

// binaryReader reads a binary form; after a failure everything reads as zero.
type binaryReader struct {
	rest   string
	depth  int
	failed bool
}

func (r *binaryReader) uvarint() uint64 {
	var x uint64
	for i := range min(len(r.rest), binary.MaxVarintLen64) {
		c := r.rest[i]
		x |= uint64(c&0x7f) << (7 * i)
		if c < 0x80 {
			r.rest = r.rest[i+1:]
			return x
		}
	}
	r.failed, r.rest = true, ""
	return 0
}

func (r *binaryReader) varint() int64 {
	u := r.uvarint()
	x := int64(u >> 1)
	if u&1 != 0 {
		x = ^x
	}
	return x
}

// length reads how many bytes or items follow.
func (r *binaryReader) length() int {
	n := r.uvarint()
	if n > uint64(len(r.rest)) {
		r.failed, r.rest = true, ""
		return 0
	}
	return int(n)
}

func (r *binaryReader) text() string {
	n := r.length()
	s := r.rest[:n]
	r.rest = r.rest[n:]
	return s
}
