package openpsa

import "diapason/internal/engine/stochastic"

// Model is a model read from one or several files.
type Model struct {
	files      []File // in UTF-8
	name       string
	names      []string // by symbol
	symbols    map[string]int32
	containers []container
	elements   []element
	nodes      []node
	args       []int32 // of formulas: indices of nodes
	groups     []group
	program    stochastic.Program
	uses       map[stochastic.Expr]int32 // parameter element that an expression stands for
	exprAt     []place
	labels     map[int32]string
	attributes map[int32][]attribute // by element; of containers by −2 − index
	events     scope                 // gates, basic and house events
	parameters scope
}

// place is where something stands.
type place struct{ file, at int32 }

// outside is the container of what stands in none.
const outside int32 = -1

type container struct {
	name, in  int32
	component bool
	private   bool
	at        place
}

// kind is what an element is.
type kind uint8

const (
	gate kind = iota
	basicEvent
	houseEvent
	parameter
)

var kindNames = [...]string{"gate", "basic-event", "house-event", "parameter"}

func (k kind) String() string { return kindNames[k] }

type element struct {
	name, in int32
	at       place
	body     int32 // gate: node; basic event and parameter: expression; house event: 1 true, 0 false
	group    int32 // common-cause group of a basic event, −1 for none
	unit     string
	kind     kind
	private  bool
}

const none int32 = -1

// connective is what a node of a formula does.
type connective uint8

const (
	reference connective = iota // of any kind of event; the others say which
	gateReference
	basicReference
	houseReference
	constant
	and
	or
	not
	xor
	iff
	nand
	nor
	atleast
	cardinality
	imply
)

var connectiveNames = [...]string{"event", "gate", "basic-event", "house-event", "constant", "and", "or", "not", "xor", "iff", "nand", "nor", "atleast", "cardinality", "imply"}

func (c connective) String() string { return connectiveNames[c] }

// wants is the kind that a reference must lead to.
func (c connective) wants(k kind) bool {
	return c == reference && k != parameter || c == gateReference && k == gate || c == basicReference && k == basicEvent || c == houseReference && k == houseEvent
}

type node struct {
	do           connective
	min, max     int32 // constant: min is 1 for true; reference: min is the symbol
	first, count int32
	target       int32 // of a reference: element
	at           place
}

type attribute struct{ name, value, kind string }

type group struct {
	name, in     int32
	at           place
	model        stochastic.CommonCause
	members      []member
	distribution stochastic.Expr
	factors      map[int]stochastic.Expr
	levels       []stochastic.Expr // of joint failures, by size; nil until needed
	label        string
	attributes   []attribute
}

type member struct {
	symbol, element int32
	at              place
}

func (m *Model) symbol(name []byte) int32 {
	if id, ok := m.symbols[string(name)]; ok {
		return id
	}
	id := int32(len(m.names))
	s := string(name)
	m.names = append(m.names, s)
	m.symbols[s] = id
	return id
}

// path is the full path of a container, ending with a dot.
func (m *Model) path(c int32) string {
	if c == outside {
		return ""
	}
	return m.path(m.containers[c].in) + m.names[m.containers[c].name] + "."
}

// reference is the shortest name by which an element can be referred to anywhere:
// its own where it is public, else its full path.
func (m *Model) reference(e int32) string {
	x := &m.elements[e]
	if x.private {
		return m.path(x.in) + m.names[x.name]
	}
	return m.names[x.name]
}

// inputs are the nodes below a node of a formula.
func (m *Model) inputs(n int32) []int32 {
	x := &m.nodes[n]
	return m.args[x.first : x.first+x.count]
}
