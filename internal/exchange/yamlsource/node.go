package yamlsource

import (
	"diapason/internal/exchange/intake"
	"diapason/internal/finding"
)

// Node is one value of a file. The zero Node is a value that is not there; every
// method may be called on it.
type Node struct {
	f     *File
	i     int32 // place in f.values plus one; 0 for what is not there
	depth int32
}

// Entry is a key of a mapping with its value.
type Entry struct {
	Name  string
	Key   Node
	Value Node
}

func (n Node) value() *value { return &n.f.values[n.i-1] }

// at gives a value inside n, aliases followed.
func (n Node) at(i int32) Node {
	c := Node{f: n.f, i: i + 1, depth: n.depth + 1}
	if c.depth > 2*MaxDepth {
		n.f.stop(n, "yaml.deep", finding.Args{"levels": MaxDepth})
		return n.f.null()
	}
	for c.value().kind == alias {
		target := c.value().first
		if target < 0 || !n.f.spend(c, n.f.size(target)) {
			return n.f.null()
		}
		c.i = target + 1
	}
	return c
}

// null is a null of the file: the first value.
func (f *File) null() Node { return Node{f: f, i: 1} }

func (f *File) stop(at Node, code string, args finding.Args) {
	if f.problem == nil {
		f.problem = &intake.Problem{Place: at.Place(), Code: code, Args: args}
	}
	f.budget = 0
}

func (f *File) spend(at Node, n int) bool {
	if f.budget -= n; f.budget >= 0 {
		return true
	}
	f.stop(at, "yaml.alias", nil)
	return false
}

// size counts the values of a tree, aliases not followed.
func (f *File) size(i int32) int {
	if n, ok := f.sizes[i]; ok {
		return n
	}
	n := 1
	if v := &f.values[i]; v.kind != alias {
		for c := v.first; c < v.first+v.count; c++ {
			n += f.size(c)
		}
	}
	f.sizes[i] = n
	return n
}

// Exists reports that there is a value, null included.
func (n Node) Exists() bool { return n.i != 0 }

// IsNull reports an absent or empty value.
func (n Node) IsNull() bool { return n.i == 0 || n.value().kind == scalar && n.value().tag == tagNull }

// IsMap reports a mapping.
func (n Node) IsMap() bool { return n.i != 0 && n.value().kind == mapping }

// IsList reports a sequence.
func (n Node) IsList() bool { return n.i != 0 && n.value().kind == sequence }

// IsScalar reports a single value other than null.
func (n Node) IsScalar() bool { return n.i != 0 && n.value().kind == scalar && !n.IsNull() }

// Text is the value as written; "" for anything but a scalar.
func (n Node) Text() string {
	if !n.IsScalar() {
		return ""
	}
	return n.value().text
}

// Tag is the YAML type of a value, such as "!!int", "!!str" or "!reset".
func (n Node) Tag() string {
	if n.i == 0 {
		return ""
	}
	return n.f.tags[n.value().tag]
}

// Place is where the value stands.
func (n Node) Place() intake.Place {
	if n.f == nil {
		return intake.Place{}
	}
	p := intake.Place{File: n.f.name}
	if n.i > 1 {
		p.Line, p.Column = int(n.value().line), int(n.value().column)
	}
	return p
}

// Items are the values of a sequence, none for anything else.
func (n Node) Items() []Node {
	if !n.IsList() {
		return nil
	}
	v := n.value()
	out := make([]Node, v.count)
	for i := range out {
		out[i] = n.at(v.first + int32(i))
	}
	return out
}

// Get finds a key of a mapping, merge keys applied.
func (n Node) Get(key string) Node {
	absent := Node{f: n.f}
	if !n.IsMap() {
		return absent
	}
	v := n.value()
	found, plain := int32(-1), true
	for i := v.first; i+1 < v.first+v.count; i += 2 {
		k := &n.f.values[i]
		if k.merge() {
			plain = false
		} else if k.kind == scalar && k.text == key {
			found = i + 1
		}
	}
	if found >= 0 {
		return n.at(found)
	}
	if plain {
		return absent
	}
	for _, e := range n.Entries() {
		if e.Name == key {
			return e.Value
		}
	}
	return absent
}

// Path finds a value by keys from the outside in.
func (n Node) Path(keys ...string) Node {
	for _, k := range keys {
		n = n.Get(k)
	}
	return n
}

// Entries are the keys of a mapping in their order, those of merge keys after
// its own; where a key stands twice the last one counts.
func (n Node) Entries() []Entry {
	if !n.IsMap() {
		return nil
	}
	if cached, ok := n.f.merged[n.i]; ok {
		return cached
	}
	v := n.value()
	out := make([]Entry, 0, v.count/2)
	index := make(map[string]int, v.count/2)
	var merges []Node
	for i := v.first; i+1 < v.first+v.count; i += 2 {
		if n.f.values[i].merge() {
			merges = append(merges, n.at(i+1))
			continue
		}
		key := n.at(i)
		e := Entry{key.Text(), key, n.at(i + 1)}
		if at, twice := index[e.Name]; twice {
			out[at] = e
			continue
		}
		index[e.Name] = len(out)
		out = append(out, e)
	}
	if merges == nil {
		return out
	}
	n.f.merged[n.i] = out // a mapping merged into itself ends here
	for len(merges) > 0 {
		m := merges[0]
		merges = merges[1:]
		if m.IsList() {
			merges = append(m.Items(), merges...)
			continue
		}
		entries := m.Entries()
		if !n.f.spend(n, len(entries)) {
			break
		}
		for _, e := range entries {
			if _, have := index[e.Name]; !have {
				index[e.Name] = len(out)
				out = append(out, e)
			}
		}
	}
	n.f.merged[n.i] = out
	return out
}
