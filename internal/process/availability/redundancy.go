package availability

import (
	"slices"
	"strconv"

	"diapason/internal/finding"
	"diapason/internal/model"
)

// redundant are the kinds whose requirements may have alternatives.
var redundant = []string{"service", "component", "site", "tool"}

// commonRequirement is AVL-002: groups whose alternatives fail together. Groups
// of one holder with the same causes make one finding.
func commonRequirement(f *finding.Facts, h model.Handle, emit func(finding.Finding)) {
	a, ok := finding.Use[*Analysis](f)
	if !ok || !hasGroup(f.Snap, h) {
		return
	}
	list := a.groupShares().At(int32(h))
	for len(list) > 0 {
		first := list[0]
		var same, rest []share
		for _, s := range list {
			if slices.Equal(s.shared, first.shared) {
				same = append(same, s)
			} else {
				rest = append(rest, s)
			}
		}
		list = rest
		a.emitShared(h, same, emit)
	}
	a.commonRelease(h, emit)
}

func (a *Analysis) emitShared(h model.Handle, same []share, emit func(finding.Finding)) {
	first := same[0]
	var services []model.Handle
	all := a.all()
	reached := false
	for _, s := range append([]model.Handle{h}, a.Dependents(h)...) {
		if !delivered(finding.Spec[model.Service](a.f, s)) || all.At(int32(s)) == nil {
			continue
		}
		reached = true
		if _, single := slices.BinarySearch(all.At(int32(s)).singles, first.shared[0]); single {
			services = append(services, s)
		}
	}
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
	for _, s := range same {
		out.Evidence = append(out.Evidence, finding.Evidence{Label: "alternatives", Value: a.refs(s.alternatives)})
	}
	if len(refs) > 0 {
		out.Evidence = append(out.Evidence, finding.Evidence{Label: "services", Value: refs})
	}
	a.explainBroken(&out, list, cause)
	emit(out)
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
