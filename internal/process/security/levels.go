package security

import (
	"cmp"
	"slices"

	"diapason/internal/finding"
	"diapason/internal/model"
)

// askers leads from something to what relies on it.
func (a *Analysis) askers(n int32, visit func(int32)) {
	for _, in := range a.f.Snap.In(model.Handle(n)) {
		if ok, _ := a.carries(in.From, in.Field, in.Group, in.Phases, model.Handle(n)); ok && a.f.Snap.Object(in.From) != nil {
			visit(int32(in.From))
		}
	}
}

// own is what a service, or whatever holds data, asks by itself. The availability
// of data is asked of its holders together, not of each.
func (a *Analysis) own(h model.Handle, o *model.Object) demand {
	var d demand
	raise := func(i int, level *int, who model.Handle) {
		if level != nil && int8(*level) > d.level[i] {
			d.level[i], d.who[i] = int8(min(*level, top)), who+1
		}
	}
	if s, ok := o.Spec.(*model.Service); ok {
		if s.Stage == model.StageRetired {
			return d
		}
		for i, p := range pillars {
			raise(i, s.Security.Of(p), h)
		}
	}
	for _, e := range a.f.Snap.Out(h) {
		data := finding.Spec[model.DataAsset](a.f, e.To)
		if data == nil || e.Field.Name != "data" {
			continue
		}
		for i, p := range pillars {
			if i != first {
				raise(i, data.Security.Of(p), e.To)
			}
		}
	}
	return d
}

// settleDemands gives each thing the highest levels asked of it: its own, and what
// those that rely on it pass on. Confidentiality, integrity, authenticity and
// non-repudiation pass through every alternative, since each may carry the data;
// availability only through what has none. A component that protects a pillar
// passes none of it on.
func (a *Analysis) settleDemands(component []int32, circle bool, value func(int32) demand, set func(int32, demand)) {
	if !circle {
		set(component[0], a.demandOf(model.Handle(component[0]), func(h model.Handle) demand { return value(int32(h)) }))
		return
	}
	inside := map[int32]demand{}
	for _, n := range component {
		inside[n] = demand{}
	}
	for changed := true; changed; {
		changed = false
		for _, n := range component {
			d := a.demandOf(model.Handle(n), func(h model.Handle) demand {
				if d, here := inside[int32(h)]; here {
					return d
				}
				return value(int32(h))
			})
			if d != inside[n] {
				inside[n] = d
				changed = true
			}
		}
	}
	for n, d := range inside {
		set(n, d)
	}
}

func (a *Analysis) demandOf(h model.Handle, of func(model.Handle) demand) demand {
	o := a.f.Snap.Object(h)
	if o == nil {
		return demand{}
	}
	d := a.own(h, o)
	for _, in := range a.f.Snap.In(h) {
		ok, alternative := a.carries(in.From, in.Field, in.Group, in.Phases, h)
		holder := a.f.Snap.Object(in.From)
		if !ok || holder == nil {
			continue
		}
		if s, is := holder.Spec.(*model.Service); is && s.Stage == model.StageRetired {
			continue
		}
		up := of(in.From)
		for i, p := range pillars {
			if up.level[i] == 0 || i == first && alternative || protects(holder.Spec, p) {
				continue
			}
			if up.level[i] > d.level[i] || up.level[i] == d.level[i] && a.f.Snap.Ref(up.who[i]-1).Compare(a.f.Snap.Ref(d.who[i]-1)) < 0 {
				d.level[i], d.who[i] = up.level[i], up.who[i]
			}
		}
	}
	return d
}

// checkLevels is SEC-002. It is told on the weak part, once for each pillar, with
// the highest of those that ask as its cause; what is not rated is one unknown.
func checkLevels(f *finding.Facts, h model.Handle, emit func(finding.Finding)) {
	o := f.Snap.Object(h)
	a := of(f)
	asked := a.demands.Value(int32(h))
	switch x := o.Spec.(type) {
	case *model.Service:
		if x.Stage == model.StageRetired {
			return
		}
		belowData(f, h, x, emit)
	case *model.DataAsset:
		a.holders(h, x, emit)
		return
	default:
		if r := rated(x); r != nil {
			a.part(r, asked, emit)
		}
	}
	if asked.level[first] > 0 && !protects(o.Spec, pillars[first]) {
		a.groups(o, asked, emit)
	}
}

// part judges what something assures against what is asked of it.
func (a *Analysis) part(r *model.Ratings, asked demand, emit func(finding.Finding)) {
	var open []model.Text
	var who []model.Ref
	highest := 0
	for i, p := range pillars {
		need := int(asked.level[i])
		if need == 0 {
			continue
		}
		by := a.f.Snap.Ref(asked.who[i] - 1)
		level := r.Of(p)
		if level == nil {
			open, who = append(open, model.Pillars[i].Label), append(who, by)
			highest = max(highest, need)
			continue
		}
		if *level < need {
			emit(finding.Finding{Part: string(p), Causes: []model.Ref{by}, Pointer: "/spec/security/" + ratingField(p),
				Args:     finding.Args{"pillar": p, "assured": *level, "required": need, "who": by},
				Evidence: []finding.Evidence{{Label: "required", Value: need}, {Label: "assured", Value: *level}}})
		}
	}
	if len(open) > 0 {
		who = sorted(who)
		emit(finding.Finding{Outcome: finding.Unknown, Part: "security", Pointer: "/spec/security",
			Args:     finding.Args{"pillars": open, "n": len(who), "who": who, "required": highest},
			Evidence: []finding.Evidence{{Label: "required", Value: highest}}})
	}
}

// ratingField is the name of a pillar among the fields of ratings.
func ratingField(p model.Pillar) string {
	if p == model.PillarNonRepudiation {
		return "nonRepudiation"
	}
	return string(p)
}

// belowData judges a service's own rating against the data it uses; of
// availability the service decides itself.
func belowData(f *finding.Facts, h model.Handle, s *model.Service, emit func(finding.Finding)) {
	for i, p := range pillars {
		own := s.Security.Of(p)
		if i == first || own == nil {
			continue
		}
		var data model.Ref
		level := *own
		for _, e := range f.Snap.Out(h) {
			d := finding.Spec[model.DataAsset](f, e.To)
			if d == nil || e.Field.Name != "data" {
				continue
			}
			if need := d.Security.Of(p); need != nil && (*need > level || *need == level && !data.IsZero() && f.Snap.Ref(e.To).Compare(data) < 0) {
				level, data = *need, f.Snap.Ref(e.To)
			}
		}
		if level > *own {
			emit(finding.Finding{Variant: "data", Part: string(p), Causes: []model.Ref{data}, Pointer: "/spec/security/" + ratingField(p),
				Args:     finding.Args{"pillar": p, "assured": *own, "required": level, "who": data},
				Evidence: []finding.Evidence{{Label: "required", Value: level}, {Label: "assured", Value: *own}}})
		}
	}
}

// groups judges alternatives on availability: as many as are needed must assure
// what is asked of the whole.
func (a *Analysis) groups(o *model.Object, asked demand, emit func(finding.Finding)) {
	needs := needsOf(o.Spec)
	need := int(asked.level[first])
	by := a.f.Snap.Ref(asked.who[first] - 1)
	for i := range needs {
		if alternatives, _ := needs[i].Group(); alternatives == nil {
			continue
		}
		low, high := a.groupLevel(&needs[i])
		if low >= need {
			continue
		}
		var refs []model.Ref
		needs[i].Refs(func(r model.Ref) { refs = append(refs, r) })
		x := finding.Finding{Part: "availability/" + itoa(i), Pointer: "/spec/requires/" + itoa(i), Variant: "group", Causes: sorted(refs),
			Args:     finding.Args{"pillar": pillars[first], "assured": high, "required": need, "who": by, "other": by != o.Ref(), "alternatives": sorted(slices.Clone(refs))},
			Evidence: []finding.Evidence{{Label: "required", Value: need}}}
		if high >= need {
			x.Outcome, x.Variant = finding.Unknown, "group-unknown"
		} else {
			x.Evidence = append(x.Evidence, finding.Evidence{Label: "assured", Value: high})
		}
		emit(x)
	}
}

// holders judges the components that hold data on its availability: one of them
// must assure it.
func (a *Analysis) holders(h model.Handle, d *model.DataAsset, emit func(finding.Finding)) {
	need := d.Security.Availability
	if need == nil || *need == 0 {
		return
	}
	var refs []model.Ref
	best, open := 0, false
	for _, in := range a.f.Snap.In(h) {
		c := finding.Spec[model.Component](a.f, in.From)
		if c == nil || in.Field.Name != "data" {
			continue
		}
		refs = append(refs, a.f.Snap.Ref(in.From))
		if level := c.Security.Availability; level == nil {
			open = true
		} else {
			best = max(best, *level)
		}
	}
	if len(refs) == 0 || best >= *need {
		return
	}
	refs = sorted(refs)
	x := finding.Finding{Part: "availability", Pointer: "/spec/security/availability", Variant: "holders", Causes: refs,
		Args:     finding.Args{"pillar": pillars[first], "assured": best, "required": *need, "holders": refs, "n": len(refs)},
		Evidence: []finding.Evidence{{Label: "required", Value: *need}}}
	if open {
		x.Outcome, x.Variant = finding.Unknown, "holders-unknown"
	} else {
		x.Evidence = append(x.Evidence, finding.Evidence{Label: "assured", Value: best})
	}
	emit(x)
}

// groupLevel bounds the level that an expression assures on availability: what is
// not rated may be anything, and services answer for themselves.
func (a *Analysis) groupLevel(n *model.Need) (low, high int) {
	alternatives, k := n.Group()
	if alternatives == nil {
		o := a.f.Snap.Get(n.On)
		if o == nil || rated(o.Spec) == nil || !n.Counts(model.PhaseRun) {
			return top, top
		}
		if level := rated(o.Spec).Availability; level != nil {
			return *level, *level
		}
		return 0, top
	}
	lows, highs := make([]int, len(alternatives)), make([]int, len(alternatives))
	for i := range alternatives {
		lows[i], highs[i] = a.groupLevel(&alternatives[i])
	}
	if k <= 0 || k > len(alternatives) {
		return top, top // a group that cannot be: a matter of availability
	}
	falling := func(x, y int) int { return cmp.Compare(y, x) }
	slices.SortFunc(lows, falling)
	slices.SortFunc(highs, falling)
	return lows[k-1], highs[k-1]
}

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
