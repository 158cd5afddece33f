package report

import (
	"strings"
	"sync"

	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/sfnt"
)

// The Go fonts (Bigelow & Holmes, BSD licence) cover WGL4: every letter and sign
// of French and of the languages around, €, ≥, arrows. They come with a module
// and are embedded in each document, so that it looks the same everywhere.
var (
	regular = goregular.TTF
	bold    = gobold.TTF
)

// covered reports whether the fonts have a glyph for a character.
var covered = sync.OnceValue(func() func(rune) bool {
	fonts := make([]*sfnt.Font, 0, 2)
	for _, data := range [][]byte{regular, bold} {
		f, err := sfnt.Parse(data)
		if err != nil { // part of the program, and tested
			panic("report: " + err.Error())
		}
		fonts = append(fonts, f)
	}
	var mu sync.Mutex
	var buffer sfnt.Buffer
	known := map[rune]bool{}
	return func(r rune) bool {
		mu.Lock()
		defer mu.Unlock()
		if hit, ok := known[r]; ok {
			return hit
		}
		ok := r <= 0xffff
		for _, f := range fonts {
			i, err := f.GlyphIndex(&buffer, r)
			ok = ok && err == nil && i != 0
		}
		known[r] = ok
		return ok
	}
})

// likeness gives characters that the fonts lack their nearest kin.
var likeness = strings.NewReplacer(
	"\u202f", "\u00a0", "\u2009", "\u00a0", "\u2007", "\u00a0", "\u2003", " ", "\u2002", " ",
	"\u2011", "-", "\u2010", "-", "\u00ad", "", "\u200b", "", "\u200d", "", "\ufeff", "", "\t", " ", "\r", "",
	"✓", "√", "✔", "√", "✗", "×", "✘", "×", "⚠", "!", "☐", "□", "⇒", "→", "⟶", "→",
)

// printable replaces what the fonts cannot show: a sign of replacement is better
// than a hole.
func printable(s string) string {
	s = likeness.Replace(s)
	has := covered()
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || has(r):
			return r
		case r < ' ' || r >= 0xfe00 && r <= 0xfe0f: // control signs, variation selectors
			return -1
		}
		return '□'
	}, s)
}
