package availability

import (
	"math"
	"slices"
	"testing"
)

// Both ways to find a front agree, and leave the tree as it was.
func TestTheBoundedFrontIsTheBranchedOne(t *testing.T) {
	_, _, x := improvements(t)
	want := x.Front(t.Context())
	s := &frontSearch{x: x, ctx: t.Context()}
	for _, g := range x.groups {
		var priced []Option
		for _, o := range g {
			if o.Priced {
				priced = append(priced, o)
				s.currency = o.Yearly.Currency
			}
		}
		if len(priced) > 0 {
			s.groups = append(s.groups, priced)
		}
	}
	got, ok := s.bounded()
	if !ok || !got.Proven || len(got.Points) != len(want.Points) {
		t.Fatalf("%+v, branched %+v", got, want)
	}
	for i, p := range got.Points {
		w := want.Points[i]
		if p.Cost != w.Cost || math.Abs(p.Unavailability-w.Unavailability) > 1e-12*w.Unavailability {
			t.Errorf("point %d: %v for %v, branched %v for %v", i, p.Unavailability, p.Cost, w.Unavailability, w.Cost)
		}
		names := func(list []Option) (out []string) {
			for _, o := range list {
				out = append(out, o.Of.String()+" "+o.Improvement.Name)
			}
			slices.Sort(out)
			return out
		}
		if !slices.Equal(names(p.Options), names(w.Options)) {
			t.Errorf("point %d: %v, branched %v", i, names(p.Options), names(w.Options))
		}
	}
	if again := x.With(); again != x.Unavailability() {
		t.Errorf("the search left %v behind", again)
	}
}
