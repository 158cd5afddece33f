package security

import (
	"slices"

	"diapason/internal/engine/condense"
	"diapason/internal/finding"
	"diapason/internal/model"
)

// asksOtherwise visits what other demands are made of after a change than before.
// It follows a change downwards only as far as it makes a difference: most changes
// leave what they ask of their site, on which thousands of others stand, as it was.
func (a *Analysis) asksOtherwise(p *Analysis, c *finding.Change) func(visit func(int32)) {
	return func(visit func(int32)) {
		now := map[int32]demand{}
		stale := map[model.Handle]bool{}
		value := func(n int32) demand {
			if d, settled := now[n]; settled {
				return d
			}
			if int(n) >= p.f.Snap.Size() {
				return demand{}
			}
			return p.demands.Value(n)
		}
		for _, h := range c.Changed {
			a.stale(p, h, stale)
		}
		start := make([]int32, 0, len(stale))
		for h := range stale {
			start = append(start, int32(h))
		}
		slices.Sort(start)
		components, circles := condense.Components(start, func(n int32, visit func(int32)) {
			a.asked(p, model.Handle(n), func(h model.Handle) { visit(int32(h)) })
		})
		for i := len(components) - 1; i >= 0; i-- { // those who ask first
			component := components[i]
			if !slices.ContainsFunc(component, func(n int32) bool { return stale[model.Handle(n)] }) {
				continue
			}
			a.settleDemands(component, circles[i], value, func(n int32, d demand) {
				fresh := int(n) >= p.f.Snap.Size()
				if !fresh && d == p.demands.Value(n) {
					return
				}
				now[n] = d
				visit(n)
				a.asked(p, model.Handle(n), func(h model.Handle) { stale[h] = true })
			})
		}
	}
}

// asked visits what something asks of, before and after.
func (a *Analysis) asked(p *Analysis, h model.Handle, visit func(model.Handle)) {
	for _, s := range []*model.Snapshot{p.f.Snap, a.f.Snap} {
		if int(h) >= s.Size() {
			continue
		}
		for _, e := range s.Out(h) {
			if e.Field.Structure {
				visit(e.To)
			}
		}
	}
}

// stale marks what has to be looked at because an object changed: itself, what
// holds it where it is data, and what it asks of where it does so otherwise.
func (a *Analysis) stale(p *Analysis, h model.Handle, mark map[model.Handle]bool) {
	mark[h] = true
	was, is := p.f.Snap.Object(h), a.f.Snap.Object(h)
	for _, s := range []*model.Snapshot{p.f.Snap, a.f.Snap} {
		if int(h) >= s.Size() || s.Ref(h).Kind != "data-asset" {
			continue
		}
		for _, in := range s.In(h) {
			mark[in.From] = true
		}
	}
	if was == nil || is == nil || !slices.Equal(p.f.Snap.Out(h), a.f.Snap.Out(h)) || !passesAlike(p.f, a.f, h) {
		a.asked(p, h, func(x model.Handle) { mark[x] = true })
	}
}

// passesAlike reports that an object passes on what is asked of it as before.
func passesAlike(before, now *finding.Facts, h model.Handle) bool {
	was, is := before.Snap.Object(h).Spec, now.Snap.Object(h).Spec
	for _, p := range pillars {
		if protects(was, p) != protects(is, p) {
			return false
		}
	}
	old, ok1 := was.(*model.Service)
	fresh, ok2 := is.(*model.Service)
	if ok1 && ok2 && (old.Stage == model.StageRetired) != (fresh.Stage == model.StageRetired) {
		return false
	}
	return external(before, h) == external(now, h)
}
