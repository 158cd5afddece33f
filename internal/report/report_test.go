package report

import (
	"bytes"
	"compress/zlib"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"
)

// sample is a document that uses everything once.
func sample(rows int) *Document {
	d := &Document{
		Lang: "fr", Organisation: "Groupement hospitalier", Kind: "Plan de continuité", Title: "Bascule de l’imagerie", Lead: "Œuvre de l’équipe « réseau » – 99,92\u202f% ≥ 12\u00a0€…",
		Trace: []string{"Entrée 12 du journal, vu au 12 mars 2027", "Empreinte du modèle : " + strings.Repeat("ab", 32)},
		On:    time.Date(2027, 3, 12, 0, 0, 0, 0, time.UTC),
		Words: Words{Page: "Page %d sur %d", Contents: "Sommaire", Summary: "Résumé", Marks: map[Mark]string{MarkOK: "Sans écart", MarkRisk: "À risque", MarkGap: "Écart", MarkUnknown: "Non évalué"}},
	}
	t := Table{Caption: "Étapes", Columns: []string{"Étape", "Durée", "Qui", "État"}, Empty: "Aucune étape."}
	for i := range rows {
		t.Rows = append(t.Rows, []Cell{{Text: fmt.Sprintf("Étape %d : déplacer les sauvegardes vers le site de repli", i+1), Bold: i == 0}, {Text: "4 h"}, {Text: "Amélie Dupré"}, {Text: "Écart", Mark: MarkGap}})
	}
	d.Sections = []Section{
		{ID: "agir", Title: "Agir", Blocks: []Block{Paragraph{Text: "Déclencher dès que le site est perdu.\nPuis appeler."}, Facts{{"RTO", "4 h", MarkRisk}, {"Version", "1.2", MarkNone}}, List{Items: []Item{{MarkOK, "Annuaire", "vérifié"}, {MarkUnknown, "", "Exercice"}}}, List{Numbered: true, Items: []Item{{Text: "Un"}, {Text: "Deux"}}}}},
		{ID: "etapes", Title: "Étapes", Break: true, Blocks: []Block{t, Table{Columns: []string{"Heure", "Fait"}, Lines: 3}, Table{Columns: []string{"Rien"}, Empty: "Rien à montrer."}}},
		{ID: "savoir", Title: "Savoir", Sub: true, Blocks: []Block{Paragraph{Text: "<script>alert(1)</script> & =1+1", Note: true}}},
	}
	return d
}

func pdfOf(t testing.TB, d *Document) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := WritePDF(&b, d); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

var (
	streams = regexp.MustCompile(`(?s)stream\n(.*?)\nendstream`)
	shown   = regexp.MustCompile(`(?s)\(((?:[^()\\]|\\.)*)\) ?Tj`)
)

// textOf reads the text of a PDF of this package: its strings are UTF-16BE.
func textOf(t testing.TB, data []byte) string {
	t.Helper()
	var out strings.Builder
	for _, m := range streams.FindAllSubmatch(data, -1) {
		z, err := zlib.NewReader(bytes.NewReader(m[1]))
		if err != nil {
			continue
		}
		content, _ := io.ReadAll(z)
		for _, s := range shown.FindAllSubmatch(content, -1) {
			raw := regexp.MustCompile(`(?s)\\(.)`).ReplaceAllFunc(s[1], func(e []byte) []byte {
				if e[1] == 'r' {
					return []byte{'\r'}
				}
				return e[1:]
			})
			var units []uint16
			for i := 0; i+1 < len(raw); i += 2 {
				units = append(units, uint16(raw[i])<<8|uint16(raw[i+1]))
			}
			out.WriteString(string(utf16.Decode(units)) + "\n")
		}
	}
	return out.String()
}

func TestTheSameDocumentGivesTheSameBytes(t *testing.T) {
	for _, f := range []Format{PDF, HTML} {
		var first []byte
		for i := range 5 {
			var b bytes.Buffer
			if err := Write(&b, sample(40), f); err != nil {
				t.Fatal(err)
			}
			if i > 0 && !bytes.Equal(first, b.Bytes()) {
				t.Fatalf("%s differs from one time to the next", f)
			}
			first = b.Bytes()
		}
	}
}

// The bytes of a PDF are pinned: what is on file today must come out the same
// from the same view tomorrow. A wanted change of layout changes the file.
func TestThePDFIsTheOneOnFile(t *testing.T) {
	sum := sha256.Sum256(pdfOf(t, sample(40)))
	got := hex.EncodeToString(sum[:]) + "\n"
	const file = "testdata/sample.sha256"
	if os.Getenv("UPDATE_GOLDEN") != "" {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if string(want) != got {
		t.Errorf("the PDF of the sample is %s, not %s: if the layout was meant to change, run UPDATE_GOLDEN=1 go test ./internal/report", got, want)
	}
}

func TestAPDFSaysWhatItShowsOnEveryPage(t *testing.T) {
	data := pdfOf(t, sample(60))
	text := textOf(t, data)
	pages := len(regexp.MustCompile(`/Type /Page\b[^s]`).FindAll(data, -1))
	if pages < 3 {
		t.Fatalf("%d pages", pages)
	}
	for i := 1; i <= pages; i++ {
		if !strings.Contains(text, fmt.Sprintf("Page %d sur %d", i, pages)) {
			t.Errorf("page %d is not numbered", i)
		}
	}
	if n := strings.Count(text, "Empreinte du modèle"); n != pages {
		t.Errorf("the model hash is on %d pages of %d", n, pages)
	}
	for _, want := range []string{"Œuvre de l’équipe « réseau » – 99,92\u00a0% ≥ 12\u00a0€…", "Bascule de l’imagerie", "Amélie Dupré", "Rien à montrer.", "<script>alert(1)</script> & =1+1"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in the text", want)
		}
	}
	for i := range 60 {
		if !strings.Contains(text, fmt.Sprintf("Étape %d :", i+1)) {
			t.Errorf("step %d is lost", i+1)
		}
	}
	for what, pattern := range map[string]string{"fonts": `/FontFile2`, "language": `/Lang \(`, "date": `/CreationDate \(D:20270312000000`, "outline": `/Outlines`} {
		if !regexp.MustCompile(pattern).Match(data) {
			t.Errorf("no %s in the PDF", what)
		}
	}
}

func TestTheHTMLTwinIsWholeAndHarmless(t *testing.T) {
	var b bytes.Buffer
	if err := WriteHTML(&b, sample(3)); err != nil {
		t.Fatal(err)
	}
	text := b.String()
	for _, want := range []string{`<html lang="fr">`, `<h1>Bascule de l’imagerie</h1>`, `<a href="#agir">Agir</a>`, `<th scope="col">Étape</th>`, `<th scope="row"`, `<caption>Étapes</caption>`, "Empreinte du modèle", "&lt;script&gt;", `class="hidden">Non évalué`} {
		if !strings.Contains(text, want) {
			t.Errorf("%s is missing", want)
		}
	}
	for _, not := range []string{"<script>", "http://", "https://", "ZgotmplZ", "<no value>"} {
		if strings.Contains(text, not) {
			t.Errorf("%s must not be there", not)
		}
	}
	if n := strings.Count(text, `class="blank"`); n != 3 {
		t.Errorf("%d empty rows to write in", n)
	}
}

func TestAWorkbookHasASheetForEachTable(t *testing.T) {
	d := sample(3)
	day := time.Date(2027, 9, 1, 0, 0, 0, 0, time.UTC)
	d.Sections[1].Blocks = append(d.Sections[1].Blocks, Table{Caption: "Un titre beaucoup trop long [pour] une feuille", Columns: []string{"=1+1", "Date"}, Rows: [][]Cell{{{Text: "=HYPERLINK(\"x\")"}, {Text: "1er septembre 2027", Day: day}}}},
		Table{Caption: "Un titre beaucoup trop long [pour] une feuille", Columns: []string{"a"}, Rows: [][]Cell{{{Text: "b"}}}})
	var b bytes.Buffer
	if err := WriteXLSX(&b, d); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(&b)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	list := f.GetSheetList()
	if len(list) != 4 || list[0] != "Résumé" || list[1] != "Étapes" {
		t.Fatalf("sheets %q", list)
	}
	if v, _ := f.GetCellValue(list[2], "A2"); v != `=HYPERLINK("x")` {
		t.Errorf("a text became %q", v)
	}
	if formula, _ := f.GetCellFormula(list[2], "A2"); formula != "" {
		t.Errorf("a text became the formula %q", formula)
	}
	if v, _ := f.GetCellValue(list[2], "B2"); v != "2027-09-01" {
		t.Errorf("the date is %q", v)
	}
}

func TestNoTextMakesADocumentFail(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		text := rapid.String()
		d := sample(0)
		d.Title, d.Organisation = text.Draw(r, "title"), text.Draw(r, "organisation")
		n := rapid.IntRange(1, 9).Draw(r, "columns")
		tab := Table{Caption: text.Draw(r, "caption"), Lines: rapid.IntRange(0, 3).Draw(r, "lines")}
		for range n {
			tab.Columns = append(tab.Columns, text.Draw(r, "column"))
		}
		for range rapid.IntRange(0, 3).Draw(r, "rows") {
			var row []Cell
			for range rapid.IntRange(0, n).Draw(r, "cells") {
				row = append(row, Cell{Text: strings.Repeat(text.Draw(r, "cell"), rapid.IntRange(1, 12).Draw(r, "times")), Mark: rapid.SampledFrom([]Mark{MarkNone, MarkOK, MarkUnknown}).Draw(r, "mark")})
			}
			tab.Rows = append(tab.Rows, row)
		}
		d.Sections = append(d.Sections, Section{ID: "x", Title: text.Draw(r, "section"), Blocks: []Block{tab, Paragraph{Text: text.Draw(r, "text")}}})
		for _, f := range Formats {
			if err := Write(io.Discard, d, f); err != nil {
				r.Fatalf("%s: %v", f, err)
			}
		}
	})
}

func TestAnUnknownFormatIsRefused(t *testing.T) {
	if err := Write(io.Discard, sample(0), "docx"); err == nil || !strings.Contains(err.Error(), "pdf, html or xlsx") {
		t.Error(err)
	}
}
