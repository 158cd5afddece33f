// Package intaketest is what the tests of importers share: the data to run on,
// questions to a model, and a watch on memory.
package intaketest

import (
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"testing"
	"time"

	"diapason/internal/exchange/intake"
	"diapason/internal/language"
	"diapason/internal/model"
)

// Shared is the path of a file of the data kept beside the project. Without that
// data the test is skipped, or fails when DIAPASON_REQUIRE_SHARED is 1.
func Shared(t testing.TB, name string) string {
	t.Helper()
	_, here, _, _ := runtime.Caller(0)
	shared := filepath.Join(filepath.Dir(here), "..", "..", "..", "..", "..", "shared")
	if dir := os.Getenv("DIAPASON_SHARED"); dir != "" {
		shared = dir
	}
	path := filepath.Join(shared, "data", name)
	if _, err := os.Stat(path); err != nil {
		if os.Getenv("DIAPASON_REQUIRE_SHARED") == "1" {
			t.Fatalf("the shared data is required: %v", err)
		}
		t.Skipf("the shared data is not there: %s (set DIAPASON_SHARED to its folder)", path)
	}
	return path
}

// Files reads files.
func Files(t testing.TB, paths ...string) []intake.File {
	t.Helper()
	var out []intake.File
	for _, p := range paths {
		data, err := os.ReadFile(p)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, intake.File{Name: p, Data: data})
	}
	return out
}

// File makes a source file of a text.
func File(name, text string) intake.File { return intake.File{Name: name, Data: []byte(text)} }

// Model checks the objects as documents of people are checked, and makes a model
// of them: every importer must write what the decoder reads back unchanged.
func Model(t testing.TB, objects []*model.Object) *model.Snapshot {
	t.Helper()
	for _, o := range objects {
		back, issues := model.Decode(o.Ref().String(), o.YAML())
		if len(issues) > 0 {
			t.Fatalf("%s does not read back: %v\n%s", o.Ref(), issues[0], o.YAML())
		}
		if len(back) != 1 || !model.SameDocument(o, back[0]) {
			t.Fatalf("%s reads back as something else:\n%s", o.Ref(), o.YAML())
		}
	}
	s, twice := model.NewSnapshot(0, objects)
	if len(twice) > 0 {
		t.Fatalf("the name %s stands twice", twice[0].Ref())
	}
	return s
}

// Closure is the number of components that one needs, itself included, through
// whatever stands between them.
func Closure(s *model.Snapshot, from model.Ref) int {
	seen := map[model.Ref]bool{}
	var visit func(model.Ref)
	visit = func(r model.Ref) {
		o := s.Get(r)
		if seen[r] || o == nil {
			return
		}
		seen[r] = true
		for _, n := range Needs(o) {
			n.Refs(visit)
		}
	}
	visit(from)
	count := 0
	for r := range seen {
		if r.Kind == "component" {
			count++
		}
	}
	return count
}

// Needs are the requirements of a service or component.
func Needs(o *model.Object) []model.Need {
	switch x := o.Spec.(type) {
	case *model.Service:
		return x.Requires
	case *model.Component:
		return x.Requires
	}
	return nil
}

// Dependants counts the objects that require one directly.
func Dependants(s *model.Snapshot, to model.Ref) int {
	count := 0
	s.All(func(_ model.Handle, o *model.Object) bool {
		found := false
		for _, n := range Needs(o) {
			n.Refs(func(r model.Ref) { found = found || r == to })
		}
		if found {
			count++
		}
		return true
	})
	return count
}

// Dangling lists the references that lead nowhere.
func Dangling(s *model.Snapshot) []model.Ref {
	seen := map[model.Ref]bool{}
	var out []model.Ref
	s.All(func(_ model.Handle, o *model.Object) bool {
		o.References(func(r model.Ref, _ *model.Field, _ string) {
			if s.Get(r) == nil && !seen[r] {
				seen[r] = true
				out = append(out, r)
			}
		})
		return true
	})
	return out
}

// Prose fails the test when a note or a problem has no words in a language.
func Prose(t testing.TB, notes []intake.Note, err error) {
	t.Helper()
	for _, l := range language.Languages {
		w := language.Writer{Lang: l}
		for _, n := range notes {
			if m := n.Message(w); m == "" || m == "import.note."+n.Code {
				t.Fatalf("the note %s has no words in %s", n.Code, l)
			}
		}
		if problems, ok := err.(intake.Problems); ok {
			for _, p := range problems {
				if m := p.Message(w); m == "" || m == "import.problem."+p.Code {
					t.Fatalf("the problem %s has no words in %s", p.Code, l)
				}
				if p.File == "" {
					t.Fatalf("the problem %s names no file", p.Code)
				}
			}
		}
	}
}

// Memory runs fn on an input of some bytes, under the soft limit that the command
// sets for itself, and fails the test when the heap grows beyond 64 MiB + 40 times
// the input. How high garbage piles up depends on the machine's load: the lowest
// peak of three runs counts.
func Memory(t testing.TB, inputBytes int, fn func()) {
	t.Helper()
	limit := int64(64<<20 + 40*inputBytes)
	used := int64(0)
	for range 3 {
		if used = peakOf(inputBytes, fn); used <= limit {
			t.Logf("%d MiB for %d KiB", used>>20, inputBytes>>10)
			return
		}
	}
	t.Fatalf("%d MiB of memory for an input of %d KiB, the limit is %d MiB", used>>20, inputBytes>>10, limit>>20)
}

func peakOf(inputBytes int, fn func()) int64 {
	runtime.GC()
	var before runtime.MemStats
	runtime.ReadMemStats(&before)
	stop, peak := make(chan struct{}), make(chan uint64)
	go func() {
		var m runtime.MemStats
		var high uint64
		tick := time.NewTicker(5 * time.Millisecond)
		defer tick.Stop()
		for {
			runtime.ReadMemStats(&m)
			high = max(high, m.HeapAlloc)
			select {
			case <-stop:
				peak <- high
				return
			case <-tick.C:
			}
		}
	}()
	soft := debug.SetMemoryLimit(int64(before.Sys-before.HeapReleased) + int64(44<<20+34*inputBytes))
	fn()
	debug.SetMemoryLimit(soft)
	close(stop)
	return int64(<-peak) - int64(before.HeapAlloc)
}
