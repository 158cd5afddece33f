package topevent

import "testing"

func TestArgumentsThatShareNothingWithOthersAreOneVariable(t *testing.T) {
	tree := &Tree{}
	event := func(name string) Arg { return Arg{Node: tree.AddEvent(name, 0.1)} }
	shared := event("shared")
	gate := func(op Operator, args ...Arg) Arg {
		return Arg{Node: tree.AddFormula("", Formula{Operator: op, Args: args})}
	}
	one := gate(Or, event("a"), event("b"), gate(And, event("c"), event("d")), gate(And, shared, event("e")))
	two := gate(Or, event("f"), gate(And, shared, event("g"), event("h"), event("i")))
	tree.SetTop(gate(And, one, two).Node)
	order, err := tree.sorted(nil)
	if err != nil {
		t.Fatal(err)
	}
	g, _ := read(tree, order, nil)
	blocks := simplify(g).separate().blocks()
	// a ∨ b ∨ cd, e, f, g ∧ h ∧ i and what is shared
	top := blocks[len(blocks)-1]
	if len(top.leaves) != 5 {
		t.Errorf("the top has %d variables in %d blocks, and could have 5", len(top.leaves), len(blocks))
	}
}
