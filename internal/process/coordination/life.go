package coordination

import (
	"slices"

	"diapason/internal/model"
)

// span is a stretch of dates, from included, until not.
type span struct{ from, until model.Date }

const (
	never = model.Date(1) // before any date in use
	ever  = model.Date(1 << 30)
)

// life is when something is there, as spans in order that do not touch, and how
// far its design has come. It is that of the services below: other things have
// neither dates nor stages.
type life struct {
	spans []span
	stage int // rank of the stage; that of live where nothing is said
}

var always = life{[]span{{never, ever}}, model.StageLive.Rank()}

func (l life) at(d model.Date) bool {
	for _, s := range l.spans {
		if s.from <= d && d < s.until {
			return true
		}
	}
	return false
}

// gap is the first date in a span at which the life is interrupted, and the next
// date from which it holds again (ever when none).
func (l life) gap(in span) (from, again model.Date, found bool) {
	d := in.from
	for _, s := range l.spans {
		if s.until <= d {
			continue
		}
		if s.from > d {
			return d, s.from, d < in.until
		}
		d = s.until
	}
	return d, ever, d < in.until
}

// serviceLife is when a service is there, by its dates and its stage.
func serviceLife(s *model.Service) life {
	l := life{stage: model.StageLive.Rank()}
	if r := s.Stage.Rank(); r >= 0 {
		l.stage = min(r, l.stage)
	}
	if s.Stage == model.StageRetired {
		l.stage = -1
	}
	from, until := never, ever
	if !s.AvailableFrom.IsZero() {
		from = s.AvailableFrom
	}
	if !s.RetiresOn.IsZero() {
		until = s.RetiresOn
	}
	if from < until {
		l.spans = []span{{from, until}}
	}
	return l
}

// combine is when at least k of several lives hold, and the k-th best of their
// stages.
func combine(lives []life, k int) life {
	if k <= 0 || len(lives) == 0 || k <= len(lives) && allAlways(lives) {
		return always
	}
	out := life{stage: -1}
	if k > len(lives) {
		return out
	}
	stages := make([]int, len(lives))
	var dates []model.Date
	for i, l := range lives {
		stages[i] = l.stage
		for _, s := range l.spans {
			dates = append(dates, s.from, s.until)
		}
	}
	slices.Sort(stages)
	out.stage = stages[len(stages)-k]
	slices.Sort(dates)
	dates = slices.Compact(dates)
	for i := 0; i+1 < len(dates); i++ {
		n := 0
		for _, l := range lives {
			if l.at(dates[i]) {
				n++
			}
		}
		if n < k {
			continue
		}
		if last := len(out.spans) - 1; last >= 0 && out.spans[last].until == dates[i] {
			out.spans[last].until = dates[i+1]
		} else {
			out.spans = append(out.spans, span{dates[i], dates[i+1]})
		}
	}
	return out
}

func allAlways(lives []life) bool {
	for _, l := range lives {
		if !l.isAlways() {
			return false
		}
	}
	return true
}

func (l life) isAlways() bool {
	return l.stage == always.stage && len(l.spans) == 1 && l.spans[0] == always.spans[0]
}

// needsOf are the dependency expressions of an object, nil for kinds without.
func needsOf(spec any) []model.Need {
	switch x := spec.(type) {
	case *model.Service:
		return x.Requires
	case *model.Component:
		return x.Requires
	case *model.Site:
		return x.Requires
	case *model.Tool:
		return x.Requires
	}
	return nil
}

// needLife is when a dependency expression holds while running.
func needLife(n *model.Need, of func(model.Ref) life) life {
	if alternatives, k := n.Group(); alternatives != nil {
		lives := make([]life, len(alternatives))
		for i := range alternatives {
			lives[i] = needLife(&alternatives[i], of)
		}
		return combine(lives, k)
	}
	if n.On.IsZero() || !n.Counts(model.PhaseRun) {
		return always
	}
	return of(n.On)
}

// lifeNext leads from things that are no services to what they require; services
// have lives of their own.
func (a *Analysis) lifeNext(n int32, visit func(int32)) {
	o := a.f.Snap.Object(model.Handle(n))
	if o == nil || o.Kind.Slug == "service" {
		return
	}
	for _, e := range a.f.Snap.Out(model.Handle(n)) {
		if e.Field.Structure && e.Runs() && e.Field.Type == model.TypeDependency {
			visit(int32(e.To))
		}
	}
}

// settleLives starts a circle of things that lean on each other from "always" and
// takes away until nothing changes: what holds itself up stays up.
func (a *Analysis) settleLives(component []int32, circle bool, value func(int32) life, set func(int32, life)) {
	if !circle {
		n := component[0]
		set(n, a.ownLife(model.Handle(n), func(h model.Handle) life { return value(int32(h)) }))
		return
	}
	inside := map[int32]life{}
	for _, n := range component {
		inside[n] = always
	}
	of := func(h model.Handle) life {
		if l, here := inside[int32(h)]; here {
			return l
		}
		return value(int32(h))
	}
	for changed := true; changed; {
		changed = false
		for _, n := range component {
			l := a.ownLife(model.Handle(n), of)
			if l.stage != inside[n].stage || !slices.Equal(l.spans, inside[n].spans) {
				inside[n] = l
				changed = true
			}
		}
	}
	for n, l := range inside {
		set(n, l)
	}
}

func (a *Analysis) ownLife(h model.Handle, of func(model.Handle) life) life {
	o := a.f.Snap.Object(h)
	if o == nil {
		return always
	}
	if s, ok := o.Spec.(*model.Service); ok {
		return serviceLife(s)
	}
	if a.steady(h, of) {
		return always
	}
	needs := needsOf(o.Spec)
	lives := make([]life, len(needs))
	for i := range needs {
		lives[i] = needLife(&needs[i], func(r model.Ref) life {
			if to, ok := a.f.Snap.Find(r); ok {
				return of(to)
			}
			return always
		})
	}
	return combine(lives, len(lives))
}

// steady reports that everything required is always there, as nearly all is: no
// expression needs to be read then.
func (a *Analysis) steady(h model.Handle, of func(model.Handle) life) bool {
	for _, e := range a.f.Snap.Out(h) {
		if e.Field.Type == model.TypeDependency && e.Field.Structure && e.Runs() && !of(e.To).isAlways() {
			return false
		}
	}
	return true
}

// allSteady reports that all a service requires is always there.
func (a *Analysis) allSteady(h model.Handle) bool {
	return a.steady(h, func(to model.Handle) life { return a.lives.Value(int32(to)) })
}

func (a *Analysis) lifeOf(r model.Ref) life {
	h, ok := a.f.Snap.Find(r)
	if !ok {
		return always
	}
	return a.lives.Value(int32(h))
}
