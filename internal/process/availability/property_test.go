package availability

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"diapason/internal/finding"
	"diapason/internal/model"
)

// randomEstate draws components, sites and services that need each other in any
// way: groups, thresholds, circles, shared sites, figures missing here and there.
func randomEstate(t *rapid.T) *finding.Facts {
	var all []model.Ref
	components := rapid.IntRange(1, 5).Draw(t, "components")
	for i := range components {
		all = append(all, model.Ref{Kind: "component", Name: fmt.Sprintf("c%d", i)})
	}
	services := rapid.IntRange(1, 3).Draw(t, "services")
	for i := range services {
		all = append(all, model.Ref{Kind: "service", Name: fmt.Sprintf("s%d", i)})
	}
	for i := range 2 {
		all = append(all, model.Ref{Kind: "site", Name: fmt.Sprintf("p%d", i)})
	}
	var needs func(most, depth int) []model.Need
	one := func(depth int) model.Need {
		n := model.Need{On: rapid.SampledFrom(all).Draw(t, "on")}
		if depth == 0 {
			return n
		}
		switch rapid.IntRange(0, 3).Draw(t, "group") {
		case 0:
			return model.Need{AnyOf: needs(3, depth-1)}
		case 1:
			of := needs(3, depth-1)
			return model.Need{Of: of, AtLeast: rapid.IntRange(1, len(of)).Draw(t, "atLeast")}
		}
		return n
	}
	needs = func(most, depth int) []model.Need {
		var out []model.Need
		for range rapid.IntRange(1, most).Draw(t, "needs") {
			out = append(out, one(depth))
		}
		return out
	}
	figure := func() *model.Availability {
		if rapid.IntRange(0, 4).Draw(t, "missing") == 0 {
			return nil
		}
		a := model.AvailabilityOf(rapid.Float64Range(0, 1).Draw(t, "q"))
		return &a
	}
	var objects []*model.Object
	for _, r := range all {
		var spec any
		switch r.Kind {
		case "component":
			c := &model.Component{Availability: figure()}
			if rapid.Bool().Draw(t, "leans") {
				c.Requires = needs(2, 1)
			}
			if rapid.Bool().Draw(t, "sited") {
				c.Site = model.Ref{Kind: "site", Name: fmt.Sprintf("p%d", rapid.IntRange(0, 1).Draw(t, "site"))}
			}
			spec = c
		case "service":
			spec = &model.Service{Stage: model.StageLive, Requires: needs(3, 2)}
		default:
			spec = &model.Site{Availability: figure()}
		}
		objects = append(objects, &model.Object{Kind: model.KindOf(r.Kind), Metadata: model.Metadata{Name: r.Name}, Spec: spec})
	}
	snap, _ := model.NewSnapshot(1, objects)
	return finding.NewFacts(snap, model.NewDate(2027, 3, 12), Analyses)
}

// The prediction is the sum over all states of what can fail by itself; a single
// point is what Down loses the service with, and what FailsWith says.
func TestPredictionSinglePointsAndDownAgree(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := randomEstate(t)
		a, _ := finding.Use[*Analysis](f)
		s, _ := f.Snap.Find(model.Ref{Kind: "service", Name: "s0"})
		inputs := a.Inputs(s)
		var unavailable float64
		var singles []string
		for state := range 1 << len(inputs) {
			p := 1.0
			var down []model.Ref
			for i := range inputs {
				q := inputs[i].unavailability()
				if state>>i&1 == 1 {
					p *= q
					down = append(down, inputs[i].Ref)
				} else {
					p *= 1 - q
				}
			}
			lost := a.FailsWith(s, down)
			if lost {
				unavailable += p
			}
			if len(down) == 1 && lost {
				singles = append(singles, down[0].String())
			}
			if len(down) == 1 {
				im := a.Down(down)
				if slices.Contains(im.Services, f.Snap.Ref(s)) != lost {
					t.Fatalf("with %v down, s0 is lost: %v, but Down loses %v", down, lost, im.Services)
				}
			}
		}
		slices.Sort(singles)
		value, lower, upper, exact, missing, _ := a.Predicted(s)
		if math.Abs(value.Unavailability()-unavailable) > 1e-9 || exact != (len(missing) == 0) || value != upper || value.Less(lower) {
			t.Fatalf("predicted %v in [%v, %v], exact %v, all states give %v", value, lower, upper, exact, 1-unavailable)
		}
		if got := names(a.SinglePoints(s)); !slices.Equal(got, singles) && len(got)+len(singles) > 0 {
			t.Fatalf("single points %v, all states give %v", got, singles)
		}
	})
}
