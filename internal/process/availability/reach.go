package availability

import (
	"diapason/internal/finding"
	"diapason/internal/model"
)

// marks is a set of handles that is emptied in constant time.
type marks struct {
	stamp []uint32
	now   uint32
}

func (a *Analysis) borrow() *marks {
	m, _ := a.scratch.Get().(*marks)
	if m == nil {
		m = &marks{stamp: make([]uint32, a.f.Snap.Size())}
	}
	if m.now++; m.now == 0 {
		clear(m.stamp)
		m.now = 1
	}
	return m
}

// add reports whether h was new.
func (m *marks) add(h model.Handle) bool {
	if m.stamp[h] == m.now {
		return false
	}
	m.stamp[h] = m.now
	return true
}

// walk collects everything reached from start by next, start left out.
func (a *Analysis) walk(start []model.Handle, next func(model.Handle, func(model.Handle))) []model.Handle {
	m := a.borrow()
	defer a.scratch.Put(m)
	for _, h := range start {
		m.add(h)
	}
	var out []model.Handle
	visit := func(x model.Handle) {
		if m.add(x) {
			out = append(out, x)
		}
	}
	for _, h := range start {
		next(h, visit)
	}
	for i := 0; i < len(out); i++ {
		next(out[i], visit)
	}
	return out
}

// Required is everything h needs to run, directly or through others,
// alternatives included, each once. Callers must not change the slice.
func (a *Analysis) Required(h model.Handle) []model.Handle {
	if hit, ok := a.required.Load(h); ok {
		return hit.([]model.Handle)
	}
	out := a.walk([]model.Handle{h}, func(x model.Handle, visit func(model.Handle)) { children(a.f.Snap, x, visit) })
	a.required.Store(h, out)
	return out
}

// Dependents is everything that needs h to run, directly or through others, even
// where an alternative could take over. Callers must not change the slice.
func (a *Analysis) Dependents(h model.Handle) []model.Handle {
	if hit, ok := a.dependents.Load(h); ok {
		return hit.([]model.Handle)
	}
	out := a.walk([]model.Handle{h}, func(x model.Handle, visit func(model.Handle)) { parents(a.f.Snap, x, visit) })
	a.dependents.Store(h, out)
	return out
}

// Critical reports that a service of criticality high or critical, not retired,
// is h or needs h to run.
func (a *Analysis) Critical(h model.Handle) bool {
	a.important.Do(func() {
		var start []model.Handle
		for _, s := range a.f.Snap.OfKind("service") {
			if spec := finding.Spec[model.Service](a.f, s); spec.Stage != model.StageRetired && weighty(spec) {
				start = append(start, s)
			}
		}
		a.critical = make([]bool, a.f.Snap.Size())
		for _, list := range [][]model.Handle{start, a.walk(start, func(x model.Handle, visit func(model.Handle)) { children(a.f.Snap, x, visit) })} {
			for _, x := range list {
				a.critical[x] = true
			}
		}
	})
	return h >= 0 && int(h) < len(a.critical) && a.critical[h]
}

func weighty(s *model.Service) bool { return s.Criticality.Rank() >= model.CriticalityHigh.Rank() }

// delivered reports a service that users have or are about to have: in
// transition, live or retiring.
func delivered(s *model.Service) bool {
	return s != nil && (s.Stage == model.StageTransition || s.Stage == model.StageLive || s.Stage == model.StageRetiring)
}

// series is everything that h needs without any alternative, following written
// requirements and sites but not the supplier of what is external: its part has
// already failed with the thing itself. A group counts as declared: where the load
// leaves it nothing to spare, CAP-006 says so.
func (a *Analysis) series(h model.Handle) []model.Handle {
	s := a.f.Snap
	return a.walk([]model.Handle{h}, func(x model.Handle, visit func(model.Handle)) {
		o := s.Object(x)
		if o == nil || !fails(o.Kind.Slug) || o.Kind.Slug == "person" {
			return
		}
		if o.Kind.Slug == "team" || hasGroup(s, x) {
			inSeries(needs(a.f, x), s, visit)
			return
		}
		for _, e := range s.Out(x) {
			if e.Field.Structure && e.Runs() && e.Field.Name != "supplier" && fails(s.Ref(e.To).Kind) {
				visit(e.To)
			}
		}
	})
}

func inSeries(list []need, s *model.Snapshot, visit func(model.Handle)) {
	for i := range list {
		n := &list[i]
		switch {
		case n.group():
			if n.needed == len(n.of) {
				inSeries(n.of, s, visit)
			}
		case n.implied && s.Ref(n.on).Kind == "supplier":
		default:
			visit(n.on)
		}
	}
}
