package language

import (
	_ "embed"
	"regexp"
	"slices"
	"strings"
	"sync"

	"go.yaml.in/yaml/v4"
)

//go:embed faults/libraries.fr.yaml
var frenchLibraries []byte

// libraryWords are the messages of libraries in French.
type libraryWords struct {
	plain    map[string]string
	patterns []libraryPattern // those with arguments, the most specific first
}

type libraryPattern struct {
	format  string
	matches *regexp.Regexp
	french  []string // the pieces of text between arguments
}

// foreignArgument is an argument in a format of package fmt; "%TAG" and "%YAML" are none.
var foreignArgument = regexp.MustCompile(`%[vsdqc]`)

var librariesFR = sync.OnceValue(func() libraryWords {
	m := map[string]string{}
	if err := yaml.Load(frenchLibraries, &m); err != nil { // part of the program and tested
		panic("language: faults/libraries.fr.yaml: " + err.Error())
	}
	w := libraryWords{plain: map[string]string{}}
	for format, french := range m {
		if !foreignArgument.MatchString(format) {
			w.plain[format] = french
			continue
		}
		parts := foreignArgument.Split(format, -1)
		for i := range parts {
			parts[i] = regexp.QuoteMeta(parts[i])
		}
		w.patterns = append(w.patterns, libraryPattern{format, regexp.MustCompile(`(?s)^` + strings.Join(parts, "(.*?)") + `$`), foreignArgument.Split(french, -1)})
	}
	slices.SortFunc(w.patterns, func(x, y libraryPattern) int {
		if d := len(foreignArgument.ReplaceAllString(y.format, "")) - len(foreignArgument.ReplaceAllString(x.format, "")); d != 0 {
			return d
		}
		return strings.Compare(x.format, y.format)
	})
	return w
})

// Library says in the writer's language what a library says of an input in English;
// arguments are kept, and what nobody has translated stays as it is.
func (w Writer) Library(message string) string {
	if w.Lang != FR {
		return message
	}
	words := librariesFR()
	if french, ok := words.plain[message]; ok {
		return french
	}
	for _, p := range words.patterns {
		found := p.matches.FindStringSubmatch(message)
		if found == nil {
			continue
		}
		var b strings.Builder
		for i, text := range p.french {
			b.WriteString(text)
			if i+1 < len(p.french) && i+1 < len(found) {
				b.WriteString(w.Library(found[i+1])) // a library may quote another one
			}
		}
		return b.String()
	}
	return message
}
