package model

import (
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// pointers lists every pointer of a tree, and some that lead nowhere.
func pointers(v any, at string, out *[]string) {
	*out = append(*out, at)
	switch x := v.(type) {
	case map[string]any:
		for k, e := range x {
			pointers(e, at+"/"+escapePointer(k), out)
		}
		*out = append(*out, at+"/nowhere")
	case []any:
		for i, e := range x {
			pointers(e, at+"/"+strconv.Itoa(i), out)
		}
		*out = append(*out, at+"/99")
	}
}

func TestPositionsByIndentationAreThoseOfTheParser(t *testing.T) {
	checked, quick := 0, 0
	check := func(o *Object) {
		var all []string
		pointers(map[string]any(o.Tree()), "", &all)
		for _, p := range all {
			line, column, ok := locateInBlocks(o.Source.Text, p)
			checked++
			if !ok {
				continue
			}
			quick++
			var l Locator
			wantLine, wantColumn := l.parsed(&Source{Line: 1, Text: o.Source.Text}, p)
			if line != wantLine || column != wantColumn {
				t.Fatalf("%s %s: %d:%d, the parser says %d:%d\n%s", o.Ref(), p, line, column, wantLine, wantColumn, o.Source.Text)
			}
		}
	}
	err := filepath.WalkDir("../../examples", func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(p, ".yaml") {
			return err
		}
		data, err := os.ReadFile(p)
		if err != nil {
			return err
		}
		objects, _ := Decode(p, data)
		for i, o := range objects {
			check(o)
			if i%5 == 0 { // as the export writes it
				again, _ := Decode(p, o.YAML())
				check(again[0])
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if checked < 5000 || quick < checked/4 {
		t.Errorf("%d positions compared, %d found by indentation: this test has gone blind", checked, quick)
	}
}
