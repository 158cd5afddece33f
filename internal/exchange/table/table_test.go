package table

import (
	"archive/zip"
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/charmap"

	"diapason/internal/exchange/intake"
	"diapason/internal/exchange/intake/intaketest"
	"diapason/internal/language"
)

func mapping(t testing.TB, text string) *Mapping {
	t.Helper()
	m, problems := ParseMapping("m.yaml", []byte(text))
	intaketest.Prose(t, nil, intake.Problems(problems))
	if len(problems) > 0 {
		t.Fatal(intake.Problems(problems))
	}
	return m
}

func read(t testing.TB, m *Mapping, file intake.File) *Result {
	t.Helper()
	r, err := Read(m, []intake.File{file}, nil, Options{})
	if err != nil {
		t.Fatal(err)
	}
	intaketest.Prose(t, r.Notes, nil)
	intaketest.Model(t, r.Objects)
	prose(t, r.Errors)
	return r
}

func prose(t testing.TB, list []CellError) {
	t.Helper()
	for _, l := range language.Languages {
		for _, e := range list {
			if m := e.Message(language.Writer{Lang: l}); m == "" || m == "import.cell."+e.Code {
				t.Fatalf("the error %s has no words in %s", e.Code, l)
			}
		}
	}
}

func documents(r *Result) string {
	var b strings.Builder
	for _, o := range r.Objects {
		b.WriteString(string(o.Document()) + "\n")
	}
	return b.String()
}

const catalogueMapping = `
mapping: catalogue
decimal: ","
tables:
- kind: Service
  name: "svc {Code}"
  when: {column: Actif, not: [non]}
  fields:
    metadata.title.fr: Nom
    metadata.title.en: Name
    metadata.owner: {column: Équipe, ref: team, create: true}
    spec.stage: {column: État, values: {ouvert: live, fermé: retired}, otherwise: design}
    spec.facing: {value: customer}
    spec.availableFrom: Depuis
    spec.vital: Vital
    spec.continuity.rto: {column: RTO, unit: h}
    spec.requires: {column: Dépend de, split: ",", ref: [service, component]}
    spec.capacity[sessions].limit: {column: Sessions, unit: sessions}
    spec.capacity[sessions].threshold: {value: "80%"}
  labels: {code: Code}
  ignore: [Vide*]
`

func TestMappingLanguage(t *testing.T) {
	csv := "Code;Nom;Name;Équipe;État;Depuis;Vital;RTO;Dépend de;Sessions;Actif;Vide 1;Surprise\n" +
		"A1;Messagerie;Mail;DSI;ouvert;12/03/2024;oui;4;svc-a2;\"1 200,5\";oui;;x\n" +
		"A2;Annuaire;;DSI;fermé;1er mars 2023;;1h30;;;oui;;\n" +
		"A3;Ancien;;;;;;;;;non;;\n"
	want := `{"apiVersion":"diapason/v1","kind":"Service","metadata":{"labels":{"code":"A1"},"name":"svc-a1","owner":"team/dsi","title":{"en":"Mail","fr":"Messagerie"}},"spec":{"availableFrom":"2024-03-12","capacity":[{"limit":"1200.5 sessions","name":"sessions","threshold":"80%"}],"continuity":{"rto":"PT4H"},"facing":"customer","requires":["service/svc-a2"],"stage":"live","vital":true}}
{"apiVersion":"diapason/v1","kind":"Service","metadata":{"labels":{"code":"A2"},"name":"svc-a2","owner":"team/dsi","title":{"fr":"Annuaire"}},"spec":{"availableFrom":"2023-03-01","continuity":{"rto":"PT1H30M"},"facing":"customer","stage":"retired"}}
{"apiVersion":"diapason/v1","kind":"Team","metadata":{"name":"dsi","title":"DSI"},"spec":{}}
`
	r := read(t, mapping(t, catalogueMapping), intaketest.File("c.csv", csv))
	if got := documents(r); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	got := map[string]int{}
	for _, n := range r.Notes {
		got[n.Code]++
	}
	if got["table.column"] != 1 || got["table.ignored"] != 1 || got["table.row"] != 1 || got["table.created"] != 1 {
		t.Errorf("notes %v", got)
	}
}

func TestCellErrors(t *testing.T) {
	csv := "Code;Nom;Name;Équipe;État;Depuis;Vital;RTO;Dépend de;Sessions;Actif\n" +
		"A1;a;;;ouvert;31/02/2024;peut-être;longtemps;Inconnu;beaucoup;\n" +
		";sans code;;;;;;;;;\n"
	r := read(t, mapping(t, catalogueMapping), intaketest.File("c.csv", csv))
	var got []string
	for _, e := range r.Errors {
		got = append(got, e.Cell()+" "+e.Code)
	}
	want := []string{"c!F2 date", "c!G2 boolean", "c!H2 duration", "c!I2 ref", "c!J2 quantity", "c!A3 name.missing"}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("got %q\nwant %q", got, want)
	}
	if len(r.Objects) != 0 {
		t.Error("an object with a wrong cell must not be taken")
	}
}

func TestRowsOfOneObject(t *testing.T) {
	m := mapping(t, "tables: [{kind: Contract, name: '{No}', fields: {spec.number: No, spec.covers: {column: Covers, ref: component}, 'spec.spend[].until': Until, 'spec.spend[].amount': {column: Amount, unit: EUR}, 'spec.targets[{Target}].within': Within, 'spec.targets[{Target}].metric': {value: time-to-restore}}}]\n")
	r := read(t, m, intaketest.File("c.csv", "No,Covers,Until,Amount,Target,Within\nC1,a,2024-01-31,100,gtr,4h\nC1,b,2024-02-29,250,,\nC2,,,,,\n"))
	if len(r.Errors) > 0 {
		t.Fatal(r.Errors)
	}
	want := `{"apiVersion":"diapason/v1","kind":"Contract","metadata":{"name":"c1"},"spec":{"covers":["component/a","component/b"],"number":"C1","spend":[{"amount":"100.00 EUR","until":"2024-01-31"},{"amount":"250.00 EUR","until":"2024-02-29"}],"targets":[{"metric":"time-to-restore","name":"gtr","within":"PT4H"}]}}
{"apiVersion":"diapason/v1","kind":"Contract","metadata":{"name":"c2"},"spec":{"number":"C2"}}
`
	if got := documents(r); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	r = read(t, mapping(t, "tables: [{kind: Service, name: '{N}', fields: {spec.stage: S}}]"), intaketest.File("c.csv", "N,S\na,live\na,retired\n"))
	if len(r.Errors) != 1 || r.Errors[0].Code != "conflict" {
		t.Errorf("rows that contradict each other: %+v", r.Errors)
	}
}

func TestRecords(t *testing.T) {
	m := mapping(t, `
tables:
- kind: Site
  path: estate.*
  name: "{$key}"
  fields: {spec.country: country}
- kind: Component
  path: estate.*.racks.*
  name: "{$1}-{id}"
  fields: {spec.site: {column: $1, ref: site}, metadata.title: title.fr, metadata.description: ^.^.note, spec.data: {column: data.*.name, ref: data-asset, create: true}}
  ignore: [racks]
`)
	r := read(t, m, intaketest.File("e.yaml", "estate:\n  paris:\n    country: FR\n    note: cave\n    colour: red\n    racks:\n    - {id: 1, title: {fr: Baie}, data: [{name: x}, {name: y}]}\n"))
	if len(r.Errors) > 0 {
		t.Fatal(r.Errors)
	}
	want := `{"apiVersion":"diapason/v1","kind":"Component","metadata":{"description":"cave","name":"paris-1","title":"Baie"},"spec":{"data":["data-asset/x","data-asset/y"],"site":"site/paris"}}`
	if got := strings.Split(documents(r), "\n")[0]; got != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
	if !slices.ContainsFunc(r.Notes, func(n intake.Note) bool { return n.Code == "table.column" && n.What == "colour" && n.Line == 5 }) {
		t.Error("a key that nobody reads must be reported with its line")
	}
}

func TestWrongMappings(t *testing.T) {
	for text, code := range map[string]string{
		"tables: [{kind: Servise, name: x}]":                                                    "mapping.kind",
		"tables: [{kind: Service, fields: {spec.stage: A}}]":                                    "mapping.name",
		"tables: [{kind: Service, name: '{A}', fields: {spec.stagge: A}}]":                      "mapping.field",
		"tables: [{kind: Service, name: '{A}', fields: {stage: A}}]":                            "mapping.path",
		"tables: [{kind: Service, name: '{A}', fields: {spec.continuity: A}}]":                  "mapping.record",
		"tables: [{kind: Service, name: '{A}', fields: {'spec.family[x]': A}}]":                 "mapping.item",
		"tables: [{kind: Service, name: '{A}', fields: {spec.stage: {colum: A}}}]":              "mapping.unknown",
		"tables: [{kind: Service, name: '{A}', fields: {spec.stage: {match: '(', column: A}}}]": "mapping.match",
		"tables: [{kind: Service, name: '{A}', fields: {spec.stage: {unit: h}}}]":               "mapping.source",
		"dates: amd\ntables: [{kind: Service, name: '{A}'}]":                                    "mapping.value",
		"mapping: x": "mapping.tables",
		"- a":        "mapping.shape",
		"tables: [":  "yaml.syntax",
	} {
		_, problems := ParseMapping("m.yaml", []byte(text))
		intaketest.Prose(t, nil, intake.Problems(problems))
		if len(problems) == 0 || problems[0].Code != code || problems[0].Line == 0 && code != "mapping.shape" {
			t.Errorf("%s: %v, want %s", text, problems, code)
		}
	}
}

func TestEncodings(t *testing.T) {
	text := "Nom;Prix\n\"Énergie, « sûre »\";3\nÀ côté;4\n"
	m := mapping(t, "tables: [{kind: Supplier, name: '{Nom}', fields: {metadata.title: Nom}, ignore: [Prix]}]")
	windows, err := charmap.Windows1252.NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	utf16 := "\xff\xfe"
	for _, r := range text {
		utf16 += string([]byte{byte(r), byte(r >> 8)})
	}
	for name, data := range map[string]string{
		"UTF-8": text, "UTF-8 with its mark": "\xef\xbb\xbf" + text, "Windows-1252": windows, "UTF-16": utf16,
		"commas":      strings.NewReplacer(";", ",").Replace(strings.Replace(text, ",", ",", 1)),
		"tabs":        strings.ReplaceAll(text, ";", "\t"),
		"a sep line":  "sep=;\r\n" + strings.ReplaceAll(text, "\n", "\r\n"),
		"blank lines": "\n\n" + text + "\n;\n",
	} {
		t.Run(name, func(t *testing.T) {
			r := read(t, m, intaketest.File("c.csv", data))
			if len(r.Errors) > 0 || len(r.Objects) != 2 || r.Objects[1].Metadata.Title.All != "Énergie, « sûre »" {
				t.Errorf("%v %s", r.Errors, documents(r))
			}
		})
	}
}

// makeWorkbook makes an XLSX file with cells of every type.
func makeWorkbook(t testing.TB, fill func(f *excelize.File)) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	fill(f)
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestWorkbook(t *testing.T) {
	data := makeWorkbook(t, func(f *excelize.File) {
		date, _ := f.NewStyle(&excelize.Style{NumFmt: 14})
		clock, _ := f.NewStyle(&excelize.Style{NumFmt: 20})
		percent, _ := f.NewStyle(&excelize.Style{NumFmt: 10})
		for i, row := range [][]any{{"Code", "From", "RTO", "Threshold", "Limit", "Vital", "Family", "Serves", "Mtdl"}, {"x1", 45363, 0.1875, 0.85, 1200, true, "a & <b>", nil, "2 j"}, {"x2", "12 mars 2024", "4 h", "85 %", "1,5 GiB", "non", 42}} {
			for j, v := range row {
				cell, _ := excelize.CoordinatesToCellName(j+1, i+3)
				_ = f.SetCellValue("Sheet1", cell, v)
			}
		}
		_ = f.SetCellStyle("Sheet1", "B4", "B4", date)
		_ = f.SetCellStyle("Sheet1", "C4", "C4", clock)
		_ = f.SetCellStyle("Sheet1", "D4", "D4", percent)
		_ = f.SetCellFormula("Sheet1", "H4", "CONCATENATE(\"a\",\"b\")")
		_ = f.SetCellRichText("Sheet1", "G5", []excelize.RichTextRun{{Text: "ri"}, {Text: "ch"}})
		_, _ = f.NewSheet("Other")
		_ = f.SetCellValue("Other", "A1", "nothing")
		_, _ = f.NewSheet("Hidden")
		_ = f.SetCellValue("Hidden", "A1", "Code")
		_ = f.SetSheetVisible("Hidden", false)
	})
	m := mapping(t, "tables: [{sheet: 'sheet*', header: 3, kind: Service, name: '{Code}', fields: {spec.availableFrom: From, spec.continuity.rto: RTO, 'spec.capacity[c].threshold': Threshold, 'spec.capacity[c].limit': {column: Limit, unit: GiB}, spec.vital: Vital, spec.family: Family, spec.serves: Serves, spec.continuity.rpo: Mtdl}}]")
	r := read(t, m, intake.File{Name: "w.xlsx", Data: data})
	for _, e := range r.Errors {
		t.Errorf("%s %s", e.Cell(), e.Message(language.Writer{Lang: language.EN}))
	}
	want := `{"apiVersion":"diapason/v1","kind":"Service","metadata":{"name":"x1"},"spec":{"availableFrom":"2024-03-12","capacity":[{"limit":"1200 GiB","name":"c","threshold":"85%"}],"continuity":{"rpo":"P2D","rto":"PT4H30M"},"family":"a & <b>","vital":true}}
{"apiVersion":"diapason/v1","kind":"Service","metadata":{"name":"x2"},"spec":{"availableFrom":"2024-03-12","capacity":[{"limit":"1.5 GiB","name":"c","threshold":"85%"}],"continuity":{"rto":"PT4H"},"family":"rich"}}
`
	if got := documents(r); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if !slices.ContainsFunc(r.Notes, func(n intake.Note) bool { return n.Code == "table.sheet" && n.What == "Other" }) {
		t.Error("a sheet that nobody reads must be reported")
	}
}

func TestDates(t *testing.T) {
	for _, c := range []struct {
		cell  cell
		epoch epoch
		order string
		want  string
	}{
		{cell{form: isDate, number: 45363}, epoch1900, "", "2024-03-12"},
		{cell{form: isDate, number: 43901}, epoch1904, "", "2024-03-12"},
		{cell{form: isDate, number: 61}, epoch1900, "", "1900-03-01"},
		{cell{form: isDate, number: 59}, epoch1900, "", "1900-02-28"},
		{cell{form: isDate, number: 45363.99}, epoch1900, "", "2024-03-12"},
		{cell{form: isNumber, number: 45363}, epoch1900, "", "2024-03-12"},
		{cell{form: isNumber, number: 3}, epoch1900, "", ""},
		{cell{text: "2024-03-12"}, 0, "mdy", "2024-03-12"},
		{cell{text: "12/03/2024"}, 0, "", "2024-03-12"},
		{cell{text: "03/12/2024"}, 0, "mdy", "2024-03-12"},
		{cell{text: "24.3.12"}, 0, "ymd", "2024-03-12"},
		{cell{text: "12-03-24 08:30"}, 0, "", "2024-03-12"},
		{cell{text: "2024-03-12T08:30:00Z"}, 0, "", "2024-03-12"},
		{cell{text: "12 mars 2024"}, 0, "", "2024-03-12"},
		{cell{text: "1er août 2024"}, 0, "", "2024-08-01"},
		{cell{text: "March 12, 2024"}, 0, "", "2024-03-12"},
		{cell{text: "12-Mar-24"}, 0, "", "2024-03-12"},
		{cell{text: "13/13/2024"}, 0, "", ""},
		{cell{text: "30/02/2024"}, 0, "", ""},
		{cell{text: "soon"}, 0, "", ""},
	} {
		got := ""
		if d, ok := dateOf(c.cell, c.epoch, c.order); ok {
			got = d.String()
		}
		if got != c.want {
			t.Errorf("%+v is %q, want %q", c.cell, got, c.want)
		}
	}
	if s, ok := instantOf(cell{text: "12/07/2024 08:30"}, 0, "", "Europe/Paris"); !ok || s != "2024-07-12T06:30:00Z" {
		t.Errorf("instant %s", s)
	}
	if s, ok := instantOf(cell{form: isDate, number: 45363.5}, 0, "", "Europe/Paris"); !ok || s != "2024-03-12T11:00:00Z" {
		t.Errorf("instant %s", s)
	}
}

func TestNumbers(t *testing.T) {
	for in, want := range map[string]string{
		"1,234.56": "1234.56", "1.234,56": "1234.56", "1,5": "1.5", "1.5": "1.5", "1,234,567": "1234567", "12 500,50 €": "12 500.50 €", "99,95 %": "99.95 %", "abc": "abc",
	} {
		if got := (&reader{}).numbers(in); got != want {
			t.Errorf("%s is %s, want %s", in, got, want)
		}
	}
	if got := (&reader{point: "."}).numbers("1,234"); got != "1234" {
		t.Errorf("with a decimal point 1,234 is %s", got)
	}
}

// zipped makes an archive of parts.
func zipped(parts map[string]string) []byte {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for name, text := range parts {
		f, _ := w.Create(name)
		_, _ = f.Write([]byte(text))
	}
	_ = w.Close()
	return b.Bytes()
}

func xlsxOf(sheet, shared string) []byte {
	return zipped(map[string]string{
		"xl/workbook.xml":            `<workbook xmlns:r="r"><sheets><sheet name="S" r:id="a"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels": `<Relationships><Relationship Id="a" Target="worksheets/sheet1.xml"/></Relationships>`,
		"xl/worksheets/sheet1.xml":   sheet,
		"xl/sharedStrings.xml":       shared,
	})
}

func TestHostileTables(t *testing.T) {
	m := mapping(t, "tables: [{kind: Service, name: '{A}'}]")
	for _, c := range []struct {
		name, file string
		data       []byte
		code       string
	}{
		{"a part that unfolds into gigabytes", "b.xlsx", xlsxOf("<sheetData>"+strings.Repeat(" ", 200<<20)+"</sheetData>", ""), "xlsx.bomb"},
		{"rows without end", "b.xlsx", xlsxOf("<sheetData>"+strings.Repeat("<row/>", 5<<20)+"</sheetData>", ""), "table.large"},
		{"texts without end", "b.xlsx", xlsxOf("", "<sst>"+strings.Repeat("<si/>", 5<<20)+"</sst>"), "table.large"},
		{"a cell in the last column of each row", "b.xlsx", xlsxOf("<sheetData>"+strings.Repeat(`<row><c r="XFD1"><v>1</v></c></row>`, 20_000)+"</sheetData>", ""), "table.large"},
		{"no archive", "b.xlsx", []byte("PK no"), "xlsx.format"},
		{"broken XML", "b.xlsx", xlsxOf("<sheetData><row>", ""), "xlsx.damaged"},
		{"entities", "b.xlsx", xlsxOf(`<!DOCTYPE x [<!ENTITY a "b">]><sheetData><row><c><v>&a;</v></c></row></sheetData>`, ""), "xlsx.damaged"},
		{"commas without end", "b.csv", []byte("A" + strings.Repeat(",", 3<<20)), "table.wide"},
		{"columns without end", "b.csv", []byte(strings.Repeat("A"+strings.Repeat(",", 1000)+"\n", 3000)), "table.large"},
		{"rows of one sign", "b.csv", []byte("A\n" + manyRows(400_000)), "report.large"},
		{"another format", "b.doc", nil, "table.format"},
		{"records without end", "b.yaml", []byte("[" + strings.Repeat("{A: x},", 400_000) + "]"), "yaml.dense"},
	} {
		t.Run(c.name, func(t *testing.T) {
			intaketest.Memory(t, len(c.data), func() {
				_, err := Read(m, []intake.File{{Name: c.file, Data: c.data}}, nil, Options{})
				intaketest.Prose(t, nil, err)
				if problems, ok := err.(intake.Problems); !ok || problems[0].Code != c.code {
					t.Fatalf("%v, want %s", err, c.code)
				}
			})
		})
	}
}

func manyRows(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "%x\n", i)
	}
	return b.String()
}

func FuzzCSV(f *testing.F) {
	f.Add([]byte("Code;Nom;Équipe\na;b;c\n"), []byte(catalogueMapping))
	f.Add([]byte("sep=;\r\nA;B\r\n\"x\ny\";2\r\n"), []byte("tables: [{kind: Service, name: '{A}', others: labels}]"))
	f.Add([]byte("\"Name [service:metadata.name]\",\"Stage [spec.stage]\",\"x [spec.requires]\"\na,live,\"[{anyOf: [service/x, service/y]}]\"\n"), []byte(""))
	f.Fuzz(func(t *testing.T, data, text []byte) { fuzzTable(t, "f.csv", data, text) })
}

func FuzzXLSX(f *testing.F) {
	f.Add(xlsxOf(`<sheetData><row r="1"><c r="A1" t="s"><v>0</v></c></row><row><c t="inlineStr"><is><t>x</t></is></c><c t="e"><v>#REF!</v></c><c t="b"><v>1</v></c></row></sheetData>`, "<sst><si><t>A</t></si></sst>"), []byte("tables: [{kind: Service, name: '{A}'}]"))
	f.Fuzz(func(t *testing.T, data, text []byte) { fuzzTable(t, "f.xlsx", data, text) })
}

func FuzzSheetXML(f *testing.F) {
	f.Add(`<sheetData><row r="1"><c r="A1" t="s"><v>0</v></c></row><row><c t="inlineStr"><is><t>x</t></is></c><c r="C2" s="1"><v>45000.5</v></c></row></sheetData>`, "<sst><si><r><t>A</t></r><rPh><t>no</t></rPh></si></sst>")
	f.Fuzz(func(t *testing.T, sheet, shared string) {
		fuzzTable(t, "f.xlsx", xlsxOf(sheet, shared), []byte("tables: [{kind: Service, name: '{A}', others: labels}]"))
	})
}

func FuzzRecords(f *testing.F) {
	f.Add([]byte("- {A: x, B: [1, 2]}\n"), []byte("tables: [{kind: Service, path: '*', name: '{A}', fields: {spec.serves: 'B.*'}}]"))
	f.Add([]byte("a: &a {A: *a, <<: *a}"), []byte("tables: [{kind: Contract, path: 'a|*', name: '{$key}{$1}', fields: {'spec.spend[].amount': {column: ^.A, unit: EUR}, 'spec.targets[{A}].within': {text: '{A}h'}}}]"))
	f.Fuzz(func(t *testing.T, data, text []byte) { fuzzTable(t, "f.yaml", data, text) })
}

func fuzzTable(t *testing.T, name string, data, text []byte) {
	var m *Mapping
	if len(text) > 0 {
		var problems []intake.Problem
		m, problems = ParseMapping("m.yaml", text)
		intaketest.Prose(t, nil, intake.Problems(problems))
		if len(problems) > 0 {
			return
		}
	}
	r, err := Read(m, []intake.File{{Name: name, Data: data}}, nil, Options{})
	intaketest.Prose(t, nil, err)
	if err != nil {
		return
	}
	intaketest.Prose(t, r.Notes, nil)
	prose(t, r.Errors)
	intaketest.Model(t, r.Objects)
}

func FuzzMapping(f *testing.F) {
	f.Add([]byte(catalogueMapping))
	for _, m := range Shipped() {
		f.Add(ShippedText(m.Name))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		_, problems := ParseMapping("m.yaml", text)
		intaketest.Prose(t, nil, intake.Problems(problems))
	})
}
