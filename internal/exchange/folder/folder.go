// Package folder reads and writes a model as a folder of YAML files.
package folder

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"

	"diapason/internal/model"
)

// MaxFile is the largest file that is read, in bytes.
const MaxFile = 256 << 20

// Read decodes every .yaml, .yml and .json file under path, or path itself when
// it is a file, on all cores. Hidden files and folders are passed over. Objects
// come in the order of their files; a name that stands twice is an issue.
func Read(path string) ([]*model.Object, []model.Issue, error) {
	return ReadWith(path, model.Decode)
}

// ReadWith is Read with another decoder of one file, such as one with a cache.
func ReadWith(path string, decode func(file string, data []byte) ([]*model.Object, []model.Issue)) ([]*model.Object, []model.Issue, error) {
	files, err := list(path)
	if err != nil {
		return nil, nil, err
	}
	type part struct {
		objects []*model.Object
		issues  []model.Issue
		err     error
	}
	parts := make([]part, len(files))
	next := make(chan int)
	var wg sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			for i := range next {
				data, err := readFile(files[i])
				if err != nil {
					parts[i].err = err
					continue
				}
				parts[i].objects, parts[i].issues = decode(files[i], data)
			}
		})
	}
	for i := range files {
		next <- i
	}
	close(next)
	wg.Wait()
	var objects []*model.Object
	var issues []model.Issue
	var errs []error
	for _, p := range parts {
		objects = append(objects, p.objects...)
		issues = append(issues, p.issues...)
		if p.err != nil {
			errs = append(errs, p.err)
		}
	}
	issues = append(issues, duplicates(objects)...)
	return objects, issues, errors.Join(errs...)
}

func readFile(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, unreadable(path, err)
	}
	if !info.Mode().IsRegular() {
		return nil, &model.Fault{Format: "%s is no ordinary file: it cannot be read as YAML", Args: []any{path}}
	}
	if info.Size() > MaxFile {
		return nil, &model.Fault{Format: "%s is larger than %d MiB: split it into several files", Args: []any{path, MaxFile >> 20}}
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, unreadable(path, err)
	}
	return data, nil
}

// unreadable says why a file or folder cannot be read, without the system's name
// of the call.
func unreadable(path string, err error) error {
	if errors.Is(err, fs.ErrPermission) {
		return &model.Fault{Format: "%s may not be read: give the account that runs diapason the right to", Args: []any{path}}
	}
	return &model.Fault{Format: "%s cannot be read: %s", Args: []any{path, reason(err)}}
}

func reason(err error) string {
	if inner := errors.Unwrap(err); inner != nil {
		err = inner
	}
	return err.Error()
}

func list(path string) ([]string, error) {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, &model.Fault{Format: "%s does not exist: name a folder of YAML files, or one file", Args: []any{path}}
	}
	if err != nil {
		return nil, unreadable(path, err)
	}
	if !info.IsDir() {
		return []string{path}, nil
	}
	var files []string
	err = filepath.WalkDir(path, func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return unreadable(p, err)
		}
		if strings.HasPrefix(d.Name(), ".") && p != path {
			if d.IsDir() {
				return filepath.SkipDir
			}
			return nil
		}
		switch filepath.Ext(p) {
		case ".yaml", ".yml", ".json":
			if !d.IsDir() {
				files = append(files, p)
			}
		}
		return nil
	})
	return files, err
}

func duplicates(objects []*model.Object) []model.Issue {
	first := make(map[model.Ref]*model.Object, len(objects))
	var issues []model.Issue
	for _, o := range objects {
		f, twice := first[o.Ref()]
		if !twice {
			first[o.Ref()] = o
			continue
		}
		line, col := o.Source.Locate("/metadata/name")
		at, _ := f.Source.Locate("/metadata/name")
		fault := &model.Fault{Format: "%s is described already at %s:%d: names are unique within a kind", Args: []any{o.Ref(), f.Source.File, at}}
		issues = append(issues, model.Issue{File: o.Source.File, Line: line, Column: col, Pointer: "/metadata/name", Message: fault.Error(), Fault: fault})
	}
	return issues
}
