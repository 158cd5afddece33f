package availability

import (
	"strconv"

	"diapason/internal/finding"
	"diapason/internal/model"
)

// need is what an object needs to run, in normal form: a leaf, or a group of
// which Needed must work. Needs that count only to start, and data assets, which
// do not fail by themselves, are left out.
type need struct {
	on      model.Handle // of a leaf; model.Missing for a group
	needed  int
	of      []need
	pointer string // of a group: its place in the holder's document
	implied bool   // not written as a requirement: site, supplier of what is external
}

func (n *need) group() bool { return n.on == model.Missing }

// fails reports a kind whose objects take part in the run-time structure.
func fails(kind string) bool {
	switch kind {
	case "service", "component", "site", "supplier", "team", "person", "tool":
		return true
	}
	return false
}

// Fails reports a kind whose objects can be down: those that take part in the
// run-time structure.
func Fails(kind string) bool { return fails(kind) }

// needs lists what h needs to run, all of it; groups are elements of the list.
func needs(f *finding.Facts, h model.Handle) []need {
	o := f.Snap.Object(h)
	if o == nil {
		return nil
	}
	var out []need
	imply := func(r model.Ref) {
		if to, ok := f.Snap.Find(r); ok && !r.IsZero() {
			out = append(out, need{on: to, implied: true})
		}
	}
	switch s := o.Spec.(type) {
	case *model.Service:
		out = normal(f, s.Requires, "/spec/requires", out)
	case *model.Component:
		out = normal(f, s.Requires, "/spec/requires", out)
		imply(s.Site)
		if s.External {
			imply(s.Supplier)
		}
	case *model.Site:
		out = normal(f, s.Requires, "/spec/requires", out)
		if s.External {
			imply(s.Supplier)
		}
	case *model.Tool:
		out = normal(f, s.Requires, "/spec/requires", out)
		if s.External {
			imply(s.Supplier)
		}
	case *model.Team:
		if g := members(f, s); len(g.of) > 0 {
			out = append(out, g)
		}
	}
	return out
}

// members is the group of a team's people who have not left: a team works while
// one of them does.
func members(f *finding.Facts, t *model.Team) need {
	g := need{on: model.Missing, needed: 1, pointer: "/spec/members"}
	for _, m := range t.Members {
		if h, ok := f.Snap.Find(m); ok && present(f, h) {
			g.of = append(g.of, need{on: h})
		}
	}
	return g
}

// present reports a person who exists and has not left by the date of evaluation.
func present(f *finding.Facts, h model.Handle) bool {
	p := finding.Spec[model.Person](f, h)
	return p != nil && (p.Left.IsZero() || p.Left > f.On)
}

func normal(f *finding.Facts, list []model.Need, at string, out []need) []need {
	for i := range list {
		if n, ok := normalOne(f, &list[i], at+"/"+strconv.Itoa(i)); ok {
			out = append(out, n)
		}
	}
	return out
}

func normalOne(f *finding.Facts, n *model.Need, at string) (need, bool) {
	if !n.On.IsZero() {
		h, ok := f.Snap.Find(n.On)
		return need{on: h}, ok && n.Counts(model.PhaseRun) && fails(n.On.Kind)
	}
	alternatives, needed := n.Group()
	word := "/of"
	if len(n.AnyOf) > 0 {
		word = "/anyOf"
	}
	g := need{on: model.Missing, pointer: at, of: normal(f, alternatives, at+word, nil)}
	// There cannot be more than there are (AVL-003 says so): all are needed then.
	g.needed = min(max(needed, 1), len(g.of))
	return g, len(g.of) > 0
}

// children calls fn for everything h names as needed to run, alternatives
// included. It reads the edges of the snapshot and allocates nothing.
func children(s *model.Snapshot, h model.Handle, fn func(model.Handle)) {
	o := s.Object(h)
	if o == nil || !fails(o.Kind.Slug) || o.Kind.Slug == "person" {
		return
	}
	for _, e := range s.Out(h) {
		if e.Field.Structure && e.Runs() && counts(o, e.Field) && fails(s.Ref(e.To).Kind) {
			fn(e.To)
		}
	}
}

// parents calls fn for everything that names h as needed to run.
func parents(s *model.Snapshot, h model.Handle, fn func(model.Handle)) {
	if !fails(s.Ref(h).Kind) {
		return
	}
	for _, in := range s.In(h) {
		if in.Field.Structure && in.Phases&1 != 0 {
			if o := s.Object(in.From); o != nil && fails(o.Kind.Slug) && o.Kind.Slug != "person" && counts(o, in.Field) {
				fn(in.From)
			}
		}
	}
}

// counts drops the supplier of what is not external: who sold it need not live
// for it to run.
func counts(holder *model.Object, field *model.Field) bool {
	if field.Name != "supplier" {
		return true
	}
	switch s := holder.Spec.(type) {
	case *model.Component:
		return s.External
	case *model.Site:
		return s.External
	case *model.Tool:
		return s.External
	}
	return false
}
