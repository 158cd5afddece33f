package table

import (
	"bytes"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"diapason/internal/exchange/folder"
	"diapason/internal/exchange/intake"
	"diapason/internal/language"
	"diapason/internal/model"
)

func example(t testing.TB) *model.Snapshot {
	t.Helper()
	objects, issues, err := folder.Read(filepath.Join("..", "..", "..", "examples", "hospital"))
	if err != nil || len(issues) > 0 {
		t.Fatal(err, issues)
	}
	s, _ := model.NewSnapshot(0, objects)
	return s
}

func ofKind(s *model.Snapshot, k *model.Kind) []*model.Object {
	var out []*model.Object
	for _, h := range s.OfKind(k.Slug) {
		out = append(out, s.Object(h))
	}
	return out
}

func exported(t testing.TB, k *model.Kind, objects []*model.Object, lang language.Lang, f Format) intake.File {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, k, objects, lang, f); err != nil {
		t.Fatal(err)
	}
	return intake.File{Name: "t." + string(f), Data: b.Bytes()}
}

// A table of any kind, in either language and format, reads back as no change.
func TestTablesReadBack(t *testing.T) {
	s := example(t)
	for _, k := range model.Kinds {
		objects := ofKind(s, k)
		if len(objects) == 0 {
			continue
		}
		for _, lang := range language.Languages {
			for _, f := range []Format{XLSX, CSV} {
				r, err := Read(nil, []intake.File{exported(t, k, objects, lang, f)}, s, Options{})
				if err != nil {
					t.Fatal(k.Name, lang, f, err)
				}
				for _, e := range r.Errors {
					t.Errorf("%s %s %s: %s: %s", k.Name, lang, f, e.Cell(), e.Message(language.Writer{Lang: language.EN}))
				}
				for _, n := range r.Notes {
					t.Errorf("%s %s %s: %s: %s", k.Name, lang, f, n.What, n.Message(language.Writer{Lang: language.EN}))
				}
				p := NewPreview(s, r)
				if p.Creates+p.Updates > 0 || p.Unchanged != len(objects) {
					t.Errorf("%s %s %s: %d created, %d changed, %d the same: %+v", k.Name, lang, f, p.Creates, p.Updates, p.Unchanged, p.Changes[0].Changes)
				}
				if fresh, err := Read(nil, []intake.File{exported(t, k, objects, lang, f)}, nil, Options{}); err != nil || len(NewPreview(s, fresh).Changes) > 0 {
					t.Errorf("%s %s %s: without the model behind it, the table says something else: %v", k.Name, lang, f, err)
				}
			}
		}
	}
}

// An edit of one cell is one change; a cleared cell clears; a new row creates.
func TestEditsAreExactlyTheChanges(t *testing.T) {
	s := example(t)
	k := model.KindOf("component")
	objects := ofKind(s, k)
	file := exported(t, k, objects, language.EN, CSV)
	table := strings.Split(string(file.Data), "\r\n")
	columns := strings.Split(table[0], ",")
	var find = func(key string) int {
		for i, c := range columns {
			if strings.Contains(c, "["+key+"]") {
				return i
			}
		}
		t.Fatalf("no column %s", key)
		return 0
	}
	class, version := find("spec.class"), find("spec.version")
	row := 0
	for i := 1; i < len(table); i++ {
		if !strings.Contains(table[i], `"`) && len(strings.Split(table[i], ",")) == len(columns) && strings.Split(table[i], ",")[class] != "" {
			row = i
			break
		}
	}
	if row == 0 {
		t.Fatal("no plain row to edit")
	}
	cells := strings.Split(table[row], ",")
	name := cells[0]
	cells[class], cells[version] = "", "99"
	table[row] = strings.Join(cells, ",")
	fresh := make([]string, len(columns))
	fresh[0], fresh[class] = "brand-new", "Serveur"
	table[len(table)-1] = strings.Join(fresh, ",")
	file.Data = []byte(strings.Join(table, "\r\n") + "\r\n")
	r, err := Read(nil, []intake.File{file}, s, Options{})
	if err != nil || len(r.Errors) > 0 {
		t.Fatal(err, r.Errors)
	}
	p := NewPreview(s, r)
	if p.Creates != 1 || p.Updates != 1 || p.Unchanged != len(objects)-1 {
		t.Fatalf("%d created, %d changed, %d the same", p.Creates, p.Updates, p.Unchanged)
	}
	for _, c := range p.Changes {
		var got []string
		for _, x := range c.Changes {
			got = append(got, x.Op+" "+x.Path)
		}
		switch {
		case c.Created:
			if c.Object.Metadata.Name != "brand-new" || c.Object.Spec.(*model.Component).Class != "server" {
				t.Errorf("created %s", c.Object.YAML())
			}
		case c.Object.Metadata.Name != name || fmt.Sprint(got) != "[remove /spec/class set /spec/version]" && fmt.Sprint(got) != "[remove /spec/class add /spec/version]":
			t.Errorf("%s: %v", c.Object.Ref(), got)
		}
	}
}

// Whatever people write into texts and lists comes back.
func TestAnyTextReadsBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`[ -~éÀ€“«\n]{0,20}[!-~é]`)
		o := &model.Object{Kind: model.KindOf("service"), Metadata: model.Metadata{Name: "x"}}
		spec := &model.Service{Family: text.Draw(t, "family"), Serves: rapid.SliceOfN(text, 0, 3).Draw(t, "serves")}
		spec.Sheet.Summary = model.Text{EN: text.Draw(t, "en"), FR: text.Draw(t, "fr")}
		spec.Sheet.Includes = []model.Text{{All: text.Draw(t, "one")}, {EN: text.Draw(t, "two")}}
		spec.Continuity.RTO = model.Duration(rapid.Int64Range(1, 10_000_000).Draw(t, "rto") * 1_000_000_000)
		spec.Requires = []model.Need{{AtLeast: 1, Of: []model.Need{{On: model.Ref{Kind: "component", Name: "a"}}}}}
		o.Metadata.Labels = map[string]string{"k": text.Draw(t, "label")}
		o.Spec = spec
		base, _ := model.NewSnapshot(0, []*model.Object{o})
		lang := rapid.SampledFrom(language.Languages).Draw(t, "lang")
		format := rapid.SampledFrom([]Format{CSV, XLSX}).Draw(t, "format")
		var b bytes.Buffer
		if err := Write(&b, o.Kind, []*model.Object{o}, lang, format); err != nil {
			t.Fatal(err)
		}
		r, err := Read(nil, []intake.File{{Name: "t." + string(format), Data: b.Bytes()}}, base, Options{})
		if err != nil || len(r.Errors) > 0 {
			t.Fatal(err, r.Errors)
		}
		if p := NewPreview(base, r); p.Unchanged != 1 {
			t.Fatalf("%+v", p.Changes)
		}
	})
}

func TestRowsOfAnyList(t *testing.T) {
	date, _ := model.ParseDate("2027-03-12")
	for _, f := range []Format{CSV, XLSX} {
		var b bytes.Buffer
		if err := WriteRows(&b, "Constats [x]", []string{"Quoi", "Combien", "Quand"}, [][]any{{"=1+1", 3, date}, {"b", 1.5, nil}}, language.FR, f); err != nil {
			t.Fatal(err)
		}
		if f == CSV && b.String() != "\ufeffQuoi;Combien;Quand\r\n'=1+1;3;2027-03-12\r\nb;1,5;\r\n" {
			t.Errorf("%q", b.String())
		}
	}
}
