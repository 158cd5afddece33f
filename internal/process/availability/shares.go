package availability

import (
	"slices"

	"diapason/internal/engine/faulttree"
	"diapason/internal/model"
)

// share is a group of alternatives that fails as one: something every one of
// them, or too many of them, needs.
type share struct {
	holder       model.Handle
	pointer      string
	alternatives []model.Handle
	needed       int
	shared       []model.Handle // nearest causes, ascending
}

type openGroup struct {
	holder model.Handle
	group  *need
}

// groupShares lists the groups whose alternatives share a single point of failure
// that the holder does not need anyway, by holder and place.
func (a *Analysis) groupShares() []share {
	a.shares.Do(func() {
		var open []openGroup
		for _, kind := range []string{"service", "component", "site", "tool"} {
			for _, h := range a.f.Snap.OfKind(kind) {
				if !hasGroup(a.f.Snap, h) {
					continue
				}
				if a.touchedShares != nil && !a.touchedShares(h) {
					a.shared = append(a.shared, a.carriedShares[h]...)
					continue
				}
				list := needs(a.f, h)
				groups(list, func(g *need) { open = append(open, openGroup{h, g}) })
			}
		}
		a.shared = append(a.shared, a.solveGroups(open)...)
		a.carriedShares, a.touchedShares = nil, nil
		a.sharesKnown = true
	})
	return a.shared
}

func (a *Analysis) carryShares(p *Analysis, structure func(model.Handle) bool) {
	if !p.sharesKnown {
		return
	}
	a.touchedShares = structure
	a.carriedShares = map[model.Handle][]share{}
	for _, s := range p.shared {
		a.carriedShares[s.holder] = append(a.carriedShares[s.holder], s)
	}
}

func hasGroup(s *model.Snapshot, h model.Handle) bool {
	for _, e := range s.Out(h) {
		if e.Group && e.Runs() {
			return true
		}
	}
	return false
}

// groups calls fn for every group with an alternative to spare, at any depth.
func groups(list []need, fn func(*need)) {
	for i := range list {
		if n := &list[i]; n.group() {
			if n.needed < len(n.of) {
				fn(n)
			}
			groups(n.of, fn)
		}
	}
}

func (a *Analysis) solveGroups(open []openGroup) []share {
	if len(open) == 0 {
		return nil
	}
	b := a.newGraph(len(open) * 4)
	tops := make([]faulttree.NodeID, len(open))
	for i, o := range open {
		for _, x := range leaves(o.group, nil) {
			b.add(x)
		}
		tops[i] = b.expression(o.group)
	}
	m, err := b.compile(tops)
	if err != nil {
		return nil
	}
	var out []share
	for i, o := range open {
		points := b.singles(m, tops[i])
		if len(points) == 0 {
			continue
		}
		anyway := a.series(o.holder)
		points = slices.DeleteFunc(points, func(h model.Handle) bool {
			_, found := slices.BinarySearch(anyway, h)
			return found || h == o.holder
		})
		if points = a.nearest(points); len(points) > 0 {
			out = append(out, share{o.holder, o.group.pointer, leaves(o.group, nil), o.group.needed, points})
		}
	}
	return out
}

func leaves(n *need, out []model.Handle) []model.Handle {
	if !n.group() {
		return append(out, n.on)
	}
	for i := range n.of {
		out = leaves(&n.of[i], out)
	}
	return out
}

// nearest drops what another of the points needs anyway: the power of a shared
// site says no more than the site.
func (a *Analysis) nearest(points []model.Handle) []model.Handle {
	slices.Sort(points)
	points = slices.Compact(points)
	behind := map[model.Handle][]model.Handle{}
	for _, p := range points {
		behind[p] = a.Required(p)
	}
	var out []model.Handle
	for _, p := range points {
		implied := false
		for _, o := range points {
			if o != p && slices.Contains(behind[o], p) && !slices.Contains(behind[p], o) {
				implied = true
				break
			}
		}
		if !implied {
			out = append(out, p)
		}
	}
	return out
}
