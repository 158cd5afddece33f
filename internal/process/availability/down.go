package availability

import (
	"slices"

	"diapason/internal/finding"
	"diapason/internal/model"
)

// Fallback is a group that lost alternatives and runs on with the rest.
type Fallback struct {
	Holder  model.Ref
	Pointer string      // the group in the holder's document
	Lost    []model.Ref // alternatives that are gone
	Left    []model.Ref // alternatives that still work
	Working int         // how many alternatives still work
	Needed  int         // how many of them must work
}

// Spare is how many of the alternatives left may still fail.
func (x Fallback) Spare() int { return x.Working - x.Needed }

// Impact is what happens when some things are down.
type Impact struct {
	Down     []model.Ref // what was taken down
	Services []model.Ref // services lost
	Others   []model.Ref // components, sites, teams… lost with it
	Degraded []model.Ref // services that run on, worse: something they name in degrades, or a service they need, is hit
	Fallback []Fallback  // groups that run on with fewer alternatives
}

// Down says what is lost, degraded or left without alternatives when everything
// in refs is down. Only what depends on refs is visited; the outcome is the least
// fixpoint of failure, as in the prediction.
func (a *Analysis) Down(refs []model.Ref) Impact {
	s := a.f.Snap
	lost := map[model.Handle]bool{}
	var queue []model.Handle
	out := Impact{Down: refs}
	for _, r := range refs {
		if h, ok := s.Find(r); ok && !lost[h] {
			lost[h] = true
			queue = append(queue, h)
		}
	}
	taken := len(queue)
	hit := map[model.Handle]bool{} // holders of groups that lost an alternative
	for i := 0; i < len(queue); i++ {
		parents(s, queue[i], func(p model.Handle) {
			if lost[p] {
				return
			}
			if fallen(a.needed(p), lost) {
				lost[p] = true
				queue = append(queue, p)
				return
			}
			hit[p] = true
		})
	}
	for i, h := range queue {
		r := s.Ref(h)
		switch {
		case i < taken && r.Kind != "service":
		case r.Kind == "service":
			out.Services = append(out.Services, r)
		default:
			out.Others = append(out.Others, r)
		}
	}
	for h := range hit {
		if !lost[h] {
			groups(a.needed(h), func(g *need) { out.Fallback = append(out.Fallback, fallback(s, h, g, lost)...) })
		}
	}
	out.Degraded = a.degraded(queue, lost)
	slices.SortFunc(out.Services, model.Ref.Compare)
	slices.SortFunc(out.Others, model.Ref.Compare)
	slices.SortFunc(out.Fallback, func(x, y Fallback) int {
		if c := x.Holder.Compare(y.Holder); c != 0 {
			return c
		}
		return slices.Compare([]byte(x.Pointer), []byte(y.Pointer))
	})
	return out
}

// fallen reports that one of the needs is not met.
func fallen(list []need, lost map[model.Handle]bool) bool {
	for i := range list {
		if !works(&list[i], lost) {
			return true
		}
	}
	return false
}

func works(n *need, lost map[model.Handle]bool) bool {
	if !n.group() {
		return !lost[n.on]
	}
	up := 0
	for i := range n.of {
		if works(&n.of[i], lost) {
			up++
		}
	}
	return up >= n.needed
}

func fallback(s *model.Snapshot, holder model.Handle, g *need, lost map[model.Handle]bool) []Fallback {
	x := Fallback{Holder: s.Ref(holder), Pointer: g.pointer, Needed: g.needed}
	for i := range g.of {
		list := &x.Left
		if works(&g.of[i], lost) {
			x.Working++
		} else {
			list = &x.Lost
		}
		for _, h := range leaves(&g.of[i], nil) {
			*list = append(*list, s.Ref(h))
		}
	}
	if len(x.Lost) == 0 {
		return nil
	}
	return []Fallback{x}
}

// degraded finds the services that name something lost in degrades, themselves or
// through what they need, and are not lost.
func (a *Analysis) degraded(queue []model.Handle, lost map[model.Handle]bool) []model.Ref {
	var start []model.Handle
	seen := map[model.Handle]bool{}
	for _, h := range queue {
		for _, in := range a.f.Snap.In(h) {
			if in.Field.Name == "degrades" && !lost[in.From] && !seen[in.From] {
				seen[in.From] = true
				start = append(start, in.From)
			}
		}
	}
	var out []model.Ref
	above := a.walk(start, func(x model.Handle, visit func(model.Handle)) { parents(a.f.Snap, x, visit) })
	for _, h := range slices.Concat(start, above) {
		if finding.Spec[model.Service](a.f, h) != nil && !lost[h] {
			out = append(out, a.f.Snap.Ref(h))
		}
	}
	slices.SortFunc(out, model.Ref.Compare)
	return slices.Compact(out)
}

// FailsWith reports whether h is lost when everything in refs is down. Only what h
// needs is looked at.
func (a *Analysis) FailsWith(h model.Handle, refs []model.Ref) bool {
	lost := map[model.Handle]bool{}
	for _, r := range refs {
		if x, ok := a.f.Snap.Find(r); ok {
			lost[x] = true
		}
	}
	within := a.within(h)
	for changed := true; changed && !lost[h]; {
		changed = false
		for i := len(within) - 1; i >= 0; i-- {
			if x := within[i]; !lost[x] && fallen(a.needed(x), lost) {
				lost[x], changed = true, true
			}
		}
	}
	return lost[h]
}
