package generate

import (
	"bytes"
	"testing"

	"diapason/internal/model"
)

func collect(size Size) []byte {
	var b bytes.Buffer
	Objects(size, func(o *model.Object) { b.Write(o.YAML()) })
	return b.Bytes()
}

func TestTheSameSeedGivesTheSameBytesAndAnotherSeedOthers(t *testing.T) {
	size := Size{Services: 20, Components: 150, Seed: 7}
	first := collect(size)
	if !bytes.Equal(first, collect(size)) {
		t.Error("two runs differ")
	}
	size.Seed = 8
	if bytes.Equal(first, collect(size)) {
		t.Error("another seed changes nothing")
	}
}

func TestEverythingGeneratedCanBeReadAndRefersToWhatExists(t *testing.T) {
	var objects []*model.Object
	Objects(Size{Services: 50, Components: 400, Seed: 1}, func(o *model.Object) {
		read, issues := model.Decode("generated", o.YAML())
		if len(issues) > 0 || len(read) != 1 || !model.SameDocument(read[0], o) {
			t.Fatalf("%s does not read back: %v", o.Ref(), issues)
		}
		objects = append(objects, read[0])
	})
	snap, twice := model.NewSnapshot(1, objects)
	if len(twice) > 0 {
		t.Errorf("%s is generated twice", twice[0].Ref())
	}
	snap.All(func(h model.Handle, o *model.Object) bool {
		for _, e := range snap.Out(h) {
			if snap.Object(e.To) == nil {
				t.Errorf("%s refers to %s, which does not exist", o.Ref(), snap.Ref(e.To))
			}
		}
		return true
	})
}
