package coordination

import (
	"cmp"
	"slices"

	"diapason/internal/finding"
	"diapason/internal/model"
)

// referring are the kinds whose references are judged: all but decisions, which
// are history and name what may since have gone.
func referring() []string {
	return slices.DeleteFunc(model.Slugs(), func(s string) bool { return s == "decision" })
}

// checkReferences is COO-001: one finding for each target that is missing, or of a
// kind that the field does not allow.
func checkReferences(f *finding.Facts, h model.Handle, emit func(finding.Finding)) {
	out := f.Snap.Out(h)
	for i, e := range out {
		wrong := !allowed(e.Field, f.Snap.Ref(e.To).Kind)
		if !wrong && f.Snap.Object(e.To) != nil || history(e.Pointer) {
			continue
		}
		first, places := true, 0
		for j, other := range out {
			if other.To == e.To && !history(other.Pointer) {
				first = first && j >= i
				places++
			}
		}
		if first {
			emit(dangling(f, h, e, wrong, places))
		}
	}
}

// allowed reports whether a field may refer to a kind.
func allowed(field *model.Field, kind string) bool {
	return slices.Contains(field.Refs, kind) || slices.Contains(field.Refs, "*")
}

// history reports that a reference only says what an approval rested on.
func history(pointer string) bool {
	const sections = "/spec/sections/"
	if len(pointer) < len(sections) || pointer[:len(sections)] != sections {
		return false
	}
	for i := len(sections); i+6 <= len(pointer); i++ {
		if pointer[i:i+6] == "/pins/" {
			return true
		}
	}
	return false
}

func dangling(f *finding.Facts, h model.Handle, e model.Edge, wrong bool, places int) finding.Finding {
	target := f.Snap.Ref(e.To)
	nearest := of(f).nearest(e.To, e.Field)
	x := finding.Finding{
		Causes: []model.Ref{target}, Pointer: e.Pointer,
		Args:     finding.Args{"target": target.String(), "nearest": nearest.String(), "field": e.Field.Label, "places": places},
		Evidence: []finding.Evidence{{Label: "field", Value: e.Field.Label}, {Label: "places", Value: places}},
	}
	if f.Snap.Object(h).Kind.P == model.Facts {
		x.Severity = finding.Warning // a record of what was, no part of the design
	}
	if wrong {
		kinds := make([]model.Text, len(e.Field.Refs))
		for i, slug := range e.Field.Refs {
			kinds[i] = model.KindOf(slug).Label
		}
		x.Variant = "kind"
		x.Args["kind"] = model.KindOf(target.Kind).Label
		x.Args["kinds"] = kinds
	}
	return x
}

// missing is a name that leads nowhere, and the field that holds it.
type missing struct {
	to    model.Handle
	field *model.Field
}

// nearest suggests an object for a name that leads nowhere: the same name under
// another kind that the field allows, else the closest name of the kind. It looks
// at the neighbours of the name in order, then at all names one edit away: never
// at the whole model.
func (a *Analysis) nearest(to model.Handle, field *model.Field) model.Ref {
	key := missing{to, field}
	if r, ok := a.near.Load(key); ok {
		return r.(model.Ref)
	}
	r := a.searchNearest(a.f.Snap.Ref(to), field)
	a.near.Store(key, r)
	return r
}

func (a *Analysis) searchNearest(want model.Ref, field *model.Field) model.Ref {
	kinds := field.Refs
	if slices.Contains(kinds, "*") {
		kinds = model.Slugs()
	}
	for _, k := range kinds {
		if r := (model.Ref{Kind: k, Name: want.Name}); r != want && present(a.f, r) {
			return r
		}
	}
	if slices.Contains(kinds, want.Kind) {
		kinds = []string{want.Kind}
	}
	for _, k := range kinds[:min(len(kinds), 4)] {
		if name := a.neighbour(k, want.Name); name != "" {
			return model.Ref{Kind: k, Name: name}
		}
	}
	return model.Ref{}
}

// neighbour is the closest name of a kind, "" when none is close.
func (a *Analysis) neighbour(kind, name string) string {
	const around = 24
	list := a.f.Snap.OfKind(kind)
	at, _ := slices.BinarySearchFunc(list, name, func(h model.Handle, n string) int { return cmp.Compare(a.f.Snap.Ref(h).Name, n) })
	var names []string
	for _, h := range list[max(0, at-around):min(len(list), at+around)] {
		names = append(names, a.f.Snap.Ref(h).Name)
	}
	if n := model.Nearest(name, names); n != "" {
		return n
	}
	return a.oneEdit(kind, name)
}

// oneEdit finds a name one insertion, deletion, replacement or transposition away.
func (a *Analysis) oneEdit(kind, name string) string {
	const letters = "abcdefghijklmnopqrstuvwxyz0123456789-_."
	if len(name) > 40 {
		return ""
	}
	found := func(s string) bool { return s != "" && s != name && present(a.f, model.Ref{Kind: kind, Name: s}) }
	for i := 0; i <= len(name); i++ {
		if i < len(name) && found(name[:i]+name[i+1:]) {
			return name[:i] + name[i+1:]
		}
		if i+1 < len(name) {
			if s := name[:i] + name[i+1:i+2] + name[i:i+1] + name[i+2:]; found(s) {
				return s
			}
		}
		for j := range letters {
			c := letters[j : j+1]
			if i < len(name) && found(name[:i]+c+name[i+1:]) {
				return name[:i] + c + name[i+1:]
			}
			if found(name[:i] + c + name[i:]) {
				return name[:i] + c + name[i:]
			}
		}
	}
	return ""
}

// beyondReferences judges known gaps again when names come or go: what they
// suggest may be another name now.
func beyondReferences(before, now *finding.Facts, changed, found []model.Handle, visit func(model.Handle)) {
	if !slices.ContainsFunc(changed, func(h model.Handle) bool {
		return (before.Snap.Object(h) == nil) != (now.Snap.Object(h) == nil)
	}) {
		return
	}
	for _, h := range found {
		visit(h)
	}
}
