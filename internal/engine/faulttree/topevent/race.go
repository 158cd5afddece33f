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
	{1 << 13, 1}, {1 << 14, 7}, {1 << 16, 4}, {1 << 18, 3}, {1 << 20, 3},
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

// boundFrom is the heat from which on bounds are narrowed while the race goes on, and
// patience the heat from which on as much work goes into them as into the race; before
// it, a part of it.
const (
	boundFrom = 4
	patience  = 6
	boundPart = 2
)

// Where the time is limited the race may well be lost: bounds are narrowed from an
// earlier heat on, for this many times the work of the race.
const (
	limitedFrom = 3
	limitedPart = 2
)

// leastRefining is the work on bounds of a block whose race is over.
const leastRefining = 1 << 20

// solve races static orders: no single one wins on all trees, and a good one
// is often a hundred times better than a bad one. Those that got furthest
// through the gates of the block within a budget enter the next heat. From
// some heat on, bounds are narrowed between runs; once the race is over, for as
// much work as it took.
func (a *Analysis) solve(n int, watch func() bool) *refinement {
	b := a.blocks[n]
	beat := patient(watch)
	field := []*contender{{how: leavesFirst, leaves: a.g.order(b, leavesFirst)}}
	defer func() {
		for _, c := range field {
			c.release()
		}
	}()
	var raced uint64
	refining := &refinement{}
	for heat, h := range heats {
		if heat == 1 {
			field = append(field, a.g.contenders(b, field[0].leaves, beat)...)
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
			before := c.work.d.ticks
			root, ok := c.work.run(limit)
			if ok {
				a.solved[n] = c.work.d.extract(root, c.leaves)
				return refining
			}
			raced += uint64(c.work.d.ticks - before)
			if c.work.d.refused {
				refused++
			}
			if c.work.d.refused || h.nodes >= aloneFrom {
				c.release()
			}
			if watch() {
				return refining
			}
			due, from := raced/boundPart, boundFrom
			switch {
			case a.limited && (a.opts.MaxOrder == 0 || a.cuts != nil): // cut sets asked for come first
				due, from = limitedPart*raced, limitedFrom
			case heat >= patience:
				due = raced
			}
			if heat >= from && a.refine(n, refining, due, watch) {
				return refining
			}
		}
		// Where memory ends, a larger budget of nodes changes nothing.
		last := h.nodes >= a.opts.NodeBudget || heat == len(heats)-1 || refused == len(field)
		if heat == truncatedAfter && a.opts.MaxOrder > 0 && a.cuts == nil {
			if p, ok := a.truncate(a.opts.MaxOrder, watch); ok {
				a.cuts = p
			}
		}
		if last {
			a.refine(n, refining, max(raced, leastRefining), watch)
			return refining
		}
	}
	return refining
}

// contenders are the static orders of a block and what FORCE makes of them, those
// whose gates span least first: a narrow order makes a small diagram more often than
// not, and costs little to find. A pulse that ends leaves some out.
func (g *graph) contenders(b *block, started []int32, beat *pulse) []*contender {
	var out []*contender
	span := make(map[*contender]float64)
	enter := func(how ordering, leaves []int32) {
		c := &contender{how: how, leaves: leaves}
		span[c] = g.span(b, leaves)
		out = append(out, c)
	}
	for how := ordering(0); how < orderings && !beat.over(); how++ {
		leaves := started
		if how != leavesFirst {
			leaves = g.order(b, how)
			enter(how, leaves)
		}
		enter(how, g.force(b, leaves, false, forceRounds, beat))
		enter(how, g.force(b, leaves, true, forceRounds, beat))
	}
	slices.SortStableFunc(out, func(x, y *contender) int { return cmp.Compare(span[x], span[y]) })
	return out
}

// refineOn narrows the bounds of the blocks that are not solved, in turns, until the
// time is over or nothing finer can be had.
func (a *Analysis) refineOn(refining []*refinement, watch func() bool) {
	for open := true; open && !watch(); {
		open = false
		for n, r := range refining {
			if a.solved[n] == nil && !r.ended {
				a.refine(n, r, r.work+max(r.work, leastRefining), watch)
				open = true
			}
		}
	}
}
