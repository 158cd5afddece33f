// Package examples holds the example organisation, a fictional regional hospital
// group, so that the program can show itself without any other file.
package examples

import (
	"embed"
	"io/fs"
	"path"
	"strings"

	"diapason/internal/model"
)

//go:embed hospital
var files embed.FS

// On is the date for which the example is written.
var On = model.NewDate(2027, 3, 12)

// Hospital reads the objects of the example organisation.
func Hospital() ([]*model.Object, []model.Issue) { return read(files, "hospital") }

// read reads the objects of a folder.
func read(files embed.FS, folder string) ([]*model.Object, []model.Issue) {
	var objects []*model.Object
	var issues []model.Issue
	_ = fs.WalkDir(files, folder, func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path.Ext(p), ".yaml") {
			return err
		}
		data, err := files.ReadFile(p)
		if err != nil {
			return err
		}
		o, bad := model.Decode("examples/"+p, data)
		objects = append(objects, o...)
		issues = append(issues, bad...)
		return nil
	})
	return objects, issues
}

// Minutes is what the tools of the example have seen in the year before On, as a table
// of evidence: series, from, to, state.
func Minutes() []byte { return mustRead("hospital/evidence/monitoring.csv") }

// Cases is what the ticket tool of the example exports: a table that the shipped mapping
// of GLPI reads.
func Cases() []byte { return mustRead("hospital/evidence/cases.csv") }

// mustRead reads a file that was compiled in.
func mustRead(name string) []byte {
	data, err := files.ReadFile(name)
	if err != nil {
		panic(err)
	}
	return data
}
