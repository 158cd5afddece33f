package topevent

import (
	"path/filepath"
	"testing"
)

// states evaluates a graph in 64 states.
func (g *graph) states(variable func(int32) uint64) uint64 {
	value := make([]uint64, len(g.vertices))
	value[0] = ^uint64(0)
	for v := int32(1); v <= g.variables; v++ {
		value[v] = variable(v)
	}
	for id := g.variables + 1; int(id) < len(g.vertices); id++ {
		v := &g.vertices[id]
		f := Formula{Operator: map[operator]Operator{opAnd: And, opOr: Or, opXor: Xor, opAtLeast: AtLeast}[v.op], Min: int(v.k)}
		for _, a := range v.args {
			f.Args = append(f.Args, Arg{Node(a.id()), a&1 == 1})
		}
		value[id] = f.states(value)
	}
	out := value[g.top.id()]
	if g.top&1 == 1 {
		out = ^out
	}
	return out
}

func TestEveryStepOfSimplificationKeepsTheFunction(t *testing.T) {
	files, _ := filepath.Glob(filepath.Join(araliaFolder(t), "aralia", "*.xml"))
	for _, file := range files {
		tree := readAralia(t, file)
		order, err := tree.sorted(nil)
		if err != nil {
			t.Fatal(err)
		}
		g, _ := read(tree, order, nil)
		steps := []string{"read", "coalesce", "assume", "factor", "twins", "simplify", "separate"}
		graphs := []*graph{g, g.coalesce(), g.assume(), g.factor(), g.twins(), simplify(g), simplify(g).separate()}
		r := random(1)
		for trial := range 300 {
			p := []float64{0.01, 0.05, 0.1, 0.2, 0.4, 0.6}[trial%6]
			words := make([]uint64, g.variables+1)
			for i := range words {
				words[i] = r.word(p)
			}
			want := g.states(func(v int32) uint64 { return words[v] })
			for i, h := range graphs {
				if got := h.states(func(v int32) uint64 { return words[v] }); got != want {
					t.Fatalf("%s: %s changed the function (trial %d)", filepath.Base(file), steps[i], trial)
				}
			}
		}
	}
}
