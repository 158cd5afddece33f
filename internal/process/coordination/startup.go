package coordination

import (
	"slices"

	"diapason/internal/engine/condense"
	"diapason/internal/finding"
	"diapason/internal/model"
)

// startKinds are the kinds that start and may need others to do so.
var startKinds = []string{"service", "component", "site", "tool"}

// circle is a set of things none of which can start before another of them.
type circle struct {
	members  []model.Ref // sorted
	shortest []model.Ref // a shortest way round, beginning with its first member by name
}

// startNext leads to what a thing needs to start.
func (a *Analysis) startNext(n int32, visit func(int32)) {
	o := a.f.Snap.Object(model.Handle(n))
	if o == nil || !slices.Contains(startKinds, o.Kind.Slug) {
		return
	}
	for _, e := range a.f.Snap.Out(model.Handle(n)) {
		if t := a.f.Snap.Object(e.To); e.Field.Structure && e.Starts() && t != nil && slices.Contains(startKinds, t.Kind.Slug) {
			visit(int32(e.To))
		}
	}
}

// settleCircles asks of one component whether its things can start once all
// outside it has: the least fixpoint of "can start", so that an alternative that
// needs nothing in the circle breaks it.
func (a *Analysis) settleCircles(component []int32, around bool, _ func(int32) *circle, set func(int32, *circle)) {
	if around {
		a.blocked(component, set)
	}
}

func (a *Analysis) blocked(component []int32, set func(int32, *circle)) {
	slices.Sort(component)
	stuck := make(map[int32]bool, len(component))
	for _, n := range component {
		stuck[n] = true
	}
	can := func(r model.Ref) bool {
		h, ok := a.f.Snap.Find(r)
		return !ok || !stuck[int32(h)]
	}
	for changed := true; changed; {
		changed = false
		for _, n := range component {
			if stuck[n] && a.starts(model.Handle(n), can) {
				delete(stuck, n)
				changed = true
			}
		}
	}
	if len(stuck) == 0 {
		return
	}
	waits := func(n int32, visit func(int32)) {
		a.startNext(n, func(to int32) {
			if stuck[to] {
				visit(to)
			}
		})
	}
	left := slices.DeleteFunc(slices.Clone(component), func(n int32) bool { return !stuck[n] })
	parts, loops := condense.Components(left, waits)
	if len(parts) == 1 && len(left) == len(component) {
		c := a.circleOf(component, waits)
		for _, n := range component {
			set(n, c)
		}
		return
	}
	for i, p := range parts {
		if loops[i] {
			a.blocked(p, set)
		}
	}
}

// starts reports whether all that a thing needs to start can start.
func (a *Analysis) starts(h model.Handle, can func(model.Ref) bool) bool {
	o := a.f.Snap.Object(h)
	if c, ok := o.Spec.(*model.Component); ok && !c.Site.IsZero() && !can(c.Site) {
		return false
	}
	needs := needsOf(o.Spec)
	for i := range needs {
		if ok, counts := startable(&needs[i], can); counts && !ok {
			return false
		}
	}
	return true
}

// startable judges an expression; what does not count to start is left out, and a
// group asks for no more than what is left of it.
func startable(n *model.Need, can func(model.Ref) bool) (ok, counts bool) {
	alternatives, k := n.Group()
	if alternatives == nil {
		return n.On.IsZero() || can(n.On), n.Counts(model.PhaseStart)
	}
	ready, counting := 0, 0
	for i := range alternatives {
		if ok, counts := startable(&alternatives[i], can); counts {
			counting++
			if ok {
				ready++
			}
		}
	}
	return ready >= min(k, counting), counting > 0
}

func (a *Analysis) circleOf(component []int32, next func(int32, func(int32))) *circle {
	c := &circle{}
	for _, n := range component {
		c.members = append(c.members, a.f.Snap.Ref(model.Handle(n)))
	}
	c.members = sorted(c.members)
	// By name, so that of several shortest ways the same one is always told.
	byName := slices.Clone(component)
	name := func(n int32) model.Ref { return a.f.Snap.Ref(model.Handle(n)) }
	order := func(x, y int32) int { return name(x).Compare(name(y)) }
	slices.SortFunc(byName, order)
	orderly := func(n int32, visit func(int32)) {
		var to []int32
		next(n, func(x int32) { to = append(to, x) })
		slices.SortFunc(to, order)
		for _, x := range slices.Compact(to) {
			visit(x)
		}
	}
	const starts = 64
	path := condense.ShortestCircle(byName, starts, orderly)
	first := 0
	for i := range path {
		if order(path[i], path[first]) < 0 {
			first = i
		}
	}
	for i := range path {
		c.shortest = append(c.shortest, name(path[(first+i)%len(path)]))
	}
	return c
}

// checkStartUp is COO-006: told once for each circle, on its first member by name.
func checkStartUp(f *finding.Facts, h model.Handle, emit func(finding.Finding)) {
	c := of(f).circles.Value(int32(h))
	if c == nil || c.members[0] != f.Snap.Ref(h) {
		return
	}
	at := "/spec/requires"
	for _, e := range f.Snap.Out(h) {
		if e.Field.Structure && e.Starts() && slices.Contains(c.members, f.Snap.Ref(e.To)) {
			at = e.Pointer
			break
		}
	}
	emit(finding.Finding{
		Causes: c.members[1:], Pointer: at,
		Args: finding.Args{"members": c.members, "n": len(c.members), "shortest": c.shortest, "steps": len(c.shortest),
			"from": c.shortest[len(c.shortest)-1], "to": c.shortest[0]},
		Evidence: []finding.Evidence{{Label: "members", Value: c.members}, {Label: "shortest", Value: c.shortest}},
	})
}
