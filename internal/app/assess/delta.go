package assess

import (
	"diapason/internal/finding"
	"diapason/internal/model"
)

// Delta evaluates a snapshot derived from the one behind prev, running only what
// the change can have reached. The outcome equals that of Full.
func Delta(prev *Result, f *finding.Facts, changed []model.Ref) *Result {
	if prev.Facts.On != f.On {
		return Full(f)
	}
	near, closure, structure := influence(prev.Facts.Snap, f.Snap, changed)
	carry(prev.Facts, f, closure, structure)
	r := &Result{Facts: f, byKey: make(map[key][]*finding.Finding, len(prev.byKey))}
	var todo []key
	touched := func(rule *finding.Rule, h model.Handle) bool {
		switch rule.Reach {
		case finding.Whole:
			return true
		case finding.Closure:
			return closure[h]
		}
		return near[h]
	}
	for k, list := range prev.byKey {
		if !touched(&Rules()[k.rule], k.subject) {
			r.byKey[k] = list
		}
	}
	settings := settingsChanged(changed)
	if settings {
		r.byKey = make(map[key][]*finding.Finding, len(prev.byKey))
	}
	for i := range Rules() {
		rule := &Rules()[i]
		if rule.Reach == finding.Whole || settings {
			for _, kind := range rule.Kinds {
				for _, h := range f.Snap.OfKind(kind) {
					todo = append(todo, key{i, h})
				}
			}
			continue
		}
		set := near
		if rule.Reach == finding.Closure {
			set = closure
		}
		for h := range set {
			if o := f.Snap.Object(h); o != nil && rule.Has(o.Kind.Slug) {
				todo = append(todo, key{i, h})
			}
		}
	}
	r.run(todo)
	r.finish()
	return r
}

func settingsChanged(changed []model.Ref) bool {
	for _, c := range changed {
		if c.Kind == "organisation" {
			return true
		}
	}
	return false
}

func carry(from, to *finding.Facts, closure, structure map[model.Handle]bool) {
	olds := from.Analyses()
	for i, a := range to.Analyses() {
		if c, ok := a.(finding.Carrier); ok {
			c.Carry(olds[i], func(h model.Handle) bool { return closure[h] }, func(h model.Handle) bool { return structure[h] })
		}
	}
}

// influence finds the handles that a change can reach: near (one reference away
// in either direction), closure (along influence, then one reference further),
// and structure (against structure references). Both the old and the new edges
// count, since an edge that went away has influenced too.
func influence(old, now *model.Snapshot, changed []model.Ref) (near, closure, structure map[model.Handle]bool) {
	near, closure, structure = map[model.Handle]bool{}, map[model.Handle]bool{}, map[model.Handle]bool{}
	var seeds []model.Handle
	for _, c := range changed {
		if h, ok := now.Find(c); ok {
			seeds = append(seeds, h)
		}
	}
	snaps := []*model.Snapshot{old, now}
	neighbours := func(h model.Handle, visit func(model.Handle)) {
		for _, s := range snaps {
			if int(h) >= s.Size() {
				continue
			}
			for _, e := range s.Out(h) {
				visit(e.To)
			}
			for _, e := range s.In(h) {
				visit(e.From)
			}
		}
	}
	for _, h := range seeds {
		near[h] = true
		neighbours(h, func(x model.Handle) { near[x] = true })
	}
	// A rule that looks through a chain also looks one step beside it: start from
	// everything near the change.
	spread := func(set map[model.Handle]bool, start []model.Handle, next func(s *model.Snapshot, h model.Handle, visit func(model.Handle))) {
		queue := start
		for _, h := range start {
			set[h] = true
		}
		for len(queue) > 0 {
			h := queue[len(queue)-1]
			queue = queue[:len(queue)-1]
			for _, s := range snaps {
				if int(h) < s.Size() {
					next(s, h, func(x model.Handle) {
						if !set[x] {
							set[x] = true
							queue = append(queue, x)
						}
					})
				}
			}
		}
	}
	var start []model.Handle
	for h := range near {
		start = append(start, h)
	}
	spread(closure, start, func(s *model.Snapshot, h model.Handle, visit func(model.Handle)) {
		for _, in := range s.In(h) { // what refers to h is influenced by h
			visit(in.From)
		}
		for _, e := range s.Out(h) {
			if e.Field.Flow == model.FlowBoth {
				visit(e.To)
			}
		}
	})
	spread(structure, seeds, func(s *model.Snapshot, h model.Handle, visit func(model.Handle)) {
		for _, in := range s.In(h) {
			if in.Field.Structure {
				visit(in.From)
			}
		}
	})
	return near, closure, structure
}
