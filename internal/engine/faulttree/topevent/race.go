package topevent

import (
	"cmp"
	"slices"
)

// contender is an order that takes part in a race.
type contender struct {
	how    ordering
	leaves []int32
	sifted bool // variables are reordered while building
	work   *building
}

func (c *contender) progress() float64 {
	if c.work == nil {
		return 0
	}
	return c.work.progress()
}

func (c *contender) release() {
	if c.work != nil && c.work.d.cells != nil {
		c.work.d.release()
	}
}

// heats are the node budgets of a race and how many contenders enter each.
var heats = []struct{ nodes, entrants int }{
	{1 << 13, 1}, {1 << 14, 2*orderings + 2}, {1 << 16, 6}, {1 << 18, 4}, {1 << 20, 3},
	{1 << 23, 3}, {1 << 25, 2}, {1 << 27, 2}, {1 << 29, 1},
}

// aloneFrom is the budget from which on contenders do not keep their diagrams
// while others run.
const aloneFrom = 1 << 23

// siftFrom is the number of cells from which on a contender that reorders its
// variables does so. Reordering costs more than most trees, so that it enters
// late.
const siftFrom = 1 << 16

// truncatedAfter is the heat after which cut sets of limited order are found
// without the diagram.
const truncatedAfter = 3

// forceRounds bounds the rounds of [graph.force].
const forceRounds = 40

// rounds are the sizes of bounding diagrams tried after each heat.
var rounds = map[int][]int{3: {1 << 8}, 5: {1 << 10, 1 << 12, 1 << 14}, 6: {1 << 16, 1 << 18}, 7: {1 << 20}, 8: {1 << 22}}

// solve races static orders: no single one wins on all trees, and a good one
// is often a hundred times better than a bad one. Those that got furthest
// through the gates of the block within a budget enter the next heat. From
// some heat on, bounds are computed between heats.
func (a *Analysis) solve(n int, watch func() bool) {
	b := a.blocks[n]
	field := []*contender{{how: leavesFirst, leaves: a.g.order(b, leavesFirst)}}
	defer func() {
		for _, c := range field {
			c.release()
		}
	}()
	for heat, h := range heats {
		if heat == 1 {
			for how := ordering(0); how < orderings; how++ {
				if how != leavesFirst {
					field = append(field, &contender{how: how, leaves: a.g.order(b, how)})
				}
			}
			for _, c := range field[:orderings] {
				field = append(field, &contender{how: c.how, leaves: a.g.force(b, c.leaves, false, forceRounds)})
				if c.how == leavesFirst || c.how == largeFirst {
					field = append(field, &contender{how: c.how, leaves: a.g.force(b, c.leaves, true, forceRounds)})
				}
			}
		}
		slices.SortStableFunc(field, func(x, y *contender) int { return -cmp.Compare(x.progress(), y.progress()) })
		for len(field) > h.entrants {
			field[len(field)-1].release()
			field = field[:len(field)-1]
		}
		if h.nodes > aloneFrom && !field[0].sifted && !field[len(field)-1].sifted {
			field = append(field, &contender{how: field[0].how, leaves: field[0].leaves, sifted: true})
		}
		refused := 0
		for _, c := range field {
			if c.work == nil || c.work.d.cells == nil {
				size := min(h.nodes/4, 4*len(b.leaves)+8*len(b.gates))
				c.work = a.g.build(newDiagram(len(b.leaves), size, &a.mem, watch), b, c.leaves)
				if c.sifted {
					c.work.reorder = siftFrom
				}
			}
			// Even the first heat gives a diagram without sharing its nodes.
			limit := min(max(h.nodes, 4*(len(b.leaves)+len(b.gates))), a.opts.NodeBudget)
			if root, ok := c.work.run(limit); ok {
				a.solved[n] = c.work.d.extract(root, c.leaves)
				return
			}
			if c.work.d.refused {
				refused++
			}
			if c.work.d.refused || h.nodes >= aloneFrom {
				c.release()
			}
			if watch() {
				break
			}
		}
		// Where memory ends, a larger budget of nodes changes nothing.
		last := h.nodes >= a.opts.NodeBudget || heat == len(heats)-1 || refused == len(field)
		sizes := rounds[heat]
		if last && sizes == nil {
			sizes = []int{min(1<<10, a.opts.NodeBudget), min(1<<12, a.opts.NodeBudget)}
		}
		for _, size := range sizes {
			for _, order := range [][]int32{a.g.order(b, weighted), field[0].leaves} {
				if a.bound(n, order, size, watch) {
					return
				}
			}
		}
		if heat == truncatedAfter && a.opts.MaxOrder > 0 && a.cuts == nil {
			if p, ok := a.truncate(a.opts.MaxOrder, watch); ok {
				a.cuts = p
			}
		}
		if last || watch() {
			return
		}
	}
}
