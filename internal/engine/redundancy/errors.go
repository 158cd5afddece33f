package redundancy

import (
	"errors"
	"fmt"
)

// ErrUndecided tells that the context was done before any solution was found,
// nor that there is none.
var ErrUndecided = errors.New("redundancy: the time ended before a solution was found or refuted")

// MistakeError is a mistake in a problem.
type MistakeError struct {
	Code      Mistake
	Subsystem string
	Type      string
	Resource  string
	Node      string
	Value     float64
}

// Mistake names a kind of mistake.
type Mistake string

// The mistakes.
const (
	NoSubsystem        Mistake = "no-subsystem"        // the problem has none
	NoType             Mistake = "no-type"             // a subsystem has no type of component
	TwiceSubsystem     Mistake = "twice-subsystem"     // two subsystems of one name
	TwiceType          Mistake = "twice-type"          // two types of one name in a subsystem
	TwiceResource      Mistake = "twice-resource"      // two resources of one name
	BadReliability     Mistake = "bad-reliability"     // outside 0 to 1, or no number
	BadTarget          Mistake = "bad-target"          // outside 0 to 1, or no number
	BadAmount          Mistake = "bad-amount"          // negative, infinite or no number
	BadLimit           Mistake = "bad-limit"           // negative or no number
	BadCount           Mistake = "bad-count"           // negative, or more at least than at most
	ShortTable         Mistake = "short-table"         // a table of uses ends before the largest count
	Unbounded          Mistake = "unbounded"           // neither a largest count nor a limit bounds the components
	TooMany            Mistake = "too-many"            // more fillings of one subsystem than can be enumerated
	TooLarge           Mistake = "too-large"           // amounts whose sum is no exact integer any more
	UnknownSubsystem   Mistake = "unknown-subsystem"   // the structure names a subsystem that there is not
	UnusedSubsystem    Mistake = "unused-subsystem"    // a subsystem that the structure does not name
	UnknownResource    Mistake = "unknown-resource"    // the goal names a resource that there is not
	EmptyStructure     Mistake = "empty-structure"     // a group or network without members
	BadNeeded          Mistake = "bad-needed"          // more are needed than there are
	AmbiguousStructure Mistake = "ambiguous-structure" // subsystem, group and network at once
	BadNode            Mistake = "bad-node"            // a failing node of a network stands twice, or no link touches it
	DeepStructure      Mistake = "deep-structure"      // groups nested too deep
	EntangledStructure Mistake = "entangled-structure" // the decision diagram outgrows its budget
	ConstantStructure  Mistake = "constant-structure"  // works or fails whatever its subsystems do
)

// Error names the mistake and its place.
func (e *MistakeError) Error() string {
	s := "redundancy: " + string(e.Code)
	if e.Subsystem != "" {
		s += fmt.Sprintf(", subsystem %q", e.Subsystem)
	}
	if e.Type != "" {
		s += fmt.Sprintf(", type %q", e.Type)
	}
	if e.Resource != "" {
		s += fmt.Sprintf(", resource %q", e.Resource)
	}
	if e.Node != "" {
		s += fmt.Sprintf(", node %q", e.Node)
	}
	return s + fmt.Sprintf(" (%g)", e.Value)
}

// InfeasibleError tells that no choice stays within the limits.
type InfeasibleError struct {
	// Resource is one of which even the smallest choice uses Least, more than
	// its Limit; empty when each limit can be met alone but not all together.
	Resource     string
	Least, Limit Amount
}

// Error says which limit is too small.
func (e *InfeasibleError) Error() string {
	if e.Resource == "" {
		return "redundancy: no choice meets all limits together"
	}
	return fmt.Sprintf("redundancy: the smallest choice uses %v of %q, the limit is %v", float64(e.Least), e.Resource, float64(e.Limit))
}

// UnreachableError tells that the limits do not allow the reliability asked for.
type UnreachableError struct {
	Target Probability
	// Best is the highest reliability within the limits where Exact, otherwise
	// a bound on it.
	Best  Probability
	Exact bool
}

// Error gives both reliabilities.
func (e *UnreachableError) Error() string {
	return fmt.Sprintf("redundancy: reliability %.12g cannot be reached within the limits, at best %.12g", float64(e.Target), float64(e.Best))
}
