package openpsa

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"diapason/internal/engine/faulttree"
)

// must unwraps the handles of a graph built by hand.
func must(t *testing.T) func(faulttree.NodeID, error) faulttree.NodeID {
	return func(id faulttree.NodeID, err error) faulttree.NodeID {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return id
	}
}

func TestGraphsAreWrittenAsTrees(t *testing.T) {
	var g faulttree.Graph
	node := must(t)
	a, b, c := node(g.AddEvent(0.1)), node(g.AddEvent(0.2)), node(g.AddEvent(0.4))
	on := node(g.AddConstant(true))
	two := node(g.AddAtLeast(2, a, b, c))
	all := node(g.AddAtLeast(3, a, b, c))
	any := node(g.AddAtLeast(1, all, a))
	not := node(g.AddNot(c))
	one := node(g.AddOr(two))
	odd := node(g.AddXor(one, not))
	top := node(g.AddAnd(odd, any, on))
	var out bytes.Buffer
	err := WriteGraph(&out, "service/x", &g, top, func(id faulttree.NodeID) Part {
		name := fmt.Sprintf("component/db.%d", id/2) // two of one name
		if id == top {
			name = "9 lives & more"
		}
		return Part{Name: name, Label: "<" + name + ">", Probability: g.Probability(id)}
	})
	if err != nil {
		t.Fatal(err)
	}
	m := read(t, out.String())
	if tops := m.Tops(); len(tops) != 1 || tops[0] != "n9-lives-more" {
		t.Fatalf("tops %v\n%s", tops, out.String())
	}
	// a ∧ (two of three xor not c), two of three being b ∨ c where a is failed.
	want := 0.1 * (0.6*0.8 + 0.4)
	if got := probability(t, m, "n9-lives-more"); math.Abs(got-want) > 1e-12 {
		t.Errorf("got %v, want %v\n%s", got, want, out.String())
	}
	if strings.Contains(out.String(), "--") {
		t.Error("a name with two hyphens in a row is not portable")
	}
}

func TestGraphsInACircleAreRefusedWithTheCircle(t *testing.T) {
	var g faulttree.Graph
	node := must(t)
	a, b := node(g.ReserveGate()), node(g.ReserveGate())
	e := node(g.AddEvent(0.1))
	if err := errors.Join(g.Define(a, faulttree.OpOr, 0, b, e), g.Define(b, faulttree.OpOr, 0, a, e)); err != nil {
		t.Fatal(err)
	}
	err := WriteGraph(&bytes.Buffer{}, "T", &g, a, func(id faulttree.NodeID) Part { return Part{Name: string(rune('a' + id))} })
	var circle *CircleError
	if !errors.As(err, &circle) || strings.Join(circle.Names, " ") != "a b" {
		t.Errorf("got %v", err)
	}
}
