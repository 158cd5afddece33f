package topevent

import (
	"fmt"
	"strings"
)

// DefinitionError refuses a gate: undefined, defined twice, or with arguments
// that its operator cannot have.
type DefinitionError struct {
	Gate    Node
	Name    string
	Problem string // what is wrong and what to do
}

func (e *DefinitionError) Error() string {
	return fmt.Sprintf("gate %s: %s", label(e.Name, e.Gate), e.Problem)
}

// ProbabilityError refuses a probability that is not a number in [0, 1].
type ProbabilityError struct {
	Event Node
	Name  string
	Value Probability
}

func (e *ProbabilityError) Error() string {
	return fmt.Sprintf("event %s: probability %v is not a number in [0, 1]", label(e.Name, e.Event), float64(e.Value))
}

// NameError refuses two nodes of one name.
type NameError struct {
	Name          string
	First, Second Node
}

func (e *NameError) Error() string {
	return fmt.Sprintf("%q names two nodes (%d and %d); give each its own name", e.Name, e.First, e.Second)
}

// TopError refuses a tree without top event.
type TopError struct{ Top Node }

func (e *TopError) Error() string {
	return fmt.Sprintf("the tree has no top event (node %d); call SetTop with one of its nodes", e.Top)
}

// CycleError refuses gates that depend on themselves. Gates is one circle, in
// order of dependency, each gate once.
type CycleError struct {
	Gates []Node
	Names []string
}

func (e *CycleError) Error() string {
	const most = 12
	var b strings.Builder
	for i, g := range e.Gates {
		if i == most {
			fmt.Fprintf(&b, "… (%d gates) → ", len(e.Gates))
			break
		}
		b.WriteString(label(e.Names[i], g))
		b.WriteString(" → ")
	}
	return fmt.Sprintf("gates depend on themselves: %s%s; remove one of these arguments", b.String(), label(e.Names[0], e.Gates[0]))
}

// OptionError refuses an option that cannot be meant.
type OptionError struct{ Option, Problem string }

func (e *OptionError) Error() string { return fmt.Sprintf("option %s: %s", e.Option, e.Problem) }

// BudgetError says that a budget or the context ended the work before there
// was anything to say, or that a figure needs the exact diagram that the
// budget did not suffice for.
type BudgetError struct {
	What  string
	Cause error // the context's error, or nil when nodes or memory ran out
}

func (e *BudgetError) Error() string {
	if e.Cause != nil {
		return fmt.Sprintf("%s: not finished: %v; allow more time", e.What, e.Cause)
	}
	return fmt.Sprintf("%s: not finished within its budget of nodes and memory; allow more", e.What)
}

func (e *BudgetError) Unwrap() error { return e.Cause }

func label(name string, n Node) string {
	if name == "" {
		return fmt.Sprintf("number %d", n)
	}
	return fmt.Sprintf("%q", name)
}
