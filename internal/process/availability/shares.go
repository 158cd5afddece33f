package availability

import (
	"maps"
	"slices"

	"diapason/internal/engine/faulttree"
	"diapason/internal/engine/paged"
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
	releases     []release      // products at a version that enough of them run to fail together
}

type openGroup struct {
	holder model.Handle
	group  *need
}

// groupShares lists, by holder, the groups whose alternatives share a single point
// of failure that the holder does not need anyway.
func (a *Analysis) groupShares() *paged.Array[[]share] {
	a.shares.Do(func() {
		var open []openGroup
		holder := func(h model.Handle) {
			if hasGroup(a.f.Snap, h) {
				groups(needs(a.f, h), func(g *need) { open = append(open, openGroup{h, g}) })
			}
		}
		if a.change == nil {
			for _, kind := range redundant {
				for _, h := range a.f.Snap.OfKind(kind) {
					holder(h)
				}
			}
		} else {
			for _, h := range slices.Sorted(maps.Keys(a.touched)) {
				if len(a.shared.At(int32(h))) > 0 {
					a.shared.Put(int32(h), nil)
				}
				delete(a.running, h)
				if o := a.f.Snap.Object(h); o != nil && slices.Contains(redundant, o.Kind.Slug) {
					holder(h)
				}
			}
		}
		for _, s := range a.solveGroups(open) {
			if len(s.releases) > 0 {
				if a.running == nil {
					a.running = map[model.Handle][]share{}
				}
				a.running[s.holder] = append(a.running[s.holder], s)
			}
			if len(s.shared) == 0 {
				continue
			}
			a.shared.Put(int32(s.holder), append(a.shared.At(int32(s.holder)), s))
		}
	})
	return &a.shared
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
	b.allReleases = true
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
		points, releases := b.singles(m, tops[i]), b.singleReleases(m, tops[i])
		if len(points)+len(releases) == 0 {
			continue
		}
		releases = a.sharedReleases(o.holder, points, releases)
		anyway := a.series(o.holder)
		points = slices.DeleteFunc(points, func(h model.Handle) bool { return h == o.holder || slices.Contains(anyway, h) })
		if points = a.nearest(points); len(points)+len(releases) > 0 {
			out = append(out, share{o.holder, o.group.pointer, leaves(o.group, nil), o.group.needed, points, releases})
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

// Prepare computes what the analyses of later snapshots take over.
func (a *Analysis) Prepare() {
	a.groupShares()
	a.all()
	a.done.Do(func() { a.before, a.change = nil, nil }) // nothing is left to take over
}
