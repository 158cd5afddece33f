package assess

import (
	"slices"

	"diapason/internal/finding"
	"diapason/internal/model"
)

// Delta evaluates a snapshot derived from the one behind prev, running only what
// the change can have reached. The outcome equals that of Full.
func Delta(prev *Result, f *finding.Facts, changed []model.Ref) *Result {
	return Follow(prev, f, changed, nil)
}

// Follow is Delta on one core only, calling pause between evaluations, so that
// whoever waits for an answer meanwhile goes first. With no pause it is Delta.
func Follow(prev *Result, f *finding.Facts, changed []model.Ref, pause func()) *Result {
	if prev.Facts.On != f.On || settingsChanged(changed) {
		return Full(f)
	}
	p := planFor(prev, f, changed)
	r := &Result{Facts: f, structure: p.in.Structure}
	prev.allHits()
	prev.mu.Lock()
	r.bySubject, r.hits = prev.bySubject.Share(), prev.hits.Share()
	prev.mu.Unlock()
	r.hitOnce.Do(func() {}) // it has been taken over
	var now []*finding.Finding
	found := map[key]bool{}
	r.run(p.todo, pause, func(k key, list []*finding.Finding) {
		found[k] = true
		r.rehit(k, r.get(k), list)
		r.put(k, list)
		now = append(now, list...)
	})
	for _, k := range p.todo {
		if !found[k] && r.get(k) != nil {
			r.rehit(k, r.get(k), nil)
			r.put(k, nil)
		}
	}
	for _, h := range p.in.Changed {
		if f.Snap.Object(h) != nil {
			continue
		}
		for _, t := range r.bySubject.At(int32(h)) {
			r.rehit(key{t.rule, h}, t.list, nil)
		}
		r.bySubject.Put(int32(h), nil)
	}
	slices.SortStableFunc(now, finding.Compare)
	r.all = merge(prev.all, p.was(prev, f), now)
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
	r := &Result{Facts: f, structure: p.in.Structure}
	r.run(p.todo, nil, func(_ key, list []*finding.Finding) { r.all = append(r.all, list...) })
	slices.SortStableFunc(r.all, finding.Compare)
	d := Difference{After: r, Was: p.was(prev, f), Now: r.all}
	slices.SortStableFunc(d.Was, finding.Compare)
	return d
}

// plan is what a change makes necessary to evaluate again.
type plan struct {
	in   *finding.Change
	todo []key
}

// was are the findings before of what is evaluated again or gone.
func (p plan) was(prev *Result, f *finding.Facts) []*finding.Finding {
	var out []*finding.Finding
	for _, k := range p.todo {
		out = append(out, prev.get(k)...)
	}
	for _, h := range p.in.Changed {
		if f.Snap.Object(h) == nil { // deleted: nothing evaluates it any more
			for _, t := range prev.bySubject.At(int32(h)) {
				out = append(out, t.list...)
			}
		}
	}
	return out
}

func planFor(prev *Result, f *finding.Facts, changed []model.Ref) plan {
	p := plan{in: influenceOf(prev.Facts.Snap, f.Snap, changed)}
	carry(prev.Facts, f, p.in)
	rules := Rules()
	found := prev.foundBeyond()
	subjects := subjectsOf(p.in, f.Snap)
	for i := range rules {
		rule := &rules[i]
		for _, kind := range rule.Kinds {
			list := f.Snap.OfKind(kind)
			if rule.Reach != finding.Whole {
				list = subjects[rule.Reach][kind]
			}
			for _, h := range list {
				k := key{i, h}
				if rule.Same == nil || !rule.Same(prev.Facts, f, p.in, h, prev.get(k)) {
					p.todo = append(p.todo, k)
				}
			}
		}
		if rule.Beyond == nil || rule.Reach == finding.Whole {
			continue
		}
		beyond := map[model.Handle]bool{}
		rule.Beyond(prev.Facts, f, p.in.Changed, found[i], func(h model.Handle) {
			if o := f.Snap.Object(h); o != nil && rule.Has(o.Kind.Slug) && !reached(p.in, rule.Reach)[h] && !beyond[h] {
				beyond[h] = true
				p.todo = append(p.todo, key{i, h})
			}
		})
	}
	return p
}

// settingsChanged reports a change of the organisation's settings, which every
// rule may read.
func settingsChanged(changed []model.Ref) bool {
	return slices.ContainsFunc(changed, func(c model.Ref) bool { return c.Kind == "organisation" })
}

func carry(from, to *finding.Facts, in *finding.Change) {
	olds := from.Analyses()
	for i, a := range to.Analyses() {
		if c, ok := a.(finding.Carrier); ok {
			c.Carry(olds[i], in)
		}
	}
}
