package availability

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"diapason/internal/finding"
	"diapason/internal/model"
)

// After changes of figures and of the structure, one after the other, the retained
// graph gives what a new one gives.
func TestRetainedGraphFollowsChanges(t *testing.T) {
	defer func(n int) { leastRetained = n }(leastRetained)
	leastRetained = 0
	evaluated := 0
	rapid.Check(t, func(t *rapid.T) {
		f := randomEstate(t)
		a, _ := finding.Use[*Analysis](f)
		a.Prepare()
		for step := range rapid.IntRange(1, 5).Draw(t, "steps") {
			all := []model.Handle{}
			for _, kind := range []string{"component", "service", "site"} {
				all = append(all, f.Snap.OfKind(kind)...)
			}
			h := rapid.SampledFrom(all).Draw(t, "changed")
			o := f.Snap.Object(h).Clone()
			q := model.AvailabilityOf(rapid.Float64Range(0, 1).Draw(t, "q"))
			switch s := o.Spec.(type) {
			case *model.Component:
				if s.Availability = &q; rapid.IntRange(0, 2).Draw(t, "structure") == 0 {
					s.Requires = []model.Need{{On: f.Snap.Ref(rapid.SampledFrom(all).Draw(t, "on"))}}
				}
			case *model.Site:
				if s.Availability = &q; rapid.IntRange(0, 3).Draw(t, "missing") == 0 {
					s.Availability = nil
				}
			case *model.Service:
				s.Requires = s.Requires[min(1, len(s.Requires)):]
			}
			next := f.Snap.With(int64(step+2), []*model.Object{o}, nil)
			touched := map[model.Handle]bool{h: true}
			for _, x := range a.Dependents(h) {
				touched[x] = true
			}
			g := finding.NewFacts(next, f.On, Analyses)
			now, _ := finding.Use[*Analysis](g)
			for _, x := range now.Dependents(h) {
				touched[x] = true
			}
			now.Carry(a, &finding.Change{Changed: []model.Handle{h}, Closure: touched, Structure: touched})
			now.Prepare()
			for _, s := range next.OfKind("service") {
				if touched[s] && !now.stale[s] {
					evaluated++
				}
			}
			fresh, _ := finding.Use[*Analysis](finding.NewFacts(next, f.On, Analyses))
			if x, y := said(now), said(fresh); x != y {
				t.Fatalf("after a change of %s\n%sbut anew\n%s", next.Ref(h), x, y)
			}
			f, a = g, now
		}
	})
	if evaluated == 0 {
		t.Error("no service was evaluated over the retained graph")
	}
}

func said(a *Analysis) string {
	out := ""
	for _, s := range a.f.Snap.OfKind("service") {
		value, lower, upper, exact, missing, ok := a.Predicted(s)
		out += fmt.Sprintf("%s %.9f %.9f %.9f %v %v %v %v %v\n", a.f.Snap.Ref(s), value.Ratio(), lower.Ratio(), upper.Ratio(), exact, missing, ok, a.SinglePoints(s), a.all().At(int32(s)).causes)
	}
	return out
}
