package security

import (
	"cmp"
	"slices"

	"diapason/internal/finding"
	"diapason/internal/model"
)

// Assured is the lowest level on a pillar of all that a service relies on, and the
// weakest part. Behind a component that protects the pillar nothing counts; on
// availability a group counts as its best alternatives. ok is false when nothing
// it relies on is rated.
func (a *Analysis) Assured(service model.Handle, p model.Pillar) (level int, weakest model.Ref, ok bool) {
	i := slices.Index(pillars, p)
	if i < 0 || a.f.Snap.Object(service) == nil {
		return 0, model.Ref{}, false
	}
	v := a.assured.Value(int32(service))
	if v.level[i] >= unsaid {
		return 0, model.Ref{}, false
	}
	return int(v.level[i]), a.f.Snap.Ref(v.weakest[i] - 1), true
}

func (a *Analysis) reliedOn(n int32, visit func(int32)) {
	for _, e := range a.f.Snap.Out(model.Handle(n)) {
		if ok, _ := a.carries(model.Handle(n), e.Field, e.Group, e.Phases, e.To); ok && a.f.Snap.Object(e.To) != nil {
			visit(int32(e.To))
		}
	}
}

// settleAssurance starts a circle from "nothing said" and lowers until nothing
// changes.
func (a *Analysis) settleAssurance(component []int32, circle bool, value func(int32) assurance, set func(int32, assurance)) {
	if !circle {
		set(component[0], a.assuranceOf(model.Handle(component[0]), func(h model.Handle) assurance { return value(int32(h)) }))
		return
	}
	inside := map[int32]assurance{}
	for _, n := range component {
		inside[n] = silence
	}
	of := func(h model.Handle) assurance {
		if v, here := inside[int32(h)]; here {
			return v
		}
		return value(int32(h))
	}
	for changed := true; changed; {
		changed = false
		for _, n := range component {
			if v := a.assuranceOf(model.Handle(n), of); v != inside[n] {
				inside[n] = v
				changed = true
			}
		}
	}
	for n, v := range inside {
		set(n, v)
	}
}

var silence = assurance{level: [count]int8{unsaid, unsaid, unsaid, unsaid, unsaid}}

func (a *Analysis) assuranceOf(h model.Handle, of func(model.Handle) assurance) assurance {
	out := silence
	o := a.f.Snap.Object(h)
	if o == nil {
		return out
	}
	lower := func(i int, level int8, who model.Handle) {
		if level < out.level[i] || level == out.level[i] && level < unsaid && a.f.Snap.Ref(who-1).Compare(a.f.Snap.Ref(out.weakest[i]-1)) < 0 {
			out.level[i], out.weakest[i] = level, who
		}
	}
	if r := rated(o.Spec); r != nil {
		for i, p := range pillars {
			if level := r.Of(p); level != nil {
				lower(i, int8(min(*level, top)), h+1)
			}
		}
	}
	for _, e := range a.f.Snap.Out(h) {
		ok, alternative := a.carries(h, e.Field, e.Group, e.Phases, e.To)
		if !ok || a.f.Snap.Object(e.To) == nil {
			continue
		}
		below := of(e.To)
		for i, p := range pillars {
			if !protects(o.Spec, p) && (i != first || !alternative) {
				lower(i, below.level[i], below.weakest[i])
			}
		}
	}
	if needs := needsOf(o.Spec); !protects(o.Spec, pillars[first]) {
		for i := range needs {
			if alternatives, _ := needs[i].Group(); alternatives != nil {
				level, who := a.best(&needs[i], of)
				lower(first, level, who)
			}
		}
	}
	return out
}

// best is the availability of an expression: of a group that of its k-th best.
func (a *Analysis) best(n *model.Need, of func(model.Handle) assurance) (int8, model.Handle) {
	alternatives, k := n.Group()
	if alternatives == nil {
		h, ok := a.f.Snap.Find(n.On)
		if !ok || a.f.Snap.Object(h) == nil || !n.Counts(model.PhaseRun) {
			return unsaid, 0
		}
		v := of(h)
		return v.level[first], v.weakest[first]
	}
	type one struct {
		level int8
		who   model.Handle
	}
	all := make([]one, len(alternatives))
	for i := range alternatives {
		all[i].level, all[i].who = a.best(&alternatives[i], of)
	}
	if k <= 0 || k > len(all) {
		return unsaid, 0
	}
	slices.SortStableFunc(all, func(x, y one) int { return cmp.Compare(y.level, x.level) })
	return all[k-1].level, all[k-1].who
}

// checkRated is SEC-001: a service or data asset rated on all five pillars. To be
// confirmed at first, an error once it is being built.
func checkRated(f *finding.Facts, h model.Handle, emit func(finding.Finding)) {
	built := func(s *model.Service) bool {
		return s != nil && s.Stage.Rank() >= model.StageBuild.Rank() && s.Stage.Rank() <= model.StageLive.Rank()
	}
	var r *model.Ratings
	severe := false
	switch x := f.Snap.Object(h).Spec.(type) {
	case *model.Service:
		if x.Stage == model.StageRetired {
			return
		}
		r, severe = &x.Security, built(x)
	case *model.DataAsset:
		r = &x.Security
	}
	var open []model.Text
	for i, p := range pillars {
		if r.Of(p) == nil {
			open = append(open, model.Pillars[i].Label)
		}
	}
	if len(open) == 0 {
		return
	}
	if f.Snap.Object(h).Kind.Slug == "data-asset" {
		for _, in := range f.Snap.In(h) {
			severe = severe || in.Field.Name == "data" && built(finding.Spec[model.Service](f, in.From))
		}
	}
	x := finding.Finding{Pointer: "/spec/security", Args: finding.Args{"pillars": open, "n": len(open)}, Evidence: []finding.Evidence{{Label: "rated", Value: count - len(open)}}}
	if severe {
		x.Severity = finding.Error
	}
	emit(x)
}
