package redundancy

import (
	"context"
	"errors"
	"slices"
)

// Point is one of the best compromises of a front.
type Point struct {
	Use      Amount // of the resource that the front is about
	Solution Solution
}

// Front gives, for one resource, all compromises with the reliability that
// nothing beats, from the least reliable to the most, at most most of them (0:
// all). complete tells that there are no others; when the context is done
// before, the points given are best compromises all the same, those of higher
// use.
func Front(ctx context.Context, p Problem, g Goal, most int) (points []Point, complete bool, err error) {
	if g.Minimise == "" {
		return nil, false, &MistakeError{Code: UnknownResource}
	}
	s, err := newSolver(&p, g)
	if err != nil {
		return nil, false, err
	}
	c := s.c
	list, complete := compromises(ctx, s, c.limit, c.target, most)
	for _, out := range list {
		sol := s.solution(out)
		use := sol.Uses[c.active[0]]
		sol.Bound = float64(use)
		points = append(points, Point{use, sol})
	}
	if len(points) == 0 && complete {
		return nil, true, s.whyEmpty(ctx)
	}
	if len(points) == 0 && most != 0 {
		return nil, false, ErrUndecided
	}
	return points, complete, nil
}

// asked answers the two questions of which a front is made.
type asked interface {
	leastUnreliable(ctx context.Context, limit []float64) outcome
	cheapest(ctx context.Context, limit []float64, u float64) outcome
	firstUse(items []int32) float64
}

func (s *solver) firstUse(items []int32) float64 { return firstUse(s.sets, items) }

// firstUse is what items use of the first resource.
func firstUse(sets []*choices, items []int32) float64 {
	x := 0.0
	for c, i := range items {
		x += sets[c].use[int(i)*sets[c].m]
	}
	return x
}

// compromises finds the outcomes of a front, those that use least first: the most
// reliable one, the cheapest as reliable, and again with less of the resource.
func compromises(ctx context.Context, s asked, limit []float64, target float64, most int) (list []outcome, complete bool) {
	limit = slices.Clone(limit)
	for most == 0 || len(list) < most {
		best := s.leastUnreliable(ctx, limit)
		if best.items == nil || !best.exact {
			complete = best.exact
			break
		}
		if !reaches(best.u, target) {
			complete = true
			break
		}
		cheap := s.cheapest(ctx, limit, best.u)
		if !cheap.exact {
			break
		}
		if cheap.items == nil { // by rounding alone
			cheap = best
		}
		list = append(list, cheap)
		if limit[0] = s.firstUse(cheap.items) - 1; limit[0] < 0 {
			complete = true
			break
		}
	}
	slices.Reverse(list)
	return list, complete
}

func (s *solver) whyEmpty(ctx context.Context) error {
	_, err := s.mostReliable(ctx)
	if err == nil {
		err = errors.New("redundancy: the front is empty")
	}
	return err
}
