package redundancy

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// systemOf is the unavailability of a structure of n subsystems, over all states.
func systemOf(s *Structure, n int) System {
	var bad []int
	for state := range 1 << n {
		m := map[string]bool{}
		for i := range n {
			m[fmt.Sprint(i+1)] = state>>i&1 == 1
		}
		if !up(s, m) {
			bad = append(bad, state)
		}
	}
	value := func(q []float64) float64 {
		u := 0.0
		for _, state := range bad {
			x := 1.0
			for i := range n {
				if state>>i&1 == 1 {
					x *= 1 - q[i]
				} else {
					x *= q[i]
				}
			}
			u += x
		}
		return u
	}
	return func(q, slopes []float64) float64 {
		for i := range slopes {
			was := q[i]
			q[i] = 1
			high := value(q)
			q[i] = 0
			slopes[i] = high - value(q)
			q[i] = was
		}
		return value(q)
	}
}

// randomSelection makes a small selection with groups.
func randomSelection(r *rand.Rand) Selection {
	n := 1 + r.IntN(6)
	structure := randomStructure(r, n)
	for structure.negates() {
		structure = randomStructure(r, n)
	}
	s := Selection{System: systemOf(&structure, n)}
	for range n {
		p := Position{Group: r.IntN(4)}
		q := Probability(r.IntN(200)) / 1000
		if r.IntN(10) == 0 {
			q = 1
		}
		p.Alternatives = append(p.Alternatives, Alternative{Unavailability: q})
		for range r.IntN(4) {
			p.Alternatives = append(p.Alternatives, Alternative{q * Probability(r.IntN(11)) / 10, Amount(r.IntN(1000)) / 100})
		}
		s.Positions = append(s.Positions, p)
	}
	return s
}

// each calls visit with every set of changes that the groups allow.
func (s *Selection) each(visit func(price, u float64)) {
	q := make([]float64, len(s.Positions))
	changed := map[int]bool{}
	var walk func(i int, price float64)
	walk = func(i int, price float64) {
		if i == len(q) {
			visit(price, s.System(q, nil))
			return
		}
		p := &s.Positions[i]
		for k, a := range p.Alternatives {
			if k > 0 && p.Group != 0 && changed[p.Group] {
				continue
			}
			if k > 0 {
				changed[p.Group] = true
			}
			q[i] = float64(a.Unavailability)
			walk(i+1, price+float64(a.Price))
			if k > 0 {
				changed[p.Group] = false
			}
		}
	}
	walk(0, 0)
}

// check computes anew what a selection says of itself.
func (s *Selection) check(t *testing.T, sel *Selected, seed int) {
	t.Helper()
	q := make([]float64, len(s.Positions))
	price := 0.0
	changed := map[int]int{}
	for i, k := range sel.Chosen {
		a := s.Positions[i].Alternatives[k]
		q[i], price = float64(a.Unavailability), price+float64(a.Price)
		if k > 0 && s.Positions[i].Group != 0 {
			changed[s.Positions[i].Group]++
		}
	}
	for g, n := range changed {
		if n > 1 {
			t.Fatalf("seed %d: %d changes of group %d", seed, n, g)
		}
	}
	if math.Abs(price-float64(sel.Price)) > 1e-9 || math.Abs(s.System(q, nil)-float64(sel.Unavailability)) > 1e-12 {
		t.Fatalf("seed %d: %v costs %v and leaves %v", seed, sel, price, s.System(q, nil))
	}
}

func TestSelectionsEqualBruteForce(t *testing.T) {
	unreachable := 0
	for seed := range 600 {
		r := rand.New(rand.NewPCG(uint64(seed), 5))
		s := randomSelection(r)
		allowed, budget := r.Float64()*0.2, float64(r.IntN(2000))/100
		least, best := math.Inf(1), math.Inf(1)
		s.each(func(price, u float64) {
			if u <= allowed {
				least = min(least, price)
			}
			if price <= budget+1e-9 {
				best = min(best, u)
			}
		})
		cheap, err := s.Cheapest(context.Background(), Probability(allowed))
		var no *UnreachableError
		switch {
		case errors.As(err, &no):
			unreachable++
			if !math.IsInf(least, 1) {
				t.Fatalf("seed %d: %v, but %v is enough", seed, err, least)
			}
		case err != nil:
			t.Fatal(seed, err)
		case !cheap.Exact || math.Abs(float64(cheap.Price)-least) > 1e-9:
			t.Fatalf("seed %d: %v, brute force %v", seed, cheap, least)
		default:
			s.check(t, &cheap, seed)
		}
		good, err := s.Best(context.Background(), Amount(budget))
		if err != nil || !good.Exact || math.Abs(float64(good.Unavailability)-best) > 1e-12 || float64(good.Price) > budget {
			t.Fatalf("seed %d: %v %v, brute force %v", seed, good, err, best)
		}
		s.check(t, &good, seed)
	}
	if unreachable < 20 || unreachable > 550 {
		t.Errorf("%d were unreachable: the test has gone blind", unreachable)
	}
}

func TestFrontsOfSelectionsEqualBruteForce(t *testing.T) {
	for seed := range 250 {
		r := rand.New(rand.NewPCG(uint64(seed), 6))
		s := randomSelection(r)
		list, complete, err := s.Front(context.Background())
		if err != nil || !complete || len(list) == 0 {
			t.Fatal(seed, list, complete, err)
		}
		for i := range list {
			s.check(t, &list[i], seed)
			if i > 0 && (list[i].Price <= list[i-1].Price || list[i].Unavailability >= list[i-1].Unavailability) {
				t.Fatalf("seed %d: %v after %v", seed, list[i], list[i-1])
			}
		}
		s.each(func(price, u float64) {
			for i := range list {
				if float64(list[i].Price) <= price+1e-9 && float64(list[i].Unavailability) <= u*(1+1e-9)+1e-15 {
					return
				}
			}
			t.Fatalf("seed %d: nothing on the front is as good as %v for %v", seed, u, price)
		})
	}
}

func TestABudgetOfEvaluationsIsKeptAndTheBoundHolds(t *testing.T) {
	cut := 0
	for seed := range 1000 {
		r := rand.New(rand.NewPCG(uint64(seed), 9))
		s := randomSelection(r)
		best := math.Inf(1)
		s.each(func(price, u float64) {
			if price <= 8+1e-9 {
				best = min(best, u)
			}
		})
		asked, system := 0, s.System
		s.System = func(q, slopes []float64) float64 { asked++; return system(q, slopes) }
		s.Evaluations = 1
		sel, err := s.Best(context.Background(), 8)
		if err != nil {
			continue
		}
		if !sel.Exact {
			cut++
		}
		if sel.Bound > best*(1+1e-9) || float64(sel.Unavailability) < best*(1-1e-9) {
			t.Fatalf("seed %d: bound %v, found %v, brute force %v", seed, sel.Bound, sel.Unavailability, best)
		}
	}
	if cut < 20 {
		t.Errorf("only %d were cut short: the test has gone blind", cut)
	}
}

// forty is a design of forty parts with two changes each: 3^40 sets.
func forty(b testing.TB) Selection {
	r := rand.New(rand.NewPCG(1, 2))
	structure := Structure{}
	for i := range 20 {
		structure.Of = append(structure.Of, sub(2*i+1), sub(2*i+2))
		if i%2 == 1 {
			n := len(structure.Of)
			structure.Of = append(structure.Of[:n-2], anyOf(structure.Of[n-2], structure.Of[n-1]))
		}
	}
	p := Problem{Structure: &structure}
	s := Selection{}
	for i := range 40 {
		p.Subsystems = append(p.Subsystems, Subsystem{Name: fmt.Sprint(i + 1)})
		q := Probability(0.0005 + 0.002*r.Float64())
		if i%4 >= 2 {
			q *= 10
		}
		s.Positions = append(s.Positions, Position{Alternatives: []Alternative{{q, 0}, {q * q, Amount(1000 + r.IntN(9000))}, {q / 2, Amount(200 + r.IntN(3000))}}})
	}
	_, m, root, err := p.whole(p.index())
	if err != nil {
		b.Fatal(err)
	}
	f := newDiagramFunction(m.diagram(root, 40))
	s.System = func(q, slopes []float64) float64 {
		p := make([]float64, len(q))
		for i := range q {
			p[i] = 1 - q[i]
		}
		for i := range slopes {
			wasQ, wasP := q[i], p[i]
			q[i], p[i] = 1, 0
			high := f.value(q, p)
			q[i], p[i] = 0, 1
			slopes[i] = high - f.value(q, p)
			q[i], p[i] = wasQ, wasP
		}
		return f.value(q, p)
	}
	return s
}

func BenchmarkSelectCheapestAmongFortyParts(b *testing.B) {
	s := forty(b)
	evaluations, system := 0, s.System
	s.System = func(q, slopes []float64) float64 { evaluations++; return system(q, slopes) }
	for b.Loop() {
		evaluations = 0
		sel, err := s.Cheapest(context.Background(), 0.012)
		if err != nil || !sel.Exact {
			b.Fatal(sel, err)
		}
		b.ReportMetric(float64(evaluations), "evaluations")
	}
}
