package folder

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"syscall"

	"diapason/internal/model"
)

// Write writes one file an object, kind/name.yaml, into a new or empty folder,
// whole or not at all.
func Write(dir string, objects []*model.Object) error {
	return Build(dir, func(add func(name string, data []byte) error) error {
		for _, o := range objects {
			if err := add(filepath.Join(o.Kind.Slug, o.Metadata.Name+".yaml"), o.YAML()); err != nil {
				return err
			}
		}
		return nil
	})
}

// Build fills a new or empty folder by calls of add. It builds the folder beside
// its place and moves it there when complete, so that nothing is left half-written.
func Build(dir string, fill func(add func(name string, data []byte) error) error) error {
	if entries, err := os.ReadDir(dir); err == nil && len(entries) > 0 {
		return &model.Fault{Format: "%s is not empty: name a new folder, so that nothing is overwritten", Args: []any{dir}}
	}
	parent := filepath.Dir(filepath.Clean(dir))
	if err := os.MkdirAll(parent, 0o755); err != nil {
		return unwritable(parent, err)
	}
	tmp, err := os.MkdirTemp(parent, ".diapason-export-")
	if err != nil {
		return unwritable(parent, err)
	}
	defer os.RemoveAll(tmp)
	made := map[string]bool{tmp: true}
	err = fill(func(name string, data []byte) error {
		path := filepath.Join(tmp, name)
		if sub := filepath.Dir(path); !made[sub] {
			if err := os.MkdirAll(sub, 0o755); err != nil {
				return unwritable(dir, err)
			}
			made[sub] = true
		}
		if err := os.WriteFile(path, data, 0o644); err != nil {
			return unwritable(dir, err)
		}
		return nil
	})
	if err != nil {
		return err
	}
	if err := os.Chmod(tmp, 0o755); err != nil {
		return unwritable(dir, err)
	}
	_ = os.Remove(dir) // an empty folder of that name makes room
	if err := os.Rename(tmp, dir); err != nil {
		return unwritable(dir, err)
	}
	return nil
}

// Sorted lists the objects of a snapshot by kind and name.
func Sorted(s *model.Snapshot) []*model.Object {
	out := make([]*model.Object, 0, s.Len())
	s.All(func(_ model.Handle, o *model.Object) bool {
		out = append(out, o)
		return true
	})
	slices.SortFunc(out, func(a, b *model.Object) int { return a.Ref().Compare(b.Ref()) })
	return out
}

// WriteFile writes a file whole or not at all: beside its place, synced, then
// moved there.
func WriteFile(path string, data []byte) error {
	tmp, err := os.CreateTemp(filepath.Dir(path), ".diapason-")
	if err != nil {
		return unwritable(path, err)
	}
	defer os.Remove(tmp.Name())
	_, err = tmp.Write(data)
	if err == nil {
		err = tmp.Chmod(0o644)
	}
	if err == nil {
		err = tmp.Sync()
	}
	if closeErr := tmp.Close(); err == nil {
		err = closeErr
	}
	if err == nil {
		err = os.Rename(tmp.Name(), path)
	}
	if err != nil {
		return unwritable(path, err)
	}
	return nil
}

// unwritable says why a file or folder cannot be written, without the system's
// name of the call.
func unwritable(path string, err error) error {
	switch {
	case errors.Is(err, fs.ErrPermission):
		return &model.Fault{Format: "%s may not be written: give the account that runs diapason the right to", Args: []any{path}}
	case errors.Is(err, syscall.ENOSPC):
		return &model.Fault{Format: "%s cannot be written: its disk is full; free some space and try again", Args: []any{path}}
	}
	return &model.Fault{Format: "%s cannot be written: %s", Args: []any{path, reason(err)}}
}
