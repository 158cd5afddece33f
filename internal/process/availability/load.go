package availability

import (
	"slices"
	"sync/atomic"

	"diapason/internal/finding"
	"diapason/internal/model"
)

// carrier knows how many of several must work to carry what is asked of them (see
// capacity.Analysis.Carried).
type carrier interface {
	Carried(holder model.Handle, of []model.Handle) (needed int, resource model.Text, demand, each model.Quantity, demands []model.Ref, ok bool)
}

// Load is how many alternatives of a group, or identical instances of a component,
// must work, and why: as many as are declared to be needed, or more where what is
// asked for on the date of evaluation, at peak where that is known, takes more.
type Load struct {
	Holder   model.Ref
	Pointer  string      // the group in the holder's document, or the instances of a component
	Of       []model.Ref // the alternatives; none for instances
	Total    int         // how many there are
	Declared int         // how many are declared to be needed
	Needed   int         // how many the prediction takes: at most all there are

	// Known says that the model tells what is asked for and carried, so that Carry of
	// them are needed for Demand of Resource with Each carried by one; Demands is where
	// the figure comes from, nothing for a measure of use.
	Known        bool
	Carry        int
	Resource     model.Text
	Demand, Each model.Quantity
	Demands      []model.Ref
}

// Raised says that the load asks for more than what is declared.
func (l *Load) Raised() bool { return l.Needed > l.Declared }

// Spare says that one may fail.
func (l *Load) Spare() bool { return l.Needed < l.Total }

// loadsOf are the loads of the groups and of the instances of h, in the order of the
// document. They are remembered.
func (a *Analysis) loadsOf(h model.Handle) []Load {
	if hit, ok := a.loaded.Load(h); ok {
		return hit.([]Load)
	}
	var out []Load
	if hasGroup(a.f.Snap, h) {
		everyGroup(needs(a.f, h), func(g *need) {
			if o := a.f.Snap.Object(h); o.Kind.Slug != "team" {
				out = append(out, a.groupLoad(h, g))
			}
		})
	}
	if c := finding.Spec[model.Component](a.f, h); c != nil && several(c) {
		l := Load{Holder: a.f.Snap.Ref(h), Pointer: "/spec/needed", Total: c.Instances, Declared: c.Needed}
		a.weigh(&l, h, nil)
		out = append(out, l)
	}
	a.loaded.Store(h, out)
	return out
}

// several reports a component of identical instances that says how many of them are
// enough: its figures are then those of one.
func several(c *model.Component) bool { return c.Needed > 0 && c.Instances > 1 }

// spare reports a component declared to run on with fewer instances than it has.
func spare(c *model.Component) bool { return c != nil && several(c) && c.Needed < c.Instances }

func (a *Analysis) groupLoad(h model.Handle, g *need) Load {
	l := Load{Holder: a.f.Snap.Ref(h), Pointer: g.pointer, Total: len(g.of), Declared: g.needed}
	plain := make([]model.Handle, 0, len(g.of))
	for i := range g.of {
		if x := &g.of[i]; !x.group() && !slices.Contains(plain, x.on) {
			plain = append(plain, x.on)
			l.Of = append(l.Of, a.f.Snap.Ref(x.on))
		}
	}
	if len(plain) < len(g.of) {
		plain = nil // groups in groups: nobody says what one of them carries
	}
	a.weigh(&l, h, plain)
	return l
}

// weigh takes what the load asks for, where that is known.
func (a *Analysis) weigh(l *Load, h model.Handle, of []model.Handle) {
	l.Needed = min(l.Declared, l.Total)
	if len(of) == 0 && len(l.Of) > 0 {
		return
	}
	if c, ok := finding.Use[carrier](a.f); ok {
		l.Carry, l.Resource, l.Demand, l.Each, l.Demands, l.Known = c.Carried(h, of)
		l.Needed = max(l.Needed, min(l.Carry, l.Total))
	}
}

// needs lists what h needs to run, as many of each group as the load takes.
func (a *Analysis) needs(h model.Handle) []need {
	list := needs(a.f, h)
	if !hasGroup(a.f.Snap, h) {
		return list
	}
	for _, l := range a.loadsOf(h) {
		if l.Raised() && len(l.Of) > 0 {
			everyGroup(list, func(g *need) {
				if g.pointer == l.Pointer {
					g.needed = l.Needed
				}
			})
		}
	}
	return list
}

// everyGroup calls fn for every group, at any depth.
func everyGroup(list []need, fn func(*need)) {
	for i := range list {
		if n := &list[i]; n.group() {
			fn(n)
			everyGroup(n.of, fn)
		}
	}
}

// instancesNeeded is how many instances of a component must work, and of how many; 0
// where its figures are those of the whole.
func (a *Analysis) instancesNeeded(h model.Handle, c *model.Component) (instances, needed int) {
	if !several(c) {
		return 0, 0
	}
	for _, l := range a.loadsOf(h) {
		if len(l.Of) == 0 && l.Pointer == "/spec/needed" {
			return l.Total, l.Needed
		}
	}
	return c.Instances, min(c.Needed, c.Instances)
}

// Loads are the groups and instances that h and everything it needs rest on, by
// holder: how many of each must work, and why.
func (a *Analysis) Loads(h model.Handle) []Load {
	var out []Load
	for _, x := range a.within(h) {
		out = append(out, a.loadsOf(x)...)
	}
	slices.SortStableFunc(out, func(x, y Load) int { return x.Holder.Compare(y.Holder) })
	return out
}

// needed is needs, remembered: what is asked what falls with one thing is asked what
// falls with the next. Callers must not change the list.
func (a *Analysis) needed(h model.Handle) []need {
	a.keeping.Do(func() { a.kept = make([]atomic.Pointer[[]need], a.f.Snap.Size()) })
	if h < 0 || int(h) >= len(a.kept) {
		return a.needs(h)
	}
	if list := a.kept[h].Load(); list != nil {
		return *list
	}
	list := a.needs(h)
	a.kept[h].Store(&list)
	return list
}
