package report

import "strings"

// Sizes of tables: the more columns, the smaller the print.
const (
	cellPad    = 1.3 // mm, left and right
	cellRise   = 0.9 // mm, above and below
	blankLine  = 9.0 // mm, a row to write in by hand
	narrowest  = 9.0 // mm
	manyColumn = 7
)

func (p *pdf) table(t Table) {
	if t.Caption != "" {
		p.room(20)
		p.font("B", textSize, ink)
		p.text(margin, p.width(), t.Caption)
		p.SetY(p.GetY() + 0.5)
	}
	if len(t.Rows) == 0 && t.Lines == 0 {
		p.paragraph(Paragraph{Text: t.Empty, Note: true})
		return
	}
	size := 8.4
	if len(t.Columns) > manyColumn {
		size = 7.2
	}
	widths := p.columns(t, size)
	p.head(t, widths, size)
	for i, row := range t.Rows {
		p.row(t, row, widths, size, i%2 == 1)
	}
	for range t.Lines {
		if p.GetY()+blankLine > p.bottom() {
			p.AddPage()
			p.head(t, widths, size)
		}
		y := p.GetY()
		p.SetDrawColor(rule[0], rule[1], rule[2])
		x := margin
		for _, w := range widths {
			p.Rect(x, y, w, blankLine, "D")
			x += w
		}
		p.SetXY(margin, y+blankLine)
	}
	p.SetDrawColor(rule[0], rule[1], rule[2])
	p.Line(margin, p.GetY(), margin+p.width(), p.GetY())
}

// columns shares the breadth out: each column gets what its longest word needs,
// and the rest goes where texts are long.
func (p *pdf) columns(t Table, size float64) []float64 {
	least, wish := make([]float64, len(t.Columns)), make([]float64, len(t.Columns))
	look := func(i int, text, face string, extra float64) {
		p.font(face, size, ink)
		for _, line := range strings.Split(printable(text), "\n") {
			whole := 0.0
			for _, word := range strings.Split(line, " ") {
				w := p.measure(word)
				whole += w + p.measure(" ")
				least[i] = max(least[i], w+extra)
			}
			wish[i] = max(wish[i], whole+extra)
		}
	}
	for i, c := range t.Columns {
		look(i, c, "B", 2*cellPad)
	}
	for _, row := range t.Rows {
		for i, c := range row {
			if i < len(t.Columns) {
				look(i, c.Text, map[bool]string{true: "B"}[c.Bold], 2*cellPad+p.markWidth(c.Mark))
			}
		}
	}
	all := p.width()
	if last := len(least) - 1; t.ToFill && last >= 0 {
		least[last], wish[last] = all*0.15, all*0.15
	}
	longest := all * 0.32 // a single long word must not take the page
	total, stretch := 0.0, 0.0
	for i := range least {
		least[i] = max(narrowest, min(least[i], longest))
		wish[i] = max(least[i], min(wish[i], all*0.6))
		total += least[i]
		stretch += wish[i] - least[i]
	}
	out := make([]float64, len(least))
	for i := range least {
		switch {
		case total >= all:
			out[i] = all * least[i] / total
		case stretch > 0:
			out[i] = least[i] + (all-total)*(wish[i]-least[i])/stretch
		default:
			out[i] = least[i] + (all-total)/float64(len(least))
		}
	}
	return out
}

func (p *pdf) head(t Table, widths []float64, size float64) {
	p.font("B", size, ink)
	cells, tallest := make([][]string, len(t.Columns)), 1
	for i, c := range t.Columns {
		cells[i] = p.wrap(c, widths[i]-2*cellPad)
		tallest = max(tallest, len(cells[i]))
	}
	h := float64(tallest)*p.lineHeight() + 2*cellRise
	p.room(h + 2*p.lineHeight())
	y := p.GetY()
	p.SetFillColor(wash[0], wash[1], wash[2])
	p.Rect(margin, y, p.width(), h, "F")
	x := margin
	for i, lines := range cells {
		p.cell(x+cellPad, y+cellRise, lines)
		x += widths[i]
	}
	p.SetDrawColor(soft[0], soft[1], soft[2])
	p.Line(margin, y+h, margin+p.width(), y+h)
	p.SetXY(margin, y+h)
}

// cell writes lines at a place without minding the end of the page.
func (p *pdf) cell(x, y float64, lines []string) {
	h := p.lineHeight()
	for i, l := range lines {
		p.SetXY(x, y+float64(i)*h)
		p.CellFormat(0, h, l, "", 0, "L", false, 0, "")
	}
}

// row writes one row; what does not fit on this page goes on on the next, under
// the head of the table.
func (p *pdf) row(t Table, row []Cell, widths []float64, size float64, shaded bool) {
	cells, left := make([][]string, len(widths)), 1
	for i := range widths {
		if i < len(row) {
			p.font(map[bool]string{true: "B"}[row[i].Bold], size, ink)
			cells[i] = p.wrap(row[i].Text, widths[i]-2*cellPad-p.markWidth(row[i].Mark))
			left = max(left, len(cells[i]))
		}
	}
	p.font("", size, ink)
	lh := p.lineHeight()
	const together = 6 // lines that are kept on one page
	if need := float64(min(left, together))*lh + 2*cellRise; p.GetY()+need > p.bottom() {
		p.AddPage()
		p.head(t, widths, size)
	}
	for first := true; left > 0; first = false {
		p.font("", size, ink)
		fits := max(1, int((p.bottom()-p.GetY()-2*cellRise)/lh))
		n := min(left, fits)
		y, h := p.GetY(), float64(n)*lh+2*cellRise
		if shaded {
			p.SetFillColor(wash[0], wash[1], wash[2])
			p.Rect(margin, y, p.width(), h, "F")
		}
		x := margin
		for i := range widths {
			at := x + cellPad
			if i < len(row) {
				p.font(map[bool]string{true: "B"}[row[i].Bold], size, ink)
				if first {
					at = p.mark(at, y+cellRise, row[i].Mark)
				} else {
					at += p.markWidth(row[i].Mark)
				}
				part := cells[i][:min(n, len(cells[i]))]
				p.cell(at, y+cellRise, part)
				cells[i] = cells[i][len(part):]
			}
			x += widths[i]
		}
		p.SetDrawColor(rule[0], rule[1], rule[2])
		p.Line(margin, y+h, margin+p.width(), y+h)
		p.SetXY(margin, y+h)
		if left -= n; left > 0 {
			p.AddPage()
			p.head(t, widths, size)
		}
	}
}
