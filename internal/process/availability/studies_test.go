package availability

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// Over one graph each service means what it means alone.
func TestStudiesShareAGraph(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := randomEstate(t)
		a := New(f)
		services := f.Snap.OfKind("service")
		for i, s := range a.Studies(services) {
			alone, ok := a.Study(services[i])
			if ok != (s != nil) {
				t.Fatalf("%s: alone %v, together %v", f.Snap.Ref(services[i]), ok, s != nil)
			}
			x, ok1 := s.Importance()
			y, ok2 := alone.Importance()
			if ok1 != ok2 || len(x) != len(y) {
				t.Fatalf("%s: %d and %d things matter", f.Snap.Ref(services[i]), len(x), len(y))
			}
			means := map[Item]Importance{}
			for _, each := range y {
				means[each.Input.Item()] = each
			}
			for _, each := range x {
				was := means[each.Input.Item()]
				for _, pair := range [][2]float64{{each.Birnbaum, was.Birnbaum}, {each.Criticality, was.Criticality}, {each.FussellVesely, was.FussellVesely}} {
					if math.Abs(pair[0]-pair[1]) > 1e-9 || each.Single != was.Single {
						t.Fatalf("%s for %s: %+v together, %+v alone", each.Input.Ref, f.Snap.Ref(services[i]), each, was)
					}
				}
			}
		}
	})
}
