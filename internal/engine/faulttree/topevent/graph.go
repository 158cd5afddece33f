package topevent

import "slices"

// lit is a node of a graph and whether it is complemented: 2·id + 1 if so.
type lit int32

const (
	litTrue  lit = 0
	litFalse lit = 1
)

func (l lit) id() int32 { return int32(l) >> 1 }
func (l lit) not() lit  { return l ^ 1 }

type operator uint8

const (
	opVariable operator = iota
	opAnd
	opOr
	opAtLeast
	opXor
)

// dual is the operator of the complement over complemented arguments.
func (o operator) dual() operator {
	switch o {
	case opAnd:
		return opOr
	case opOr:
		return opAnd
	}
	return o
}

type vertex struct {
	op   operator
	k    int32 // of opAtLeast
	args []lit // ascending, no node twice
}

// graph is a formula in normal form: AND, OR, at-least and XOR over variables
// and each other, with complements on the arguments; equal gates are one
// vertex, and arguments have smaller ids than their gates. Vertex 0 is the
// constant true; 1..variables are the variables.
type graph struct {
	vertices  []vertex
	variables int32
	top       lit
	index     map[uint64][]int32
	beat      *pulse // ends the passes over it; nil for never
}

func newGraph(variables, hint int) *graph {
	g := &graph{variables: int32(variables), index: make(map[uint64][]int32, hint)}
	g.vertices = make([]vertex, variables+1, variables+1+hint)
	return g
}

func (g *graph) isGate(id int32) bool { return id > g.variables }

// read turns a checked tree into a graph; events[i] is variable i+1. What a pulse ends
// is not whole.
func read(t *Tree, order []Node, beat *pulse) (*graph, []Node) {
	var events []Node
	at := make([]lit, len(t.nodes))
	for _, n := range order {
		if t.nodes[n].kind == kindEvent {
			events = append(events, n)
		}
	}
	g := newGraph(len(events), len(order)-len(events))
	g.beat = beat
	next := lit(2)
	for _, n := range order {
		if beat.beat(1 + len(t.nodes[n].formula.Args)) {
			return g, events
		}
		switch t.nodes[n].kind {
		case kindEvent:
			at[n] = next
			next += 2
		case kindConstant:
			at[n] = litFalse
			if t.nodes[n].state {
				at[n] = litTrue
			}
		case kindGate:
			f := t.nodes[n].formula
			args := make([]lit, len(f.Args))
			for i, a := range f.Args {
				args[i] = at[a.Node]
				if a.Negated {
					args[i] = args[i].not()
				}
			}
			at[n] = g.formula(f, args)
		}
	}
	g.top = at[t.top]
	return g, events
}

func (g *graph) formula(f Formula, args []lit) lit {
	switch f.Operator {
	case And:
		return g.gate(opAnd, 0, args)
	case Nand:
		return g.gate(opAnd, 0, args).not()
	case Or:
		return g.gate(opOr, 0, args)
	case Nor:
		return g.gate(opOr, 0, args).not()
	case AtLeast:
		return g.gate(opAtLeast, int32(f.Min), args)
	case Cardinality:
		low := g.gate(opAtLeast, int32(f.Min), slices.Clone(args))
		high := g.gate(opAtLeast, int32(f.Max)+1, args)
		return g.gate(opAnd, 0, []lit{low, high.not()})
	case Xor:
		return g.gate(opXor, 0, args)
	case Not:
		return args[0].not()
	case Iff:
		return g.gate(opXor, 0, args).not()
	case Imply:
		return g.gate(opOr, 0, []lit{args[0].not(), args[1]})
	}
	return args[0]
}

// gate returns a literal equal to the operator over args: normal, simplified,
// and the one that exists already if there is one. It takes args over.
func (g *graph) gate(op operator, k int32, args []lit) lit {
	switch op {
	case opAnd, opOr:
		return g.series(op, args)
	case opAtLeast:
		return g.threshold(k, args)
	}
	return g.parity(args)
}

func (g *graph) series(op operator, args []lit) lit {
	neutral := litTrue
	if op == opOr {
		neutral = litFalse
	}
	slices.Sort(args)
	kept := args[:0]
	for _, a := range args {
		switch {
		case a == neutral:
			continue
		case a == neutral.not():
			return a
		case len(kept) > 0 && kept[len(kept)-1] == a:
			continue
		case len(kept) > 0 && kept[len(kept)-1] == a.not():
			return neutral.not()
		}
		kept = append(kept, a)
	}
	switch len(kept) {
	case 0:
		return neutral
	case 1:
		return kept[0]
	}
	return g.intern(op, 0, kept)
}

func (g *graph) parity(args []lit) lit {
	slices.Sort(args)
	flip := lit(0)
	kept := args[:0]
	for _, a := range args {
		flip ^= a & 1
		a &^= 1
		switch {
		case a == litTrue:
			flip ^= 1
			continue
		case len(kept) > 0 && kept[len(kept)-1] == a:
			kept = kept[:len(kept)-1]
			continue
		}
		kept = append(kept, a)
	}
	switch len(kept) {
	case 0:
		return litFalse ^ flip
	case 1:
		return kept[0] ^ flip
	}
	return g.intern(opXor, 0, kept) ^ flip
}

func (g *graph) threshold(k int32, args []lit) lit {
	slices.Sort(args)
	kept := args[:0]
	for _, a := range args {
		switch {
		case a == litTrue:
			k--
			continue
		case a == litFalse:
			continue
		case len(kept) > 0 && kept[len(kept)-1] == a.not():
			kept = kept[:len(kept)-1]
			k-- // exactly one of the two holds
			continue
		}
		kept = append(kept, a)
	}
	n := int32(len(kept))
	switch {
	case k <= 0:
		return litTrue
	case k > n:
		return litFalse
	case k == 1:
		return g.series(opOr, kept)
	case k == n:
		return g.series(opAnd, kept)
	}
	for i := 1; i < len(kept); i++ {
		if kept[i] != kept[i-1] {
			continue
		}
		// An argument named several times weighs as much: decide on it.
		twin, times := kept[i], int32(0)
		var rest []lit
		for _, a := range kept {
			if a == twin {
				times++
			} else {
				rest = append(rest, a)
			}
		}
		with := g.threshold(k-times, slices.Clone(rest))
		without := g.threshold(k, rest)
		return g.series(opOr, []lit{g.series(opAnd, []lit{twin, with}), without})
	}
	return g.intern(opAtLeast, k, kept)
}

func (g *graph) intern(op operator, k int32, args []lit) lit {
	if id := g.find(op, k, args, 0); id != 0 {
		return lit(id * 2)
	}
	// De Morgan: the complement may exist already.
	switch op {
	case opAnd, opOr:
		if id := g.find(op.dual(), 0, args, 1); id != 0 {
			return lit(id*2 + 1)
		}
	}
	id := int32(len(g.vertices))
	g.vertices = append(g.vertices, vertex{op: op, k: k, args: slices.Clone(args)})
	h := hashGate(op, k, args, 0)
	g.index[h] = append(g.index[h], id)
	return lit(id * 2)
}

func (g *graph) find(op operator, k int32, args []lit, flip lit) int32 {
next:
	for _, id := range g.index[hashGate(op, k, args, flip)] {
		v := &g.vertices[id]
		if v.op != op || v.k != k || len(v.args) != len(args) {
			continue
		}
		for i, a := range args {
			if v.args[i] != a^flip {
				continue next
			}
		}
		return id
	}
	return 0
}

func hashGate(op operator, k int32, args []lit, flip lit) uint64 {
	h := uint64(op)<<32 ^ uint64(uint32(k))
	for _, a := range args {
		h = (h ^ uint64(uint32(a^flip))) * 0x9E3779B97F4A7C15
		h ^= h >> 29
	}
	return h
}

// reach lists the gates that the top depends on, gates before their
// arguments, and counts for each vertex the arguments that name it; the top
// counts as one.
func (g *graph) reach() (down []int32, uses []int32) {
	uses = make([]int32, len(g.vertices))
	uses[g.top.id()]++
	for id := int32(len(g.vertices)) - 1; id > g.variables; id-- {
		if uses[id] == 0 {
			continue
		}
		down = append(down, id)
		for _, a := range g.vertices[id].args {
			uses[a.id()]++
		}
	}
	return down, uses
}

// rebuild makes a new graph of the gates that the top depends on, arguments
// first. define returns what becomes of a gate; at holds what became of the
// vertices before it. Nil define copies. Where the pulse of the graph ends it, the
// graph is returned as it is.
func (g *graph) rebuild(define func(to *graph, id int32, at []lit) lit) *graph {
	down, _ := g.reach()
	to := newGraph(int(g.variables), len(down))
	to.beat = g.beat
	at := make([]lit, len(g.vertices))
	for i := int32(0); i <= g.variables; i++ {
		at[i] = lit(2 * i)
	}
	for i := len(down) - 1; i >= 0; i-- {
		id := down[i]
		if g.beat.beat(1 + len(g.vertices[id].args)) {
			return g
		}
		at[id] = define(to, id, at)
	}
	if g.beat.over() {
		return g
	}
	to.top = at[g.top.id()] ^ g.top&1
	return to
}

// moved translates arguments into the new graph.
func moved(args []lit, at []lit) []lit {
	out := make([]lit, len(args))
	for i, a := range args {
		out[i] = at[a.id()] ^ a&1
	}
	return out
}
