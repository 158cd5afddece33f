// Package table reads and writes the model as tables: XLSX and CSV sheets, YAML
// and JSON records. A mapping says which columns become which fields of which
// kind; a table that Write wrote carries its own mapping in its header and reads
// back as exactly the changes made to it.
package table

import (
	"strconv"
	"strings"

	"diapason/internal/exchange/intake"
	"diapason/internal/finding"
	"diapason/internal/language"
	"diapason/internal/model"
)

// form is the form in which a source holds a value.
type form uint8

const (
	isText form = iota
	isNumber
	isDate // a number that a spreadsheet shows as a date or a time
	isBool
	isFault // a formula that failed, such as #REF!
	isList
)

// cell is one value of a table.
type cell struct {
	text   string
	form   form
	number float64 // of isNumber and isDate
	items  *[]cell // of isList
}

// list makes a cell of several values.
func list(items []cell) cell { return cell{form: isList, items: &items} }

// each are the values of a list.
func (c cell) each() []cell {
	if c.items == nil {
		return nil
	}
	return *c.items
}

func (c cell) empty() bool { return c.form == isText && strings.TrimSpace(c.text) == "" }

// plain is the value as a text that people would type.
func (c cell) plain() string {
	switch c.form {
	case isNumber:
		return strconv.FormatFloat(c.number, 'f', -1, 64)
	case isList:
		parts := make([]string, len(c.each()))
		for i, x := range c.each() {
			parts[i] = x.plain()
		}
		return strings.Join(parts, "; ")
	}
	return strings.TrimSpace(c.text)
}

// row is one record of a table.
type row struct {
	number int    // row of the sheet, or line of the file
	cells  []cell // by column; a record has none
	rec    *record
}

// sheet is one table of a source.
type sheet struct {
	file, name string
	header     []string // columns; nil for records
	headerRow  int
	rows       []row
	epoch      epoch
}

// CellError says what is wrong with one cell.
type CellError struct {
	File   string `json:"file"`
	Sheet  string `json:"sheet,omitempty"`
	Row    int    `json:"row"`
	Column string `json:"column,omitempty"` // letter of a spreadsheet, path of a record
	Header string `json:"header,omitempty"`
	Value  string `json:"value,omitempty"`

	Code string       `json:"code"` // rendered by the message "import.cell.<code>"
	Args finding.Args `json:"-"`
}

// Message renders what is wrong and what was expected.
func (e CellError) Message(w language.Writer) string {
	args := finding.Args{"value": e.Value, "header": e.Header}
	for k, v := range e.Args {
		if f, ok := v.(*model.Fault); ok {
			v = w.Fault(f)
		}
		args[k] = v
	}
	return w.Message("import.cell."+e.Code, args)
}

// Cell writes where it stands: "Services!C12", or "12:path" of a record.
func (e CellError) Cell() string {
	at := e.Column + strconv.Itoa(e.Row)
	if e.Header == "" && e.Column != "" {
		at = strconv.Itoa(e.Row) + ":" + e.Column
	}
	if e.Sheet != "" {
		return e.Sheet + "!" + at
	}
	return at
}

// letters is the name of a column in a spreadsheet: 0 is A, 26 is AA.
func letters(i int) string {
	s := ""
	for i++; i > 0; i = (i - 1) / 26 {
		s = string(rune('A'+(i-1)%26)) + s
	}
	return s
}

// meter bounds the memory that the cells of a source take.
type meter struct {
	left int
	file string
}

const (
	cellBytes  = 56
	spareCells = 12 << 20
	cellsPer   = 12
)

func newMeter(file string, sourceBytes int) *meter {
	return &meter{spareCells + cellsPer*sourceBytes, file}
}

// take charges a cell; false when the source is over its limit.
func (m *meter) take(textBytes int) bool {
	m.left -= cellBytes + textBytes
	return m.left >= 0
}

func (m *meter) problem() intake.Problem {
	return intake.Problem{Place: intake.Place{File: m.file}, Code: "table.large"}
}
