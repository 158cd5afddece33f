// Package stochastic evaluates the expressions from which the probabilities of
// basic events are computed: constants, parameters shared by many events,
// arithmetic, distributions in time, and random deviates that say how uncertain
// a parameter is. It is the "Stochastic Layer" of the Open-PSA Model Exchange
// Format 2.0d without its notation.
//
// A [Program] is a set of equations over handles. [Program.Compile] orders it;
// the [Evaluator] then gives the point value, in which a random deviate counts
// as its mean, or samples, in which each deviate is drawn once a trial: events
// that share a parameter share its draw (the state-of-knowledge correlation of
// Apostolakis and Kaplan, 1981).
//
// Nothing stops at a value that makes no sense: it is NaN, and
// [Evaluator.Blame] names the expression where it arose and why.
package stochastic

import "fmt"

// Expr is a dense handle of an expression of one [Program].
type Expr int32

// None is no expression.
const None Expr = -1

// ArityError refuses an operation with the wrong number of arguments.
type ArityError struct {
	Op        Op
	Arguments int
}

func (e *ArityError) Error() string {
	return fmt.Sprintf("%s with %d arguments: it takes %s", e.Op, e.Arguments, e.Op.Arity())
}

// CircleError says that expressions are defined by each other.
type CircleError struct{ Circle []Expr } // each needs the next, the last the first

func (e *CircleError) Error() string {
	return fmt.Sprintf("expressions %v are defined by each other", e.Circle)
}

// DomainError says why an operation has no value.
type DomainError struct {
	Expr  Expr
	Op    Op
	Name  string  // of the argument, or "result"
	Value float64 // of the argument
	Want  string  // what is allowed; empty where the result is not a finite number
}

func (e *DomainError) Error() string {
	if e.Want == "" {
		return fmt.Sprintf("%s: the result is %v, which is not a finite number", e.Op, e.Value)
	}
	return fmt.Sprintf("%s: the %s is %v and must be %s", e.Op, e.Name, e.Value, e.Want)
}
