package availability

import (
	"slices"
	"strconv"

	"diapason/internal/finding"
	"diapason/internal/model"
)

// redundant are the kinds whose requirements may have alternatives.
var redundant = []string{"service", "component", "site", "tool"}

// sharing are the kinds at which shared things are told: the holders of groups, and
// whatever their alternatives may share.
var sharing = []string{"service", "component", "site", "tool", "supplier", "team", "person"}

// commonRequirement is AVL-002: groups whose alternatives fail together. Groups told at
// one place with the same causes make one finding.
func commonRequirement(f *finding.Facts, h model.Handle, emit func(finding.Finding)) {
	a, ok := finding.Use[*Analysis](f)
	if !ok {
		return
	}
	where := a.sharing()
	for _, same := range alike(where.alone[h]) {
		a.emitShared(h, same, emit)
	}
	for _, same := range alike(where.common[h]) {
		a.emitShared(h, same, emit)
	}
	a.commonRelease(h, emit)
}

// alike puts groups that share the same things together.
func alike(list []share) (out [][]share) {
	for _, s := range list {
		i := slices.IndexFunc(out, func(same []share) bool { return slices.Equal(same[0].shared, s.shared) })
		if i < 0 {
			i, out = len(out), append(out, nil)
		}
		out[i] = append(out[i], s)
	}
	return out
}

func (a *Analysis) emitShared(h model.Handle, same []share, emit func(finding.Finding)) {
	first := same[0]
	holders, alternatives := a.holdersOf(same)
	services, reached := a.fallingWith(same, func(fig *figure) bool {
		_, single := slices.BinarySearch(fig.singles, first.shared[0])
		return single
	})
	if !reached {
		return
	}
	// What breaks the strictest promise speaks for all shared causes.
	cause, list := first.shared[0], a.hits(first.shared[0], services)
	for _, c := range first.shared[1:] {
		if other := a.hits(c, services); gravity(other) > gravity(list) {
			cause, list = c, other
		}
	}
	refs := a.refs(services)
	slices.SortFunc(refs, model.Ref.Compare)
	shared := a.refs(first.shared)
	out := finding.Finding{
		Severity: gravity(list), Causes: shared, Pointer: first.pointer, Hits: refs,
		Args: finding.Args{
			"alternatives": a.refs(first.alternatives), "shared": shared, "n": len(refs), "services": refs,
			"groups": len(same), "broken": false,
		},
		Evidence: []finding.Evidence{{Label: "shared", Value: shared}},
	}
	if len(holders) > 1 {
		a.atCause(&out, holders, alternatives)
	} else {
		for _, s := range same {
			out.Evidence = append(out.Evidence, finding.Evidence{Label: "alternatives", Value: a.refs(s.alternatives)})
		}
	}
	if len(refs) > 0 {
		out.Evidence = append(out.Evidence, finding.Evidence{Label: "services", Value: refs})
	}
	a.explainBroken(&out, list, cause)
	emit(out)
}

// atCause tells a finding at what is shared, for all holders, which it hits.
func (a *Analysis) atCause(out *finding.Finding, holders, alternatives []model.Ref) {
	out.Variant, out.Pointer = "common"+out.Variant, "/spec"
	out.Args["holders"], out.Args["m"], out.Args["alternatives"] = holders, len(holders), alternatives
	out.Evidence = append(out.Evidence, finding.Evidence{Label: "holders", Value: holders}, finding.Evidence{Label: "alternatives", Value: alternatives})
	out.Hits = append(slices.Clone(out.Hits), holders...)
	slices.SortFunc(out.Hits, model.Ref.Compare)
	out.Hits = slices.Compact(out.Hits)
}

// fallingWith are the delivered services among the holders of groups, and what depends
// on these, whose figure says that they fall; reached says that there are any.
func (a *Analysis) fallingWith(list []share, falls func(*figure) bool) (services []model.Handle, reached bool) {
	all := a.all()
	seen := map[model.Handle]bool{}
	for _, g := range list {
		for _, s := range append([]model.Handle{g.holder}, a.Dependents(g.holder)...) {
			fig := all.At(int32(s))
			if seen[s] || fig == nil || !delivered(finding.Spec[model.Service](a.f, s)) {
				continue
			}
			seen[s], reached = true, true
			if falls(fig) {
				services = append(services, s)
			}
		}
	}
	return services, reached
}

// alternatives is AVL-003: groups and instances that cannot be what they say.
func alternatives(f *finding.Facts, h model.Handle, emit func(finding.Finding)) {
	instances(f, h, emit)
	if !hasAnyGroup(f.Snap, h) {
		return
	}
	var list []model.Need
	switch s := f.Snap.Object(h).Spec.(type) {
	case *model.Service:
		list = s.Requires
	case *model.Component:
		list = s.Requires
	case *model.Site:
		list = s.Requires
	case *model.Tool:
		list = s.Requires
	}
	judgeGroups(list, "/spec/requires", emit)
}

func hasAnyGroup(s *model.Snapshot, h model.Handle) bool {
	for _, e := range s.Out(h) {
		if e.Group {
			return true
		}
	}
	return false
}

func judgeGroups(list []model.Need, at string, emit func(finding.Finding)) {
	for i := range list {
		n := &list[i]
		of, needed := n.Group()
		if len(of) == 0 {
			continue
		}
		here := at + "/" + strconv.Itoa(i)
		refs, twice := named(of)
		report := func(variant string, causes []model.Ref) {
			emit(finding.Finding{
				Variant: variant, Pointer: here, Part: here[len("/spec/"):], Causes: causes,
				Args:     finding.Args{"needed": needed, "n": len(of), "alternatives": refs, "twice": causes},
				Evidence: []finding.Evidence{{Label: "alternatives", Value: refs}, {Label: "needed", Value: needed}},
			})
		}
		switch {
		case needed > len(of):
			report("", nil)
		case needed < 1:
			report("none", nil)
		case len(of) == 1:
			report("alone", refs)
		case len(twice) > 0:
			report("twice", twice)
		}
		word := "/of"
		if len(n.AnyOf) > 0 {
			word = "/anyOf"
		}
		judgeGroups(of, here+word, emit)
	}
}

// named lists what a group names directly, and what it names more than once.
func named(of []model.Need) (refs, twice []model.Ref) {
	for i := range of {
		if r := of[i].On; !r.IsZero() {
			if slices.Contains(refs, r) {
				twice = append(twice, r)
				continue
			}
			refs = append(refs, r)
		}
	}
	return refs, twice
}
