package table

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"path"
	"strconv"
	"strings"

	"diapason/internal/exchange/intake"
	"diapason/internal/finding"
)

// Workbooks are read here, not by the library that writes them: cells must come
// as a stream with their types, and an archive made to unfold into gigabytes must
// be refused while it is read.

// unzipLimit is how much a part of an archive may unfold into.
func unzipLimit(archiveBytes int) int64 { return 64<<20 + 100*int64(archiveBytes) }

var errUnzip = errors.New("unfolds into too much")

// limited reads until a budget that all parts share is spent.
type limited struct {
	r    io.Reader
	left *int64
	run  int // bytes since the last mark: the decoder keeps them in one piece
}

// maxRun is the longest text of one element; a cell holds 32 767 characters.
const maxRun = 4 << 20

func (l *limited) Read(p []byte) (int, error) {
	if *l.left <= 0 {
		return 0, errUnzip
	}
	n, err := l.r.Read(p[:min(int64(len(p)), *l.left)])
	*l.left -= int64(n)
	if i := bytes.LastIndexByte(p[:n], '<'); i >= 0 {
		l.run = n - i
	} else if l.run += n; l.run > maxRun {
		*l.left = 0
		return 0, errUnzip
	}
	return n, err
}

type workbook struct {
	file   string
	parts  map[string]*zip.File
	left   int64
	meter  *meter
	shared []string
	dates  []bool // by cell style: shown as a date
	epoch  epoch
}

// readXLSX reads the visible sheets of a workbook, formulas by their results.
func readXLSX(file intake.File) ([]*sheet, *intake.Problem) {
	refuse := func(code string, args finding.Args) *intake.Problem {
		return &intake.Problem{Place: intake.Place{File: file.Name}, Code: code, Args: args}
	}
	z, err := zip.NewReader(bytes.NewReader(file.Data), int64(len(file.Data)))
	if err != nil || len(z.File) > 10_000 {
		return nil, refuse("xlsx.format", nil)
	}
	w := &workbook{file: file.Name, parts: map[string]*zip.File{}, left: unzipLimit(len(file.Data)), meter: newMeter(file.Name, len(file.Data)), epoch: epoch1900}
	for _, f := range z.File {
		w.parts[strings.ToLower(strings.TrimPrefix(strings.ReplaceAll(f.Name, "\\", "/"), "/"))] = f
	}
	sheets, err := w.read()
	switch {
	case errors.Is(err, errUnzip):
		return nil, refuse("xlsx.bomb", nil)
	case errors.Is(err, errMemory):
		p := w.meter.problem()
		return nil, &p
	case err != nil:
		return nil, refuse("xlsx.damaged", finding.Args{"detail": err.Error()})
	case len(sheets) == 0:
		return nil, refuse("xlsx.format", nil)
	}
	return sheets, nil
}

var errMemory = errors.New("holds too many cells")

// part decodes one part of the workbook, element by element.
func (w *workbook) part(name string, element func(d *xml.Decoder, e xml.StartElement) error) error {
	f := w.parts[strings.ToLower(name)]
	if f == nil {
		return nil
	}
	r, err := f.Open()
	if err != nil {
		return err
	}
	defer r.Close()
	d := xml.NewDecoder(&limited{r: r, left: &w.left})
	for {
		t, err := d.Token()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			if w.left <= 0 {
				return errUnzip
			}
			return err
		}
		if e, ok := t.(xml.StartElement); ok {
			if err := element(d, e); err != nil {
				return err
			}
		}
	}
}

func attribute(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

func (w *workbook) read() ([]*sheet, error) {
	type tab struct{ name, id string }
	var tabs []tab
	err := w.part("xl/workbook.xml", func(_ *xml.Decoder, e xml.StartElement) error {
		switch e.Name.Local {
		case "workbookPr":
			if v := attribute(e, "date1904"); v == "1" || v == "true" {
				w.epoch = epoch1904
			}
		case "sheet":
			if s := attribute(e, "state"); s == "" || s == "visible" {
				id := ""
				for _, a := range e.Attr {
					if a.Name.Local == "id" && a.Name.Space != "" {
						id = a.Value
					}
				}
				tabs = append(tabs, tab{attribute(e, "name"), id})
			}
		}
		return nil
	})
	targets := map[string]string{}
	if err == nil {
		err = w.part("xl/_rels/workbook.xml.rels", func(_ *xml.Decoder, e xml.StartElement) error {
			if e.Name.Local == "Relationship" {
				t := attribute(e, "Target")
				if !strings.HasPrefix(t, "/") {
					t = path.Join("xl", t)
				}
				targets[attribute(e, "Id")] = strings.TrimPrefix(t, "/")
			}
			return nil
		})
	}
	if err == nil {
		err = w.readStyles()
	}
	if err == nil {
		err = w.readShared()
	}
	var sheets []*sheet
	for _, t := range tabs {
		if err != nil {
			return nil, err
		}
		if w.parts[strings.ToLower(targets[t.id])] == nil || len(sheets) >= 1000 {
			continue
		}
		s := &sheet{file: w.file, name: t.name, epoch: w.epoch}
		err = w.readSheet(targets[t.id], s)
		sheets = append(sheets, s)
	}
	return sheets, err
}

// readStyles finds the cell styles that show a number as a date.
func (w *workbook) readStyles() error {
	custom := map[string]bool{}
	inside := false
	return w.part("xl/styles.xml", func(_ *xml.Decoder, e xml.StartElement) error {
		switch e.Name.Local {
		case "numFmt":
			custom[attribute(e, "numFmtId")] = dateFormat(attribute(e, "formatCode"))
		case "cellXfs":
			inside = true
		case "cellStyles", "dxfs":
			inside = false
		case "xf":
			if inside && len(w.dates) < 1<<16 {
				id := attribute(e, "numFmtId")
				n, _ := strconv.Atoi(id)
				known := n >= 14 && n <= 22 || n >= 27 && n <= 36 || n >= 45 && n <= 47 || n >= 50 && n <= 58
				w.dates = append(w.dates, known || custom[id])
			}
		}
		return nil
	})
}

// dateFormat reports that a number format shows days or times.
func dateFormat(code string) bool {
	quoted, bracket := false, false
	for i := 0; i < len(code); i++ {
		switch c := code[i]; {
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '\\' || c == '_' || c == '*':
			i++
		case c == '[':
			// [h], [mm] and [ss] count time; colours and conditions do not.
			bracket = true
			if i+1 < len(code) && strings.IndexByte("hHmMsS", code[i+1]) >= 0 && i+2 < len(code) && (code[i+2] == ']' || code[i+2] == code[i+1]) {
				return true
			}
		case c == ']':
			bracket = false
		case bracket:
		case strings.HasPrefix(strings.ToLower(code[i:]), "general"):
			i += 6
		case strings.IndexByte("yYdDhHsSmM", c) >= 0:
			return true
		}
	}
	return false
}

func (w *workbook) readShared() error {
	return w.part("xl/sharedStrings.xml", func(d *xml.Decoder, e xml.StartElement) error {
		if e.Name.Local != "si" {
			return nil
		}
		s, err := w.richText(d)
		if err != nil {
			return err
		}
		if !w.meter.take(len(s)) {
			return errMemory
		}
		w.shared = append(w.shared, s)
		return nil
	})
}

// richText joins the runs of a text up to the end of its element; phonetic
// readings are left out.
func (w *workbook) richText(d *xml.Decoder) (string, error) {
	var b strings.Builder
	text, phonetic := false, 0
	for depth := 1; depth > 0; {
		t, err := d.Token()
		if err != nil {
			return "", err
		}
		switch x := t.(type) {
		case xml.StartElement:
			depth++
			if x.Name.Local == "rPh" {
				phonetic = depth
			}
			text = x.Name.Local == "t" && phonetic == 0
		case xml.EndElement:
			if depth == phonetic {
				phonetic = 0
			}
			depth--
			text = false
		case xml.CharData:
			if text && b.Len() < 1<<20 {
				b.Write(x)
			}
		}
	}
	return b.String(), nil
}

func (w *workbook) readSheet(part string, s *sheet) error {
	number := 0
	var current *row
	return w.part(part, func(d *xml.Decoder, e xml.StartElement) error {
		switch e.Name.Local {
		case "row":
			number++
			if n, err := strconv.Atoi(attribute(e, "r")); err == nil && n > 0 {
				number = n
			}
			s.rows = append(s.rows, row{number: number})
			if !w.meter.take(0) {
				return errMemory
			}
			current = &s.rows[len(s.rows)-1]
		case "c":
			if current == nil {
				return nil
			}
			at := column(attribute(e, "r"), len(current.cells))
			c, err := w.readCell(d, attribute(e, "t"), attribute(e, "s"))
			if err != nil {
				return err
			}
			if at >= maxColumns || c.empty() {
				return nil
			}
			for len(current.cells) <= at {
				if !w.meter.take(0) {
					return errMemory
				}
				current.cells = append(current.cells, cell{})
			}
			if !w.meter.take(len(c.text)) {
				return errMemory
			}
			current.cells[at] = c
		}
		return nil
	})
}

// column is the index of a cell such as "AB12"; next where it has no name.
func column(name string, next int) int {
	n := 0
	for i := 0; i < len(name) && name[i] >= 'A' && name[i] <= 'Z' && n < 1<<20; i++ {
		n = n*26 + int(name[i]-'A') + 1
	}
	if n == 0 {
		return next
	}
	return n - 1
}

func (w *workbook) readCell(d *xml.Decoder, typ, style string) (cell, error) {
	var value, inline string
	name := ""
	for depth := 1; depth > 0; {
		t, err := d.Token()
		if err != nil {
			return cell{}, err
		}
		switch x := t.(type) {
		case xml.StartElement:
			if x.Name.Local == "is" {
				if inline, err = w.richText(d); err != nil {
					return cell{}, err
				}
				continue
			}
			depth++
			name = x.Name.Local
		case xml.EndElement:
			depth--
			name = ""
		case xml.CharData:
			if name == "v" && len(value) < 1<<20 {
				value += string(x)
			}
		}
	}
	switch typ {
	case "s":
		i, err := strconv.Atoi(strings.TrimSpace(value))
		if err != nil || i < 0 || i >= len(w.shared) {
			return cell{}, nil
		}
		return cell{text: w.shared[i]}, nil
	case "inlineStr":
		return cell{text: inline}, nil
	case "str", "d":
		return cell{text: value}, nil
	case "b":
		return cell{text: map[bool]string{true: "true", false: "false"}[strings.TrimSpace(value) == "1"], form: isBool}, nil
	case "e":
		return cell{text: value, form: isFault}, nil
	}
	v, err := strconv.ParseFloat(strings.TrimSpace(value), 64)
	if err != nil {
		return cell{text: value}, nil
	}
	c := cell{text: strings.TrimSpace(value), form: isNumber, number: v}
	if i, err := strconv.Atoi(style); err == nil && i >= 0 && i < len(w.dates) && w.dates[i] {
		c.form = isDate
	}
	return c, nil
}
