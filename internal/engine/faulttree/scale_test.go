package faulttree

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// layers builds the layered graph in which every node of a layer requires the
// next one, as require says: 10^40 paths when it requires all of 10.
func layers(g *Graph, depth, width int, require func(next []NodeID, i int) NodeID) (top NodeID, events []NodeID) {
	var next []NodeID
	for range depth {
		layer := make([]NodeID, width)
		for i := range layer {
			e, _ := g.AddEvent(1e-3)
			events = append(events, e)
			layer[i], _ = g.AddOr(e)
			if next != nil {
				// A gate of its own for what is required, then own failure or that.
				layer[i], _ = g.AddOr(e, require(next, i))
			}
		}
		next = layer
	}
	return next[0], events
}

func TestLayersOfDiamondsStayLinear(t *testing.T) {
	tests := []struct {
		name    string
		require func(g *Graph) func(next []NodeID, i int) NodeID
		want    float64
		singles int
	}{
		{"every node requires all of the next layer", func(g *Graph) func([]NodeID, int) NodeID {
			return func(next []NodeID, _ int) NodeID { id, _ := g.AddOr(next...); return id }
		}, 1 - math.Pow(0.999, 391), 391},
		{"every node requires five redundant pairs of the next layer", func(g *Graph) func([]NodeID, int) NodeID {
			return func(next []NodeID, _ int) NodeID {
				var pairs []NodeID
				for j := 0; j < len(next); j += 2 {
					pair, _ := g.AddAnd(next[j], next[j+1])
					pairs = append(pairs, pair)
				}
				id, _ := g.AddOr(pairs...)
				return id
			}
		}, 1 - 0.999*math.Pow(1-1e-6, 39*5), 1},
		{"every node requires nine of the ten of the next layer", func(g *Graph) func([]NodeID, int) NodeID {
			return func(next []NodeID, _ int) NodeID { id, _ := g.AddWorking(9, next...); return id }
		}, 1 - 0.999*math.Pow(math.Pow(0.999, 10)+10*math.Pow(0.999, 9)*0.001, 39), 1},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			g := &Graph{}
			top, _ := layers(g, 40, 10, test.require(g))
			m, err := Compile(g, []NodeID{top}, Options{})
			if err != nil {
				t.Fatal(err)
			}
			got, err := m.Unavailability(top)
			if err != nil || !got.Exact || !near(float64(got.Lower), test.want) {
				t.Errorf("got %+v (%v), want %v", got, err, test.want)
			}
			if points, err := m.SinglePoints(top); err != nil || len(points) != test.singles {
				t.Errorf("%d single points (%v), want %d", len(points), err, test.singles)
			}
			if st := m.Stats(); st.NodesMade > 40_000 || st.InputsVisited > 3*len(g.inputs) {
				t.Errorf("not linear: %+v for %d inputs", st, len(g.inputs))
			}
		})
	}
}

func TestNeighbouringPairsAcrossLayersAreExact(t *testing.T) {
	// Node i needs one of i and i+1 of the next layer: no two nodes agree, and
	// nothing factors. The diagrams must still be those of a band.
	g := &Graph{}
	top, events := layers(g, 12, 6, func(next []NodeID, i int) NodeID {
		id, _ := g.AddAnd(next[i], next[(i+1)%len(next)])
		return id
	})
	for _, e := range events {
		g.q[e] = 0.1
	}
	m, err := Compile(g, []NodeID{top}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	got, _ := m.Unavailability(top)
	if !got.Exact {
		t.Fatalf("%+v with %+v", got, m.Stats())
	}
	monteCarlo(t, g, []NodeID{top}, []Result{got}, SteadyState, 20_000)
}

func TestDepthAndWidthAreNoObstacle(t *testing.T) {
	const n = 100_000
	t.Run("a chain of 100 000 requirements", func(t *testing.T) {
		g := &Graph{}
		shared, _ := g.AddEvent(0.5)
		last := shared
		for i := range n {
			e, _ := g.AddEvent(1e-6)
			if i%2 == 0 {
				last, _ = g.AddOr(e, last)
			} else {
				last, _ = g.AddOr(last, e, shared)
			}
		}
		m, err := Compile(g, []NodeID{last}, Options{})
		if err != nil {
			t.Fatal(err)
		}
		got, _ := m.Unavailability(last)
		if want := -math.Expm1(math.Log(0.5) + n*math.Log1p(-1e-6)); !got.Exact || !near(float64(got.Lower), want) {
			t.Errorf("got %+v, want %v", got, want)
		}
	})
	t.Run("a tree of alternating gates 100 000 deep", func(t *testing.T) {
		g := &Graph{}
		last, _ := g.AddEvent(0.5)
		want := 0.5
		for i := range n {
			e, _ := g.AddEvent(0.25)
			if i%2 == 0 {
				last, _ = g.AddOr(e, last)
				want = 1 - 0.75*(1-want)
			} else {
				last, _ = g.AddAnd(e, last)
				want *= 0.25
			}
		}
		m, err := Compile(g, []NodeID{last}, Options{})
		if err != nil {
			t.Fatal(err)
		}
		got, _ := m.Unavailability(last)
		if !got.Exact || !near(float64(got.Lower), want) {
			t.Errorf("got %+v, want %v", got, want)
		}
		if st := m.Stats(); st.NodesMade > 4*n {
			t.Errorf("a tree without sharing took %+v", st)
		}
	})
	for _, op := range []Op{OpOr, OpAnd} {
		t.Run("a gate with 100 000 inputs: "+op.String(), func(t *testing.T) {
			g := &Graph{}
			inputs := make([]NodeID, n)
			for i := range inputs {
				inputs[i], _ = g.AddEvent(0.999999)
			}
			top, err := g.addGate(op, 0, inputs)
			if err != nil {
				t.Fatal(err)
			}
			m, err := Compile(g, []NodeID{top}, Options{})
			if err != nil {
				t.Fatal(err)
			}
			want := 1.0
			if op == OpAnd {
				want = math.Pow(0.999999, n)
			}
			if got, _ := m.Unavailability(top); !got.Exact || !near(float64(got.Lower), want) {
				t.Errorf("got %+v, want %v", got, want)
			}
		})
	}
	t.Run("a ring of 10 000 that hold each other up", func(t *testing.T) {
		g := &Graph{}
		gates := make([]NodeID, n/10)
		for i := range gates {
			gates[i], _ = g.ReserveGate()
		}
		for i, gate := range gates {
			e, _ := g.AddEvent(1e-6)
			if err := g.Define(gate, OpOr, 0, e, gates[(i+1)%len(gates)]); err != nil {
				t.Fatal(err)
			}
		}
		m, err := Compile(g, gates[:1], Options{})
		if err != nil {
			t.Fatal(err)
		}
		got, _ := m.Unavailability(gates[0])
		if want := -math.Expm1(float64(len(gates)) * math.Log1p(-1e-6)); !got.Exact || !near(float64(got.Lower), want) {
			t.Errorf("got %+v, want %v", got, want)
		}
		if st := m.Stats(); st.CircleRounds > 4*len(gates) {
			t.Errorf("%d evaluations for %d gates", st.CircleRounds, len(gates))
		}
		cold, err := Compile(g, gates[:1], Options{Circles: ColdStart})
		if err != nil {
			t.Fatal(err)
		}
		if got, _ := cold.Unavailability(gates[0]); got != (Result{1, 1, true}) {
			t.Errorf("cold start: %+v, want 1", got)
		}
	})
}

// monteCarlo compares results with the share of failures in sampled states,
// by the linear-time propagation, which shares no code with the diagrams.
func monteCarlo(t *testing.T, g *Graph, tops []NodeID, results []Result, c Circles, runs int) {
	t.Helper()
	p, err := NewPropagation(g, c)
	if err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(11, 12))
	failures := make([]int, len(tops))
	at := map[NodeID]int{}
	for i, top := range tops {
		at[top] = i
	}
	var down []NodeID
	for range runs {
		down = down[:0]
		for v, op := range g.op {
			if op == OpEvent && r.Float64() < float64(g.q[v]) {
				down = append(down, NodeID(v))
			}
		}
		list, err := p.Failed(down...)
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range list {
			if i, ok := at[v]; ok {
				failures[i]++
			}
		}
	}
	for i, result := range results {
		want := float64(result.Lower)
		got := float64(failures[i]) / float64(runs)
		// Six standard deviations: one false alarm in 5·10^8 comparisons.
		if math.Abs(got-want) > 6*math.Sqrt(want*(1-want)/float64(runs))+1e-9 {
			t.Errorf("top %d: computed %v, in %d samples %v", tops[i], want, runs, got)
		}
	}
}

func TestOrganisationAgreesWithMonteCarlo(t *testing.T) {
	o := newOrganisation(5, 150, 1500)
	// Failures are made frequent, so that few samples say much about groups.
	for _, e := range o.events {
		o.g.q[e] = min(30*o.g.q[e], 0.3)
	}
	m, err := Compile(o.g, o.services, Options{})
	if err != nil {
		t.Fatal(err)
	}
	results := m.Unavailabilities()
	for i, r := range results {
		if !r.Exact {
			t.Errorf("service %d: %+v", i, r)
		}
	}
	monteCarlo(t, o.g, o.services, results, SteadyState, 4000)
}

func TestOrganisationIsSolvedAlikeUnderAllOrderings(t *testing.T) {
	o := newOrganisation(6, 300, 3000)
	var first []Result
	for _, ordering := range []Ordering{OrderSharedFirst, OrderDepthFirst, OrderTopDown} {
		m, err := Compile(o.g, o.services, Options{Orderings: []Ordering{ordering}})
		if err != nil {
			t.Fatal(err)
		}
		results := m.Unavailabilities()
		if first == nil {
			first = results
		}
		for i, r := range results {
			if !r.Exact || !near(float64(r.Lower), float64(first[i].Lower)) {
				t.Errorf("%v: service %d: %+v, first ordering %+v", ordering, i, r, first[i])
			}
		}
	}
}

func TestSinglePointsThreeWaysAgree(t *testing.T) {
	o := newOrganisation(7, 100, 1000)
	m, err := Compile(o.g, o.services, Options{})
	if err != nil {
		t.Fatal(err)
	}
	p, err := NewPropagation(o.g, SteadyState)
	if err != nil {
		t.Fatal(err)
	}
	stops := map[NodeID][]NodeID{}
	for _, e := range o.events {
		failed, _ := p.Failed(e)
		for _, v := range failed {
			stops[v] = append(stops[v], e)
		}
	}
	for _, s := range o.services {
		points, err := m.SinglePoints(s)
		if err != nil || !slices.Equal(points, stops[s]) {
			t.Errorf("service %d: single points %v (%v), forced failures give %v", s, points, err, stops[s])
		}
		sets, err := m.CutSets(s)
		if err != nil {
			t.Fatal(err)
		}
		list, complete := sets.List(1, math.MaxInt)
		if !complete || len(list) != len(points) {
			t.Fatalf("service %d: %d cut sets of order 1, %d single points", s, len(list), len(points))
		}
		for i, set := range list {
			if set.Events[0] != points[i] {
				t.Errorf("service %d: cut set %v, single point %d", s, set.Events, points[i])
			}
		}
	}
}

func TestWorkOnAnOrganisationGrowsLinearly(t *testing.T) {
	small, large := newOrganisation(1, 250, 2500), newOrganisation(1, 1000, 10_000)
	stats := func(o organisation) (st Stats, propagated int) {
		m, err := Compile(o.g, o.services, Options{})
		if err != nil {
			t.Fatal(err)
		}
		p, err := NewPropagation(o.g, SteadyState)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range o.events {
			if _, err := p.Failed(e); err != nil {
				t.Fatal(err)
			}
		}
		return m.Stats(), p.Visited()
	}
	one, oneVisited := stats(small)
	four, fourVisited := stats(large)
	if four.GatesGivenUp > 0 {
		t.Errorf("gave up: %+v", four)
	}
	if four.InputsVisited > 3*len(large.g.inputs) {
		t.Errorf("visited %d inputs of %d", four.InputsVisited, len(large.g.inputs))
	}
	if four.NodesMade > 8*one.NodesMade {
		t.Errorf("four times the services took %d nodes after %d", four.NodesMade, one.NodesMade)
	}
	t.Logf("nodes %d → %d, propagated %d → %d", one.NodesMade, four.NodesMade, oneVisited, fourVisited)
}
