package table

import (
	"regexp"
	"strings"
	"sync"

	"diapason/internal/model"
)

var ownKey = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\[(?:([a-z-]+):)?((?:metadata|spec)\..+)\]$`) })

// ownMapping reads the mapping that a table carries in its header; nil when it
// carries none.
func ownMapping(s *sheet) *Mapping {
	head := s.rows[0]
	t := &tableRule{header: head.number, exact: true, others: "report"}
	for _, c := range head.cells {
		text := c.plain()
		m := ownKey().FindStringSubmatch(text)
		if m == nil {
			continue
		}
		if m[1] != "" {
			if t.kind = model.KindOf(m[1]); t.kind == nil || m[2] != "metadata.name" {
				return nil
			}
			t.name = template{{columns: []string{text}}}
		}
	}
	if t.kind == nil {
		return nil
	}
	for _, c := range head.cells {
		text := c.plain()
		m := ownKey().FindStringSubmatch(text)
		if m == nil || m[1] != "" {
			continue
		}
		path, code, _ := parseTarget(t.kind, m[2])
		if code != "" {
			continue // told as a column that nobody reads
		}
		t.fields = append(t.fields, fieldRule{path: path, source: source{columns: []string{text}, clear: true}})
	}
	return &Mapping{tables: []*tableRule{t}, own: true}
}

// ownKeysOnly reports the hidden first row of a workbook, which holds the paths
// without the labels.
func ownKeysOnly(r row) bool {
	return len(r.cells) > 0 && strings.HasPrefix(strings.TrimSpace(r.cells[0].text), "[")
}
