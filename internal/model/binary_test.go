package model

import (
	"bytes"
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"pgregory.net/rapid"
)

// examples decodes every example file of the product.
func exampleObjects(t testing.TB) []*Object {
	t.Helper()
	var all []*Object
	err := filepath.WalkDir("../../examples", func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(path) != ".yaml" {
			return err
		}
		data, err := os.ReadFile(path)
		objects, _ := Decode(path, data)
		all = append(all, objects...)
		return err
	})
	if err != nil || len(all) < 500 {
		t.Fatalf("%d objects of the examples: %v", len(all), err)
	}
	return all
}

func TestTheBinaryFormReadsBackEveryExample(t *testing.T) {
	var stream []byte
	objects := exampleObjects(t)
	for _, o := range objects {
		stream = o.AppendBinary(stream)
	}
	rest := string(stream)
	for _, o := range objects {
		var back *Object
		var err error
		if back, rest, err = FromBinary(rest); err != nil {
			t.Fatalf("%s: %v", o.Ref(), err)
		}
		if !reflect.DeepEqual(back.Metadata, o.Metadata) || !reflect.DeepEqual(back.Spec, o.Spec) {
			t.Errorf("%s: %+v reads back as %+v", o.Ref(), o.Spec, back.Spec)
		}
		if !bytes.Equal(back.Document(), o.Document()) {
			t.Errorf("%s: %s reads back as %s", o.Ref(), o.Document(), back.Document())
		}
	}
	if rest != "" {
		t.Errorf("%d bytes are left over", len(rest))
	}
}

func TestADamagedBinaryFormIsRefusedOrReadsAsSomeObject(t *testing.T) {
	objects := exampleObjects(t)
	rapid.Check(t, func(t *rapid.T) {
		data := rapid.SampledFrom(objects).Draw(t, "object").AppendBinary(nil)
		for range rapid.IntRange(1, 3).Draw(t, "damages") {
			data[rapid.IntRange(0, len(data)-1).Draw(t, "at")] = rapid.Byte().Draw(t, "byte")
		}
		data = data[:rapid.IntRange(0, len(data)).Draw(t, "length")]
		if o, rest, err := FromBinary(string(data)); err == nil && (o == nil || len(rest) > len(data)) {
			t.Fatalf("%v, %d bytes left, without an error", o, len(rest))
		}
	})
}

func FuzzFromBinary(f *testing.F) {
	for _, o := range exampleObjects(f)[:40] {
		f.Add(o.AppendBinary(nil))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		for rest := string(data); rest != ""; {
			o, left, err := FromBinary(rest)
			if err != nil {
				return
			}
			o.AppendBinary(nil)
			rest = left
		}
	})
}
