package reliance

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

type table struct {
	needs   map[int32][]Need
	labels  map[int32][]int32
	visited int
}

func (g *table) Needs(n int32) []Need    { g.visited++; return g.needs[n] }
func (g *table) Labels(n int32) []int32  { return g.labels[n] }
func node(n int32) Need                  { return Need{Node: n} }
func group(atLeast int, of ...Need) Need { return Need{Group: of, AtLeast: atLeast} }

func TestAlone(t *testing.T) {
	for _, c := range []struct {
		name   string
		needs  map[int32][]Need
		labels map[int32][]int32
		want   []int32
	}{
		{"a node falls with its own label", nil, map[int32][]int32{1: {7}}, []int32{7}},
		{"a node falls with whatever it needs, at any depth", map[int32][]Need{1: {node(2)}, 2: {node(3)}}, map[int32][]int32{3: {9}}, []int32{9}},
		{"alternatives with different labels fall with none", map[int32][]Need{1: {group(1, node(2), node(3))}}, map[int32][]int32{2: {5}, 3: {6}}, nil},
		{"alternatives fall with what they share", map[int32][]Need{1: {group(1, node(2), node(3))}, 2: {node(4)}, 3: {node(4)}}, map[int32][]int32{2: {5}, 3: {6}, 4: {8}}, []int32{8}},
		{"two of three fall with a label that two of them bear", map[int32][]Need{1: {group(2, node(2), node(3), node(4))}}, map[int32][]int32{2: {5}, 3: {5}, 4: {6}}, []int32{5}},
		{"one of three stands with one left", map[int32][]Need{1: {group(1, node(2), node(3), node(4))}}, map[int32][]int32{2: {5}, 3: {5}, 4: {6}}, nil},
		{"more than there are fall with any", map[int32][]Need{1: {group(3, node(2), node(3))}}, map[int32][]int32{2: {5}, 3: {6}}, []int32{5, 6}},
		{"a circle does not fell itself and passes labels round", map[int32][]Need{1: {node(2)}, 2: {node(3)}, 3: {node(1), node(4)}}, map[int32][]int32{4: {9}}, []int32{9}},
		{"a node that needs itself is read once", map[int32][]Need{1: {node(1), node(2)}}, map[int32][]int32{2: {9}}, []int32{9}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := New(&table{needs: c.needs, labels: c.labels}).Alone(1); !slices.Equal(got, c.want) {
				t.Errorf("falls with %v, want %v", got, c.want)
			}
		})
	}
}

func TestDiamondsAreVisitedOnce(t *testing.T) {
	g := &table{needs: map[int32][]Need{}, labels: map[int32][]int32{}}
	const layers, width = 40, 10
	for l := range int32(layers) {
		for i := range int32(width) {
			n := l*width + i
			g.labels[n] = []int32{n}
			for j := range int32(width) {
				if l+1 < layers {
					g.needs[n] = append(g.needs[n], group(1, node((l+1)*width+j), node((l+1)*width+(j+1)%width)))
				}
			}
		}
	}
	New(g).Alone(0)
	if g.visited > layers*width {
		t.Errorf("%d visits for %d nodes", g.visited, layers*width)
	}
}

// falls evaluates the loss of one label directly, as the least fixed point.
func falls(g *table, nodes int32, label int32) map[int32]bool {
	down := map[int32]bool{}
	var lost func(x Need) bool
	lost = func(x Need) bool {
		if len(x.Group) == 0 {
			return down[x.Node]
		}
		left := 0
		for _, a := range x.Group {
			if !lost(a) {
				left++
			}
		}
		return x.AtLeast > 0 && left < min(x.AtLeast, len(x.Group))
	}
	for changed := true; changed; {
		changed = false
		for n := range nodes {
			if down[n] {
				continue
			}
			if slices.Contains(g.labels[n], label) || slices.ContainsFunc(g.needs[n], lost) {
				down[n], changed = true, true
			}
		}
	}
	return down
}

func TestLabelsAgreeWithLosingEachOne(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		const nodes, labels = 8, 5
		g := &table{needs: map[int32][]Need{}, labels: map[int32][]int32{}}
		leaf := rapid.Custom(func(t *rapid.T) Need { return node(rapid.Int32Range(0, nodes-1).Draw(t, "node")) })
		needs := rapid.Custom(func(t *rapid.T) Need {
			if rapid.Bool().Draw(t, "leaf") {
				return leaf.Draw(t, "on")
			}
			of := rapid.SliceOfN(leaf, 1, 3).Draw(t, "of")
			return group(rapid.IntRange(0, 3).Draw(t, "at least"), of...)
		})
		for n := range int32(nodes) {
			g.needs[n] = rapid.SliceOfN(needs, 0, 2).Draw(t, "needs")
			g.labels[n] = slices.Sorted(slices.Values(rapid.SliceOfNDistinct(rapid.Int32Range(0, labels-1), 0, 2, rapid.ID[int32]).Draw(t, "labels")))
		}
		s := New(g)
		for n := range int32(nodes) {
			got := s.Alone(n)
			for l := range int32(labels) {
				if want := falls(g, nodes, l)[n]; want != slices.Contains(got, l) {
					t.Fatalf("node %d falls with label %d: %v, got %v", n, l, want, got)
				}
			}
		}
	})
}
