package faulttree

import (
	"math"
)

// Probability is a number in [0, 1]. Given to a basic event it is the
// unavailability q of what the event stands for: the probability to find it
// failed at an arbitrary moment (steady state q = MDT / (MUT + MDT)).
type Probability float64

// Valid reports whether p is a number in [0, 1]; NaN is not.
func (p Probability) Valid() bool { return p >= 0 && p <= 1 }

// NodeID is a dense handle of an event, a constant or a gate of one [Graph]:
// 0 ≤ id < [Graph.Len]. Handles are given out in the order of the calls.
type NodeID int32

// Op says what a node of the graph is.
type Op uint8

const (
	opUndefined Op = iota
	// OpEvent is a basic event: it fails by itself with its Probability.
	OpEvent
	// OpConstant is a house event: always failed or never failed.
	OpConstant
	// OpOr fails as soon as one input fails ("requires all of").
	OpOr
	// OpAnd fails when all inputs fail ("any of is enough").
	OpAnd
	// OpAtLeast fails when at least k of its inputs fail. "At least r of n
	// must work" is OpAtLeast with k = n − r + 1. An input given twice counts
	// twice.
	OpAtLeast
	// OpNot fails when its one input does not; it makes a tree not coherent.
	OpNot
	// OpXor fails when an odd number of inputs fails; not coherent either.
	OpXor
)

var opNames = [...]string{"undefined", "event", "constant", "or", "and", "at-least", "not", "xor"}

// String returns the lower-case name of the operator.
func (op Op) String() string {
	if int(op) < len(opNames) {
		return opNames[op]
	}
	return "unknown"
}

// Graph is a set of equations "node fails iff op(inputs)", over shared nodes,
// circles allowed. The zero value is an empty graph ready to use. It is filled
// by one goroutine and must not change after it was given to [Compile] or
// [NewPropagation].
type Graph struct {
	op     []Op
	k      []int32 // failures needed; OpConstant: 1 failed, 0 not
	start  []int32 // first input of the node in inputs
	count  []int32
	inputs []NodeID
	q      []Probability
	open   int // reserved gates that are not defined yet
}

// Len returns the number of nodes.
func (g *Graph) Len() int { return len(g.op) }

// Op returns what node id is; for an unknown id, or a gate that was reserved
// and not defined, a value whose name is "undefined".
func (g *Graph) Op(id NodeID) Op {
	if !g.has(id) {
		return opUndefined
	}
	return g.op[id]
}

// Inputs returns the inputs of a gate; the slice belongs to the graph.
func (g *Graph) Inputs(id NodeID) []NodeID {
	if !g.has(id) {
		return nil
	}
	return g.inputs[g.start[id] : g.start[id]+g.count[id]]
}

// Threshold returns the number of failed inputs from which a coherent gate
// fails: 1 for OR, n for AND, k for at-least; 0 for anything else.
func (g *Graph) Threshold(id NodeID) int {
	switch g.Op(id) {
	case OpOr, OpAnd, OpAtLeast:
		return int(g.k[id])
	}
	return 0
}

// Probability returns the unavailability a basic event was added with.
func (g *Graph) Probability(id NodeID) Probability {
	if !g.has(id) {
		return 0
	}
	return g.q[id]
}

func (g *Graph) has(id NodeID) bool { return id >= 0 && int(id) < len(g.op) }

func (g *Graph) add(op Op, k int32, q Probability) NodeID {
	id := NodeID(len(g.op))
	g.op = append(g.op, op)
	g.k = append(g.k, k)
	g.start = append(g.start, 0)
	g.count = append(g.count, 0)
	g.q = append(g.q, q)
	return id
}

// AddEvent adds a basic event that fails with probability q, independently of
// all other events. The error is a *[ProbabilityError] when q is not a number
// in [0, 1], a *[SizeError] when the graph is full.
func (g *Graph) AddEvent(q Probability) (NodeID, error) {
	if !q.Valid() {
		return -1, &ProbabilityError{Event: NodeID(len(g.op)), Value: q}
	}
	if err := g.room(1); err != nil {
		return -1, err
	}
	return g.add(OpEvent, 0, q), nil
}

// AddConstant adds a house event: failed for ever, or never failed. The error
// is a *[SizeError] when the graph is full.
func (g *Graph) AddConstant(failed bool) (NodeID, error) {
	if err := g.room(1); err != nil {
		return -1, err
	}
	if failed {
		return g.add(OpConstant, 1, 1), nil
	}
	return g.add(OpConstant, 0, 0), nil
}

// ReserveGate returns the handle of a gate whose definition follows, so that
// gates in a circle can name each other. The error is a *[SizeError] when the
// graph is full.
func (g *Graph) ReserveGate() (NodeID, error) {
	if err := g.room(1); err != nil {
		return -1, err
	}
	g.open++
	return g.add(opUndefined, 0, 0), nil
}

// Define gives a reserved gate its operator and inputs, which it copies. k
// counts failures and is read for OpAtLeast only. Errors: *[UnknownNodeError],
// *[RedefinedError], *[EmptyGateError], *[ThresholdError] for k outside
// [1, n], *[OperatorError] for an operator that is no gate or a NOT with more
// than one input, *[SizeError].
func (g *Graph) Define(gate NodeID, op Op, k int, inputs ...NodeID) error {
	if !g.has(gate) {
		return &UnknownNodeError{Gate: gate, Node: gate}
	}
	if g.op[gate] != opUndefined {
		return &RedefinedError{Gate: gate, Op: g.op[gate]}
	}
	if err := g.checkGate(gate, op, k, inputs); err != nil {
		return err
	}
	switch op {
	case OpOr:
		k = 1
	case OpAnd:
		k = len(inputs)
	case OpNot, OpXor:
		k = 0
	}
	g.op[gate] = op
	g.k[gate] = int32(k)
	g.start[gate] = int32(len(g.inputs))
	g.count[gate] = int32(len(inputs))
	g.inputs = append(g.inputs, inputs...)
	g.open--
	return nil
}

func (g *Graph) checkGate(gate NodeID, op Op, k int, inputs []NodeID) error {
	switch op {
	case OpOr, OpAnd, OpAtLeast, OpXor:
	case OpNot:
		if len(inputs) > 1 {
			return &OperatorError{Gate: gate, Op: op, Inputs: len(inputs)}
		}
	default:
		return &OperatorError{Gate: gate, Op: op, Inputs: len(inputs)}
	}
	if len(inputs) == 0 {
		return &EmptyGateError{Gate: gate, Op: op}
	}
	if op == OpAtLeast && (k < 1 || k > len(inputs)) {
		return &ThresholdError{Gate: gate, K: k, N: len(inputs)}
	}
	for _, in := range inputs {
		if !g.has(in) {
			return &UnknownNodeError{Gate: gate, Node: in}
		}
	}
	if len(g.inputs) > math.MaxInt32-len(inputs) {
		return &SizeError{Nodes: len(g.op), Edges: len(g.inputs) + len(inputs)}
	}
	return nil
}

func (g *Graph) room(n int) error {
	// Twice the index plus a complement bit must fit an int32.
	if len(g.op)+n > math.MaxInt32/2 {
		return &SizeError{Nodes: len(g.op) + n, Edges: len(g.inputs)}
	}
	return nil
}

func (g *Graph) addGate(op Op, k int, inputs []NodeID) (NodeID, error) {
	// Checked first, so that a refused gate leaves no reserved one behind.
	if err := g.checkGate(NodeID(len(g.op)), op, k, inputs); err != nil {
		return -1, err
	}
	gate, err := g.ReserveGate()
	if err != nil {
		return -1, err
	}
	return gate, g.Define(gate, op, k, inputs...)
}

// AddOr adds a gate that fails as soon as one input fails; errors as [Graph.Define].
func (g *Graph) AddOr(inputs ...NodeID) (NodeID, error) { return g.addGate(OpOr, 0, inputs) }

// AddAnd adds a gate that fails when all inputs fail; errors as [Graph.Define].
func (g *Graph) AddAnd(inputs ...NodeID) (NodeID, error) { return g.addGate(OpAnd, 0, inputs) }

// AddAtLeast adds a gate that fails when at least k inputs fail; errors as
// [Graph.Define].
func (g *Graph) AddAtLeast(k int, inputs ...NodeID) (NodeID, error) {
	return g.addGate(OpAtLeast, k, inputs)
}

// AddWorking adds a gate that works while at least need of its inputs work,
// that is, fails from n − need + 1 failures on; errors as [Graph.Define].
func (g *Graph) AddWorking(need int, inputs ...NodeID) (NodeID, error) {
	return g.addGate(OpAtLeast, len(inputs)-need+1, inputs)
}

// AddNot adds the negation of one input; errors as [Graph.Define].
func (g *Graph) AddNot(input NodeID) (NodeID, error) { return g.addGate(OpNot, 0, []NodeID{input}) }

// AddXor adds a gate that fails when an odd number of inputs fails; errors as
// [Graph.Define].
func (g *Graph) AddXor(inputs ...NodeID) (NodeID, error) { return g.addGate(OpXor, 0, inputs) }
