package api

import (
	"strings"
	"testing"

	"github.com/danielgtaylor/huma/v2"

	"diapason/internal/language"
)

// What the framework refuses is said in the reader's language, with its arguments.
func TestRefusalsOfTheFrameworkInTheReadersLanguage(t *testing.T) {
	refused := []error{&huma.ErrorDetail{Message: "expected number >= 1", Location: "query.limit"}, &huma.ErrorDetail{Message: "unexpected property", Location: "body.colour"}}
	for lang, want := range map[language.Lang][]string{
		language.EN: {"validation failed", "expected number >= 1", "unexpected property"},
		language.FR: {"ce qui a été envoyé n'a pas la forme attendue", "un nombre supérieur ou égal à 1 est attendu", "propriété inattendue"},
	} {
		p := requestProblem(lang, 422, "validation failed", refused)
		if !strings.Contains(p.Detail, want[0]) || len(p.Errors) != 2 || p.Errors[0].Message != want[1] || p.Errors[1].Message != want[2] || p.Errors[0].Pointer != "query.limit" {
			t.Errorf("%s: %q, %v", lang, p.Detail, p.Errors)
		}
	}
}
