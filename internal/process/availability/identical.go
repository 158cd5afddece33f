package availability

import (
	"maps"
	"slices"
	"strconv"

	"diapason/internal/finding"
	"diapason/internal/model"
)

// Several holders may count on the same alternatives, which share the same thing. It is
// mended at one place, so AVL-002 tells it once: at what is shared, with all holders. A
// group that one holder alone has is told at the holder.

// told says where groups whose alternatives fail together are told.
type told struct {
	alone  map[model.Handle][]share // by holder
	common map[model.Handle][]share // by what is shared
	// places are, by group, its holders and what it is told at.
	places map[string][]model.Handle
}

// sharing is what is told of things that alternatives share.
func (a *Analysis) sharing() *told {
	all := a.groupShares()
	a.telling.Do(func() {
		a.told = tell(all.Each, func(s share) model.Handle { return s.shared[0] })
	})
	return &a.told
}

// runningTogether is what is told of a release that alternatives run.
func (a *Analysis) runningTogether(r release) *told {
	a.groupShares()
	if hit, ok := a.toldOf.Load(r); ok {
		return hit.(*told)
	}
	out := tell(func(visit func(int32, []share)) {
		for _, holder := range slices.Sorted(maps.Keys(a.running)) {
			var list []share
			for _, s := range a.running[holder] {
				if slices.Contains(s.releases, r) {
					list = append(list, s)
				}
			}
			visit(int32(holder), list)
		}
	}, func(s share) model.Handle { return a.carriers(s.alternatives, r)[0] })
	hit, _ := a.toldOf.LoadOrStore(r, &out)
	return hit.(*told)
}

// tell sorts groups by where they are told: at is what several holders are told at.
func tell(each func(visit func(holder int32, list []share)), at func(share) model.Handle) told {
	groups := map[string][]share{}
	var keys []string
	each(func(_ int32, list []share) {
		for _, s := range list {
			key := s.key()
			if groups[key] == nil {
				keys = append(keys, key)
			}
			groups[key] = append(groups[key], s)
		}
	})
	out := told{alone: map[model.Handle][]share{}, common: map[model.Handle][]share{}, places: map[string][]model.Handle{}}
	for _, key := range keys {
		list := groups[key]
		holders := make([]model.Handle, 0, len(list)+1)
		for _, s := range list {
			holders = append(holders, s.holder)
		}
		slices.Sort(holders)
		holders = slices.Compact(holders)
		if len(holders) == 1 {
			out.alone[holders[0]] = append(out.alone[holders[0]], list...)
			out.places[key] = holders
			continue
		}
		place := at(list[0])
		out.common[place] = append(out.common[place], list...)
		out.places[key] = append(holders, place)
	}
	return out
}

// key is what makes groups identical: the alternatives, how many of them must work, and
// what they share.
func (s *share) key() string {
	alternatives := slices.Clone(s.alternatives)
	slices.Sort(alternatives)
	key := strconv.AppendInt(nil, int64(s.needed), 10)
	for _, list := range [][]model.Handle{alternatives, s.shared} {
		key = append(key, '|')
		for _, h := range list {
			key = strconv.AppendInt(append(key, ','), int64(h), 10)
		}
	}
	for _, r := range s.releases {
		key = append(append(key, '/'), r.String()...)
	}
	return string(key)
}

// beyondShared visits where groups are told whose holders a change made more or fewer.
func beyondShared(before, now *finding.Facts, _, _ []model.Handle, visit func(model.Handle)) {
	p, ok1 := finding.Use[*Analysis](before)
	a, ok2 := finding.Use[*Analysis](now)
	if !ok1 || !ok2 {
		return
	}
	moved := func(was, is *told) {
		for key, places := range is.places {
			if old := was.places[key]; !slices.Equal(old, places) {
				visitAll(visit, old, places)
			}
		}
		for key, places := range was.places {
			if is.places[key] == nil {
				visitAll(visit, places)
			}
		}
	}
	if was, is := p.sharing(), a.sharing(); was != is {
		moved(was, is)
	}
	seen := map[release]bool{}
	for _, x := range []*Analysis{p, a} {
		for _, list := range x.running {
			for _, s := range list {
				for _, r := range s.releases {
					if _, known := x.common(r); known && !seen[r] {
						seen[r] = true
						moved(p.runningTogether(r), a.runningTogether(r))
					}
				}
			}
		}
	}
}

func visitAll(visit func(model.Handle), lists ...[]model.Handle) {
	for _, list := range lists {
		for _, h := range list {
			visit(h)
		}
	}
}

// holdersOf are the holders of groups, and all alternatives in them, by name.
func (a *Analysis) holdersOf(list []share) (holders, alternatives []model.Ref) {
	for _, s := range list {
		holders = append(holders, a.f.Snap.Ref(s.holder))
		alternatives = append(alternatives, a.refs(s.alternatives)...)
	}
	for _, refs := range []*[]model.Ref{&holders, &alternatives} {
		slices.SortFunc(*refs, model.Ref.Compare)
		*refs = slices.Compact(*refs)
	}
	return holders, alternatives
}
