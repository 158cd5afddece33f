package redundancy

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// brute finds the best of a problem by trying every filling and every state of
// the components' subsystems. It shares nothing with the solver.
type brute struct {
	p    *Problem
	best float64 // unreliability
	use  float64 // of the resource minimised
	any  bool
}

func (b *brute) fillings(s *Subsystem) (counts [][]int) {
	cur := make([]int, len(s.Types))
	var walk func(t int)
	walk = func(t int) {
		if t == len(s.Types) {
			n, kinds := 0, 0
			for i, c := range cur {
				if c > 0 {
					n += c
					kinds++
				}
				if c < s.Types[i].Min || s.Types[i].Max > 0 && c > s.Types[i].Max {
					return
				}
			}
			if n >= s.Min && n <= s.Max && (s.Mixing || kinds <= 1) {
				counts = append(counts, append([]int(nil), cur...))
			}
			return
		}
		for cur[t] = 0; cur[t] <= s.Max; cur[t]++ {
			walk(t + 1)
		}
		cur[t] = 0
	}
	walk(0)
	return counts
}

// works is the probability that a filling works, over all states of components.
func (b *brute) works(s *Subsystem, counts []int) float64 {
	var rel []float64
	for t, c := range counts {
		for range c {
			rel = append(rel, float64(s.Types[t].Reliability))
		}
	}
	total := 0.0
	for state := range 1 << len(rel) {
		p, up := 1.0, 0
		for i, r := range rel {
			if state>>i&1 == 1 {
				p *= r
				up++
			} else {
				p *= 1 - r
			}
		}
		if up >= max(s.Needed, 1) {
			total += p
		}
	}
	return total
}

// up says whether a structure works when the subsystems of a state do.
func up(s *Structure, state map[string]bool) bool {
	switch {
	case s.Subsystem != "":
		return state[s.Subsystem]
	case s.Not != nil:
		return !up(s.Not, state)
	case s.Network != nil:
		works := func(node string) bool {
			return !slices.ContainsFunc(s.Network.Nodes, func(n Node) bool { return n.Name == node && !state[n.Subsystem] })
		}
		seen := map[string]bool{s.Network.Source: works(s.Network.Source)}
		for again := true; again; {
			again = false
			for _, l := range s.Network.Links {
				if !state[l.Subsystem] {
					continue
				}
				if seen[l.From] && !seen[l.To] && works(l.To) {
					seen[l.To], again = true, true
				}
				if !l.Directed && seen[l.To] && !seen[l.From] && works(l.From) {
					seen[l.From], again = true, true
				}
			}
		}
		return seen[s.Network.Target]
	}
	n := 0
	for i := range s.Of {
		if up(&s.Of[i], state) {
			n++
		}
	}
	if s.Needed == 0 {
		return n == len(s.Of)
	}
	return n >= s.Needed
}

func (b *brute) run(g Goal) {
	p := b.p
	structure := p.Structure
	if structure == nil {
		structure = &Structure{}
		for i := range p.Subsystems {
			structure.Of = append(structure.Of, sub(i+1))
		}
	}
	n := len(p.Subsystems)
	var good []int
	for state := range 1 << n {
		m := map[string]bool{}
		for i := range n {
			m[p.Subsystems[i].Name] = state>>i&1 == 1
		}
		if up(structure, m) {
			good = append(good, state)
		}
	}
	counts := make([][][]int, n)
	rel := make([][]float64, n)
	for i := range n {
		counts[i] = b.fillings(&p.Subsystems[i])
		for _, c := range counts[i] {
			rel[i] = append(rel[i], b.works(&p.Subsystems[i], c))
		}
	}
	pick := make([]float64, n)
	use := make([]float64, len(p.Resources))
	b.best, b.use = math.Inf(1), math.Inf(1)
	var walk func(i int)
	walk = func(i int) {
		for r := range use {
			if use[r] > float64(p.Resources[r].Limit)+1e-9 {
				return
			}
		}
		if i == n {
			r := 0.0
			for _, state := range good {
				x := 1.0
				for k := range n {
					if state>>k&1 == 1 {
						x *= pick[k]
					} else {
						x *= 1 - pick[k]
					}
				}
				r += x
			}
			b.any = true
			if g.Minimise == "" {
				b.best = min(b.best, 1-r)
			} else if r >= float64(g.Target)-1e-13 {
				b.use = min(b.use, use[0])
			}
			return
		}
		s := &p.Subsystems[i]
		for k, c := range counts[i] {
			before := append([]float64(nil), use...)
			total := 0
			for t, x := range c {
				total += x
				for r := range s.Types[t].Uses {
					use[r] += s.Types[t].Uses[r].of(x)
				}
			}
			for r := range s.Uses {
				use[r] += s.Uses[r].of(total)
			}
			pick[i] = rel[i][k]
			walk(i + 1)
			copy(use, before)
		}
	}
	walk(0)
}

// random makes a small problem of any kind.
func random(r *rand.Rand) Problem {
	var p Problem
	n, m := 1+r.IntN(5), r.IntN(4)
	amount := func() Amount {
		switch r.IntN(4) {
		case 0:
			return Amount(r.IntN(4))
		case 1:
			return Amount(r.IntN(300)) / 100
		}
		return Amount(1 + r.IntN(5))
	}
	for k := range m {
		limit := Amount(2 + r.IntN(7*n))
		if r.IntN(6) == 0 {
			limit = Unlimited
		}
		p.Resources = append(p.Resources, Resource{fmt.Sprint("r", k), limit})
	}
	uses := func(most int) (list []Use) {
		for range m {
			u := Use{Each: amount()}
			if r.IntN(5) == 0 {
				u = Use{}
				x := Amount(0)
				for range most {
					x += amount()
					u.Table = append(u.Table, x)
				}
			}
			list = append(list, u)
		}
		return list
	}
	for i := range n {
		s := Subsystem{Name: fmt.Sprint(i + 1), Min: 1, Max: 1 + r.IntN(3), Mixing: r.IntN(2) == 0}
		if r.IntN(4) == 0 {
			s.Min = 0
		}
		if r.IntN(5) == 0 {
			s.Needed = 1 + r.IntN(s.Max)
		}
		if r.IntN(6) == 0 {
			s.Uses = uses(s.Max)
		}
		for t := range 1 + r.IntN(2) {
			rel := Probability(r.IntN(100)) / 100
			switch r.IntN(12) {
			case 0:
				rel = 1
			case 1:
				rel = 0
			case 2:
				rel = 0.9999999
			}
			typ := Type{Name: fmt.Sprint(t), Reliability: rel, Uses: uses(s.Max)}
			if r.IntN(8) == 0 {
				typ.Max = 1 + r.IntN(s.Max)
			}
			s.Types = append(s.Types, typ)
		}
		p.Subsystems = append(p.Subsystems, s)
	}
	if r.IntN(4) > 0 {
		s := randomStructure(r, n)
		p.Structure = &s
	}
	return p
}

func randomStructure(r *rand.Rand, n int) Structure {
	if r.IntN(3) == 0 {
		nodes := []string{"s", "t", "a", "b", "c"}
		g := &Network{Source: "s", Target: "t"}
		for i := range n + r.IntN(4) {
			from, to := r.IntN(5), r.IntN(5)
			g.Links = append(g.Links, Link{nodes[from], nodes[to], fmt.Sprint(1 + i%n), r.IntN(3) == 0})
		}
		if r.IntN(2) == 0 {
			touched := map[string]bool{"s": true, "t": true}
			for _, l := range g.Links {
				touched[l.From], touched[l.To] = true, true
			}
			for _, x := range nodes {
				if touched[x] && r.IntN(2) == 0 {
					g.Nodes = append(g.Nodes, Node{x, fmt.Sprint(1 + r.IntN(n))})
				}
			}
		}
		return Structure{Network: g}
	}
	var list []Structure
	for i := range n {
		list = append(list, sub(i+1))
	}
	for range r.IntN(3) {
		list = append(list, sub(1+r.IntN(n)))
	}
	negate := r.IntN(6) == 0
	r.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	for len(list) > 1 {
		k := 2 + r.IntN(min(3, len(list)-1))
		k = min(k, len(list))
		g := Structure{Of: append([]Structure(nil), list[:k]...), Needed: r.IntN(k + 1)}
		if negate && r.IntN(4) == 0 {
			g = not(g)
		}
		list = append(list[k:], g)
	}
	return list[0]
}

func TestSolutionsEqualBruteForce(t *testing.T) {
	rounds := 20_000
	if testing.Short() {
		rounds = 2000
	}
	kinds := map[string]int{}
	for seed := range rounds {
		r := rand.New(rand.NewPCG(uint64(seed), 7))
		p := random(r)
		g := Goal{}
		if len(p.Resources) > 0 && r.IntN(2) == 0 {
			g = Goal{Minimise: p.Resources[0].Name, Target: Probability(r.IntN(1000)) / 1000}
		}
		b := brute{p: &p}
		b.run(g)
		s, err := solveAs(context.Background(), &p, g, sizes{1 + r.IntN(40), 1 + r.IntN(60)}, r.IntN(3) == 0)
		var infeasible *InfeasibleError
		var unreachable *UnreachableError
		var mistake *MistakeError
		switch {
		case errors.As(err, &mistake) && mistake.Code == ConstantStructure:
			kinds["constant"]++
		case errors.As(err, &infeasible):
			kinds["infeasible"]++
			if b.any {
				t.Fatalf("seed %d: refused as %v", seed, err)
			}
		case errors.As(err, &unreachable):
			kinds["unreachable"]++
			if !math.IsInf(b.use, 1) {
				t.Fatalf("seed %d: %v, but use %v reaches it", seed, err, b.use)
			}
		case err != nil:
			t.Fatalf("seed %d: %v", seed, err)
		default:
			kinds["solved"]++
			if !s.Exact {
				t.Fatalf("seed %d: not exact", seed)
			}
			if g.Minimise == "" && math.Abs(float64(s.Unreliability)-b.best) > 1e-11 {
				t.Fatalf("seed %d: unreliability %v, brute force %v", seed, s.Unreliability, b.best)
			}
			if g.Minimise != "" && math.Abs(float64(s.Uses[0])-b.use) > 1e-9 {
				t.Fatalf("seed %d: use %v, brute force %v", seed, s.Uses[0], b.use)
			}
			verify(t, &p, g, &s, seed)
		}
	}
	t.Log(kinds)
	for _, k := range []string{"solved", "infeasible", "unreachable"} {
		if kinds[k] < rounds/100 {
			t.Errorf("only %d problems were %s: the test has gone blind", kinds[k], k)
		}
	}
}

// solveAs solves with other sizes, and, if whole, by branch and bound over all
// subsystems whatever the structure.
func solveAs(ctx context.Context, p *Problem, g Goal, z sizes, whole bool) (Solution, error) {
	s, err := newSolver(p, g)
	if err != nil {
		return Solution{}, err
	}
	s.sizes = z
	if whole {
		if err := s.leaveWhole(); err != nil {
			return Solution{}, err
		}
	}
	return s.solve(ctx, g)
}

func TestBothMethodsAgreeOnLargerSystems(t *testing.T) {
	for seed := range uint64(60) {
		r := rand.New(rand.NewPCG(seed, 3))
		n := 4 + r.IntN(5)
		p := mixed(1, n, 2+r.IntN(3), seed)
		structure := all()
		for i := range n {
			if r.IntN(3) == 0 && i > 0 {
				last := &structure.Of[len(structure.Of)-1]
				*last = anyOf(*last, sub(i+1))
				continue
			}
			structure.Of = append(structure.Of, sub(i+1))
		}
		p.Structure = &structure
		g := Goal{}
		a, err := Solve(context.Background(), p, g)
		var infeasible *InfeasibleError
		if errors.As(err, &infeasible) {
			continue
		}
		if err != nil {
			t.Fatal(seed, err)
		}
		if seed%2 == 1 {
			g = Goal{Minimise: "r0", Target: a.Reliability * Probability(0.9+0.1*r.Float64())}
			if a, err = Solve(context.Background(), p, g); err != nil {
				t.Fatal(seed, err)
			}
		}
		b, err := solveAs(context.Background(), &p, g, usual, true)
		if err != nil {
			t.Fatal(seed, err)
		}
		if !a.Exact || !b.Exact {
			t.Fatal(seed, "not exact")
		}
		if g.Minimise == "" && math.Abs(float64(a.Unreliability-b.Unreliability)) > 1e-12 || g.Minimise != "" && a.Uses[0] != b.Uses[0] {
			t.Errorf("seed %d: %v and %v, %v and %v", seed, a.Unreliability, b.Unreliability, a.Uses, b.Uses)
		}
	}
}

func TestWithoutTimeTheBoundHolds(t *testing.T) {
	ctx, stop := context.WithCancel(context.Background())
	stop()
	inexact := 0
	for seed := range 3000 {
		r := rand.New(rand.NewPCG(uint64(seed), 7))
		p := random(r)
		g := Goal{}
		if len(p.Resources) > 0 && r.IntN(2) == 0 {
			g = Goal{Minimise: p.Resources[0].Name, Target: Probability(r.IntN(1000)) / 1000}
		}
		s, err := solveAs(ctx, &p, g, sizes{1 + r.IntN(40), 1 + r.IntN(60)}, r.IntN(3) == 0)
		if err != nil {
			continue
		}
		if !s.Exact {
			inexact++
		}
		b := brute{p: &p}
		b.run(g)
		if g.Minimise == "" && (s.Bound > b.best*(1+1e-9)+1e-12 || float64(s.Unreliability) < b.best-1e-11) {
			t.Fatalf("seed %d: bound %v, brute force %v, found %v", seed, s.Bound, b.best, s.Unreliability)
		}
		if g.Minimise != "" && (s.Bound > b.use+1e-9 || float64(s.Uses[0]) < b.use-1e-9) {
			t.Fatalf("seed %d: bound %v, brute force %v, found %v", seed, s.Bound, b.use, s.Uses[0])
		}
	}
	if inexact < 40 {
		t.Errorf("only %d were cut short: the test has gone blind", inexact)
	}
}

// verify computes what a solution says of itself anew.
func verify(t *testing.T, p *Problem, g Goal, s *Solution, seed int) {
	t.Helper()
	b := brute{p: p}
	state := map[string]float64{}
	total := make([]float64, len(p.Resources))
	for i, f := range s.Fillings {
		x := &p.Subsystems[i]
		counts := make([]int, len(x.Types))
		n := 0
		for _, part := range f.Parts {
			for k := range x.Types {
				if x.Types[k].Name == part.Type {
					counts[k] = part.Count
					n += part.Count
				}
			}
		}
		if n < x.Min || n > x.Max || !x.Mixing && len(f.Parts) > 1 {
			t.Fatalf("seed %d: %v does not fit %v", seed, f, x)
		}
		state[x.Name] = b.works(x, counts)
		if math.Abs(state[x.Name]-float64(f.Reliability)) > 1e-12 {
			t.Fatalf("seed %d: %v has reliability %v", seed, f, state[x.Name])
		}
		for r := range total {
			for k, c := range counts {
				total[r] += x.Types[k].Uses[r].of(c)
			}
			if r < len(x.Uses) {
				total[r] += x.Uses[r].of(n)
			}
		}
	}
	for r := range total {
		if math.Abs(total[r]-float64(s.Uses[r])) > 1e-9 || s.Uses[r] > p.Resources[r].Limit {
			t.Fatalf("seed %d: uses %v, said %v of %v", seed, total, s.Uses, p.Resources)
		}
	}
	if g.Target > 0 && float64(s.Reliability) < float64(g.Target)-1e-12 {
		t.Fatalf("seed %d: reliability %v under the target %v", seed, s.Reliability, g.Target)
	}
}

func TestFrontsEqualBruteForce(t *testing.T) {
	for seed := range 400 {
		r := rand.New(rand.NewPCG(uint64(seed), 11))
		p := random(r)
		if len(p.Resources) == 0 || len(p.Subsystems) > 3 {
			continue
		}
		g := Goal{Minimise: p.Resources[0].Name}
		points, complete, err := Front(context.Background(), p, g, 0)
		var infeasible *InfeasibleError
		var mistake *MistakeError
		if errors.As(err, &infeasible) || errors.As(err, &mistake) {
			continue
		}
		if err != nil || !complete {
			t.Fatalf("seed %d: %v %v", seed, complete, err)
		}
		for i := range points {
			if i > 0 && (points[i].Use <= points[i-1].Use || points[i].Solution.Unreliability >= points[i-1].Solution.Unreliability) {
				t.Fatalf("seed %d: %v after %v", seed, points[i], points[i-1])
			}
			// Between two points nothing more reliable may exist.
			tight := p
			tight.Resources = append([]Resource(nil), p.Resources...)
			tight.Resources[0].Limit = points[i].Use
			b := brute{p: &tight}
			b.run(Goal{})
			if math.Abs(b.best-float64(points[i].Solution.Unreliability)) > 1e-11 {
				t.Fatalf("seed %d: with %v brute force finds %v, the front %v", seed, points[i].Use, b.best, points[i].Solution.Unreliability)
			}
			if i+1 < len(points) {
				tight.Resources[0].Limit = points[i+1].Use - 0.001
				b = brute{p: &tight}
				b.run(Goal{})
				if b.best < float64(points[i].Solution.Unreliability)-1e-11 {
					t.Fatalf("seed %d: a point between %v and %v is missing", seed, points[i].Use, points[i+1].Use)
				}
			}
		}
	}
}

func TestWhatCanNeverWorkIsOnePointOfTheFront(t *testing.T) {
	costs := func(each Amount) []Use { return []Use{{Each: each}} }
	p := Problem{
		Resources: []Resource{{"cost", 8}},
		Subsystems: []Subsystem{
			{Name: "a", Min: 1, Max: 1, Types: []Type{{Name: "t", Reliability: 0.28, Uses: costs(1)}}},
			{Name: "b", Min: 1, Max: 3, Needed: 2, Types: []Type{{Name: "t", Reliability: 0.142, Uses: costs(1)}}},
			{Name: "c", Max: 2, Needed: 2, Types: []Type{{Name: "t", Reliability: 0.9, Uses: costs(5)}}},
		},
	}
	points, complete, err := Front(context.Background(), p, Goal{Minimise: "cost"}, 0)
	if err != nil || !complete || len(points) != 1 {
		t.Fatalf("%v %v %v", points, complete, err)
	}
	if s := points[0].Solution; s.Reliability != 0 || s.Unreliability != 1 || points[0].Use != 2 {
		t.Errorf("reliability %v, unreliability %v with %v", s.Reliability, s.Unreliability, points[0].Use)
	}
}
