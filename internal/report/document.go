// Package report lays documents out for people: PDF with an embedded font, an
// accessible HTML twin that prints well, and workbooks. It knows nothing of the
// model: what it is given is already in the reader's words. The same document
// gives the same PDF and HTML bytes, whenever and wherever they are made.
package report

import (
	"fmt"
	"io"
	"time"
)

// Mark is a verdict; it is drawn as a shape and never by colour alone.
type Mark string

// The marks: no gap, at risk, gap, not assessed.
const (
	MarkNone    Mark = ""
	MarkOK      Mark = "ok"
	MarkRisk    Mark = "risk"
	MarkGap     Mark = "gap"
	MarkUnknown Mark = "unknown"
)

// Document is a report, whatever its form.
type Document struct {
	Lang         string // "en" or "fr"
	Organisation string
	Kind         string // what this is: "Continuity plan"
	Title        string
	Lead         string
	// Trace is written on every page: which state of the model this shows.
	Trace []string
	// On is the date of the view; documents carry it as their date of creation.
	On        time.Time
	Landscape bool
	Words     Words
	Sections  []Section
}

// Words are the few words of the layout itself.
type Words struct {
	Page     string // "Page %d of %d"
	Contents string // title of the table of contents
	Summary  string // name of a workbook's first sheet
	Marks    map[Mark]string
}

// Section is a titled part. Its ID is its anchor in HTML, unique in the document.
type Section struct {
	ID     string
	Title  string
	Sub    bool // belongs to the section before it
	Break  bool // begins on a new page
	Blocks []Block
}

// Block is a piece of a section: Paragraph, Facts, List or Table.
type Block interface{ block() }

// Paragraph is running text. Note is set small and grey.
type Paragraph struct {
	Text string
	Note bool
}

// Fact is a labelled value.
type Fact struct {
	Label, Value string
	Mark         Mark
}

// Facts are labelled values under each other.
type Facts []Fact

// Item is a point of a list.
type Item struct {
	Mark Mark
	Lead string // set bold before the text
	Text string
}

// List is points under each other, numbered where order matters.
type List struct {
	Numbered bool
	Indent   bool // belongs to the point before it
	Items    []Item
}

// Cell is a cell of a table. Day, where set, is its value as a date for workbooks.
type Cell struct {
	Text string
	Mark Mark
	Bold bool
	Day  time.Time
}

// Table is rows under columns. Lines leaves that many empty rows to be filled in
// by hand on paper, ToFill the last column.
type Table struct {
	Caption string
	Columns []string
	Rows    [][]Cell
	Empty   string // the sentence shown when there is no row
	Lines   int
	ToFill  bool
}

func (Paragraph) block() {}
func (Facts) block()     {}
func (List) block()      {}
func (Table) block()     {}

// Format is a form in which a document can be written.
type Format string

// The formats.
const (
	PDF  Format = "pdf"
	HTML Format = "html"
	XLSX Format = "xlsx"
)

// Formats lists them.
var Formats = []Format{PDF, HTML, XLSX}

// MediaType is the media type of a format.
func (f Format) MediaType() string {
	switch f {
	case PDF:
		return "application/pdf"
	case HTML:
		return "text/html; charset=utf-8"
	case XLSX:
		return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	}
	return "application/octet-stream"
}

// Write writes a document in a format.
func Write(w io.Writer, d *Document, f Format) error {
	switch f {
	case PDF:
		return WritePDF(w, d)
	case HTML:
		return WriteHTML(w, d)
	case XLSX:
		return WriteXLSX(w, d)
	}
	return fmt.Errorf("reports are written as pdf, html or xlsx, not as %q", f)
}
