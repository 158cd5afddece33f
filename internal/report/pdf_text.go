package report

import "strings"

// measure is the breadth of a word in the current font.
func (p *pdf) measure(word string) float64 {
	k := wordKey{p.face, word, p.size}
	if w, ok := p.wide[k]; ok {
		return w
	}
	w := p.GetStringWidth(word)
	p.wide[k] = w
	return w
}

// wrap breaks a text into lines no broader than width: at spaces, and inside a
// word only when the word alone is too broad.
func (p *pdf) wrap(text string, width float64) []string {
	var out []string
	space := p.measure(" ")
	for _, paragraph := range strings.Split(printable(text), "\n") {
		line, used := "", 0.0
		for _, word := range strings.FieldsFunc(paragraph, func(r rune) bool { return r == ' ' }) {
			for {
				w := p.measure(word)
				if line != "" && used+space+w <= width {
					line, used = line+" "+word, used+space+w
					break
				}
				if line != "" {
					out = append(out, line)
					line, used = "", 0
				}
				if w <= width {
					line, used = word, w
					break
				}
				head, tail := p.cut(word, width)
				if tail == "" {
					line, used = head, p.measure(head)
					break
				}
				out = append(out, head)
				word = tail
			}
		}
		out = append(out, line)
	}
	return out
}

// cut splits a word at the last place where its beginning fits, after a hyphen or
// a slash if there is one; one character always fits.
func (p *pdf) cut(word string, width float64) (head, tail string) {
	runes := []rune(word)
	n, soft := 1, 0
	for n < len(runes) && p.GetStringWidth(string(runes[:n+1])) <= width {
		n++
		if r := runes[n-1]; r == '-' || r == '/' || r == '_' || r == '.' {
			soft = n
		}
	}
	if soft > n/2 && n < len(runes) {
		n = soft
	}
	return string(runes[:n]), string(runes[n:])
}

// line writes one line at x and moves below it.
func (p *pdf) line(x float64, text string) { p.lines(x, []string{printable(text)}) }

// text writes a text of some breadth at x and moves below it.
func (p *pdf) text(x, width float64, text string) { p.lines(x, p.wrap(text, width)) }

// lines writes lines that fit already, on a new page where this one ends.
func (p *pdf) lines(x float64, list []string) {
	h := p.lineHeight()
	for _, l := range list {
		p.room(h)
		y := p.GetY()
		p.SetXY(x, y)
		p.CellFormat(0, h, l, "", 0, "L", false, 0, "")
		p.SetXY(margin, y+h)
	}
}
