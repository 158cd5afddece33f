package language

import (
	_ "embed"
	"fmt"
	"sync"

	"go.yaml.in/yaml/v4"

	"diapason/internal/model"
)

//go:embed faults/fr.yaml
var frenchFaults []byte

// faultsFR maps the English format of a fault to the French one, with the same
// arguments in the same order.
var faultsFR = sync.OnceValue(func() map[string]string {
	m := map[string]string{}
	if err := yaml.Load(frenchFaults, &m); err != nil { // part of the program and tested
		panic("language: faults/fr.yaml: " + err.Error())
	}
	return m
})

// Fault says what is wrong with an input.
func (w Writer) Fault(f *model.Fault) string {
	if w.Lang != FR {
		return f.Error()
	}
	format, ok := faultsFR()[f.Format]
	if !ok {
		return f.Error()
	}
	args := make([]any, len(f.Args))
	for i, a := range f.Args {
		args[i] = a
		switch s := a.(type) {
		case model.Suggestion:
			args[i] = ""
			if s != "" {
				args[i] = fmt.Sprintf(" ; vouliez-vous dire %q ?", string(s))
			}
		case model.Phrase:
			if fr, ok := faultsFR()[string(s)]; ok {
				args[i] = fr
			} else {
				args[i] = w.Library(string(s))
			}
		}
	}
	return fmt.Sprintf(format, args...)
}

// Issue gives an issue its message in the writer's language.
func (w Writer) Issue(i model.Issue) model.Issue {
	if i.Fault != nil {
		i.Message = w.Fault(i.Fault)
	}
	return i
}

// Issues gives issues their messages in the writer's language.
func (w Writer) Issues(list []model.Issue) []model.Issue {
	out := make([]model.Issue, len(list))
	for i, x := range list {
		out[i] = w.Issue(x)
	}
	return out
}
