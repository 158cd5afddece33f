package faulttree

import (
	"cmp"
	"slices"
)

// Share is the Fussell-Vesely importance of an event: the share of P that is
// carried by the minimal cut sets containing it,
// P(one of these cut sets is failed) / P(top).
type Share struct {
	Event         NodeID
	FussellVesely float64
}

// FussellVesely returns the share of every event that occurs in a minimal cut
// set, by ascending event; all are 0 when P is. A union of cut sets is
// evaluated exactly, not by the sum of their probabilities; across modules
// shares multiply. Errors: as [Model.CutSets].
func (m *Model) FussellVesely(top NodeID) ([]Share, error) {
	s, err := m.CutSets(top)
	if err != nil {
		return nil, err
	}
	m.evaluate()
	v := s.c.now.low
	var out []Share
	type task struct {
		src   *cutSource
		p     float64 // of the source
		share float64 // of the source in the top
	}
	var union unionOf
	open := []task{{&s.top, float64(m.results[top].Lower), 1}}
	for len(open) > 0 {
		t := open[len(open)-1]
		open = open[:len(open)-1]
		pass := func(level int32, union float64) {
			share := 0.0
			if t.p > 0 {
				share = min(t.share*union/t.p, 1)
			}
			if inner := s.module[level]; inner != nil {
				open = append(open, task{inner, v.p[level], share})
			} else {
				out = append(out, Share{Event: s.c.nodeAt[level], FussellVesely: share})
			}
		}
		t.src.singles.each(func(level int32) { pass(level, v.p[level]) })
		if err := s.unions(t.src, v, &union, pass); err != nil {
			return nil, err
		}
	}
	slices.SortFunc(out, func(a, b Share) int { return cmp.Compare(a.Event, b.Event) })
	return out, nil
}

// unions calls pass, for each variable of a source's family, with the
// probability that a cut set containing it is failed. All sources of a top
// share one diagram, made when a family first has a variable.
func (s *CutSets) unions(src *cutSource, v *values, u *unionOf, pass func(level int32, union float64)) error {
	variables := s.z.variables(src.family)
	if len(variables) == 0 {
		return nil
	}
	if u.d == nil {
		u.d, u.memo, u.v = newDiagram(), map[int32]edge{}, &values{p: v.p, logW: v.logW}
	}
	u.d.allow(s.m.opts.NodeBudget)
	for _, level := range variables {
		others := s.z.containing(src.family, level, map[int32]int32{})
		root := s.z.function(others, u.d, u.memo)
		if s.z.exceeded || u.d.exceeded {
			return &BudgetError{Node: -1, Analysis: "Fussell-Vesely importance", Budget: s.m.opts.NodeBudget}
		}
		done := len(u.v.node)
		u.v.node = append(u.v.node, make([]float64, u.d.size()-done)...)
		u.v.scan(u.d, int32(done), int32(u.d.size()))
		pass(level, v.p[level]*u.v.probability(root))
	}
	return nil
}

// unionOf is the diagram in which unions of cut sets are evaluated.
type unionOf struct {
	d    *diagram
	memo map[int32]edge
	v    *values
}
