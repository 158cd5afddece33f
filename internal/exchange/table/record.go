package table

import (
	"strconv"
	"strings"

	"diapason/internal/exchange/intake"
	"diapason/internal/exchange/yamlsource"
)

// record is one record of a YAML or JSON file.
type record struct {
	n      yamlsource.Node
	keys   []string // of the mappings that the path went through
	parent *record
}

// readRecords parses a YAML or JSON file.
func readRecords(file intake.File) (*yamlsource.File, []intake.Problem) {
	return yamlsource.Read(file.Name, file.Data)
}

// each calls fn for the records at a path: keys from the outside in, "*" for each
// item of a list or each value of a mapping.
func (r *record) each(path []string, fn func(*record) bool) bool {
	if len(path) == 0 {
		return fn(r)
	}
	if path[0] != "*" {
		n := r.n.Get(path[0])
		if !n.Exists() {
			return true
		}
		return (&record{n, r.keys, r}).each(path[1:], fn)
	}
	for _, x := range r.n.Items() {
		if !(&record{x, r.keys, r}).each(path[1:], fn) {
			return false
		}
	}
	for _, e := range r.n.Entries() {
		keys := append(r.keys[:len(r.keys):len(r.keys)], e.Name)
		if !(&record{e.Value, keys, r}).each(path[1:], fn) {
			return false
		}
	}
	return true
}

// get reads a column of a record: a dotted path, where "*" takes each item of a
// list; "$key" is the record's own key, "$1" the first key of its path; "^." goes
// to what holds the record.
func (r *record) get(column string) (cell, yamlsource.Node, bool) {
	for strings.HasPrefix(column, "^.") && r.parent != nil {
		r, column = r.parent, column[2:]
	}
	if column == "$key" && len(r.keys) > 0 {
		return cell{text: r.keys[len(r.keys)-1]}, r.n, true
	}
	if rest, ok := strings.CutPrefix(column, "$"); ok {
		if i, err := strconv.Atoi(rest); err == nil && i > 0 && i <= len(r.keys) {
			return cell{text: r.keys[i-1]}, r.n, true
		}
	}
	if column == "." {
		c, ok := value(r.n)
		return c, r.n, ok
	}
	return dig(r.n, column)
}

func dig(n yamlsource.Node, path string) (cell, yamlsource.Node, bool) {
	if path == "" {
		c, ok := value(n)
		return c, n, ok
	}
	if rest, ok := strings.CutPrefix(path, "*"); ok {
		var out []cell
		children := n.Items()
		for _, e := range n.Entries() {
			children = append(children, e.Value)
		}
		for _, x := range children {
			if c, _, ok := dig(x, strings.TrimPrefix(rest, ".")); ok && !c.empty() {
				if c.form == isList {
					out = append(out, c.each()...)
				} else {
					out = append(out, c)
				}
			}
		}
		return list(out), n, len(children) > 0
	}
	if whole := n.Get(path); whole.Exists() { // a key that holds dots
		c, ok := value(whole)
		return c, whole, ok
	}
	head, rest, _ := strings.Cut(path, ".")
	next := n.Get(head)
	if !next.Exists() || rest == "" {
		return cell{}, n, false
	}
	return dig(next, rest)
}

// value is a scalar or a list of scalars as a cell.
func value(n yamlsource.Node) (cell, bool) {
	switch {
	case n.IsScalar():
		return cell{text: n.Text()}, true
	case n.IsList():
		var out []cell
		for _, x := range n.Items() {
			if c, ok := value(x); ok {
				out = append(out, c)
			}
		}
		return list(out), true
	}
	return cell{}, n.Exists() && n.IsNull()
}
