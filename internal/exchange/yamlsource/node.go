package yamlsource

import (
	"go.yaml.in/yaml/v4"

	"diapason/internal/exchange/intake"
	"diapason/internal/finding"
)

// Node is one value of a file. The zero Node is a value that is not there; every
// method may be called on it.
type Node struct {
	y      *yaml.Node
	f      *File
	offset int // lines before the document
	depth  int
}

// Entry is a key of a mapping with its value.
type Entry struct {
	Name  string
	Key   Node
	Value Node
}

var null = &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!null"}

// at gives a value inside n, aliases followed.
func (n Node) at(y *yaml.Node) Node {
	c := Node{y: y, f: n.f, offset: n.offset, depth: n.depth + 1}
	if c.depth > 2*MaxDepth {
		n.f.stop(n, "yaml.deep", finding.Args{"levels": MaxDepth})
		c.y = null
		return c
	}
	for c.y.Kind == yaml.AliasNode {
		if c.y.Alias == nil || !n.f.spend(Node{y: c.y, f: n.f, offset: n.offset}, n.f.size(c.y.Alias)) {
			c.y = null
			return c
		}
		c.y = c.y.Alias
	}
	return c
}

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

func (f *File) size(y *yaml.Node) int {
	if n, ok := f.sizes[y]; ok {
		return n
	}
	n := 1
	for _, c := range y.Content {
		n += f.size(c)
	}
	f.sizes[y] = n
	return n
}

// Exists reports that there is a value, null included.
func (n Node) Exists() bool { return n.y != nil }

// IsNull reports an absent or empty value.
func (n Node) IsNull() bool { return n.y == nil || n.y.Kind == yaml.ScalarNode && n.y.Tag == "!!null" }

// IsMap reports a mapping.
func (n Node) IsMap() bool { return n.y != nil && n.y.Kind == yaml.MappingNode }

// IsList reports a sequence.
func (n Node) IsList() bool { return n.y != nil && n.y.Kind == yaml.SequenceNode }

// IsScalar reports a single value other than null.
func (n Node) IsScalar() bool { return n.y != nil && n.y.Kind == yaml.ScalarNode && !n.IsNull() }

// Text is the value as written; "" for anything but a scalar.
func (n Node) Text() string {
	if !n.IsScalar() {
		return ""
	}
	return n.y.Value
}

// Tag is the YAML type of a scalar, such as "!!int" or "!!str".
func (n Node) Tag() string {
	if n.y == nil {
		return ""
	}
	return n.y.Tag
}

// Place is where the value stands.
func (n Node) Place() intake.Place {
	if n.f == nil {
		return intake.Place{}
	}
	if n.y == nil {
		return intake.Place{File: n.f.name}
	}
	return intake.Place{File: n.f.name, Line: n.offset + max(n.y.Line, 1), Column: max(n.y.Column, 1)}
}

// Items are the values of a sequence, none for anything else.
func (n Node) Items() []Node {
	if !n.IsList() {
		return nil
	}
	out := make([]Node, len(n.y.Content))
	for i, c := range n.y.Content {
		out[i] = n.at(c)
	}
	return out
}

// Get finds a key of a mapping, merge keys applied.
func (n Node) Get(key string) Node {
	if !n.IsMap() {
		return Node{f: n.f}
	}
	found := Node{f: n.f}
	plain := true
	for i := 0; i+1 < len(n.y.Content); i += 2 {
		k := n.y.Content[i]
		if isMerge(k) {
			plain = false
		} else if k.Value == key && k.Kind == yaml.ScalarNode {
			found = Node{y: n.y.Content[i+1], f: n.f}
		}
	}
	if found.y != nil {
		return n.at(found.y)
	}
	if plain {
		return found
	}
	for _, e := range n.Entries() {
		if e.Name == key {
			return e.Value
		}
	}
	return found
}

// Path finds a value by keys from the outside in.
func (n Node) Path(keys ...string) Node {
	for _, k := range keys {
		n = n.Get(k)
	}
	return n
}

func isMerge(k *yaml.Node) bool {
	return k.Kind == yaml.ScalarNode && k.Value == "<<" && (k.Tag == "!!merge" || k.Tag == "!!str" && k.Style == 0 || k.Tag == "")
}

// Entries are the keys of a mapping in their order, those of merge keys after
// its own; where a key stands twice the last one counts.
func (n Node) Entries() []Entry {
	if !n.IsMap() {
		return nil
	}
	if cached, ok := n.f.merged[n.y]; ok {
		return cached
	}
	out := make([]Entry, 0, len(n.y.Content)/2)
	index := make(map[string]int, len(n.y.Content)/2)
	var merges []Node
	for i := 0; i+1 < len(n.y.Content); i += 2 {
		k, v := n.y.Content[i], n.y.Content[i+1]
		if isMerge(k) {
			merges = append(merges, n.at(v))
			continue
		}
		key := n.at(k)
		e := Entry{key.y.Value, key, n.at(v)}
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
	n.f.merged[n.y] = out // a mapping merged into itself ends here
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
	n.f.merged[n.y] = out
	return out
}
