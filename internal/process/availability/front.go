package availability

import (
	"cmp"
	"context"
	"slices"

	"diapason/internal/model"
)

// Point is a set of improvements that no cheaper set equals.
type Point struct {
	Options        []Option
	Cost           model.Money // a year
	Unavailability float64
}

// Front is the choice between cost and availability: each point is cheaper than
// the next and leaves more unavailability.
type Front struct {
	Points []Point
	Proven bool // every set was looked at, or proven not to belong to the front
}

// frontBudget bounds the evaluations of one front.
const frontBudget = 20_000

// mostEnumerated is the number of sets up to which branching alone is quicker than
// bounds.
const mostEnumerated = 4096

// Front finds the cheapest sets of priced improvements for every availability that
// can be reached. Few sets are branched over: a branch is left when what it costs
// already buys more than it could still reach with all that is undecided made
// perfect. Many are left to the bounds of package redundancy. It ends early,
// unproven, when ctx does or the budget of evaluations is spent.
func (x *Improvements) Front(ctx context.Context) Front {
	s := &frontSearch{x: x, ctx: ctx, left: frontBudget}
	for _, g := range x.groups {
		var priced []Option
		for _, o := range g {
			if o.Priced {
				priced = append(priced, o)
				s.currency = o.Yearly.Currency
			}
		}
		if len(priced) > 0 {
			slices.SortFunc(priced, func(a, b Option) int { return cmp.Compare(a.Yearly.Minor, b.Yearly.Minor) })
			s.groups = append(s.groups, priced)
		}
	}
	sets := 1
	for _, g := range s.groups {
		if sets *= len(g) + 1; sets > mostEnumerated {
			if front, ok := s.bounded(); ok {
				return front
			}
			break
		}
	}
	slices.SortFunc(s.groups, func(a, b []Option) int { return cmp.Compare(gainOf(b), gainOf(a)) })
	s.branch(0, nil, 0)
	return Front{s.points, s.left > 0 && ctx.Err() == nil}
}

func gainOf(g []Option) float64 {
	best := 0.0
	for _, o := range g {
		best = max(best, o.Gain)
	}
	return best
}

type frontSearch struct {
	x        *Improvements
	ctx      context.Context
	groups   [][]Option
	currency string
	points   []Point
	left     int
}

func (s *frontSearch) branch(i int, chosen []Option, cost int64) {
	if s.left <= 0 || s.ctx.Err() != nil {
		return
	}
	if i == len(s.groups) {
		s.left--
		s.note(chosen, cost, s.x.with(chosen...))
		return
	}
	if best := s.bestBelow(i, chosen); s.beaten(cost, best) {
		return
	}
	s.branch(i+1, chosen, cost)
	for _, o := range s.groups[i] {
		s.branch(i+1, append(slices.Clip(chosen), o), cost+o.Yearly.Minor)
	}
}

// bestBelow is the unavailability with everything undecided made perfect.
func (s *frontSearch) bestBelow(i int, chosen []Option) float64 {
	s.left--
	perfect := slices.Clone(chosen)
	for _, g := range s.groups[i:] {
		for _, o := range g {
			o.q = 0
			perfect = append(perfect, o)
		}
	}
	return s.x.with(perfect...)
}

// beaten reports a point that is no dearer and leaves no more unavailability.
func (s *frontSearch) beaten(cost int64, u float64) bool {
	return slices.ContainsFunc(s.points, func(p Point) bool { return p.Cost.Minor <= cost && p.Unavailability <= u })
}

func (s *frontSearch) note(chosen []Option, cost int64, u float64) {
	if len(chosen) == 0 || u >= s.x.t.unavailability || s.beaten(cost, u) {
		return
	}
	s.points = slices.DeleteFunc(s.points, func(p Point) bool { return p.Cost.Minor >= cost && p.Unavailability >= u })
	p := Point{slices.Clone(chosen), model.Money{Minor: cost, Currency: s.currency, Per: "year"}, u}
	at, _ := slices.BinarySearchFunc(s.points, p, func(a, b Point) int { return cmp.Compare(a.Cost.Minor, b.Cost.Minor) })
	s.points = slices.Insert(s.points, at, p)
}
