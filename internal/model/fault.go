package model

import "fmt"

// Fault is what is wrong with an input: an English sentence as a format with its
// arguments, so that package language can say it in another language.
type Fault struct {
	Format string
	Args   []any
}

// Error is the English sentence.
func (f *Fault) Error() string { return fmt.Sprintf(f.Format, f.Args...) }

func faultf(format string, args ...any) error { return &Fault{format, args} }

// Suggestion is the nearest valid word, part of a fault's arguments; empty when
// nothing is near.
type Suggestion string

// String is the English form.
func (s Suggestion) String() string {
	if s == "" {
		return ""
	}
	return fmt.Sprintf("; did you mean %q?", string(s))
}

// Phrase is a piece of text among a fault's arguments that has other words in
// other languages, unlike names, which stay as they are. What a library says of
// the input is one.
type Phrase string

func didYouMean(word string, candidates []string) Suggestion {
	return Suggestion(Nearest(word, candidates))
}
