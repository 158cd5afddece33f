package model

import "diapason/internal/model/fault"

// What is wrong with an input, from the package that readers of other formats use
// without the model.
type (
	Fault      = fault.Fault      // what is wrong, in words that have a translation
	Suggestion = fault.Suggestion // the nearest valid word among the arguments of a fault
	Phrase     = fault.Phrase     // text among them that is translated too
	Issue      = fault.Issue      // something that makes input unusable: where, what, and what to do
)

// Nearest returns the candidate closest to word, or "" when none is close
// enough to be worth a suggestion.
func Nearest(word string, candidates []string) string { return fault.Nearest(word, candidates) }

func faultf(format string, args ...any) error { return &Fault{Format: format, Args: args} }

func didYouMean(word string, candidates []string) Suggestion {
	return Suggestion(Nearest(word, candidates))
}
