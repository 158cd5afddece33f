package table

import (
	"encoding/csv"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"diapason/internal/language"
	"diapason/internal/model"
)

// Format is a format of tables.
type Format string

// The formats that tables are written in.
const (
	XLSX Format = "xlsx"
	CSV  Format = "csv"
)

// MediaType is the media type of a format.
func (f Format) MediaType() string {
	if f == XLSX {
		return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	}
	return "text/csv; charset=utf-8"
}

// Write writes objects of a kind as a table that people edit and Read takes back.
// The header has the labels of the fields in the reader's language and the paths
// that make it read back: in XLSX in a hidden first row, in CSV in brackets behind
// each label.
func Write(w io.Writer, k *model.Kind, objects []*model.Object, lang language.Lang, f Format) error {
	columns := columnsFor(k, objects, lang)
	labels, keys := make([]string, len(columns)), make([]string, len(columns))
	for i, c := range columns {
		labels[i], keys[i] = c.label, "["+c.target.text+"]"
		if c.target.name {
			keys[i] = "[" + k.Slug + ":" + c.target.text + "]"
		}
	}
	writer := language.Writer{Lang: lang}
	return write(w, k.Plural.In(string(lang)), keys, labels, len(objects), func(i int) []any {
		tree := objects[i].Tree()
		row := make([]any, len(columns))
		for j := range columns {
			row[j] = shown(writer, k, &columns[j], tree)
		}
		return row
	}, lang, f)
}

// WriteRows writes any list as a table: texts, whole numbers, numbers, dates and
// truths as themselves, other values as people read them.
func WriteRows(w io.Writer, title string, labels []string, rows [][]any, lang language.Lang, f Format) error {
	return write(w, title, nil, labels, len(rows), func(i int) []any { return rows[i] }, lang, f)
}

func write(w io.Writer, title string, keys, labels []string, n int, row func(int) []any, lang language.Lang, f Format) error {
	if f == XLSX {
		return writeXLSX(w, title, keys, labels, n, row, lang)
	}
	return writeCSV(w, keys, labels, n, row, lang)
}

// writeCSV writes UTF-8 with its mark, by which spreadsheets know it, and the
// separator that they expect in the language.
func writeCSV(out io.Writer, keys, labels []string, n int, row func(int) []any, lang language.Lang) error {
	if _, err := io.WriteString(out, "\xef\xbb\xbf"); err != nil {
		return err
	}
	w := csv.NewWriter(out)
	w.UseCRLF = true
	if lang == language.FR {
		w.Comma = ';'
	}
	head := make([]string, len(labels))
	for i, l := range labels {
		head[i] = l
		if keys != nil {
			head[i] = strings.TrimSpace(l + " " + keys[i])
		}
	}
	if err := w.Write(head); err != nil {
		return err
	}
	writer := language.Writer{Lang: lang}
	record := make([]string, len(labels))
	for i := range n {
		clear(record)
		for j, v := range row(i) {
			switch x := v.(type) {
			case nil:
			case string:
				record[j] = guard(x)
			case int, int64, float64:
				record[j] = strings.Replace(fmt.Sprint(x), ".", map[language.Lang]string{language.EN: ".", language.FR: ","}[lang], 1)
			case model.Date:
				record[j] = x.String()
			default:
				record[j] = guard(writer.Value(x))
			}
		}
		if err := w.Write(record); err != nil {
			return err
		}
	}
	w.Flush()
	return w.Error()
}

func writeXLSX(out io.Writer, title string, keys, labels []string, n int, row func(int) []any, lang language.Lang) error {
	f := excelize.NewFile()
	defer f.Close()
	sheet := sheetName(title)
	if err := f.SetSheetName("Sheet1", sheet); err != nil {
		return err
	}
	bold, err := f.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}, Alignment: &excelize.Alignment{Vertical: "top", WrapText: true}, Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"E9EEF4"}}})
	if err != nil {
		return err
	}
	iso := "yyyy-mm-dd"
	date, err := f.NewStyle(&excelize.Style{CustomNumFmt: &iso})
	if err != nil {
		return err
	}
	text, err := f.NewStyle(&excelize.Style{NumFmt: 49})
	if err != nil {
		return err
	}
	s, err := f.NewStreamWriter(sheet)
	if err != nil {
		return err
	}
	head := 1
	if keys != nil {
		head = 2
	}
	for i, l := range labels {
		width := min(max(float64(utf8.RuneCountInString(l))+2, 12), 40)
		if err := s.SetColWidth(i+1, i+1, width); err != nil {
			return err
		}
	}
	if err := s.SetPanes(&excelize.Panes{Freeze: true, XSplit: 1, YSplit: head, TopLeftCell: fmt.Sprintf("B%d", head+1), ActivePane: "bottomRight"}); err != nil {
		return err
	}
	if n > 0 && len(labels) > 0 {
		if err := f.AutoFilter(sheet, fmt.Sprintf("A%d:%s%d", head, letters(len(labels)-1), head+n), nil); err != nil {
			return err
		}
	}
	if keys != nil {
		if err := s.SetRow("A1", anys(keys, 0), excelize.RowOpts{Hidden: true}); err != nil {
			return err
		}
	}
	if err := s.SetRow(fmt.Sprintf("A%d", head), anys(labels, bold)); err != nil {
		return err
	}
	writer := language.Writer{Lang: lang}
	for i := range n {
		cells := make([]any, len(labels))
		for j, v := range row(i) {
			switch x := v.(type) {
			case nil:
			case int, int64, float64:
				cells[j] = x
			case model.Date:
				if !x.IsZero() {
					cells[j] = excelize.Cell{StyleID: date, Value: x.UTC()}
				}
			case string:
				cells[j] = excelize.Cell{StyleID: text, Value: clipCell(x)}
			default:
				cells[j] = excelize.Cell{StyleID: text, Value: clipCell(writer.Value(x))}
			}
		}
		if err := s.SetRow(fmt.Sprintf("A%d", head+1+i), cells); err != nil {
			return err
		}
	}
	if err := s.Flush(); err != nil {
		return err
	}
	return f.Write(out)
}

func anys(list []string, style int) []any {
	out := make([]any, len(list))
	for i, s := range list {
		out[i] = excelize.Cell{StyleID: style, Value: s}
	}
	return out
}

// unchanged stands in a cell for a text that is longer than a cell may be; read
// back, it leaves the field as it is.
const unchanged = "[… diapason: unchanged]"

func clipCell(s string) string {
	if utf8.RuneCountInString(s) <= excelize.TotalCellChars {
		return s
	}
	return unchanged
}

// sheetName makes a valid name of a sheet: 31 characters, none of []:*?/\.
func sheetName(s string) string {
	s = strings.Trim(strings.NewReplacer("[", "(", "]", ")", ":", " ", "*", " ", "?", " ", "/", "-", "\\", "-").Replace(s), "' ")
	if r := []rune(s); len(r) > 31 {
		s = string(r[:31])
	}
	if s == "" {
		return "Diapason"
	}
	return s
}
