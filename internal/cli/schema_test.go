package cli_test

import (
	"bytes"
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v4"

	"diapason/internal/cli"
)

func printedSchema(t *testing.T, lang string) *jsonschema.Schema {
	t.Helper()
	var out, errOut bytes.Buffer
	if err := cli.Run(context.Background(), []string{"schema", "--lang", lang}, nil, &out, &errOut); err != nil {
		t.Fatal(err, errOut.String())
	}
	doc, err := jsonschema.UnmarshalJSON(&out)
	if err != nil {
		t.Fatalf("the schema is no JSON: %v", err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("diapason.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("diapason.json")
	if err != nil {
		t.Fatalf("the schema is no JSON Schema: %v", err)
	}
	return s
}

// documents reads the YAML documents of a text as an editor does, dates as text.
func documents(t *testing.T, text []byte) []any {
	t.Helper()
	var out []any
	d := yaml.NewDecoder(bytes.NewReader(text))
	for {
		var n yaml.Node
		if err := d.Decode(&n); err != nil {
			return out
		}
		out = append(out, plain(&n))
	}
}

func plain(n *yaml.Node) any {
	switch n.Kind {
	case yaml.DocumentNode:
		return plain(n.Content[0])
	case yaml.AliasNode:
		return plain(n.Alias)
	case yaml.MappingNode:
		m := map[string]any{}
		for i := 0; i+1 < len(n.Content); i += 2 {
			m[n.Content[i].Value] = plain(n.Content[i+1])
		}
		return m
	case yaml.SequenceNode:
		list := []any{}
		for _, c := range n.Content {
			list = append(list, plain(c))
		}
		return list
	}
	if n.Tag == "!!timestamp" {
		return n.Value
	}
	var v any
	if n.Decode(&v) != nil {
		return n.Value
	}
	if i, ok := v.(int); ok {
		return float64(i)
	}
	return v
}

func TestTheSchemaTakesEveryExample(t *testing.T) {
	for _, lang := range []string{"en", "fr"} {
		s := printedSchema(t, lang)
		seen, wrong := 0, 0
		err := filepath.WalkDir("../../examples", func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || filepath.Ext(path) != ".yaml" {
				return err
			}
			text, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			for i, doc := range documents(t, text) {
				m, ok := doc.(map[string]any)
				if !ok || !strings.HasPrefix(str(m["apiVersion"]), "diapason/") {
					continue // only comments, or the input of an importer
				}
				seen++
				if err := s.Validate(doc); err != nil && wrong < 10 {
					wrong++
					t.Errorf("%s, document %d: %v", path, i+1, err)
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if seen < 500 {
			t.Errorf("only %d documents were seen", seen)
		}
	}
}

func str(v any) string {
	s, _ := v.(string)
	return s
}

func TestTheSchemaRefusesWhatTheCheckRefuses(t *testing.T) {
	s := printedSchema(t, "en")
	const head = "apiVersion: diapason/v1\n"
	for _, c := range []struct {
		name, text string
		ok         bool
	}{
		{"a sound component", head + "kind: Component\nmetadata: {name: db}\nspec: {class: database, requires: [component/a, {anyOf: [component/b, component/c]}]}\n", true},
		{"an unknown kind", head + "kind: Componnt\nmetadata: {name: db}\n", false},
		{"no name", head + "kind: Component\nmetadata: {}\nspec: {class: database}\n", false},
		{"no metadata", head + "kind: Component\nspec: {class: database}\n", false},
		{"another version of the format", "apiVersion: diapason/v9\nkind: Component\nmetadata: {name: db}\n", false},
		{"an unknown field", head + "kind: Component\nmetadata: {name: db}\nspec: {clas: database}\n", false},
		{"an unknown field of the metadata", head + "kind: Component\nmetadata: {name: db, nam: x}\n", false},
		{"a choice that is none", head + "kind: Component\nmetadata: {name: db}\nspec: {class: databse}\n", false},
		{"a list where a text is wanted", head + "kind: Component\nmetadata: {name: db}\nspec: {version: [1]}\n", false},
		{"a text where a list is wanted", head + "kind: Component\nmetadata: {name: db}\nspec: {requires: component/a}\n", false},
		{"a name with a capital", head + "kind: Component\nmetadata: {name: DB}\nspec: {class: database}\n", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			docs := documents(t, []byte(c.text))
			if err := s.Validate(docs[0]); (err == nil) != c.ok {
				t.Errorf("want accepted %v, got %v", c.ok, err)
			}
		})
	}
}
