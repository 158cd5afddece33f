package intake

import (
	"strconv"

	"diapason/internal/model"
)

// Names gives each thing of the sources a name of the model that no other thing
// of its kind has. The same thing always gets the same name; asked in a stable
// order, names are stable from one import to the next.
type Names struct {
	given  map[[2]string]string   // kind and key → name
	taken  map[model.Ref]struct{} // names in use
	report *Report
	next   map[model.Ref]int // number to try next behind a name
}

// NewNames makes an empty set of names; what they take counts against the limit
// of the report.
func NewNames(r *Report) *Names {
	return &Names{report: r, given: map[[2]string]string{}, taken: map[model.Ref]struct{}{}, next: map[model.Ref]int{}}
}

const nameBytes = 260

// Give names the thing that the sources know by key: the first wish that is free,
// made a slug, else the last wish with a number behind it.
func (n *Names) Give(kind, key string, wishes ...string) string {
	id := [2]string{kind, key}
	if name, ok := n.given[id]; ok {
		return name
	}
	if n.report.Over() {
		return model.Slugify(key)
	}
	if len(wishes) == 0 {
		wishes = []string{key}
	}
	name := ""
	for _, w := range wishes {
		if name = model.Slugify(w); n.take(kind, name) {
			n.given[id] = name
			return name
		}
	}
	base := model.Ref{Kind: kind, Name: name}
	for i := max(n.next[base], 2); ; i++ {
		suffix := "-" + strconv.Itoa(i)
		numbered := name[:min(len(name), model.MaxName-len(suffix))] + suffix
		if n.take(kind, numbered) {
			n.given[id], n.next[base] = numbered, i+1
			return numbered
		}
	}
}

// Of is the name given to a thing, "" when it has none.
func (n *Names) Of(kind, key string) string { return n.given[[2]string{kind, key}] }

func (n *Names) take(kind, name string) bool {
	ref := model.Ref{Kind: kind, Name: name}
	if _, ok := n.taken[ref]; ok {
		return false
	}
	if n.report.Charge(nameBytes + 2*len(name)) {
		n.taken[ref] = struct{}{}
	}
	return true
}
