package assess

import (
	"slices"

	"diapason/internal/finding"
	"diapason/internal/model"
)

// Delta evaluates a snapshot derived from the one behind prev, running only what
// the change can have reached. The outcome equals that of Full.
func Delta(prev *Result, f *finding.Facts, changed []model.Ref) *Result {
	if prev.Facts.On != f.On || settingsChanged(changed) {
		return Full(f)
	}
	p := planFor(prev, f, changed)
	rules := Rules()
	r := &Result{Facts: f, byKey: make(map[key][]*finding.Finding, len(prev.byKey)), structure: p.in.structure}
	for k, list := range prev.byKey {
		rule := &rules[k.rule]
		if rule.Reach != finding.Whole && !p.in.set(rule.Reach)[k.subject] && !p.beyond[k] {
			r.byKey[k] = list
		}
	}
	r.run(p.todo)
	r.finish()
	return r
}

// Difference is what a change would do to the findings.
type Difference struct {
	// After holds the facts with the change; its findings are those of Now only.
	After *Result
	// Was are the findings, before the change, of everything that was evaluated
	// again; Now are those after it. Findings of all else are the same.
	Was, Now []*finding.Finding
}

// WhatIf evaluates what a change can reach, and nothing else: it is Delta for a
// question that keeps no result.
func WhatIf(prev *Result, f *finding.Facts, changed []model.Ref) Difference {
	if prev.Facts.On != f.On || settingsChanged(changed) {
		r := Full(f)
		return Difference{r, prev.all, r.all}
	}
	p := planFor(prev, f, changed)
	r := &Result{Facts: f, byKey: map[key][]*finding.Finding{}, structure: p.in.structure}
	r.run(p.todo)
	r.finish()
	d := Difference{After: r, Now: r.all}
	for _, k := range p.todo {
		d.Was = append(d.Was, prev.byKey[k]...)
	}
	for _, h := range p.in.changed {
		if f.Snap.Object(h) == nil { // deleted: nothing evaluates it any more
			for i := range Rules() {
				d.Was = append(d.Was, prev.byKey[key{i, h}]...)
			}
		}
	}
	slices.SortFunc(d.Was, finding.Compare)
	return d
}

// plan is what a change makes necessary to evaluate again.
type plan struct {
	in     influence
	todo   []key
	beyond map[key]bool
}

func planFor(prev *Result, f *finding.Facts, changed []model.Ref) plan {
	p := plan{in: influenceOf(prev.Facts.Snap, f.Snap, changed), beyond: map[key]bool{}}
	carry(prev.Facts, f, p.in)
	rules := Rules()
	found := prev.foundBeyond()
	subjects := p.in.subjects(f.Snap)
	for i := range rules {
		rule := &rules[i]
		for _, kind := range rule.Kinds {
			list := f.Snap.OfKind(kind)
			if rule.Reach != finding.Whole {
				list = subjects[rule.Reach][kind]
			}
			for _, h := range list {
				p.todo = append(p.todo, key{i, h})
			}
		}
		if rule.Beyond == nil || rule.Reach == finding.Whole {
			continue
		}
		rule.Beyond(prev.Facts, f, p.in.changed, found[i], func(h model.Handle) {
			k := key{i, h}
			if o := f.Snap.Object(h); o != nil && rule.Has(o.Kind.Slug) && !p.in.set(rule.Reach)[h] && !p.beyond[k] {
				p.beyond[k] = true
				p.todo = append(p.todo, k)
			}
		})
	}
	return p
}

// foundBeyond lists, for each rule that looks beyond its reach, the subjects it
// found something on, ascending.
func (r *Result) foundBeyond() map[int][]model.Handle {
	r.foundOnce.Do(func() {
		r.found = map[int][]model.Handle{}
		for k := range r.byKey {
			if Rules()[k.rule].Beyond != nil {
				r.found[k.rule] = append(r.found[k.rule], k.subject)
			}
		}
		for _, list := range r.found {
			slices.Sort(list)
		}
	})
	return r.found
}

// settingsChanged reports a change of the organisation's settings, which every
// rule may read.
func settingsChanged(changed []model.Ref) bool {
	return slices.ContainsFunc(changed, func(c model.Ref) bool { return c.Kind == "organisation" })
}

func carry(from, to *finding.Facts, in influence) {
	olds := from.Analyses()
	for i, a := range to.Analyses() {
		if c, ok := a.(finding.Carrier); ok {
			c.Carry(olds[i], func(h model.Handle) bool { return in.closure[h] }, func(h model.Handle) bool { return in.structure[h] })
		}
	}
}

// influence is what a change can reach: near (one reference away in either
// direction), closure (along influence), below (what the changed depend on) and
// structure (against structure references only).
type influence struct {
	changed                         []model.Handle
	near, closure, below, structure map[model.Handle]bool
}

func (in influence) set(r finding.Reach) map[model.Handle]bool {
	switch r {
	case finding.Closure:
		return in.closure
	case finding.Below:
		return in.below
	}
	return in.near
}

// subjects sorts the objects that a change can reach by reach and kind.
func (in influence) subjects(s *model.Snapshot) map[finding.Reach]map[string][]model.Handle {
	out := map[finding.Reach]map[string][]model.Handle{}
	for _, r := range []finding.Reach{finding.Near, finding.Closure, finding.Below} {
		byKind := map[string][]model.Handle{}
		for h := range in.set(r) {
			if o := s.Object(h); o != nil {
				byKind[o.Kind.Slug] = append(byKind[o.Kind.Slug], h)
			}
		}
		out[r] = byKind
	}
	return out
}

// influenceOf looks at the old and the new references, since one that went away
// has influenced too. Rules that look along a chain also look one step beside it:
// the chains start from everything near the change.
func influenceOf(old, now *model.Snapshot, changed []model.Ref) influence {
	w := walker{[]*model.Snapshot{old, now}}
	in := influence{near: map[model.Handle]bool{}}
	for _, c := range changed {
		if h, ok := now.Find(c); ok {
			in.changed = append(in.changed, h)
		}
	}
	for _, h := range in.changed {
		in.near[h] = true
		w.each(h, func(s *model.Snapshot) {
			for _, e := range s.Out(h) {
				in.near[e.To] = true
			}
			for _, e := range s.In(h) {
				in.near[e.From] = true
			}
		})
	}
	start := make([]model.Handle, 0, len(in.near))
	for h := range in.near {
		start = append(start, h)
	}
	in.closure = w.spread(start, func(s *model.Snapshot, h model.Handle, visit func(model.Handle)) {
		for _, e := range s.In(h) { // what refers to h is influenced by h
			visit(e.From)
		}
		for _, e := range s.Out(h) {
			if e.Field.Flow == model.FlowBoth {
				visit(e.To)
			}
		}
	})
	in.below = w.spread(start, func(s *model.Snapshot, h model.Handle, visit func(model.Handle)) {
		for _, e := range s.Out(h) {
			if e.Field.Structure {
				visit(e.To)
			}
		}
	})
	in.structure = w.spread(in.changed, func(s *model.Snapshot, h model.Handle, visit func(model.Handle)) {
		for _, e := range s.In(h) {
			if e.Field.Structure {
				visit(e.From)
			}
		}
	})
	return in
}

// walker walks the references of a snapshot and of the one it derives from.
type walker struct{ snaps []*model.Snapshot }

func (w walker) each(h model.Handle, fn func(s *model.Snapshot)) {
	for _, s := range w.snaps {
		if int(h) < s.Size() {
			fn(s)
		}
	}
}

// spread visits everything that next leads to from start, each once.
func (w walker) spread(start []model.Handle, next func(s *model.Snapshot, h model.Handle, visit func(model.Handle))) map[model.Handle]bool {
	set := make(map[model.Handle]bool, len(start))
	queue := slices.Clone(start)
	for _, h := range start {
		set[h] = true
	}
	for len(queue) > 0 {
		h := queue[len(queue)-1]
		queue = queue[:len(queue)-1]
		w.each(h, func(s *model.Snapshot) {
			next(s, h, func(x model.Handle) {
				if !set[x] {
					set[x] = true
					queue = append(queue, x)
				}
			})
		})
	}
	return set
}

// Carried reports that what availability says of a handle was taken over from
// the snapshot before, because no structure reference leads from it to a change.
func (r *Result) Carried(h model.Handle) bool { return r.structure != nil && !r.structure[h] }
