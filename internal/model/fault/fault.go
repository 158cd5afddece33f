// Package fault holds what is wrong with an input: a sentence whose words can be
// said in other languages, and the place it is about. It needs the standard library
// alone, so that a reader of files can be used without the model of the organisation.
package fault

import "fmt"

// Fault is what is wrong with an input: an English sentence as a format with its
// arguments, so that package language can say it in another language.
type Fault struct {
	Format string
	Args   []any
}

// Error is the English sentence.
func (f *Fault) Error() string { return fmt.Sprintf(f.Format, f.Args...) }

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

// Issue is something that makes input unusable: where, what, and what to do.
type Issue struct {
	File    string `json:"file,omitempty"`
	Line    int    `json:"line,omitempty"`
	Column  int    `json:"column,omitempty"`
	Pointer string `json:"pointer,omitempty"`
	Message string `json:"message"`

	Fault *Fault `json:"-"` // the same, for other languages; nil where there is none
}

// Error writes "file:line:column: message".
func (i Issue) Error() string {
	if i.Line == 0 {
		return i.File + ": " + i.Message
	}
	return fmt.Sprintf("%s:%d:%d: %s", i.File, i.Line, i.Column, i.Message)
}
