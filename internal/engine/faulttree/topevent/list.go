package topevent

import (
	"cmp"
	"container/heap"
	"context"
	"slices"
)

// choice is one product of a family: a literal, chosen from a smaller family
// if it is a block, and the rest.
type choice struct {
	p     float64
	order int
	lit   lit
	inner *choice // of the block, nil for an event
	rest  *choice
}

// stream yields the products of one node of a family, most probable first, no
// more than were asked for (after Jiménez and Marzal 1999).
type stream struct {
	l      *lister
	f      *family
	node   int32
	found  []*choice
	low    int // next of the low son
	grid   grid
	opened bool
	chosen gridCell // the last one taken from the grid, whose neighbours are not in it
	taken  bool
}

// cell of the grid of products of a block and of the high son.
type gridCell struct {
	p      float64
	i, j   int
	inner  *choice
	rest   *choice
	single bool
}

type grid []gridCell

func (g grid) Len() int           { return len(g) }
func (g grid) Less(i, j int) bool { return g[i].p > g[j].p }
func (g grid) Swap(i, j int)      { g[i], g[j] = g[j], g[i] }
func (g *grid) Push(x any)        { *g = append(*g, x.(gridCell)) }
func (g *grid) Pop() any {
	old := *g
	x := old[len(old)-1]
	*g = old[:len(old)-1]
	return x
}

type lister struct {
	p       *products
	leaf    func(lit) float64
	streams map[*family][]*stream
	beat    *pulse
	held    int64 // bytes accounted to memory
}

// About what a choice takes, and its place in a list.
const (
	choiceBytes = 96
	placeBytes  = 16
)

// take accounts for memory; without any left the work has to end.
func (l *lister) take(bytes int64) {
	l.held += bytes
	if !l.p.a.mem.take(bytes) {
		l.beat.ended = true
	}
}

func (l *lister) at(f *family, node int32) *stream {
	all := l.streams[f]
	if all == nil {
		all = make([]*stream, len(f.variable))
		l.streams[f] = all
	}
	if all[node] == nil {
		all[node] = &stream{l: l, f: f, node: node}
	}
	return all[node]
}

var nothing = &choice{p: 1}

// get returns the n-th product, or nil when there are no more.
func (s *stream) get(n int) *choice {
	switch s.node {
	case noSet:
		return nil
	case emptySet:
		if n == 0 {
			return nothing
		}
		return nil
	}
	for len(s.found) <= n {
		c := s.next()
		if c == nil {
			return nil
		}
		s.found = append(s.found, c)
	}
	return s.found[n]
}

// next asks others for no more than this one needs: neighbours of a cell of the grid
// are put into it when the next one is asked for. Asked for at once, a chain of n
// blocks would give n products of the last one for the first of the chain.
func (s *stream) next() *choice {
	if s.l.take(placeBytes); s.l.beat.beat(1) {
		return nil
	}
	literal := s.f.literal(s.f.variable[s.node])
	high := s.l.at(s.f, s.f.high[s.node])
	family := s.l.p.family[literal]
	push := func(i, j int) {
		rest := high.get(j)
		if rest == nil {
			return
		}
		if family == nil {
			if i == 0 {
				heap.Push(&s.grid, gridCell{p: s.l.leaf(literal) * rest.p, j: j, rest: rest, single: true})
			}
			return
		}
		if inner := s.l.at(family, family.root).get(i); inner != nil {
			heap.Push(&s.grid, gridCell{p: inner.p * rest.p, i: i, j: j, inner: inner, rest: rest})
		}
	}
	if !s.opened {
		s.opened = true
		push(0, 0)
	}
	if s.taken {
		s.taken = false
		push(s.chosen.i, s.chosen.j+1)
		if s.chosen.j == 0 && !s.chosen.single {
			push(s.chosen.i+1, 0)
		}
	}
	other := s.l.at(s.f, s.f.low[s.node]).get(s.low)
	if s.l.beat.ended { // and what others gave says nothing
		return nil
	}
	if len(s.grid) == 0 || other != nil && other.p >= s.grid[0].p {
		if other != nil {
			s.low++
		}
		return other
	}
	best := heap.Pop(&s.grid).(gridCell)
	s.chosen, s.taken = best, true
	s.l.take(choiceBytes)
	order := best.rest.order + 1
	if best.inner != nil {
		order = best.rest.order + best.inner.order
	}
	return &choice{p: best.p, order: order, lit: literal, inner: best.inner, rest: best.rest}
}

// literals of a choice, as arguments of the tree.
func (p *products) literals(c *choice) []Arg {
	var out []Arg
	stack := []*choice{c}
	for len(stack) > 0 {
		c := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		for ; c != nil && c.rest != nil; c = c.rest {
			if c.inner != nil {
				stack = append(stack, c.inner)
				continue
			}
			out = append(out, Arg{Node: p.a.events[c.lit.id()-1], Negated: c.lit&1 == 1})
		}
	}
	slices.SortFunc(out, func(x, y Arg) int { return cmp.Compare(x.Node, y.Node) })
	return out
}

// single lists the products of a top that is a constant or an event.
func (p *products) single(leaf func(lit) float64) []Product {
	counts := p.trivial()
	switch {
	case counts[0].Sign() > 0:
		return []Product{{Probability: 1}}
	case len(counts) > 1:
		return []Product{{Literals: []Arg{{p.a.events[p.top.id()-1], p.top&1 == 1}}, Probability: clamp(leaf(p.top))}}
	}
	return nil
}

// list returns up to limit products of at most an order and at least a
// probability, most probable first, and whether time or memory ended the walk
// before it had seen as many.
func (p *products) list(ctx context.Context, leaf func(lit) float64, limit, most int, least float64) (out []Product, ended bool) {
	f, ok := p.family[p.top]
	if !ok {
		for _, product := range p.single(leaf) {
			if float64(product.Probability) >= least && len(product.Literals) <= most {
				out = append(out, product)
			}
		}
		return out, false
	}
	l := &lister{p: p, leaf: leaf, streams: make(map[*family][]*stream), beat: pulseOf(ctx)}
	defer func() { p.a.mem.take(-l.held) }()
	root := l.at(f, f.root)
	for n := 0; n < listingLimit && len(out) < limit; n++ {
		c := root.get(n)
		if l.beat.ended || c != nil && l.beat.beat(c.order) {
			return out, true
		}
		if c == nil || c.p < least {
			return out, false
		}
		if c.order <= most {
			out = append(out, Product{Literals: p.literals(c), Probability: clamp(c.p)})
		}
	}
	return out, false
}
