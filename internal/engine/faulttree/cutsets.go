package faulttree

import (
	"math/big"
	"slices"
)

// CutSets are the minimal cut sets of one top: the smallest sets of events
// that fail it together. They stay in diagrams, modules unexpanded, so there
// may be far more of them than could be listed.
type CutSets struct {
	m      *Model
	c      *compiled
	z      *families
	top    cutSource
	module map[int32]*cutSource // by level of the module's variable
	counts map[int32]orderCount // by index of family node
}

// cutSource is a function whose cut sets are its singles and a family.
type cutSource struct {
	always  bool
	singles levelSet
	family  int32
	count   orderCount
}

// orderCount is a polynomial: how many cut sets there are of each order from
// first on.
type orderCount struct {
	first int
	n     []*big.Int
}

// CutSet is one minimal cut set.
type CutSet struct {
	Events      []NodeID    // ascending
	Probability Probability // that all of them are failed
}

// CutSets computes the minimal cut sets of a top. Errors: *[NotATopError],
// *[NotCoherentError], *[BudgetError].
func (m *Model) CutSets(top NodeID) (*CutSets, error) {
	c, f, err := m.lookup(top)
	switch {
	case err != nil:
		return nil, err
	case !c.sys.coherent[top]:
		return nil, &NotCoherentError{Node: top}
	case !c.exact(f):
		return nil, &BudgetError{Node: top, Analysis: "the minimal cut sets", Budget: m.opts.NodeBudget}
	}
	if c.families == nil || c.families.exceeded || c.families.size() > m.opts.NodeBudget/2 {
		c.families = newFamilies(m.opts.NodeBudget)
	}
	s := &CutSets{m: m, c: c, z: c.families, module: map[int32]*cutSource{}, counts: map[int32]orderCount{}}
	s.top = cutSource{always: f.always, singles: f.singles, family: s.z.minimalOf(c.b.d, c.tops[top].parts)}
	s.findModules()
	if s.z.exceeded {
		return nil, &BudgetError{Node: top, Analysis: "the minimal cut sets", Budget: m.opts.NodeBudget}
	}
	return s, nil
}

// findModules computes the families of the modules below the top, and counts
// those first that others contain.
func (s *CutSets) findModules() {
	if s.c.partsOf == nil {
		s.c.partsOf = make(map[int32]int, len(s.c.modules))
		for i, m := range s.c.modules {
			s.c.partsOf[s.c.level[m.gate]] = i
		}
	}
	var found []int
	open := []*cutSource{&s.top}
	for len(open) > 0 {
		src := open[len(open)-1]
		open = open[:len(open)-1]
		visit := func(level int32) {
			i, ok := s.c.partsOf[level]
			if !ok || s.module[level] != nil {
				return
			}
			m := s.c.modules[i]
			inner := &cutSource{singles: s.c.inner[m.gate].singles, family: s.z.minimalOf(s.c.b.d, m.parts)}
			s.module[level] = inner
			found = append(found, i)
			open = append(open, inner)
		}
		src.singles.each(visit)
		for _, level := range s.z.variables(src.family) {
			visit(level)
		}
	}
	if s.z.exceeded {
		return
	}
	slices.Sort(found) // modules are in an order in which inner ones come first
	for _, i := range found {
		src := s.module[s.c.level[s.c.modules[i].gate]]
		src.count = s.countSource(src)
	}
	s.top.count = s.countSource(&s.top)
}

func (s *CutSets) countSource(src *cutSource) orderCount {
	if src.always {
		return orderCount{n: []*big.Int{big.NewInt(1)}}
	}
	total := s.countFamily(src.family)
	plain := int64(0)
	src.singles.each(func(level int32) {
		if m := s.module[level]; m != nil {
			total = total.plus(m.count)
		} else {
			plain++
		}
	})
	if plain > 0 {
		total = total.plus(orderCount{first: 1, n: []*big.Int{big.NewInt(plain)}})
	}
	return total
}

func (s *CutSets) countVariable(level int32) orderCount {
	if m := s.module[level]; m != nil {
		return m.count
	}
	return orderCount{first: 1, n: []*big.Int{big.NewInt(1)}}
}

func (s *CutSets) countFamily(a int32) orderCount {
	switch a {
	case noSets:
		return orderCount{}
	case emptySet:
		return orderCount{n: []*big.Int{big.NewInt(1)}}
	}
	if r, ok := s.counts[a]; ok {
		return r
	}
	r := s.countFamily(s.z.low[a]).plus(s.countVariable(s.z.level[a]).times(s.countFamily(s.z.high[a])))
	s.counts[a] = r
	return r
}

func (p orderCount) at(order int) *big.Int {
	if i := order - p.first; i >= 0 && i < len(p.n) {
		return p.n[i]
	}
	return new(big.Int)
}

func (p orderCount) has(order int) bool {
	i := order - p.first
	return i >= 0 && i < len(p.n) && p.n[i].Sign() > 0
}

func (p orderCount) end() int { return p.first + len(p.n) }

func (p orderCount) plus(q orderCount) orderCount {
	switch {
	case len(p.n) == 0:
		return q
	case len(q.n) == 0:
		return p
	}
	r := orderCount{first: min(p.first, q.first)}
	for order := r.first; order < max(p.end(), q.end()); order++ {
		r.n = append(r.n, new(big.Int).Add(p.at(order), q.at(order)))
	}
	return r
}

func (p orderCount) times(q orderCount) orderCount {
	if len(p.n) == 0 || len(q.n) == 0 {
		return orderCount{}
	}
	if len(p.n) == 1 && p.n[0].IsInt64() && p.n[0].Int64() == 1 {
		return orderCount{first: p.first + q.first, n: q.n}
	}
	r := orderCount{first: p.first + q.first, n: make([]*big.Int, len(p.n)+len(q.n)-1)}
	for i := range r.n {
		r.n[i] = new(big.Int)
	}
	var product big.Int
	for i, x := range p.n {
		for j, y := range q.n {
			r.n[i+j].Add(r.n[i+j], product.Mul(x, y))
		}
	}
	return r
}

// CountByOrder returns, at index i, the exact number of minimal cut sets of i
// events. A top that is always failed has one, of order 0.
func (s *CutSets) CountByOrder() []*big.Int {
	out := make([]*big.Int, s.top.count.end())
	for i := range out {
		out[i] = new(big.Int).Set(s.top.count.at(i))
	}
	return out
}

// Count returns the exact number of minimal cut sets.
func (s *CutSets) Count() *big.Int {
	total := new(big.Int)
	for _, n := range s.top.count.n {
		total.Add(total, n)
	}
	return total
}

// List returns minimal cut sets of at most maxOrder events, smallest first, and
// at most limit of them; complete says that there are no others of these
// orders. Within an order they are in ascending order of their events, except
// for the last order when the limit cut it.
func (s *CutSets) List(maxOrder, limit int) (list []CutSet, complete bool) {
	complete = true
	for order := s.top.count.first; order < s.top.count.end() && order <= maxOrder; order++ {
		if !s.top.count.has(order) {
			continue
		}
		from := len(list)
		w := cutWalk{s: s}
		w.source(&s.top, order, func() bool {
			if len(list) == limit {
				complete = false
				return false
			}
			list = append(list, s.cutSet(w.events))
			return true
		})
		slices.SortFunc(list[from:], func(a, b CutSet) int { return slices.Compare(a.Events, b.Events) })
		if !complete {
			break
		}
	}
	return list, complete
}

func (s *CutSets) cutSet(events []NodeID) CutSet {
	set := CutSet{Events: slices.Clone(events), Probability: 1}
	slices.Sort(set.Events)
	for _, e := range set.Events {
		set.Probability *= s.m.q[e]
	}
	return set
}

// cutWalk visits the cut sets of one order. It enters a branch only when the
// counts say that there is one in it, so its time is proportional to what it
// finds. found returns false to stop.
type cutWalk struct {
	s      *CutSets
	events []NodeID
}

func (w *cutWalk) source(src *cutSource, order int, found func() bool) bool {
	if src.always {
		return order != 0 || found()
	}
	goOn := true
	src.singles.each(func(level int32) {
		goOn = goOn && w.variable(level, order, found)
	})
	return goOn && w.family(src.family, order, found)
}

func (w *cutWalk) variable(level int32, order int, found func() bool) bool {
	if m := w.s.module[level]; m != nil {
		return !m.count.has(order) || w.source(m, order, found)
	}
	if order != 1 {
		return true
	}
	w.events = append(w.events, w.s.c.nodeAt[level])
	goOn := found()
	w.events = w.events[:len(w.events)-1]
	return goOn
}

func (w *cutWalk) family(a int32, order int, found func() bool) bool {
	for ; a > emptySet && w.s.countFamily(a).has(order); a = w.s.z.low[a] {
		high := w.s.z.high[a]
		level := w.s.z.level[a]
		own, rest := w.s.countVariable(level), w.s.countFamily(high)
		for part := own.first; part < own.end() && part <= order; part++ {
			if !own.has(part) || !rest.has(order-part) {
				continue
			}
			if !w.variable(level, part, func() bool { return w.family(high, order-part, found) }) {
				return false
			}
		}
	}
	return a != emptySet || order != 0 || found()
}
