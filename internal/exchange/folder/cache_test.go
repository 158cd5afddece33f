package folder

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"diapason/internal/model"
)

// manyComponents is a file large enough to be remembered.
func manyComponents(n int) []byte {
	var b bytes.Buffer
	for i := range n {
		fmt.Fprintf(&b, "---\napiVersion: diapason/v1\nkind: Component\nmetadata: {name: c-%04d, title: {en: Part %d, fr: Élément %d}, labels: {rack: r%d}}\nspec:\n  requires: [component/c-%04d, {anyOf: [site/a, site/b], takeover: 5m}]\n", i, i, i, i%7, (i+1)%n)
	}
	return b.Bytes()
}

func openTestCache(t *testing.T, version string) *Cache {
	t.Helper()
	c := OpenCache(version)
	if c == nil {
		t.Fatal("the cache cannot be opened")
	}
	return c
}

func same(t *testing.T, got, want []*model.Object) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%d objects instead of %d", len(got), len(want))
	}
	for i := range got {
		if !reflect.DeepEqual(got[i].Metadata, want[i].Metadata) || !reflect.DeepEqual(got[i].Spec, want[i].Spec) || !reflect.DeepEqual(got[i].Source, want[i].Source) {
			t.Fatalf("object %d differs: %+v instead of %+v", i, got[i], want[i])
		}
	}
}

func cached(t *testing.T, c *Cache) string {
	t.Helper()
	entries, err := os.ReadDir(c.dir)
	if err != nil || len(entries) != 1 {
		t.Fatalf("%d files in the cache: %v", len(entries), err)
	}
	return filepath.Join(c.dir, entries[0].Name())
}

func TestACacheGivesTheSameObjectsAsTheFile(t *testing.T) {
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	data := manyComponents(400)
	want, issues := model.Decode("a.yaml", data)
	if len(issues) > 0 {
		t.Fatal(issues[0])
	}
	c := openTestCache(t, "1")
	for _, when := range []string{"when first read", "when known"} {
		t.Run(when, func(t *testing.T) {
			got, _ := c.Decode("a.yaml", data)
			same(t, got, want)
		})
	}
	if _, err := os.Stat(cached(t, c)); err != nil {
		t.Fatal(err)
	}
}

func TestADamagedCacheIsOnlySlower(t *testing.T) {
	data := manyComponents(400)
	want, _ := model.Decode("a.yaml", data)
	for _, x := range []struct {
		name   string
		damage func(t *testing.T, path string, raw []byte)
	}{
		{"a byte is turned", func(t *testing.T, path string, raw []byte) {
			for _, at := range []int{0, 25, 60, len(raw) / 2, len(raw) - 40, len(raw) - 1} {
				other := bytes.Clone(raw)
				other[at] ^= 0x20
				write(t, path, other)
				got, _ := OpenCache("1").Decode("a.yaml", data)
				same(t, got, want)
			}
		}},
		{"the file is cut", func(t *testing.T, path string, raw []byte) {
			for _, n := range []int{0, 1, 20, 60, 90, len(raw) / 2, len(raw) - 1} {
				write(t, path, raw[:n])
				got, _ := OpenCache("1").Decode("a.yaml", data)
				same(t, got, want)
			}
		}},
		{"the file is that of another content", func(t *testing.T, path string, _ []byte) {
			c := OpenCache("1")
			other := manyComponents(401)
			c.Decode("a.yaml", other)
			entries, _ := os.ReadDir(c.dir)
			for _, e := range entries {
				if p := filepath.Join(c.dir, e.Name()); p != path {
					if err := os.Rename(p, path); err != nil {
						t.Fatal(err)
					}
				}
			}
			got, _ := c.Decode("a.yaml", data)
			same(t, got, want)
		}},
		{"a folder stands in the file's place", func(t *testing.T, path string, _ []byte) {
			if err := os.Remove(path); err != nil {
				t.Fatal(err)
			}
			if err := os.Mkdir(path, 0o700); err != nil {
				t.Fatal(err)
			}
			got, _ := OpenCache("1").Decode("a.yaml", data)
			same(t, got, want)
		}},
	} {
		t.Run(x.name, func(t *testing.T) {
			t.Setenv("XDG_CACHE_HOME", t.TempDir())
			c := openTestCache(t, "1")
			c.Decode("a.yaml", data)
			path := cached(t, c)
			raw, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			x.damage(t, path, raw)
		})
	}
}

func write(t *testing.T, path string, data []byte) {
	t.Helper()
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestACacheThatCannotBeWrittenIsDoneWithout(t *testing.T) {
	data := manyComponents(400)
	want, _ := model.Decode("a.yaml", data)
	for _, x := range []struct {
		name string
		home func(t *testing.T) string
	}{
		{"a file stands where the folder should", func(t *testing.T) string {
			path := filepath.Join(t.TempDir(), "file")
			write(t, path, nil)
			return path
		}},
		{"the folder disappears", func(t *testing.T) string { return t.TempDir() }},
	} {
		t.Run(x.name, func(t *testing.T) {
			t.Setenv("XDG_CACHE_HOME", x.home(t))
			c := OpenCache("1")
			if c != nil {
				if err := os.RemoveAll(c.dir); err != nil {
					t.Fatal(err)
				}
			}
			got, issues := c.Decode("a.yaml", data)
			if len(issues) > 0 {
				t.Fatal(issues[0])
			}
			same(t, got, want)
		})
	}
}

func TestAnotherVersionHasItsOwnCache(t *testing.T) {
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	if a, b := openTestCache(t, "1"), openTestCache(t, "2"); a.dir == b.dir {
		t.Errorf("both use %s", a.dir)
	}
}

func TestSeveralChecksAtOnceShareTheCache(t *testing.T) {
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	data := manyComponents(400)
	want, _ := model.Decode("a.yaml", data)
	var wg sync.WaitGroup
	got := make([][]*model.Object, 8)
	for i := range got {
		wg.Go(func() {
			for range 5 {
				got[i], _ = OpenCache("1").Decode("a.yaml", data)
			}
		})
	}
	wg.Wait()
	for _, objects := range got {
		same(t, objects, want)
	}
	if name := filepath.Base(cached(t, openTestCache(t, "1"))); strings.HasPrefix(name, "new-") {
		t.Errorf("%s was left behind", name)
	}
}

func TestOldFilesOfTheCacheAreForgotten(t *testing.T) {
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	old := openTestCache(t, "0")
	stale := filepath.Join(old.dir, "stale")
	write(t, stale, []byte("x"))
	long := time.Now().Add(-2 * cacheFor)
	if err := os.Chtimes(stale, long, long); err != nil {
		t.Fatal(err)
	}
	c := openTestCache(t, "1")
	c.Decode("a.yaml", manyComponents(400))
	if _, err := os.Stat(old.dir); !os.IsNotExist(err) {
		t.Errorf("%s stands: %v", old.dir, err)
	}
	cached(t, c)
}
