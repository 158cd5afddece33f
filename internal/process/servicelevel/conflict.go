package servicelevel

import (
	"diapason/internal/finding"
	"diapason/internal/model"
)

// SLM-016: two agreements bind the same customer and service differently without
// precedence. The one first by name is the subject.
var agreementsConflict = finding.Rule{
	ID: "SLM-016", Process: finding.ServiceLevel, Kinds: []string{"agreement"}, Reach: finding.Closure, Severity: finding.Error,
	Check: func(f *finding.Facts, h model.Handle, emit func(finding.Finding)) {
		spec := finding.Spec[model.Agreement](f, h)
		a := use(f)
		if !isSLA(spec) || !a.InForce(h, f.On) {
			return
		}
		type conflict struct {
			services []model.Ref
			first    difference
		}
		found := map[model.Handle]*conflict{}
		var order []model.Handle
		ref := f.Snap.Ref(h)
		for _, s := range a.served(spec) {
			for _, other := range a.agreementsOn(s.handle) {
				o := finding.Spec[model.Agreement](f, other)
				if other == h || ref.Compare(f.Snap.Ref(other)) > 0 || !isSLA(o) || !sameCustomer(spec, o) || ordered(spec, o) || !a.InForce(other, f.On) {
					continue
				}
				d, differ := differs(spec, o)
				if !differ {
					continue
				}
				if found[other] == nil {
					found[other] = &conflict{first: d}
					order = append(order, other)
				}
				found[other].services = append(found[other].services, s.ref)
			}
		}
		for _, other := range order {
			c := found[other]
			emit(finding.Finding{
				Causes: append([]model.Ref{f.Snap.Ref(other)}, c.services...), Pointer: c.first.pointer, Variant: c.first.variant,
				Args:     finding.Args{"other": f.Snap.Ref(other), "services": c.services, "n": len(c.services), "what": c.first.what, "here": c.first.here, "there": c.first.there},
				Evidence: []finding.Evidence{{Label: "here", Value: c.first.here}, {Label: "there", Value: c.first.there}, {Label: "services", Value: c.services}},
			})
		}
	},
}

// sameCustomer tells that two agreements can bind one customer.
func sameCustomer(a, b *model.Agreement) bool {
	return a.Customer == b.Customer || a.Customer.IsZero() || b.Customer.IsZero()
}

type difference struct {
	variant     string // "" a target, "hours" the agreed service time
	pointer     string
	what        any
	here, there any
}

// differs finds the first thing that two agreements promise differently.
func differs(a, b *model.Agreement) (difference, bool) {
	for i := range a.Targets {
		t := &a.Targets[i]
		for j := range b.Targets {
			o := &b.Targets[j]
			if !sameKind(t, o) {
				continue
			}
			here, there := t.Value(), o.Value()
			if here != nil && there != nil && !sameValue(t, o) {
				return difference{"", pointer(i), name(t, i), here, there}, true
			}
		}
	}
	if !a.Hours.IsZero() && !b.Hours.IsZero() && a.Hours != b.Hours {
		return difference{"hours", "/spec/hours", nil, a.Hours, b.Hours}, true
	}
	return difference{}, false
}
