package report

import (
	"bytes"
	_ "embed"
	"html/template"
	"io"
	"sync"
)

//go:embed report.html
var page string

var pageTemplate = sync.OnceValue(func() *template.Template {
	return template.Must(template.New("report").Funcs(template.FuncMap{
		"paragraph": func(b Block) *Paragraph { return blockOf[Paragraph](b) },
		"facts":     func(b Block) *Facts { return blockOf[Facts](b) },
		"list":      func(b Block) *List { return blockOf[List](b) },
		"table":     func(b Block) *Table { return blockOf[Table](b) },
		"times":     func(n int) []struct{} { return make([]struct{}, n) },
	}).Parse(page))
})

// blockOf gives a block as the type it is, nil for the others.
func blockOf[T Block](b Block) *T {
	if v, ok := b.(T); ok {
		return &v
	}
	return nil
}

// WriteHTML writes a document as one page that needs nothing else: readable by
// screen readers, kept offline, printed with the trace on every page.
func WriteHTML(w io.Writer, d *Document) error {
	var b bytes.Buffer
	if err := pageTemplate().Execute(&b, d); err != nil {
		return err
	}
	_, err := w.Write(b.Bytes())
	return err
}
