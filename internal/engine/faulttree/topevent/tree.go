package topevent

import (
	"fmt"

	"diapason/internal/engine/faulttree"
)

// Probability of a basic event or of the top event, in [0, 1].
type Probability = faulttree.Probability

// Node is a handle of an event, a constant or a gate of one [Tree], given out
// in the order of the calls: 0 ≤ node < [Tree.Len].
type Node int32

// Arg is an argument of a gate: a node, or its complement.
type Arg struct {
	Node    Node
	Negated bool
}

// Operator says how a gate follows from its arguments.
type Operator uint8

// The operators of the Open-PSA Model Exchange Format.
const (
	And         Operator = iota + 1 // all of them
	Or                              // one of them
	AtLeast                         // at least Min of them
	Cardinality                     // at least Min and at most Max of them
	Xor                             // an odd number of them
	Not                             // not the only one
	Nand                            // not all of them
	Nor                             // none of them
	Iff                             // the two are equal
	Imply                           // the second, or not the first
	Pass                            // the only one
)

var operatorNames = [...]string{"undefined", "and", "or", "atleast", "cardinality", "xor", "not", "nand", "nor", "iff", "imply", "pass"}

// String returns the element name of the operator in Open-PSA XML.
func (o Operator) String() string {
	if int(o) < len(operatorNames) {
		return operatorNames[o]
	}
	return fmt.Sprintf("operator(%d)", uint8(o))
}

// Formula defines a gate. Min and Max count for [AtLeast] and [Cardinality]
// only. The slice of arguments belongs to the tree once it is given.
type Formula struct {
	Operator Operator
	Min, Max int
	Args     []Arg
}

type kind uint8

const (
	kindEvent kind = iota
	kindConstant
	kindGate
)

type node struct {
	name    string
	kind    kind
	state   bool // of a constant
	p       Probability
	formula Formula
}

// Tree is a fault tree, or any Boolean formula over basic events that fail
// independently: gates may share arguments, so it is a directed acyclic graph.
// The zero value is empty and ready. Nothing is checked until [Compile].
type Tree struct {
	nodes  []node
	events []Node
	top    Node
	hasTop bool
}

// AddEvent adds a basic event with its probability. The name serves reports
// and errors and may be empty; names that are not empty must differ.
func (t *Tree) AddEvent(name string, p Probability) Node {
	t.events = append(t.events, Node(len(t.nodes)))
	return t.add(node{name: name, kind: kindEvent, p: p})
}

// AddConstant adds a house event, or a constant of a formula.
func (t *Tree) AddConstant(name string, state bool) Node {
	return t.add(node{name: name, kind: kindConstant, state: state})
}

// AddGate adds a gate that [Tree.Define] defines later, so that gates can be
// named before they are known.
func (t *Tree) AddGate(name string) Node {
	return t.add(node{name: name, kind: kindGate})
}

// AddFormula adds a gate and defines it at once.
func (t *Tree) AddFormula(name string, f Formula) Node {
	return t.add(node{name: name, kind: kindGate, formula: f})
}

func (t *Tree) add(n node) Node {
	t.nodes = append(t.nodes, n)
	return Node(len(t.nodes) - 1)
}

// Define gives a gate its formula. Errors: *[DefinitionError] when the node is
// no gate or has a formula already.
func (t *Tree) Define(gate Node, f Formula) error {
	if gate < 0 || int(gate) >= len(t.nodes) || t.nodes[gate].kind != kindGate {
		return &DefinitionError{Gate: gate, Name: t.Name(gate), Problem: "it is no gate of this tree; only a node from AddGate can be defined"}
	}
	if t.nodes[gate].formula.Operator != 0 {
		return &DefinitionError{Gate: gate, Name: t.Name(gate), Problem: "it is defined twice; keep one definition"}
	}
	t.nodes[gate].formula = f
	return nil
}

// SetTop says which node is the top event: usually a gate, but any node will do.
func (t *Tree) SetTop(top Node) { t.top, t.hasTop = top, true }

// SetProbability changes the probability of a basic event; other nodes are
// left alone.
func (t *Tree) SetProbability(event Node, p Probability) {
	if event >= 0 && int(event) < len(t.nodes) {
		t.nodes[event].p = p
	}
}

// Top returns the top event and whether one was set.
func (t *Tree) Top() (Node, bool) { return t.top, t.hasTop }

// Len returns the number of nodes.
func (t *Tree) Len() int { return len(t.nodes) }

// Events returns the basic events in the order in which they were added. The
// slice belongs to the tree.
func (t *Tree) Events() []Node { return t.events }

// Gates returns the number of gates.
func (t *Tree) Gates() int {
	n := 0
	for i := range t.nodes {
		if t.nodes[i].kind == kindGate {
			n++
		}
	}
	return n
}

// Name returns the name of a node, or the empty string.
func (t *Tree) Name(n Node) string {
	if n < 0 || int(n) >= len(t.nodes) {
		return ""
	}
	return t.nodes[n].name
}

// Probability returns the probability of a basic event, and 0 or 1 for a
// constant.
func (t *Tree) Probability(n Node) Probability {
	if n < 0 || int(n) >= len(t.nodes) {
		return 0
	}
	if t.nodes[n].kind == kindConstant && t.nodes[n].state {
		return 1
	}
	return t.nodes[n].p
}

// Formula returns the definition of a gate, and false for other nodes and for
// gates without definition.
func (t *Tree) Formula(n Node) (Formula, bool) {
	if n < 0 || int(n) >= len(t.nodes) || t.nodes[n].formula.Operator == 0 {
		return Formula{}, false
	}
	return t.nodes[n].formula, true
}
