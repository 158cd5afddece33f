package app

import (
	"cmp"
	"slices"
	"strings"

	"diapason/internal/engine/slo"
	"diapason/internal/model"
)

// The orders of objectives, each with "-" in front for its reverse; those most at risk
// first where nothing is asked.
var objectiveOrders = []string{"service", "attained", "budget", "forecast"}

// sortObjectives orders places in the list of an overview as was asked. What is not known
// comes last either way.
func (v *overview) sortObjectives(places []int, by string, title func(model.Ref) string) error {
	key, down := strings.CutPrefix(by, "-")
	if by == "" {
		return nil
	}
	if !slices.Contains(objectiveOrders, key) {
		return refused("/sort", &model.Fault{Format: "objectives cannot be sorted by %q: write service, attained, budget or forecast", Args: []any{by}})
	}
	last := func(x, y bool) int { // the unknown
		switch {
		case x == y:
			return 0
		case x:
			return 1
		}
		return -1
	}
	slices.SortStableFunc(places, func(i, j int) int {
		x, y := &v.list[i], &v.list[j]
		var c int
		switch key {
		case "service":
			c = cmp.Or(strings.Compare(title(x.o.Service), title(y.o.Service)), cmp.Compare(x.o.Target.Metric, y.o.Target.Metric))
		case "attained":
			_, a := x.lost()
			_, b := y.lost()
			if a == nil || b == nil {
				return last(a == nil, b == nil)
			}
			c = cmp.Compare(*b, *a)
		case "budget":
			if x.reached == nil || y.reached == nil {
				return last(x.reached == nil, y.reached == nil)
			}
			c = cmp.Compare(y.spent(), x.spent())
		case "forecast":
			a, b := x.breaks(), y.breaks()
			if a == nil || b == nil {
				return last(a == nil, b == nil)
			}
			c = a.Breach.Compare(b.Breach)
		}
		if down {
			c = -c
		}
		return c
	})
	return nil
}

// breaks is the outlook of a promise that breaks if it goes on like this; nil otherwise.
func (st *standing) breaks() *slo.Outlook {
	if out := st.outlook; out != nil && out.Known && out.Breaks {
		return out
	}
	return nil
}
