package servicelevel

import (
	"cmp"
	"slices"

	"diapason/internal/finding"
	"diapason/internal/model"
)

// measured is one period of figures of a target.
type measured struct {
	ref  model.Ref
	spec *model.CaseFigures
}

// series are the figures of one target and service, oldest first.
type series struct {
	target  *model.Target
	index   int
	service model.Ref
	list    []measured
}

// seriesOf groups the figures of an agreement by target and service.
func (a *Analysis) seriesOf(h model.Handle, targets []model.Target) []series {
	type key struct {
		target  int
		service model.Ref
	}
	groups := map[key]*series{}
	var order []key
	handles(a.f, h, "case-figures", func(x model.Handle) {
		c := finding.Spec[model.CaseFigures](a.f, x)
		i := slices.IndexFunc(targets, func(t model.Target) bool { return t.Name != "" && t.Name == c.Target })
		if i < 0 || c.Until.IsZero() || handle(a.f, c.Of) != h {
			return
		}
		k := key{i, c.Service}
		if groups[k] == nil {
			groups[k] = &series{target: &targets[i], index: i, service: c.Service}
			order = append(order, k)
		}
		groups[k].list = append(groups[k].list, measured{a.f.Snap.Ref(x), c})
	})
	slices.SortFunc(order, func(x, y key) int { return cmp.Or(cmp.Compare(x.target, y.target), x.service.Compare(y.service)) })
	out := make([]series, len(order))
	for i, k := range order {
		s := groups[k]
		slices.SortStableFunc(s.list, func(x, y measured) int {
			return cmp.Or(cmp.Compare(x.spec.Until, y.spec.Until), x.ref.Compare(y.ref))
		})
		out[i] = *s
	}
	return out
}

// lastMeasured is the latest figures of a target for a service, nil without any.
func (a *Analysis) lastMeasured(h model.Handle, t *model.Target, service model.Ref) *model.CaseFigures {
	var last *model.CaseFigures
	for _, s := range a.seriesOf(h, []model.Target{*t}) {
		if s.service.IsZero() || s.service == service {
			if c := s.list[len(s.list)-1].spec; last == nil || last.Until < c.Until {
				last = c
			}
		}
	}
	return last
}

// windowEnd is the last day of the window of a target that begins on a day; zero
// where the target has none.
func windowEnd(window string, from model.Date) model.Date {
	u := from.UTC()
	switch window {
	case "month":
		return model.NewDate(u.Year(), u.Month()+1, 0)
	case "quarter":
		return model.NewDate(u.Year(), (u.Month()-1)/3*3+4, 0)
	case "year":
		return model.NewDate(u.Year(), 12, 31)
	case "rolling-7d":
		return from.AddDays(6)
	case "rolling-28d":
		return from.AddDays(27)
	case "rolling-30d":
		return from.AddDays(29)
	case "rolling-90d":
		return from.AddDays(89)
	}
	return 0
}
