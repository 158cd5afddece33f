package language

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// source is the folder of a module as it is built in.
func source(t *testing.T, module string) string {
	t.Helper()
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", module).Output()
	if err != nil || len(strings.TrimSpace(string(out))) == 0 {
		t.Fatalf("the source of %s is not found: %v", module, err)
	}
	return strings.TrimSpace(string(out))
}

// words reads what calls of some functions say: the texts among their arguments,
// those of Sprintf by their format and those put together with "%s" for the rest.
func words(t *testing.T, file string, calls ...string) []string {
	t.Helper()
	var out []string
	walk(t, file, func(n ast.Node) {
		c, ok := n.(*ast.CallExpr)
		if !ok || !slices.Contains(calls, nameOf(c.Fun)) {
			return
		}
		for _, a := range c.Args {
			if s := text(a); s != "" {
				out = append(out, s)
			}
		}
	})
	return out
}

func walk(t *testing.T, file string, visit func(ast.Node)) {
	t.Helper()
	f, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	ast.Inspect(f, func(n ast.Node) bool { visit(n); return true })
}

func nameOf(e ast.Expr) string {
	switch x := e.(type) {
	case *ast.SelectorExpr:
		return x.Sel.Name
	case *ast.Ident:
		return x.Name
	}
	return ""
}

func text(e ast.Expr) string {
	switch x := e.(type) {
	case *ast.BasicLit:
		if s, err := strconv.Unquote(x.Value); err == nil && x.Kind == token.STRING {
			return s
		}
	case *ast.CallExpr:
		if len(x.Args) > 0 && nameOf(x.Fun) == "Sprintf" {
			return text(x.Args[0])
		}
	case *ast.BinaryExpr:
		left, right := text(x.X), text(x.Y)
		if left == "" && right == "" {
			return ""
		}
		return orArgument(left) + orArgument(right)
	}
	return ""
}

func orArgument(s string) string {
	if s == "" {
		return "%s"
	}
	return s
}

// said are the messages that people may see; contexts ("while scanning…") are not
// shown.
func said(list []string) []string {
	var out []string
	for _, s := range list {
		if strings.HasPrefix(s, "while ") || !strings.Contains(s, " ") && !strings.HasPrefix(s, "unsupported") {
			continue
		}
		out = append(out, s)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func TestEveryMessageOfTheYAMLParserIsTranslated(t *testing.T) {
	folder := filepath.Join(source(t, "go.yaml.in/yaml/v4"), "internal", "libyaml")
	var list []string
	for _, file := range []string{"reader.go", "scanner.go", "parser.go"} {
		list = append(list, words(t, filepath.Join(folder, file), "formatReaderError", "formatScannerError", "formatScannerErrorContext", "formatParserError", "formatParserErrorContext", "setScannerTagError")...)
	}
	translated(t, said(list), 50)
}

func TestEveryMessageOfTheAPIFrameworkIsTranslated(t *testing.T) {
	folder := source(t, "github.com/danielgtaylor/huma/v2")
	var list []string
	walk(t, filepath.Join(folder, "validation", "messages.go"), func(n ast.Node) {
		if v, ok := n.(*ast.ValueSpec); ok {
			for _, x := range v.Values {
				list = append(list, text(x))
			}
		}
	})
	translated(t, list, 40)
	// What it says beside its list; files of forms are none of the product's.
	var more []string
	for _, file := range []string{"huma.go", "validate.go"} {
		more = append(more, words(t, filepath.Join(folder, file), "Add", "New")...)
	}
	for _, s := range said(more) {
		if !slices.Contains([]string{"multipart form field"}, s) {
			translated(t, []string{s}, 1)
		}
	}
}

// translated asserts that messages, of which there are many, have a French form with
// as many arguments.
func translated(t *testing.T, formats []string, atLeast int) {
	t.Helper()
	if len(formats) < atLeast {
		t.Fatalf("only %d messages are found: the library says them in another way now", len(formats))
	}
	for _, format := range formats {
		message := foreignArgument.ReplaceAllString(format, "X1")
		french := Writer{Lang: FR}.Library(message)
		if french == message {
			t.Errorf("%q has no French form in faults/libraries.fr.yaml", format)
			continue
		}
		if got, want := strings.Count(french, "X1"), len(foreignArgument.FindAllString(format, -1)); got != want {
			t.Errorf("%q keeps %d of %d arguments in French: %q", format, got, want, french)
		}
		if (Writer{Lang: EN}).Library(message) != message {
			t.Errorf("%q is changed in English", format)
		}
	}
}

func TestLibrariesKeepWhatTheyQuote(t *testing.T) {
	for message, want := range map[string]string{
		"expected number >= 1": "un nombre supérieur ou égal à 1 est attendu",
		"expected property end to be present when start is present":             "la propriété end est obligatoire quand start est présente",
		"found duplicate %TAG directive":                                        "la directive %TAG figure deux fois",
		"invalid JSON: unexpected end of JSON input":                            "le JSON est illisible : le JSON s'arrête avant la fin",
		"expected value to be one of \"a, b\"":                                  "la valeur doit être l'une de « a, b »",
		"something that nobody has translated":                                  "something that nobody has translated",
		"invalid character '}' after object key:value pair":                     "caractère '}' inattendu après une propriété",
		"json: cannot unmarshal string into Go struct field Body.n of type int": "une valeur de type string ne convient pas dans le champ Body.n (int)",
	} {
		if got := (Writer{Lang: FR}).Library(message); got != want {
			t.Errorf("%q: %q, want %q", message, got, want)
		}
	}
	for _, p := range librariesFR().patterns {
		if got, want := len(p.french)-1, len(foreignArgument.FindAllString(p.format, -1)); got > want {
			t.Errorf("%q has %d arguments in French and %d in English", p.format, got, want)
		}
		if regexp.MustCompile(`%[^vsdqcTY%]`).MatchString(strings.Join(p.french, "")) {
			t.Errorf("%q holds an argument that is never filled", p.format)
		}
	}
}
