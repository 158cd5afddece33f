package report

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf16"

	"github.com/xuri/excelize/v2"
)

// maxSheetName is how long the name of a worksheet may be, in UTF-16 units.
const maxSheetName = 31

// workbook writes one document: a first sheet with all that is no table, and one
// sheet for each table.
type workbook struct {
	file               *excelize.File
	d                  *Document
	names              map[string]bool
	bold, date, strong int
	row                int // of the first sheet
	first              string
}

// WriteXLSX writes a document as a workbook. Texts are never formulas.
func WriteXLSX(w io.Writer, d *Document) (err error) {
	b := &workbook{file: excelize.NewFile(), d: d, names: map[string]bool{}}
	defer func() {
		if e := b.file.Close(); err == nil {
			err = e
		}
	}()
	if err := b.begin(); err != nil {
		return err
	}
	for _, s := range d.Sections {
		if err := b.section(s); err != nil {
			return err
		}
	}
	for _, line := range d.Trace {
		b.line(line)
	}
	_, err = b.file.WriteTo(w)
	return err
}

func (b *workbook) begin() error {
	b.first = b.name(b.d.Words.Summary)
	if err := b.file.SetSheetName("Sheet1", b.first); err != nil {
		return err
	}
	var err error
	if b.bold, err = b.file.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}, Alignment: &excelize.Alignment{Vertical: "top", WrapText: true}, Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"F0F4F6"}}}); err != nil {
		return err
	}
	format := "yyyy-mm-dd"
	if b.date, err = b.file.NewStyle(&excelize.Style{CustomNumFmt: &format, Alignment: &excelize.Alignment{Horizontal: "left"}}); err != nil {
		return err
	}
	if b.strong, err = b.file.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true, Size: 13}}); err != nil {
		return err
	}
	stamp := b.d.On.UTC().Format("2006-01-02T15:04:05Z")
	if err := b.file.SetDocProps(&excelize.DocProperties{Title: b.d.Title, Subject: strings.Join(b.d.Trace, " · "), Creator: "Diapason", Language: b.d.Lang, Created: stamp, Modified: stamp}); err != nil {
		return err
	}
	b.line(b.d.Organisation)
	b.title(b.d.Kind + " – " + b.d.Title)
	b.line(b.d.Lead)
	return b.file.SetColWidth(b.first, "A", "C", 42)
}

// name makes the name of a worksheet: no more than 31 characters, none of those
// that are forbidden, and unique.
func (b *workbook) name(title string) string {
	clean := strings.Trim(strings.Map(func(r rune) rune {
		if strings.ContainsRune(`:\/?*[]`, r) || r < ' ' {
			return ' '
		}
		return r
	}, title), " '")
	if clean == "" {
		clean = "-"
	}
	for n := 1; ; n++ {
		tail := ""
		if n > 1 {
			tail = fmt.Sprintf(" %d", n)
		}
		name := strings.TrimRight(shorten(clean, maxSheetName-len(tail)), " '") + tail
		if key := strings.ToLower(name); !b.names[key] {
			b.names[key] = true
			return name
		}
	}
}

// shorten cuts a text to so many UTF-16 units, which is how worksheets count.
func shorten(s string, units int) string {
	for i, r := range s {
		if units -= max(1, utf16.RuneLen(r)); units < 0 {
			return s[:i]
		}
	}
	return s
}

// put writes cells of the first sheet under the others. Its errors are those of
// impossible addresses, which these are not.
func (b *workbook) put(style int, texts ...string) {
	b.row++
	for i, text := range texts {
		cell, _ := excelize.CoordinatesToCellName(i+1, b.row)
		_ = b.file.SetCellStr(b.first, cell, text)
		if style != 0 && i == 0 {
			_ = b.file.SetCellStyle(b.first, cell, cell, style)
		}
	}
}

func (b *workbook) title(text string) { b.put(b.strong, text) }

func (b *workbook) line(text string) {
	if text != "" {
		b.put(0, text)
	}
}

func (b *workbook) section(s Section) error {
	b.row++
	b.title(s.Title)
	for _, block := range s.Blocks {
		switch x := block.(type) {
		case Paragraph:
			b.line(x.Text)
		case Facts:
			for _, f := range x {
				b.put(0, f.Label, b.marked(f.Mark, f.Value))
			}
		case List:
			for i, item := range x.Items {
				lead := item.Lead
				if x.Numbered {
					lead = strings.TrimSpace(fmt.Sprintf("%d. %s", i+1, lead))
				}
				b.put(0, lead, item.Text, b.d.Words.Marks[item.Mark])
			}
		case Table:
			if len(x.Rows) == 0 {
				b.line(x.Empty)
				continue
			}
			title := s.Title
			if x.Caption != "" {
				title = x.Caption
			}
			if err := b.table(title, x); err != nil {
				return err
			}
		}
	}
	return nil
}

// marked says a mark in words, where the text does not say it already.
func (b *workbook) marked(m Mark, text string) string {
	word := b.d.Words.Marks[m]
	if word == "" || strings.EqualFold(word, text) {
		return text
	}
	return strings.TrimSuffix(word+": "+text, ": ")
}

func (b *workbook) table(title string, t Table) error {
	name := b.name(title)
	if _, err := b.file.NewSheet(name); err != nil {
		return err
	}
	b.put(0, "→ "+name)
	for i, c := range t.Columns {
		cell, _ := excelize.CoordinatesToCellName(i+1, 1)
		if err := b.file.SetCellStr(name, cell, c); err != nil {
			return err
		}
		width := min(max(12, len([]rune(c))+3), 28)
		for _, row := range t.Rows {
			if i < len(row) {
				width = min(max(width, len([]rune(row[i].Text))+2), 60)
			}
		}
		column, _ := excelize.ColumnNumberToName(i + 1)
		if err := b.file.SetColWidth(name, column, column, float64(width)); err != nil {
			return err
		}
	}
	last, _ := excelize.CoordinatesToCellName(max(1, len(t.Columns)), 1)
	if err := b.file.SetCellStyle(name, "A1", last, b.bold); err != nil {
		return err
	}
	for r, row := range t.Rows {
		for i, c := range row {
			cell, _ := excelize.CoordinatesToCellName(i+1, r+2)
			if !c.Day.IsZero() {
				if err := b.file.SetCellValue(name, cell, c.Day); err != nil {
					return err
				}
				if err := b.file.SetCellStyle(name, cell, cell, b.date); err != nil {
					return err
				}
				continue
			}
			if err := b.file.SetCellStr(name, cell, b.marked(c.Mark, c.Text)); err != nil {
				return err
			}
		}
	}
	if err := b.file.SetPanes(name, &excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	end, _ := excelize.CoordinatesToCellName(max(1, len(t.Columns)), len(t.Rows)+1)
	if err := b.file.AutoFilter(name, "A1:"+end, nil); err != nil {
		return err
	}
	// A footer holds 255 characters and & begins a code.
	trace := shorten(strings.ReplaceAll(strings.Join(b.d.Trace, " · "), "&", "&&"), 200)
	return b.file.SetHeaderFooter(name, &excelize.HeaderFooterOptions{OddFooter: "&L&7" + trace + "&R&P / &N"})
}
