package assess

import (
	"slices"

	"diapason/internal/finding"
	"diapason/internal/model"
)

// reached is what a change reaches, as far as a rule looks.
func reached(in *finding.Change, r finding.Reach) map[model.Handle]bool {
	switch r {
	case finding.Closure:
		return in.Closure
	case finding.Below:
		return in.Below
	case finding.Around:
		return in.Around
	}
	return in.Near
}

// subjectsOf sorts the objects that a change can reach by reach and kind.
func subjectsOf(in *finding.Change, s *model.Snapshot) map[finding.Reach]map[string][]model.Handle {
	out := map[finding.Reach]map[string][]model.Handle{}
	for _, r := range []finding.Reach{finding.Near, finding.Closure, finding.Below, finding.Around} {
		byKind := map[string][]model.Handle{}
		for h := range reached(in, r) {
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
func influenceOf(old, now *model.Snapshot, changed []model.Ref) *finding.Change {
	w := walker{[]*model.Snapshot{old, now}}
	in := &finding.Change{Near: map[model.Handle]bool{}}
	for _, c := range changed {
		if h, ok := now.Find(c); ok {
			in.Changed = append(in.Changed, h)
		}
	}
	for _, h := range in.Changed {
		in.Near[h] = true
		w.each(h, func(s *model.Snapshot) {
			for _, e := range s.Out(h) {
				in.Near[e.To] = true
			}
			for _, e := range s.In(h) {
				in.Near[e.From] = true
			}
		})
	}
	in.Closure = w.closure(in.Changed)
	in.Below = w.below(in.Near, false)
	in.Around = w.below(in.Closure, true)
	in.Structure = w.spread(w.recorded(in.Changed), func(s *model.Snapshot, h model.Handle, visit func(model.Handle)) {
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
	whole := map[model.Handle][]model.Handle{}
	for _, h := range changed {
		reached[h] = built
		queue = append(queue, h)
		w.each(h, func(s *model.Snapshot) {
			meant(s, h, func(x model.Handle) { visit(s, x, built) })
			if s.Ref(h).Kind == "user-group" {
				w.meaning(s, h, whole, func(x model.Handle) { visit(s, x, about) })
			}
		})
	}
	for len(queue) > 0 {
		h := queue[len(queue)-1]
		queue = queue[:len(queue)-1]
		how := reached[h]
		if how == aside {
			continue
		}
		w.each(h, func(s *model.Snapshot) {
			if s.Ref(h).Kind == "service" {
				w.meaning(s, h, whole, func(x model.Handle) { visit(s, x, about) })
			}
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

// meant visits the services that an agreement is about without naming any: all that
// its customer uses.
func meant(s *model.Snapshot, h model.Handle, visit func(model.Handle)) {
	o := s.Object(h)
	if o == nil {
		return
	}
	spec, ok := o.Spec.(*model.Agreement)
	if !ok || len(spec.Services) > 0 {
		return
	}
	customer, ok := s.Find(spec.Customer)
	if !ok {
		return
	}
	for _, e := range s.Out(customer) {
		if s.Ref(e.To).Kind == "service" {
			visit(e.To)
		}
	}
	for _, group := range s.In(customer) {
		if s.Ref(group.From).Kind != "user-group" {
			continue
		}
		for _, in := range s.In(group.From) {
			if s.Ref(in.From).Kind == "service" {
				visit(in.From)
			}
		}
	}
}

// meaning visits the agreements that are about a service, or about what a group of users
// uses, without naming it: those about all that a customer uses. Whole remembers them by
// customer.
func (w walker) meaning(s *model.Snapshot, h model.Handle, whole map[model.Handle][]model.Handle, visit func(model.Handle)) {
	of := func(customer model.Handle) {
		list, known := whole[customer]
		if !known {
			w.each(customer, func(s *model.Snapshot) {
				for _, in := range s.In(customer) {
					if o := s.Object(in.From); o != nil {
						if spec, ok := o.Spec.(*model.Agreement); ok && len(spec.Services) == 0 && !slices.Contains(list, in.From) {
							list = append(list, in.From)
						}
					}
				}
			})
			whole[customer] = list
		}
		for _, x := range list {
			visit(x)
		}
	}
	for _, in := range s.In(h) {
		if s.Ref(in.From).Kind == "customer" {
			of(in.From)
		}
	}
	for _, e := range s.Out(h) {
		switch s.Ref(e.To).Kind {
		case "customer":
			of(e.To)
		case "user-group":
			w.each(e.To, func(s *model.Snapshot) {
				for _, g := range s.Out(e.To) {
					if s.Ref(g.To).Kind == "customer" {
						of(g.To)
					}
				}
			})
		}
	}
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
