package table

import (
	"embed"
	"fmt"
	"path"
	"slices"
	"strings"

	"diapason/internal/exchange/intake"
)

//go:embed mappings/*.yaml
var shippedFiles embed.FS

// Shipped are the mappings that come with the program, by name.
func Shipped() []*Mapping {
	entries, err := shippedFiles.ReadDir("mappings")
	if err != nil { // the folder is part of the program
		panic("table: " + err.Error())
	}
	var out []*Mapping
	for _, e := range entries {
		m, err := ShippedMapping(strings.TrimSuffix(e.Name(), ".yaml"))
		if err != nil { // the mappings are part of the program and tested
			panic("table: " + err.Error())
		}
		out = append(out, m)
	}
	slices.SortFunc(out, func(a, b *Mapping) int { return strings.Compare(a.Name, b.Name) })
	return out
}

// ShippedText is the text of a mapping that comes with the program, to start
// one's own from; nil when there is none of that name.
func ShippedText(name string) []byte {
	if strings.ContainsAny(name, "/\\") {
		return nil
	}
	data, err := shippedFiles.ReadFile(path.Join("mappings", name+".yaml"))
	if err != nil {
		return nil
	}
	return data
}

// ShippedMapping finds a mapping that comes with the program.
func ShippedMapping(name string) (*Mapping, error) {
	data := ShippedText(name)
	if data == nil {
		return nil, fmt.Errorf("no mapping %q comes with the program", name)
	}
	m, problems := ParseMapping(name+".yaml", data)
	if len(problems) > 0 {
		return nil, fmt.Errorf("mapping %s: %w", name, intake.Problems(problems))
	}
	return m, nil
}
