package cli_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/rogpeppe/go-internal/testscript"
)

// requireMount is the environment variable that, set to 1, makes it a failure
// instead of a skipped script where small file systems cannot be mounted.
const requireMount = "DIAPASON_REQUIRE_MOUNT"

// fill writes a file until nothing more goes onto its disk: fill FILE.
func fill(ts *testscript.TestScript, _ bool, args []string) {
	f, err := os.Create(ts.MkAbs(args[0]))
	ts.Check(err)
	defer f.Close()
	for size := 1 << 20; size > 0; size /= 4 {
		for block := make([]byte, size); err == nil; {
			_, err = f.Write(block)
		}
		err = nil
	}
	if _, err := f.Write([]byte{0}); err == nil {
		ts.Fatalf("the disk of %s is not full", args[0])
	}
}

// holds demands that a folder holds what is named and nothing else, hidden files
// included: holds FOLDER NAME…
func holds(ts *testscript.TestScript, _ bool, args []string) {
	entries, err := os.ReadDir(ts.MkAbs(args[0]))
	ts.Check(err)
	names := []string{}
	for _, e := range entries {
		names = append(names, e.Name())
	}
	want := slices.Sorted(slices.Values(args[1:]))
	if !slices.Equal(names, want) {
		ts.Fatalf("%s holds %q instead of %q", args[0], names, want)
	}
}

// damage turns a byte in the middle of every file under a folder: damage FOLDER.
func damage(ts *testscript.TestScript, _ bool, args []string) {
	n := 0
	err := filepath.WalkDir(ts.MkAbs(args[0]), func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		if len(data) == 0 {
			return errors.New(path + " is empty")
		}
		data[len(data)/2] ^= 0x40
		n++
		return os.WriteFile(path, data, 0o600)
	})
	ts.Check(err)
	if n == 0 {
		ts.Fatalf("%s holds no file", args[0])
	}
}
