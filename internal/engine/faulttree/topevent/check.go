package topevent

import "fmt"

// Check reports what is wrong with a tree: *[TopError], *[DefinitionError],
// *[NameError], *[ProbabilityError] or *[CycleError], in this order of
// preference; nil when it can be analysed. Gates that the top does not need
// are checked too.
func Check(t *Tree) error {
	_, err := t.sorted(nil)
	return err
}

// sorted checks the tree and returns the nodes that the top depends on,
// arguments before gates. What a pulse ends is not whole.
func (t *Tree) sorted(beat *pulse) ([]Node, error) {
	if !t.hasTop || t.top < 0 || int(t.top) >= len(t.nodes) {
		return nil, &TopError{Top: t.top}
	}
	names := make(map[string]Node, len(t.nodes))
	for i := range t.nodes {
		n := &t.nodes[i]
		if beat.beat(1) {
			return nil, nil
		}
		if n.name != "" {
			if first, ok := names[n.name]; ok {
				return nil, &NameError{Name: n.name, First: first, Second: Node(i)}
			}
			names[n.name] = Node(i)
		}
		switch n.kind {
		case kindEvent:
			if !n.p.Valid() {
				return nil, &ProbabilityError{Event: Node(i), Name: n.name, Value: n.p}
			}
		case kindGate:
			if problem := t.problem(n.formula); problem != "" {
				return nil, &DefinitionError{Gate: Node(i), Name: n.name, Problem: problem}
			}
		}
	}
	var order []Node
	state := make([]uint8, len(t.nodes)) // 0 unseen, 1 on the way, 2 done
	order, err := t.visit(t.top, state, order, beat)
	if err != nil {
		return nil, err
	}
	needed := len(order)
	for i := range t.nodes {
		if beat.over() {
			return nil, nil
		}
		if order, err = t.visit(Node(i), state, order, beat); err != nil {
			return nil, err
		}
	}
	return order[:needed], nil
}

type frame struct {
	node Node
	next int
}

// visit walks depth first without recursion, so that depth costs no stack.
func (t *Tree) visit(root Node, state []uint8, order []Node, beat *pulse) ([]Node, error) {
	if state[root] != 0 {
		return order, nil
	}
	path := []frame{{node: root}}
	state[root] = 1
	for len(path) > 0 {
		if beat.beat(1) {
			return nil, nil
		}
		f := &path[len(path)-1]
		args := t.nodes[f.node].formula.Args
		if f.next == len(args) {
			state[f.node] = 2
			order = append(order, f.node)
			path = path[:len(path)-1]
			continue
		}
		child := args[f.next].Node
		f.next++
		switch state[child] {
		case 0:
			state[child] = 1
			path = append(path, frame{node: child})
		case 1:
			e := &CycleError{}
			for i := len(path) - 1; i >= 0; i-- {
				if path[i].node == child {
					for _, g := range path[i:] {
						e.Gates = append(e.Gates, g.node)
						e.Names = append(e.Names, t.nodes[g.node].name)
					}
					break
				}
			}
			return nil, e
		}
	}
	return order, nil
}

// problem says what is wrong with a formula, or nothing.
func (t *Tree) problem(f Formula) string {
	for _, a := range f.Args {
		if a.Node < 0 || int(a.Node) >= len(t.nodes) {
			return fmt.Sprintf("argument %d is no node of this tree", a.Node)
		}
	}
	n := len(f.Args)
	switch f.Operator {
	case And, Or, Xor, Nand, Nor:
		if n == 0 {
			return fmt.Sprintf("%s without arguments; use a constant to say what it is", f.Operator)
		}
	case Not, Pass:
		if n != 1 {
			return fmt.Sprintf("%s with %d arguments; it has one", f.Operator, n)
		}
	case Iff, Imply:
		if n != 2 {
			return fmt.Sprintf("%s with %d arguments; it has two", f.Operator, n)
		}
	case AtLeast:
		if f.Min < 1 || f.Min > n {
			return fmt.Sprintf("at least %d of %d arguments; the number must lie in [1, %d]", f.Min, n, n)
		}
	case Cardinality:
		if f.Min < 0 || f.Max < f.Min || f.Max > n {
			return fmt.Sprintf("between %d and %d of %d arguments; the numbers must ascend within [0, %d]", f.Min, f.Max, n, n)
		}
	case 0:
		return "it is used but not defined; define it or remove it"
	default:
		return fmt.Sprintf("unknown operator %s", f.Operator)
	}
	return ""
}
