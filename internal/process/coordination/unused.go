package coordination

import (
	"slices"

	"diapason/internal/finding"
	"diapason/internal/model"
)

// bookkeeping are the kinds that speak of things without using them.
var bookkeeping = []string{"waiver", "decision", "document", "action", "risk", "control", "review", "maintenance", "outage", "case-figures", "measurement-source", "certification", "exercise", "demand"}

// checkUnused is COO-008: something that nothing uses.
func checkUnused(f *finding.Facts, h model.Handle, emit func(finding.Finding)) {
	o := f.Snap.Object(h)
	switch x := o.Spec.(type) {
	case *model.Person:
		if _, left := gone(f, o.Ref()); left {
			return
		}
	case *model.Contract:
		if len(x.Covers) > 0 {
			return
		}
	}
	for _, in := range f.Snap.In(h) {
		if uses(f.Snap.Ref(in.From).Kind, o.Kind.Slug, in) {
			return
		}
	}
	emit(finding.Finding{Variant: o.Kind.Slug, Pointer: "/metadata/name"})
}

// uses reports that a reference to something of a kind is a use of it.
func uses(from, kind string, in model.Incoming) bool {
	switch {
	case kind == "person":
		return true // to write, own or decide is to take part
	case slices.Contains(bookkeeping, from):
		return kind == "contract" && in.Field.Name == "of" // figures are kept of it
	case kind == "skill":
		return from != "person" // held is not needed
	case kind == "component":
		return from != "contract" && from != "agreement" // covered is not used
	}
	return true
}
