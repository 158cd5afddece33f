package sqlite

import (
	"context"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"diapason/internal/store"
	"diapason/internal/store/storetest"
)

func openTest(t testing.TB, folder string) *Store {
	t.Helper()
	s, err := Open(context.Background(), folder, Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return s
}

var engine = storetest.Engine{
	Open: func(t testing.TB) store.Store { return openTest(t, t.TempDir()) },
	Spoil: func(t testing.TB, s store.Store, sha256 string) {
		if err := os.WriteFile(s.(*Store).blobPath(sha256), []byte("other"), 0o600); err != nil {
			t.Fatal(err)
		}
	},
	Lose: func(t testing.TB, s store.Store, sha256 string) {
		if err := os.Remove(s.(*Store).blobPath(sha256)); err != nil {
			t.Fatal(err)
		}
	},
}

func TestConformance(t *testing.T) { storetest.Exercise(t, engine) }

func TestMain(m *testing.M) {
	storetest.Main(m, func(ctx context.Context, target string) (store.Store, error) {
		return Open(ctx, target, Options{})
	})
}

func TestEndure(t *testing.T) {
	folder := t.TempDir()
	storetest.Endure(t, folder, func(t testing.TB) store.Store { return openTest(t, folder) })
}

func BenchmarkStore(b *testing.B) { storetest.Benchmark(b, engine) }

func TestTheDatabaseIsItsOwnersAlone(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("modes are those of Unix")
	}
	folder := t.TempDir()
	if err := os.Chmod(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	private := func(when string) {
		t.Helper()
		for _, end := range []string{"", "-wal", "-shm"} {
			info, err := os.Stat(filepath.Join(folder, FileName+end))
			if err != nil {
				t.Fatal(err)
			}
			if info.Mode().Perm() != 0o600 {
				t.Errorf("%s: %s is %o", when, info.Name(), info.Mode().Perm())
			}
		}
	}
	s, err := Open(t.Context(), folder, Options{})
	if err != nil {
		t.Fatal(err)
	}
	private("made")
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(filepath.Join(folder, FileName), 0o644); err != nil {
		t.Fatal(err)
	}
	openTest(t, folder)
	private("opened")
}

func TestAFileIsNoDataFolder(t *testing.T) {
	path := filepath.Join(t.TempDir(), "data")
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, folder := range []string{path, filepath.Join(path, "under")} {
		if _, err := Open(t.Context(), folder, Options{}); store.CodeOf(err) != store.CodeNoFolder {
			t.Errorf("%s: %v", folder, err)
		}
	}
}
