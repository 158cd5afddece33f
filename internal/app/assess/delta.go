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
		if c, ok := a.(finding.Heir); ok {
			c.Inherit(olds[i], in.below)
		}
	}
}

// influence is what a change can reach: near (one reference away in either
// direction), closure (along influence), below (what the near of the change depend
// on), around (what the closure depends on) and structure (against structure
// references only).
type influence struct {
	changed                                 []model.Handle
	near, closure, below, around, structure map[model.Handle]bool
}

func (in influence) set(r finding.Reach) map[model.Handle]bool {
	switch r {
	case finding.Closure:
		return in.closure
	case finding.Below:
		return in.below
	case finding.Around:
		return in.around
	}
	return in.near
}

// subjects sorts the objects that a change can reach by reach and kind.
func (in influence) subjects(s *model.Snapshot) map[finding.Reach]map[string][]model.Handle {
	out := map[finding.Reach]map[string][]model.Handle{}
	for _, r := range []finding.Reach{finding.Near, finding.Closure, finding.Below, finding.Around} {
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
// has influenced too.
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
	in.closure = w.closure(in.changed)
	in.below = w.below(in.near, false)
	in.around = w.below(in.closure, true)
	in.structure = w.spread(w.recorded(in.changed), func(s *model.Snapshot, h model.Handle, visit func(model.Handle)) {
		for _, e := range s.In(h) {
			if e.Field.Structure {
				visit(e.From)
			}
		}
	})
	return in
}

// recorded adds to the changes what they are records of: an outage tells how often
// its cause fails.
func (w walker) recorded(changed []model.Handle) []model.Handle {
	out := slices.Clone(changed)
	for _, h := range changed {
		w.each(h, func(s *model.Snapshot) {
			for _, e := range s.Out(h) {
				if e.Field.Record {
					out = append(out, e.To)
				}
			}
		})
	}
	return out
}

// How a change has reached an object, the stronger the higher.
type strength uint8

const (
	aside strength = iota + 1 // it is judged, and nothing beyond it
	about                     // it speaks of something built on the change
	built                     // it is built on the change
)

// closure walks along influence. What is built on the change passes it on to what
// is built on it in turn, and to what it speaks of, whose judgement takes it in;
// what merely speaks of something reached passes it on to what rests on it, but
// not to the other things it speaks of: two services in one agreement do not
// influence each other. Customers and users are spoken of by everything and pass
// on changes of their own only.
func (w walker) closure(changed []model.Handle) map[model.Handle]bool {
	reached := make(map[model.Handle]strength, len(changed))
	var queue []model.Handle
	visit := func(s *model.Snapshot, h model.Handle, how strength) {
		if crowd(s.Ref(h).Kind) {
			how = aside
		}
		if reached[h] < how {
			reached[h] = how
			queue = append(queue, h)
		}
	}
	for _, h := range changed {
		reached[h] = built
		queue = append(queue, h)
	}
	for len(queue) > 0 {
		h := queue[len(queue)-1]
		queue = queue[:len(queue)-1]
		how := reached[h]
		if how == aside {
			continue
		}
		w.each(h, func(s *model.Snapshot) {
			for _, e := range s.In(h) { // what refers to h is influenced by h
				if e.Field.Flow == model.FlowBoth {
					visit(s, e.From, about)
				} else {
					visit(s, e.From, how)
				}
			}
			for _, e := range s.Out(h) {
				switch {
				case e.Field.Flow == model.FlowBoth && how == built:
					visit(s, e.To, built)
				case e.Field.Flow == model.FlowBoth || slices.Contains(changed, h):
					visit(s, e.To, aside)
				}
			}
		})
	}
	set := make(map[model.Handle]bool, len(reached))
	for h := range reached {
		set[h] = true
	}
	return set
}

// below is what is under some objects along the structure, and with named also
// what these objects name otherwise.
func (w walker) below(reached map[model.Handle]bool, named bool) map[model.Handle]bool {
	start := make([]model.Handle, 0, 2*len(reached))
	for h := range reached {
		start = append(start, h)
		if !named {
			continue
		}
		w.each(h, func(s *model.Snapshot) {
			if crowd(s.Ref(h).Kind) {
				return
			}
			for _, e := range s.Out(h) {
				start = append(start, e.To)
			}
		})
	}
	return w.spread(start, func(s *model.Snapshot, h model.Handle, visit func(model.Handle)) {
		for _, e := range s.Out(h) {
			if e.Field.Structure {
				visit(e.To)
			}
		}
	})
}

func crowd(kind string) bool { return kind == "customer" || kind == "user-group" }

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
