package faulttree

import "fmt"

// ProbabilityError refuses a probability that is not a number in [0, 1].
type ProbabilityError struct {
	Event NodeID
	Value Probability
}

func (e *ProbabilityError) Error() string {
	return fmt.Sprintf("event %d: probability %v is not a number in [0, 1]; give the unavailability, for instance MTTR/(MTBF+MTTR)", e.Event, float64(e.Value))
}

// UnknownNodeError refuses a handle that the graph did not give out. Gate is
// where it was used, or the node itself when it was used alone.
type UnknownNodeError struct {
	Gate NodeID
	Node NodeID
}

func (e *UnknownNodeError) Error() string {
	return fmt.Sprintf("gate %d: no node %d in this graph; use a handle returned by AddEvent, AddConstant, ReserveGate or a gate method of the same graph", e.Gate, e.Node)
}

// ThresholdError refuses an at-least gate whose k lies outside [1, n].
type ThresholdError struct {
	Gate NodeID
	K, N int
}

func (e *ThresholdError) Error() string {
	return fmt.Sprintf("gate %d: at least %d failures of %d inputs can never be meant; k must lie in [1, %d]", e.Gate, e.K, e.N, e.N)
}

// EmptyGateError refuses a gate without inputs, whose value would be a guess.
type EmptyGateError struct {
	Gate NodeID
	Op   Op
}

func (e *EmptyGateError) Error() string {
	return fmt.Sprintf("gate %d: %s without inputs; use AddConstant to say whether it is failed", e.Gate, e.Op)
}

// OperatorError refuses an operator that no gate can have, or one with the
// wrong number of inputs.
type OperatorError struct {
	Gate   NodeID
	Op     Op
	Inputs int
}

func (e *OperatorError) Error() string {
	return fmt.Sprintf("gate %d: operator %s with %d inputs; gates are or, and, at-least, xor, and not with one input", e.Gate, e.Op, e.Inputs)
}

// RedefinedError refuses a second, contradictory definition of one node.
type RedefinedError struct {
	Gate NodeID
	Op   Op
}

func (e *RedefinedError) Error() string {
	return fmt.Sprintf("node %d: already defined as %s; each gate has one definition", e.Gate, e.Op)
}

// UndefinedGateError refuses a reserved gate that was never defined.
type UndefinedGateError struct{ Gate NodeID }

func (e *UndefinedGateError) Error() string {
	return fmt.Sprintf("gate %d: reserved but not defined; call Define before compiling", e.Gate)
}

// SizeError refuses a graph larger than 32-bit handles can number.
type SizeError struct{ Nodes, Edges int }

func (e *SizeError) Error() string {
	return fmt.Sprintf("graph of %d nodes and %d inputs is too large; the limits are 2^30 nodes and 2^31 inputs", e.Nodes, e.Edges)
}

// NonMonotoneCircleError refuses a NOT or XOR inside a circle: such equations
// may have no solution ("fails iff it does not fail").
type NonMonotoneCircleError struct {
	Gate NodeID
	Op   Op
}

func (e *NonMonotoneCircleError) Error() string {
	return fmt.Sprintf("gate %d: %s inside a circle has no defined meaning; break the circle or use and, or, at-least", e.Gate, e.Op)
}

// NotCoherentError refuses an analysis that is defined for coherent structures
// only (cut sets, single points of failure, propagation of a state).
type NotCoherentError struct{ Node NodeID }

func (e *NotCoherentError) Error() string {
	return fmt.Sprintf("node %d: depends on a not or xor gate, for which minimal cut sets and single points of failure are not defined; its probability is still available", e.Node)
}

// NotATopError is returned for a node that was not among the tops compiled.
type NotATopError struct{ Node NodeID }

func (e *NotATopError) Error() string {
	return fmt.Sprintf("node %d: not a top of this model; name it among the tops given to Compile", e.Node)
}

// BudgetError says that an analysis needs more diagram nodes than allowed, so
// that there is no exact answer under this budget.
type BudgetError struct {
	Node     NodeID
	Analysis string
	Budget   int
}

func (e *BudgetError) Error() string {
	return fmt.Sprintf("node %d: %s needs more than %d diagram nodes; raise Options.NodeBudget", e.Node, e.Analysis, e.Budget)
}
