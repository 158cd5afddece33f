package condense

import (
	"slices"
	"sync"
	"testing"

	"pgregory.net/rapid"
)

func edges(m map[int32][]int32) func(int32, func(int32)) {
	return func(n int32, visit func(int32)) {
		for _, to := range m[n] {
			visit(to)
		}
	}
}

func TestComponents(t *testing.T) {
	for _, c := range []struct {
		name  string
		graph map[int32][]int32
		want  [][]int32
		loops []bool
	}{
		{"a chain comes bottom first", map[int32][]int32{0: {1}, 1: {2}}, [][]int32{{2}, {1}, {0}}, []bool{false, false, false}},
		{"two nodes that need each other are one", map[int32][]int32{0: {1}, 1: {2}, 2: {1}}, [][]int32{{1, 2}, {0}}, []bool{true, false}},
		{"a node that needs itself is a circle", map[int32][]int32{0: {0}}, [][]int32{{0}}, []bool{true}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, loops := Components([]int32{0}, edges(c.graph))
			for _, x := range got {
				slices.Sort(x)
			}
			if !slices.EqualFunc(got, c.want, slices.Equal) || !slices.Equal(loops, c.loops) {
				t.Fatalf("%v %v, want %v %v", got, loops, c.want, c.loops)
			}
		})
	}
}

func TestShortestCircle(t *testing.T) {
	for _, c := range []struct {
		name      string
		graph     map[int32][]int32
		component []int32
		want      []int32
	}{
		{"the short way round wins", map[int32][]int32{0: {1}, 1: {2}, 2: {3, 1}, 3: {0}}, []int32{0, 1, 2, 3}, []int32{1, 2}},
		{"a node on itself is the shortest", map[int32][]int32{0: {1}, 1: {0, 1}}, []int32{0, 1}, []int32{1}},
		{"a tree has none", map[int32][]int32{0: {1}}, []int32{0}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := ShortestCircle(c.component, 100, edges(c.graph)); !slices.Equal(got, c.want) {
				t.Fatalf("%v, want %v", got, c.want)
			}
		})
	}
}

// Values settled through components must equal those of plain iteration.
func TestValuesEqualIteration(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.Int32Range(1, 14).Draw(t, "nodes")
		graph := map[int32][]int32{}
		for i := range n {
			for range rapid.IntRange(0, 3).Draw(t, "out") {
				graph[i] = append(graph[i], rapid.Int32Range(0, n-1).Draw(t, "to"))
			}
		}
		// The value of a node is the highest number that it leads to.
		want := make([]int32, n)
		for i := range want {
			want[i] = int32(i)
		}
		for range n {
			for i := range n {
				for _, to := range graph[i] {
					want[i] = max(want[i], want[to])
				}
			}
		}
		g := Graph[int32]{Next: edges(graph)}
		g.Settle = func(component []int32, _ bool, value func(int32) int32, set func(int32, int32)) {
			top := slices.Max(component)
			for _, x := range component {
				for _, to := range graph[x] {
					top = max(top, value(to))
				}
			}
			for _, x := range component {
				set(x, top)
			}
		}
		var wg sync.WaitGroup
		for range 2 {
			wg.Go(func() {
				for i := range n {
					if got := g.Value(i); got != want[i] {
						t.Errorf("node %d has %d, want %d", i, got, want[i])
					}
				}
			})
		}
		wg.Wait()
		if g.Visited() > int(n) {
			t.Errorf("%d nodes entered out of %d", g.Visited(), n)
		}
	})
}
