package availability

import (
	"maps"
	"slices"
	"sync"

	"diapason/internal/engine/faulttree"
	"diapason/internal/finding"
	"diapason/internal/model"
)

// retained is the solved graph of all services, kept so that a change of failure data
// alone is evaluated and not solved again. It is shared by the analyses of later
// snapshots; each of them sets the probabilities it means before it reads any.
type retained struct {
	mu    sync.Mutex
	m     *faulttree.Model
	tops  map[model.Handle]faulttree.NodeID // of services
	event map[model.Handle]faulttree.NodeID // own failure, by handle
	set   map[model.Handle]bool             // whose probability was ever set anew
}

// leastRetained is the number of services from which on the whole graph is evaluated
// rather than a small one made and solved.
var leastRetained = 64

func retain(b *graph, m *faulttree.Model, services []model.Handle, tops []faulttree.NodeID) *retained {
	r := &retained{m: m, tops: make(map[model.Handle]faulttree.NodeID, len(services)), event: make(map[model.Handle]faulttree.NodeID, len(b.owner)), set: map[model.Handle]bool{}}
	for i, h := range services {
		r.tops[h] = tops[i]
	}
	for id, h := range b.owner {
		if h == model.Missing {
			continue
		}
		r.event[h] = faulttree.NodeID(id)
		if _, state := b.a.ownOf(h); state == ownMissing {
			r.set[h] = true // taken as failed last
		}
	}
	return r
}

// outdate notes of what a change altered the structure, so that the retained graph no
// longer holds for it: what changed, what names it, or what the load now takes others
// of, where its needs are not what they were, and everything that depends on these.
func (a *Analysis) outdate(p *Analysis, c *finding.Change) {
	a.retained, a.stale = p.retained, p.stale
	if a.retained == nil {
		return
	}
	seeds := map[model.Handle]bool{}
	for _, h := range c.Changed {
		seeds[h] = true
		for _, s := range []*model.Snapshot{p.f.Snap, a.f.Snap} {
			if int(h) >= s.Size() {
				continue
			}
			all := s.Ref(h).Kind == "person" || p.f.Snap.Object(h) == nil || a.f.Snap.Object(h) == nil
			for _, in := range s.In(h) {
				if all || hasGroup(s, in.From) { // who is left of a team, what a group carries
					seeds[in.From] = true
				}
			}
		}
	}
	for _, h := range a.reloaded {
		seeds[h] = true
	}
	var other []model.Handle
	for h := range a.touched {
		if _, has := a.retained.event[h]; has {
			_, was := p.ownOf(h)
			_, is := a.ownOf(h)
			if a.relabelled = a.relabelled || was != is; (was == ownNot) != (is == ownNot) {
				other = append(other, h)
			}
		}
	}
	for h := range seeds {
		if fails(a.f.Snap.Ref(h).Kind) && !sameShape(p, a, h) {
			other = append(other, h)
		}
	}
	if len(other) == 0 {
		return
	}
	a.stale = maps.Clone(p.stale)
	if a.stale == nil {
		a.stale = map[model.Handle]bool{}
	}
	for _, h := range slices.Concat(other, a.walk(other, func(x model.Handle, visit func(model.Handle)) { parents(a.f.Snap, x, visit) })) {
		a.stale[h] = true
	}
}

// sameShape reports that an object stands in the graph as it did before a change.
func sameShape(p, a *Analysis, h model.Handle) bool {
	if int(h) >= p.f.Snap.Size() {
		return false
	}
	was, is := p.f.Snap.Object(h), a.f.Snap.Object(h)
	if was == nil || is == nil || was.Kind != is.Kind {
		return was == is
	}
	r1, ok1 := releaseOf(was)
	r2, ok2 := releaseOf(is)
	_, s1 := p.ownOf(h)
	_, s2 := a.ownOf(h)
	if r1 != r2 || ok1 != ok2 || (s1 == ownNot) != (s2 == ownNot) || !sameLoads(p.loadsOf(h), a.loadsOf(h)) {
		return false
	}
	c1, c2 := finding.Spec[model.Component](p.f, h), finding.Spec[model.Component](a.f, h)
	if spare(c1) != spare(c2) {
		return false
	}
	return slices.EqualFunc(p.needs(h), a.needs(h), sameNeed)
}

func sameNeed(x, y need) bool {
	return x.on == y.on && x.needed == y.needed && x.implied == y.implied && x.pointer == y.pointer && slices.EqualFunc(x.of, y.of, sameNeed)
}

// again gives the figures of services after a change: those of which only failure data
// changed are evaluated over the retained graph, the others solved.
func (a *Analysis) again(services []model.Handle) []*figure {
	if a.retained == nil || len(services) < leastRetained {
		return a.solveTogether(services)
	}
	out := make([]*figure, len(services))
	var same, other []int
	for i, h := range services {
		if _, known := a.retained.tops[h]; known && a.services.At(int32(h)) != nil && !a.stale[h] {
			same = append(same, i)
		} else {
			other = append(other, i)
		}
	}
	at := func(places []int) []model.Handle {
		list := make([]model.Handle, len(places))
		for k, i := range places {
			list[k] = services[i]
		}
		return list
	}
	figures, ok := a.evaluate(at(same))
	if !ok {
		return a.solveTogether(services)
	}
	for k, i := range same {
		out[i] = figures[k]
	}
	for k, fig := range a.solveTogether(at(other)) {
		out[other[k]] = fig
	}
	return out
}

// evaluate gives the figures of services of which only failure data changed; what the
// structure says is taken from what they were.
func (a *Analysis) evaluate(services []model.Handle) (out []*figure, ok bool) {
	r := a.retained
	out = make([]*figure, len(services))
	for i, h := range services {
		fig := *a.services.At(int32(h))
		if out[i] = &fig; a.relabelled {
			a.label(h, &fig)
		}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for h := range a.touched {
		if _, has := r.event[h]; has {
			r.set[h] = true
		}
	}
	for h := range r.set {
		q, _ := a.ownOf(h)
		if r.m.SetProbability(r.event[h], faulttree.Probability(q)) != nil {
			return nil, false
		}
	}
	missing := map[model.Handle]bool{}
	for i, h := range services {
		x, err := r.m.Unavailability(r.tops[h])
		if err != nil {
			return nil, false
		}
		out[i].low, out[i].high, out[i].worst, out[i].exact = float64(x.Lower), float64(x.Upper), float64(x.Upper), x.Exact
		for _, m := range out[i].missing {
			missing[m] = true
		}
	}
	if len(missing) == 0 {
		return out, true
	}
	for h := range missing {
		if id, has := r.event[h]; has && r.m.SetProbability(id, 1) == nil {
			r.set[h] = true
		}
	}
	for i, h := range services {
		if x, err := r.m.Unavailability(r.tops[h]); err == nil {
			out[i].worst = float64(x.Upper)
		}
	}
	return out, true
}
