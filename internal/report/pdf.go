package report

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"codeberg.org/go-pdf/fpdf"
)

// Measures of the page, in millimetres and points.
const (
	margin   = 16.0
	foot     = 17.0 // kept free for the trace
	textSize = 9.5
	noteSize = 8.0
	leading  = 1.42 // of the size
	pointMM  = 25.4 / 72
)

type rgb [3]int

var (
	ink    = rgb{28, 36, 42}
	soft   = rgb{92, 103, 110}
	accent = rgb{20, 82, 107}
	rule   = rgb{200, 208, 213}
	wash   = rgb{240, 244, 246}
	tones  = map[Mark]rgb{MarkOK: {33, 112, 60}, MarkRisk: {150, 88, 0}, MarkGap: {176, 28, 36}, MarkUnknown: {92, 103, 110}}
)

// pdf lays one document out.
type pdf struct {
	*fpdf.Fpdf
	d     *Document
	pages int // of the whole document, 0 while they are being counted
	size  float64
	face  string
	wide  map[wordKey]float64
}

type wordKey struct {
	face, word string
	size       float64
}

// WritePDF writes a document as PDF. It is laid out twice: the first time tells
// how many pages there are.
func WritePDF(w io.Writer, d *Document) error {
	counted, err := layOut(d, 0)
	if err != nil {
		return err
	}
	p, err := layOut(d, counted.PageCount())
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := p.Output(&b); err != nil {
		return fmt.Errorf("write the PDF: %w", err)
	}
	_, err = w.Write(b.Bytes())
	return err
}

func layOut(d *Document, pages int) (*pdf, error) {
	orientation := "P"
	if d.Landscape {
		orientation = "L"
	}
	p := &pdf{Fpdf: fpdf.New(orientation, "mm", "A4", ""), d: d, pages: pages, wide: map[wordKey]float64{}}
	p.SetCatalogSort(true)
	p.SetCreationDate(d.On)
	p.SetModificationDate(d.On)
	p.SetProducer("Diapason", true)
	p.SetCreator("Diapason", true)
	p.SetTitle(printable(d.Kind+" – "+d.Title), true)
	p.SetSubject(printable(strings.Join(d.Trace, " · ")), true)
	p.SetAuthor(printable(d.Organisation), true)
	p.SetLang(d.Lang)
	p.SetMargins(margin, margin, margin)
	p.SetAutoPageBreak(false, foot)
	p.AddUTF8FontFromBytes("go", "", regular)
	p.AddUTF8FontFromBytes("go", "B", bold)
	p.SetFooterFunc(p.footer)
	p.AddPage()
	p.cover()
	for i, s := range d.Sections {
		if s.Break && i > 0 {
			p.AddPage()
		}
		p.section(s)
	}
	p.Close()
	return p, p.Error()
}

func (p *pdf) font(style string, size float64, c rgb) {
	p.SetFont("go", style, size)
	p.SetTextColor(c[0], c[1], c[2])
	p.face, p.size = style, size
}

func (p *pdf) lineHeight() float64 { return p.size * pointMM * leading }

// width is the breadth of the text area.
func (p *pdf) width() float64 {
	w, _ := p.GetPageSize()
	return w - 2*margin
}

// bottom is where the text area ends.
func (p *pdf) bottom() float64 {
	_, h := p.GetPageSize()
	return h - foot
}

// room begins a new page when less than h is left of this one.
func (p *pdf) room(h float64) {
	if p.GetY()+h > p.bottom() {
		p.AddPage()
	}
}

func (p *pdf) cover() {
	p.font("", 9, soft)
	p.line(margin, p.d.Organisation)
	p.font("B", 10, accent)
	p.line(margin, p.d.Kind)
	p.font("B", 19, ink)
	p.text(margin, p.width(), p.d.Title)
	if p.d.Lead != "" {
		p.SetY(p.GetY() + 1)
		p.font("", 10.5, soft)
		p.text(margin, p.width(), p.d.Lead)
	}
	p.SetY(p.GetY() + 2.5)
	p.SetDrawColor(accent[0], accent[1], accent[2])
	p.SetLineWidth(0.6)
	p.Line(margin, p.GetY(), margin+p.width(), p.GetY())
	p.SetLineWidth(0.2)
	p.SetY(p.GetY() + 3.5)
}

// footer writes on every page what the paper can be traced by.
func (p *pdf) footer() {
	face, size := p.face, p.size
	_, h := p.GetPageSize()
	p.SetDrawColor(rule[0], rule[1], rule[2])
	p.SetLineWidth(0.2)
	p.Line(margin, h-foot+3, margin+p.width(), h-foot+3)
	p.font("", 6.8, soft)
	y := h - foot + 4.2
	for i, line := range p.d.Trace {
		p.SetXY(margin, y+float64(i)*3.3)
		p.CellFormat(p.width(), 3.3, printable(line), "", 0, "L", false, 0, "")
	}
	p.SetXY(margin, y)
	p.CellFormat(p.width(), 3.3, printable(fmt.Sprintf(p.d.Words.Page, p.PageNo(), max(p.pages, p.PageNo()))), "", 0, "R", false, 0, "")
	p.font(face, size, ink)
	p.SetXY(margin, margin)
}

func (p *pdf) section(s Section) {
	size, level := 13.5, 0
	if s.Sub {
		size, level = 11, 1
	}
	p.SetY(p.GetY() + 2)
	p.room(28) // a title never stands alone at the foot
	p.font("B", size, accent)
	p.Bookmark(printable(s.Title), level, -1)
	p.text(margin, p.width(), s.Title)
	p.SetY(p.GetY() + 1)
	for _, b := range s.Blocks {
		switch b := b.(type) {
		case Paragraph:
			p.paragraph(b)
		case Facts:
			p.facts(b)
		case List:
			p.list(b)
		case Table:
			p.table(b)
		}
		p.SetY(p.GetY() + 2)
	}
}

func (p *pdf) paragraph(b Paragraph) {
	p.font("", textSize, ink)
	if b.Note {
		p.font("", noteSize, soft)
	}
	p.text(margin, p.width(), b.Text)
}

func (p *pdf) facts(list Facts) {
	label := p.width() * 0.3
	for _, f := range list {
		p.font("", textSize, ink)
		lines := p.wrap(f.Value, p.width()-label-p.markWidth(f.Mark))
		p.room(max(1, min(float64(len(lines)), 6)) * p.lineHeight())
		y := p.GetY()
		p.font("B", textSize-0.5, soft)
		names := p.wrap(f.Label, label-3)
		p.lines(margin, names)
		after := p.GetY()
		p.SetY(y)
		p.font("", textSize, ink)
		x := p.mark(margin+label, y, f.Mark)
		p.lines(x, lines)
		p.SetY(max(after, p.GetY()) + 0.6)
	}
}

func (p *pdf) list(l List) {
	const indent = 6.0
	left := margin
	if l.Indent {
		left += indent
	}
	for i, item := range l.Items {
		p.font("B", textSize, ink)
		lead := p.wrap(item.Lead, p.width()-(left-margin)-indent)
		if item.Lead == "" {
			lead = nil
		}
		p.font("", textSize, ink)
		text := p.wrap(item.Text, p.width()-(left-margin)-indent)
		if item.Text == "" {
			text = nil
		}
		p.room(min(float64(len(lead)+len(text)), 5) * p.lineHeight())
		y := p.GetY()
		switch {
		case l.Numbered:
			p.font("B", textSize, accent)
			p.line(left, fmt.Sprintf("%d.", i+1))
		case item.Mark != MarkNone:
			p.shape(left+1.6, y+p.lineHeight()/2, item.Mark)
		default:
			p.font("", textSize, soft)
			p.line(left+1, "•")
		}
		p.SetY(y)
		if lead != nil {
			p.font("B", textSize, ink)
			p.lines(left+indent, lead)
		}
		p.font("", textSize, ink)
		p.lines(left+indent, text)
		p.SetY(p.GetY() + 0.7)
	}
}

// markWidth is the breadth that a mark takes before a text.
func (p *pdf) markWidth(m Mark) float64 {
	if m == MarkNone {
		return 0
	}
	return 4.2
}

// mark draws a mark at the start of a line and gives where the text goes on.
func (p *pdf) mark(x, y float64, m Mark) float64 {
	if m == MarkNone {
		return x
	}
	p.shape(x+1.5, y+p.lineHeight()/2, m)
	return x + p.markWidth(m)
}

// shape draws a mark around a point: filled circle, triangle, square, hatched ring.
func (p *pdf) shape(x, y float64, m Mark) {
	c := tones[m]
	p.SetFillColor(c[0], c[1], c[2])
	p.SetDrawColor(c[0], c[1], c[2])
	const r = 1.25
	switch m {
	case MarkOK:
		p.Circle(x, y, r, "F")
	case MarkRisk:
		p.Polygon([]fpdf.PointType{{X: x, Y: y - r*1.15}, {X: x + r*1.2, Y: y + r}, {X: x - r*1.2, Y: y + r}}, "F")
	case MarkGap:
		p.Rect(x-r, y-r, 2*r, 2*r, "F")
	case MarkUnknown:
		p.SetLineWidth(0.3)
		p.Circle(x, y, r, "D")
		for _, k := range []float64{-0.5, 0.25} {
			p.Line(x+r*(k-0.45), y+r*0.6, x+r*(k+0.55), y-r*0.6)
		}
		p.SetLineWidth(0.2)
	}
}
